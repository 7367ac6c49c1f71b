"""Q025 dequantize-quantize-pair: see rules/quantization/Q025-dequantize-quantize-pair.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph, Tensor
from tflint.model.calls import reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q025", needs=("QUANTIZE",))


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in reachable(subgraph.model):
        return
    pairs = [pair for op in subgraph.operators if op.name == "QUANTIZE" for pair in _pair(op)]
    if not pairs:
        return
    first, second = pairs[0]
    same = sum(1 for one, other in pairs if _equal(one.input(0), other.output(0)))
    more = f", and {len(pairs) - 1} more" if len(pairs) > 1 else ""
    what = (
        "with the same scale: both do nothing"
        if _equal(first.input(0), second.output(0))
        else "with another scale: one QUANTIZE does that"
    )
    yield rule.finding(
        second,
        f"{first.label} op[{first.index}] and {second.label} op[{second.index}] follow each other "
        f"{what}{more}",
        measured=len(pairs),
        limit=0,
        related=(first, *(op for _, op in pairs[1:8])),
        fix=None if same == len(pairs) else "replace each pair by one QUANTIZE, or quantize again",
    )


def _pair(op: Operator) -> Iterator[tuple[Operator, Operator]]:
    """The DEQUANTIZE or QUANTIZE whose result only this QUANTIZE reads."""
    if not op.inputs:
        return
    maker = op.subgraph.producer(op.inputs[0])
    if maker is None or maker.name not in ("DEQUANTIZE", "QUANTIZE"):
        return
    source = maker.input(0)
    if source is None or source.is_constant or op.inputs[0] in op.subgraph.outputs:
        return
    if maker.name == "QUANTIZE" and source.quantization is None:
        # From the float input of the model, to INT8 and on to UINT8: the interface's type.
        return
    if len(op.subgraph.consumers(op.inputs[0])) == 1:
        yield maker, op


def _equal(one: Tensor | None, other: Tensor | None) -> bool:
    if one is None or other is None or one.dtype != other.dtype:
        return False
    ours, theirs = one.quantization, other.quantization
    if ours is None or theirs is None:
        return False
    return ours.scales == theirs.scales and ours.zero_points == theirs.zero_points
