"""The fuzz target runs; finding something is the work of `make fuzz`."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent


@pytest.mark.slow
def test_the_fuzz_target_runs(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("atheris", reason="needs atheris, which is not in the extra `dev`")
    ran = subprocess.run(
        [
            sys.executable,
            str(HERE / "fuzz_reader.py"),
            "-atheris_runs=500",
            "-timeout=10",
            f"-artifact_prefix={tmp_path}/",
            str(tmp_path),
            str(HERE / "zoo"),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert list(tmp_path.glob("crash-*")) == []
