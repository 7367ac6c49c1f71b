"""Which model format a protobuf message is, from its wire format alone.

Field numbers and types: onnx/onnx onnx/onnx.proto, apple/coremltools mlmodel/format/Model.proto,
tensorflow/tensorflow tensorflow/core/protobuf/saved_model.proto, meta_graph.proto and
tensorflow/core/framework/graph.proto, node_def.proto.
"""

from __future__ import annotations

from tflint.record import NamedTuple

VARINT, I64, LEN, I32 = 0, 1, 2, 5

#: Most fields of a message that are walked; a GraphDef has one per node.
MAX_FIELDS = 512

_ONNX = {
    **dict.fromkeys((2, 3, 4, 6, 7, 8, 14, 20, 25, 26), LEN),
    **dict.fromkeys((1, 5), VARINT),
}
_ONNX_GRAPH = dict.fromkeys((1, 2, 5, 10, 11, 12, 13, 14, 15, 16), LEN)
_SAVED_MODEL = {1: VARINT, 2: LEN}
_META_GRAPH = dict.fromkeys(range(1, 8), LEN)
_GRAPH = {1: LEN, 2: LEN, 3: VARINT, 4: LEN, 5: LEN}
_NODE = dict.fromkeys(range(1, 9), LEN)


class Wire(NamedTuple):
    """One field of a message."""

    number: int
    type: int
    value: int  #: of a VARINT; the bits of an I32 or I64; else 0
    data: memoryview  #: of a LEN, else empty


def model_format(data: memoryview) -> tuple[str, str] | None:
    """The format's id and description, or None when `data` is none of these messages."""
    fields = walk(data)
    if not fields:
        return None
    by_number = {field.number: field for field in reversed(fields)}
    version = by_number[1].value if 1 in by_number else 0
    if _matches(fields, _ONNX) and {1, 7} <= by_number.keys():
        graph = walk(by_number[7].data)
        if graph and _matches(graph, _ONNX_GRAPH):
            return "onnx", f"an ONNX model (IR version {version})"
    if _matches(fields, _SAVED_MODEL) and {1, 2} <= by_number.keys():
        meta = walk(by_number[2].data)
        if meta and _matches(meta, _META_GRAPH) and any(field.number == 2 for field in meta):
            return "saved-model", "a TensorFlow SavedModel (saved_model.pb)"
    if _is_coreml(fields):
        return "coreml", f"a Core ML model (specification version {version})"
    if fields[0].number == 1 and _matches(fields, _GRAPH):
        operation = _first_operation(fields[0].data)
        if operation:
            return "graph-def", f"a TensorFlow GraphDef (frozen graph), first node a {operation}"
    return None


def walk(data: memoryview, limit: int = MAX_FIELDS) -> list[Wire]:
    """The first fields of a message; empty when `data` is not one from its first to last byte.

    Beyond `limit` fields the rest is not looked at.
    """
    fields: list[Wire] = []
    at, end = 0, len(data)
    nothing = memoryview(b"")
    while at < end and len(fields) < limit:
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if at < 0 or number == 0:
            return []
        value, content = 0, nothing
        if kind == VARINT:
            value, at = _varint(data, at)
        elif kind == LEN:
            length, at = _varint(data, at)
            if at < 0 or length > end - at:
                return []
            content = data[at : at + length]
            at += length
        elif kind in (I64, I32):
            width = 8 if kind == I64 else 4
            value = int.from_bytes(data[at : at + width], "little")
            at += width
        else:
            return []
        if not 0 <= at <= end:
            return []
        fields.append(Wire(number, kind, value, content))
    return fields


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """The number at byte `at` and the byte after it; that byte is -1 when it does not end."""
    value = 0
    for index, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, at + index + 1
    return 0, -1


def _matches(fields: list[Wire], types: dict[int, int]) -> bool:
    return all(types.get(field.number) == field.type for field in fields)


def _is_coreml(fields: list[Wire]) -> bool:
    """specificationVersion, description, perhaps isUpdatable, and one model type from 200 on."""
    first = fields[0]
    if (first.number, first.type) != (1, VARINT) or len(fields) < 3:
        return False
    rest = fields[1:]
    models = [field for field in rest if 200 <= field.number <= 3000 and field.type == LEN]
    others = [(field.number, field.type) for field in rest if field.number < 200]
    return (
        len(models) == 1
        and len(models) + len(others) == len(rest)
        and (2, LEN) in others
        and set(others) <= {(2, LEN), (10, VARINT)}
    )


def _first_operation(node: memoryview) -> str:
    """The `op` of a NodeDef; empty when `node` is not one."""
    fields = walk(node)
    if len(fields) < 2 or not _matches(fields, _NODE):
        return ""
    names = {field.number: bytes(field.data[:128]) for field in reversed(fields)}
    name, operation = names.get(1, b""), names.get(2, b"")
    if not name.isascii() or not name.decode("ascii").isprintable() or not name:
        return ""
    text = operation.decode("latin-1")
    return text if text.isascii() and text.replace(">", "").isidentifier() else ""
