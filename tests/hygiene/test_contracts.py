"""The import contracts of pyproject.toml hold, and each one would notice a breach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

#: By contract, a module and an import it must not have.
BREACHES = {
    "layers": ("model/model.py", "tflint.lint.finding"),
    "lint-layers": ("lint/finding.py", "tflint.lint.result"),
    "standard-library": ("lint/engine.py", "numpy"),
    "light-modules": ("cli/main.py", "logging"),
    "rules-by-index": ("cli/main.py", "tflint.lint.rules.operators.flex_op"),
    "report-draws": ("report/text.py", "tflint.lint.engine"),
    "independent-rules": (
        "lint/rules/operators/flex_op.py",
        "tflint.lint.rules.operators.unresolved_custom_op",
    ),
    "rules-ask-the-model": ("lint/rules/operators/flex_op.py", "os"),
}


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `lint-imports` on the sources and the pyproject.toml in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-cache", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_contracts_are_kept(root: Path) -> None:
    ran = lint_imports(root)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_contract_has_a_breach(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    assert [contract["id"] for contract in contracts] == list(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_contract_notices_a_breach(contract: str, root: Path, tmp_path: Path) -> None:
    module, forbidden = BREACHES[contract]
    shutil.copy(root / "pyproject.toml", tmp_path)
    shutil.copytree(
        root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    with (tmp_path / "src" / "tflint" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\ndef breach() -> None:\n    import {forbidden}\n")
    ran = lint_imports(tmp_path, "--contract", contract)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "Contracts: 0 kept, 1 broken." in ran.stdout
    assert f"{forbidden.partition('.')[0]}" in ran.stdout.partition("Broken contracts")[2]
