"""What a file is that is not a TFLite model, from the bytes such files really have."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import pickle
import re
import struct
import tarfile
import time
from typing import TYPE_CHECKING

import flatbuffers
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint.container.members import members
from tflint.container.sniff import FileKind, identify, identify_directory
from tflint.container.source import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OID = "f1cd8dabc12adb91b89d936bdac3eb3ebff6770bf9b9c449cb800d08fcb160a8"
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 442000\n"


def sniff(data: bytes) -> FileKind:
    found = identify(memoryview(data))
    assert found is not None
    return found


def flatbuffer(identifier: bytes | None) -> bytes:
    builder = flatbuffers.Builder(64)
    builder.StartObject(2)
    builder.PrependUint32Slot(0, 3, 0)
    builder.Finish(builder.EndObject(), identifier)
    return bytes(builder.Output())


def npy() -> bytes:
    target = io.BytesIO()
    np.save(target, np.zeros((2, 3), np.float32))
    return target.getvalue()


def npz() -> bytes:
    target = io.BytesIO()
    np.savez_compressed(target, images=np.zeros(3), labels=np.ones(3))
    return target.getvalue()


def tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        info = tarfile.TarInfo("model.tflite")
        info.size = 8
        archive.addfile(info, io.BytesIO(b"\x1c\0\0\0TFL3"))
    return target.getvalue()


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def proto(*fields: tuple[int, int | bytes]) -> bytes:
    """A protobuf message of varint and length-delimited fields."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


ONNX_GRAPH = proto(
    (1, proto((1, b"x"), (2, b"y"), (4, b"Relu"))), (2, b"main"), (11, proto((1, b"x")))
)
ONNX = proto((1, 8), (2, b"pytorch"), (3, b"2.4.0"), (7, ONNX_GRAPH), (8, proto((2, 17))))
NODE = proto((1, b"x"), (2, b"Placeholder"), (5, proto((1, b"dtype"), (2, proto((6, 1))))))
GRAPH_DEF = proto((1, NODE), (1, proto((1, b"y"), (2, b"Sin"), (3, b"x"))), (4, proto((1, 2000))))
META_GRAPH = proto((1, proto((4, b"serve"))), (2, GRAPH_DEF), (5, b""))
SAVED_MODEL = proto((1, 1), (2, META_GRAPH))
CORE_ML = proto((1, 4), (2, proto((1, proto((1, b"image"))))), (500, proto((1, b"layer"))))

