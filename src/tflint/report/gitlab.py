"""GitLab Code Quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

from tflint.report.paths import identity, repository_path, split_member
from tflint.report.phrases import certainty, place, safe, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tflint.lint.finding import Finding
    from tflint.lint.result import Result
    from tflint.report import Options

SEVERITY = {"error": "critical", "warning": "major", "info": "info"}


def render(result: Result, options: Options) -> str:
    """The findings as an array; an empty one for a clean run, as GitLab wants it."""
    import json

    issues = [
        issue(model.path, finding) for model in result.models for finding in shown(result, model)
    ]
    return json.dumps(issues, indent=2, allow_nan=False) + "\n"


def issue(path: str, finding: Finding) -> dict[str, Any]:
    """One finding. The widget shows the description only, so the place stands in it."""
    file, member = split_member(path)
    where = place(finding.location)
    if member:
        where = f"{safe(member)} {where}"
    return {
        "description": f"{finding.code} {finding.name}: {where}: {certainty(finding)}",
        "check_name": finding.code,
        "fingerprint": identity(finding, path),
        "severity": SEVERITY[finding.severity],
        "location": {"path": safe(repository_path(file)), "lines": {"begin": 1}},
    }
