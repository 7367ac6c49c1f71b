"""`tflint explain`: print the manual of rules."""

from __future__ import annotations

from tflint.cli.arguments import Arguments
from tflint.cli.diagnostics import EXIT_OK, Diagnostics, Failure
from tflint.cli.output import Output
from tflint.config.options import Option
from tflint.config.values import check_rule
from tflint.lint.registry import page, rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tflint.lint.registry import RuleInfo

GROUPS: Sequence[tuple[str, Sequence[Option]]] = ()
NOTES = (
    "RULE is a code or a name: `tflint explain Q002 flex-op`. In a pipe the page is Markdown.",
)


def run(arguments: Arguments, say: Diagnostics) -> int:
    """Prints a page for each rule named."""
    if not arguments.operands:
        raise Failure("no rule given", hint="`tflint rules` lists them")
    pages = [markdown(rules()[code]) for code in _codes(arguments.operands)]
    text = "\n".join(pages)
    from tflint.report.paint import Paint, terminal_width, wants_color

    with Output() as output:
        color = wants_color(arguments.get("color", "auto"), output.stream)
        if color or output.stream.isatty():
            from tflint.cli.pages import draw

            text = draw(text, terminal_width(output.stream), Paint(color))
        output.write(text)
    return EXIT_OK


def markdown(info: RuleInfo) -> str:
    """A rule's page with what its front matter says."""
    lines = [
        f"# {info.code} {info.name}",
        "",
        f"{info.summary[0].upper()}{info.summary[1:]}.",
        "",
        f"Severity {info.severity}, confidence {info.confidence}, family {info.family}, "
        f"since tflint {info.since}.",
        "",
        page(info.code).rstrip(),
    ]
    if info.settings:
        lines += ["", "## Converter settings", "", "```python"]
        lines += [f"converter.{name} = {_python(value)}" for name, value in info.settings]
        lines += ["```"]
    if info.references:
        lines += ["", "## References", ""]
        lines += [f"- {reference}" for reference in info.references]
    return "\n".join(lines) + "\n"


def _python(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def _codes(names: Sequence[str]) -> list[str]:
    """The codes of rules, each once; every unknown one is named."""
    codes: dict[str, None] = {}
    problems = []
    for name in names:
        try:
            codes[check_rule(name)] = None
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise Failure(*problems, hint="`tflint rules` lists them")
    return list(codes)
