"""Metadata entries: well-formed ones, and broken ones as values."""

from __future__ import annotations

import io
import pathlib
import struct
import zipfile
from collections.abc import Callable

import flatbuffers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint.model import Model
from tflint.model.metadata import (
    BadMetadata,
    ModelInfo,
    OfflinePlan,
    Stamp,
    archive,
    conversion,
    file_content,
    litert_stamp,
    min_runtime_version,
    offline_plan,
    text,
    tflite_metadata,
)
from tflint.sketch import build

Make = Callable[[str], Model]


def with_entry(name: str, data: bytes) -> Model:
    source = f"model\nmetadata {name} hex({data.hex()})\nsubgraph\n  input x [1] FLOAT32\n"
    return Model(memoryview(build(source)), "sketch")


def test_no_entries(sketch: Make) -> None:
    model = sketch("subgraph\n")
    for fact in (min_runtime_version, conversion, tflite_metadata, litert_stamp, offline_plan):
        assert fact(model) is None
    assert archive(model) == ()


@pytest.mark.parametrize(
    ("data", "version"),
    [(b"2.14.0".ljust(16, b"\0"), "2.14.0"), (b"1.5.0", "1.5.0"), (bytes(16), "")],
)
def test_the_minimum_runtime_ends_at_the_zeros(data: bytes, version: str) -> None:
    assert min_runtime_version(with_entry("min_runtime_version", data)) == version


def test_text_that_is_none() -> None:
    found = min_runtime_version(with_entry("min_runtime_version", b"2.\xff"))
    assert found == BadMetadata("min_runtime_version", "not UTF-8 from its byte 2 on")
    found = text(with_entry("note", b"x" * 2000), "note")
    assert found == BadMetadata("note", "2000 bytes, at most 1024 of text expected")


def test_an_entry_without_data() -> None:
    source = 'model\nmetadata min_runtime_version "" buffer=99\nsubgraph\n'
    model = Model(memoryview(build(source)), "sketch")
    assert min_runtime_version(model) == ""


