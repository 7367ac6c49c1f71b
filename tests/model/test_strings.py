"""The layout of string tensors, against LiteRT's own writer and broken by hand."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint.model.strings import BadStrings, Strings, decode


def packed(texts: list[bytes]) -> bytes:
    """The layout as tflite/string_util.h describes it."""
    at, offsets = 4 * (len(texts) + 2), []
    for text in texts:
        offsets.append(at)
        at += len(text)
    return struct.pack(f"<{len(texts) + 2}i", len(texts), *offsets, at) + b"".join(texts)


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_what_was_packed_is_read(texts: list[bytes]) -> None:
    found = decode(memoryview(packed(texts)))
    assert isinstance(found, Strings)
    assert len(found) == len(texts)
    assert list(found) == texts


def test_an_index_out_of_range_is_an_index_error() -> None:
    found = decode(memoryview(packed([b"a"])))
    assert isinstance(found, Strings)
    for index in (-1, 1):
        with pytest.raises(IndexError):
            found[index]


GOOD = packed([b"ab", b"", b"cde"])


@pytest.mark.parametrize(
    ("data", "problem", "offset"),
    [
        (b"", "string buffer of 0 bytes, at least 4 needed for the count", 0),
        (b"\1\0", "string buffer of 2 bytes", 0),
        (struct.pack("<I", 5), "5 strings need a header of 28 bytes, the buffer has 4", 0),
        (struct.pack("<I", 2**32 - 1), "4294967295 strings need a header of 17179869188", 0),
        (GOOD[:-1], "last string ends at byte 25, the buffer at 24", 16),
        (GOOD + b"x", "last string ends at byte 25, the buffer at 26", 16),
        (GOOD[:4] + b"\x10" + GOOD[5:], "first string at byte 16, the header ends at 20", 4),
        (GOOD[:8] + b"\x13" + GOOD[9:], "offset 1 is 19, below the 20 before it", 8),
        (GOOD[:12] + b"\x15" + GOOD[13:], "offset 2 is 21, below the 22 before it", 12),
        (GOOD[:8] + b"\xff\xff\xff\xff" + GOOD[12:], "offset 2 is 22, below the 4294967295", 12),
    ],
)
def test_a_bad_layout_is_a_value(data: bytes, problem: str, offset: int) -> None:
    found = decode(memoryview(data))
    assert isinstance(found, BadStrings)
    assert problem in found.problem
    assert found.offset == offset


@given(st.binary(max_size=64))
def test_no_bytes_raise(data: bytes) -> None:
    found = decode(memoryview(data))
    if isinstance(found, Strings):
        assert packed(list(found)) == data
