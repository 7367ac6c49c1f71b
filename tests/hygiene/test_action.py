"""The GitHub action: its lint step is run as GitHub would run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def action(root: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    return document


def lint(
    action: dict[str, Any], folder: Path, environment: dict[str, str], **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Runs the script of the lint step with `inputs` over the defaults of the action."""
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "lint"]
    values = {name: given["default"] for name, given in action["inputs"].items()} | inputs
    variables = {}
    for name, expression in step["env"].items():
        source, _, value = expression.strip("${} ").partition(".")
        variables[name] = values[value] if source == "inputs" else str(folder / "tflint")
    (folder / "tflint").write_text(f'#!/bin/sh\nexec {sys.executable} -m tflint "$@"\n')
    (folder / "tflint").chmod(0o755)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=environment | variables | {"RUNNER_TEMP": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def environment(root: Path, bare_environment: dict[str, str]) -> dict[str, str]:
    return bare_environment | {"PYTHONPATH": str(root / "src")}


def test_findings_become_annotations_and_fail_the_job(
    action: dict[str, Any], tmp_path: Path, environment: dict[str, str], sample: dict[str, str]
) -> None:
    ran = lint(action, tmp_path, environment, paths=f"{sample['01']}\n{sample['03']}\n")
    assert ran.returncode == 1, ran.stderr
    assert "::error " in ran.stdout
    assert "O001" in ran.stdout


def test_inputs_are_arguments_not_shell_text(
    action: dict[str, Any], tmp_path: Path, environment: dict[str, str], sample: dict[str, str]
) -> None:
    odd = tmp_path / "a model; touch broken $(touch broken).tflite"
    odd.write_bytes(Path(sample["01"]).read_bytes())
    ran = lint(action, tmp_path, environment, paths=odd.name, args="--fail-on=info\n--no-data")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not (tmp_path / "broken").exists()


def test_code_scanning_gets_the_findings_that_fail_the_job(
    action: dict[str, Any], tmp_path: Path, environment: dict[str, str], sample: dict[str, str]
) -> None:
    ran = lint(action, tmp_path, environment, **{"paths": sample["03"], "sarif-upload": "true"})
    assert ran.returncode == 1, ran.stderr
    log = json.loads((tmp_path / "tflint.sarif").read_text(encoding="utf-8"))
    assert "O001" in {result["ruleId"] for result in log["runs"][0]["results"]}


def test_every_input_has_a_default_and_is_used(action: dict[str, Any], root: Path) -> None:
    text = (root / "action.yml").read_text(encoding="utf-8")
    for name, given in action["inputs"].items():
        assert "default" in given
        assert given["description"]
        assert f"inputs.{name} " in text
