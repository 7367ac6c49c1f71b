"""Models inside zip archives: MediaPipe `.task` bundles and any other zip.

MediaPipe maps the models of a `.task` file in place, so they are stored, not compressed; a
bundle may hold other bundles (`holistic_landmarker.task` holds `hand_landmarker.task`).
LLM bundles name their models without an extension (`TF_LITE_PREFILL_DECODE`).
Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import struct

from tflint.container.errors import BundleError
from tflint.container.members import IDENTIFIER, SEPARATOR, ZIP_MAGICS, Member
from tflint.container.wording import MAX_NAME, display_name, printable, shorten, size_text
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Largest central directory read: at most 91,180 entries, for which Python needs some 40 MiB.
MAX_DIRECTORY = 4 * 1024**2

#: Largest inflated model: a flatbuffer cannot be larger.
MAX_INFLATED = 2 * 1024**3

#: Inflated bytes allowed for all models of a file together: a fixed part, and a multiple of
#: the file. Weights deflate to a half or a tenth; a bomb reaches 1 in 1032.
FREE_INFLATED = 16 * 1024**2
MAX_RATIO = 32

MODEL_SUFFIXES = (".tflite", ".lite")
BUNDLE_SUFFIXES = (".task", ".zip")

STORED, DEFLATED = 0, 8

_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MAGIC = b"PK\x03\x04"
_ENCRYPTED = 0x1
_CHUNK = 64 * 1024


class Entry(NamedTuple):
    """One file of a zip archive, its extent checked against the archive."""

    name: str  #: as stored, not sanitised
    start: int  #: first byte of the stored or compressed content
    packed: int  #: bytes of that content
    size: int  #: bytes it claims to have when unpacked
    method: int  #: 0 stored, 8 deflated
    encrypted: bool
    crc: int  #: CRC-32 of the unpacked content


def zip_members(data: memoryview) -> Iterator[Member]:
    """The models of a zip archive and of the archives directly inside it, in file order.

    A model is a file that ends in `.tflite` or `.lite`, or that has the TFLite identifier at
    its bytes 4..8. Stored models are slices of `data`; their checksums are not verified, as
    that would read all of a large file. Archives two levels down are not searched.

    Raises:
        BundleError: the archive is damaged, or a model in it is encrypted, compressed with
            something else than deflate, or larger than the limits above.
    """
    budget = Budget(FREE_INFLATED + MAX_RATIO * len(data))
    return _search(data, 0, budget, "", nested=False)


def _search(
    data: memoryview, base: int, budget: Budget, prefix: str, *, nested: bool
) -> Iterator[Member]:
    """The models of the archive `data`, which begins at byte `base` of the file."""
    for entry in entries(data):
        if entry.name.endswith("/"):
            continue
        lower = entry.name.lower()
        head = _head(data, entry)
        model = lower.endswith(MODEL_SUFFIXES) or head[4:8] == IDENTIFIER
        archive = not nested and head[:4] in ZIP_MAGICS and lower.endswith(BUNDLE_SUFFIXES)
        if not model and not archive:
            continue
        name = prefix + display_name(entry.name)
        held = content(data, entry, budget)
        if head[4:8] == IDENTIFIER or not archive:
            yield Member(name, held, base + entry.start, entry.method != STORED)
            continue
        try:
            for member in _search(held, base + entry.start, budget, name + SEPARATOR, nested=True):
                if entry.method == STORED:
                    yield member
                else:
                    # Offsets in an inflated archive mean nothing in the file.
                    yield member._replace(offset=base + entry.start, compressed=True)
        except BundleError as error:
            where = error.offset if entry.method == STORED else base + entry.start
            raise BundleError(f"in `{name}`: {error.message}", where) from None


def entries(data: memoryview) -> list[Entry]:
    """The files of the zip archive `data`, in the order of their bytes.

    Raises:
        BundleError: the directory cannot be read, or files overlap or lie outside the archive.
    """
    import zipfile

    try:
        with zipfile.ZipFile(_View(data)) as archive:
            infos, end = archive.infolist(), archive.start_dir or 0
    except BundleError:
        raise
    except zipfile.BadZipFile as error:
        if str(error) == "File is not a zip file":
            reason = "the zip archive has no directory at its end: the file is cut off or damaged"
            raise BundleError(reason, len(data)) from None
        raise BundleError(f"the zip directory is damaged: {_reason(error)}", 0) from None
    except Exception as error:  # struct, Unicode, Overflow and others, by what is damaged
        raise BundleError(f"the zip directory is damaged: {_reason(error)}", 0) from None
    infos.sort(key=lambda info: info.header_offset)
    found, last, previous = [], 0, ""
    for info in infos:
        name = display_name(info.filename)
        at = info.header_offset
        if not 0 <= at <= end - _LOCAL.size or bytes(data[at : at + 4]) != _LOCAL_MAGIC:
            raise BundleError(
                f"`{name}` has no local header at byte {at}, where the zip directory puts it",
                min(max(at, 0), len(data)),
            )
        if at < last:
            raise BundleError(f"`{name}` overlaps `{previous}`, which ends at byte {last}", at)
        fields = _LOCAL.unpack_from(data, at)
        start = at + _LOCAL.size + fields[9] + fields[10]
        last = start + info.compress_size
        if last > end:
            raise BundleError(
                f"`{name}` ends at byte {last}, the zip directory begins at {end}", at
            )
        found.append(
            Entry(
                info.filename,
                start,
                info.compress_size,
                info.file_size,
                info.compress_type,
                bool(info.flag_bits & _ENCRYPTED),
                info.CRC,
            )
        )
        previous = name
    return found


class Budget:
    """How many inflated bytes the models of one file may still take."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


