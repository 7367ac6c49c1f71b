"""A result as one JSON object, described by `schema/result-1.schema.json`.

The version is raised in its first number when a field goes or changes its meaning, in its second
when one comes. The text is ASCII: everything else is escaped, also bidirectional controls.
Names and messages are cut after 2,000 characters and are otherwise as they stand in the file.
"""

from __future__ import annotations

from math import isfinite

from tflint.container.wording import shorten
from tflint.lint.finding import SEVERITIES
from tflint.report.phrases import MAX_TEXT, hidden, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tflint.lint.finding import Finding
    from tflint.lint.result import ModelResult, Result
    from tflint.model.location import Location
    from tflint.report import Options

SCHEMA_VERSION = "1.0"


def render(result: Result, options: Options) -> str:
    """The whole run."""
    import json

    document = header(options) | {
        "summary": summary(result),
        "models": [model_object(result, model) for model in result.models],
        "unused": [unused._asdict() for unused in result.unused],
        "problems": [problem._asdict() for problem in result.problems],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def header(options: Options) -> dict[str, Any]:
    """What says how to read the rest."""
    tool = {"name": "tflint", "version": options.version}
    return {"schema_version": SCHEMA_VERSION, "tool": tool}


def summary(result: Result) -> dict[str, Any]:
    """The counts of a run. Hidden findings are in the counts of their severity, too."""
    return {
        "models": len(result.models),
        "findings": {severity: result.count(severity) for severity in SEVERITIES},
        "min_severity": result.min_severity,
        "hidden": hidden(result),
        "suppressed": sum(len(model.suppressed) for model in result.models),
        "unused": len(result.unused),
        "problems": len(result.problems),
        "seconds": number(result.seconds),
    }


def model_object(result: Result, model: ModelResult) -> dict[str, Any]:
    """One model with its findings."""
    facts = model.facts
    return {
        "path": model.path,
        "facts": None
        if facts is None
        else {
            "size_bytes": facts.size,
            "operators": facts.operators,
            "subgraphs": facts.subgraphs,
            "scheme": facts.scheme,
            "oldest_runtime": facts.oldest_runtime,
        },
        "findings": [finding_object(finding) for finding in shown(result, model)],
        "suppressed": [
            {"reason": one.reason, "finding": finding_object(one.finding)}
            for one in model.suppressed
        ],
        "seconds": number(model.seconds),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding, every field of it."""
    related = [location_object(place) for place in finding.related]
    location = location_object(finding.location)
    fields = {key: _cut(value) for key, value in finding._asdict().items()}
    return fields | {"location": location, "related": related}


def location_object(location: Location) -> dict[str, Any]:
    """A place: its route, and those of its parts that are set."""
    parts = {key: _cut(part) for key, part in location._asdict().items() if part is not None}
    return {"route": _cut(location.route), **parts}


def _cut(value: Any) -> Any:
    return shorten(value, MAX_TEXT) if isinstance(value, str) else value


def number(value: float) -> float | None:
    """A number as JSON has it; None for what JSON cannot write."""
    return round(value, 6) if isfinite(value) else None
