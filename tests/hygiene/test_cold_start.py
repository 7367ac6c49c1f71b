"""The lint path imports what it needs and no more, looked up in sys.modules after a real run.

The import contracts see every import statement but not when it is executed; here it is seen.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

#: Too slow to import, or a sign that work meant for later is done at the start.
UNWANTED = {
    "ai_edge_litert",
    "asyncio",
    "argparse",
    "dataclasses",
    "enum",
    "flatbuffers",
    "hashlib",
    "importlib.metadata",
    "inspect",
    "json",
    "logging",
    "multiprocessing",
    "numpy",
    "pathlib",
    "re",
    "rich",
    "subprocess",
    "tensorflow",
    "textual",
    "tflite",
    "tomllib",
    "typing",
}

# What site (a development environment's .pth files) imports by itself is not ours.
PROGRAM = """
import sys
before = set(sys.modules)
report, *sys.argv[1:] = sys.argv[1:]
try:
    from tflint.cli.main import main
    code = main()
except SystemExit as exit:
    code = exit.code
with open(report, "w") as file:
    print(code or 0, *(set(sys.modules) - before), file=file)
"""


@pytest.fixture
def models(root: Path, tmp_path: Path) -> Path:
    """The samples in a folder without configuration, as 01.tflite and so on."""
    for path in (root / "samples").glob("*/model.tflite"):
        shutil.copy(path, tmp_path / f"{path.parent.name[:2]}.tflite")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """Returns the exit code of tflint and the modules it imported."""
    report = folder / "report"
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(report), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    code, *modules = report.read_text(encoding="utf-8").split()
    assert "tflint" in modules
    return int(code), set(modules)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("01.tflite", 0),
        ("check 01.tflite", 0),
        ("02.tflite", 1),
        ("--format concise 02.tflite", 1),
        ("--format github 02.tflite", 1),
        ("--no-data 02.tflite", 1),
        ("--no-data 03.tflite", 1),
        ("--no-data 04.tflite", 0),
        ("--no-data 05.tflite", 1),
        ("--version", 0),
        ("rules", 0),
        ("explain O001", 0),
    ],
)
def test_lint_path_is_light(arguments: str, expected: int, models: Path) -> None:
    code, modules = run(models, *arguments.split())
    assert code == expected
    assert modules & UNWANTED == set()


@pytest.mark.parametrize("form", ["json", "jsonl", "sarif", "gitlab"])
def test_json_is_imported_by_the_formats_that_are_json(form: str, models: Path) -> None:
    code, modules = run(models, "--no-data", "--format", form, "02.tflite")
    assert code == 1
    # json needs re and enum; GitLab and SARIF hash findings that look alike.
    assert modules & UNWANTED - {"re", "enum", "hashlib"} == {"json"}


def test_only_selected_rules_are_imported(models: Path) -> None:
    code, modules = run(models, "--select", "O001", "03.tflite")
    assert code == 1
    rules = {name for name in modules if re.fullmatch(r"tflint\.lint\.rules\.\w+\.\w+", name)}
    assert rules == {"tflint.lint.rules.operators.flex_op"}


def test_the_package_alone_imports_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; before = set(sys.modules); import tflint; print(*set(sys.modules) - before)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert set(ran.stdout.split()) <= {"tflint", "__future__"}
