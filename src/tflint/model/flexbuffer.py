"""FlexBuffers, the schema-less format of custom options: https://flatbuffers.dev/flexbuffers/

The root is at the end: its value, a byte of type, a byte of width. Everything else is reached by
offsets that point backwards. Each one is checked before it is followed; what a few bytes could
unfold into is limited by the number of values and by depth.
"""

from __future__ import annotations

import struct

from tflint.record import NamedTuple

#: What a buffer holds, as plain data: vectors are tuples; blobs, and strings that are not UTF-8,
#: are views of their bytes.
Value = bool | int | float | str | memoryview | tuple["Value", ...] | dict[str, "Value"] | None

#: Deepest nesting of vectors and maps that is read.
MAX_DEPTH = 64
#: Most elements of all vectors and maps together: options have tens.
MAX_VALUES = 1_000_000
#: Bytes looked at in one step for the end of a key.
_STEP = 256

# Types: the upper six bits of a type byte. Those up to FLOAT, and BOOL, are stored in place.
_NULL, _INT, _UINT, _FLOAT, _KEY, _STRING = range(6)
_INDIRECT_INT, _INDIRECT_UINT, _INDIRECT_FLOAT, _MAP, _VECTOR = range(6, 11)
_VECTOR_INT, _VECTOR_STRING = 11, 15
_VECTOR_INT2, _VECTOR_FLOAT4, _BLOB, _BOOL, _VECTOR_BOOL = 16, 24, 25, 26, 36

_SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}
_UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}
_REAL = {2: "e", 4: "f", 8: "d"}


class BadFlexBuffer(NamedTuple):
    """Bytes that are not a FlexBuffer."""

    problem: str  #: what is wrong, with the limit it breaks, one clause
    offset: int  #: byte at which it was seen


class _Broken(Exception):
    """Raised inside `decode` only."""


def decode(data: memoryview, *, raw: bool = False) -> Value | BadFlexBuffer:
    """The value of a whole buffer, or what is wrong with it.

    Args:
        data: the bytes, such as `Operator.custom_options`.
        raw: give strings as views of their bytes, for those that hold binary data.

    Vectors and strings may be named more than once. A buffer that unfolds into more elements, or
    into more text, than it has bytes is refused.
    """
    if len(data) < 3:
        return BadFlexBuffer(f"buffer of {len(data)} bytes, at least 3 needed", 0)
    width, kind = data[-1], data[-2]
    if width not in _UNSIGNED:
        return BadFlexBuffer(f"root of width {width}, not 1, 2, 4 or 8", len(data) - 1)
    at = len(data) - 2 - width
    if at < 0:
        return BadFlexBuffer(f"root of {width} bytes in a buffer of {len(data)}", len(data) - 1)
    reader = _Reader(data, raw)
    try:
        return reader.value(at, width, kind, 0)
    except _Broken as broken:
        return BadFlexBuffer(str(broken), max(reader.at, 0))


