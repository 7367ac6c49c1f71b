"""One line for each finding, for editors and scripts: `path:place: severity code name: message`."""

from __future__ import annotations

from tflint.container.wording import shorten
from tflint.report.paint import Paint
from tflint.report.phrases import certainty, safe, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.lint.finding import Finding
    from tflint.lint.result import Result
    from tflint.report import Options

#: Longest operator name put before a message that does not hold it.
MAX_OPERATOR = 60


def render(result: Result, options: Options) -> str:
    """The findings in order; nothing for a clean run."""
    paint = Paint(options.color)
    lines = []
    for model in result.models:
        path = paint("strong", safe(model.path))
        for finding in shown(result, model):
            place = safe(finding.location.route)
            severity = paint(finding.severity, finding.severity)
            rule = f"{finding.code} {finding.name}"
            lines.append(f"{path}:{place}: {severity} {rule}: {_message(finding)}\n")
    return "".join(lines)


def _message(finding: Finding) -> str:
    operator = finding.location.op_name
    if operator is None or operator in finding.message:
        return certainty(finding)
    return f"{shorten(safe(operator), MAX_OPERATOR)} {certainty(finding)}"
