"""The table reader: one `struct` call per table, every offset checked before it is followed.

A table's vtable is checked once and turned into a *layout*: one precompiled
`struct.Struct` that unpacks all inline fields of every table that shares the
vtable. Tables of a kind mostly share one vtable, so reading a table costs two
`unpack_from` calls and no loop over its fields.
"""

from __future__ import annotations

import struct

from tflint.flatbuf.errors import FormatError
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    #: A field of a table: name, kind, type, default, name of the enum of its values or None.
    #: The type is a `struct` character for SCALAR and SCALARS, a table name for TABLE and TABLES,
    #: and a tuple of table names indexed by the union's type for UNION.
    Field = tuple[str, int, Any, Any, "str | None"]

# Field kinds of a schema: see `Field`.
SCALAR, STRING, TABLE, SCALARS, STRINGS, TABLES, UNION, DEPRECATED = range(8)

#: Bytes of a value by its `struct` format character.
WIDTH = {"?": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "q": 8, "Q": 8, "f": 4, "d": 8}

#: Deepest nesting of tables that FlatBuffers' own verifier accepts (`Verifier::Options`).
MAX_DEPTH = 64

_U32 = struct.Struct("<I")
_I32 = struct.Struct("<i")
_U16 = struct.Struct("<H")


class Layout(NamedTuple):
    """Where one vtable puts the fields of a table."""

    size: int  #: bytes from the table's start to the end of its last field
    unpack: Callable[[memoryview, int], tuple[Any, ...]]  #: every present field, by position
    order: tuple[int, ...]  #: per schema slot: index into the unpacked values, or -1 when absent
    offsets: tuple[int, ...]  #: per schema slot: byte offset in the table, 0 when absent
    align: int  #: what the table's position must be a multiple of: its widest field, at least 4
    misaligned: tuple[tuple[int, int], ...]  #: (slot, width) of fields off a multiple of `width`
    unknown: int  #: fields beyond the schema: the file was written with a newer one
    children: tuple[Child, ...]  #: present fields that point somewhere


class Child(NamedTuple):
    """A present field that holds an offset."""

    name: str
    kind: int
    of: Any  #: as in `Field`
    value: int  #: index into the unpacked values
    offset: int  #: byte offset in the table


class Schema:
    """One table's fields, in slot order, with their positions by name."""

    __slots__ = ("fields", "name", "slots")

    def __init__(self, name: str, fields: Sequence[Field]) -> None:
        self.name = name
        self.fields = tuple(fields)
        self.slots = {field[0]: slot for slot, field in enumerate(fields)}


class Reader:
    """Bounds-checked access to one flatbuffer.

    Args:
        data: the flatbuffer, from its first byte; bytes after it are allowed.
        tables: the fields of every table, by table name.
    """

    def __init__(self, data: memoryview, tables: Mapping[str, Sequence[Field]]) -> None:
        self.data = data
        self.end = len(data)
        self._tables = tables
        self._schemas: dict[str, Schema] = {}
        self._layouts: dict[tuple[int, str], Layout] = {}
        self.vtables_end = 0  #: first byte after the last vtable read so far

    def schema(self, name: str) -> Schema:
        """The schema of the table `name`."""
        found = self._schemas.get(name)
        if found is None:
            found = self._schemas[name] = Schema(name, self._tables[name])
        return found

    def root(self, name: str) -> Table:
        """The root table, read as `name`.

        Raises:
            FormatError: the file is too short or its root lies outside.
        """
        if self.end < 8:
            raise FormatError("file-size", f"file of {self.end} bytes, at least 8 needed", 0, "")
        (offset,) = _U32.unpack_from(self.data, 0)
        if not 4 <= offset <= self.end - 4:
            raise FormatError(
                "root-offset", f"root table at byte {offset} of a file of {self.end} bytes", 0, ""
            )
        return self.table(name, offset, None, "", -1)

    def table(self, name: str, pos: int, parent: Table | None, step: str, index: int) -> Table:
        """The table at byte `pos`; `parent`, `step` and `index` say how it was reached."""
        data, end = self.data, self.end
        if pos > end - 4:
            raise self.error(
                "table-position",
                f"table at byte {pos}, file ends at {end}",
                pos,
                parent,
                step,
                index,
            )
        vtable = pos - _I32.unpack_from(data, pos)[0]
        layout = self._layouts.get((vtable, name))
        if layout is None:
            layout = self._layout(vtable, name, pos, parent, step, index)
        if layout.size > end - pos:
            raise self.error(
                "table-size",
                f"table of {layout.size} bytes at byte {pos}, file ends at {end}",
                pos,
                parent,
                step,
                index,
            )
        return Table(
            self, self.schema(name), pos, layout, layout.unpack(data, pos), parent, step, index
        )

    def _layout(
        self, vtable: int, name: str, pos: int, parent: Table | None, step: str, index: int
    ) -> Layout:
        data, end = self.data, self.end
        if not 0 <= vtable <= end - 4:
            raise self.error(
                "vtable-position",
                f"vtable at byte {vtable}, outside the file of {end} bytes",
                pos,
                parent,
                step,
                index,
            )
        if vtable % 2:
            raise self.error("alignment", f"vtable at odd byte {vtable}", pos, parent, step, index)
        (vtable_size,) = _U16.unpack_from(data, vtable)
        if vtable_size < 4 or vtable_size % 2 or vtable_size > end - vtable:
            raise self.error(
                "vtable-size",
                f"vtable of {vtable_size} bytes at byte {vtable}, file ends at {end}",
                vtable,
                parent,
                step,
                index,
            )
        count = (vtable_size - 4) // 2
        entries = struct.unpack_from(f"<{count}H", data, vtable + 4)
        fields = self.schema(name).fields
        present = []
        offsets = [0] * len(fields)
        for slot, (offset, field) in enumerate(zip(entries, fields, strict=False)):
            if offset and field[1] != DEPRECATED:
                present.append((offset, slot, field[2] if field[1] == SCALAR else "I"))
                offsets[slot] = offset
        unknown = sum(1 for offset in entries[len(fields) :] if offset)
        layout = _compile(present, offsets, unknown, fields)
        self._layouts[vtable, name] = layout
        # Some writers put a vtable behind the tables that use it, at the very end of the file.
        self.vtables_end = max(self.vtables_end, vtable + vtable_size)
        return layout

    def error(
        self, invariant: str, detail: str, offset: int, parent: Table | None, step: str, index: int
    ) -> FormatError:
        """A `FormatError` whose path is `parent` followed by `step` and `[index]`."""
        return FormatError(invariant, detail, offset, walked(parent, step, index))


