"""Q019 fixed-scale-op-violated: see rules/quantization/Q019-fixed-scale-op-violated.md."""

from __future__ import annotations

from math import isclose

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q019")

#: Operator and type -> scale and zero point of the output that its kernel insists on
#: (google-ai-edge/LiteRT tflite/kernels/activations.cc and l2norm.cc, the Prepare functions).
FIXED = {
    ("LOGISTIC", "INT8"): (1 / 256, -128),
    ("LOGISTIC", "UINT8"): (1 / 256, 0),
    ("LOGISTIC", "INT16"): (1 / 32768, 0),
    ("SOFTMAX", "INT8"): (1 / 256, -128),
    ("SOFTMAX", "INT16"): (1 / 32768, 0),
    ("L2_NORMALIZATION", "INT8"): (1 / 128, 0),
    ("L2_NORMALIZATION", "UINT8"): (1 / 128, 128),
    ("LOG_SOFTMAX", "INT8"): (16 / 256, 127),
    ("LOG_SOFTMAX", "UINT8"): (16 / 256, 255),
}
#: What the SOFTMAX kernel lets pass; the others want equality.
TOLERANCE = 1e-3


@rule.op("LOGISTIC", "SOFTMAX", "L2_NORMALIZATION", "LOG_SOFTMAX")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    tensor, source = op.output(0), op.input(0)
    # SOFTMAX may go from INT8 to INT16, where nothing is fixed.
    if tensor is None or source is None or tensor.dtype != source.dtype:
        return
    quantization, fixed = tensor.quantization, FIXED.get((op.name, tensor.dtype))
    if quantization is None or fixed is None or not quantization.scales:
        return
    scale, zero_point = fixed
    if isclose(quantization.scale, scale, rel_tol=TOLERANCE) and (
        quantization.zero_point == zero_point
    ):
        return
    found = f"({quantization.scale:.6g}, {quantization.zero_point})"
    wanted = f"({scale:.6g}, {zero_point})"
    yield rule.finding(
        op,
        f"output is quantized with {found}, and the {tensor.dtype} kernel of {op.name} takes "
        f"{wanted} only",
        measured=found,
        limit=wanted,
        related=(tensor,),
    )
