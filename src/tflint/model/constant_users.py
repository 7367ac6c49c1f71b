"""What computes with a constant, and what a value that is not finite does there."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.operator import Operator
    from tflint.model.tensor import Tensor

#: Operators that multiply the constant: infinity times 0 is NaN, and every output gets it.
MULTIPLYING = frozenset(
    {
        "BATCH_MATMUL",
        "BIDIRECTIONAL_SEQUENCE_LSTM",
        "BIDIRECTIONAL_SEQUENCE_RNN",
        "CONV_2D",
        "CONV_3D",
        "CONV_3D_TRANSPOSE",
        "DEPTHWISE_CONV_2D",
        "FULLY_CONNECTED",
        "LSTM",
        "MUL",
        "PRELU",
        "RNN",
        "SVDF",
        "TRANSPOSE_CONV",
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
        "UNIDIRECTIONAL_SEQUENCE_RNN",
    }
)
#: Operators that only choose or compare: infinity is the neutral element or a deliberate mark.
CHOOSING = frozenset(
    {
        "ARG_MAX",
        "ARG_MIN",
        "DILATE",
        "EQUAL",
        "FILL",
        "GREATER",
        "GREATER_EQUAL",
        "LESS",
        "LESS_EQUAL",
        "MAXIMUM",
        "MINIMUM",
        "NOT_EQUAL",
        "PADV2",
        "REDUCE_MAX",
        "REDUCE_MIN",
        "REDUCE_WINDOW",
        "SELECT",
        "SELECT_V2",
        "STABLEHLO_MAXIMUM",
        "STABLEHLO_MINIMUM",
        "STABLEHLO_PAD",
        "STABLEHLO_REDUCE",
        "STABLEHLO_REDUCE_WINDOW",
    }
)
#: Operators that hand the values on: what reads their output decides.
PASSING = frozenset(
    {
        "BROADCAST_TO",
        "CAST",
        "CONCATENATION",
        "DEQUANTIZE",
        "EXPAND_DIMS",
        "PACK",
        "RESHAPE",
        "SLICE",
        "SPLIT",
        "SQUEEZE",
        "STRIDED_SLICE",
        "TILE",
        "TRANSPOSE",
    }
)
#: Operators in a row that are followed from the constant to what computes with it.
HOPS = 8


def users_of(tensor: Tensor) -> list[Operator | None]:
    """The operators that compute with it; None for an output of the subgraph."""
    subgraph = tensor.subgraph
    users: dict[Operator | None, None] = {}
    seen, pending = {tensor.index}, [tensor.index]
    for _ in range(HOPS):
        reached = []
        for index in pending:
            if index in subgraph.outputs:
                users[None] = None
            for op in subgraph.consumers(index):
                if op.name in PASSING:
                    reached += [output for output in op.outputs if output not in seen]
                    seen.update(op.outputs)
                else:
                    users[op] = None
        pending = reached
    return list(users)
