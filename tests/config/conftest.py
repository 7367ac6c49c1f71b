"""A rule book of a few rules, so that these tests do not change with the real one."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator

import pytest

from tflint.config import layers
from tflint.lint import registry

BOOK = {
    "F001": ("not-a-model", "file", "error"),
    "O001": ("flex-op", "operators", "error"),
    "O006": ("op-version-too-new", "operators", "error"),
    "P001": ("duplicate-buffers", "size", "info"),
    "Q001": ("float-io-on-int-model", "quantization", "warning"),
    "Q002": ("float-op-in-int8-model", "quantization", "error"),
    "Q012": ("bad-scale", "quantization", "error"),
}


def _forget() -> None:
    registry._known.clear()
    layers._plans.clear()


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rules of `BOOK` and no profile."""
    fields = {
        code: (code, name, family, "", severity, "high", "0.1.0", "", "", (), None)
        + (False, "", (), (), ())
        for code, (name, family, severity) in BOOK.items()
    }
    monkeypatch.setattr(registry, "RULES", fields)
    monkeypatch.setattr("tflint._generated.profiles.PROFILES", {})
    _forget()
    yield
    monkeypatch.undo()
    _forget()


@pytest.fixture
def project(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """An empty directory, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def toml(project: pathlib.Path) -> Callable[[str], str]:
    """Writes a tflint.toml and returns its path."""

    def write(text: str) -> str:
        (project / "tflint.toml").write_text(text, encoding="utf-8")
        return "tflint.toml"

    return write
