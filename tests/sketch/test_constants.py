"""Constant data: every form, every element type, and the shortest text for bytes."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint import sketch
from tflint.model.dtypes import BITS, packed_bytes
from tflint.sketch import elements
from tflint.sketch.constants import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from tflint.model import Model

#: The same types in two libraries of other authors.
NUMPY = {
    "FLOAT32": np.float32,
    "FLOAT16": np.float16,
    "FLOAT64": np.float64,
    "BFLOAT16": ml_dtypes.bfloat16,
    "FLOAT8_E4M3FN": ml_dtypes.float8_e4m3fn,
    "FLOAT8_E5M2": ml_dtypes.float8_e5m2,
    "INT8": np.int8,
    "UINT8": np.uint8,
    "INT16": np.int16,
    "UINT16": np.uint16,
    "INT32": np.int32,
    "UINT32": np.uint32,
    "INT64": np.int64,
    "UINT64": np.uint64,
    "BOOL": np.bool_,
    "COMPLEX64": np.complex64,
    "COMPLEX128": np.complex128,
}
PACKED = ("INT4", "UINT4", "INT2")


@pytest.fixture(scope="module")
def data_of(read: Callable[[bytes], Model]) -> Callable[[str], bytes]:
    """The bytes of the first tensor of a constant's line without the word const and the name."""

    def data_of(line: str) -> bytes:
        tensor = read(sketch.build(f"const w {line}")).subgraphs[0].tensors[0]
        return bytes(tensor.data)

    return data_of


def test_every_type_of_a_fixed_width_is_covered() -> None:
    assert {*NUMPY, *PACKED} == set(BITS)


@pytest.mark.parametrize("dtype", sorted(set(NUMPY) - {"BOOL", "COMPLEX64", "COMPLEX128"}))
def test_numbers_as_numpy_stores_them(dtype: str, data_of: Callable[[str], bytes]) -> None:
    numbers = [0, 1, 2, 3, 100] if "INT" in dtype else [0.1, -0.0, 1e-3, 300.0, 0.6]
    expected = np.array(numbers).astype(NUMPY[dtype]).tobytes()
    assert data_of(f"[5] {dtype} = {' '.join(map(str, numbers))}") == expected


@pytest.mark.parametrize("dtype", ["FLOAT8_E4M3FN", "FLOAT8_E5M2", "BFLOAT16", "FLOAT16"])
def test_small_floats_hold_the_values_that_numpy_says(dtype: str) -> None:
    size = BITS[dtype] // 8
    codes = np.arange(1 << BITS[dtype], dtype={1: np.uint8, 2: np.uint16}[size])
    with np.errstate(invalid="ignore"):  # NaN
        theirs = codes.view(NUMPY[dtype]).astype(np.float64)
    ours = np.array(elements.unpack(dtype, codes.tobytes(), len(codes)))
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("dtype", ["FLOAT8_E4M3FN", "FLOAT8_E5M2", "BFLOAT16"])
@given(number=st.floats(-400, 400))
def test_small_floats_round_as_numpy_does(dtype: str, number: float) -> None:
    # From float32, since one of the libraries rounds a float64 twice.
    number = float(np.float32(number))
    expected = np.array(number, np.float32).astype(NUMPY[dtype]).tobytes()
    assert elements.pack(dtype, [number]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[4] BOOL = true false 1 0", "01000100"),
        ("[2] COMPLEX64 = 1 2 3 4", struct.pack("<4f", 1, 2, 3, 4).hex()),
        ("[3] FLOAT32 = nan inf -inf", struct.pack("<3f", math.nan, math.inf, -math.inf).hex()),
        ("[] INT32 = -2", "feffffff"),
        ("[3] INT4 = 1 -2 7", "e107"),
        ("[3] UINT4 = 1 14 7", "e107"),
        ("[5] INT2 = -2 -1 0 1 -2", "4e02"),
        ("[2,2] INT4 = fill(-8)", "8888"),
        ("[3] INT4 = fill(-8)", "8808"),
        ("[5] INT2 = fill(-1)", "ff03"),
        ("[2] COMPLEX64 = fill(1)", struct.pack("<4f", 1, 1, 1, 1).hex()),
        ("[3] INT16 = fill(-1)", "ffffffffffff"),
        ("[4] INT8 = seq", "00010203"),
        ("[4] INT8 = seq(126)", "7e7f8081"),
        ("[3] UINT8 = seq(1,-1)", "0100ff"),
        ("[3] FLOAT32 = seq(0.5,0.25)", struct.pack("<3f", 0.5, 0.75, 1).hex()),
        ("[9] FLOAT32 = bytes(3)", "000000"),
        ("[9] FLOAT32 = hex(01 02\n 03)", "010203"),
        ("[9] FLOAT32 = data(3f2a, 2 bytes)", "0000"),
        ("[2] TYPE_37 = hex(ab)", "ab"),
        ("[2] STRING = hex(ab)", "ab"),
        ('[2] STRING = "ab" ""', "02000000100000001200000012000000" + b"ab".hex()),
        ('[1] STRING = "\\xff\\"\\\\\\n\\t"', "010000000c00000011000000" + "ff225c0a09"),
    ],
)
def test_bytes_of(line: str, expected: str, data_of: Callable[[str], bytes]) -> None:
    assert data_of(line).hex() == expected


