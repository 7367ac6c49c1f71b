"""The hard result in every format equals the committed files, and no format lets a name loose."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

from tflint.lint.result import Result


def test_output_is_the_golden_file(golden: tuple[Path, str]) -> None:
    """After a wanted change: `PYTHONPATH=src python tests/report/refresh.py`, and read the diff."""
    path, drawn = golden
    assert drawn.encode() == path.read_bytes()


def test_drawing_twice_gives_the_same(hard: Result, form: str, draw: Callable[..., str]) -> None:
    assert draw(hard, form) == draw(hard, form)


def test_names_cannot_act(hard: Result, form: str, draw: Callable[..., str]) -> None:
    """No control, no bidirectional override, nothing invisible, no half of a surrogate pair."""
    drawn = draw(hard, form)
    drawn.encode()
    kinds = {unicodedata.category(char) for char in set(drawn) - {"\n"}}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    assert drawn.endswith("\n")


def test_an_empty_run_draws(form: str, draw: Callable[..., str]) -> None:
    drawn = draw(Result(()), form)
    assert not drawn or drawn.endswith("\n")
    assert (drawn == "") == (form == "concise")