def conversion_bytes() -> bytes:
    """Written with the Builder, slot by slot, as conversion_metadata.fbs declares."""
    builder = flatbuffers.Builder(0)
    version = builder.CreateString("2.21.0")
    builder.StartObject(4)
    builder.PrependUOffsetTRelativeSlot(0, version, 0)
    builder.PrependUint32Slot(1, 2, 0)
    builder.PrependInt32Slot(2, 2, 0)
    builder.PrependUint64Slot(3, 2**63, 0)
    environment = builder.EndObject()
    blocks = []
    for values in ((1, 4), (2,)):
        builder.StartVector(4, len(values), 4)
        for value in reversed(values):
            builder.PrependUint32(value)
        vector = builder.EndVector()
        builder.StartObject(1)
        builder.PrependUOffsetTRelativeSlot(0, vector, 0)
        blocks.append(builder.EndObject())
    builder.StartVector(4, len(blocks), 4)
    for block in reversed(blocks):
        builder.PrependUOffsetTRelative(block)
    sizes = builder.EndVector()
    builder.StartVector(4, 2, 4)
    builder.PrependInt32(1234)
    builder.PrependInt32(1003)
    modes = builder.EndVector()
    builder.StartObject(5)
    builder.PrependUOffsetTRelativeSlot(0, modes, 0)
    builder.PrependBoolSlot(1, True, False)
    builder.PrependBoolSlot(3, True, False)
    builder.PrependUOffsetTRelativeSlot(4, sizes, 0)
    options = builder.EndObject()
    builder.StartObject(2)
    builder.PrependUOffsetTRelativeSlot(0, environment, 0)
    builder.PrependUOffsetTRelativeSlot(1, options, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


def test_conversion_metadata() -> None:
    assert conversion(with_entry("CONVERSION_METADATA", conversion_bytes())) == (
        "2.21.0",
        2,
        "KERAS_MODEL",
        2**63,
        ("PTQ_FULL_INTEGER", "ModelOptimizationMode_1234"),
        True,
        False,
        True,
        ((1, 4), (2,)),
    )


def test_empty_conversion_metadata() -> None:
    builder = flatbuffers.Builder(0)
    builder.StartObject(0)
    builder.Finish(builder.EndObject())
    found = conversion(with_entry("CONVERSION_METADATA", bytes(builder.Output())))
    assert found == ("", 0, "NONE", 0, (), False, False, False, ())


@given(st.data())
def test_damaged_flatbuffers_are_values(data: st.DataObject) -> None:
    good = bytearray(conversion_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    conversion(with_entry("CONVERSION_METADATA", bytes(good)))


@given(st.binary(min_size=1, max_size=64))
def test_no_bytes_raise(data: bytes) -> None:
    for name, fact in (
        ("CONVERSION_METADATA", conversion),
        ("TFLITE_METADATA", tflite_metadata),
        ("LiteRtStamp", litert_stamp),
        ("OfflineMemoryAllocation", offline_plan),
        ("min_runtime_version", min_runtime_version),
    ):
        fact(with_entry(name, data))


def test_what_is_broken_is_said() -> None:
    found = conversion(with_entry("CONVERSION_METADATA", b"\xff" * 20))
    assert isinstance(found, BadMetadata)
    assert found.problem.startswith("no ConversionMetadata flatbuffer: byte 0: root")
    found_info = tflite_metadata(with_entry("TFLITE_METADATA", b"short"))
    assert isinstance(found_info, BadMetadata)
    assert "file of 5 bytes, at least 8 needed" in found_info.problem


def test_stamps() -> None:
    data = b"Qualcomm".ljust(125, b"\0") + b"V75".ljust(125, b"\0")
    assert litert_stamp(with_entry("LiteRtStamp", data)) == Stamp("Qualcomm", "V75")
    assert litert_stamp(with_entry("LiteRtStamp", b"x" * 3000)) == BadMetadata(
        "LiteRtStamp", "3000 bytes, two short names expected"
    )


def test_offline_plans() -> None:
    data = struct.pack("<5i", 0, 0, 2, 4096, -1)
    found = offline_plan(with_entry("OfflineMemoryAllocation", data))
    assert found == OfflinePlan(0, 0, (4096, -1))
    found = offline_plan(with_entry("OfflineMemoryAllocation", data[:-4]))
    assert found == BadMetadata("OfflineMemoryAllocation", "1 offsets for the 2 tensors it counts")
    found = offline_plan(with_entry("OfflineMemoryAllocation", data[:-1]))
    assert isinstance(found, BadMetadata)


def zipped(*members: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return held.getvalue()


def with_archive(data: bytes) -> Model:
    return Model(memoryview(build("subgraph\n  input x [1] FLOAT32\n") + data), "sketch")


def test_associated_files_are_read() -> None:
    model = with_archive(zipped(("labels.txt", b"cat\ndog\n"), ("vocab.txt", b"a" * 5000)))
    found = archive(model)
    assert not isinstance(found, BadMetadata)
    assert [(entry.name, entry.size) for entry in found] == [("labels.txt", 8), ("vocab.txt", 5000)]
    contents = [file_content(model, entry) for entry in found]
    assert contents == [b"cat\ndog\n", b"a" * 5000]


def test_damaged_archives_are_values() -> None:
    data = bytearray(zipped(("labels.txt", b"cat\n" * 100)))
    data[40] ^= 0xFF  # in the deflated content
    model = with_archive(bytes(data))
    found = archive(model)
    assert not isinstance(found, BadMetadata)
    assert isinstance(file_content(model, found[0]), BadMetadata)
    data = bytearray(zipped(("labels.txt", b"cat\n")))
    data[-10:-6] = b"\xff\xff\xff\x7f"  # size of the directory
    assert isinstance(archive(with_archive(bytes(data))), BadMetadata)


def test_real_metadata(shared: Make) -> None:
    model = shared("yamnet")
    found = tflite_metadata(model)
    assert isinstance(found, ModelInfo)
    assert (found.identifier, found.name) == (b"M001", "yamnet/classification")
    (subgraph,) = found.subgraphs
    assert subgraph.inputs[0].content == "AudioProperties"
    assert subgraph.inputs[0].properties == {"sample_rate": 16000, "channels": 1}
    assert subgraph.outputs[0].maximum == (1.0,)
    (file,) = found.all_files
    assert (file.name, file.type) == ("yamnet_label_list.txt", "TENSOR_AXIS_LABELS")
    entries = archive(model)
    assert not isinstance(entries, BadMetadata)
    assert [entry.name for entry in entries] == [file.name]
    labels = file_content(model, entries[0])
    assert isinstance(labels, memoryview)
    assert bytes(labels).decode().splitlines()[:2] == ["Speech", "Child speech, kid speaking"]
    assert len(bytes(labels).decode().splitlines()) == 521


def test_normalization_of_a_real_model(shared: Make) -> None:
    found = tflite_metadata(shared("real/google-coral+test_data__mobilenet_v1_0.25_128_quant.t"))
    assert isinstance(found, ModelInfo)
    (unit,) = found.subgraphs[0].inputs[0].process_units
    assert unit == ("NormalizationOptions", {"mean": (127.5,), "std": (127.5,)})


def test_every_shared_model_has_readable_metadata(shared_models: pathlib.Path) -> None:
    for path in sorted(shared_models.glob("re*/*")):
        model = Model(memoryview(path.read_bytes()), path.name)
        if model.verification.refused:
            continue
        for fact in (min_runtime_version, conversion, tflite_metadata, litert_stamp, offline_plan):
            assert not isinstance(fact(model), BadMetadata), path.name
        assert not isinstance(archive(model), BadMetadata), path.name
