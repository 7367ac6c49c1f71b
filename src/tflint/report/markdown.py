"""Markdown for a comment on a pull request: the counts, a table, the findings folded away.

Names come from files that may be hostile, so they are code spans, and prose is escaped: no
markup, no HTML, no mention (`@name`), no link and no issue reference comes out of a model.
"""

from __future__ import annotations

from tflint.report.groups import Group, grouped, related
from tflint.report.phrases import (
    certainty,
    count,
    counts,
    describe,
    overview,
    place,
    safe,
    shown,
    tally,
    visible,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.lint.finding import Finding
    from tflint.lint.result import ModelResult, Result
    from tflint.report import Options

#: GitHub refuses a comment of more than 65,536 characters; GitLab takes a million.
MAX_LENGTH = 60_000
#: Characters that begin or end markup inside a line, all of them ASCII punctuation, which a
#: backslash makes literal (CommonMark 0.31, 2.4).
_MARKUP = str.maketrans({char: f"\\{char}" for char in "\\`*_[]|~$"})
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
#: A comment in between keeps the host from reading a mention, an issue or an address.
_BREAK = "<!-- -->"


def render(result: Result, options: Options) -> str:
    """Counts, one table row for each model with findings, and its findings in a fold."""
    severities = visible(result)
    blocks = [f"### tflint: {counts(result)}", prose(overview(result))]
    found = [(model, shown(result, model)) for model in result.models]
    listed = [(model, findings) for model, findings in found if findings]
    if listed:
        blocks.append(_table([model for model, _ in listed], severities))
    length = sum(map(len, blocks))
    for number, (model, findings) in enumerate(listed):
        block = _fold(model, findings, severities)
        length += len(block)
        if length > MAX_LENGTH:
            left = count(len(listed) - number, "model")
            blocks.append(f"The findings of {left} do not fit here.")
            break
        blocks.append(block)
    blocks += [
        f"Not read: {code(problem.path)}: {prose(problem.message)}" for problem in result.problems
    ]
    if result.unused:
        lines = [f"- {code(one.source)}: {code(one.what)}" for one in result.unused]
        blocks.append("Suppressions that match nothing:\n\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _table(models: list[ModelResult], severities: list[str]) -> str:
    titles = [severity if severity == "info" else f"{severity}s" for severity in severities]
    lines = [
        f"| model | {' | '.join(titles)} | |",
        f"| --- |{' ---: |' * len(severities)} --- |",
    ]
    for model in models:
        numbers = " | ".join(str(model.count(severity)) for severity in severities)
        # A bar would end the cell, even inside a code span.
        path = code(model.path).replace("|", "\\|")
        lines.append(f"| {path} | {numbers} | {prose(describe(model.facts))} |")
    return "\n".join(lines)


def _fold(model: ModelResult, findings: list[Finding], severities: list[str]) -> str:
    words = ", ".join(words for _, _, words in tally(model, severities))
    # Markdown is not read inside the summary, HTML is.
    title = f"<code>{safe(model.path).translate(_HTML)}</code>: {words}"
    items = "\n".join(_item(group) for group in grouped(findings))
    return f"<details>\n<summary>{title}</summary>\n\n{items}\n\n</details>"


def _item(group: Group) -> str:
    first = group.first
    alone = group.size == 1
    head = f"- **{first.severity}** {code(f'{first.code} {first.name}')}"
    lines = [f"{head} at {_where(first)}" if alone else f"{head}, {group.places}"]
    common = alone or group.common_message
    if common:
        lines.append(f"  <br>{prose(certainty(first))}")
    if first.why:
        lines.append(f"  <br>*why* {prose(first.why)}")
    if first.fix:
        lines.append(f"  <br>*fix* {prose(first.fix)}")
    if not alone:
        for one in group.listed:
            message = "" if common else f": {prose(certainty(one))}"
            lines.append(f"  - {_where(one)}{message}")
        if group.rest:
            lines.append(f"  - and {len(group.rest):,} more: {code(group.named(200))}")
    return "\n".join(lines)


def _where(finding: Finding) -> str:
    places, more = related(finding)
    also = [code(place(other)) for other in places] + ([f"{more:,} more"] if more else [])
    text = code(place(finding.location))
    return f"{text} (also {', '.join(also)})" if also else text


def code(text: str) -> str:
    """A code span."""
    text = safe(text)
    fence = "`"
    while fence in text:
        fence += "`"
    padding = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def prose(text: str) -> str:
    """Text that stays text, with what stands in backticks as code spans."""
    parts = safe(text).split("`")
    if len(parts) % 2 == 0:
        return _literal("`".join(parts))
    return "".join(code(one) if n % 2 else _literal(one) for n, one in enumerate(parts))


def _literal(text: str) -> str:
    """Text without markup, HTML, mentions, references and addresses."""
    text = text.translate(_MARKUP).translate(_HTML)
    for start in ("@", "#"):
        text = text.replace(start, start + _BREAK)
    return text.replace("//", f"/{_BREAK}/").replace("www.", f"www{_BREAK}.")