class _Reader:
    """One decoding: what was made so far, and what may still be made."""

    def __init__(self, data: memoryview, raw: bool) -> None:
        self.data = data
        self.raw = raw
        self.at = 0  #: last byte looked at, for the error
        self._values_left = min(len(data), MAX_VALUES)
        self._text_left = len(data)
        self._texts: dict[tuple[int, int], str | memoryview] = {}
        self._keys: dict[int, str] = {}

    def value(self, at: int, width: int, packed: int, depth: int) -> Value:
        """The value whose slot of `width` bytes is at byte `at`; `packed` is its type byte."""
        kind, own = packed >> 2, 1 << (packed & 3)
        if kind == _NULL:
            return None
        if kind == _BOOL:
            return self.number(at, width, _UNSIGNED) != 0
        if kind in (_INT, _UINT, _FLOAT):
            return self.number(at, width, (_SIGNED, _UNSIGNED, _REAL)[kind - _INT])
        target = self.target(at, width)
        if kind == _KEY:
            return self.key(target)
        if kind in (_STRING, _BLOB):
            start, end = self.sized(target, own)
            view = self.data[start:end]
            return view if kind == _BLOB or self.raw else self.text(start, end)
        if kind in (_INDIRECT_INT, _INDIRECT_UINT, _INDIRECT_FLOAT):
            return self.number(target, own, (_SIGNED, _UNSIGNED, _REAL)[kind - _INDIRECT_INT])
        if depth >= MAX_DEPTH:
            raise _Broken(f"values nest more than {MAX_DEPTH} deep")
        if kind == _MAP:
            return self.map(target, own, depth)
        if kind == _VECTOR:
            return self.vector(target, own, depth)
        if _VECTOR_INT <= kind <= _VECTOR_STRING or kind == _VECTOR_BOOL:
            return self.typed(target, own, kind - _VECTOR_INT + _INT, self.length(target, own))
        if _VECTOR_INT2 <= kind <= _VECTOR_FLOAT4:
            element, more = (kind - _VECTOR_INT2) % 3, (kind - _VECTOR_INT2) // 3
            return self.typed(target, own, element + _INT, more + 2)
        self.at = at
        raise _Broken(f"value of unknown type {kind}")

    def number(self, at: int, width: int, codes: dict[int, str]) -> int | float:
        self.at = at
        code = codes.get(width)
        if code is None:
            raise _Broken(f"float of width {width}")
        if not 0 <= at <= len(self.data) - width:
            raise _Broken(f"value of {width} bytes at byte {at} of {len(self.data)}")
        found: int | float = struct.unpack_from("<" + code, self.data, at)[0]
        return found

    def target(self, at: int, width: int) -> int:
        """The byte an offset points back to."""
        offset = self.number(at, width, _UNSIGNED)
        if offset > at:
            raise _Broken(f"offset {offset} at byte {at} leads before the buffer")
        return at - int(offset)

    def length(self, at: int, width: int) -> int:
        """The number of elements, which stands before them."""
        return int(self.number(at - width, width, _UNSIGNED))

    def sized(self, at: int, width: int) -> tuple[int, int]:
        """First byte and end of a string or blob."""
        length = self.length(at, width)
        if length > len(self.data) - at:
            raise _Broken(f"{length} bytes from byte {at} of {len(self.data)}")
        return at, at + length

    def text(self, start: int, end: int) -> str | memoryview:
        """A string, made once however often it is named."""
        found = self._texts.get((start, end))
        if found is None:
            self.charge_text(start, end)
            try:
                found = str(self.data[start:end], "utf-8")
            except UnicodeDecodeError:
                found = self.data[start:end]
            self._texts[start, end] = found
        return found

    def key(self, at: int) -> str:
        """A string that ends with a zero byte, made once however often it is named."""
        found = self._keys.get(at)
        if found is None:
            end = at
            while (zero := bytes(self.data[end : end + _STEP]).find(0)) < 0:
                end += _STEP
                if end >= len(self.data):
                    self.at = at
                    raise _Broken(f"key at byte {at} is not followed by a zero byte")
                self.charge_text(at, at + _STEP)
            self.charge_text(end, end + zero)
            found = str(self.data[at : end + zero], "utf-8", "backslashreplace")
            self._keys[at] = found
        return found

    def charge_text(self, start: int, end: int) -> None:
        self._text_left -= end - start
        if self._text_left < 0:
            self.at = start
            raise _Broken(f"more text than the {len(self.data)} bytes can hold")

    def charge(self, elements: int) -> None:
        self._values_left -= elements
        if self._values_left < 0:
            limit = min(len(self.data), MAX_VALUES)
            raise _Broken(f"more than {limit} values in {len(self.data)} bytes")

    def vector(self, at: int, width: int, depth: int) -> tuple[Value, ...]:
        """Elements of `width` bytes, followed by a type byte for each."""
        count = self.length(at, width)
        self.charge(count)
        types = at + count * width
        if types + count > len(self.data):
            raise _Broken(f"vector of {count} values at byte {at} of {len(self.data)}")
        return tuple(
            self.value(at + index * width, width, self.data[types + index], depth + 1)
            for index in range(count)
        )

    def map(self, at: int, width: int, depth: int) -> dict[str, Value]:
        """A vector of values with a vector of keys; of equal keys the last one counts."""
        keys = self.target(at - 3 * width, width)
        key_width = int(self.number(at - 2 * width, width, _UNSIGNED))
        if key_width not in _UNSIGNED:
            raise _Broken(f"keys of width {key_width}, not 1, 2, 4 or 8")
        values = self.vector(at, width, depth)
        count = self.length(keys, key_width)
        if count != len(values):
            raise _Broken(f"{count} keys for {len(values)} values")
        names = (self.key(self.target(keys + i * key_width, key_width)) for i in range(count))
        return dict(zip(names, values, strict=True))

    def typed(self, at: int, width: int, element: int, count: int) -> tuple[Value, ...]:
        """Elements of one type, without type bytes."""
        self.charge(count)
        self.at = at
        if at + count * width > len(self.data):
            raise _Broken(f"vector of {count} values at byte {at} of {len(self.data)}")
        if element in (_INT, _UINT, _FLOAT):
            code = (_SIGNED, _UNSIGNED, _REAL)[element - _INT].get(width)
            if code is None:
                raise _Broken(f"floats of width {width}")
            return struct.unpack_from(f"<{count}{code}", self.data, at)
        # A deprecated vector of strings does not tell the width of their lengths: they are read
        # up to the zero byte, as keys are.
        packed = (_KEY if element == _STRING else _BOOL if element > _STRING else element) << 2
        return tuple(self.value(at + i * width, width, packed, MAX_DEPTH) for i in range(count))
