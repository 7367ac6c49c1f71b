"""Q023 channel-scale-spread: see rules/quantization/Q023-channel-scale-spread.md."""

from __future__ import annotations

from math import isfinite

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator
from tflint.model.calls import reachable
from tflint.model.layers import CHANNELS, weights_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q023")

#: Ratio of the scales of the larger and the smaller channels, one in ten left out on both sides,
#: from which a layer counts.
SPREAD = 200.0
LEFT_OUT = 10
#: Fewest channels for which that says anything.
FEWEST = 8
#: Scales below stand for channels without weights to speak of: quantizers write floors such as
#: 1.2e-7 for channels of zeros.
DEAD = 1e-6
#: Outputs of 8 bits are what leaves a small channel too few steps.
EIGHT_BITS = frozenset({"INT8", "UINT8"})


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    found = [
        (ratio, op)
        for index in sorted(reachable(model))
        for op in model.subgraphs[index].operators
        if op.name in CHANNELS and (ratio := spread(op)) >= SPREAD
    ]
    if not found:
        return
    ratio, worst = max(found, key=lambda pair: pair[0])
    layers = f"; so in {len(found)} layers" if len(found) > 1 else ""
    yield rule.finding(
        worst,
        f"the weights of the larger channels are {ratio:.0f} times those of the smaller ones"
        f"{layers}",
        measured=f"{ratio:.0f}",
        limit=f"{SPREAD:.0f}",
        related=tuple(op for _, op in found if op is not worst)[:8],
    )


def spread(op: Operator) -> float:
    """How far the channels of quantized weights are apart, 1 when unknown.

    Outliers are left out where the spread would matter with them.
    """
    weights = weights_of(op)
    quantization = weights.quantization if weights is not None else None
    output = op.output(0)
    if quantization is None or output is None or output.dtype not in EIGHT_BITS:
        return 1.0
    if quantization.scales and max(quantization.scales) < SPREAD * min(quantization.scales):
        return max(quantization.scales) / min(quantization.scales)  # even with the outliers
    scales = sorted(scale for scale in quantization.scales if scale >= DEAD and isfinite(scale))
    if len(scales) < FEWEST:
        return 1.0
    return scales[-1 - len(scales) // LEFT_OUT] / scales[len(scales) // LEFT_OUT]
