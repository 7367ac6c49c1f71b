"""Models inside `.litertlm` files, the bundle format of LiteRT-LM.

Layout, little-endian: `LITERTLM`, three uint32 of version, 4 bytes of padding, at byte 24 the
uint64 position where the header ends, at byte 32 the header, a flatbuffer without identifier;
then the sections, each at a multiple of 16 KiB.

Read from google-ai-edge/LiteRT-LM at 767d74f9acb02ef135b06e229929510232f9b850:
schema/core/litertlm_header_schema.fbs (tables), schema/core/litertlm_export.cc (writer),
schema/core/litertlm_read.cc (reader, refuses another major version and empty sections); and
from the litert-lm-builder 0.18.1 package, which writes format 1.7. Between the two the scalar
members of the union `VData` turned from structs into tables, so that only its strings read the
same in every file; no other value is read here.
"""

from __future__ import annotations

import struct

from tflint.container.errors import BundleError
from tflint.container.members import Member
from tflint.container.wording import MAX_NAME, display_name, size_text
from tflint.flatbuf.errors import FormatError
from tflint.flatbuf.reader import SCALAR, SCALARS, TABLE, TABLES, UNION, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tflint.flatbuf.reader import Field, Table

#: The only major version there is; a new one means an incompatible file.
MAJOR = 1

#: `AnySectionDataType.TFLiteModel`
TFLITE_MODEL = 3

#: The key under which the builder says what a model is for: `tf_lite_prefill_decode`.
MODEL_TYPE = b"model_type"

# The C++ writer keeps the header within 16 KiB, published files have about ten sections.
MAX_HEADER = 1024**2
MAX_SECTIONS = 1024
MAX_ITEMS = 16384

_FIXED = struct.Struct("<8s3I4xQ")

_ROOT_OFFSET = struct.Struct("<I")

#: `VData` by type code: 9 is the string, the scalars around it are not read.
_VALUES = (None,) * 9 + ("StringValue",)

# Strings are read as vectors of bytes: many items may point at one long string, and a view of
# it costs nothing.
TABLES_BY_NAME: dict[str, tuple[Field, ...]] = {
    "LiteRTLMMetaData": (
        ("system_metadata", TABLE, "SystemMetadata", None, None),
        ("section_metadata", TABLE, "SectionMetadata", None, None),
    ),
    "SystemMetadata": (("entries", TABLES, "KeyValuePair", None, None),),
    "SectionMetadata": (("objects", TABLES, "SectionObject", None, None),),
    "SectionObject": (
        ("items", TABLES, "KeyValuePair", None, None),
        ("begin_offset", SCALAR, "Q", 0, None),
        ("end_offset", SCALAR, "Q", 0, None),
        ("data_type", SCALAR, "B", 0, None),
    ),
    "KeyValuePair": (
        ("key", SCALARS, "B", None, None),
        ("value_type", SCALAR, "B", 0, None),
        ("value", UNION, _VALUES, None, None),
    ),
    "StringValue": (("value", SCALARS, "B", None, None),),
}


def litertlm_members(data: memoryview) -> Iterator[Member]:
    """The TFLite sections of a LiteRT-LM file, in file order, named by their `model_type`.

    Raises:
        BundleError: the header is damaged, or a section overlaps another or lies outside the
            file.
    """
    if len(data) < _FIXED.size:
        raise BundleError(
            f"LiteRT-LM file of {len(data)} bytes, its header alone needs {_FIXED.size}", 0
        )
    _, major, minor, patch, end = _FIXED.unpack_from(data, 0)
    if major != MAJOR:
        raise BundleError(
            f"LiteRT-LM format {major}.{minor}.{patch}; only version {MAJOR} is known", 8
        )
    if not _FIXED.size <= end <= len(data):
        raise BundleError(
            f"the LiteRT-LM header ends at byte {end}, outside the file of {len(data)} bytes", 24
        )
    if end - _FIXED.size > MAX_HEADER:
        raise BundleError(
            f"LiteRT-LM header of {size_text(end - _FIXED.size)}; at most "
            f"{size_text(MAX_HEADER)} is read",
            24,
        )
    try:
        models = _models(data, end)
    except FormatError as error:
        where = error.path or "root"
        raise BundleError(f"LiteRT-LM header: {where}: {error.detail}", error.offset) from None
    yield from models


def _models(data: memoryview, end: int) -> list[Member]:
    """The TFLite sections, after a check of the extents of all sections."""
    start = _FIXED.size
    offset = _ROOT_OFFSET.unpack_from(data, start)[0] if end - start >= 8 else 0
    if not 4 <= offset <= end - start - 4:
        raise BundleError(
            f"LiteRT-LM header of {end - start} bytes with its root at byte {offset}", start
        )
    # The reader gets the file from its start, so that the positions it names are the file's.
    reader = Reader(data[:end], TABLES_BY_NAME)
    root = reader.table("LiteRTLMMetaData", start + offset, None, "", -1)
    metadata = root.table("section_metadata")
    count = metadata.count("objects") if metadata is not None else 0
    if count > MAX_SECTIONS:
        raise BundleError(f"{count} LiteRT-LM sections; at most {MAX_SECTIONS} are read", 32)
    extents = []
    models = []
    items_left = MAX_ITEMS
    for index in range(count):
        assert metadata is not None
        section = metadata.item("objects", index)
        begin, stop = section.scalar("begin_offset"), section.scalar("end_offset")
        if not end <= begin <= stop <= len(data):
            raise BundleError(
                f"LiteRT-LM section {index} has bytes {begin} to {stop}; the header ends at "
                f"{end}, the file at {len(data)}",
                section.pos,
            )
        extents.append((begin, stop, index))
        if section.scalar("data_type") != TFLITE_MODEL:
            continue
        if begin == stop:
            raise BundleError(f"LiteRT-LM section {index}, a TFLite model, is empty", section.pos)
        items_left -= section.count("items")
        if items_left < 0:
            raise BundleError(f"more than {MAX_ITEMS} LiteRT-LM section metadata items", 32)
        name = display_name(_model_type(section) or f"section[{index}]")
        models.append(Member(name, data[begin:stop], begin, False))
    _refuse_overlaps(extents)
    models.sort(key=lambda member: member.offset)
    return models


def _model_type(section: Table) -> str:
    """The string that a section's metadata gives for `model_type`; empty when it gives none."""
    for index in range(section.count("items")):
        item = section.item("items", index)
        key = item.scalars("key")
        if key is None or key != MODEL_TYPE or item.union_kind("value") != "StringValue":
            continue
        value = item.union("value")
        text = value.scalars("value") if value is not None else None
        return str(text[: 4 * MAX_NAME], "utf-8", "replace") if text is not None else ""
    return ""


def _refuse_overlaps(extents: list[tuple[int, int, int]]) -> None:
    """Raise for two sections, given as (begin, end, index), that share bytes."""
    last, previous = 0, 0
    for begin, stop, index in sorted(extents):
        if begin == stop:
            continue
        if begin < last:
            raise BundleError(
                f"LiteRT-LM section {index} overlaps section {previous}, which ends at byte {last}",
                begin,
            )
        last, previous = stop, index
