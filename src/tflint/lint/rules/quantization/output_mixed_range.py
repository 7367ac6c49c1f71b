"""Q026 output-mixed-range: see rules/quantization/Q026-output-mixed-range.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph, Tensor
from tflint.model.calls import entry_points
from tflint.model.dtypes import QUANTIZED_RANGE
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q026")

#: Operators between a concatenation and an output that move values only.
MOVING = frozenset({"DEQUANTIZE", "EXPAND_DIMS", "RESHAPE", "SQUEEZE", "TRANSPOSE"})
#: Types whose levels are few enough to matter.
COARSE = frozenset({"INT8", "UINT8"})
#: Levels that a part must keep of its 256: below, a score between 0 and 1 moves in steps of more
#: than 3 %, and a usual threshold of 0.25 falls on one of eight values.
LEAST_LEVELS = 32
#: Operators that are followed in a row.
HOPS = 8


class Part(NamedTuple):
    """One input of the concatenation that had a finer scale of its own."""

    source: Tensor  #: before it was requantized
    levels: float  #: of its own range that are left


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in entry_points(subgraph.model):
        return
    seen = set()
    for output in subgraph.output_tensors:
        joined = _concatenation(output)
        if joined is None or joined.index in seen:
            continue
        seen.add(joined.index)
        merged = joined.output(0)
        if output is None or merged is None or merged.dtype not in COARSE:
            continue
        parts = [part for tensor in joined.input_tensors for part in _coarsened(tensor, merged)]
        if parts:
            yield _finding(output, joined, merged, min(parts, key=lambda part: part.levels))


def _finding(output: Tensor, joined: Operator, merged: Tensor, part: Part) -> Finding:
    low, high = _real_range(merged)
    own_low, own_high = _real_range(part.source)
    assert merged.quantization is not None
    return rule.finding(
        output,
        f"one scale {merged.quantization.scale:.4g} holds values from {low:.4g} to {high:.4g} and "
        f'"{part.source.name}" ({own_low:.3g} to {own_high:.3g}), which keeps '
        f"{max(part.levels, 1):.0f} of 256 levels",
        measured=f"{part.levels:.3g}",
        limit=LEAST_LEVELS,
        related=(joined, part.source),
    )


def _concatenation(output: Tensor | None) -> Operator | None:
    """The concatenation whose values an output holds."""
    for _ in range(HOPS):
        if output is None:
            return None
        maker = output.subgraph.producer(output.index)
        if maker is None:
            return None
        if maker.name == "CONCATENATION":
            return maker
        if maker.name not in MOVING:
            return None
        output = maker.input(0)
    return None


def _coarsened(tensor: Tensor | None, merged: Tensor) -> Iterator[Part]:
    """The part that a tensor brings in, when a requantization before it cost too many levels."""
    for _ in range(HOPS):
        if tensor is None or not _plain(tensor):
            return
        maker = tensor.subgraph.producer(tensor.index)
        if maker is None:
            return
        source = maker.input(0)
        if maker.name == "QUANTIZE":
            if source is not None and _plain(source) and source.dtype in COARSE:
                levels = _levels(source, merged)
                if levels < LEAST_LEVELS:
                    yield Part(source, levels)
            return
        if maker.name not in MOVING:
            return
        tensor = source


def _plain(tensor: Tensor) -> bool:
    quantization = tensor.quantization
    return (
        tensor.dtype in QUANTIZED_RANGE
        and quantization is not None
        and len(quantization.scales) == 1
        and quantization.scale > 0
    )


def _levels(source: Tensor, merged: Tensor) -> float:
    """How many values of `merged` the range of `source` spans."""
    low, high = _real_range(source)
    assert merged.quantization is not None
    return (high - low) / merged.quantization.scale if merged.quantization.scale > 0 else 256.0


def _real_range(tensor: Tensor) -> tuple[float, float]:
    """The real numbers that a quantized tensor can hold."""
    assert tensor.quantization is not None
    low, high = QUANTIZED_RANGE[tensor.dtype]
    return tensor.quantization.real(low), tensor.quantization.real(high)
