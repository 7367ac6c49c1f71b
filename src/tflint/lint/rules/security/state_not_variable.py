"""S014 state-not-variable: see rules/security/S014-state-not-variable.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S014")

#: Inputs that the kernels update in place, and so take only as variables
#: (google-ai-edge/LiteRT tflite/kernels/: svdf.cc, basic_rnn.cc, lstm.cc, unidirectional_sequence_
#: rnn.cc and _lstm.cc, bidirectional_sequence_rnn.cc and _lstm.cc, all by GetVariableInput).
STATES = {
    "BIDIRECTIONAL_SEQUENCE_LSTM": (35, 36, 37, 38),
    "BIDIRECTIONAL_SEQUENCE_RNN": (4, 8),
    "LSTM": (18, 19),
    "RNN": (4,),
    "SVDF": (4,),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": (18, 19),
    "UNIDIRECTIONAL_SEQUENCE_RNN": (4,),
}
#: Operators that LiteRT 2.3.0 refuses when they are prepared; the others fail when they run.
EARLY = frozenset({"BIDIRECTIONAL_SEQUENCE_LSTM", "LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM"})


@rule.op(*STATES)
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    for position in STATES[op.name]:
        tensor = op.input(position)
        if tensor is None or tensor.is_variable:
            continue
        kind = "constant" if tensor.is_constant else "plain tensor"
        yield rule.finding(
            op,
            f"state of {op.name} (input {position}) is a {kind}, not a variable",
            measured=kind,
            limit="variable",
            related=(tensor,),
            why="AllocateTensors fails" if op.name in EARLY else None,
        )
        return
