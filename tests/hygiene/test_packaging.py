"""What is built and installed is complete: no checkout, no development tools, no dependencies."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import tflint

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(root)],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the scripts of an environment that holds the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--python",
        str(scripts / "python"),
    ]
    subprocess.run(
        [*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)],
        check=True,
        capture_output=True,
    )
    return scripts


def run(
    installed: Path, folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    command, *rest = arguments
    return subprocess.run(
        [installed / command, *rest],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_wheel_holds_the_package_and_its_generated_tables(root: Path, wheel: Path) -> None:
    source = root / "src"
    expected = {
        path.relative_to(source).as_posix()
        for path in (source / "tflint").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "_dev" not in path.parts
    }
    assert {"tflint/_generated/schema.py", "tflint/_generated/rule_index.py"} <= expected
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == expected


def test_sdist_holds_what_the_tests_need(root: Path, built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("src", "rules", "tests", "samples"):
        expected = {
            path.relative_to(root).as_posix()
            for path in (root / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".tmp"
        }
        assert expected, folder
        assert expected <= names
    assert {"Makefile", "constraints.txt", "README.md", "LICENSE"} <= names


def test_wheel_names_its_dependencies(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = archive.read(name).decode().splitlines()
    required = {
        line.split()[1].partition("<")[0].partition(">")[0]
        for line in lines
        if line.startswith("Requires-Dist:") and "extra ==" not in line
    }
    assert required == {"numpy", "flatbuffers", "tflite", "textual"}
    assert "Requires-Python: >=3.11" in lines
    assert "License-Expression: Apache-2.0" in lines


@pytest.mark.parametrize("script", ["tflint", "tflite-lint"])
def test_both_commands_run(
    script: str, installed: Path, tmp_path: Path, bare_environment: dict[str, str]
) -> None:
    ran = run(installed, tmp_path, bare_environment, script, "--version")
    assert (ran.returncode, ran.stdout) == (0, f"tflint {tflint.__version__}\n")


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [("01", 0, "0 errors"), ("02", 1, "Q002"), ("03", 1, "O001"), ("05", 1, "error")],
)
def test_installed_copy_lints(
    number: str,
    code: int,
    text: str,
    installed: Path,
    sample: dict[str, str],
    tmp_path: Path,
    bare_environment: dict[str, str],
) -> None:
    """`--no-data`, as this environment has no numpy."""
    ran = run(installed, tmp_path, bare_environment, "tflint", "--no-data", sample[number])
    assert (ran.returncode, ran.stderr) == (code, "")
    assert text in ran.stdout


def test_installed_copy_has_the_rule_book(
    root: Path, installed: Path, tmp_path: Path, bare_environment: dict[str, str]
) -> None:
    listed = run(installed, tmp_path, bare_environment, "tflint", "rules")
    assert listed.returncode == 0, listed.stderr
    pages = list((root / "rules").glob("*/[A-Z][0-9][0-9][0-9]-*.md"))
    assert pages
    for page in pages:
        code, name = page.stem.split("-", 1)
        assert code in listed.stdout
        assert name in listed.stdout
    explained = run(installed, tmp_path, bare_environment, "tflint", "explain", "Q002")
    assert explained.returncode == 0, explained.stderr
    assert "Why it matters" in explained.stdout
