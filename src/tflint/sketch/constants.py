"""Constant data: from what a sketch says to bytes, and from bytes to the shortest saying."""

from __future__ import annotations

import hashlib
import struct
from itertools import pairwise
from typing import TYPE_CHECKING

from tflint.model.dtypes import BITS, FLOATING, packed_bytes
from tflint.model.strings import Strings, decode
from tflint.sketch import elements
from tflint.sketch.errors import SketchError
from tflint.sketch.syntax import Data, Number, Text, Word
from tflint.sketch.tokens import clip, quote, raw_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

#: Most elements of `seq` and `random`, which are computed one by one.
MAX_COMPUTED = 4 << 20
#: Most elements that are printed one by one, when data is not asked for and when it is.
LISTED = (16, 64)
#: Most bytes that are printed when data is not asked for.
SHOWN_BYTES = 64
#: Most bytes of strings that are printed when data is not asked for.
SHOWN_TEXT = 1024
#: Fewest equal or evenly spaced elements that are printed as `fill()` or `seq`.
REGULAR = 4
#: Characters of hexadecimal digits a line.
HEX_LINE = 96
_LINE = 88


def encode(data: Data, dtype: str, count: int, spend: Callable[[int, int], None]) -> bytes:
    """The bytes of a constant.

    Args:
        data: any form but `same` and `at`, which have no bytes of their own.
        dtype: schema name.
        count: elements of the shape.
        spend: takes a number of bytes and a line; raises when there are too many.

    Raises:
        SketchError: the values do not fit the type or the shape.
    """
    if data.form == "raw":
        return data.raw
    if data.form == "strings":
        return _strings(data, dtype, count)
    if not elements.is_writable(dtype):
        expected = "strings in quotes or hex()" if dtype == "STRING" else "hex() or bytes()"
        raise SketchError(data.line, f"{dtype} has no values to write, expected {expected}")
    if data.form == "values":
        return _values(data, dtype, count)
    size = packed_bytes(dtype, count) or 0
    spend(size, data.line)
    if data.form != "fill" and count > MAX_COMPUTED:
        raise SketchError(
            data.line, f"{data.form} of {count} elements, at most {MAX_COMPUTED}; use fill()"
        )
    if data.form == "fill":
        return _fill(_number(data.values[0], dtype), dtype, count, size)
    if data.form == "seq":
        return _ramp(data, dtype, count)
    return _random(data, dtype, count, size)


def _number(value: object, dtype: str) -> int | float:
    assert isinstance(value, Number | Word)
    try:
        return elements.parse(dtype, value.text)
    except ValueError as error:
        raise SketchError(value.line, f"{dtype} value {clip(value.text)} {error}") from None


def _values(data: Data, dtype: str, count: int) -> bytes:
    expected = count * elements.numbers_per_element(dtype)
    if len(data.values) != expected:
        what = "real and imaginary parts" if expected != count else "elements"
        raise SketchError(
            data.line,
            f"{len(data.values)} values for {expected} {what} of the shape "
            "(hex() and bytes() write any length)",
        )
    return elements.pack(dtype, [_number(value, dtype) for value in data.values])


