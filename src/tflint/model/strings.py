"""The buffer of a string tensor: a count, count + 1 offsets, then the bytes of the strings.

All are little-endian 32-bit numbers; string i lies from offset i to offset i + 1
(google-ai-edge/LiteRT tflite/string_util.h). What is checked is what LiteRT's verifier checks
(tflite/core/tools/verifier.cc, VerifyStringTensorBuffer), and that offsets do not decrease,
which the kernels rely on without looking.
"""

from __future__ import annotations

import struct

from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_U32 = struct.Struct("<I")


class BadStrings(NamedTuple):
    """A buffer that is not a string tensor's."""

    problem: str  #: the measured value and the limit it breaks, one clause
    offset: int  #: byte of the buffer at which it was seen


class Strings:
    """The strings of a well-formed buffer, read when asked for; neither copied nor decoded before.

    Reading all of them costs no more memory than the buffer and a few words a string.
    """

    __slots__ = ("_data", "_offsets")

    def __init__(self, data: memoryview, offsets: memoryview) -> None:
        self._data = data
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> bytes:
        """String `index` as stored: any bytes, mostly UTF-8.

        Raises:
            IndexError: `index` is not in `range(len(self))`.
        """
        if not 0 <= index < len(self):
            raise IndexError(index)
        return bytes(self._data[self._offsets[index] : self._offsets[index + 1]])

    def __iter__(self) -> Iterator[bytes]:
        for index in range(len(self)):
            yield self[index]


def decode(data: memoryview) -> Strings | BadStrings:
    """The strings a string tensor's buffer holds, or what is wrong with its layout.

    Args:
        data: the tensor's bytes, as `Tensor.data` gives them.
    """
    size = len(data)
    if size < 4:
        return BadStrings(f"string buffer of {size} bytes, at least 4 needed for the count", 0)
    (count,) = _U32.unpack_from(data, 0)
    header = 4 * (count + 2)
    if header > size:
        return BadStrings(
            f"{count} strings need a header of {header} bytes, the buffer has {size}", 0
        )
    offsets = data[4:header].cast("I")
    if offsets[0] != header:
        return BadStrings(f"first string at byte {offsets[0]}, the header ends at {header}", 4)
    if offsets[count] != size:
        at = 4 + 4 * count
        return BadStrings(f"last string ends at byte {offsets[count]}, the buffer at {size}", at)
    before = header
    for index, offset in enumerate(offsets):
        if offset < before:
            return BadStrings(
                f"offset {index} is {offset}, below the {before} before it", 4 + 4 * index
            )
        before = offset
    return Strings(data, offsets)
