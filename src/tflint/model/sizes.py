"""What the bytes of a file are spent on.

Every byte of the file is counted once: what several buffers share counts for the first of them.
"""

from __future__ import annotations

from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.model import Model
    from tflint.model.operator import Operator

#: Writers leave fewer bytes than this behind the last one that belongs to the flatbuffer: padding,
#: or a table that nothing refers to.
_PADDING = 16
#: Operators that only unpack a constant for the next one.
_UNPACKING = frozenset({"DEQUANTIZE", "DENSIFY"})
#: Signatures of a zip archive: its first file, or its directory's end when it has none.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
#: The end of the directory, and how far from the end of the file it may be: a comment may follow.
_ZIP_END, _ZIP_TAIL = b"PK\x05\x06", 22 + 65535

_WEIGHTS, _METADATA, _UNUSED, _CUSTOM = range(4)


class Breakdown(NamedTuple):
    """Bytes by what they hold; the six parts add up to the size of the file."""

    weights: int  #: constants of tensors
    metadata: int  #: buffers of metadata entries
    unused: int  #: buffers that nothing refers to
    custom: int  #: options of custom operators, and compiled programs they point to
    structure: int  #: everything else in the flatbuffer: tables, names, padding
    appended: int  #: bytes behind the model: a zip archive of associated files, or anything

    by_dtype: dict[str, int]  #: weights by element type, largest first
    #: Weights by operator that reads them first, largest first; "" for those that none reads.
    #: Where DEQUANTIZE or DENSIFY only unpack them, by the operator behind it.
    by_operator: dict[str, int]
    external: int  #: the part of the above that lies behind the flatbuffer, referred to by offset
    zip: int  #: the part of `appended` that is a zip archive
    unused_buffers: tuple[int, ...]  #: indices of the buffers in `unused`


class _Extent(NamedTuple):
    """Bytes of the file that something refers to."""

    start: int
    end: int
    use: int
    dtype: str
    operator: str


@once
def breakdown(model: Model) -> Breakdown:
    """The size of the model's file, by part."""
    extents, unused_buffers = _extents(model)
    _add_custom(model, extents)
    extents.sort()
    parts = [0, 0, 0, 0]
    by_dtype: dict[str, int] = {}
    by_operator: dict[str, int] = {}
    structure_end = model.verification.end
    cursor = external = 0
    for start, end, use, dtype, operator in extents:
        fresh = max(end - max(start, cursor), 0)
        external += max(end - max(start, cursor, structure_end), 0)
        cursor = max(cursor, end)
        parts[use] += fresh
        if use == _WEIGHTS:
            by_dtype[dtype] = by_dtype.get(dtype, 0) + fresh
            by_operator[operator] = by_operator.get(operator, 0) + fresh
    model_end = max(structure_end, cursor)
    tail = model.data[model_end:]
    if len(tail) < _PADDING:
        model_end = model.size
        tail = tail[:0]
    return Breakdown(
        weights=parts[_WEIGHTS],
        metadata=parts[_METADATA],
        unused=parts[_UNUSED],
        custom=parts[_CUSTOM],
        structure=model_end - sum(parts),
        appended=len(tail),
        by_dtype=_largest_first(by_dtype),
        by_operator=_largest_first(by_operator),
        external=external,
        zip=_zip_bytes(tail),
        unused_buffers=unused_buffers,
    )


def _largest_first(sizes: dict[str, int]) -> dict[str, int]:
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))


def _extents(model: Model) -> tuple[list[_Extent], tuple[int, ...]]:
    """The data of every buffer with what it is used for, and the indices of unused ones."""
    weights = _weights(model)
    metadata = {entry.buffer_index for entry in model.metadata}
    metadata.update(model.root.numbers("metadata_buffer"))
    extents, unused = [], []
    for index in range(model.buffer_count):
        buffer = model.buffer(index)
        if buffer is None:
            continue
        start, size = buffer.position, len(buffer.data)
        if start is None or not size:
            continue
        dtype, operator = weights.get(index, ("", ""))
        if index in weights:
            use = _WEIGHTS
        elif index in metadata:
            use = _METADATA
        else:
            use = _UNUSED
            unused.append(index)
        extents.append(_Extent(start, start + size, use, dtype, operator))
    return extents, tuple(unused)


def _weights(model: Model) -> dict[int, tuple[str, str]]:
    """By index of each buffer that tensors use: element type, and operator that reads it first."""
    found: dict[int, tuple[str, str]] = {}
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            for tensor in operator.input_tensors:
                if tensor is not None and tensor.buffer_index:
                    found.setdefault(tensor.buffer_index, (tensor.dtype, _reader(operator)))
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            found.setdefault(tensor.buffer_index, (tensor.dtype, ""))
    # Buffer 0 stands for "no constant"; data in it is reached by nothing.
    found.pop(0, None)
    return found


def _reader(operator: Operator) -> str:
    """The operator that works with a constant: behind DEQUANTIZE, the one that reads its result."""
    if operator.name in _UNPACKING and operator.outputs:
        readers = operator.subgraph.consumers(operator.outputs[0])
        if readers:
            return readers[0].label
    return operator.label


def _add_custom(model: Model, extents: list[_Extent]) -> None:
    """Adds the options of custom operators, and compiled programs behind the flatbuffer."""
    codes = {code.position for code in model.operator_codes if code.name == "CUSTOM"}
    if not codes:
        return
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            if operator.code_index not in codes:
                continue
            table = operator.table
            start, size = table.vector_start("custom_options"), len(operator.custom_options)
            if start is None:
                start = table.scalar("large_custom_options_offset")
            if size:
                extents.append(_Extent(start, start + size, _CUSTOM, "", operator.label))
            if operator.label == "DISPATCH_OP":
                extents += _program(model, operator.custom_options, operator.label)


def _program(model: Model, options: memoryview, label: str) -> list[_Extent]:
    """The program a dispatch operator points to (litert/core/dispatch_op_schema.cc)."""
    from tflint.model.flexbuffer import decode

    found = decode(options)
    if not isinstance(found, dict):
        return []
    start, size = found.get("bytecode_offset"), found.get("bytecode_size")
    if not isinstance(start, int) or not isinstance(size, int):
        return []
    if start <= 0 or size <= 0 or start + size > model.size:
        return []
    return [_Extent(start, start + size, _CUSTOM, "", label)]


def _zip_bytes(tail: memoryview) -> int:
    """Bytes of the zip archive at the end of `tail`; 0 without one."""
    end = bytes(tail[max(len(tail) - _ZIP_TAIL, 0) :])
    if _ZIP_END not in end:
        return 0
    # The archive mostly begins right behind the model, where a writer appended it.
    head = bytes(tail[:_ZIP_TAIL])
    starts = [at for at in (head.find(signature) for signature in _ZIP) if at >= 0]
    return len(tail) - min(starts) if starts else len(end) - end.rfind(_ZIP_END)
