"""Drawing a result: one format a file, each a function from `Result` and `Options` to text.

A format knows the lint vocabulary and how a location is written, never the engine or a rule:
what is known about the rules is handed in. Only the chosen format's module is imported.
"""

from __future__ import annotations

from importlib import import_module

from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tflint.lint.registry import RuleInfo
    from tflint.lint.result import Result

#: Each format and the module that draws it.
FORMATS = {
    "text": "tflint.report.text",
    "concise": "tflint.report.concise",
    "json": "tflint.report.json",
    "jsonl": "tflint.report.jsonl",
    "sarif": "tflint.report.sarif",
    "github": "tflint.report.github",
    "gitlab": "tflint.report.gitlab",
    "junit": "tflint.report.junit",
    "markdown": "tflint.report.markdown",
}


class Options(NamedTuple):
    """What a format needs besides the result. Each format reads its part of it."""

    rules: Mapping[str, RuleInfo]  #: by code; SARIF lists them all
    version: str  #: of tflint
    page: Callable[[str], str] | None = None  #: a rule's page as Markdown, by code
    color: bool = False  #: ANSI styles and hyperlinks; text and concise
    width: int = 80  #: columns; text
    verbosity: int = 0  #: -1 no summary, 0, 1 every place, suppression and clean model; text
    fail_on: str = "error"  #: what fails a test case; JUnit
    exit_code: int = 0  #: what the process will exit with; SARIF
    suppressed: bool = True  #: whether suppressed findings are carried; SARIF


def render(
    result: Result,
    form: str,
    *,
    rules: Mapping[str, RuleInfo],
    version: str,
    page: Callable[[str], str] | None = None,
    color: bool = False,
    width: int = 80,
    verbosity: int = 0,
    fail_on: str = "error",
    exit_code: int = 0,
    suppressed: bool = True,
) -> str:
    """Draws a result in the format `form`, one of `FORMATS`; the rest is as in `Options`.

    Returns:
        Text that ends with a newline unless it is empty, and that encodes to UTF-8 whatever
        names the models hold.
    """
    options = Options(rules, version, page, color, width, verbosity, fail_on, exit_code, suppressed)
    text: str = import_module(FORMATS[form]).render(result, options)
    return text
