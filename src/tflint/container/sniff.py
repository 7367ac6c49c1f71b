"""What a file is that is not a TFLite flatbuffer, said only where the bytes prove it."""

from __future__ import annotations

import struct

from tflint.container.errors import BundleError
from tflint.container.members import IDENTIFIER, LITERTLM_MAGIC, ZIP_MAGICS
from tflint.container.wording import display_name, hex_text, printable, shorten, size_text
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tflint.container.members import Member

#: Bytes looked at from the start of a file.
HEAD = 64 * 1024

#: A model behind a wrapper is looked for at these first bytes.
WRAPPER = 1024

#: All-zero files are read this far; a failed download has no other content further on.
ZEROS = 1024**2

_CONVERT = "convert it with tf.lite.TFLiteConverter and lint the .tflite it writes"
_UNPACK = "unpack it and lint the .tflite inside"
_WRONG_FILE = "give the path of the .tflite"

#: Magic bytes at the start of a file: (bytes, kind, what it is, fix).
MAGICS: tuple[tuple[bytes, str, str, str], ...] = (
    (b"\x1f\x8b\x08", "gzip", "a gzip archive", "gunzip it and lint the .tflite inside"),
    (b"\xfd7zXZ\x00", "xz", "an xz archive", "unxz it and lint the .tflite inside"),
    (b"\x28\xb5\x2f\xfd", "zstd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7z", "a 7-Zip archive", _UNPACK),
    (
        b"\x89HDF\r\n\x1a\n",
        "hdf5",
        "an HDF5 file, as Keras writes for .h5",
        "load it with Keras and convert it with tf.lite.TFLiteConverter.from_keras_model",
    ),
    (b"GGUF", "gguf", "a GGUF file (llama.cpp)", "lint the .tflite converted from the same model"),
    (b"\x93NUMPY", "npy", "a NumPy array (.npy)", _WRONG_FILE),
    (b"\x89PNG\r\n\x1a\n", "png", "a PNG image", _WRONG_FILE),
    (b"\xff\xd8\xff", "jpeg", "a JPEG image", _WRONG_FILE),
    (b"%PDF-", "pdf", "a PDF document", _WRONG_FILE),
    (b"\x7fELF", "elf", "an ELF program or library", _WRONG_FILE),
    (
        # torch.save before 1.6: the pickled number 0x1950a86a20f9469cfc6c.
        b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.",
        "pytorch",
        "a PyTorch file (torch.save)",
        "convert the model with litert-torch and lint the .tflite it writes",
    ),
)

#: Identifiers of other flatbuffer formats.
IDENTIFIERS = {
    b"ORTM": "an ONNX Runtime model (.ort)",
    b"ET12": "an ExecuTorch program (.pte)",
    b"PTMF": "a PyTorch mobile module (.ptl)",
    b"ARMN": "an Arm NN network",
    b"M001": "TFLite metadata without its model",
}


class FileKind(NamedTuple):
    """What a file is instead of a TFLite model."""

    kind: str  #: stable id: `git-lfs-pointer`, `html`, `onnx`, `unknown`, ...
    sentence: str  #: size, beginning and what that is; no final dot
    fix: str  #: what to do, one clause; empty when nothing sensible is known


def identify(data: memoryview) -> FileKind | None:
    """What `data` is; None for a file with the TFLite identifier, damaged or not.

    A flatbuffer may lack the identifier and still be a model: kinds `flatbuffer` (another
    identifier), `flatbuffer-without-identifier` and `unknown` do not rule that out.
    """
    size = len(data)
    if not size:
        return FileKind("empty", "an empty file (0 bytes)", "convert or download the model again")
    if data[4:8] == IDENTIFIER:
        return None
    head = bytes(data[:HEAD])
    if not head.strip(b"\0") and (zeros := _zeros(data)):
        return zeros
    for magic, kind, what, fix in MAGICS:
        if head.startswith(magic):
            return _binary(kind, data, what, fix)
    for test in (_archive, _text, _numbered_container, _protobuf, _wrapped, _flatbuffer):
        if found := test(data, head):
            return found
    return _binary("unknown", data, "unknown binary data without the identifier TFL3", "")


