"""F008 optional-input-not-allowed: see rules/file/F008-optional-input-not-allowed.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.names import is_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F008")

#: Stands for an operand that is left out (google-ai-edge/LiteRT tflite/core/c/common.h).
LEFT_OUT = -1

_LSTM = frozenset({1, 5, 9, 10, 11, 12, 16, 17, 20, 21, 22, 23})

#: Input positions that may be left out, by operator: those a kernel of LiteRT reads with
#: GetOptionalInputTensor, or with GetInput and a test for null (the same repository,
#: tflite/kernels/; positions as named there, such as kProjectionBiasTensor = 17 in lstm_shared.h).
OPTIONAL = {
    "FULLY_CONNECTED": frozenset({2}),
    "CONV_3D": frozenset({2}),
    "CONV_3D_TRANSPOSE": frozenset({3}),
    "TRANSPOSE_CONV": frozenset({3}),
    "SVDF": frozenset({3}),
    "PADV2": frozenset({2}),
    "LSTM": _LSTM,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _LSTM,
    "BIDIRECTIONAL_SEQUENCE_LSTM": frozenset(
        {1, 5, 9, 10, 11, 12, 16, 17, 18, 22, 26, 27, 28, 29, 33, 34, *range(39, 48)}
    ),
    "BIDIRECTIONAL_SEQUENCE_RNN": frozenset({9, 10, 11}),
}

#: Operators that hand their inputs on to a subgraph: the newest kernels skip a -1, those of
#: LiteRT 2.3.0 end the process with a segmentation fault.
FORWARDING = frozenset({"IF", "WHILE", "STABLEHLO_CASE", "STABLEHLO_COMPOSITE"})


@rule.op()
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if LEFT_OUT not in op.inputs or op.code is None or op.is_custom:
        return
    if not is_known("BuiltinOperator", op.code.builtin):
        return
    allowed = OPTIONAL.get(op.name, frozenset())
    for position, index in enumerate(op.inputs):
        if index != LEFT_OUT or position in allowed:
            continue
        message = f"input {position} of {op.name} is left out, {_allowed(allowed)}"
        if op.name in FORWARDING and position:
            yield rule.finding(
                op,
                message,
                measured=position,
                why="AllocateTensors of LiteRT 2.3.0 ends in a segmentation fault",
                severity="warning",
            )
        else:
            yield rule.finding(op, message, measured=position)


def _allowed(positions: frozenset[int]) -> str:
    if not positions:
        return "and the operator needs every input"
    return f"only {', '.join(map(str, sorted(positions)))} may be"
