"""Q021 bias-saturated: see rules/quantization/Q021-bias-saturated.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.layers import OPERANDS, quantized_layers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q021", data=True)

#: What quantizers cut a bias off at: both ends of INT32, and the negative of the upper one.
ENDS = frozenset({-(2**31), -(2**31) + 1, 2**31 - 1})


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    for layer in quantized_layers(model):
        op = layer.operator
        bias = op.input(OPERANDS[op.name][2])
        if bias is None or bias.dtype != "INT32":
            continue
        cut = [channel for channel, value in enumerate(layer.stored) if value in ENDS]
        if cut:
            yield rule.finding(
                bias,
                f"bias of {op.label} op[{op.index}] is cut off at the end of INT32 in {len(cut)} "
                f"of {len(layer.stored)} channels, the first at {cut[0]}: "
                f"{layer.stored[cut[0]]} stands for {layer.bias[cut[0]]:.4g}",
                measured=len(cut),
                limit=0,
                related=(op,),
            )
