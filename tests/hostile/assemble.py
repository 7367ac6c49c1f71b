"""A FlatBuffers assembler that writes what no real writer would, and says where each byte went.

`flatbuffers.Builder` cannot point two offsets at one table, leave out a terminator or write a
length that lies, and does not tell where a field ended up. This one takes a model as nested
dicts, lays it out front to back (every table after all that point to it) and records the
position of everything, so that a caller can overwrite exactly one number.

    made = assemble({"version": 3, "subgraphs": [{"tensors": [{"name": "x"}]}]})
    made.put("subgraphs[0].tensors[0].name", "I", 7)

A value is a number, `str` or `bytes` for a string, a list of dicts for tables, a list of
numbers or `bytes` for a vector of numbers, and `(table name, dict)` for a union. A `Shared` value
used in several places is written once and pointed to from all of them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Any

from tflint._generated.schema import TABLES
from tflint.flatbuf.reader import SCALAR, SCALARS, STRING, STRINGS, TABLE, UNION, WIDTH

#: Alignment of constant data: `force_align: 16` of `Buffer.data` in the TFLite schema.
DATA_ALIGNMENT = 16


class Assembled:
    """The bytes and the map of what lies where.

    Attributes:
        data: the file.
        at: by path, the byte of what the path names: for `version` the number itself, for
            `subgraphs` the offset field, for `subgraphs[0]` its offset in the vector. `*path` is
            the byte the offset leads to (a table, or a vector's length), `~path` a table's vtable.
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self.at: dict[str, int] = {}

    def put(self, path: str, code: str, *values: float) -> Assembled:
        """Overwrite numbers of `struct` type `code` from the byte of `path` on."""
        return self.put_at(self.at[path], code, *values)

    def put_at(self, position: int, code: str, *values: float) -> Assembled:
        """Overwrite numbers of `struct` type `code` from byte `position` on."""
        struct.pack_into(f"<{len(values)}{code}", self.data, position, *values)
        return self

    def cut(self, path: str, extra: int = 0) -> bytes:
        """The file up to `extra` bytes after the byte of `path`."""
        return bytes(self.data[: self.at[path] + extra])

    def __bytes__(self) -> bytes:
        return bytes(self.data)


class Shared:
    """A table, vector or string that several offsets may point to."""

    def __init__(self, value: object) -> None:
        self.value = value


class _Node:
    """Something that gets a place of its own: a table, a vector or a string."""

    def __init__(self, alignment: int, lead: int, path: str) -> None:
        self.path = path
        self.alignment = alignment
        self.lead = lead  #: bytes before the aligned one: the length of a vector
        self.body = bytearray()
        self.links: list[tuple[int, _Node, str]] = []  #: (byte in the body, target, path)
        self.fields: list[tuple[int, str]] = []  #: (byte in the body, path)
        self.vtable = b""
        self.position = -1


class _Assembler:
    def __init__(self) -> None:
        self.nodes: list[_Node] = []
        self.shared: dict[tuple[Shared, str], _Node] = {}

    def add(self, alignment: int, lead: int, path: str) -> _Node:
        node = _Node(alignment, lead, path)
        self.nodes.append(node)
        return node

    def link(self, kind: int, of: object, value: object, path: str) -> _Node:
        """What an offset of this kind leads to."""
        if not isinstance(value, Shared):
            return self.make(kind, of, value, path)
        key = (value, str(of))
        if key not in self.shared:
            self.shared[key] = self.make(kind, of, value.value, path)
        return self.shared[key]

    def make(self, kind: int, of: object, value: Any, path: str) -> _Node:
        if kind == STRING:
            return self.string(value, path)
        if kind == TABLE:
            return self.table(str(of), value, path)
        if kind == UNION:
            return self.table(*value, path)
        if kind == SCALARS:
            return self.numbers(str(of), value, path)
        return self.vector(kind, str(of), value, path)

    def table(self, name: str, value: dict[str, Any], path: str) -> _Node:
        fields = TABLES[name]
        slots = {field[0]: slot for slot, field in enumerate(fields)}
        unions = {
            f"{key}_type": fields[slots[key]][2].index(given[0])
            for key, given in value.items()
            if isinstance(given, tuple)
        }
        node = self.add(4, 0, path)
        node.body += bytes(4)
        entries = [0] * len(fields)
        present = {**unions, **value}
        widths = {
            key: WIDTH[fields[slots[key]][2]] if fields[slots[key]][1] == SCALAR else 4
            for key in present
        }
        for key in sorted(present, key=lambda key: (-widths[key], slots[key])):
            given, (_, kind, of, _, _) = present[key], fields[slots[key]]
            width = widths[key]
            node.body += bytes(-len(node.body) % width)
            node.alignment = max(node.alignment, width)
            entries[slots[key]] = len(node.body)
            inner = f"{path}.{key}" if path else key
            node.fields.append((len(node.body), inner))
            if kind == SCALAR:
                node.body += struct.pack(f"<{of}", given)
            else:
                node.links.append((len(node.body), self.link(kind, of, given, inner), inner))
                node.body += bytes(4)
        while entries and not entries[-1]:
            entries.pop()
        node.vtable = struct.pack(
            f"<{len(entries) + 2}H", 4 + 2 * len(entries), len(node.body), *entries
        )
        return node

    def string(self, value: str | bytes, path: str) -> _Node:
        text = value.encode() if isinstance(value, str) else value
        node = self.add(4, 0, path)
        node.body += struct.pack("<I", len(text)) + text + b"\0"
        return node

    def numbers(self, code: str, value: bytes | Sequence[float], path: str) -> _Node:
        if isinstance(value, bytes | bytearray):
            body, count = bytes(value), len(value) // WIDTH[code]
        else:
            body, count = struct.pack(f"<{len(value)}{code}", *value), len(value)
        data = path.startswith("buffers[") and path.endswith("].data")
        node = self.add(DATA_ALIGNMENT if data else max(4, WIDTH[code]), 4, path)
        node.body += struct.pack("<I", count) + body
        return node

    def vector(self, kind: int, of: str, value: list[Any], path: str) -> _Node:
        node = self.add(4, 0, path)
        node.body += struct.pack("<I", len(value))
        element = STRING if kind == STRINGS else TABLE
        for index, item in enumerate(value):
            inner = f"{path}[{index}]"
            node.links.append((len(node.body), self.link(element, of, item, inner), inner))
            node.body += bytes(4)
        return node


def assemble(
    root: dict[str, Any],
    *,
    table: str = "Model",
    identifier: bytes = b"TFL3",
    share_vtables: bool = True,
) -> Assembled:
    """Lays out `root`, a table of kind `table`, as a flatbuffer."""
    assembler = _Assembler()
    top = assembler.table(table, root, "")
    order: TopologicalSorter[_Node] = TopologicalSorter()
    for node in assembler.nodes:
        order.add(node)
        for _, child, _ in node.links:
            order.add(child, node)
    placed = [*order.static_order()]
    made = Assembled()
    made.data += bytes(4) + identifier
    vtables: dict[bytes, int] = {}
    for node in placed:
        if node.vtable and (node.vtable not in vtables or not share_vtables):
            made.data += bytes(-len(made.data) % 2)
            vtables[node.vtable] = len(made.data)
            made.data += node.vtable
        made.data += bytes(-(len(made.data) + node.lead) % node.alignment)
        node.position = len(made.data)
        made.data += node.body
        made.at[f"*{node.path}"] = node.position
        for offset, path in node.fields:
            made.at[path] = node.position + offset
        if node.vtable:
            made.at[f"~{node.path}"] = vtables[node.vtable]
            made.put_at(node.position, "i", node.position - vtables[node.vtable])
    for node in placed:
        for offset, child, path in node.links:
            made.at[path] = node.position + offset
            made.put_at(node.position + offset, "I", child.position - node.position - offset)
    made.at["root"] = 0
    made.put("root", "I", top.position)
    made.data += bytes(-len(made.data) % 4)
    return made
