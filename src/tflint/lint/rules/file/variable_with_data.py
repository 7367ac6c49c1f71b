"""F027 variable-with-data: see rules/file/F027-variable-with-data.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F027")

#: Types that a variable tensor cannot have: the runtime allocates them as it goes
#: (google-ai-edge/LiteRT tflite/core/subgraph.cc, SetTensorParametersReadWrite).
UNSIZED = frozenset({"STRING", "RESOURCE", "VARIANT"})


@rule.tensor
def check(tensor: Tensor, ctx: Context) -> Iterator[Finding]:
    external = tensor.table.scalar("external_buffer")
    if not tensor.is_variable and not external:
        return
    kind = "variable" if tensor.is_variable else "externally buffered"
    buffer = tensor.buffer if tensor.buffer_index else None
    if buffer is not None and (buffer.position is not None or buffer.offset > 1):
        yield rule.finding(
            tensor,
            f"{kind} tensor with {len(buffer.data)} bytes of data in buffer {buffer.index}",
            measured=len(buffer.data),
            limit=0,
            related=(buffer,),
        )
    elif tensor.is_variable and tensor.dtype in UNSIZED:
        yield rule.finding(
            tensor,
            f"variable tensor of type {tensor.dtype}",
            measured=tensor.dtype,
            why="LiteRT refuses the file: a variable of this type is not supported",
            fix="give the variable a type of fixed width",
        )
