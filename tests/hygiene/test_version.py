"""One version: the literal in tflint/__init__.py."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import tflint


def test_version_is_a_release_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+|\.dev\d+)?", tflint.__version__)


def test_build_reads_the_literal(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    source = root / project["tool"]["hatch"]["version"]["path"]
    assert source.samefile(tflint.__file__)
    assert f'__version__ = "{tflint.__version__}"\n' in source.read_text(encoding="utf-8")


def test_command_prints_it() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tflint", "--version"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"tflint {tflint.__version__}\n"
