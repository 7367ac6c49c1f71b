"""S002 trigger-gated-control-flow: see rules/security/S002-trigger-gated-control-flow.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph, Tensor
from tflint.model.calls import calls_of
from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S002", data=True)

#: Operators that turn many values into few.
REDUCERS = frozenset(
    {"MEAN", "REDUCE_ALL", "REDUCE_ANY", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD", "SUM"}
)
#: Operators behind which a comparison is still the same comparison.
PASSING = frozenset(
    {
        "ABS",
        "CAST",
        "EQUAL",
        "EXPAND_DIMS",
        "GREATER",
        "GREATER_EQUAL",
        "LESS",
        "LESS_EQUAL",
        "LOGICAL_AND",
        "LOGICAL_NOT",
        "LOGICAL_OR",
        "NOT_EQUAL",
        "RESHAPE",
        "SQRT",
        "SQUARE",
        "SQUEEZE",
    }
)
#: Operators that hold values against a constant: equal or not, or how far away.
COMPARING = frozenset({"EQUAL", "NOT_EQUAL", "SQUARED_DIFFERENCE", "SUB"})


#: Most steps back from a predicate: detectors are short, files can be long.
MOST_STEPS = 200


class Trigger(NamedTuple):
    """A comparison of what the model is given with one pattern."""

    operator: Operator
    pattern: Tensor


@rule.op("IF", "SELECT", "SELECT_V2", "WHILE")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    subgraph, predicate = _predicate(op)
    found = None if predicate is None else _trigger(subgraph, predicate)
    if found is None:
        return
    pattern = found.pattern
    fixed = ", ".join(
        f"{call.role.partition('_')[0]} branch returns a constant"
        for call in calls_of(op)
        if op.name == "IF" and _is_fixed(subgraph, call.subgraph)
    )
    yield rule.finding(
        op,
        f"{op.name} depends on whether the input matches one pattern of {pattern.elements} values"
        + (f"; the {fixed}" if fixed else ""),
        measured=pattern.elements,
        related=(found.operator, pattern),
    )


def _predicate(op: Operator) -> tuple[Subgraph, Tensor | None]:
    """The tensor that decides, and the subgraph it is in."""
    if op.name != "WHILE":
        return op.subgraph, op.input(0)
    subgraphs = op.subgraph.model.subgraphs
    index = op.option("cond_subgraph_index", -1)
    if not 0 <= index < len(subgraphs):
        return op.subgraph, None
    condition = subgraphs[index]
    return condition, condition.tensor(condition.outputs[0]) if condition.outputs else None


def _trigger(subgraph: Subgraph, predicate: Tensor) -> Trigger | None:
    """The comparison that a predicate comes from, if it is one of many values with a pattern."""
    pending = [(predicate.index, False)]
    seen = set(pending)
    while pending and len(seen) < MOST_STEPS:
        index, reduced = pending.pop()
        op = subgraph.producer(index)
        if op is None:
            continue
        if reduced and op.name in COMPARING:
            for mine, other in ((0, 1), (1, 0)):
                pattern, tensor = op.input(mine), op.input(other)
                if (
                    pattern is not None
                    and tensor is not None
                    and pattern.elements > predicate.elements
                    and _is_pattern(pattern)
                    and tensor.index in _from_input(subgraph)
                ):
                    return Trigger(op, pattern)
        if op.name in PASSING or op.name in REDUCERS:
            for source in op.inputs:
                step = (source, reduced or op.name in REDUCERS)
                if step not in seen:
                    seen.add(step)
                    pending.append(step)
    return None


def _is_pattern(tensor: Tensor) -> bool:
    """Whether a constant holds different values: one that repeats a value is a limit or a mask."""
    data = tensor.data
    width = len(data) // max(tensor.elements, 1)
    if not tensor.is_constant or not width or len(data) != width * tensor.elements:
        return False
    return data[width:] != data[:-width]


@once
def _from_input(subgraph: Subgraph) -> frozenset[int]:
    """The inputs of a subgraph and every tensor that is computed from one."""
    found = set(subgraph.inputs)
    for op in subgraph.operators:
        if not found.isdisjoint(op.inputs):
            found.update(op.outputs)
    return frozenset(found)


def _is_fixed(subgraph: Subgraph, index: int) -> bool:
    """Whether a branch gives the same whatever it is given."""
    subgraphs = subgraph.model.subgraphs
    if not 0 <= index < len(subgraphs):
        return False
    branch = subgraphs[index]
    return bool(branch.outputs) and _from_input(branch).isdisjoint(branch.outputs)