def _compile(
    present: list[tuple[int, int, str]],
    offsets: list[int],
    unknown: int,
    fields: Sequence[Field],
) -> Layout:
    """A layout from the present fields, each (offset, slot, struct character)."""
    present.sort()
    order = [-1] * len(offsets)
    parts, at, overlapping = ["<"], 0, False
    for value, (offset, slot, code) in enumerate(present):
        overlapping |= offset < at
        parts.append(f"{offset - at}x{code}")
        at = offset + WIDTH[code]
        order[slot] = value
    unpack: Callable[[memoryview, int], tuple[Any, ...]]
    if overlapping:
        # FlatBuffers' verifier accepts fields that share bytes; one struct format cannot say it.
        at = max(offset + WIDTH[code] for offset, _, code in present)
        single = tuple((offset, struct.Struct("<" + code)) for offset, _, code in present)

        def unpack(data: memoryview, pos: int) -> tuple[Any, ...]:
            return tuple(one.unpack_from(data, pos + offset)[0] for offset, one in single)
    else:
        unpack = struct.Struct("".join(parts)).unpack_from
    widths = [(offset, slot, WIDTH[code]) for offset, slot, code in present]
    return Layout(
        max(4, at),
        unpack,
        tuple(order),
        tuple(offsets),
        max((4, *(width for _, _, width in widths))),
        tuple((slot, width) for offset, slot, width in widths if offset % width),
        unknown,
        tuple(
            Child(*fields[slot][:3], order[slot], offsets[slot])
            for slot in range(len(fields))
            if offsets[slot] and fields[slot][1] != SCALAR
        ),
    )


def walked(parent: Table | None, step: str, index: int) -> str:
    """The path from the root: `subgraphs[0].tensors[7].name`."""
    parts = []
    while True:
        if step:
            parts.append(f"{step}[{index}]" if index >= 0 else step)
        if parent is None:
            return ".".join(reversed(parts))
        step, index, parent = parent.step, parent.index, parent.parent


