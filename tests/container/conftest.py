"""Models and archives that the tests of this folder build and damage."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import flatbuffers
import pytest

from tflint.container.members import members
from tflint.container.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from tflint.container.members import Member


@pytest.fixture(scope="session")
def model() -> bytes:
    """A small TFLite file: identifier, a root table with version 3, a description."""
    builder = flatbuffers.Builder(64)
    description = builder.CreateString("a model")
    builder.StartObject(5)
    builder.PrependUint32Slot(0, 3, 0)
    builder.PrependUOffsetTRelativeSlot(3, description, 0)
    builder.Finish(builder.EndObject(), b"TFL3")
    return bytes(builder.Output())


@pytest.fixture(scope="session")
def make_zip() -> Callable[..., bytes]:
    """Writes an archive of (name, content) pairs, stored unless told otherwise."""

    def make(*files: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, content in files:
                archive.writestr(name, content)
        return target.getvalue()

    return make


@pytest.fixture(scope="session")
def list_members() -> Callable[..., list[Member]]:
    """The members of a file given by its bytes, called `f` unless told otherwise."""

    def read(data: bytes, path: str = "f") -> list[Member]:
        return list(members(Source(memoryview(data)), path))

    return read
