"""Flex operators: TensorFlow operators that the Select TF ops delegate runs.

Their custom options are a FlexBuffer vector of two strings: the operator's name and a serialized
TensorFlow NodeDef (google-ai-edge/LiteRT tflite/converter/flatbuffer_export.cc,
CreateFlexOpCustomOptions; tensorflow/tensorflow tensorflow/core/framework/node_def.proto,
attr_value.proto, types.proto).
"""

from __future__ import annotations

import struct

from tflint.container.protobuf import I32, LEN, VARINT, Wire, walk
from tflint.model.flexbuffer import BadFlexBuffer, decode
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.operator import Operator

#: What an attribute holds: types by name (`DT_FLOAT`), shapes as tuples with -1 for unknown
#: extents and None for an unknown rank, lists as tuples. What is not read is its kind in angle
#: brackets, such as `<tensor>`.
Attribute = bool | int | float | str | bytes | tuple["Attribute", ...] | None

#: Most fields of one message that are read: a NodeDef has one per input and attribute.
MAX_FIELDS = 4096

#: DataType of tensorflow/core/framework/types.proto; those above 100 are references to them.
DATA_TYPES = {
    0: "DT_INVALID",
    1: "DT_FLOAT",
    2: "DT_DOUBLE",
    3: "DT_INT32",
    4: "DT_UINT8",
    5: "DT_INT16",
    6: "DT_INT8",
    7: "DT_STRING",
    8: "DT_COMPLEX64",
    9: "DT_INT64",
    10: "DT_BOOL",
    11: "DT_QINT8",
    12: "DT_QUINT8",
    13: "DT_QINT32",
    14: "DT_BFLOAT16",
    15: "DT_QINT16",
    16: "DT_QUINT16",
    17: "DT_UINT16",
    18: "DT_COMPLEX128",
    19: "DT_HALF",
    20: "DT_RESOURCE",
    21: "DT_VARIANT",
    22: "DT_UINT32",
    23: "DT_UINT64",
    24: "DT_FLOAT8_E5M2",
    25: "DT_FLOAT8_E4M3FN",
    29: "DT_INT4",
    30: "DT_UINT4",
}


class NodeDef(NamedTuple):
    """A node of a TensorFlow graph."""

    name: str
    op: str  #: name of the TensorFlow operator
    inputs: tuple[str, ...]
    device: str
    attributes: dict[str, Attribute]


class BadNode(NamedTuple):
    """Custom options that hold no NodeDef."""

    problem: str  #: what is wrong, one clause


def node_def(operator: Operator) -> NodeDef | BadNode | None:
    """The TensorFlow node of a Flex operator; None for any other operator."""
    if not operator.is_flex:
        return None
    options = decode(operator.custom_options, raw=True)
    if isinstance(options, BadFlexBuffer):
        return BadNode(f"custom options are no FlexBuffer: {options.problem}")
    if not isinstance(options, tuple) or len(options) != 2:
        return BadNode("custom options are not the operator's name and its NodeDef")
    node = options[1]
    if not isinstance(node, memoryview):
        return BadNode("the second custom option is not a serialized NodeDef")
    return parse(node)


def parse(data: memoryview) -> NodeDef | BadNode:
    """A serialized NodeDef."""
    fields = walk(data, MAX_FIELDS)
    if not fields:
        return BadNode(f"{len(data)} bytes that are no protobuf message")
    attributes = {}
    for entry in _all(fields, 5):
        pair = walk(entry)
        name = _text(_last(pair, 1))
        attributes[name] = _attribute(walk(_last(pair, 2), MAX_FIELDS))
    return NodeDef(
        _text(_last(fields, 1)),
        _text(_last(fields, 2)),
        tuple(_text(name) for name in _all(fields, 3)),
        _text(_last(fields, 4)),
        attributes,
    )


def _all(fields: list[Wire], number: int) -> list[memoryview]:
    return [field.data for field in fields if field.number == number and field.type == LEN]


def _last(fields: list[Wire], number: int) -> memoryview:
    """The content of a field; of several the last one counts, as in protobuf."""
    found = _all(fields, number)
    return found[-1] if found else memoryview(b"")


def _text(data: memoryview) -> str:
    return str(data, "utf-8", "backslashreplace")


def _attribute(fields: list[Wire]) -> Attribute:
    """An AttrValue: of its alternatives the last one set counts."""
    if not fields:
        return None
    field = fields[-1]
    if field.number == 1 and field.type == LEN:
        return _list(walk(field.data, MAX_FIELDS))
    return _single(field)


def _single(field: Wire) -> Attribute:
    """A value, by its number in AttrValue and in AttrValue.ListValue, which agree."""
    number, kind = field.number, field.type
    if kind == VARINT:
        if number == 3:
            return _signed(field.value)
        if number == 5:
            return bool(field.value)
        if number == 6:
            return _data_type(field.value)
    elif kind == I32 and number == 4:
        return _float(field.value)
    elif kind == LEN:
        if number == 2:
            return bytes(field.data)
        if number == 7:
            return _shape(field.data)
        if number == 8:
            return "<tensor>"
        if number in (9, 10):
            return "<function>"
    return f"<field {number}>"


def _list(fields: list[Wire]) -> Attribute:
    """An AttrValue.ListValue; its numbers may be packed into one field."""
    values: list[Attribute] = []
    for field in fields:
        if field.type == LEN and field.number in (3, 5, 6):
            values += [_single(Wire(field.number, VARINT, n, field.data)) for n in _packed(field)]
        elif field.type == LEN and field.number == 4:
            whole = len(field.data) // 4 * 4
            values += [one for (one,) in struct.iter_unpack("<f", field.data[:whole])]
        else:
            values.append(_single(field))
    return tuple(values)


def _packed(field: Wire) -> list[int]:
    """The varints of a packed field, up to one that does not end."""
    values = []
    value = shift = 0
    for byte in field.data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(value)
            value = shift = 0
        elif shift > 63:
            break
    return values


def _signed(value: int) -> int:
    """A 64-bit varint as int64."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def _float(bits: int) -> float:
    found: float = struct.unpack("<f", struct.pack("<I", bits))[0]
    return found


def _data_type(value: int) -> str:
    if value > 100:
        return _data_type(value - 100) + "_REF" if value - 100 in DATA_TYPES else f"DT_{value}"
    return DATA_TYPES.get(value, f"DT_{value}")


def _shape(data: memoryview) -> Attribute:
    """A TensorShapeProto: dim = 2 {size = 1}, unknown_rank = 3."""
    fields = walk(data, MAX_FIELDS)
    if any(field.number == 3 and field.type == VARINT and field.value for field in fields):
        return None
    extents = []
    for dimension in _all(fields, 2):
        sizes = [field.value for field in walk(dimension) if field.number == 1]
        extents.append(_signed(sizes[-1]) if sizes else 0)
    return tuple(extents)
