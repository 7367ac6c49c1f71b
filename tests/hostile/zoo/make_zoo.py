"""Writes the files of the zoo beside this script: `python tests/hostile/zoo/make_zoo.py`.

Each module here registers cases; a file is written when it is small enough to be committed.
"""

from __future__ import annotations

import pathlib
import sys

ZOO = pathlib.Path(__file__).parent
for folder in (ZOO, ZOO.parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import damage  # noqa: E402, F401
import foreign  # noqa: E402, F401
import graphs  # noqa: E402, F401
import large  # noqa: E402, F401
import names  # noqa: E402, F401
from registry import CASES, Case  # noqa: E402


def committed() -> list[Case]:
    """The cases whose file lies beside this script."""
    return [case for case in CASES.values() if not case.large]


def main() -> None:
    wanted = {f"{case.name}.tflite": case.make() for case in committed()}
    for path in ZOO.glob("*.tflite"):
        if path.name not in wanted:
            path.unlink()
    for name, data in wanted.items():
        (ZOO / name).write_bytes(data)
    print(f"{len(wanted)} files, {sum(map(len, wanted.values())):,} bytes")


if __name__ == "__main__":
    main()