def _fill(number: int | float, dtype: str, count: int, size: int) -> bytes:
    per_block = 8 // BITS[dtype] if BITS[dtype] < 8 else elements.numbers_per_element(dtype)
    block = elements.pack(dtype, [number] * per_block)
    whole = block * (size // len(block))
    if BITS[dtype] < 8 and count % per_block:
        whole = whole[:-1] + elements.pack(dtype, [number] * (count % per_block))
    return whole


def _ramp(data: Data, dtype: str, count: int) -> bytes:
    """start, start + step, ..; whole numbers begin again at the other end of their range."""
    start: int | float = _number(data.values[0], dtype) if data.values else 0
    # A step may be negative where the elements may not.
    wide = "INT64" if dtype in elements.WHOLE else "FLOAT64"
    step: int | float = _number(data.values[1], wide) if len(data.values) > 1 else 1
    total = count * elements.numbers_per_element(dtype)
    numbers: list[int | float] = [start + step * index for index in range(total)]
    whole = elements.WHOLE.get(dtype)
    if whole:
        low, high = whole
        numbers = [(int(number) - low) % (high - low + 1) + low for number in numbers]
    try:
        return elements.pack(dtype, numbers)
    except ValueError as error:
        raise SketchError(data.line, f"seq of {count} elements {error}") from None


def _random(data: Data, dtype: str, count: int, size: int) -> bytes:
    """The same bytes for a seed on every machine: floats from -1 to 1, whole numbers of all sizes.

    The digest of SHAKE-128 (FIPS 202) over the seed; the random module promises no such thing.
    """
    first = data.values[0] if data.values else Number("0", data.line)
    seed = first.text if isinstance(first, Number) else ""
    if not seed.lstrip("+-").isdigit():
        raise SketchError(data.line, f"random({clip(seed)}), expected a whole number as seed")
    real = elements.COMPLEX.get(dtype, dtype)
    total = count * elements.numbers_per_element(dtype)
    generator = hashlib.shake_128(str(int(seed)).encode())
    if real in FLOATING:
        words = struct.unpack(f"<{total}I", generator.digest(4 * total))
        return elements.pack(dtype, [word / 2**31 - 1 for word in words])
    drawn = generator.digest(size)
    if dtype == "BOOL":
        return bytes(byte & 1 for byte in drawn)
    if BITS[dtype] < 8:  # the padding of the last byte is zero
        return elements.pack(dtype, list(elements.unpack(dtype, drawn, count)))
    return drawn


def _strings(data: Data, dtype: str, count: int) -> bytes:
    if dtype != "STRING":
        raise SketchError(data.line, f"strings for a tensor of {dtype}, expected numbers")
    if len(data.values) != count:
        raise SketchError(
            data.line, f"{len(data.values)} strings for {count} elements of the shape"
        )
    texts = [raw_bytes(value.text) for value in data.values if isinstance(value, Text)]
    return pack_strings(texts)


def pack_strings(texts: list[bytes]) -> bytes:
    """TFLite's layout of string tensors: count, offsets of each string and of the end, then bytes.

    Source: google-ai-edge/LiteRT tflite/string_util.h. Offsets and count are 32-bit.
    """
    offset = 4 * (len(texts) + 2)
    header = [len(texts)]
    for text in texts:
        header.append(offset)
        offset += len(text)
    header.append(offset)
    return struct.pack(f"<{len(header)}i", *header) + b"".join(texts)


def show(data: memoryview, dtype: str, count: int, full: bool) -> str:
    """The shortest text that `encode` turns into the same bytes.

    Args:
        data: not empty.
        dtype: schema name.
        count: elements of the shape.
        full: whether long data is written out; else it is `data(sha1, n bytes)`.
    """
    if dtype == "STRING":
        found = decode(data) if full or len(data) <= SHOWN_TEXT else None
        if isinstance(found, Strings) and found and len(found) == count:
            return wrap([quote(text.decode("utf-8", "surrogateescape")) for text in found])
    elif elements.is_writable(dtype) and packed_bytes(dtype, count) == len(data):
        shown = _show_numbers(data, dtype, count, LISTED[full])
        if shown:
            return shown
    return show_bytes(data, full)


def _show_numbers(data: memoryview, dtype: str, count: int, listed: int) -> str | None:
    """Numbers, `fill()` or `seq`; None when the elements are many and irregular."""
    texts = []
    if count <= listed:
        words = [elements.show(dtype, number) for number in elements.unpack(dtype, data, count)]
        texts.append((wrap(words), Data("values", _words(words), b"", False, 0)))
    if count >= REGULAR and dtype not in elements.COMPLEX:
        size = min(count, LISTED[0])  # tells nearly all that are irregular
        head = elements.unpack(dtype, data[: packed_bytes(dtype, size)], size)
        start, rises = elements.show(dtype, head[0]), {b - a for a, b in pairwise(head)}
        if {elements.show(dtype, number) for number in head} == {start}:
            texts.append((f"fill({start})", Data("fill", _words([start]), b"", False, 0)))
        elif count <= MAX_COMPUTED and len(rises) == 1:
            texts.append(_ramp_text(start, rises.pop()))
    for text, said in sorted(texts, key=lambda found: len(found[0])):
        # What cannot be said this way is found out by reading it back: a NaN with a payload,
        # a BOOL of 2, a ramp that rounding bends.
        try:
            if encode(said, dtype, count, _unlimited) == data:
                return text
        except SketchError:
            continue
    return None


def _ramp_text(start: str, rise: int | float) -> tuple[str, Data]:
    step = str(rise) if isinstance(rise, int) else f"{rise:.9g}"
    text = f"seq({start},{step})"
    if step == "1":
        text = "seq" if start == "0" else f"seq({start})"
    return text, Data("seq", _words([start, step]), b"", False, 0)


def _words(texts: list[str]) -> tuple[Number, ...]:
    return tuple(Number(text, 0) for text in texts)


def _unlimited(size: int, line: int) -> None:
    """No limit: the data exists already."""


def show_bytes(data: memoryview, full: bool) -> str:
    """Bytes as hexadecimal digits, `bytes(n)` for zeros, or without their value."""
    if len(data) > 2 and not any(data[:SHOWN_BYTES]) and not bytes(data).strip(b"\0"):
        return f"bytes({len(data)})"
    if not full and len(data) > SHOWN_BYTES:
        digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        return f"data({digest[:8]}, {len(data)} bytes)"
    digits = data.hex()
    if len(digits) <= HEX_LINE:
        return f"hex({digits})"
    lines = [digits[at : at + HEX_LINE] for at in range(0, len(digits), HEX_LINE)]
    return "hex(\n      " + "\n      ".join(lines) + ")"


def show_text(data: memoryview, full: bool, padding: bool = False) -> str:
    """Bytes without a type: a string where they are printable text.

    Args:
        data: the bytes.
        full: as in `show`.
        padding: whether zeros behind the text may be said by `size=`.
    """
    text = bytes(data).rstrip(b"\0")
    padded = len(text) < len(data)
    if text and (padding or not padded) and (full or len(data) <= SHOWN_TEXT):
        try:
            decoded = text.decode()
        except UnicodeDecodeError:
            return show_bytes(data, full)
        if all(char.isprintable() or char in "\n\t" for char in decoded):
            return quote(decoded) + (f" size={len(data)}" if padded else "")
    return show_bytes(data, full)


def wrap(words: list[str]) -> str:
    """Words with blanks, broken into lines by backslashes when they are long."""
    lines, width = [""], 0
    for word in words:
        if width and width + 1 + len(word) > _LINE:
            lines.append("")
            width = 0
        lines[-1] += f" {word}" if width else word
        width += len(word) + 1
    return " \\\n      ".join(lines)