def identify_directory(names: Sequence[str]) -> FileKind:
    """What a directory is, given the names in it, that stands where a model should."""
    count = f"a directory of {len(names)} {'entry' if len(names) == 1 else 'entries'}"
    if "saved_model.pb" in names:
        return FileKind(
            "saved-model",
            f"{count}: a TensorFlow SavedModel",
            "convert it with tf.lite.TFLiteConverter.from_saved_model",
        )
    return FileKind("directory", f"{count}, not a file", "")


def _binary(kind: str, data: memoryview, what: str, fix: str) -> FileKind:
    return FileKind(kind, f"{_that_begin(data, '')} {hex_text(bytes(data[:8]))}: {what}", fix)


def _that_begin(data: memoryview, of: str) -> str:
    """`131 bytes of text that begin`"""
    return f"{size_text(len(data))}{of} that begin{'s' if len(data) == 1 else ''}"


def _zeros(data: memoryview) -> FileKind | None:
    step = 64 * 1024
    for at in range(0, min(len(data), ZEROS), step):
        if bytes(data[at : min(at + step, ZEROS)]).strip(b"\0"):
            return None
    size = size_text(len(data))
    extent = "all zero" if len(data) <= ZEROS else f"the first {size_text(ZEROS)} all zero"
    return FileKind(
        "zeros",
        f"{size}, {extent}, as an interrupted download or copy leaves them",
        "download or copy the model again",
    )


def _archive(data: memoryview, head: bytes) -> FileKind | None:
    if head[:4] in ZIP_MAGICS:
        return _zip(data)
    if head[257:262] == b"ustar":
        return _binary("tar", data, "a tar archive", "tar xf it and lint the .tflite inside")
    # The block or, in an empty archive, the end-of-stream magic follows the level.
    if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return _binary("bzip2", data, "a bzip2 archive", "bunzip2 it and lint the .tflite inside")
    return None


def _zip(data: memoryview) -> FileKind:
    from tflint.container.bundle import entries, zip_members

    try:
        names = [entry.name for entry in entries(data)]
    except BundleError as error:
        return _binary("zip", data, f"a damaged ZIP archive: {error.message}", "")
    leaves = {name.rsplit("/", 1)[-1] for name in names}
    if "data.pkl" in leaves and "version" in leaves:
        fix = "convert the model with litert-torch and lint the .tflite it writes"
        return _binary("pytorch", data, "a PyTorch file (torch.save)", fix)
    if {"config.json", "metadata.json"} <= set(names) and "model.weights.h5" in leaves:
        fix = "load it with Keras and convert it with tf.lite.TFLiteConverter.from_keras_model"
        return _binary("keras", data, "a Keras model (.keras)", fix)
    if "saved_model.pb" in leaves:
        return _binary("saved-model", data, "a zipped TensorFlow SavedModel", _CONVERT)
    if names and all(name.endswith(".npy") for name in names):
        return _binary("npz", data, "NumPy arrays (.npz)", _WRONG_FILE)
    shown = ", ".join(map(display_name, names[:3])) + (", ..." if len(names) > 3 else "")
    count = f"{len(names)} {'file' if len(names) == 1 else 'files'}"
    what = f"a ZIP archive of {count} ({shown})" if names else "an empty ZIP archive"
    return _binary("zip", data, what + ("" if _any(zip_members(data)) else " without a model"), "")


def _any(models: Iterator[Member]) -> bool:
    """Whether there is one; a damaged bundle counts as having some."""
    try:
        return next(models, None) is not None
    except BundleError:
        return True


def _text(data: memoryview, head: bytes) -> FileKind | None:
    from tflint.container.sniff_text import classify, decode

    decoded = decode(head, len(data) <= HEAD)
    if decoded is None:
        return None
    text, encoding = decoded
    if not text.strip():
        return FileKind("text", f"{size_text(len(data))} of text, all white space", "")
    kind, what, fix = classify(text, encoding, bytes(data[-1024:]))
    quote = shorten(printable(text.lstrip()[:200].splitlines()[0].rstrip()), 60)
    sentence = f'{_that_begin(data, " of text")} "{quote}"'
    return FileKind(kind, f"{sentence}: {what}" if what else sentence, fix)


