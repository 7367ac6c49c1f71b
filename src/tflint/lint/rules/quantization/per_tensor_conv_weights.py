"""Q007 per-tensor-conv-weights: see rules/quantization/Q007-per-tensor-conv-weights.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator
from tflint.model.calls import reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q007")

#: Convolutions, and the axis of their filter that holds the output channels
#: (https://ai.google.dev/edge/litert/models/quantization_spec).
CHANNELS = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 3, "TRANSPOSE_CONV": 0}


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    quantized = [
        op
        for index in sorted(reachable(model))
        for op in model.subgraphs[index].operators
        if op.name in CHANNELS and _channels(op) > 1
    ]
    single = [op for op in quantized if _single(op)]
    if not single:
        return
    widest = max(single, key=_channels)
    yield rule.finding(
        single[0],
        f"{len(single)} of {len(quantized)} INT8 convolutions have one weight scale for all "
        f"output channels (up to {_channels(widest)})",
        measured=len(single),
        limit=0,
        related=tuple(single[1:8]),
    )


def _channels(op: Operator) -> int:
    """Output channels of an INT8 filter; 0 for other filters."""
    weights = op.input(1)
    if weights is None or weights.dtype != "INT8" or weights.quantization is None:
        return 0
    axis = CHANNELS[op.name]
    return weights.shape[axis] if len(weights.shape) == 4 else 0


def _single(op: Operator) -> bool:
    weights = op.input(1)
    return (
        weights is not None
        and weights.quantization is not None
        and len(weights.quantization.scales) == 1
        and weights.quantization.details is None
    )
