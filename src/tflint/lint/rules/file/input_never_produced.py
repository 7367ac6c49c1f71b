"""F010 input-never-produced: see rules/file/F010-input-never-produced.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph, Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F010")

#: Position of RESHAPE's shape operand. The runtime takes the shape from the options when that
#: tensor has no data and is no vector (google-ai-edge/LiteRT tflite/core/subgraph.cc, InvokeImpl).
RESHAPE_SHAPE = 1


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    ready = set(subgraph.inputs)
    reported: set[int] = set()
    for op in subgraph.operators:
        if not op.is_custom and op.code is not None:
            for position, index in enumerate(op.inputs):
                if index in ready or index in reported:
                    continue
                tensor = subgraph.tensor(index)
                if tensor is not None and not _has_value(tensor) and _needed(op, position, tensor):
                    reported.add(index)
                    yield _unset(op, position, tensor)
        ready.update(op.outputs)
    for position, index in enumerate(subgraph.outputs):
        tensor = subgraph.tensor(index)
        if tensor is None or index in ready or index in reported:
            continue
        if not _has_value(tensor) and tensor.elements:
            reported.add(index)
            yield rule.finding(
                subgraph,
                f'output {position}, tensor {index} "{tensor.name}", is written by no operator',
                measured=index,
                why="it has no memory after Invoke: get_tensor raises ValueError",
                related=(tensor,),
            )


def _has_value(tensor: Tensor) -> bool:
    """Whether the runtime gives the tensor memory before any operator runs."""
    if tensor.is_variable or tensor.table.scalar("external_buffer"):
        return True
    if not tensor.buffer_index:
        return False
    buffer = tensor.buffer
    # A buffer that does not exist is F012's to report, one outside the file F015's.
    return buffer is None or buffer.position is not None or buffer.offset > 1


def _needed(op: Operator, position: int, tensor: Tensor) -> bool:
    if tensor.stored_bytes == 0:
        return False
    return not (op.name == "RESHAPE" and position == RESHAPE_SHAPE and len(tensor.shape) != 1)


def _unset(op: Operator, position: int, tensor: Tensor) -> Finding:
    what = f'input {position}, tensor {tensor.index} "{tensor.name}",'
    later = op.subgraph.producer(tensor.index)
    if later is None:
        return rule.finding(
            op,
            f"{what} has no data and is written by no operator",
            measured=tensor.index,
            related=(tensor,),
        )
    return rule.finding(
        op,
        f"{what} is read before op[{later.index}] {later.label} writes it",
        measured=tensor.index,
        why="LiteRT runs the operators in the order of the file, so this one reads memory that "
        "holds no result yet",
        fix="write the operators in topological order; if they form a cycle, use a variable "
        "tensor or WHILE",
        related=(tensor, later),
    )
