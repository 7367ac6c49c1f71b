"""Q012 scale-zero-nan-inf-negative: its page has the manual.

See rules/quantization/Q012-scale-zero-nan-inf-negative.md.
"""

from __future__ import annotations

from math import isfinite

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q012")

#: Smallest normal FLOAT32 (IEEE 754). XNNPACK and the ratio of two scales need normal numbers
#: (google-ai-edge/LiteRT tflite/delegates/xnnpack/xnnpack_delegate.cc, "unsupported scale value").
SMALLEST_NORMAL = 2.0**-126

#: Types whose scale counts. Others carry scales of 0 or 1 that nothing reads.
QUANTIZED = frozenset({"INT2", "INT4", "UINT4", "INT8", "UINT8", "INT16"})
#: Types of biases: without a scale they are plain integers, which some writers spell as scale 0.
BIAS = frozenset({"INT32", "INT64"})


@rule.tensor
def check(tensor: Tensor, ctx: Context) -> Iterator[Finding]:
    bad = unusable(tensor)
    if not bad or not _in_use(tensor) or _follows(tensor):
        return
    quantization = tensor.quantization
    assert quantization is not None
    total = len(quantization.scales)
    worst = min(bad, key=_rank)
    measured = f"{worst:.3g}"
    reason = _reason(worst)
    if total == 1:
        yield rule.finding(tensor, f"scale {measured} {reason}", measured=measured)
        return
    # A dead channel of weights costs its own output only; anything else ruins the operator.
    dead = tensor.is_constant and len(bad) < total and all(_rank(scale) >= _ZERO for scale in bad)
    yield rule.finding(
        tensor,
        f"{len(bad)} of {total} scales cannot be used: {measured} {reason}",
        measured=measured,
        severity="warning" if dead else "",
        why="these channels give their bias whatever the input is, and XNNPACK does not take the "
        "operator"
        if dead
        else None,
        fix="remove the dead channels from the model, or keep their weights from becoming 0"
        if dead
        else None,
    )


def unusable(tensor: Tensor) -> list[float]:
    """The scales that no kernel can compute with."""
    if tensor.dtype not in QUANTIZED and tensor.dtype not in BIAS:
        return []
    quantization = tensor.quantization
    if quantization is None:
        return []
    scales = quantization.scales
    # A sum is finite only when every term is.
    if not scales or (min(scales) >= SMALLEST_NORMAL and isfinite(sum(scales))):
        return []
    bad = [scale for scale in scales if not isfinite(scale) or scale < SMALLEST_NORMAL]
    if tensor.dtype in BIAS and not any(bad):
        return []
    return bad


#: Order of the reasons, gravest first.
_ZERO = 3


def _rank(scale: float) -> int:
    if scale != scale:
        return 0
    if not isfinite(scale):
        return 1
    return 2 if scale < 0 else _ZERO if scale == 0 else _ZERO + 1


def _reason(scale: float) -> str:
    if not isfinite(scale):
        return "is not a finite number"
    if scale < 0:
        return "is negative"
    if scale == 0:
        return "maps every stored value to 0"
    return f"is below {SMALLEST_NORMAL:.3g}, the smallest normal FLOAT32"


def _in_use(tensor: Tensor) -> bool:
    subgraph = tensor.subgraph
    return (
        tensor.index in subgraph.outputs
        or bool(subgraph.consumers(tensor.index))
        or subgraph.producer(tensor.index) is not None
    )


def _follows(tensor: Tensor) -> bool:
    """Whether it is a bias whose scale is the product of scales that are reported themselves."""
    if tensor.dtype not in BIAS:
        return False
    return any(
        other is not None and other.index != tensor.index and unusable(other)
        for op in tensor.subgraph.consumers(tensor.index)
        for other in op.input_tensors
    )
