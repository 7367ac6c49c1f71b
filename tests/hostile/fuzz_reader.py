"""Fuzzes the reader, the model and every rule, guided by coverage.

    python tests/hostile/fuzz_reader.py -max_total_time=600 NEW_CORPUS tests/hostile/zoo

Needs atheris (`pip install atheris`; Linux and macOS, a Python it has a wheel for). Arguments are
libFuzzer's. An input is a file; where its first byte is 0xFF the rest says which numbers of the
zoo's sound model to overwrite, because bytes alone seldom get past the first offset. A crash is
written to `crash-<hash>`: give that path as the only argument to see it again.
"""

from __future__ import annotations

import pathlib
import struct
import sys

import atheris

HERE = pathlib.Path(__file__).parent
for folder in (HERE, HERE / "zoo", HERE.parents[1] / "src"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

with atheris.instrument_imports(include=["tflint"]):
    from tflint.lint.context import Settings
    from tflint.lint.registry import load, rules
    from tflint.lint.run import lint_one, plan_for_all
    from tflint.model import Model

    # Rules are imported when a model needs them: too late to be instrumented.
    for info in rules().values():
        if info.module:
            load(info)

from mutations import places  # noqa: E402
from sound import made  # noqa: E402

PLAN = plan_for_all(sorted(rules()), Settings())
SOUND = bytes(made())
PLACES = places(SOUND)

#: First byte of an input that is a list of changes.
CHANGES = 0xFF
_CHANGE = struct.Struct("<HQ")


def changed(script: bytes) -> bytes:
    """The sound model with numbers overwritten: per 10 bytes a place and a value."""
    data = bytearray(SOUND)
    for number, value in _CHANGE.iter_unpack(script[: len(script) // 10 * 10]):
        place = PLACES[number % len(PLACES)]
        raw = (value % (1 << 8 * place.width)).to_bytes(place.width, "little")
        data[place.position : place.position + place.width] = raw
    return bytes(data)


def lint(data: bytes) -> None:
    """One input. Any exception, and any rule that raised, is a crash."""
    if data[:1] == bytes([CHANGES]):
        data = changed(data[1:])
    result, _ = lint_one(Model(memoryview(data), "fuzz"), PLAN)
    crashed = [found.message for found in result.findings if found.code == "X001"]
    if crashed:
        raise RuntimeError(crashed[0])


def main() -> None:
    """Hands over to libFuzzer; does not return."""
    atheris.Setup(sys.argv, lint)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
