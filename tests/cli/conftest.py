"""Running the command line, as a process of its own."""

from __future__ import annotations

import functools
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from subprocess import PIPE
from typing import Any, NamedTuple

import pytest

ROOT = pathlib.Path(__file__).parents[2]

FLEX = """
model
  subgraph "main"
    input x [1,4] FLOAT32
    y [1,4] FLOAT32 = FlexErf(x)
    output y
"""


class Ran(NamedTuple):
    """What a run did."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The variables of this process without those that change what tflint prints."""
    dropped = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "TFLINT_DEBUG", "PYTHONWARNINGS"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    paths = [str(ROOT / "src"), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """An empty directory, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def python(folder: pathlib.Path, environment: dict[str, str]) -> Callable[..., Ran]:
    """Runs the interpreter of this process, with tflint on its path."""

    def run(*arguments: str, env: dict[str, str] | None = None, **options: Any) -> Ran:
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment | (env or {}),
            check=False,
            timeout=60,
            **({"stdin": subprocess.DEVNULL, "stdout": PIPE, "stderr": PIPE} | options),
        )
        return Ran(ran.returncode, (ran.stdout or b"").decode(), (ran.stderr or b"").decode())

    return run


@pytest.fixture
def tflint(python: Callable[..., Ran]) -> Callable[..., Ran]:
    """Runs the command line."""
    return functools.partial(python, "-m", "tflint")


@pytest.fixture(scope="session")
def flex_model() -> bytes:
    """A model with one error, O001."""
    from tflint.sketch import build

    return build(FLEX)


@pytest.fixture(scope="session")
def clean_model() -> bytes:
    """A model without a finding above `info`."""
    return (ROOT / "samples" / "01-clean-int8" / "model.tflite").read_bytes()


@pytest.fixture
def models(folder: pathlib.Path, flex_model: bytes, clean_model: bytes) -> pathlib.Path:
    """The current directory, with `flex.tflite` and `clean.tflite` in it."""
    (folder / "flex.tflite").write_bytes(flex_model)
    (folder / "clean.tflite").write_bytes(clean_model)
    return folder
