"""F011 op-input-aliases-output: see rules/file/F011-op-input-aliases-output.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.options import READ_BY_RUNTIME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F011")

#: Stands for an operand that is left out (google-ai-edge/LiteRT tflite/core/c/common.h).
LEFT_OUT = -1


@rule.op()
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    shared = set(op.outputs).intersection(op.inputs)
    shared.discard(LEFT_OUT)
    if not shared or op.is_custom or op.code is None:
        return
    index = min(shared)
    tensor = op.subgraph.tensor(index)
    # Subgraph::AddNodeWithParameters compares them only where the operator has options
    # (google-ai-edge/LiteRT tflite/core/subgraph.cc).
    unchecked = op.name not in READ_BY_RUNTIME
    yield rule.finding(
        op,
        f"tensor {index} is input {op.inputs.index(index)} and output {op.outputs.index(index)}",
        measured=index,
        why="LiteRT runs it, but the kernel may overwrite values it has still to read"
        if unchecked
        else None,
        related=() if tensor is None else (tensor,),
        severity="warning" if unchecked else "",
    )
