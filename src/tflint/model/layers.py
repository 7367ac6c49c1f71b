"""Layers: operators with weights and a bias, and what their stored numbers amount to."""

from __future__ import annotations

from tflint.model.calls import reachable
from tflint.model.dtypes import QUANTIZED_RANGE
from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.model import Model
    from tflint.model.operator import Operator
    from tflint.model.tensor import Tensor

#: Operators with a bias, and the positions of input, weights and bias.
OPERANDS = {
    "CONV_2D": (0, 1, 2),
    "DEPTHWISE_CONV_2D": (0, 1, 2),
    "FULLY_CONNECTED": (0, 1, 2),
    "TRANSPOSE_CONV": (2, 1, 3),
}
#: The axis of the weights that holds the output channels
#: (https://ai.google.dev/edge/litert/models/quantization_spec).
CHANNELS = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": 0, "TRANSPOSE_CONV": 0}
#: Rank of the weights.
RANK = {"CONV_2D": 4, "DEPTHWISE_CONV_2D": 4, "FULLY_CONNECTED": 2, "TRANSPOSE_CONV": 4}
#: Types of a quantized bias.
_STORED = {"INT32": "i", "INT64": "q"}


class Layer(NamedTuple):
    """A layer whose input, weights, bias and output are all quantized."""

    operator: Operator
    bias: tuple[float, ...]  #: real value per output channel: stored value x input x weights scale
    stored: tuple[int, ...]  #: the bias as stored
    low: float  #: smallest real number that the output can hold
    high: float  #: largest


@once
def quantized_layers(model: Model) -> tuple[Layer, ...]:
    """The quantized layers with a constant bias, of the subgraphs that can run, in order.

    Left out are those whose numbers contradict each other, and block quantization.
    """
    found = (
        _layer(operator)
        for index in sorted(reachable(model))
        for operator in model.subgraphs[index].operators
        if operator.name in OPERANDS
    )
    return tuple(layer for layer in found if layer is not None)


def weights_of(operator: Operator) -> Tensor | None:
    """The weights of an operator of `OPERANDS`, when they have the rank they need."""
    weights = operator.input(OPERANDS[operator.name][1])
    if weights is None or len(weights.shape) != RANK[operator.name]:
        return None
    return weights


def _layer(operator: Operator) -> Layer | None:
    source, weights, bias = (operator.input(at) for at in OPERANDS[operator.name])
    output = operator.output(0)
    if source is None or weights is None or bias is None or output is None:
        return None
    ours, theirs, made = source.quantization, weights.quantization, output.quantization
    if ours is None or theirs is None or made is None or theirs.details is not None:
        return None
    scales = theirs.scales
    code = _STORED.get(bias.dtype)
    if not scales or not ours.scales or len(made.scales) != 1 or code is None:
        return None
    data = bias.data
    if output.dtype not in QUANTIZED_RANGE or not data or len(data) != bias.stored_bytes:
        return None
    stored = tuple(data.cast(code).tolist())  # type: ignore[call-overload]
    if len(scales) == 1:
        scales = scales * len(stored)
    if len(scales) != len(stored):
        return None
    low, high = QUANTIZED_RANGE[output.dtype]
    return Layer(
        operator,
        tuple(value * ours.scale * scale for value, scale in zip(stored, scales, strict=True)),
        stored,
        (low - made.zero_point) * made.scale,
        (high - made.zero_point) * made.scale,
    )
