"""The FlexBuffers reader against the official Python library, and on bytes that are none."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from flatbuffers import flexbuffers
from hypothesis import given
from hypothesis import strategies as st

from tflint.model import Model
from tflint.model.flexbuffer import MAX_DEPTH, BadFlexBuffer, decode

Make = Callable[[str], Model]

KEYS = st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=12)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(-3e38, 3e38)  # the library cannot write larger ones
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


def plain(value: Any) -> Any:
    """Vectors as lists, blobs and binary strings as bytes."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return bytes(value) if isinstance(value, memoryview) else value


@given(VALUES)
def test_what_the_library_writes_is_read(value: Any) -> None:
    data = bytes(flexbuffers.Dumps(value))
    assert plain(decode(memoryview(data))) == flexbuffers.Loads(data) == value


@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    for raw in (False, True):
        found = decode(memoryview(data), raw=raw)
        assert not isinstance(found, BadFlexBuffer) or found.offset >= 0


@given(VALUES, st.data())
def test_no_damage_raises(value: Any, data: st.DataObject) -> None:
    good = bytearray(flexbuffers.Dumps(value))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] = data.draw(st.integers(0, 255))
    decode(memoryview(bytes(good)))


def built(build: Callable[[flexbuffers.Builder], None]) -> memoryview:
    builder = flexbuffers.Builder()
    build(builder)
    return memoryview(bytes(builder.Finish()))


def test_typed_vectors_and_blobs() -> None:
    def fill(builder: flexbuffers.Builder) -> None:
        with builder.Map():
            builder.Key("blob")
            builder.Blob(b"\xff\x00")
            builder.Key("ints")
            builder.TypedVectorFromElements([1, 2, 300])
            builder.Key("floats")
            builder.TypedVectorFromElements([0.5, 2.0])
            builder.Key("bools")
            builder.TypedVectorFromElements([True, False])
            builder.Key("three")
            builder.FixedTypedVectorFromElements([7, -8, 9])
            builder.Key("four")
            builder.FixedTypedVectorFromElements([1.5, 2.5, 3.5, 4.5])
            builder.Key("far")
            builder.IndirectInt(-5)
            builder.Key("farther")
            builder.IndirectFloat(0.25)

    assert plain(decode(built(fill))) == {
        "blob": b"\xff\x00",
        "ints": [1, 2, 300],
        "floats": [0.5, 2.0],
        "bools": [True, False],
        "three": [7, -8, 9],
        "four": [1.5, 2.5, 3.5, 4.5],
        "far": -5,
        "farther": 0.25,
    }


def test_binary_strings_stay_bytes() -> None:
    data = built(lambda builder: builder.String("ab"))
    assert decode(data) == "ab"
    assert plain(decode(data, raw=True)) == b"ab"
    broken = bytes(data).replace(b"ab", b"\xffb")
    assert plain(decode(memoryview(broken))) == b"\xffb"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "buffer of 0 bytes, at least 3 needed"),
        (b"\1\4\3", "root of width 3"),
        (b"\1\4\4", "root of 4 bytes in a buffer of 3"),
        (b"\x05\x28\x01", "offset 5 at byte 0 leads before the buffer"),
        (b"\xff\x00\x28\x01", "more than 4 values in 4 bytes"),
        (b"\x03\x00\x28\x01", "vector of 3 values at byte 1 of 4"),
        (b"\x04\x00\x2c\x01", "vector of 4 values at byte 1 of 4"),
        (b"\xff\x01\x28\x01", "value of 1 bytes at byte -1 of 4"),
        (b"\x00\x00\x24\x01", "value of 1 bytes at byte -2 of 4"),
        (b"\x7f\x00\x01\x14\x01", "127 bytes from byte 1 of 5"),
        (b"ab\x02\x10\x01", "key at byte 0 is not followed by a zero byte"),
        (b"\x00\xf0\x01", "unknown type 60"),
        (b"\x01\x0c\x01", "float of width 1"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, problem: str) -> None:
    found = decode(memoryview(data))
    assert isinstance(found, BadFlexBuffer)
    assert problem in found.problem


def test_nesting_is_limited() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH + 1):
        value = [value]
    found = decode(memoryview(bytes(flexbuffers.Dumps(value))))
    assert isinstance(found, BadFlexBuffer)
    assert found.problem == f"values nest more than {MAX_DEPTH} deep"
    assert not isinstance(decode(memoryview(bytes(flexbuffers.Dumps(value[0])))), BadFlexBuffer)


def test_a_small_buffer_does_not_unfold_into_a_large_one() -> None:
    """Vectors of 16 references to one vector, eight times over: 4 billion values in 280 bytes."""
    data = bytearray(b"\x00")
    at = 1
    data += bytes(16)  # types: null
    data[0:1] = b"\x10"
    level, width_type = at, 0x28  # an untyped vector of width 1
    data += bytes(16)
    for _ in range(7):
        data += b"\x10"
        start = len(data)
        for index in range(16):
            data.append(start + index - level)
        data += bytes([width_type] * 16)
        level = start
    data += bytes([len(data) - level, width_type, 1])
    found = decode(memoryview(bytes(data)))
    assert isinstance(found, BadFlexBuffer)
    assert "more than" in found.problem
    assert "values" in found.problem


def test_overlapping_keys_do_not_unfold() -> None:
    """Each key of this vector begins one byte behind the one before and has the same end."""
    count = 60
    text = b"k" * 4 * count + b"\0"
    distinct = b"".join(struct.pack("<H", len(text) + 2 + index) for index in range(count))
    data = text + b"\0" + struct.pack("<H", count) + distinct
    data += struct.pack("<H", 2 * count) + bytes([14 << 2 | 1, 2])
    found = decode(memoryview(data))
    assert isinstance(found, BadFlexBuffer)
    assert "more text than the" in found.problem


def test_custom_options_of_real_models(shared: Make) -> None:
    checked = 0
    for name in (
        "regenerated/detection_postprocess",
        "audio_preprocessor_int8",
        "postprocess_head_layers",
        "dummy_sp_text_embedder",
        "simple_add_op_qc",
        "posenet_mobilenet_v1_075_481_641_decoder",
    ):
        for operator in shared(name).subgraphs[0].operators:
            if operator.is_custom:
                options = operator.custom_options
                assert plain(decode(options)) == flexbuffers.Loads(bytes(options))
                checked += 1
    assert checked == 15
