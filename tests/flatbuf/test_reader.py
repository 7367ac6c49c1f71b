"""The reader against FlatBuffers written by the official Builder, then broken by hand."""

from __future__ import annotations

import struct

import flatbuffers
import pytest

from tflint.flatbuf import INVARIANTS, FormatError, Reader, verify
from tflint.flatbuf.reader import SCALAR, SCALARS, STRING, STRINGS, TABLE, TABLES, UNION

TABLES_OF_TEST = {
    "Root": (
        ("flag", SCALAR, "?", True, None),
        ("count", SCALAR, "i", 7, None),
        ("name", STRING, None, None, None),
        ("child", TABLE, "Leaf", None, None),
        ("numbers", SCALARS, "i", None, None),
        ("words", STRINGS, None, None, None),
        ("leaves", TABLES, "Leaf", None, None),
        ("choice_type", SCALAR, "B", 0, None),
        ("choice", UNION, ("", "Leaf"), None, None),
    ),
    "Leaf": (("value", SCALAR, "q", -1, None),),
    "Older": (("flag", SCALAR, "?", True, None),),
}


def leaf(builder: flatbuffers.Builder, value: int) -> int:
    builder.StartObject(1)
    builder.PrependInt64Slot(0, value, -1)
    return builder.EndObject()


def offsets(builder: flatbuffers.Builder, items: list[int]) -> int:
    builder.StartVector(4, len(items), 4)
    for item in reversed(items):
        builder.PrependUOffsetTRelative(item)
    return builder.EndVector()


