"""Findings counted by rule."""

from __future__ import annotations

from tflint import __version__
from tflint.lint.finding import RANK
from tflint.lint.result import Result
from tflint.record import NamedTuple
from tflint.report.paint import Paint
from tflint.report.phrases import count, counts


class Row(NamedTuple):
    """The findings of one rule and severity."""

    code: str
    name: str
    severity: str
    findings: int
    models: int  #: that have such findings


def rows(result: Result) -> list[Row]:
    """A row for each rule and severity that is shown, the most findings first."""
    findings: dict[tuple[str, str, str], int] = {}
    models: dict[tuple[str, str, str], int] = {}
    for model in result.models:
        keys = [(one.code, one.name, one.severity) for one in model.findings if result.shown(one)]
        for key in keys:
            findings[key] = findings.get(key, 0) + 1
        for key in set(keys):
            models[key] = models.get(key, 0) + 1
    found = [Row(*key, findings[key], models[key]) for key in findings]
    return sorted(found, key=lambda row: (-row.findings, RANK[row.severity], row.code))


def statistics_text(result: Result, form: str, *, color: bool) -> str:
    """The counts as `text` or `json`."""
    return _json(result) if form == "json" else _text(result, Paint(color))


def _text(result: Result, paint: Paint) -> str:
    table = rows(result)
    digits = max((len(f"{row.findings:,}") for row in table), default=0)
    field = max((len(row.name) for row in table), default=0)
    lines = [
        f"{row.findings:>{digits},} {paint(row.severity, f'{row.severity:<7}')} "
        f"{paint('strong', row.code)} {row.name:<{field}}   in {count(row.models, 'model')}"
        for row in table
    ]
    if lines:
        lines.append("")
    lines.append(f"{count(len(result.models), 'model')}: {counts(result)}")
    return "".join(f"{line}\n" for line in lines)


def _json(result: Result) -> str:
    import json

    from tflint.report.json import SCHEMA_VERSION, summary

    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "tflint", "version": __version__},
        "summary": summary(result),
        "statistics": [row._asdict() for row in rows(result)],
    }
    return json.dumps(document, indent=2) + "\n"
