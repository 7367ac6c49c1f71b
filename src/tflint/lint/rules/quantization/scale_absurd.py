"""Q013 scale-absurd: see rules/quantization/Q013-scale-absurd.md."""

from __future__ import annotations

from math import isfinite

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Subgraph, Tensor
from tflint.model.calls import reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q013")

#: Types that carry quantized activations and weights.
QUANTIZED = frozenset({"INT2", "INT4", "UINT4", "INT8", "UINT8", "INT16"})
#: Steps beyond which no trained network computes: the scales of the 47 published quantized models
#: that were looked at lie between 5e-6 and 255, but for one that is broken.
LARGEST = 1e4
SMALLEST = 1e-10
#: Smallest normal FLOAT32; what is below cannot be used at all, which is another rule's.
SMALLEST_NORMAL = 2.0**-126


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in reachable(subgraph.model):
        return
    large: list[Tensor] = []
    small: list[Tensor] = []
    for tensor in subgraph.tensors:
        quantization = tensor.quantization
        if quantization is None or tensor.dtype not in QUANTIZED:
            continue
        scales = quantization.scales
        if not scales or (max(scales) < LARGEST and min(scales) > SMALLEST):
            continue  # nearly all tensors, found without a loop over their channels
        used = [scale for scale in scales if _usable(scale)]
        if not used or not _in_use(tensor):
            continue
        if max(used) >= LARGEST:
            large.append(tensor)
        # A constant of one tiny value is just that; of weights, other rules ask.
        elif not tensor.is_constant and min(used) <= SMALLEST:
            small.append(tensor)
    if large:
        worst = max(large, key=_scale)
        yield rule.finding(
            worst,
            f"scale {_scale(worst):.3g}: one step of {worst.dtype} is that large, at most "
            f"{LARGEST:.0e} is plausible{_count(large)}",
            measured=f"{_scale(worst):.3g}",
            limit=f"{LARGEST:.0e}",
            related=tuple(tensor for tensor in large if tensor is not worst)[:8],
        )
    if small:
        worst = min(small, key=_scale)
        yield rule.finding(
            worst,
            f"scale {_scale(worst):.3g}: the whole {worst.dtype} range is that narrow, at least "
            f"{SMALLEST:.0e} is plausible{_count(small)}",
            measured=f"{_scale(worst):.3g}",
            limit=f"{SMALLEST:.0e}",
            related=tuple(tensor for tensor in small if tensor is not worst)[:8],
            why="the activations vanish on the way: the outputs hardly depend on the inputs",
            fix="look at the float model first: untrained or collapsed layers make such ranges",
        )


def _usable(scale: float) -> bool:
    return isfinite(scale) and scale >= SMALLEST_NORMAL


def _in_use(tensor: Tensor) -> bool:
    subgraph = tensor.subgraph
    return tensor.index in subgraph.outputs or bool(subgraph.consumers(tensor.index))


def _scale(tensor: Tensor) -> float:
    quantization = tensor.quantization
    assert quantization is not None
    return max(filter(_usable, quantization.scales))


def _count(tensors: list[Tensor]) -> str:
    return f"; so are {len(tensors) - 1} more tensors" if len(tensors) > 1 else ""
