"""Files that are something else, or a model with something else around it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from assemble import assemble
from registry import LOADED, REFUSED, case
from sound import made, sound


@case("F001", litert=REFUSED)
def empty() -> bytes:
    """No byte at all."""
    return b""


@case("F001", litert=REFUSED)
def seven_bytes() -> bytes:
    """Too short for the identifier."""
    return b"\x1c\0\0\0TFL"


@case("F001", litert=REFUSED)
def zeros() -> bytes:
    """All zeros, as an interrupted download leaves them."""
    return bytes(256)


@case("F001", litert=REFUSED)
def lfs_pointer() -> bytes:
    """A Git LFS pointer in place of the file."""
    return (
        b"version https://git-lfs.github.com/spec/v1\n"
        b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
        b"size 5242880\n"
    )


@case("F001", litert=REFUSED)
def web_page() -> bytes:
    """A web page in place of the file, as a download without a login leaves it."""
    return b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>\n"


@case("F001", litert=REFUSED)
def other_flatbuffer() -> bytes:
    """A flatbuffer of another format."""
    return bytes(assemble({"name": "x"}, table="Metadata", identifier=b"ARMN"))


@case("F001", litert=REFUSED)
def text_with_identifier_later() -> bytes:
    """Text in which the identifier stands at the wrong byte."""
    return b"this is TFL3 but not a model, only text about one\n"


@case("F001", litert=REFUSED)
def zip_without_model() -> bytes:
    """A zip archive that holds no model."""
    return _zip({"readme.txt": b"nothing here\n"})


@case(litert=LOADED)
def zip_appended() -> bytes:
    """A model with a zip of label files behind it, as the metadata writer makes them."""
    return bytes(made()) + _zip({"labels.txt": b"cat\ndog\n"})


@case(litert=LOADED)
def zip_bomb_appended() -> bytes:
    """A model with a zip behind it whose one member says it is 4 GB and inflates to 4 MB."""
    return bytes(made()) + _bomb("labels.txt")


@case(litert=LOADED)
def zip_damaged_appended() -> bytes:
    """A model with the first half of a zip behind it."""
    archive = _zip({"labels.txt": b"cat\ndog\n" * 20})
    return bytes(made()) + archive[: len(archive) // 2]


@case(litert=LOADED)
def garbage_appended() -> bytes:
    """A model with bytes behind it that are nothing."""
    return bytes(made()) + bytes(range(256))


@case("F001", litert=REFUSED)
def bundle_bomb() -> bytes:
    """A bundle whose model says it is 4 GB and inflates to 4 MB of zeros."""
    return _bomb("model.tflite")


@case("F002", litert=REFUSED)
def bundle_of_damage() -> bytes:
    """A bundle that holds a model cut in half."""
    data = bytes(made())
    return _zip({"detector.tflite": data[: len(data) // 2]})


@case(litert=LOADED)
def metadata_garbage() -> bytes:
    """Metadata buffers of every name a reader knows, filled with noise."""
    spec = sound()
    noise = bytes((index * 37) % 256 for index in range(200))
    names = (
        "min_runtime_version",
        "CONVERSION_METADATA",
        "TFLITE_METADATA",
        "buffer_location",
        "model_control_dependencies",
        "TFLM_offline_memory_allocation",
    )
    first = len(spec["buffers"])
    spec["buffers"] += [{"data": noise} for _ in names]
    spec["metadata"] = [{"name": name, "buffer": first + index} for index, name in enumerate(names)]
    return bytes(assemble(spec))


@case(litert=LOADED)
def metadata_nested() -> bytes:
    """TFLite metadata that is itself cut off in the middle of a table."""
    spec = sound()
    inner = assemble(
        {"name": "m", "subgraph_metadata": [{"name": "s", "input_tensor_metadata": [{}]}]},
        table="ModelMetadata",
        identifier=b"M001",
    )
    spec["metadata"].append({"name": "TFLITE_METADATA", "buffer": len(spec["buffers"])})
    spec["buffers"].append({"data": inner.cut("*subgraph_metadata[0]", 6)})
    return bytes(assemble(spec))


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)
    return stream.getvalue()


def _bomb(name: str) -> bytes:
    """A zip of one deflated member of 4 MB that claims 4 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(4 << 20)) + packer.flush()
    path, claimed = name.encode(), 0xFFFFFFF0
    local = (
        b"PK\3\4"
        + struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5821, 0, len(body), claimed, len(path), 0)
        + path
        + body
    )
    central = b"PK\1\2" + struct.pack(
        "<HHHHHHIIIHHHHHII",
        20, 20, 0, 8, 0, 0x5821, 0, len(body), claimed, len(path), 0, 0, 0, 0, 0, 0,
    ) + path  # fmt: skip
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end