def _reason(error: Exception) -> str:
    return shorten(printable(str(error) or type(error).__name__), MAX_NAME)


def _head(data: memoryview, entry: Entry) -> bytes:
    """The first 8 bytes of an entry; fewer when it is short or cannot be read."""
    packed = data[entry.start : entry.start + entry.packed]
    if entry.encrypted:
        return b""
    if entry.method == STORED:
        return bytes(packed[:8])
    if entry.method != DEFLATED:
        return b""
    import zlib

    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed[:_CHUNK], 8)
    except zlib.error:
        return b""


def content(data: memoryview, entry: Entry, budget: Budget) -> memoryview:
    """The bytes of an entry: a slice when stored, else inflated within the budget.

    Raises:
        BundleError: it is encrypted, damaged, larger than the budget, or compressed with
            something else than deflate.
    """
    name = display_name(entry.name)
    packed = data[entry.start : entry.start + entry.packed]
    if entry.encrypted:
        raise BundleError(f"`{name}` is encrypted", entry.start)
    if entry.method == STORED:
        if entry.size != entry.packed:
            raise BundleError(
                f"`{name}` is stored in {entry.packed} bytes but claims {entry.size}", entry.start
            )
        return packed
    if entry.method != DEFLATED:
        raise BundleError(
            f"`{name}` uses zip compression method {entry.method}; only 0 (stored) and 8 "
            "(deflated) are read",
            entry.start,
        )
    limit = min(MAX_INFLATED, budget.left)
    if entry.size > limit:
        raise BundleError(
            f"`{name}` inflates from {size_text(entry.packed)} to {size_text(entry.size)}; "
            f"{size_text(limit)} is the limit here, at most {MAX_RATIO} times the file",
            entry.start,
        )
    inflated = _inflate(packed, entry, name)
    budget.left -= entry.size
    return memoryview(inflated).toreadonly()


def _inflate(packed: memoryview, entry: Entry, name: str) -> bytearray:
    """`entry.size` inflated bytes; more, fewer or others than announced are an error."""
    import zlib

    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = bytearray()
    try:
        for at in range(0, len(packed), _CHUNK):
            # One byte more than announced is asked for, to see whether there is one.
            room = entry.size + 1 - len(inflated)
            inflated += stream.decompress(packed[at : at + _CHUNK], room)
            if stream.eof or len(inflated) > entry.size:
                break
    except zlib.error as error:
        raise BundleError(f"`{name}` does not inflate: {_reason(error)}", entry.start) from None
    if len(inflated) > entry.size:
        raise BundleError(
            f"`{name}` inflates to more than the {entry.size} bytes it claims", entry.start
        )
    if len(inflated) < entry.size:
        raise BundleError(
            f"`{name}` inflates to {len(inflated)} bytes, {entry.size} are claimed", entry.start
        )
    if zlib.crc32(inflated) != entry.crc:
        raise BundleError(f"`{name}` does not match its CRC-32 checksum", entry.start)
    return inflated


class _View:
    """What `zipfile` needs of a file, over a memoryview, without copying the archive."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        at = offset + (0, self._at, len(self._data))[whence]
        if at < 0:
            raise OSError("a position before the start of the archive")
        self._at = at
        return at

    def read(self, count: int = -1) -> bytes:
        left = max(len(self._data) - self._at, 0)
        count = left if count < 0 else min(count, left)
        if count > MAX_DIRECTORY:
            raise BundleError(
                f"the zip directory takes {size_text(count)}; at most {size_text(MAX_DIRECTORY)} "
                "is read",
                self._at,
            )
        chunk = bytes(self._data[self._at : self._at + count])
        self._at += count
        return chunk
