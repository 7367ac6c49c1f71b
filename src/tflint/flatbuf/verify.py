"""One walk over everything reachable from the root: what is broken, and where the data ends.

The invariants are those of FlatBuffers' own verifier, so that what it refuses is reported and
what it accepts is read (google/flatbuffers, include/flatbuffers/verifier.h).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tflint.flatbuf.errors import FormatError
from tflint.flatbuf.reader import (
    MAX_DEPTH,
    SCALARS,
    STRING,
    STRINGS,
    TABLE,
    TABLES,
    UNION,
    WIDTH,
    Reader,
    Table,
    element,
    extent,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Most tables that FlatBuffers' own verifier accepts (`Verifier::Options::max_tables`).
MAX_TABLES = 1_000_000
#: Broken places reported before the walk gives up: enough to see a pattern.
MAX_ERRORS = 20


class Verification(NamedTuple):
    """What one walk found."""

    errors: tuple[FormatError, ...]  #: at most `MAX_ERRORS`, in order of the walk
    tables: int  #: tables visited, counting a shared one each time it is reached
    end: int  #: first byte after the last byte that belongs to the flatbuffer
    unknown_fields: tuple[str, ...]  #: paths of tables with fields this schema lacks
    unknown_unions: tuple[str, ...]  #: paths of unions whose type this schema lacks

    @property
    def refused(self) -> bool:
        """Whether LiteRT's own verifier refuses the file."""
        return any(error.refused for error in self.errors)


class _Walk:
    """The state of one walk."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.errors: list[FormatError] = []
        self.unknown_fields: list[str] = []
        self.unknown_unions: list[str] = []
        self.tables = 0
        self.end = 8
        # A file of N bytes has room for N / 4 offsets, so more tables than that are one table
        # reached many times: a small file that unfolds into a huge model.
        self.limit = min(MAX_TABLES, reader.end // 4)

    def report(self, error: FormatError) -> None:
        self.errors.append(error)

    def saw(self, end: int) -> None:
        if end > self.end:
            self.end = end

    def misaligned(self, table: Table, name: str, pos: int, width: int) -> None:
        self.report(
            self.reader.error(
                "alignment", f"value of {width} bytes at byte {pos}", pos, table, name, -1
            )
        )

    def table(self, table: Table) -> Iterator[Table]:
        """Checks one table's fields; yields its child tables."""
        layout = table.layout
        self.saw(table.pos + layout.size)
        if layout.unknown and len(self.unknown_fields) < MAX_ERRORS:
            self.unknown_fields.append(table.path)
        if table.pos % layout.align or layout.misaligned:
            if table.pos % 4:
                self.misaligned(table, "", table.pos, 4)
            for slot, offset in enumerate(layout.offsets):
                field = table.schema.fields[slot]
                width = WIDTH.get(field[2], 4) if field[1] == 0 else 4
                if offset and (table.pos + offset) % width:
                    self.misaligned(table, field[0], table.pos + offset, width)
        order, fields = layout.order, table.schema.fields
        for slot in table.schema.children:
            if order[slot] >= 0:
                try:
                    yield from self.field(table, fields[slot][0], fields[slot][1], fields[slot][2])
                except FormatError as error:
                    self.report(error)

    def field(self, table: Table, name: str, kind: int, of: object) -> Iterator[Table]:
        """Checks one offset field; yields the tables it holds."""
        pos = table._target(name)
        if kind == STRING:
            self.string(table, name, -1, pos)
        elif kind == SCALARS:
            width = WIDTH[str(of)]
            start, count = extent(table, name, -1, pos, width)
            self.saw(start + count * width)
            if pos % 4:
                self.misaligned(table, name, pos, 4)
        elif kind == TABLE:
            yield self.reader.table(str(of), pos, table, name, -1)
        elif kind == UNION:
            found = table.union_kind(name)
            if found is not None:
                yield self.reader.table(found, pos, table, name, -1)
            elif table.scalar(name + "_type") and len(self.unknown_unions) < MAX_ERRORS:
                self.unknown_unions.append(f"{table.path}.{name}")
        else:
            start, count = extent(table, name, -1, pos, 4)
            self.saw(start + count * 4)
            if start % 4:
                self.misaligned(table, name, start, 4)
            yield from self.elements(table, name, kind, str(of), start, count)

    def elements(
        self, table: Table, name: str, kind: int, of: str, start: int, count: int
    ) -> Iterator[Table]:
        for index in range(count):
            if len(self.errors) >= MAX_ERRORS:
                return
            try:
                pos = element(table, name, index, start)
                if kind == STRINGS:
                    self.string(table, name, index, pos)
                elif kind == TABLES:
                    yield self.reader.table(of, pos, table, name, index)
            except FormatError as error:
                self.report(error)

    def string(self, table: Table, name: str, index: int, pos: int) -> None:
        start, count = extent(table, name, index, pos, 1)
        data, end = self.reader.data, start + count
        self.saw(end + 1)
        if pos % 4:
            self.misaligned(table, name, pos, 4)
        if end >= self.reader.end or data[end]:
            raise self.reader.error(
                "string-terminator",
                f"string of {count} bytes is not followed by a zero byte at byte {end}",
                end,
                table,
                name,
                index,
            )
        try:
            str(data[start:end], "utf-8")
        except UnicodeDecodeError as error:
            raise self.reader.error(
                "string-utf8",
                f"string of {count} bytes is not UTF-8 from its byte {error.start} on",
                start + error.start,
                table,
                name,
                index,
            ) from None


def verify(reader: Reader, root: str) -> Verification:
    """Walks everything reachable from the root table `root` and checks every invariant.

    Never raises for a bad file: what is broken is returned. Each broken place is reported once
    and not entered; its siblings are still checked.
    """
    walk = _Walk(reader)
    try:
        pending = [iter((reader.root(root),))]
    except FormatError as error:
        return Verification((error,), 0, 8, (), ())
    while pending and len(walk.errors) < MAX_ERRORS:
        table = next(pending[-1], None)
        if table is None:
            pending.pop()
            continue
        walk.tables += 1
        if walk.tables > walk.limit:
            detail = f"more than {walk.limit} tables in a file of {reader.end} bytes"
            walk.report(FormatError("table-count", detail, table.pos, table.path))
            break
        if len(pending) > MAX_DEPTH:
            detail = f"tables nest more than {MAX_DEPTH} deep"
            walk.report(FormatError("depth", detail, table.pos, table.path))
            continue
        pending.append(walk.table(table))
    return Verification(
        tuple(walk.errors),
        walk.tables,
        max(walk.end, reader.vtables_end),
        tuple(walk.unknown_fields),
        tuple(walk.unknown_unions),
    )
