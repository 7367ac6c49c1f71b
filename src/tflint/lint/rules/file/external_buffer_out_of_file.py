"""F015 external-buffer-out-of-file: see rules/file/F015-external-buffer-out-of-file.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F015")

#: Offsets up to this are placeholders of the writer, not places in the file
#: (google-ai-edge/LiteRT tflite/core/interpreter_builder.cc, ParseTensors and ParseNodes).
PLACEHOLDER = 1

#: Sums wrap at this in the runtime's arithmetic.
WRAP = 2**64


@rule.model
def buffers(model: Model, ctx: Context) -> Iterator[Finding]:
    end = model.size
    used: frozenset[int] | None = None
    for index in range(model.buffer_count):
        buffer = model.buffer(index)
        assert buffer is not None  # the index is in range
        if buffer.offset <= PLACEHOLDER or buffer.offset + buffer.size <= end:
            continue
        if buffer.position is not None and not buffer.external:
            continue  # data inside the flatbuffer wins; the runtime never looks at the offset
        if used is None:
            used = _used(model)
        unused = index not in used
        yield rule.finding(
            buffer,
            _outside("buffer", buffer.offset, buffer.size, end),
            measured=buffer.offset + buffer.size,
            limit=end,
            why="no tensor uses it, so LiteRT loads the file"
            if unused
            else _why(buffer.offset, buffer.size),
            severity="warning" if unused else "",
        )


@rule.op("CUSTOM")
def custom_options(op: Operator, ctx: Context) -> Iterator[Finding]:
    offset = op.table.scalar("large_custom_options_offset")
    size = op.table.scalar("large_custom_options_size")
    end = ctx.model.size
    if offset > PLACEHOLDER and offset + size > end and not op.table.has("custom_options"):
        yield rule.finding(
            op,
            _outside("custom options", offset, size, end),
            measured=offset + size,
            limit=end,
            why=_why(offset, size),
        )


def _used(model: Model) -> frozenset[int]:
    """The buffers that tensors refer to."""
    return frozenset(
        tensor.buffer_index for subgraph in model.subgraphs for tensor in subgraph.tensors
    )


def _outside(what: str, offset: int, size: int, end: int) -> str:
    return f"{what} of {size} bytes at byte {offset}, the file ends at byte {end}"


def _why(offset: int, size: int) -> str | None:
    if offset + size < WRAP:
        return None
    return (
        "offset and size together wrap around 2^64 and pass LiteRT's check: Invoke reads outside "
        "the file or ends in a segmentation fault"
    )
