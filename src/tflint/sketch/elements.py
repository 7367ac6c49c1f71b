"""Elements of a tensor: text to bytes and back, for every element type of a fixed width."""

from __future__ import annotations

import struct
from bisect import bisect_left
from functools import cache

from tflint.model.dtypes import BITS, FLOATING, QUANTIZED_RANGE, STRUCT_CODE

INFINITY = float("inf")
#: Types whose elements are two numbers, the real and the imaginary part.
COMPLEX = {"COMPLEX64": "FLOAT32", "COMPLEX128": "FLOAT64"}
#: Smallest and largest value of the whole-number types.
WHOLE = {
    **QUANTIZED_RANGE,
    "UINT32": (0, 2**32 - 1),
    "UINT64": (0, 2**64 - 1),
    "BOOL": (0, 1),
}
#: Exponent bits, mantissa bits and bias of the 8-bit floats (arXiv:2209.05433, table 1).
_SMALL_FLOATS = {"FLOAT8_E4M3FN": (4, 3, 7), "FLOAT8_E5M2": (5, 2, 15)}


def is_writable(dtype: str) -> bool:
    """Whether a sketch can write values of the type rather than bytes."""
    return dtype in BITS


def numbers_per_element(dtype: str) -> int:
    """2 for complex types, 1 for all others."""
    return 2 if dtype in COMPLEX else 1


def parse(dtype: str, text: str) -> int | float:
    """The number that `text` stands for.

    Raises:
        ValueError: the type does not hold it; says why.
    """
    dtype = COMPLEX.get(dtype, dtype)
    if dtype in FLOATING:
        try:
            number = float(text)
        except ValueError:
            raise ValueError("is no number") from None
        pack(dtype, [number])
        return number
    if dtype == "BOOL" and text in ("true", "false"):
        return int(text == "true")
    low, high = WHOLE[dtype]
    try:
        value = int(text)
    except ValueError:
        raise ValueError("is no whole number") from None
    if not low <= value <= high:
        raise ValueError(f"is outside {low} to {high}")
    return value


def pack(dtype: str, numbers: list[int] | list[float] | list[int | float]) -> bytes:
    """The bytes of numbers that `parse` returned.

    Sub-byte types fill a byte from its low bits on, as LiteRT unpacks them
    (google-ai-edge/LiteRT tflite/kernels/internal/portable_tensor_utils.cc, UnpackPackedIntToInt8).

    Raises:
        ValueError: a float is too large for the type.
    """
    dtype = COMPLEX.get(dtype, dtype)
    if dtype in _SMALL_FLOATS:
        return bytes(_small_float_code(dtype, number) for number in numbers)
    if dtype == "BFLOAT16":
        return b"".join(_bfloat16(number) for number in numbers)
    bits = BITS[dtype]
    if bits < 8:
        return _pack_bits([int(number) for number in numbers], bits)
    code = "B" if dtype == "BOOL" else STRUCT_CODE[dtype]
    try:
        return struct.pack(f"<{len(numbers)}{code}", *numbers)
    except OverflowError:
        raise ValueError(f"is too large for {dtype}; write inf") from None


def unpack(dtype: str, data: bytes | memoryview, count: int) -> list[int] | list[float]:
    """The numbers of `count` elements, from bytes of exactly their length."""
    count *= numbers_per_element(dtype)
    dtype = COMPLEX.get(dtype, dtype)
    if dtype in _SMALL_FLOATS:
        table = _small_floats(dtype)
        return [table[byte] for byte in data]
    if dtype == "BFLOAT16":
        halves = struct.unpack(f"<{count}H", data)
        words = struct.pack(f"<{count}I", *(half << 16 for half in halves))
        return list(struct.unpack(f"<{count}f", words))
    bits = BITS[dtype]
    if bits < 8:
        return _unpack_bits(data, count, bits, WHOLE[dtype][0] < 0)
    code = "B" if dtype == "BOOL" else STRUCT_CODE[dtype]
    return list(struct.unpack(f"<{count}{code}", data))


