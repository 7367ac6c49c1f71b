"""Damaged models, thousands of them: no traceback, no hang, no flood of memory.

`TFLINT_MUTATIONS` says how many in all; the default is a sample. A failure names the model, the
seed and what was done; `mutations.mutant(data, places(data), seed)` makes the file again.
"""

from __future__ import annotations

import os
import pathlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from mutations import Mutant, mutable, mutant, places
from sound import made

from tflint import __version__
from tflint.lint.context import Settings
from tflint.lint.registry import page, rules
from tflint.lint.result import ModelResult, Result
from tflint.lint.run import lint_one, plan_for_all
from tflint.model import Model
from tflint.report import render

ROOT = pathlib.Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "models" / "real"

#: Mutants in all, over every model.
MUTATIONS = int(os.environ.get("TFLINT_MUTATIONS", "1500"))

#: Models above this size cost their copy rather than anything of interest.
LARGEST = 200_000

#: Processor time that one mutant may take, and memory it may add.
MOST_SECONDS = 2.0
MOST_BYTES = 200 * 1024**2


def _sources() -> dict[str, pathlib.Path | None]:
    """The models to damage, by name; None stands for the zoo's sound model."""
    found: dict[str, pathlib.Path | None] = {"sound": None}
    found |= {path.parent.name: path for path in sorted(ROOT.glob("samples/*/model.tflite"))}
    if SHARED.is_dir():
        found |= {
            path.name: path
            for path in sorted(SHARED.iterdir())
            if path.is_file() and path.stat().st_size <= LARGEST
        }
    return found


SOURCES = _sources()
PLAN = plan_for_all(sorted(rules()), Settings())


class _TooLong(Exception):
    """A mutant took too long."""


@contextmanager
def _hurried() -> Iterator[None]:
    """Raises `_TooLong` after `MOST_SECONDS` of processor time."""

    def late(signum: int, frame: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _peak() -> int:
    """Largest resident memory since `_forget`, in bytes."""
    status = pathlib.Path("/proc/self/status").read_text()
    return 1024 * next(int(ln.split()[1]) for ln in status.splitlines() if ln[:6] == "VmHWM:")


def _forget() -> None:
    """Lets the kernel count the largest memory anew."""
    pathlib.Path("/proc/self/clear_refs").write_text("5")


MEASURED = pathlib.Path("/proc/self/clear_refs").exists()


def _lint(case: Mutant) -> ModelResult:
    return lint_one(Model(memoryview(case.data), "mutant"), PLAN)[0]


@pytest.mark.parametrize("name", SOURCES)
def test_mutants_are_linted_without_a_traceback(name: str) -> None:
    path = SOURCES[name]
    data = bytes(made()) if path is None else path.read_bytes()
    if not mutable(data):
        pytest.skip("damaged or foreign as it is")
    where = places(data)
    failures = []
    for number in range(max(1, MUTATIONS // len(SOURCES))):
        case = mutant(data, where, f"{name}:{number}")
        if MEASURED:
            _forget()
            before = _peak()
        try:
            with _hurried():
                result = _lint(case)
                if number % 25 == 0:
                    _draw(result)
        except _TooLong:
            failures.append((case.seed, case.story, f"more than {MOST_SECONDS} s"))
            continue
        except Exception as error:  # every escape is a failure of its own, with its seed
            failures.append((case.seed, case.story, repr(error)))
            continue
        crashed = [found.message for found in result.findings if found.code == "X001"]
        if crashed:
            failures.append((case.seed, case.story, crashed[0]))
        if MEASURED and _peak() - before > MOST_BYTES:
            failures.append((case.seed, case.story, f"{_peak() - before:,} bytes"))
    assert not failures, "\n".join(map(str, failures[:20]))


def _draw(result: ModelResult) -> None:
    """Draws a result in a few formats; names may hold anything."""
    for form in ("text", "json", "sarif", "junit"):
        drawn = render(Result((result,)), form, rules=rules(), version=__version__, page=page)
        drawn.encode()


def test_a_seed_makes_the_same_mutant_again() -> None:
    data = bytes(made())
    where = places(data)
    first, second = (mutant(data, where, "sound:7") for _ in range(2))
    assert first == second
    assert first.data != data
