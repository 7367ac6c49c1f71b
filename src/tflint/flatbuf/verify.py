"""One walk over everything reachable from the root: what is broken, and where the data ends.

The invariants are those of FlatBuffers' own verifier, so that what it refuses is reported and
what it accepts is read (google/flatbuffers, include/flatbuffers/verifier.h).
"""

from __future__ import annotations

from tflint.flatbuf.errors import FormatError
from tflint.flatbuf.reader import (
    MAX_DEPTH,
    SCALAR,
    SCALARS,
    STRING,
    STRINGS,
    TABLE,
    UNION,
    WIDTH,
    Reader,
    Table,
    element,
    extent,
    target,
)
from tflint.record import NamedTuple

#: Most tables that FlatBuffers' own verifier accepts (`Verifier::Options::max_tables`).
MAX_TABLES = 1_000_000
#: How many times its own size a file may grow when every string and vector of numbers is read once
#: for each table that refers to it. Real files stay below 1.
MAX_UNFOLDING = 8
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
        # A table takes 4 bytes and the offset that leads to it another 4, so more than one per 8
        # bytes are tables reached many times: a small file that unfolds into a huge model.
        self.limit = min(MAX_TABLES, reader.end // 8)
        # The same for strings and vectors: tables that share one long name, or names that overlap.
        self.unfolding_left = MAX_UNFOLDING * reader.end

    def table(self, table: Table, depth: int) -> None:
        """Checks one table and everything below it.

        Raises:
            _Enough: too many errors or tables to go on.
        """
        self.tables += 1
        if self.tables > self.limit:
            detail = f"more than {self.limit} tables in a file of {self.reader.end} bytes"
            self.report(FormatError("table-count", detail, table.pos, table.path))
            raise _Enough
        if depth > MAX_DEPTH:
            detail = f"tables nest more than {MAX_DEPTH} deep"
            self.report(FormatError("depth", detail, table.pos, table.path))
            return
        layout = table.layout
        self.saw(table.pos + layout.size)
        if layout.unknown and len(self.unknown_fields) < MAX_ERRORS:
            self.unknown_fields.append(table.path)
        if table.pos % layout.align or layout.misaligned:
            self.alignment(table)
        for name, kind, of, value, offset in layout.children:
            try:
                pos = target(table, name, -1, table.pos + offset, table.values[value])
                if kind == STRING:
                    self.string(table, name, -1, pos)
                elif kind == SCALARS:
                    self.vector(table, name, pos, WIDTH[of])
                elif kind == TABLE:
                    self.table(self.reader.table(of, pos, table, name, -1), depth + 1)
                elif kind == UNION:
                    self.union(table, name, pos, depth)
                else:
                    self.elements(table, name, kind, of, pos, depth)
            except FormatError as error:
                self.report(error)

    def union(self, table: Table, name: str, pos: int, depth: int) -> None:
        kind = table.union_kind(name)
        if kind is not None:
            self.table(self.reader.table(kind, pos, table, name, -1), depth + 1)
        elif table.scalar(name + "_type") and len(self.unknown_unions) < MAX_ERRORS:
            self.unknown_unions.append(f"{table.path}.{name}" if table.path else name)

    def elements(self, table: Table, name: str, kind: int, of: str, pos: int, depth: int) -> None:
        """Checks a vector of strings or tables."""
        start, count = self.vector(table, name, pos, 4)
        for index in range(count):
            try:
                at = element(table, name, index, start)
                if kind == STRINGS:
                    self.string(table, name, index, at)
                else:
                    self.table(self.reader.table(of, at, table, name, index), depth + 1)
            except FormatError as error:
                self.report(error)

    def vector(self, table: Table, name: str, pos: int, width: int) -> tuple[int, int]:
        """Checks a vector's extent; returns its first byte and number of elements."""
        start, count = extent(table, name, -1, pos, width)
        self.saw(start + count * width)
        if width > 1:  # bytes, such as weights, are read in place
            self.unfold(table, name, pos, count * width)
        if pos % 4:
            self.misaligned(table, name, pos, 4)
        return start, count

    def string(self, table: Table, name: str, index: int, pos: int) -> None:
        start, count = extent(table, name, index, pos, 1)
        data, end = self.reader.data, start + count
        self.saw(end + 1)
        self.unfold(table, name, pos, count)
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

    def unfold(self, table: Table, name: str, pos: int, size: int) -> None:
        """Counts what reading a string or vector takes.

        Raises:
            _Enough: too much to go on.
        """
        self.unfolding_left -= size
        if self.unfolding_left < 0:
            detail = (
                f"strings and vectors unfold to more than {MAX_UNFOLDING} times the "
                f"{self.reader.end} bytes of the file"
            )
            self.report(self.reader.error("unfolding", detail, pos, table, name, -1))
            raise _Enough

    def alignment(self, table: Table) -> None:
        """Reports the inline fields that are off their alignment."""
        if table.pos % 4:
            self.misaligned(table, "", table.pos, 4)
        for slot, offset in enumerate(table.layout.offsets):
            field = table.schema.fields[slot]
            width = WIDTH[field[2]] if field[1] == SCALAR else 4
            if offset and (table.pos + offset) % width:
                self.misaligned(table, field[0], table.pos + offset, width)

    def misaligned(self, table: Table, name: str, pos: int, width: int) -> None:
        self.report(
            self.reader.error(
                "alignment", f"value of {width} bytes at byte {pos}", pos, table, name, -1
            )
        )

    def report(self, error: FormatError) -> None:
        self.errors.append(error)
        if len(self.errors) >= MAX_ERRORS:
            raise _Enough

    def saw(self, end: int) -> None:
        if end > self.end:
            self.end = end


class _Enough(Exception):
    """The walk has seen enough."""


def verify(reader: Reader, root: str) -> Verification:
    """Walks everything reachable from the root table `root` and checks every invariant.

    Never raises for a bad file: what is broken is returned. Each broken place is reported once
    and not entered; its siblings are still checked.
    """
    walk = _Walk(reader)
    try:
        walk.table(reader.root(root), 1)
    except FormatError as error:
        return Verification((error,), 0, 8, (), ())
    except _Enough:
        pass
    return Verification(
        tuple(walk.errors),
        walk.tables,
        max(walk.end, reader.vtables_end),
        tuple(walk.unknown_fields),
        tuple(walk.unknown_unions),
    )
