"""Multiply-accumulates (MACs) per operator and per model.

Convention: one MAC is one multiplication whose product is added to a sum, in a convolution, a
matrix product or a recurrent cell. Bias, activation, pooling, normalization and elementwise
arithmetic count 0, as does data movement. The figures published for MobileNet are counted this
way (tensorflow/models research/slim/nets/mobilenet/README.md). The converter's own count
(google-ai-edge/LiteRT tflite/converter/utils/arithmetic_count_util.h) is of operations: twice
this, plus bias and elementwise arithmetic.

Shapes are those in the file: where the batch is unknown until run time, the count is for one.
"""

from __future__ import annotations

from math import prod

from tflint.model.calls import CALLS, callees_first, calls_of
from tflint.model.names import is_known
from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tflint.model.model import Model
    from tflint.model.operator import Operator
    from tflint.model.subgraph import Subgraph

#: Operators that run a subgraph once per call; what the others cost depends on run-time values.
_RUN_ONCE = frozenset({"CALL", "STABLEHLO_COMPOSITE"})
#: Operators whose subgraph holds no multiply-accumulates of an inference: an initializer that runs
#: before the first one, or a reducer or comparison of two scalars.
_WITHOUT = frozenset(
    {
        "CALL_ONCE",
        "STABLEHLO_REDUCE",
        "STABLEHLO_REDUCE_WINDOW",
        "STABLEHLO_SCATTER",
        "STABLEHLO_SORT",
    }
)
#: Builtin codes that stand for something else, so that nothing is known of them.
_OPAQUE = frozenset({"CUSTOM", "DELEGATE", "PLACEHOLDER_FOR_GREATER_OP_CODES"})


class Cost(NamedTuple):
    """MACs of several operators."""

    macs: int  #: of the operators that could be counted
    uncounted: int  #: operators whose MACs are unknown: custom ones, loops, unknown shapes


def macs(operator: Operator) -> int | None:
    """Multiply-accumulates of one operator in one invocation of its subgraph.

    None when unknown: a custom operator, a loop or branch, or an operand without a shape.
    Operators that run a subgraph exactly once cost what that costs, if all of it is known.
    """
    if operator.name in _RUN_ONCE:
        return _macs(operator, _costs(operator.subgraph.model))
    return _macs(operator, {})


def subgraph_macs(subgraph: Subgraph) -> Cost:
    """The sum over the operators of one subgraph."""
    return _costs(subgraph.model)[subgraph.index]


def model_macs(model: Model) -> Cost:
    """The sum over the operators of the first subgraph, the default entry point."""
    return _costs(model).get(0, Cost(0, 0))


@once
def _costs(model: Model) -> dict[int, Cost]:
    """The cost of every subgraph; where calls form a cycle, the operator closing it is unknown."""
    known: dict[int, Cost] = {}
    for index in callees_first(model):
        total = uncounted = 0
        for operator in model.subgraphs[index].operators:
            found = _macs(operator, known)
            if found is None:
                uncounted += 1
            else:
                total += found
        known[index] = Cost(total, uncounted)
    return known


def _macs(operator: Operator, known: dict[int, Cost]) -> int | None:
    name = operator.name
    count = _COUNTS.get(operator.label if name == "CUSTOM" else name)
    if count is not None:
        return count(operator)
    if name in _RUN_ONCE:
        called = [known.get(call.subgraph) for call in calls_of(operator)]
        found = called[0] if called else None
        return found.macs if found is not None and not found.uncounted else None
    if (name in CALLS and name not in _WITHOUT) or name in _OPAQUE or operator.code is None:
        return None
    return 0 if is_known("BuiltinOperator", operator.code.builtin) else None


def _shape(operator: Operator, position: int) -> tuple[int, ...] | None:
    """Shape of an input; None when it is left out, negative, or a scalar or of unknown rank."""
    tensor = operator.input(position)
    if tensor is None or not tensor.shape or min(tensor.shape) < 0:
        return None
    return tensor.shape


def _output(operator: Operator) -> int | None:
    """Elements of the first output; None without a shape."""
    tensor = operator.output(0)
    return tensor.elements if tensor is not None and tensor.shape else None


def _filtered(
    fan_in: Callable[[tuple[int, ...]], int], rank: int
) -> Callable[[Operator], int | None]:
    """Counts a convolution: each output value is the sum of `fan_in(filter shape)` products."""

    def count(operator: Operator) -> int | None:
        kernel, outputs = _shape(operator, 1), _output(operator)
        if kernel is None or outputs is None or len(kernel) != rank:
            return None
        return outputs * fan_in(kernel)

    return count


def _scattered(
    data: int, fan_out: Callable[[tuple[int, ...]], int], rank: int
) -> Callable[[Operator], int | None]:
    """Counts a transposed convolution: each input value goes into `fan_out(filter shape)` sums.

    Args:
        data: position of the input that is convolved.
    """

    def count(operator: Operator) -> int | None:
        kernel, values = _shape(operator, 1), _shape(operator, data)
        if kernel is None or values is None or len(kernel) != rank:
            return None
        return prod(values) * fan_out(kernel)

    return count


