"""F013 buffer-size-mismatch: see rules/file/F013-buffer-size-mismatch.md."""

from __future__ import annotations

import struct

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Tensor
from tflint.model.strings import BadStrings, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F013")


@rule.tensor
def check(tensor: Tensor, ctx: Context) -> Iterator[Finding]:
    if not tensor.buffer_index:
        return
    buffer = tensor.buffer
    if buffer is None or tensor.sparsity is not None or tensor.table.scalar("external_buffer"):
        return
    if buffer.position is not None and not buffer.external:
        held = len(buffer.data)
    elif buffer.offset > 1 and buffer.offset + buffer.size <= ctx.model.size:
        held = buffer.size
    else:
        return
    # An overflowing shape has no size; F014 reports it.
    needed = tensor.stored_bytes
    if needed is None or any(extent < 0 for extent in tensor.shape) or needed == held:
        return
    message = f"buffer of {held} bytes for {tensor.dtype} {tensor.shape_text}, which takes {needed}"
    if held < needed:
        yield rule.finding(tensor, message, measured=held, limit=needed)
    elif tensor.table.has("shape"):
        yield rule.finding(
            tensor,
            message,
            measured=held,
            limit=needed,
            why=f"LiteRT ignores the last {held - needed} bytes; its verifier refuses the file",
            severity="warning",
        )


@rule.model
def strings(model: Model, ctx: Context) -> Iterator[Finding]:
    """Checks the layout of string buffers: count, an offset per string, the end, the text."""
    if not ctx.settings.data:
        return
    checked: set[int] = set()
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            if tensor.dtype != "STRING" or not tensor.buffer_index:
                continue
            buffer = tensor.buffer
            if buffer is None or buffer.position is None or buffer.out_of_file:
                continue
            # Many tensors can share one buffer: its strings are read once.
            if buffer.position not in checked:
                checked.add(buffer.position)
                yield from _judge_strings(tensor, buffer.data)


def _judge_strings(tensor: Tensor, data: memoryview) -> Iterator[Finding]:
    found = decode(data)
    if not isinstance(found, BadStrings):
        return
    if _excess(data):
        why = "LiteRT ignores the bytes behind the last string; its verifier refuses the file"
        severity = "warning"
    else:
        why = "LiteRT loads it and reads strings outside the buffer; its verifier refuses the file"
        severity = "error"
    yield rule.finding(tensor, found.problem, why=why, severity=severity)


def _excess(data: memoryview) -> bool:
    """Whether the strings are sound and only more bytes follow the last one."""
    if len(data) < 8:
        return False
    (count,) = struct.unpack_from("<I", data)
    at = 4 * (count + 1)
    if at + 4 > len(data):
        return False
    (end,) = struct.unpack_from("<I", data, at)
    return at + 4 <= end < len(data) and not isinstance(decode(data[:end]), BadStrings)
