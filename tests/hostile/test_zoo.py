"""Every hostile file gets its findings, quickly, in little memory and without a traceback."""

from __future__ import annotations

import pathlib

import pytest
from make_zoo import CASES, ZOO, committed
from measured import MOST_BYTES, MOST_SECONDS, run
from registry import Case


def _ids(cases: list[Case]) -> list[str]:
    return [case.name for case in cases]


SMALL = committed()
LARGE = [case for case in CASES.values() if case.large]


@pytest.mark.parametrize("case", SMALL, ids=_ids(SMALL))
def test_the_committed_file_is_what_its_maker_makes(case: Case) -> None:
    assert (ZOO / f"{case.name}.tflite").read_bytes() == case.make(), (
        "run tests/hostile/zoo/make_zoo.py"
    )


def test_no_file_of_the_zoo_lacks_its_maker() -> None:
    assert {path.stem for path in ZOO.glob("*.tflite")} == {case.name for case in SMALL}


@pytest.mark.parametrize("case", SMALL, ids=_ids(SMALL))
def test_a_small_file_gets_its_findings_within_bounds(case: Case, tmp_path: pathlib.Path) -> None:
    _judge(case, ZOO / f"{case.name}.tflite", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("case", LARGE, ids=_ids(LARGE))
def test_a_large_file_gets_its_findings_within_bounds(case: Case, tmp_path: pathlib.Path) -> None:
    path = tmp_path / f"{case.name}.tflite"
    path.write_bytes(case.make())
    _judge(case, path, tmp_path)


def _judge(case: Case, path: pathlib.Path, folder: pathlib.Path) -> None:
    ran = run(path, folder / "costs")
    assert "Traceback" not in ran.errors
    assert ran.code in (0, 1), ran.errors
    found = [(str(one["code"]), str(one["message"])) for one in ran.findings]
    assert not [one for one in found if one[0] == "X001"]
    assert {code for code, _ in found if code[0] == "F"} == set(case.codes)
    assert ran.seconds < MOST_SECONDS
    assert ran.bytes < MOST_BYTES


def test_control_characters_of_a_name_never_reach_the_terminal(tmp_path: pathlib.Path) -> None:
    """A name that clears the screen or forges an annotation is shown, not obeyed."""
    for form in ("text", "concise", "github"):
        ran = run(ZOO / "name-with-escapes.tflite", tmp_path / "costs", "--format", form)
        assert ran.code in (0, 1), ran.errors
        shown = ran.output.replace("\n", "")
        assert not [one for one in shown if ord(one) < 32 or 0x7F <= ord(one) < 0xA0]
        assert "\n::error::injected" not in ran.output
