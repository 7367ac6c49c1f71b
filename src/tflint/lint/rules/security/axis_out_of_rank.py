"""S006 axis-out-of-rank: see rules/security/S006-axis-out-of-rank.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.constants import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S006", data=True)

#: Operators with an axis option: its name, the input whose rank counts, and what the axis may
#: exceed that rank by (PACK and ONE_HOT add a dimension).
OPTIONS = {
    "CONCATENATION": ("axis", 0, 0),
    "GATHER": ("axis", 0, 0),
    "ONE_HOT": ("axis", 0, 1),
    "PACK": ("axis", 0, 1),
    "UNPACK": ("axis", 0, 0),
}
#: Operators with one or more constant axes: the input that holds them, the input whose rank counts,
#: and what an axis may exceed it by.
INPUTS = {
    "ARG_MAX": (1, 0, 0),
    "ARG_MIN": (1, 0, 0),
    "CUMSUM": (1, 0, 0),
    "EXPAND_DIMS": (1, 0, 1),
    "MEAN": (1, 0, 0),
    "REDUCE_ALL": (1, 0, 0),
    "REDUCE_ANY": (1, 0, 0),
    "REDUCE_MAX": (1, 0, 0),
    "REDUCE_MIN": (1, 0, 0),
    "REDUCE_PROD": (1, 0, 0),
    "REVERSE_V2": (1, 0, 0),
    "SPLIT": (0, 1, 0),
    "SPLIT_V": (2, 0, 0),
    "SUM": (1, 0, 0),
    "TRANSPOSE": (1, 0, 0),
}
#: Operators that count from the end only in part: the lowest axis they take.
LOWEST = {"ONE_HOT": -1}


@rule.op(*OPTIONS)
def option(op: Operator, ctx: Context) -> Iterator[Finding]:
    name, counted, more = OPTIONS[op.name]
    axis = op.option(name)
    if axis is not None:
        yield from _judge(op, (axis,), counted, more)


@rule.op("REVERSE_SEQUENCE")
def dims(op: Operator, ctx: Context) -> Iterator[Finding]:
    rank = _rank(op, 0)
    for name in ("seq_dim", "batch_dim"):
        axis = op.option(name, 0)
        if rank and not 0 <= axis < rank:
            yield rule.finding(
                op,
                f"{name} {axis} in {op.name} of a tensor of rank {rank}",
                measured=axis,
                limit=rank,
                why="Invoke fails",
            )


@rule.op(*INPUTS)
def constant(op: Operator, ctx: Context) -> Iterator[Finding]:
    position, counted, more = INPUTS[op.name]
    axes = integers(op.input(position))
    if axes is not None and len(axes):
        yield from _judge(op, tuple(axes), counted, more)


@rule.op("TRANSPOSE")
def repeated(op: Operator, ctx: Context) -> Iterator[Finding]:
    axes = integers(op.input(1))
    rank = _rank(op, 0)
    if axes is None or len(axes) != rank or min(axes) < -rank or max(axes) >= rank:
        return
    named = [axis % rank for axis in axes]
    twice = next((axis for axis in named if named.count(axis) > 1), None)
    if twice is not None:
        yield rule.finding(
            op,
            f"axis {twice} occurs {named.count(twice)} times in the permutation {named}",
            measured=twice,
            limit=1,
            why="LiteRT runs it, and the result is no transpose of the input",
        )


def _judge(op: Operator, axes: tuple[int, ...], counted: int, more: int) -> Iterator[Finding]:
    rank = _rank(op, counted)
    limit = rank + more
    lowest = LOWEST.get(op.name, -limit)
    if not rank or (min(axes) >= lowest and max(axes) < limit):
        return
    axis = next(axis for axis in axes if not lowest <= axis < limit)
    yield rule.finding(
        op,
        f"axis {axis} in {op.name} of a tensor of rank {rank}, from {lowest} to {limit - 1} "
        "allowed",
        measured=axis,
        limit=rank,
        why="Invoke fails" if op.name in ("CUMSUM", "REVERSE_V2") else None,
    )


def _rank(op: Operator, position: int) -> int:
    """Rank of an input; 0 when it is a scalar or not known."""
    tensor = op.input(position)
    return 0 if tensor is None else len(tensor.shape)