def _numbered_container(data: memoryview, head: bytes) -> FileKind | None:
    """Formats whose first bytes are a magic or a length with numbers that must fit."""
    if head.startswith(LITERTLM_MAGIC):
        from tflint.container.litertlm import litertlm_members

        none = "" if _any(litertlm_members(data)) else " without a TFLite section"
        return _binary("litertlm", data, f"a LiteRT-LM bundle{none}", "")
    if len(head) < 16:
        return None
    (length,) = struct.unpack_from("<Q", head)
    if head[8:10] in (b'{"', b"{}") and length <= len(data) - 8:
        # The header is JSON, padded with spaces to a multiple of 8.
        end = bytes(data[8 : 8 + length][-64:])
        if end.rstrip(b" ").endswith(b"}"):
            return _binary("safetensors", data, "a safetensors file (weights only)", "")
    if head[:1] == b"\x80" and head[1] in (4, 5) and head[2] == 0x95:
        (frame,) = struct.unpack_from("<Q", head, 3)
        if frame <= len(data) - 11 and data[-1] == ord("."):
            return _binary("pickle", data, "a Python pickle", _WRONG_FILE)
    return None


def _protobuf(data: memoryview, head: bytes) -> FileKind | None:
    # Field 1 as a varint (versions) or as a message (a GraphDef's first node).
    if head[:1] not in (b"\x08", b"\x0a"):
        return None
    from tflint.container.protobuf import model_format

    found = model_format(data)
    if found is None:
        return None
    kind, what = found
    fixes = {
        "onnx": "convert the model it was exported from with tf.lite.TFLiteConverter or "
        "litert-torch",
        "coreml": "convert the model it was made from",
    }
    return _binary(kind, data, what, fixes.get(kind, _CONVERT))


def _flatbuffer(data: memoryview, head: bytes) -> FileKind | None:
    if not rooted(data, 0):
        return None
    name = head[4:8]
    if name.isalnum():
        shown = name.decode("ascii")
        what = f"a flatbuffer with the identifier {shown}, not TFL3"
        if name in IDENTIFIERS:
            what += f": {IDENTIFIERS[name]}"
        return _binary("flatbuffer", data, what, "")
    what = "a flatbuffer without the identifier TFL3"
    return _binary("flatbuffer-without-identifier", data, what, "")


def _wrapped(data: memoryview, head: bytes) -> FileKind | None:
    at = head.find(IDENTIFIER, 5, WRAPPER)
    while at >= 0:
        start = at - 4
        if rooted(data, start):
            before = f"{size_text(start)} {'stands' if start == 1 else 'stand'}"
            return _binary(
                "wrapped",
                data,
                f"a TFLite model that begins at byte {start}: {before} before it",
                f"cut them off: tail -c +{start + 1} FILE > model.tflite",
            )
        at = head.find(IDENTIFIER, at + 1, WRAPPER)
    return None


def rooted(data: memoryview, start: int) -> bool:
    """Whether a flatbuffer's root table and vtable at byte `start` are sound."""
    end = len(data) - start
    if end < 12:
        return False
    (root,) = struct.unpack_from("<I", data, start)
    if root < 4 or root % 4 or root > end - 4:
        return False
    (back,) = struct.unpack_from("<i", data, start + root)
    vtable = root - back
    if vtable % 2 or not 4 <= vtable <= end - 4:
        return False
    vtable_size, table_size = struct.unpack_from("<2H", data, start + vtable)
    if vtable_size < 6 or vtable_size % 2 or vtable_size > end - vtable:
        return False
    if table_size < 8 or table_size > end - root:
        return False
    count = (vtable_size - 4) // 2
    fields = [f for f in struct.unpack_from(f"<{count}H", data, start + vtable + 4) if f]
    # A root without fields, or with two at one place, is a chance match.
    sound = all(4 <= field < table_size for field in fields)
    return bool(fields) and sound and len(set(fields)) == len(fields)
