"""Q020 bias-scale-mismatch: see rules/quantization/Q020-bias-scale-mismatch.md."""

from __future__ import annotations

from math import isfinite

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Tensor
from tflint.model.layers import OPERANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q020", data=True)

#: Steps of the output that a bias may be off: less is lost in rounding.
TOLERANCE = 0.5
#: Types a bias is stored in.
STORED = frozenset({"INT32", "INT64"})


@rule.op(*OPERANDS)
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    source, weights, bias = (op.input(position) for position in OPERANDS[op.name])
    output = op.output(0)
    if source is None or weights is None or bias is None or output is None:
        return
    if bias.dtype not in STORED or not bias.is_constant or bias.quantization is None:
        return
    if source.quantization is None or weights.quantization is None or output.quantization is None:
        return
    if any(bias.quantization.zero_points):
        yield rule.finding(
            bias,
            f"bias of {op.label} op[{op.index}] has zero point "
            f"{next(filter(None, bias.quantization.zero_points))}, and the kernel takes 0",
            limit=0,
            related=(op,),
            why="AllocateTensors fails",
        )
        return
    worst = _worst(source, weights, bias, output)
    if worst is None:
        return
    channel, steps, stored, computed = worst
    yield rule.finding(
        bias,
        f"bias of {op.label} op[{op.index}] is stored with scale {stored:.4g}, and the kernel "
        f"computes with input x weights = {computed:.4g}: channel {channel} is "
        f"{steps:.3g} steps of the output off",
        measured=f"{stored:.9g}",
        limit=f"{computed:.9g}",
        related=(op, source, weights),
    )


def _worst(
    source: Tensor, weights: Tensor, bias: Tensor, output: Tensor
) -> tuple[int, float, float, float] | None:
    """Channel, steps off, scale of the bias and scale it is used with, of the worst channel."""
    assert source.quantization is not None
    assert weights.quantization is not None
    assert bias.quantization is not None
    assert output.quantization is not None
    step = output.quantization.scale
    scales, stored = weights.quantization.scales, bias.quantization.scales
    if not step > 0 or not scales or not stored or weights.quantization.details is not None:
        return None
    data = bias.data
    if not data or len(data) != bias.stored_bytes:
        return None
    values = (data.cast("i") if bias.dtype == "INT32" else data.cast("q")).tolist()
    channels = len(values)
    owns = stored * channels if len(stored) == 1 else stored
    factors = scales * channels if len(scales) == 1 else scales
    if not len(owns) == len(factors) == channels:
        return None
    scale = source.quantization.scale
    errors = [
        value * (own - scale * factor)
        for value, own, factor in zip(values, owns, factors, strict=True)
    ]
    limit = TOLERANCE * step
    if -limit <= min(errors) and max(errors) <= limit:
        return None
    steps = [abs(error) / step if isfinite(error) else 0.0 for error in errors]
    worst = max(range(channels), key=steps.__getitem__)
    if not steps[worst] > TOLERANCE:
        return None
    return worst, steps[worst], owns[worst], scale * factors[worst]