HDF5 = b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0\x04\0\x10\0"
GGUF = b"GGUF" + struct.pack("<IQQ", 3, 1, 1)
ELF = b"\x7fELF\x02\x01\x01\0" + bytes(8)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"
SAFETENSORS_HEADER = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})
SAFETENSORS = struct.pack("<Q", 72) + SAFETENSORS_HEADER.ljust(72).encode() + bytes(4)
LEGACY_TORCH = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1001, protocol=2)
HTML = b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>"
XML = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        (b"", "empty", "an empty file (0 bytes)"),
        (POINTER.encode(), "git-lfs-pointer", "a Git LFS pointer to 431.6 KiB, oid f1cd8dabc1"),
        (HTML, "html", "an HTML page"),
        (b"<!-- cached -->\n <HTML lang=en>", "html", "an HTML page"),
        (XML, "xml", "an XML document, as servers answer for an error"),
        (b'{"error": "not found"}\n', "json", "a JSON document"),
        (b"[1, 2, 3]", "json", "a JSON document"),
        (b"This is an invalid model.", "text", '"This is an invalid model."'),
        (b"import json\n{}", "text", '14 bytes of text that begin "import json"'),
        ("größe".encode(), "text", '"größe"'),
        (b"\xef\xbb\xbfname,size\n", "text", '"name,size"'),
        (b"  \n", "text", "3 bytes of text, all white space"),
        ("version 1\r\n".encode("utf-16"), "utf-16", "UTF-16 text"),
        (b"\0" * 4096, "zeros", "4.0 KiB, all zero"),
        (b"\0" * (3 * 1024**2), "zeros", "3.0 MiB, the first 1.0 MiB all zero"),
        (gzip.compress(b"x"), "gzip", "a gzip archive"),
        (lzma.compress(b"x"), "xz", "an xz archive"),
        (bz2.compress(b"x"), "bzip2", "a bzip2 archive"),
        (bz2.compress(b""), "bzip2", "a bzip2 archive"),
        (b"\x28\xb5\x2f\xfd\x24\x01\x09\0\0x", "zstd", "a Zstandard archive"),
        (tar(), "tar", "a tar archive"),
        (ONNX, "onnx", "an ONNX model (IR version 8)"),
        (SAVED_MODEL, "saved-model", "a TensorFlow SavedModel"),
        (GRAPH_DEF, "graph-def", "a TensorFlow GraphDef (frozen graph), first node a Placeholder"),
        (CORE_ML, "coreml", "a Core ML model (specification version 4)"),
        (HDF5, "hdf5", "an HDF5 file, as Keras writes for .h5"),
        (GGUF, "gguf", "a GGUF file"),
        (SAFETENSORS, "safetensors", "a safetensors file"),
        (LEGACY_TORCH, "pytorch", "a PyTorch file"),
        (pickle.dumps(list(range(99)), protocol=4), "pickle", "a Python pickle"),
        (npy(), "npy", "a NumPy array (.npy)"),
        (npz(), "npz", "NumPy arrays (.npz)"),
        (PNG, "png", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "jpeg", "a JPEG image"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "pdf", "a PDF document"),
        (ELF, "elf", "an ELF program or library"),
        (flatbuffer(b"ORTM"), "flatbuffer", "identifier ORTM, not TFL3: an ONNX Runtime model"),
        (flatbuffer(b"ABCD"), "flatbuffer", "a flatbuffer with the identifier ABCD, not TFL3"),
        (
            flatbuffer(None),
            "flatbuffer-without-identifier",
            "a flatbuffer without the identifier TFL3",
        ),
        (
            b"\0" * 100_000 + b"\1",
            "unknown",
            "97.7 KiB that begin 00 00 00 00 00 00 00 00: unknown",
        ),
        (b"LITERTLM" + bytes(30), "litertlm", "a LiteRT-LM bundle"),
        (bytes(range(1, 30)), "unknown", "29 bytes that begin 01 02 03 04 05 06 07 08: unknown"),
        (b"\xe9t\xe9", "unknown", "3 bytes that begin e9 74 e9: unknown binary data"),
        (b"\x08", "unknown", "1 byte that begins 08: unknown binary data"),
    ],
)
def test_kinds(data: bytes, kind: str, says: str) -> None:
    found = sniff(data)
    assert found.kind == kind, found
    assert says in found.sentence


def test_the_sentence_of_the_screens() -> None:
    found = sniff(POINTER.encode())
    start = '131 bytes of text that begin "version https://git-lfs.github.com/spec/v1": '
    assert found.sentence.startswith(start + "a Git LFS pointer")
    assert found.fix == "git lfs pull"


def test_a_pointer_without_its_object_is_still_a_pointer() -> None:
    found = sniff(b"version https://git-lfs.github.com/spec/v1\r\noid sha1:12\r\n")
    assert found.kind == "git-lfs-pointer"
    assert found.sentence.endswith(": a Git LFS pointer")


def test_a_model_is_not_identified(model: bytes) -> None:
    assert identify(memoryview(model)) is None
    assert identify(memoryview(b"\xff\xff\xff\xffTFL3")) is None


