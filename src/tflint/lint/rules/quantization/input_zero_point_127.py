"""Q035 input-zero-point-127: see rules/quantization/Q035-input-zero-point-127.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Subgraph, Tensor
from tflint.model.calls import entry_points
from tflint.model.dtypes import FLOATING, QUANTIZED_RANGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q035")

#: Types of asymmetric activations: their zero point follows from the calibrated range.
ASYMMETRIC = frozenset({"INT8", "UINT8"})
#: Smallest scale that comes from data other than zeros: below, the range says nothing.
SMALLEST = 1e-6
#: Channels of a colour image.
COLOURS = 3


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in entry_points(subgraph.model):
        return
    for given in subgraph.input_tensors:
        if given is None:
            continue
        tensor = _quantized(given)
        quantization = tensor.quantization if tensor is not None else None
        if tensor is None or quantization is None or len(quantization.scales) != 1:
            continue
        low, high = QUANTIZED_RANGE[tensor.dtype]
        scale, zero = quantization.scale, quantization.zero_point
        if zero != high or not scale >= SMALLEST:
            continue
        image = len(given.shape) == 4 and given.shape[3] == COLOURS
        yield rule.finding(
            tensor,
            f"input can hold {(low - zero) * scale:.4g} to 0 and nothing above: zero point {zero} "
            f"is the largest {tensor.dtype}",
            measured=zero,
            limit=f"below {high}",
            severity="" if image else "info",
            related=(given,) if tensor is not given else (),
        )


def _quantized(given: Tensor) -> Tensor | None:
    """The input as quantized values: itself, or what the QUANTIZE behind a float input makes."""
    if given.dtype in ASYMMETRIC:
        return given
    if given.dtype not in FLOATING:
        return None
    readers = given.subgraph.consumers(given.index)
    if len(readers) != 1 or readers[0].name != "QUANTIZE":
        return None
    made = readers[0].output(0)
    return made if made is not None and made.dtype in ASYMMETRIC else None
