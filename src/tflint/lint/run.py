"""From paths to a result: open, find the models inside, lint each, apply suppressions."""

from __future__ import annotations

import os
from time import perf_counter

from tflint.container import BundleError, Member, Source, members, open_source, read_stdin
from tflint.container.wording import reason
from tflint.flatbuf import FormatError
from tflint.lint.context import Settings
from tflint.lint.engine import crashed, finish, lint_model
from tflint.lint.finding import Finding
from tflint.lint.fingerprint import with_fingerprints
from tflint.lint.plan import Plan, PlanSource, matches
from tflint.lint.result import Facts, ModelResult, Problem, Result, Suppressed, Unused
from tflint.model import Location, Model
from tflint.model.model import IDENTIFIER, SCHEMA_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: The rule that reports what is not a model.
NOT_A_MODEL = "F001"
#: The path that stands for standard input.
STDIN = "-"

#: What one file gave: its models' results and the suppressions that were used, or a problem.
Outcome = tuple[tuple[ModelResult, ...], frozenset[str], Problem | None]


def lint_paths(
    paths: Sequence[str],
    config: PlanSource,
    *,
    jobs: int = 1,
    on_done: Callable[[str], None] | None = None,
) -> Result:
    """Lints every file, in the order given.

    Args:
        paths: files; `-` is standard input.
        config: gives each model its plan.
        jobs: processes to use; 1 stays in this one.
        on_done: called with each path when its turn is over.
    """
    started = perf_counter()
    outcomes = []
    if jobs > 1 and len(paths) > 1:
        from tflint.lint.parallel import outcomes_in_parallel

        stream = outcomes_in_parallel(paths, config, jobs)
    else:
        stream = (lint_file(path, config) for path in paths)
    for path, outcome in zip(paths, stream, strict=True):
        outcomes.append(outcome)
        if on_done is not None:
            on_done(path)
    models = tuple(model for results, _, _ in outcomes for model in results)
    used = frozenset[str]().union(*(sources for _, sources, _ in outcomes))
    return Result(
        models,
        unused=_unused(models, config, used),
        problems=tuple(problem for _, _, problem in outcomes if problem is not None),
        seconds=perf_counter() - started,
    )


def lint_file(path: str, config: PlanSource) -> Outcome:
    """Lints the models of one file. Never raises for anything the file holds."""
    if path != STDIN and os.path.isdir(path):
        return _lint_directory(path, config.plan(path))
    try:
        source = read_stdin() if path == STDIN else open_source(path)
    except OSError as error:
        return (), frozenset(), Problem(path, reason(error))
    results: list[ModelResult] = []
    used: set[str] = set()
    try:
        with source:
            for member in _members(source, path, config, results):
                result, sources = _lint_member(member, config)
                results.append(result)
                used |= sources
    except MemoryError:
        return tuple(results), frozenset(used), Problem(path, "not enough memory to read it")
    return tuple(results), frozenset(used), None


def _lint_directory(path: str, plan: Plan) -> Outcome:
    from tflint.container.sniff import identify_directory

    try:
        kind = identify_directory(sorted(os.listdir(path)))
    except OSError as error:
        return (), frozenset(), Problem(path, reason(error))
    return (_foreign(path, plan, kind.sentence, kind.fix, None),), frozenset(), None


def _members(
    source: Source, path: str, config: PlanSource, results: list[ModelResult]
) -> Iterator[Member]:
    try:
        yield from members(source, path)
    except BundleError as error:
        fix = "copy or download the bundle again"
        results.append(_foreign(path, config.plan(path), error.message, fix, error.offset))


def _lint_member(member: Member, config: PlanSource) -> tuple[ModelResult, frozenset[str]]:
    plan = config.plan(member.name)
    started = perf_counter()
    model = Model(member.data, member.name)
    if model.identifier != IDENTIFIER and not _readable(model):
        from tflint.container.sniff import identify

        kind = identify(member.data)
        assert kind is not None  # only a file with the identifier is of no other kind
        return _foreign(member.name, plan, kind.sentence, kind.fix, 0), frozenset()
    result, used = lint_one(model, plan)
    return result._replace(seconds=perf_counter() - started), used


def lint_one(model: Model, plan: Plan) -> tuple[ModelResult, frozenset[str]]:
    """Lints one model; returns its result and the sources of the suppressions it used."""
    try:
        findings = lint_model(model, plan)
        facts = facts_of(model)
    except FormatError as error:
        # The verification passed and a fact still met a broken place: that is tflint's bug.
        findings = finish([crashed("reader", error, Location(offset=error.offset))], plan)
        facts = None
    findings, suppressed, used = _suppress(with_fingerprints(findings), plan)
    return ModelResult(model.name, facts, findings, suppressed), used


def facts_of(model: Model) -> Facts | None:
    """The model in one line; None when LiteRT's verifier refuses the file."""
    if model.verification.refused:
        return None
    from tflint.model.runtime import oldest_runtime
    from tflint.model.scheme import scheme

    return Facts(
        model.size,
        model.operator_count,
        len(model.subgraphs),
        scheme(model).label,
        oldest_runtime(model).version,
    )


def _readable(model: Model) -> bool:
    """Whether a file without identifier is a model all the same, as some writers leave it out."""
    try:
        if model.version != SCHEMA_VERSION or not model.root.has("operator_codes"):
            return False
    except FormatError:
        return False
    return not model.verification.refused


def _foreign(path: str, plan: Plan, what: str, fix: str | None, offset: int | None) -> ModelResult:
    """The result for a file that is no model: one finding that says what it is.

    Like the findings about damage it does not depend on which rules are selected: a file that
    cannot be read has passed none of them.
    """
    finding = Finding(NOT_A_MODEL, what, Location(offset=offset), fix=fix or None)
    findings, suppressed, _ = _suppress(with_fingerprints(finish([finding], plan)), plan)
    return ModelResult(path, None, findings, suppressed)


def _suppress(
    findings: tuple[Finding, ...], plan: Plan
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...], frozenset[str]]:
    if not plan.suppressions:
        return findings, (), frozenset()
    kept, suppressed, used = [], [], set()
    for finding in findings:
        answer = next((one for one in plan.suppressions if matches(one, finding)), None)
        if answer is None:
            kept.append(finding)
        else:
            suppressed.append(Suppressed(finding, answer.reason))
            used.add(answer.source)
    return tuple(kept), tuple(suppressed), frozenset(used)


def _unused(
    models: tuple[ModelResult, ...], config: PlanSource, used: frozenset[str]
) -> tuple[Unused, ...]:
    """The suppressions that applied to a model of this run and matched no finding."""
    idle = {}
    for model in models:
        for one in config.plan(model.path).suppressions:
            if one.source not in used:
                idle[one.source] = Unused(one.source, f"{one.rule} {one.location}")
    return tuple(idle.values())


def plan_for_all(rules: Sequence[str], settings: Settings) -> Plan:
    """A plan without overrides or suppressions, for callers that have no configuration."""
    return Plan(tuple(sorted(rules)), settings=settings)
