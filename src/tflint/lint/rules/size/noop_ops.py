"""P006 noop-ops: see rules/size/P006-noop-ops.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph, Tensor
from tflint.model.calls import reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("P006")

#: Operators of a finding that are named.
NAMED = 4
#: Most elements of a permutation or of paddings: more is no operand of these operators.
SMALL = 64


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in reachable(subgraph.model):
        return
    found = [op for op in subgraph.operators if does_nothing(op)]
    if not found:
        return
    names = ", ".join(f"{op.label} op[{op.index}]" for op in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    yield rule.finding(
        found[0],
        f"{len(found)} of {subgraph.operator_count} operators hand their input on unchanged: "
        f"{names}{more}",
        measured=len(found),
        limit=0,
        related=tuple(found[1:8]),
    )


def does_nothing(op: Operator) -> bool:
    """Whether the output of an operator equals its input, whatever the values are."""
    check = _CHECKS.get(op.name)
    source, output = op.input(0), op.output(0)
    if check is None or source is None or output is None or source.dtype != output.dtype:
        return False
    # The interface keeps its own tensor: input and output of the model cannot be one.
    if source.is_constant or (
        source.index in op.subgraph.inputs and output.index in op.subgraph.outputs
    ):
        return False
    return not source.is_dynamic and source.shape == output.shape and check(op, source)


def _always(op: Operator, source: Tensor) -> bool:
    return True


def _permutes_nothing(op: Operator, source: Tensor) -> bool:
    permutation = _integers(op.input(1))
    return permutation == list(range(len(source.shape)))


def _pads_nothing(op: Operator, source: Tensor) -> bool:
    paddings = _integers(op.input(1))
    return paddings is not None and not any(paddings)


def _takes_everything(op: Operator, source: Tensor) -> bool:
    begin = _integers(op.input(1))
    return begin is not None and not any(begin)


def _strides_over_everything(op: Operator, source: Tensor) -> bool:
    if any(op.option(mask, 0) for mask in ("ellipsis_mask", "new_axis_mask", "shrink_axis_mask")):
        return False
    # Of the same shape with strides of 1 it can only begin at the beginning.
    strides = _integers(op.input(3))
    return strides is not None and all(stride == 1 for stride in strides)


#: Of same shape and type, what else must hold.
_CHECKS = {
    "CAST": _always,
    "PAD": _pads_nothing,
    "PADV2": _pads_nothing,
    "RESHAPE": _always,
    "SLICE": _takes_everything,
    "STRIDED_SLICE": _strides_over_everything,
    "TRANSPOSE": _permutes_nothing,
}


def _integers(tensor: Tensor | None) -> list[int] | None:
    """The values of a small integer constant."""
    if tensor is None or tensor.dtype not in ("INT32", "INT64") or tensor.elements > SMALL:
        return None
    data = tensor.data
    if not tensor.is_constant or len(data) != tensor.stored_bytes:
        return None
    values = data.cast("i") if tensor.dtype == "INT32" else data.cast("q")
    return values.tolist()
