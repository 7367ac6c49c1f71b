"""For a person at a terminal: what, where, why, and what to do; then the counts."""

from __future__ import annotations

from tflint.report.groups import Group, grouped, related
from tflint.report.layout import BODY, VALUE, Layout
from tflint.report.phrases import (
    certainty,
    describe,
    duration,
    overview,
    reference_url,
    remarks,
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

#: Rule names up to this length have their places in one column.
NAME_FIELD = 28
#: Unused suppressions listed without `-v`.
UNUSED = 5


def render(result: Result, options: Options) -> str:
    """The findings of each model, then facts, counts and time."""
    page = Layout(options.width, color=options.color, whole=options.verbosity > 0)
    alone = len(result.models) == 1
    for model in result.models:
        findings = shown(result, model)
        if not (findings or page.whole or (alone and options.verbosity == 0)):
            continue
        if page.lines:
            page.line()
        facts = "" if alone else describe(model.facts)
        clean = model.facts is not None and not model.findings
        page.title(safe(model.path), "clean" if clean else "", facts)
        _findings(page, findings, options)
        if page.whole:
            _suppressed(page, model)
        if alone and findings:
            page.line()
    if options.verbosity >= 0:
        if page.lines and not alone:
            page.line()
        _summary(page, result)
    return "".join(f"{line}\n" for line in page.lines)


def _findings(page: Layout, findings: list[Finding], options: Options) -> None:
    groups = grouped(findings, every=page.whole)
    names = (len(group.first.name) for group in groups)
    field = max((length for length in names if length <= NAME_FIELD), default=0)
    for number, group in enumerate(groups):
        if number:
            page.line()
        _group(page, group, field)
        info = options.rules.get(group.first.code)
        if page.whole and info is not None:
            for reference in info.references:
                page.labelled("see", safe(reference), url=reference_url(reference))


def _group(page: Layout, group: Group, field: int) -> None:
    first = group.first
    alone = group.size == 1
    where = first.location if alone else group.places
    page.head(first.severity, first.code, first.name, field, where)
    common = alone or group.common_message
    if common:
        page.prose(BODY, certainty(first))
    label = "at"
    for finding in group.listed:
        if not alone:
            page.places(label, [finding.location])
            label = "" if common and not finding.related else "at"
        if not common:
            page.prose(VALUE, certainty(finding))
        places, more = related(finding, every=page.whole)
        page.places("also", places)
        if more:
            page.aside(VALUE, f"and {more:,} more (-v lists all)")
    if group.rest:
        lead = f"and {len(group.rest):,} more (-v lists all): "
        page.aside(VALUE, lead + group.named(page.measure - VALUE - len(lead)))
    if first.why:
        page.labelled("why", safe(first.why))
    if first.fix:
        page.labelled("fix", safe(first.fix), "fix")


def _suppressed(page: Layout, model: ModelResult) -> None:
    for finding, reason in model.suppressed:
        page.line()
        page.head("ignored", finding.code, finding.name, 0, finding.location)
        page.labelled("why", safe(reason))


def _summary(page: Layout, result: Result) -> None:
    listed = result.unused if page.whole else result.unused[:UNUSED]
    for number, (source, what) in enumerate(listed):
        page.entry("" if number else "unused", f"{safe(source)}: {safe(what)}")
    if len(listed) < len(result.unused):
        page.entry("", f"and {len(result.unused) - len(listed):,} more (-v lists all)")
    page.prose(0, overview(result))
    told = tally(result, visible(result))
    plain = ", ".join(words for _, _, words in told)
    styled = ", ".join(page.paint(name, words) if number else words for name, number, words in told)
    page.last(plain, styled, remarks(result), duration(result.seconds))
