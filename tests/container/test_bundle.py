"""Models inside zip archives, sound and damaged."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint.container import bundle
from tflint.container.errors import BundleError
from tflint.container.members import members
from tflint.container.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tflint.container.members import Member

    Zip = Callable[..., bytes]
    Read = Callable[..., list[Member]]

DEFLATED = zipfile.ZIP_DEFLATED

# Offsets in a central directory entry.
FLAGS, METHOD, CRC, PACKED, SIZE, LOCAL = 8, 10, 16, 20, 24, 42


def patch(archive: bytes, entry: int, field: int, value: int) -> bytes:
    """The archive with one field of a central directory entry replaced."""
    at = -1
    for _ in range(entry + 1):
        at = archive.index(b"PK\x01\x02", at + 1)
    form = "<H" if field in (FLAGS, METHOD) else "<I"
    changed = bytearray(archive)
    struct.pack_into(form, changed, at + field, value)
    return bytes(changed)


def error_of(read: Read, data: bytes) -> BundleError:
    with pytest.raises(BundleError) as caught:
        read(data)
    return caught.value


def attempt(data: bytes) -> list[Member]:
    """The members of any file, none when it is refused as it should be: with one line."""
    try:
        return list(members(Source(memoryview(data)), "f"))
    except BundleError as error:
        if not error.message.isprintable() or not 0 <= error.offset <= len(data):
            raise AssertionError(repr(error)) from error
        return []


def test_stored_models_are_slices(make_zip: Zip, list_members: Read, model: bytes) -> None:
    data = make_zip(
        ("hand_detector.tflite", model), ("labels.txt", b"a"), ("x/LANDMARK.LITE", model)
    )
    first, second = list_members(data, "hand.task")
    assert [first.name, second.name] == [
        "hand.task::hand_detector.tflite",
        "hand.task::x/LANDMARK.LITE",
    ]
    for member in (first, second):
        assert not member.compressed
        assert bytes(member.data) == model == data[member.offset : member.offset + len(model)]
        assert member.data.obj is data


def test_models_without_an_extension(make_zip: Zip, list_members: Read, model: bytes) -> None:
    for method in (zipfile.ZIP_STORED, DEFLATED):
        data = make_zip(("TF_LITE_PREFILL_DECODE", model), ("METADATA", b"\x08\x01"), method=method)
        assert [m.name for m in list_members(data)] == ["f::TF_LITE_PREFILL_DECODE"]


def test_deflated_models_are_inflated(make_zip: Zip, list_members: Read, model: bytes) -> None:
    content = model + bytes(100_000)
    data = make_zip(("m.tflite", content), method=DEFLATED)
    (member,) = list_members(data)
    assert member.compressed
    assert member.data.readonly
    assert bytes(member.data) == content
    assert member.offset == 30 + len("m.tflite")


def test_a_file_named_like_a_model_is_a_member_whatever_it_holds(
    make_zip: Zip, list_members: Read
) -> None:
    (member,) = list_members(make_zip(("m.tflite", b"<html>")))
    assert bytes(member.data) == b"<html>"


def test_bundles_in_a_bundle(make_zip: Zip, list_members: Read, model: bytes) -> None:
    hand = make_zip(("hand_detector.tflite", model))
    deeper = make_zip(("hand.task", hand))
    for method, compressed in ((zipfile.ZIP_STORED, False), (DEFLATED, True)):
        data = make_zip(
            ("hand_landmarker.task", hand),
            ("face.tflite", model),
            ("deeper.task", deeper),
            method=method,
        )
        found = list_members(data, "holistic.task")
        assert [m.name for m in found] == [
            "holistic.task::hand_landmarker.task::hand_detector.tflite",
            "holistic.task::face.tflite",
        ]
        assert [m.compressed for m in found] == [compressed] * 2
        assert [bytes(m.data) for m in found] == [model] * 2
        if not compressed:
            assert data[found[0].offset :].startswith(model)


def test_a_model_with_a_zip_of_metadata_is_no_bundle(
    make_zip: Zip, list_members: Read, model: bytes
) -> None:
    data = model + make_zip(("labels.txt", b"cat\n"), ("other.tflite", model))
    (member,) = list_members(data)
    assert (member.name, len(member.data)) == ("f", len(data))


def test_a_zip_without_models_comes_back_whole(make_zip: Zip, list_members: Read) -> None:
    data = make_zip(("labels.txt", b"cat\n"), ("folder.tflite/", b""))
    (member,) = list_members(data)
    assert (member.name, bytes(member.data)) == ("f", data)


def test_names_are_shown_safely_and_once(make_zip: Zip, list_members: Read, model: bytes) -> None:
    names = [
        "../../etc/a.tflite",
        "/etc/a.tflite",
        "C:\\x\\b\x1b[31m\n.tflite",
        "n" * 300 + ".tflite",
    ]
    data = make_zip(*((name, model) for name in names), ("etc/a.tflite#2", model))
    shown = [m.name.removeprefix("f::") for m in list_members(data)]
    assert shown[:3] == ["etc/a.tflite", "etc/a.tflite#2", r"x/b\x1b[31m\n.tflite"]
    assert len(shown[3]) == 120
    assert len(set(shown)) == 5


def test_zip64(monkeypatch: pytest.MonkeyPatch, list_members: Read, model: bytes) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.tflite", model)
        archive.writestr("b.tflite", model)
    data = target.getvalue()
    assert b"PK\x06\x06" in data
    monkeypatch.undo()
    assert [bytes(m.data) for m in list_members(data)] == [model, model]


def test_every_truncation_is_an_error(make_zip: Zip, list_members: Read, model: bytes) -> None:
    data = make_zip(("a.tflite", model), ("b.tflite", model), method=DEFLATED)
    for length in range(8, len(data)):
        error = error_of(list_members, data[:length])
        assert 0 <= error.offset <= length
    assert "cut off" in error_of(list_members, data[: len(data) // 2]).message


def test_overlapping_members(make_zip: Zip, list_members: Read, model: bytes) -> None:
    data = make_zip(("a.tflite", model), ("b.tflite", model))
    same = error_of(list_members, patch(data, 1, LOCAL, 0))
    assert same.message.startswith("`b.tflite` overlaps `a.tflite`, which ends at byte ")
    longer = error_of(list_members, patch(data, 0, PACKED, len(model) + 10))
    assert "overlaps" in longer.message


def test_members_outside_the_archive(make_zip: Zip, list_members: Read, model: bytes) -> None:
    data = make_zip(("a.tflite", model))
    beyond = error_of(list_members, patch(data, 0, PACKED, 0x7FFFFFFF))
    assert "the zip directory begins at" in beyond.message
    nowhere = error_of(list_members, patch(data, 0, LOCAL, 7))
    says = "`a.tflite` has no local header at byte 7, where the zip directory puts it"
    assert nowhere.message == says
    far = error_of(list_members, patch(data, 0, LOCAL, 0x7FFFFFFF))
    assert far.offset == len(data)


def test_lying_sizes(make_zip: Zip, list_members: Read, model: bytes) -> None:
    stored = make_zip(("a.tflite", model))
    size = len(model)
    assert (
        f"stored in {size} bytes but claims 5"
        in error_of(list_members, patch(stored, 0, SIZE, 5)).message
    )
    deflated = make_zip(("a.tflite", model), method=DEFLATED)
    short = error_of(list_members, patch(deflated, 0, SIZE, size - 1))
    assert f"inflates to more than the {size - 1} bytes it claims" in short.message
    long = error_of(list_members, patch(deflated, 0, SIZE, size + 1))
    assert f"inflates to {size} bytes, {size + 1} are claimed" in long.message
    huge = error_of(list_members, patch(deflated, 0, SIZE, 0xFFFFFFF0))
    assert "to 4.0 GiB; 16.0 MiB is the limit here" in huge.message
    wrong = error_of(list_members, patch(deflated, 0, CRC, 1))
    assert wrong.message == "`a.tflite` does not match its CRC-32 checksum"


def test_a_bomb_is_not_inflated(make_zip: Zip, list_members: Read, model: bytes) -> None:
    """1000 times: 64 MiB in 64 KiB."""
    data = make_zip(("a.tflite", model + bytes(64 * 1024**2)), method=DEFLATED)
    assert len(data) < 70_000
    error = error_of(list_members, data)
    assert "inflates from" in error.message
    assert "to 64.0 MiB" in error.message


def test_many_small_bombs_share_one_limit(make_zip: Zip, list_members: Read, model: bytes) -> None:
    files = [(f"{i}.tflite", model + bytes(6 * 1024**2)) for i in range(4)]
    inner = make_zip(*files, method=DEFLATED)
    with pytest.raises(BundleError, match=r"in `inner\.task`: `2\.tflite` inflates"):
        list_members(make_zip(("inner.task", inner), ("x.tflite", model)))
    found = members(Source(memoryview(inner)), "f")
    assert [next(found).name, next(found).name] == ["f::0.tflite", "f::1.tflite"]
    with pytest.raises(BundleError, match=r"`2\.tflite` inflates"):
        next(found)


def test_a_damaged_bundle_in_a_bundle_is_named(
    make_zip: Zip, list_members: Read, model: bytes
) -> None:
    inner = patch(make_zip(("a.tflite", model)), 0, SIZE, 5)
    data = make_zip(("inner.task", inner))
    error = error_of(list_members, data)
    assert error.message.startswith("in `inner.task`: `a.tflite` is stored in")


def test_unread_members(make_zip: Zip, list_members: Read, model: bytes) -> None:
    for method, number in ((zipfile.ZIP_BZIP2, 12), (zipfile.ZIP_LZMA, 14)):
        error = error_of(list_members, make_zip(("a.tflite", model), method=method))
        assert f"uses zip compression method {number}; only 0 (stored) and 8" in error.message
    encrypted = error_of(list_members, patch(make_zip(("a.tflite", model)), 0, FLAGS, 1))
    assert encrypted.message == "`a.tflite` is encrypted"
    # Neither matters in a file that is no model.
    other = make_zip(("notes.txt", b"n"), ("a.tflite", model))
    assert len(list_members(patch(other, 0, FLAGS, 1))) == 1


def test_a_huge_directory_is_refused_before_it_is_read(make_zip: Zip, list_members: Read) -> None:
    data = make_zip(*((f"{i:05}" + "n" * 60_000, b"") for i in range(75)))
    error = error_of(list_members, data)
    assert error.message.startswith("the zip directory takes 4.3 MiB; at most 4.0 MiB is read")


_MANY = """
import sys
from tflint.container import members, open_source
with open_source(sys.argv[1]) as source:
    print(len(list(members(source, "f"))))
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads VmHWM of Linux")
def test_the_largest_directory_stays_within_200_mib_and_2_seconds(tmp_path: Path) -> None:
    """Entries without names are the smallest: 46 bytes each."""
    count = bundle.MAX_DIRECTORY // 46
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    data = bytearray(local * count)
    start = len(data)
    for i in range(count):
        data += struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30 * i
        )
    end = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(data) - start, start, 0
    )
    path = tmp_path / "many.task"
    path.write_bytes(data + end)
    began = time.perf_counter()
    result = subprocess.run(
        [sys.executable, "-c", _MANY, str(path)], capture_output=True, text=True, check=True
    )
    taken = time.perf_counter() - began
    found, peak = result.stdout.split()
    assert found == "1"
    assert int(peak) < 200 * 1024
    assert taken < 4  # twice the limit, for a busy machine


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"LITERTLM"]))
def test_arbitrary_bytes_raise_bundle_errors_only(data: bytes, magic: bytes) -> None:
    found = attempt(magic + data)
    assert found == [] or found[0].name == "f"


@given(st.data())
def test_mutated_archives_raise_bundle_errors_only(draw: st.DataObject) -> None:
    content = b"\x1c\0\0\0TFL3" + bytes(40)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.tflite", content)
        archive.writestr("b.tflite", content, DEFLATED)
        archive.writestr("c.task", target.getvalue() + b"PK\x05\x06" + bytes(18))
    data = bytearray(target.getvalue())
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at] = draw.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, data[at] ^ 1]))
    found = attempt(bytes(data))
    assert len({member.name for member in found}) == len(found)
