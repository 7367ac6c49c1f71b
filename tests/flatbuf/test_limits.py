"""What a small file may unfold into, and where a flatbuffer ends."""

from __future__ import annotations

import flatbuffers
import pytest

from tflint.flatbuf import Reader, verify
from tflint.flatbuf.reader import SCALARS, STRING, STRINGS, TABLES

TABLES_OF_TEST = {
    "Root": (("leaves", TABLES, "Leaf", None, None),),
    "Leaf": (
        ("name", STRING, None, None, None),
        ("shape", SCALARS, "i", None, None),
        ("words", STRINGS, None, None, None),
        ("data", SCALARS, "B", None, None),
    ),
}


def shared(field: str, leaves: int, size: int) -> bytes:
    """A root with many references to one leaf, whose field is large."""
    builder = flatbuffers.Builder(0)
    if field == "name":
        slot, held = 0, builder.CreateString("n" * size)
    elif field == "shape":
        builder.StartVector(4, size // 4, 4)
        for _ in range(size // 4):
            builder.PrependInt32(1)
        slot, held = 1, builder.EndVector()
    elif field == "words":
        word = builder.CreateString("w" * 40)
        builder.StartVector(4, size // 4, 4)
        for _ in range(size // 4):
            builder.PrependUOffsetTRelative(word)
        slot, held = 2, builder.EndVector()
    else:
        slot, held = 3, builder.CreateByteVector(bytes(size))
    builder.StartObject(4)
    builder.PrependUOffsetTRelativeSlot(slot, held, 0)
    leaf = builder.EndObject()
    builder.StartVector(4, leaves, 4)
    for _ in range(leaves):
        builder.PrependUOffsetTRelative(leaf)
    vector = builder.EndVector()
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, vector, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


@pytest.mark.parametrize("field", ["name", "shape", "words"])
def test_tables_that_share_one_large_value_are_refused(field: str) -> None:
    """Reading 20,000 names of 100 kB would take 2 GB; the file has 180 kB."""
    data = shared(field, 20_000, 100_000)
    found = verify(Reader(memoryview(data), TABLES_OF_TEST), "Root")
    (error,) = found.errors
    assert error.invariant == "unfolding"
    assert f"more than 8 times the {len(data)} bytes of the file" in error.detail
    assert error.refused


def test_sharing_a_little_is_fine() -> None:
    for field in ("name", "shape"):
        found = verify(Reader(memoryview(shared(field, 4, 4000)), TABLES_OF_TEST), "Root")
        assert not found.errors


def test_bytes_are_read_in_place_and_may_be_shared() -> None:
    data = shared("data", 20_000, 100_000)
    assert not verify(Reader(memoryview(data), TABLES_OF_TEST), "Root").errors


def test_a_vtable_at_the_end_belongs_to_the_flatbuffer() -> None:
    """Old writers put the vtable of the last table behind it."""
    root = b"\x08\x00\x00\x00" + b"\0\0\0\0"  # the root table is at byte 8
    table = b"\xfc\xff\xff\xff"  # its vtable is 4 bytes further on
    vtable = b"\x06\x00\x04\x00\x00\x00"
    data = root + table + vtable + b"appended"
    found = verify(Reader(memoryview(data), TABLES_OF_TEST), "Root")
    assert not found.errors
    assert found.end == len(root + table + vtable)
