"""Q009 weight-zero-point-nonzero: see rules/quantization/Q009-weight-zero-point-nonzero.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q009")

#: Types whose weights are symmetric; UINT8 weights have a zero point by design.
SYMMETRIC = frozenset({"INT2", "INT4", "INT8"})


@rule.op("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    weights = op.input(1)
    if weights is None or weights.dtype not in SYMMETRIC or weights.quantization is None:
        return
    wrong = [zero for zero in weights.quantization.zero_points if zero]
    if wrong:
        total = len(weights.quantization.zero_points)
        count = f"zero point {wrong[0]}" if total == 1 else f"{len(wrong)} of {total} zero points"
        yield rule.finding(
            weights,
            f"{weights.dtype} weights of {op.label} op[{op.index}] have "
            f"{count if total == 1 else f'{count} that are not 0, such as {wrong[0]}'}, "
            "and the kernel takes 0",
            measured=wrong[0],
            limit=0,
            related=(op,),
        )
