"""Q004 hybrid-op: see rules/quantization/Q004-hybrid-op.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator
from tflint.model.calls import reachable
from tflint.model.dtypes import FLOATING
from tflint.model.scheme import FLOAT, domain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q004")

#: Operators with a kernel for float activations and integer weights, and where the weights are.
WEIGHTS = {
    "BATCH_MATMUL": (1,),
    "CONV_2D": (1,),
    "DEPTHWISE_CONV_2D": (1,),
    "FULLY_CONNECTED": (1,),
    "TRANSPOSE_CONV": (1,),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": (1, 2, 3, 4, 5, 6, 7, 8),
    "BIDIRECTIONAL_SEQUENCE_LSTM": (1, 2, 3, 4, 5, 6, 7, 8),
    "LSTM": (1, 2, 3, 4, 5, 6, 7, 8),
    "RNN": (1, 2),
    "UNIDIRECTIONAL_SEQUENCE_RNN": (1, 2),
    "SVDF": (1, 2),
}
#: Targets that have no such kernels.
REFUSING = ("edgetpu", "ethos-u", "tflm")


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    hybrid = [
        (op, dtype)
        for index in sorted(reachable(model))
        for op in model.subgraphs[index].operators
        if op.name in WEIGHTS
        if (dtype := _weights(op))
    ]
    if not hybrid:
        return
    first, dtype = hybrid[0]
    count = f"{len(hybrid)} operators compute" if len(hybrid) > 1 else f"{first.label} computes"
    refusing = any(target.startswith(REFUSING) for target in ctx.settings.targets)
    yield rule.finding(
        first,
        f"{count} with {dtype} weights on FLOAT32 activations (dynamic range)",
        measured=len(hybrid),
        severity="error" if refusing else "",
        related=tuple(op for op, _ in hybrid[1:8]),
    )


def _weights(op: Operator) -> str | None:
    """The type of its integer weights, when its activations are floating."""
    if domain(op) != FLOAT:
        return None
    activations = op.input(2 if op.name == "TRANSPOSE_CONV" else 0)
    if activations is None or activations.dtype not in FLOATING:
        return None
    for position in WEIGHTS[op.name]:
        weights = op.input(position)
        if weights is not None and weights.is_constant and weights.quantization is not None:
            return None if weights.dtype in FLOATING else weights.dtype
    return None
