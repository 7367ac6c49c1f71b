"""SARIF 2.1.0, as GitHub code scanning and other result viewers read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

from tflint.report.paths import identity, split_member, uri
from tflint.report.phrases import certainty, kind, place, safe, shown
from tflint.report.sarif_rule import LEVELS, descriptor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tflint.lint.finding import Finding
    from tflint.lint.result import Problem, Result
    from tflint.model.location import Location
    from tflint.report import Options

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(result: Result, options: Options) -> str:
    """One run with every rule, every model and every finding that is shown."""
    import json

    rules = list(options.rules.values())
    index = {rule.code: number for number, rule in enumerate(rules)}
    results = []
    for model in result.models:
        for finding in shown(result, model):
            results.append(_result(model.path, finding, index, []))
        for finding, reason in model.suppressed if options.suppressed else ():
            why = {"kind": "external", "justification": safe(reason)}
            results.append(_result(model.path, finding, index, [why]))
    driver = {
        "name": "tflint",
        "semanticVersion": options.version,
        "rules": [descriptor(rule, options.page) for rule in rules],
    }
    invocation = {
        "executionSuccessful": not result.problems,
        "exitCode": options.exit_code,
        "toolExecutionNotifications": [_notification(one) for one in result.problems],
    }
    files = dict.fromkeys(split_member(model.path)[0] for model in result.models)
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "the folder tflint was started in"}}
        },
        "artifacts": [{"location": _artifact(file), "roles": ["analysisTarget"]} for file in files],
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, allow_nan=False) + "\n"


def _result(
    path: str, finding: Finding, index: dict[str, int], suppressions: list[dict[str, str]]
) -> dict[str, Any]:
    file, member = split_member(path)
    lines = [f"{place(finding.location)}: {certainty(finding)}"]
    lines += [f"why: {safe(finding.why)}"] if finding.why else []
    lines += [f"fix: {safe(finding.fix)}"] if finding.fix else []
    same = identity(finding, member)
    details = {"confidence": finding.confidence, "measured": finding.measured}
    details |= {"limit": finding.limit, "why": finding.why, "fix": finding.fix}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": LEVELS[finding.severity],
        "message": {"text": _message("\n".join(lines))},
        "locations": [_location(file, member, finding.location)],
        # GitHub tells alerts of one rule and file apart by the second only, and would make it
        # from the text of line 1, which is the same for all findings in a model.
        "partialFingerprints": {"tflint/v1": same, "primaryLocationLineHash": f"{same}:1"},
        "suppressions": suppressions,
        "properties": {key: safe(one) for key, one in details.items() if one is not None},
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": _message(place(other))}}
            | _location(file, member, other)
            for number, other in enumerate(finding.related, 1)
        ]
    return result


def _location(file: str, member: str, where: Location) -> dict[str, Any]:
    # GitHub drops results without a line; a binary file is one.
    region = {"startLine": 1}
    if where.offset is not None and not member:
        region["byteOffset"] = where.offset
    route = safe(f"{member}::{where.route}" if member else where.route)
    logical: dict[str, str] = {"fullyQualifiedName": route, "kind": kind(where)}
    name = where.name or where.op_name
    if name:
        logical["name"] = safe(name)
    return {
        "physicalLocation": {"artifactLocation": _artifact(file), "region": region},
        "logicalLocations": [logical],
    }


def _artifact(file: str) -> dict[str, str]:
    address, relative = uri(file)
    return {"uri": address} | ({"uriBaseId": "%SRCROOT%"} if relative else {})


def _notification(problem: Problem) -> dict[str, Any]:
    text = f"{safe(problem.path)}: {safe(problem.message)}"
    place = {"physicalLocation": {"artifactLocation": _artifact(problem.path)}}
    return {"level": "error", "message": {"text": _message(text)}, "locations": [place]}


def _message(text: str) -> str:
    """Text with what SARIF messages would take for placeholders and links (3.11.5, 3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
