"""One walk over a model, every check called where it registered."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import RANK, Finding
from tflint.lint.plan import Plan
from tflint.lint.registry import RuleInfo, load, rules
from tflint.lint.rule import ANY_OPERATOR
from tflint.model import Location, Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from tflint.lint.rule import Located

    Check = Callable[[Any, Context], Iterator[Finding]]
    #: A check and the code of its rule.
    Registered = tuple[str, Check]

#: The rule that reports a broken file. Where LiteRT's verifier refuses one, nothing else runs.
CORRUPT = "F002"
#: The rule that reports a rule that crashed.
CRASHED = "X001"


class Dispatch:
    """The checks to run, by level."""

    def __init__(self, infos: Iterable[RuleInfo]) -> None:
        self.model: list[Registered] = []
        self.subgraph: list[Registered] = []
        self.tensor: list[Registered] = []
        self.operator: dict[str, list[Registered]] = {}
        for info in infos:
            rule = load(info)
            self.model += [(info.code, check) for check in rule.model_checks]
            self.subgraph += [(info.code, check) for check in rule.subgraph_checks]
            self.tensor += [(info.code, check) for check in rule.tensor_checks]
            for names, check in rule.op_checks:
                for name in names:
                    self.operator.setdefault(name, []).append((info.code, check))


def lint_model(model: Model, plan: Plan) -> tuple[Finding, ...]:
    """Runs the plan's rules over a model.

    Returns:
        The findings, most severe first, then in order of the file. A file that LiteRT's
        verifier refuses gets the findings about its damage only: what a broken file seems to
        say is not worth judging.
    """
    context = Context(model, plan.settings)
    known = rules()
    if model.verification.refused:
        found = list(_walk(model, context, Dispatch([known[CORRUPT]])))
    else:
        infos = [known[code] for code in plan.rules if _applies(known[code], model, plan)]
        found = list(_walk(model, context, Dispatch(infos)))
    return finish(found, plan)


def _applies(info: RuleInfo, model: Model, plan: Plan) -> bool:
    """Whether a rule can say anything about this model: if not, it is not even imported."""
    if not info.module or (info.data and not plan.settings.data):
        return False
    of = info.needs
    if not of and info.levels == ("operator",) and ANY_OPERATOR not in info.operators:
        of = info.operators
    return not of or any(code.name in of for code in model.operator_codes)


def _walk(model: Model, context: Context, dispatch: Dispatch) -> Iterator[Finding]:
    yield from _run(dispatch.model, model, context)
    if not (dispatch.subgraph or dispatch.tensor or dispatch.operator):
        return
    every = dispatch.operator.get(ANY_OPERATOR, [])
    by_name = {
        code.name: every + dispatch.operator.get(code.name, []) for code in model.operator_codes
    }
    for subgraph in model.subgraphs:
        yield from _run(dispatch.subgraph, subgraph, context)
        if dispatch.tensor:
            for tensor in subgraph.tensors:
                yield from _run(dispatch.tensor, tensor, context)
        if dispatch.operator:
            for operator in subgraph.operators:
                checks = by_name.get(operator.name, every)
                if checks:
                    yield from _run(checks, operator, context)


def _run(checks: list[Registered], subject: Located, context: Context) -> Iterator[Finding]:
    """Runs checks on one subject. One that raises becomes a finding about its rule."""
    for code, check in checks:
        try:
            yield from check(subject, context)
        except Exception as error:  # noqa: BLE001 - a rule's bug must not cost the other findings
            yield crashed(code, error, subject.location)


def crashed(code: str, error: Exception, where: Location) -> Finding:
    """The finding for a rule that raised."""
    return Finding(
        CRASHED,
        f"rule {code} stopped here with {type(error).__name__}: {str(error)[:200] or 'no message'}",
        where,
        measured=f"{code} {type(error).__name__}",
    )


def finish(found: Iterable[Finding], plan: Plan) -> tuple[Finding, ...]:
    """Fills in what the rule's page says and sorts: most severe first, then by location."""
    known = rules()
    stamped = []
    for finding in found:
        info = known[finding.code]
        stamped.append(
            finding._replace(
                name=info.name,
                severity=plan.severities.get(info.code) or finding.severity or info.severity,
                confidence=finding.confidence or info.confidence,
                why=finding.why or info.why or None,
                fix=finding.fix or info.fix or None,
            )
        )
    stamped.sort(key=_order)
    return tuple(stamped)


def _order(finding: Finding) -> tuple[int, int, int, int, int, str]:
    where = finding.location
    return (
        RANK[finding.severity],
        -1 if where.subgraph is None else where.subgraph,
        -1 if where.operator is None else where.operator,
        -1 if where.tensor is None else where.tensor,
        -1 if where.offset is None else where.offset,
        finding.code,
    )