class Table:
    """One table. Fields are read by name; what they point to is checked when asked for."""

    __slots__ = ("index", "layout", "parent", "pos", "reader", "schema", "step", "values")

    def __init__(
        self,
        reader: Reader,
        schema: Schema,
        pos: int,
        layout: Layout,
        values: tuple[Any, ...],
        parent: Table | None,
        step: str,
        index: int,
    ) -> None:
        self.reader = reader
        self.schema = schema
        self.pos = pos
        self.layout = layout
        self.values = values
        self.parent = parent
        self.step = step
        self.index = index

    @property
    def path(self) -> str:
        """The fields walked from the root to this table."""
        return walked(self.parent, self.step, self.index)

    def has(self, name: str) -> bool:
        """Whether the field is present in the file."""
        return self.layout.order[self.schema.slots[name]] >= 0

    def scalar(self, name: str) -> Any:
        """A number or bool: the stored value, or the schema's default."""
        slot = self.schema.slots[name]
        at = self.layout.order[slot]
        return self.values[at] if at >= 0 else self.schema.fields[slot][3]

    def _target(self, name: str) -> int:
        """The byte an offset field points to, or 0 when the field is absent."""
        slot = self.schema.slots[name]
        at = self.layout.order[slot]
        if at < 0:
            return 0
        return target(self, name, -1, self.pos + self.layout.offsets[slot], self.values[at])

    def _extent(self, name: str, width: int) -> tuple[int, int] | None:
        """First byte and number of elements of a vector of `width`-byte elements."""
        found = self._target(name)
        return extent(self, name, -1, found, width) if found else None

    def string(self, name: str) -> str | None:
        """A string, or None when absent. Bytes that are not UTF-8 read as `\\xNN`."""
        found = self._target(name)
        return text(self, name, -1, found) if found else None

    def table(self, name: str) -> Table | None:
        """A child table, or None when absent."""
        found = self._target(name)
        if not found:
            return None
        kind = self.schema.fields[self.schema.slots[name]][2]
        return self.reader.table(kind, found, self, name, -1)

    def union(self, name: str) -> Table | None:
        """A union's table, read by its `<name>_type`; None when absent or of an unknown type."""
        kind = self.union_kind(name)
        found = self._target(name)
        if not found or kind is None:
            return None
        return self.reader.table(kind, found, self, name, -1)

    def union_kind(self, name: str) -> str | None:
        """The table a union holds; None when it holds nothing or a type this schema lacks."""
        kinds = self.schema.fields[self.schema.slots[name]][2]
        code = self.scalar(name + "_type")
        return kinds[code] if 0 < code < len(kinds) else None

    def scalars(self, name: str) -> memoryview[Any] | None:
        """A vector of numbers as a zero-copy view, or None when absent."""
        code = self.schema.fields[self.schema.slots[name]][2]
        found = self._extent(name, WIDTH[code])
        if found is None:
            return None
        start, count = found
        return self.reader.data[start : start + count * WIDTH[code]].cast(code)

    def vector_start(self, name: str) -> int | None:
        """Byte of the first element of a vector of numbers, or None when absent."""
        found = self._extent(name, WIDTH[self.schema.fields[self.schema.slots[name]][2]])
        return found[0] if found else None

    def numbers(self, name: str) -> tuple[Any, ...]:
        """A short vector of numbers as a tuple; empty when absent."""
        code = self.schema.fields[self.schema.slots[name]][2]
        found = self._extent(name, WIDTH[code])
        if found is None or not found[1]:
            return ()
        return struct.unpack_from(f"<{found[1]}{code}", self.reader.data, found[0])

    def count(self, name: str) -> int:
        """Elements of a vector of tables or strings; 0 when absent."""
        found = self._extent(name, 4)
        return found[1] if found else 0

    def item(self, name: str, index: int) -> Table:
        """Element `index` of a vector of tables.

        Raises:
            IndexError: `index` is not in `range(count(name))`.
        """
        found = self._extent(name, 4)
        if found is None or not 0 <= index < found[1]:
            raise IndexError(index)
        kind = self.schema.fields[self.schema.slots[name]][2]
        return self.reader.table(kind, element(self, name, index, found[0]), self, name, index)

    def strings(self, name: str) -> tuple[str, ...]:
        """A vector of strings; empty when absent."""
        found = self._extent(name, 4)
        if found is None:
            return ()
        return tuple(text(self, name, i, element(self, name, i, found[0])) for i in range(found[1]))


def target(table: Table, name: str, index: int, pos: int, offset: int) -> int:
    """The byte that the offset stored at `pos` points to."""
    found = pos + offset
    if not 0 < offset < 1 << 31 or found > table.reader.end - 4:
        raise table.reader.error(
            "offset-target",
            f"offset {offset} at byte {pos} leads to byte {found}, file ends at {table.reader.end}",
            pos,
            table,
            name,
            index,
        )
    return found


def element(table: Table, name: str, index: int, start: int) -> int:
    """The byte that element `index` of a vector of offsets starting at `start` points to."""
    pos = start + 4 * index
    return target(table, name, index, pos, _U32.unpack_from(table.reader.data, pos)[0])


def extent(table: Table, name: str, index: int, pos: int, width: int) -> tuple[int, int]:
    """First byte and number of elements of the vector at `target`."""
    (count,) = _U32.unpack_from(table.reader.data, pos)
    start = pos + 4
    if count * width > table.reader.end - start:
        raise table.reader.error(
            "vector-length",
            f"vector of {count} values of {width} bytes ends at byte {start + count * width}, "
            f"file ends at {table.reader.end}",
            pos,
            table,
            name,
            index,
        )
    return start, count


def text(table: Table, name: str, index: int, pos: int) -> str:
    """The string at `pos`; bytes that are not UTF-8 become `\\xNN`."""
    start, count = extent(table, name, index, pos, 1)
    return str(table.reader.data[start : start + count], "utf-8", "backslashreplace")
