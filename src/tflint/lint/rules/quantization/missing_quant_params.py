"""Q032 missing-quant-params: see rules/quantization/Q032-missing-quant-params.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q032")

#: Operators whose 8-bit kernels compute with the scales of these inputs and of the output.
SCALED: dict[str, tuple[int, ...]] = {
    "ADD": (0, 1),
    "CONV_2D": (0, 1),
    "DEPTHWISE_CONV_2D": (0, 1),
    "DEQUANTIZE": (0,),
    "DIV": (0, 1),
    "FULLY_CONNECTED": (0, 1),
    "HARD_SWISH": (0,),
    "LEAKY_RELU": (0,),
    "LOGISTIC": (0,),
    "MEAN": (0,),
    "MUL": (0, 1),
    "PRELU": (0, 1),
    "QUANTIZE": (),
    "SOFTMAX": (0,),
    "SUB": (0, 1),
    "TANH": (0,),
    "TRANSPOSE_CONV": (1, 2),
}
#: Types that are quantized values in these operators.
EIGHT_BIT = frozenset({"INT8", "UINT8"})


@rule.op(*SCALED)
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    operands = [(f"input {at}", op.input(at)) for at in SCALED[op.name]]
    if op.name != "DEQUANTIZE":
        operands.append(("output", op.output(0)))
    bare = [
        (role, tensor)
        for role, tensor in operands
        if tensor is not None and tensor.dtype in EIGHT_BIT and tensor.quantization is None
    ]
    if bare:
        role, tensor = bare[0]
        more = f", as {len(bare) - 1} more" if len(bare) > 1 else ""
        yield rule.finding(
            op,
            f"{role} is {tensor.dtype} without scale and zero point{more}, and the kernel computes "
            "with them",
            measured=len(bare),
            limit=0,
            related=tuple(tensor for _, tensor in bare),
        )
