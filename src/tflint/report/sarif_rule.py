"""A rule as SARIF describes it.

`helpUri` is left out: the pages are at no address that could be named, so each rule carries its
page as `help`.
"""

from __future__ import annotations

from tflint.report.phrases import reference_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tflint.lint.registry import RuleInfo

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
#: GitHub's own scale, for rules that are not about security.
PROBLEM = {"error": "error", "warning": "warning", "info": "recommendation"}


def descriptor(rule: RuleInfo, page: Callable[[str], str] | None) -> dict[str, Any]:
    """A `reportingDescriptor`.

    Args:
        page: gives the rule's page as Markdown, by code; without it the help is the text.
    """
    text = f"{_sentence(rule.summary)}\n{_sentence(rule.why)}\nFix: {rule.fix}"
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _sentence(rule.summary)},
        "fullDescription": {"text": _sentence(rule.why or rule.summary)},
        "help": {"text": text, "markdown": _markdown(rule, page(rule.code) if page else text)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": _properties(rule),
    }


def _properties(rule: RuleInfo) -> dict[str, Any]:
    security = rule.family == "security" or rule.security_severity is not None
    tags = dict.fromkeys((rule.family, "tflite", *(["security"] if security else [])))
    properties: dict[str, Any] = {
        "tags": list(tags),
        "precision": rule.confidence,
        "problem.severity": PROBLEM[rule.severity],
    }
    if rule.security_severity is not None:
        # GitHub wants the number as text.
        properties["security-severity"] = f"{rule.security_severity:.1f}"
    return properties


def _markdown(rule: RuleInfo, page: str) -> str:
    links = []
    for reference in rule.references:
        address = reference_url(reference)
        links.append(f"- [{reference}]({address})" if address else f"- `{reference}`")
    return "\n\n".join([page.strip(), *(["\n".join(links)] if links else [])])


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