def show(dtype: str, number: int | float) -> str:
    """The shortest text that `parse` and `pack` turn into the same bytes."""
    dtype = COMPLEX.get(dtype, dtype)
    if dtype == "BOOL":
        return ("false", "true")[int(number)] if number in (0, 1) else str(number)
    if dtype not in FLOATING:
        return str(number)
    exact = pack(dtype, [number])
    for digits in range(1, 17):
        text = f"{number:.{digits}g}"
        try:
            if pack(dtype, [float(text)]) == exact:
                return min(text, repr(float(text)).removesuffix(".0"), key=len)
        except ValueError:
            continue  # rounded up past the largest value
    return repr(number)


def show_float(number: float) -> str:
    """The shortest text of a 32-bit float, such as a scale."""
    return show("FLOAT32", number)


def _pack_bits(numbers: list[int], bits: int) -> bytes:
    per_byte, mask = 8 // bits, (1 << bits) - 1
    packed = bytearray((len(numbers) + per_byte - 1) // per_byte)
    for index, number in enumerate(numbers):
        packed[index // per_byte] |= (number & mask) << (index % per_byte * bits)
    return bytes(packed)


def _unpack_bits(data: bytes | memoryview, count: int, bits: int, signed: bool) -> list[int]:
    per_byte, mask = 8 // bits, (1 << bits) - 1
    sign = 1 << (bits - 1) if signed else 0
    found = []
    for index in range(count):
        number = data[index // per_byte] >> (index % per_byte * bits) & mask
        found.append((number ^ sign) - sign)
    return found


def _bfloat16(number: float) -> bytes:
    try:
        (word,) = struct.unpack("<I", struct.pack("<f", number))
    except OverflowError:
        raise ValueError("is too large for BFLOAT16; write inf") from None
    if number != number:
        return struct.pack("<H", word >> 16 | 0x40)
    half = (word + 0x7FFF + (word >> 16 & 1)) >> 16  # to nearest, ties to even
    if half & 0x7FFF == 0x7F80 and number not in (INFINITY, -INFINITY):
        raise ValueError("is too large for BFLOAT16; write inf")
    return struct.pack("<H", half)


@cache
def _small_floats(dtype: str) -> tuple[float, ...]:
    """The value of each of the 256 codes."""
    exponent_bits, mantissa_bits, bias = _SMALL_FLOATS[dtype]
    top = (1 << exponent_bits) - 1
    values = []
    for code in range(256):
        sign = -1.0 if code & 0x80 else 1.0
        exponent = code >> mantissa_bits & top
        mantissa = code & (1 << mantissa_bits) - 1
        if exponent == top and dtype == "FLOAT8_E5M2":
            value = float("nan") if mantissa else INFINITY
        elif code & 0x7F == 0x7F and dtype == "FLOAT8_E4M3FN":
            value = float("nan")
        elif exponent:
            value = (1 + mantissa / (1 << mantissa_bits)) * 2.0 ** (exponent - bias)
        else:
            value = mantissa / (1 << mantissa_bits) * 2.0 ** (1 - bias)
        values.append(sign * value)
    return tuple(values)


def _small_float_code(dtype: str, number: float) -> int:
    """The code of the nearest value, ties to the even code."""
    sign = 0x80 if str(float(number)).startswith("-") else 0
    size = abs(number)
    if number != number:
        return sign | (0x7F if dtype == "FLOAT8_E4M3FN" else 0x7E)
    if size == INFINITY and dtype == "FLOAT8_E5M2":
        return sign | 0x7C
    finite = _finite(dtype)
    if size > finite[-1]:
        raise ValueError(f"is outside the {finite[-1]:g} that {dtype} holds")
    code = bisect_left(finite, size)
    if code and (size - finite[code - 1], code - 1 & 1) < (finite[code] - size, code & 1):
        code -= 1
    return sign | code


@cache
def _finite(dtype: str) -> tuple[float, ...]:
    """The values of the positive codes, rising."""
    return tuple(value for value in _small_floats(dtype)[:128] if value < INFINITY)
