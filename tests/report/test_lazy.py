"""A format imports itself and nothing heavy; `json` comes with the formats that are JSON."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from tflint.lint.result import Result
import tflint.report
before = set(sys.modules)
tflint.report.render(Result(()), sys.argv[1], rules={}, version="0")
print(*sorted(set(sys.modules) - before))
"""
SHARED = {"groups", "layout", "paint", "paths", "phrases"}
OWN = {"jsonl": {"json", "jsonl"}, "sarif": {"sarif", "sarif_rule"}}


def test_imports(form: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, form], capture_output=True, text=True, check=True
    )
    modules = set(ran.stdout.split())
    reports = {name.removeprefix("tflint.report.") for name in modules if ".report." in name}
    assert reports - SHARED == OWN.get(form, {form})
    assert ("json" in modules) == (form in {"json", "jsonl", "sarif", "gitlab"})
    heavy = {"xml", "urllib", "dataclasses", "logging", "pathlib", "textwrap", "numpy", "rich"}
    assert modules.isdisjoint(heavy)
    assert not any(name.startswith("tflint.lint.rules") for name in modules)
    assert "tflint.lint.engine" not in modules
