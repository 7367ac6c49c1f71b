"""Q022 dead-channel: see rules/quantization/Q022-dead-channel.md."""

from __future__ import annotations

from math import isfinite

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator, Tensor
from tflint.model.calls import reachable
from tflint.model.layers import CHANNELS, weights_of
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q022", data=True)

#: Bytes of an element of the types whose zero is all bits 0. Sub-byte types are packed.
WIDTH = {"INT8": 1, "INT16": 2, "FLOAT16": 2, "BFLOAT16": 2, "FLOAT32": 4}
#: Fewest channels of a layer: one that has a single channel and zeros is a constant by design.
FEWEST = 2


class Dead(NamedTuple):
    """A layer with output channels whose weights are all 0."""

    operator: Operator
    dead: int
    channels: int
    rounded: bool  #: whether one scale for all channels may have rounded them to 0


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    seen: dict[tuple[int, str], int] = {}
    found = []
    for index in sorted(reachable(model)):
        for op in model.subgraphs[index].operators:
            weights = weights_of(op) if op.name in CHANNELS else None
            if weights is None or not weights.is_constant:
                continue
            key = weights.buffer_index, op.name
            if key not in seen:
                seen[key] = _zero_channels(weights, CHANNELS[op.name])
                channels = weights.shape[CHANNELS[op.name]]
                # A layer of zeros only is a placeholder.
                if FEWEST <= channels != seen[key] > 0:
                    rounded = _one_scale(weights)
                    found.append(Dead(op, seen[key], channels, rounded))
    lost = [layer for layer in found if layer.rounded]
    empty = [layer for layer in found if not layer.rounded]
    if lost:
        yield _finding(
            lost,
            "one weight scale for all channels has rounded them to 0, and what they computed is "
            "lost",
            "warning",
            "quantize the weights per channel; if they are 0 in the float model, remove the "
            "channels",
        )
    if empty:
        yield _finding(empty, None, "", None)


def _finding(found: list[Dead], why: str | None, severity: str, fix: str | None) -> Finding:
    worst = max(found, key=lambda layer: layer.dead / layer.channels)
    total = sum(layer.dead for layer in found)
    layers = f" in {len(found)} layers" if len(found) > 1 else ""
    at = f", most of them {worst.dead} of {worst.channels}" if len(found) > 1 else ""
    return rule.finding(
        worst.operator,
        f"{total} output channel{'' if total == 1 else 's'}{layers} have weights that are all 0"
        f"{at or f', of {worst.channels}'}",
        measured=total,
        limit=0,
        severity=severity,
        why=why,
        fix=fix,
        related=tuple(layer.operator for layer in found if layer is not worst)[:8],
    )


def _one_scale(weights: Tensor) -> bool:
    quantization = weights.quantization
    return quantization is not None and len(quantization.scales) == 1


def _zero_channels(weights: Tensor, axis: int) -> int:
    """Output channels without any weight but 0; 0 when the weights cannot be read."""
    width = WIDTH.get(weights.dtype)
    data = weights.data
    quantization = weights.quantization
    if width is None or weights.sparsity is not None or len(data) != weights.stored_bytes:
        return 0
    if quantization is not None and not all(map(isfinite, quantization.scales)):
        return 0
    channels = weights.shape[axis]
    if not channels or not data:
        return 0
    if axis == 0:
        size = len(data) // channels
        # Of floats, -0.0 has a bit set; no converter writes it throughout a channel.
        return sum(not any(data[at : at + size]) for at in range(0, len(data), size))
    # The channels are innermost: bytes `width * channel + n` of every group are this one's.
    group = channels * width
    return sum(
        not any(any(data[at + byte :: group]) for byte in range(width))
        for at in range(0, group, width)
    )
