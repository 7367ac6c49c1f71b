"""Runs tflint in a process of its own and says what that cost."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).parents[2]

#: What one hostile file may cost: seconds of processor time and bytes of memory.
MOST_SECONDS = 2.0
MOST_BYTES = 200 * 1024**2

#: Seconds after which a run counts as hanging, on a machine however busy.
PATIENCE = 60.0

# The child measures itself: what the parent sees of its memory begins with the parent's own.
_CHILD = """
import sys
from tflint.cli.main import main
code = 70
try:
    code = main(sys.argv[2:])
except SystemExit as leaving:
    code = leaving.code
finally:
    import resource
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    try:
        with open("/proc/self/status") as status:
            most = next(int(line.split()[1]) * 1024 for line in status if line[:6] == "VmHWM:")
    except OSError:
        pass
    with open(sys.argv[1], "w") as file:
        file.write(f"{usage.ru_utime + usage.ru_stime} {most}")
    sys.stdout.flush()
sys.exit(code)
"""


class Run(NamedTuple):
    """One run of tflint."""

    code: int
    output: str
    errors: str
    seconds: float  #: processor time, user and system
    bytes: int  #: largest resident memory

    @property
    def findings(self) -> list[dict[str, object]]:
        """Every finding of every model, of a run with `--format json`."""
        return [found for model in json.loads(self.output)["models"] for found in model["findings"]]


def run(path: pathlib.Path, costs: pathlib.Path, *arguments: str) -> Run:
    """Lints one file with every rule, in JSON unless `arguments` say otherwise.

    Args:
        path: the file.
        costs: a file to write what it cost into.

    Raises:
        subprocess.TimeoutExpired: it does not come to an end.
    """
    finished = subprocess.run(
        [
            sys.executable,
            "-c",
            _CHILD,
            str(costs),
            "--isolated",
            "--color",
            "never",
            *(arguments or ("--format", "json")),
            str(path),
        ],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        timeout=PATIENCE,
        check=False,
    )
    seconds, most = costs.read_text().split()
    return Run(finished.returncode, finished.stdout, finished.stderr, float(seconds), int(most))
