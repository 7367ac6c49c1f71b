"""What reading a plain model imports."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = """
import sys
before = set(sys.modules)
from tflint.container import members, open_source
from tflint.container.discover import expand
from tflint.container.sniff import identify
for path, _ in expand(sys.argv[1:]):
    with open_source(path) as source:
        for member in members(source, path):
            assert identify(member.data) is None
print(*sorted(set(sys.modules) - before))
"""


def test_a_plain_model_needs_little(tmp_path: Path, model: bytes) -> None:
    (tmp_path / "m.tflite").write_bytes(model)
    result = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path)], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert "mmap" in loaded
    # `re` comes with `typing`.
    heavy = "zipfile json pathlib zlib fnmatch difflib dataclasses logging numpy flatbuffers"
    assert not loaded & {*heavy.split(), "tflint.container.bundle", "tflint.container.litertlm"}