def _fully_connected(operator: Operator) -> int | None:
    values, weights = _shape(operator, 0), _shape(operator, 1)
    if values is None or weights is None or len(weights) != 2 or not weights[1]:
        return None
    return prod(values) // weights[1] * prod(weights)


def _batch_matmul(operator: Operator) -> int | None:
    left, outputs = _shape(operator, 0), _output(operator)
    if left is None or outputs is None or len(left) < 2:
        return None
    return outputs * left[-2 if operator.option("adj_x", False) else -1]


def _recurrent(
    data: int, weights: Sequence[int], *, steps: bool = False
) -> Callable[[Operator], int | None]:
    """Counts a recurrent cell: every weight is used once per batch entry and time step.

    Args:
        data: position of the input, [batch, features] or [batch, time, features].
        weights: positions of weight matrices and diagonals; those left out count nothing.
        steps: whether the input has a time dimension, before or after the batch.
    """

    def count(operator: Operator) -> int | None:
        values = _shape(operator, data)
        if values is None or len(values) != (3 if steps else 2):
            return None
        total = 0
        for position in weights:
            tensor = operator.input(position)
            if tensor is not None:
                total += tensor.elements
        return prod(values[:-1]) * total

    return count


def _lstm(operator: Operator) -> int | None:
    # The basic kernel has one matrix for all gates and five inputs
    # (google-ai-edge/LiteRT tflite/kernels/lstm.cc, namespace basic).
    if operator.option("kernel_type") == "BASIC" or len(operator.inputs) == 5:
        return _recurrent(0, (2,))(operator)
    return _recurrent(0, _LSTM_WEIGHTS)(operator)


def _stablehlo_convolution(operator: Operator) -> int | None:
    kernel, outputs = _shape(operator, 1), _output(operator)
    feature: int | None = operator.option("kernel_output_feature_dimension")
    if kernel is None or outputs is None or feature is None or not 0 <= feature < len(kernel):
        return None
    return outputs * prod(kernel[:feature] + kernel[feature + 1 :])


def _stablehlo_dot_general(operator: Operator) -> int | None:
    left, outputs = _shape(operator, 0), _output(operator)
    summed: tuple[int, ...] | None = operator.option("lhs_contracting_dimensions")
    if left is None or outputs is None or summed is None:
        return None
    if any(not 0 <= axis < len(left) for axis in summed):
        return None
    return outputs * prod(left[axis] for axis in summed)


#: Input, recurrent, peephole and projection weights (tflite/kernels/lstm_shared.h).
_LSTM_WEIGHTS = (*range(1, 12), 16)
#: The same, forward and backward, and both sets of auxiliary weights
#: (tflite/kernels/bidirectional_sequence_lstm.cc).
_BIDIRECTIONAL_LSTM_WEIGHTS = (*range(1, 12), 16, *range(18, 29), 33, *range(40, 48))

#: Filters are [out, h, w, in] but for depthwise, [1, h, w, out], and 3-D, [d, h, w, in, out] and
#: transposed [d, h, w, out, in]. A grouped filter's `in` is that of one group.
_COUNTS: dict[str, Callable[[Operator], int | None]] = {
    "CONV_2D": _filtered(lambda kernel: kernel[1] * kernel[2] * kernel[3], 4),
    "DEPTHWISE_CONV_2D": _filtered(lambda kernel: kernel[1] * kernel[2], 4),
    "CONV_3D": _filtered(lambda kernel: prod(kernel[:4]), 5),
    "TRANSPOSE_CONV": _scattered(2, lambda kernel: prod(kernel[:3]), 4),
    "CONV_3D_TRANSPOSE": _scattered(2, lambda kernel: prod(kernel[:4]), 5),
    # MediaPipe's transposed convolution with bias: input, filter, bias
    # (google/mediapipe mediapipe/util/tflite/operations/transpose_conv_bias.cc).
    "Convolution2DTransposeBias": _scattered(0, lambda kernel: prod(kernel[:3]), 4),
    "FULLY_CONNECTED": _fully_connected,
    "BATCH_MATMUL": _batch_matmul,
    "LSTM": _lstm,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _recurrent(0, _LSTM_WEIGHTS, steps=True),
    "BIDIRECTIONAL_SEQUENCE_LSTM": _recurrent(0, _BIDIRECTIONAL_LSTM_WEIGHTS, steps=True),
    "RNN": _recurrent(0, (1, 2)),
    "UNIDIRECTIONAL_SEQUENCE_RNN": _recurrent(0, (1, 2), steps=True),
    "BIDIRECTIONAL_SEQUENCE_RNN": _recurrent(0, (1, 2, 5, 6, 10, 11), steps=True),
    "SVDF": _recurrent(0, (1, 2)),
    "STABLEHLO_CONVOLUTION": _stablehlo_convolution,
    "STABLEHLO_DOT_GENERAL": _stablehlo_dot_general,
}
