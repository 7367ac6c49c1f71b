"""S004 bad-subgraph-call: see rules/security/S004-bad-subgraph-call.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.calls import CALLS, calls, cycles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S004", needs=CALLS)

#: Most members of a circle, and most calls in it, that a finding names.
SHOWN = 4


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    count = len(model.subgraphs)
    for operator, role, index in calls(model):
        if not 0 <= index < count:
            yield rule.finding(
                operator,
                f"{operator.name} has subgraph {index} as {role.removesuffix('_index')}, but the "
                f"model has {count}",
                measured=index,
                limit=count,
                why="AllocateTensors fails",
            )
        elif role == "body_subgraph_index" and index == operator.option("cond_subgraph_index"):
            yield rule.finding(
                operator,
                f"{operator.name} has subgraph {index} as its condition and as its body",
                measured=index,
                related=(model.subgraphs[index],),
                why="AllocateTensors fails; before TensorFlow 2.5 the process overflowed its stack",
            )
    for group in cycles(model):
        members = frozenset(group)
        inside = (
            call.operator
            for call in calls(model)
            if call.subgraph in members and call.operator.subgraph.index in members
        )
        yield rule.finding(
            model.subgraphs[group[0]],
            _circle(group),
            measured=len(group),
            limit=0,
            related=tuple(dict.fromkeys(inside))[:SHOWN],
        )


def _circle(group: tuple[int, ...]) -> str:
    if len(group) == 1:
        return f"subgraph {group[0]} calls itself"
    named = ", ".join(map(str, group[:SHOWN])) + (", ..." if len(group) > SHOWN else "")
    return f"subgraphs {named} call each other in a circle of {len(group)}"
