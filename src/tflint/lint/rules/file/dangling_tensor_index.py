"""F007 dangling-tensor-index: see rules/file/F007-dangling-tensor-index.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F007")

#: Stands for an operand that is left out (google-ai-edge/LiteRT tflite/core/c/common.h).
LEFT_OUT = -1

#: Builtin operators whose kernels skip an output that is left out (the same repository,
#: tflite/kernels/: if.cc, while.cc, stablehlo_case.cc, stablehlo_composite.cc, call_once.cc); the
#: second output of the bidirectional ones is not made when outputs are merged.
OPTIONAL_OUTPUTS = frozenset(
    {
        "IF",
        "WHILE",
        "CALL_ONCE",
        "STABLEHLO_CASE",
        "STABLEHLO_COMPOSITE",
        "BIDIRECTIONAL_SEQUENCE_LSTM",
        "BIDIRECTIONAL_SEQUENCE_RNN",
    }
)

#: Operators whose kernels look at their intermediates (tflite/kernels/lstm.cc and
#: unidirectional_sequence_lstm.cc); all others ignore the field.
WITH_INTERMEDIATES = ("LSTM", "UNIDIRECTIONAL_SEQUENCE_LSTM")


@rule.op()
def operands(op: Operator, ctx: Context) -> Iterator[Finding]:
    count = op.subgraph.tensor_count
    yield from _check(op, "input", op.inputs, count, LEFT_OUT)
    optional = op.is_custom or op.name in OPTIONAL_OUTPUTS or op.code is None
    yield from _check(op, "output", op.outputs, count, LEFT_OUT if optional else 0)


@rule.op(*WITH_INTERMEDIATES)
def intermediates(op: Operator, ctx: Context) -> Iterator[Finding]:
    yield from _check(op, "intermediate", op.intermediates, op.subgraph.tensor_count, LEFT_OUT)


@rule.subgraph
def ends(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    count = subgraph.tensor_count
    yield from _check(subgraph, "input", subgraph.inputs, count, 0)
    yield from _check(subgraph, "output", subgraph.outputs, count, 0)


def _check(
    where: Operator | Subgraph, role: str, indices: tuple[int, ...], count: int, lowest: int
) -> Iterator[Finding]:
    if not indices or (min(indices) >= lowest and max(indices) < count):
        return
    for position, index in enumerate(indices):
        if lowest <= index < count:
            continue
        if index == LEFT_OUT:
            subject = "subgraph" if isinstance(where, Subgraph) else where.label
            message = f"{role} {position} is -1, left out, but {subject} needs a tensor there"
            why, severity = _left_out(where, role)
        else:
            message = f"{role} {position} is tensor {index}, but the subgraph has {count}"
            why, severity = None, ""
        # A damaged list is one finding, however many of its indices are wrong.
        yield rule.finding(where, message, measured=index, limit=count, why=why, severity=severity)
        return


def _left_out(where: Operator | Subgraph, role: str) -> tuple[str, str]:
    """Consequence and severity of a -1 where a tensor is needed."""
    if isinstance(where, Operator):
        return "the kernel finds no tensor to write: AllocateTensors fails", "error"
    if role == "output":
        why = "get_output_details raises ValueError, and Invoke reads outside the list of tensors"
        return why, "error"
    return "the interpreter runs it, but get_input_details raises ValueError", "warning"
