"""F019 buffer-misaligned: see rules/file/F019-buffer-misaligned.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F019")


#: What every processor that LiteRT runs on needs: 32-bit ARM faults below it for floats and words.
WORD = 4


@rule.tensor
def check(tensor: Tensor, ctx: Context) -> Iterator[Finding]:
    width = _alignment(tensor)
    if not tensor.buffer_index or width == 1:
        return
    buffer = tensor.buffer
    position = None if buffer is None else buffer.position
    if buffer is None or position is None or not position % width or not len(buffer.data):
        return
    where = "outside the flatbuffer " if buffer.external else ""
    yield rule.finding(
        tensor,
        f"{tensor.dtype} data {where}at byte {position}, {position % width} past a multiple of "
        f"{width}",
        measured=position,
        limit=width,
        related=(buffer,),
        severity="warning" if position % min(width, WORD) else "",
    )


def _alignment(tensor: Tensor) -> int:
    """What the address of one element must be a multiple of, in bytes."""
    width = max((tensor.bits or 8) // 8, 1)
    return width // 2 if tensor.dtype.startswith("COMPLEX") else width
