"""JSON lines: one object for each finding, then one for the run.

The objects are those of the `json` format; `$defs/line` of its schema describes a line.
"""

from __future__ import annotations

from tflint.report.json import finding_object, header, summary
from tflint.report.phrases import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.lint.result import Result
    from tflint.report import Options


def render(result: Result, options: Options) -> str:
    """The findings in order, each with the path of its model, and the counts."""
    import json

    objects = [
        {"type": "finding", "path": model.path, **finding_object(finding)}
        for model in result.models
        for finding in shown(result, model)
    ]
    objects += [{"type": "problem", **problem._asdict()} for problem in result.problems]
    objects.append({"type": "summary", **header(options), **summary(result)})
    return "".join(f"{json.dumps(one, allow_nan=False)}\n" for one in objects)
