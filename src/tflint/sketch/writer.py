"""A model as plain data to a flatbuffer, for every table of the schema alike.

The only module that imports `flatbuffers`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import flatbuffers

from tflint._generated.schema import ENUMS, TABLES
from tflint.flatbuf.reader import (
    DEPRECATED,
    SCALAR,
    SCALARS,
    STRING,
    STRINGS,
    TABLE,
    WIDTH,
)
from tflint.flatbuf.reader import TABLES as ROWS
from tflint.sketch.tokens import raw_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tflint.sketch.assemble import Placed

#: Alignment of vectors that the schema aligns more than their elements need, in bytes
#: (google-ai-edge/LiteRT tflite/converter/schema/schema.fbs, `force_align`).
ALIGNMENT = {
    ("Buffer", "data"): 16,
    ("CustomQuantization", "custom"): 16,
    ("Uint16Vector", "values"): 4,
    ("Uint8Vector", "values"): 4,
}
#: Where bytes outside the flatbuffer begin: at multiples of this, as tensor data does inside.
OUTSIDE_ALIGNMENT = 16
_PREPEND = {
    "?": "Bool",
    "b": "Int8",
    "B": "Uint8",
    "h": "Int16",
    "H": "Uint16",
    "i": "Int32",
    "I": "Uint32",
    "q": "Int64",
    "Q": "Uint64",
    "f": "Float32",
    "d": "Float64",
}


def write(
    model: dict[str, Any],
    identifier: bytes | None = b"TFL3",
    outside: Sequence[Placed] = (),
    appended: bytes = b"",
) -> bytes:
    """The bytes of a model file.

    Args:
        model: the fields of the schema's `Model`, as `tflint.model.operator.decode_all` gives them;
            enums may be numbers, vectors of bytes may be bytes. A field left out or None is not
            written; an empty vector is.
        identifier: four bytes, or None for a file without.
        outside: bytes that follow the flatbuffer, with the fields that point to them.
        appended: bytes at the end of the file.
    """
    for place in outside:
        place.holder[place.offset] = OUTSIDE_ALIGNMENT
        place.holder[place.size] = len(place.data)
    flatbuffer = _flatbuffer(model, identifier)
    if outside:
        # Offsets have a fixed width, so writing the real ones does not move anything.
        end = len(flatbuffer)
        for place in outside:
            place.holder[place.offset] = end = _aligned(end)
            end += len(place.data)
        flatbuffer = _flatbuffer(model, identifier)
    parts = [flatbuffer]
    end = len(flatbuffer)
    for place in outside:
        start = _aligned(end)
        parts += [bytes(start - end), place.data]
        end = start + len(place.data)
    return b"".join([*parts, appended])


def _aligned(position: int) -> int:
    return -(-position // OUTSIDE_ALIGNMENT) * OUTSIDE_ALIGNMENT


def _flatbuffer(model: dict[str, Any], identifier: bytes | None) -> bytes:
    builder = flatbuffers.Builder(1024)
    root = _table(builder, "Model", model)
    builder.Finish(root, file_identifier=identifier)
    return bytes(builder.Output())


def _table(builder: Any, name: str, fields: dict[str, Any]) -> int:
    """Writes one table and all it points to; returns its offset."""
    schema = TABLES[name]
    offsets: dict[int, int] = {}
    for slot, field in enumerate(schema):
        value = fields.get(field[0])
        if value is not None and field[1] not in (SCALAR, DEPRECATED):
            offsets[slot] = _child(builder, name, field, value, fields)
    builder.StartObject(len(schema))
    for slot, (field_name, kind, code, default, enum) in enumerate(schema):
        if slot in offsets:
            builder.PrependUOffsetTRelativeSlot(slot, offsets[slot], 0)
        elif kind == SCALAR and fields.get(field_name) is not None:
            value = _number(enum, fields[field_name])
            getattr(builder, f"Prepend{_PREPEND[code]}Slot")(slot, value, default)
    offset: int = builder.EndObject()
    return offset


def _child(builder: Any, table: str, field: Any, value: Any, fields: dict[str, Any]) -> int:
    """Writes what an offset field points to."""
    name, kind, of, _, enum = field
    if kind == STRING:
        return _string(builder, value)
    if kind == SCALARS:
        return _vector(builder, of, enum, value, ALIGNMENT.get((table, name), WIDTH[of]))
    if kind == TABLE:
        return _table(builder, of, value)
    if kind == STRINGS:
        return _offsets(builder, [_string(builder, item) for item in value])
    if kind == ROWS:
        return _offsets(builder, [_table(builder, of, item) for item in value])
    return _table(builder, of[fields[f"{name}_type"]], value)


def _string(builder: Any, text: str) -> int:
    offset: int = builder.CreateString(raw_bytes(text))
    return offset


def _offsets(builder: Any, offsets: list[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    found: int = builder.EndVector()
    return found


def _vector(builder: Any, code: str, enum: str | None, value: Any, alignment: int) -> int:
    if code == "B" and isinstance(value, bytes | memoryview):
        builder.StartVector(1, len(value), alignment)
        builder.head -= len(value)
        builder.Bytes[builder.head : builder.head + len(value)] = value
    else:
        builder.StartVector(WIDTH[code], len(value), alignment)
        prepend = getattr(builder, f"Prepend{_PREPEND[code]}")
        for item in reversed(value):
            prepend(_number(enum, item))
    found: int = builder.EndVector()
    return found


def _number(enum: str | None, value: Any) -> Any:
    """An enum's number from its name, such as `TYPE_37`; any other value as it is."""
    if enum and isinstance(value, str):
        found = _numbers(enum).get(value)
        return int(value.rpartition("_")[2]) if found is None else found
    return value


@cache
def _numbers(enum: str) -> dict[str, int]:
    return {name: number for number, name in ENUMS[enum].items()}
