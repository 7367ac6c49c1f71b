"""The models of one source, under the names that reports show."""

from __future__ import annotations

from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tflint.container.source import Source

#: What stands between a bundle and the model in it: `face.task::detector.tflite`.
SEPARATOR = "::"

#: The identifier of a TFLite flatbuffer, at bytes 4..8 (`file_identifier` in schema.fbs).
IDENTIFIER = b"TFL3"

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
LITERTLM_MAGIC = b"LITERTLM"


class Member(NamedTuple):
    """One model, or a file that is to be one."""

    name: str  #: display name; `members` makes it unique and puts the path in front
    data: memoryview  #: the model's bytes, a slice of the source unless `compressed`
    offset: int  #: byte in the source at which the model, or its compressed form, begins
    compressed: bool  #: `data` was inflated; LiteRT cannot map such a member


def members(source: Source, path: str) -> Iterator[Member]:
    """The models in `source`, in file order; `source` itself when it is no bundle of models.

    A file with the TFLite identifier is a model even where a zip of metadata follows it. A zip
    or LiteRT-LM file without models comes back whole, for `sniff.identify` to say what it is.
    Inflated members are made one by one: let go of one before asking for the next.

    Args:
        source: the opened file.
        path: its name in reports; members are named `path::member`.

    Raises:
        BundleError: the bundle is damaged or holds a member that is not read.
    """
    data = source.data
    head = bytes(data[:8])
    inner: Iterator[Member] = iter(())
    if head[4:8] == IDENTIFIER:
        pass
    elif head[:4] in ZIP_MAGICS:
        from tflint.container.bundle import zip_members

        inner = zip_members(data)
    elif head == LITERTLM_MAGIC:
        from tflint.container.litertlm import litertlm_members

        inner = litertlm_members(data)
    taken: set[str] = set()
    for member in inner:
        name, number = member.name, 1
        while name in taken:
            number += 1
            name = f"{member.name}#{number}"
        taken.add(name)
        yield member._replace(name=f"{path}{SEPARATOR}{name}")
    if not taken:
        yield Member(path, data, 0, False)
