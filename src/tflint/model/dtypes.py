"""Element types: their widths and their families, under the schema's own names."""

from __future__ import annotations

#: Bits of one element by TensorType name. STRING, RESOURCE and VARIANT have no fixed width.
BITS = {
    "FLOAT32": 32,
    "FLOAT16": 16,
    "INT32": 32,
    "UINT8": 8,
    "INT64": 64,
    "BOOL": 8,
    "INT16": 16,
    "COMPLEX64": 64,
    "INT8": 8,
    "FLOAT64": 64,
    "COMPLEX128": 128,
    "UINT64": 64,
    "UINT32": 32,
    "UINT16": 16,
    "INT4": 4,
    "BFLOAT16": 16,
    "INT2": 2,
    "UINT4": 4,
    "FLOAT8_E4M3FN": 8,
    "FLOAT8_E5M2": 8,
}

#: `struct` character of the types that Python can read directly.
STRUCT_CODE = {
    "FLOAT32": "f",
    "INT32": "i",
    "UINT8": "B",
    "INT64": "q",
    "BOOL": "?",
    "INT16": "h",
    "INT8": "b",
    "FLOAT64": "d",
    "UINT64": "Q",
    "UINT32": "I",
    "UINT16": "H",
    "FLOAT16": "e",
}

#: Types that hold real numbers without scale and zero point.
FLOATING = frozenset({"FLOAT32", "FLOAT16", "FLOAT64", "BFLOAT16", "FLOAT8_E4M3FN", "FLOAT8_E5M2"})

#: Smallest and largest value of the types that carry quantized values.
QUANTIZED_RANGE = {
    "INT2": (-2, 1),
    "INT4": (-8, 7),
    "UINT4": (0, 15),
    "INT8": (-128, 127),
    "UINT8": (0, 255),
    "INT16": (-32768, 32767),
    "UINT16": (0, 65535),
    "INT32": (-(2**31), 2**31 - 1),
    "INT64": (-(2**63), 2**63 - 1),
}


def packed_bytes(dtype: str, elements: int) -> int | None:
    """Bytes of `elements` values as stored: sub-byte types are packed; None without a width.

    INT4 and UINT4 hold two values a byte, INT2 four, the last byte padded
    (google-ai-edge/LiteRT tflite/core/tools/verifier.cc, VerifyNumericTensorBuffer).
    """
    bits = BITS.get(dtype)
    return None if bits is None else (elements * bits + 7) // 8
