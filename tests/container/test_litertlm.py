"""Models inside LiteRT-LM files."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

import flatbuffers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint.container import litertlm
from tflint.container.errors import BundleError
from tflint.container.members import members
from tflint.container.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tflint.container.members import Member

    Read = Callable[..., list[Member]]

BLOCK = 16 * 1024

# AnySectionDataType
GENERIC, DEPRECATED, MODEL, TOKENIZER, WEIGHTS = 1, 2, 3, 4, 7

# VData
INT32, STRING = 6, 9


class Section(NamedTuple):
    """What the builder below writes for one section."""

    type: int
    content: bytes
    items: tuple[tuple[str, str | int], ...] = ()
    begin: int | None = None
    end: int | None = None


def vector(builder: flatbuffers.Builder, offsets: list[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def key_value(builder: flatbuffers.Builder, key: str, value: str | int) -> int:
    """A KeyValuePair; numbers as format 1.1 wrote them, structs in the union."""
    name = builder.CreateString(key)
    if isinstance(value, str):
        text = builder.CreateString(value)
        builder.StartObject(1)
        builder.PrependUOffsetTRelativeSlot(0, text, 0)
        content, kind = builder.EndObject(), STRING
    else:
        builder.Prep(4, 0)
        builder.PrependInt32(value)
        content, kind = builder.Offset(), INT32
    builder.StartObject(3)
    builder.PrependUOffsetTRelativeSlot(0, name, 0)
    builder.PrependUint8Slot(1, kind, 0)
    builder.PrependUOffsetTRelativeSlot(2, content, 0)
    return int(builder.EndObject())


def build(*sections: Section, version: tuple[int, int, int] = (1, 1, 0)) -> bytes:
    """A LiteRT-LM file as schema/core/litertlm_export.cc writes it."""
    body = bytearray()
    places = []
    for section in sections:
        begin = BLOCK + len(body)
        body += section.content
        places.append((begin, BLOCK + len(body)))
        body += bytes(-len(body) % BLOCK)
    builder = flatbuffers.Builder(1024)
    author = vector(builder, [key_value(builder, "author", "The ODML Authors")])
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, author, 0)
    system = builder.EndObject()
    objects = []
    for section, (begin, end) in zip(sections, places, strict=True):
        items = vector(builder, [key_value(builder, *item) for item in section.items])
        builder.StartObject(4)
        builder.PrependUOffsetTRelativeSlot(0, items, 0)
        builder.PrependUint64Slot(1, begin if section.begin is None else section.begin, 0)
        builder.PrependUint64Slot(2, end if section.end is None else section.end, 0)
        builder.PrependUint8Slot(3, section.type, 0)
        objects.append(builder.EndObject())
    listed = vector(builder, objects)
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, listed, 0)
    metadata = builder.EndObject()
    builder.StartObject(2)
    builder.PrependUOffsetTRelativeSlot(0, system, 0)
    builder.PrependUOffsetTRelativeSlot(1, metadata, 0)
    builder.Finish(builder.EndObject())
    header = bytes(builder.Output())
    start = b"LITERTLM" + struct.pack("<3I4xQ", *version, 32 + len(header)) + header
    return start.ljust(BLOCK, b"\0") + bytes(body)


def error_of(read: Read, data: bytes) -> BundleError:
    with pytest.raises(BundleError) as caught:
        read(data)
    assert 0 <= caught.value.offset <= len(data)
    return caught.value


def test_models_are_named_by_their_type(list_members: Read, model: bytes) -> None:
    prefill = (("quantized", 1), ("model_type", "tf_lite_prefill_decode"))
    data = build(
        Section(TOKENIZER, b"spiece", (("vocab_size", 10000),)),
        Section(MODEL, model, prefill),
        Section(WEIGHTS, b"w" * 100, (("model_type", "tf_lite_prefill_decode"),)),
        Section(MODEL, model, (("model_type", "tf_lite_embedder"),)),
        Section(MODEL, model, (("model_type", "tf_lite_embedder"),)),
        Section(MODEL, model),
        Section(MODEL, model, (("model_type", 7),)),
    )
    found = list_members(data, "gemma.litertlm")
    assert [m.name for m in found] == [
        "gemma.litertlm::tf_lite_prefill_decode",
        "gemma.litertlm::tf_lite_embedder",
        "gemma.litertlm::tf_lite_embedder#2",
        "gemma.litertlm::section[5]",
        "gemma.litertlm::section[6]",
    ]
    for member in found:
        assert bytes(member.data) == model == data[member.offset : member.offset + len(model)]
        assert member.offset % BLOCK == 0
        assert member.data.obj is data
        assert not member.compressed


def test_a_file_without_models_comes_back_whole(list_members: Read) -> None:
    data = build(Section(TOKENIZER, b"spiece"))
    (member,) = list_members(data)
    assert (member.name, len(member.data)) == ("f", len(data))


def test_names_are_shown_safely(list_members: Read, model: bytes) -> None:
    data = build(Section(MODEL, model, (("model_type", "../a\x1b[2J" + "n" * 9999),)))
    (member,) = list_members(data)
    assert member.name.startswith(r"f::a\x1b[2Jnnn")
    assert len(member.name) == len("f::") + 120


def test_another_major_version(list_members: Read, model: bytes) -> None:
    assert len(list_members(build(Section(MODEL, model), version=(1, 9, 3)))) == 1
    error = error_of(list_members, build(Section(MODEL, model), version=(2, 0, 0)))
    assert error.message == "LiteRT-LM format 2.0.0; only version 1 is known"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"begin": 0}, "section 1 has bytes 0 to"),
        ({"end": 2**63}, f"section 1 has bytes 32768 to {2**63}; the header ends at"),
        ({"begin": 40000, "end": 39999}, "section 1 has bytes 40000 to 39999"),
        ({"begin": BLOCK + 1, "end": BLOCK + 3}, "section 1 overlaps section 0, which ends at"),
        ({"begin": 32768, "end": 32768}, "section 1, a TFLite model, is empty"),
    ],
)
def test_lying_extents(
    list_members: Read, model: bytes, changed: dict[str, int], says: str
) -> None:
    damaged = Section(MODEL, model)._replace(**changed)
    error = error_of(list_members, build(Section(GENERIC, b"data"), damaged))
    assert says in error.message


@pytest.mark.parametrize("end", [0, 31, 2**64 - 1])
def test_lying_header_end(list_members: Read, model: bytes, end: int) -> None:
    data = bytearray(build(Section(MODEL, model)))
    struct.pack_into("<Q", data, 24, end)
    error = error_of(list_members, bytes(data))
    assert error.message.startswith(f"the LiteRT-LM header ends at byte {end}, outside")


def test_the_limits(list_members: Read, model: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    data = build(*[Section(MODEL, model, (("a", 1), ("b", 2)))] * 3)
    monkeypatch.setattr(litertlm, "MAX_ITEMS", 5)
    assert "more than 5 LiteRT-LM section metadata items" in error_of(list_members, data).message
    monkeypatch.setattr(litertlm, "MAX_SECTIONS", 2)
    assert "3 LiteRT-LM sections; at most 2" in error_of(list_members, data).message
    monkeypatch.setattr(litertlm, "MAX_HEADER", 100)
    assert "at most 100 bytes is read" in error_of(list_members, data).message


def test_every_truncation_is_an_error(list_members: Read, model: bytes) -> None:
    data = build(Section(MODEL, model))
    for length in (*range(8, 400), *range(400, len(data) - BLOCK + len(model), 977)):
        error_of(list_members, data[:length])


def test_a_broken_offset_is_named_with_its_place(list_members: Read, model: bytes) -> None:
    data = bytearray(build(Section(MODEL, model)))
    (root,) = struct.unpack_from("<I", data, 32)
    struct.pack_into("<i", data, 32 + root, 10**6)
    error = error_of(list_members, bytes(data))
    assert "LiteRT-LM header: root: vtable at byte " in error.message
    assert error.offset == 32 + root


@given(st.data())
def test_mutated_headers_raise_bundle_errors_only(draw: st.DataObject) -> None:
    items = (("quantized", 1), ("model_type", "tf_lite_aux"))
    data = bytearray(build(Section(MODEL, b"\x1c\0\0\0TFL3", items), Section(TOKENIZER, b"sp")))
    (end,) = struct.unpack_from("<Q", data, 24)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(8, end - 1))
        data[at] = draw.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, data[at] ^ 1]))
    try:
        found = [m.name for m in members(Source(memoryview(bytes(data))), "f")]
    except BundleError as error:
        found = [error.message] * (0 <= error.offset <= len(data))
    assert found
    assert all(map(str.isprintable, found))


def test_files_of_the_official_builder(tmp_path: Path, list_members: Read, model: bytes) -> None:
    reason = "needs the litert-lm-builder package"
    builder_module = pytest.importorskip("litert_lm_builder.litertlm_builder", reason=reason)
    path = tmp_path / "model.tflite"
    path.write_bytes(model)
    builder = builder_module.LitertLmFileBuilder()
    number = builder_module.Metadata("layers", 12, builder_module.DType.INT32)
    types = builder_module.TfLiteModelType
    builder.add_tflite_model(str(path), types.EMBEDDER, additional_metadata=[number])
    builder.add_generic_binary_data(str(path))
    builder.add_tflite_weights(str(path), types.PREFILL_DECODE)
    builder.add_tflite_model(str(path), types.PREFILL_DECODE, backend_constraint="gpu")
    target = tmp_path / "m.litertlm"
    with target.open("wb") as stream:
        builder.build(stream)
    found = list_members(target.read_bytes())
    assert [m.name for m in found] == ["f::tf_lite_embedder", "f::tf_lite_prefill_decode"]
    assert [bytes(m.data) for m in found] == [model, model]