@pytest.mark.parametrize(
    ("files", "kind", "says"),
    [
        (
            [("m/data.pkl", b"\x80\x02."), ("m/version", b"3\n"), ("m/data/0", b"w")],
            "pytorch",
            "a PyTorch file",
        ),
        (
            [("metadata.json", b"{}"), ("config.json", b"{}"), ("model.weights.h5", HDF5)],
            "keras",
            "a Keras model (.keras)",
        ),
        ([("sm/saved_model.pb", SAVED_MODEL)], "saved-model", "a zipped TensorFlow SavedModel"),
        (
            [("a.txt", b"a"), ("b/c.txt", b"b"), ("../d", b""), ("e", b"")],
            "zip",
            "a ZIP archive of 4 files (a.txt, b/c.txt, d, ...) without a model",
        ),
        ([("one\x1b[2J.txt", b"a")], "zip", r"1 file (one\x1b[2J.txt) without a model"),
        ([], "zip", "an empty ZIP archive without a model"),
    ],
)
def test_zip_kinds(
    make_zip: Callable[..., bytes], files: list[tuple[str, bytes]], kind: str, says: str
) -> None:
    found = sniff(make_zip(*files))
    assert found.kind == kind
    assert says in found.sentence


def test_a_bundle_of_models_is_a_zip(make_zip: Callable[..., bytes], model: bytes) -> None:
    found = sniff(make_zip(("m.tflite", model)))
    assert found.sentence.endswith("a ZIP archive of 1 file (m.tflite)")


def test_a_bundle_with_a_damaged_model_is_a_zip(make_zip: Callable[..., bytes]) -> None:
    data = bytearray(make_zip(("m.tflite", b"x")))
    data[data.index(b"PK\x01\x02") + 10] = 99  # an unknown compression method
    assert sniff(bytes(data)).sentence.endswith("a ZIP archive of 1 file (m.tflite)")


def test_a_cut_zip_says_so(make_zip: Callable[..., bytes]) -> None:
    found = sniff(make_zip(("a.txt", b"a" * 100))[:90])
    assert (found.kind, "the file is cut off" in found.sentence) == ("zip", True)


def as_c(data: bytes, declaration: str, style: str = "0x{:02x}") -> bytes:
    body = ", ".join(style.format(byte) for byte in data)
    return f"// generated\n#include <m.h>\n{declaration} = {{\n  {body}\n}};\n".encode()


@pytest.mark.parametrize(
    "declaration",
    [
        "unsigned char model_tflite[]",
        "const unsigned char g_model[] DATA_ALIGN_ATTRIBUTE",
        "alignas(16) const uint8_t g_model[1234]",
        "const unsigned char g_model[] __attribute__((aligned(4)))",
        "static const int8_t g_model [MODEL_SIZE] PROGMEM ALIGNED(16)",
    ],
)
def test_c_arrays(model: bytes, declaration: str) -> None:
    found = sniff(as_c(model, declaration))
    assert found.kind == "c-array"
    assert re.search(r"array `(g_model|model_tflite)` that holds a TFLite model$", found.sentence)


def test_a_c_array_of_something_else(model: bytes) -> None:
    found = sniff(as_c(b"abcd", "const char labels[]"))
    assert found.sentence.endswith("C source of the array `labels`")
    upper = sniff(as_c(model, "const char model[]", "0x{:02X}"))
    assert upper.sentence.endswith("that holds a TFLite model")


def test_hexadecimal_and_base64_text(model: bytes) -> None:
    long = model + bytes(range(256)) * 100
    plain = sniff(long.hex().encode())
    assert plain.sentence.endswith("a TFLite model written as hexadecimal digits")
    assert plain.fix == "xxd -r -p FILE > model.tflite"
    assert sniff(", ".join(f"0x{b:02X}" for b in long).encode()).kind == "hex"
    assert sniff(b"00112233 44556677 8899aabb ccddeeff\n").fix == ""
    xxd = "".join(f"{long[i : i + 2].hex()} " for i in range(0, 16, 2))
    assert sniff(f"00000000: {xxd} ....TFL3\n".encode()).fix == "xxd -r FILE > model.tflite"
    pairs = long[:16].hex(" ")
    dump = sniff(f"00000000  {pairs[:23]}  {pairs[24:]}  |....TFL3|\n".encode())
    assert (dump.kind, dump.fix) == ("hex", "")
    assert dump.sentence.endswith("a hex dump of a TFLite model")
    encoded = sniff(base64.encodebytes(long))
    assert encoded.sentence.endswith("a TFLite model in base64")
    assert sniff(base64.b64encode(b"something else entirely")).kind == "text"
    assert sniff(b"a\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nb").kind == "text"