def root_bytes(*, union_type: int = 1) -> bytes:
    builder = flatbuffers.Builder(0)
    name = builder.CreateString("räume")
    words = offsets(builder, [builder.CreateString(word) for word in ("a", "", "ccc")])
    leaves = offsets(builder, [leaf(builder, 10), leaf(builder, 20)])
    child, choice = leaf(builder, 5), leaf(builder, 6)
    builder.StartVector(4, 3, 4)
    for number in (3, 2, -1):
        builder.PrependInt32(number)
    numbers = builder.EndVector()
    builder.StartObject(9)
    builder.PrependBoolSlot(0, False, True)
    for slot, offset in ((2, name), (3, child), (4, numbers), (5, words), (6, leaves), (8, choice)):
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    builder.PrependUint8Slot(7, union_type, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


def reader(data: bytes) -> Reader:
    return Reader(memoryview(data), TABLES_OF_TEST)


def test_every_kind_of_field_reads_back():
    root = reader(root_bytes()).root("Root")
    assert root.scalar("flag") is False
    assert root.scalar("count") == 7, "an absent field has the schema's default"
    assert not root.has("count")
    assert root.string("name") == "räume"
    assert root.table("child").scalar("value") == 5
    assert root.numbers("numbers") == (-1, 2, 3)
    assert list(root.scalars("numbers")) == [-1, 2, 3]
    assert root.strings("words") == ("a", "", "ccc")
    assert [root.item("leaves", i).scalar("value") for i in range(root.count("leaves"))] == [10, 20]
    assert root.union_kind("choice") == "Leaf"
    assert root.union("choice").scalar("value") == 6
    with pytest.raises(IndexError):
        root.item("leaves", 2)


def test_a_sound_file_verifies_and_its_extent_is_known():
    data = root_bytes()
    found = verify(reader(data + b"appended"), "Root")
    assert found.errors == ()
    assert not found.refused
    assert found.tables == 5
    assert len(data) - 4 <= found.end <= len(data), "up to alignment padding"


def test_unknown_union_type_is_named_and_not_followed():
    data = root_bytes(union_type=9)
    root = reader(data).root("Root")
    assert root.union_kind("choice") is None
    assert root.union("choice") is None
    found = verify(reader(data), "Root")
    assert found.unknown_unions == (".choice",) or found.unknown_unions == ("choice",)
    assert not found.refused


def test_fields_of_a_newer_schema_are_counted_not_misread():
    found = verify(reader(root_bytes()), "Older")
    assert found.errors == ()
    assert len(found.unknown_fields) == 1


def patched(data: bytes, at: int, code: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<" + code, changed, at, value)
    return bytes(changed)


def field_position(data: bytes, name: str) -> int:
    root = reader(data).root("Root")
    return root.pos + root.layout.offsets[root.schema.slots[name]]


def target_of(data: bytes, name: str) -> int:
    at = field_position(data, name)
    return at + struct.unpack_from("<I", data, at)[0]


def broken(name: str) -> tuple[bytes, str, str]:
    """Bytes with one broken invariant, the invariant and the path of the error."""
    data = root_bytes()
    (root,) = struct.unpack_from("<I", data, 0)
    vtable = root - struct.unpack_from("<i", data, root)[0]
    cases = {
        "file-size": (data[:7], ""),
        "root-offset": (patched(data, 0, "I", len(data)), ""),
        "vtable-position": (patched(data, root, "i", -len(data)), ""),
        "vtable-size": (patched(data, vtable, "H", 3), ""),
        "table-size": (patched(data, vtable + 4, "H", 0xFFFE), ""),
        "offset-target": (patched(data, field_position(data, "name"), "I", 1 << 30), "name"),
        "vector-length": (patched(data, target_of(data, "numbers"), "I", 0xFFFFFFFF), "numbers"),
        "string-terminator": (
            patched(data, target_of(data, "name"), "I", 3),
            "name",
        ),
        "string-utf8": (patched(data, target_of(data, "name") + 4, "B", 0xFF), "name"),
    }
    return (*cases[name][:1], name, cases[name][1])


@pytest.mark.parametrize(
    "name",
    [
        "file-size",
        "root-offset",
        "vtable-position",
        "vtable-size",
        "table-size",
        "offset-target",
        "vector-length",
        "string-terminator",
        "string-utf8",
    ],
)
def test_each_broken_invariant_is_named_with_place_and_path(name):
    data, invariant, path = broken(name)
    found = verify(reader(data), "Root")
    assert [error.invariant for error in found.errors] == [invariant]
    error = found.errors[0]
    assert invariant in INVARIANTS
    assert error.path == path
    assert 0 <= error.offset <= len(data)
    assert error.refused == (invariant != "string-utf8")


def test_an_offset_to_itself_is_refused():
    data = root_bytes()
    data = patched(data, field_position(data, "child"), "I", 0)
    with pytest.raises(FormatError, match="offset 0 at byte") as caught:
        reader(data).root("Root").table("child")
    assert caught.value.invariant == "offset-target"


def test_a_misaligned_value_is_reported():
    data = root_bytes()
    child = target_of(data, "child")
    vtable = child - struct.unpack_from("<i", data, child)[0]
    at = struct.unpack_from("<H", data, vtable + 4)[0]
    data = patched(data, vtable + 4, "H", at - 2)
    found = verify(reader(data), "Root")
    assert {error.invariant for error in found.errors} == {"alignment"}
    assert "child.value" in {error.path for error in found.errors}
    assert found.refused


def test_siblings_of_a_broken_element_are_still_checked():
    data = root_bytes()
    leaves = target_of(data, "leaves")
    data = patched(patched(data, leaves + 4, "I", 1 << 30), leaves + 8, "I", 1 << 29)
    found = verify(reader(data), "Root")
    assert [error.path for error in found.errors] == ["leaves[0]", "leaves[1]"]


def shared_leaf(times: int) -> bytes:
    """A root whose list of leaves names one leaf `times` times."""
    builder = flatbuffers.Builder(0)
    shared = leaf(builder, 1)
    inner = offsets(builder, [shared] * times)
    builder.StartObject(9)
    builder.PrependUOffsetTRelativeSlot(6, inner, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


def test_a_table_may_be_shared():
    assert verify(reader(shared_leaf(3)), "Root").errors == ()


def test_one_table_reached_many_times_is_stopped():
    data = shared_leaf(1000)
    found = verify(reader(data), "Root")
    assert [error.invariant for error in found.errors] == ["table-count"]
    assert found.tables <= len(data) // 8 + 1
    assert found.refused


def test_a_vtable_at_an_odd_byte_is_refused():
    data = root_bytes()
    (root,) = struct.unpack_from("<I", data, 0)
    back = struct.unpack_from("<i", data, root)[0]
    found = verify(reader(patched(data, root, "i", back - 1)), "Root")
    assert [error.invariant for error in found.errors] == ["alignment"]


def test_endless_nesting_stops_at_the_depth_limit():
    # A table whose child is itself needs a negative offset, which FlatBuffers cannot write; a
    # chain of 100 tables nests as deep without one.
    builder = flatbuffers.Builder(0)
    child = 0
    for _ in range(100):
        builder.StartObject(1)
        if child:
            builder.PrependUOffsetTRelativeSlot(0, child, 0)
        child = builder.EndObject()
    builder.Finish(child)
    chain = {"Root": (("next", TABLE, "Root", None, None),)}
    found = verify(Reader(memoryview(bytes(builder.Output())), chain), "Root")
    assert [error.invariant for error in found.errors] == ["depth"]


def test_fields_that_share_bytes_are_read_as_flatbuffers_reads_them():
    data = root_bytes()
    (root,) = struct.unpack_from("<I", data, 0)
    vtable = root - struct.unpack_from("<i", data, root)[0]
    name_at = struct.unpack_from("<H", data, vtable + 4 + 2 * 2)[0]
    data = patched(data, vtable + 4 + 2 * 1, "H", name_at)
    table = reader(data).root("Root")
    assert table.string("name") == "räume"
    assert table.scalar("count") == struct.unpack_from("<i", data, root + name_at)[0]
