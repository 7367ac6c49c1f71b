"""Models for the tests of facts: written as sketches, or taken from the shared folder."""

from __future__ import annotations

import pathlib
import textwrap
from collections.abc import Callable

import pytest

from tflint.model import Model
from tflint.sketch import build


@pytest.fixture(scope="session")
def sketch() -> Callable[[str], Model]:
    """Makes a verified model of a sketch, which may be indented."""

    def make(text: str) -> Model:
        model = Model(memoryview(build(textwrap.dedent(text))), "sketch")
        assert not model.verification.errors
        return model

    return make


@pytest.fixture(scope="session")
def shared(shared_models: pathlib.Path) -> Callable[[str], Model]:
    """Opens the shared model whose path below the folder contains a text, which must be one."""
    paths = sorted(shared_models.glob("re*/*"))

    def open_one(part: str) -> Model:
        (path,) = (path for path in paths if part in f"{path.parent.name}/{path.name}")
        return Model(memoryview(path.read_bytes()), path.name)

    return open_one
