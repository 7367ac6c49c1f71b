"""The one error the reader raises, with the invariant that was broken."""

from __future__ import annotations

#: Every invariant the reader checks, and what it promises.
INVARIANTS = {
    "file-size": "the file is at least 8 bytes long",
    "root-offset": "the root table lies inside the file",
    "table-position": "a table starts inside the file",
    "vtable-position": "a table's vtable lies inside the file",
    "vtable-size": "a vtable has an even size of at least 4 bytes and lies inside the file",
    "table-size": "a table's inline fields lie inside the file",
    "offset-target": "an offset points forward by less than 2 GiB, into the file",
    "vector-length": "a vector ends inside the file",
    "string-terminator": "a string is followed by a zero byte",
    "string-utf8": "a string is UTF-8",
    "alignment": "a value of N bytes lies at a multiple of N bytes",
    "depth": "tables nest at most 64 deep",
    "table-count": "the file holds at most 1,000,000 tables, and no more than one per 8 bytes",
    "unfolding": "strings and vectors that tables share unfold to at most 8 times the file",
}

#: Broken invariants that LiteRT's verifier accepts, so that the file still loads.
TOLERATED = frozenset({"string-utf8"})


class FormatError(Exception):
    """A broken invariant of the FlatBuffers format.

    Attributes:
        invariant: a key of `INVARIANTS`.
        detail: the measured value and the limit it breaks, one clause.
        offset: byte offset in the file at which the invariant was checked.
        path: the fields walked from the root, `subgraphs[0].tensors[7].name`; empty at the root.
    """

    def __init__(self, invariant: str, detail: str, offset: int, path: str) -> None:
        super().__init__(f"byte {offset}: {path or 'root'}: {detail}")
        self.invariant = invariant
        self.detail = detail
        self.offset = offset
        self.path = path

    @property
    def refused(self) -> bool:
        """Whether LiteRT's own verifier refuses the file for this."""
        return self.invariant not in TOLERATED
