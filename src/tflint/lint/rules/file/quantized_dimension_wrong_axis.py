"""F017 quantized-dimension-wrong-axis: see rules/file/F017-quantized-dimension-wrong-axis.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.layers import CHANNELS, weights_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F017")


@rule.op(*CHANNELS)
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    weights = weights_of(op)
    quantization = weights.quantization if weights is not None else None
    if weights is None or quantization is None or quantization.details is not None:
        return
    axis, used = quantization.axis, CHANNELS[op.name]
    if len(quantization.scales) < 2 or axis == used:
        return
    yield rule.finding(
        weights,
        f"weights of {op.label} op[{op.index}] have {len(quantization.scales)} scales along axis "
        f"{axis} of {weights.shape_text}, and its {weights.shape[used]} output channels are "
        f"axis {used}",
        measured=axis,
        limit=used,
        related=(op,),
    )