@pytest.mark.parametrize("before", [b"\x01", b"\x90\x01\0\0", b"HDR\0" * 16, b"\xff" * 900])
def test_a_wrapper_in_front_of_a_model(model: bytes, before: bytes) -> None:
    found = sniff(before + model)
    assert found.kind == "wrapped"
    assert f"a TFLite model that begins at byte {len(before)}:" in found.sentence
    assert found.fix == f"cut them off: tail -c +{len(before) + 1} FILE > model.tflite"


def test_the_identifier_alone_is_no_wrapped_model(model: bytes) -> None:
    assert sniff(b"\xfe" * 20 + b"TFL3" + b"\xfe" * 200).kind == "unknown"
    assert sniff(b"\xfe" * 2000 + model).kind == "unknown"


@pytest.mark.parametrize(
    "data",
    [
        ONNX[:-5],
        ONNX + b"\xff",
        GRAPH_DEF[:20],
        SAVED_MODEL[:-1],
        CORE_ML + proto((501, b"second model type")),
        proto((1, 1), (2, b"not a meta graph")),
        proto((1, proto((1, b"name\xff"), (2, b"Op")))),
        SAFETENSORS[:40],
        b"BZh9 and then text\0",
    ],
)
def test_no_guess_where_the_bytes_prove_nothing(data: bytes) -> None:
    assert sniff(data).kind == "unknown"


def test_directories() -> None:
    assert identify_directory(["a"]).sentence == "a directory of 1 entry, not a file"
    found = identify_directory(["saved_model.pb", "variables"])
    assert found.sentence == "a directory of 2 entries: a TensorFlow SavedModel"
    assert "from_saved_model" in found.fix


@pytest.mark.parametrize(
    "text",
    [
        "<!-- -->" * 8000,
        "<!--" * 16000,
        "char " * 13000,
        "char" + " " * 65000,
        "unsigned char a[] " + "A" * 65000,
        "unsigned char a[] " + "A(b) " * 13000,
        "unsigned char a[] " + "__attribute__((x)) " * 3000,
        "{" + " " * 65000,
        "0x" * 32000,
        "ab," * 21000 + "!",
        "A" * 65000 + "!",
        "version https://git-lfs.github.com/spec/v1\n" + "oid sha256:" * 6000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    sniff(text.encode())
    assert time.perf_counter() - start < 1


@given(st.binary(max_size=400))
def test_any_bytes_are_identified(data: bytes) -> None:
    found = identify(memoryview(data))
    assert (found is None) == (data[4:8] == b"TFL3")
    if found:
        assert found.sentence.isprintable()


@given(
    st.sampled_from(
        [ONNX, SAVED_MODEL, GRAPH_DEF, CORE_ML, SAFETENSORS, npz(), flatbuffer(b"AB12")]
    ),
    st.data(),
)
def test_damaged_formats_are_identified(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    damaged = data[:at] + draw.draw(st.binary(max_size=8)) + data[at + 4 :]
    found = identify(memoryview(damaged))
    assert found is None or found.sentence.isprintable()


def test_real_models_are_models(shared_models: Path) -> None:
    """Every collected file, but for the two that are known to be something else."""
    others = {}
    paths = sorted((shared_models / "real").iterdir())
    for path in paths:
        with open_source(str(path)) as opened:
            for member in members(opened, path.name):
                if found := identify(member.data):
                    others[path.name.rsplit("__", 1)[-1]] = found.kind
    assert len(paths) > 100
    assert others == {"ad_large_int8.tflite": "git-lfs-pointer", "invalid_model.bin": "text"}


def test_members_of_a_plain_file_is_the_file(model: bytes) -> None:
    (member,) = members(Source(memoryview(model)), "a/b.tflite")
    assert member == ("a/b.tflite", memoryview(model), 0, False)
