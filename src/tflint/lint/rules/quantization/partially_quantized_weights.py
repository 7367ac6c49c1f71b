"""Q006 partially-quantized-weights: see rules/quantization/Q006-partially-quantized-weights.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator
from tflint.model.calls import reachable
from tflint.model.layers import OPERANDS, weights_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q006")

#: Elements below which the converter leaves weights in float by default
#: (kWeightsMinNumElementsDefault of its weight quantizer; TensorFlow 2.21 was seen to do so).
SMALLEST = 1024


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    floating: list[Operator] = []
    quantized = size = 0
    for index in sorted(reachable(model)):
        for op in model.subgraphs[index].operators:
            weights = weights_of(op) if op.name in OPERANDS else None
            if weights is None or not weights.is_constant or weights.elements < SMALLEST:
                continue
            if weights.dtype == "FLOAT32":
                floating.append(op)
                size += weights.stored_bytes or 0
            elif weights.quantization is not None:
                quantized += 1
    # Where most layers are float, the few quantized ones are the exception.
    if not floating or quantized <= len(floating):
        return
    total = quantized + len(floating)
    yield rule.finding(
        floating[0],
        f"{len(floating)} of {total} layers with at least {SMALLEST} weights "
        f"{'has' if len(floating) == 1 else 'have'} them in FLOAT32 ({size / 1024:.1f} KiB), the "
        "others are quantized",
        measured=len(floating),
        limit=0,
        related=tuple(floating[1:8]),
    )