def test_external_bytes_lie_after_the_flatbuffer(read: Callable[[bytes], Model]) -> None:
    model = read(
        sketch.build(
            "subgraph\n"
            "const a [3] INT8 = external 1 2 3\n"
            "const b [2] INT8 = external seq(5)\n"
            "const c [2] INT8 = external(offset=900000, size=64)\n"
            "x [1] INT8 = MyOp(a) custom_options=external hex(0708)\n"
            "appended hex(ff)\n"
        )
    )
    (subgraph,) = model.subgraphs
    a, b, c, _ = (tensor.buffer for tensor in subgraph.tensors)
    assert a is not None
    assert b is not None
    assert c is not None
    assert (bytes(a.data), bytes(b.data)) == (b"\1\2\3", b"\5\6")
    assert model.verification.end <= a.offset < b.offset
    assert a.offset % 16 == b.offset % 16 == 0
    assert (c.out_of_file, c.offset, c.size) == (True, 900000, 64)
    assert subgraph.operators[0].custom_options.hex() == "0708"
    assert model.data[-1] == 0xFF


@pytest.mark.parametrize("dtype", sorted(BITS))
def test_random_is_the_same_everywhere_and_in_range(
    dtype: str, data_of: Callable[[str], bytes]
) -> None:
    first = data_of(f"[101] {dtype} = random(3)")
    assert len(first) == packed_bytes(dtype, 101)
    assert first == data_of(f"[101] {dtype} = random(3)")
    assert first != data_of(f"[101] {dtype} = random(4)")
    numbers = elements.unpack(dtype, first, 101)
    assert len(set(numbers)) >= (30 if BITS[dtype] > 4 and dtype != "BOOL" else 2)
    if dtype.startswith(("FLOAT", "BFLOAT", "COMPLEX")):
        assert all(-1 <= number <= 1 for number in numbers)
    assert elements.pack(dtype, list(numbers)) == first


def test_random_does_not_change_from_version_to_version(data_of: Callable[[str], bytes]) -> None:
    assert data_of("[4] INT8 = random").hex() == "628e79cf"
    assert data_of("[2] FLOAT32 = random(7)").hex() == "44e6a13ee43cb8be"


@pytest.mark.parametrize(
    ("dtype", "numbers", "expected"),
    [
        ("INT8", [3, 3, 3, 3, 3], "fill(3)"),
        ("INT8", [3, 3, 3], "3 3 3"),
        ("INT32", list(range(20)), "seq"),
        ("INT32", list(range(5, 25)), "seq(5)"),
        ("INT32", list(range(0, 40, 2)), "seq(0,2)"),
        ("INT8", [1, 2], "1 2"),
        ("FLOAT32", [0.1, 100.0, 1e-05, -0.0], "0.1 100 1e-05 -0"),
        ("FLOAT32", [math.inf] * 20, "fill(inf)"),
        ("FLOAT32", [math.nan, 1.0], "nan 1"),
        ("BOOL", [1, 0], "true false"),
        ("INT4", [1, -8, 7], "1 -8 7"),
        ("FLOAT16", [0.1], "0.1"),
        ("BFLOAT16", [3.0], "3"),
    ],
)
def test_the_shortest_text_for(dtype: str, numbers: list[float], expected: str) -> None:
    data = elements.pack(dtype, numbers)
    assert show(memoryview(data), dtype, len(numbers), True) == expected


@pytest.mark.parametrize(
    ("data", "dtype", "count", "expected"),
    [
        (b"\2\0", "BOOL", 2, "hex(0200)"),
        (bytes.fromhex("010080ff"), "FLOAT32", 1, "hex(010080ff)"),
        (bytes(17), "FLOAT32", 4, "bytes(17)"),
        (b"\1\2\3", "FLOAT32", 4, "hex(010203)"),
        (b"\xf1", "INT4", 1, "hex(f1)"),
        (bytes(4), "STRING", 0, "bytes(4)"),
    ],
)
def test_what_numbers_cannot_say_is_bytes(
    data: bytes, dtype: str, count: int, expected: str
) -> None:
    assert show(memoryview(data), dtype, count, True) == expected


def test_long_data_is_left_out_unless_asked_for(read: Callable[[bytes], Model]) -> None:
    model = read(sketch.build("const w [100] FLOAT32 = random"))
    (line,) = [line for line in sketch.text(model).splitlines() if "const" in line]
    assert line.endswith(" = data(302e9495, 400 bytes)")
    assert not any(read(sketch.build(sketch.text(model))).subgraphs[0].tensors[0].data)
    full = read(sketch.build(sketch.text(model, data=True)))
    assert full.subgraphs[0].tensors[0].data == model.subgraphs[0].tensors[0].data
    assert max(map(len, sketch.text(model, data=True).splitlines())) <= 110


@given(
    dtype=st.sampled_from(sorted(BITS)),
    count=st.integers(1, 70),
    data=st.data(),
    full=st.booleans(),
)
def test_any_bytes_are_said_so_that_they_are_read_back(
    dtype: str, count: int, data: st.DataObject, full: bool
) -> None:
    size = packed_bytes(dtype, count) or 0
    alike = st.sampled_from([b"\0", b"\x7f\xc0", b"\1"]).map(lambda x: (x * size)[:size])
    stored = data.draw(st.binary(min_size=size, max_size=size) | alike)
    text = show(memoryview(stored), dtype, count, full)
    if text.startswith("data("):
        assert not full
        return
    built = sketch.parse(f"const w [{count}] {dtype} = {text}").model
    assert built["buffers"][1]["data"] == stored
