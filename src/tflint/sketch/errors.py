"""What is wrong with a sketch, and where."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class SketchError(Exception):
    """A sketch that cannot be read.

    Attributes:
        line: line of the text, from 1.
        message: what was found and what was expected, one clause.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean CONV_2D?` for the nearest of `known`, or nothing when none is near."""
    folded = {_fold(name): name for name in known}
    near = get_close_matches(_fold(word), folded, 1, 0.6)
    return f"; did you mean {folded[near[0]]}?" if near else ""


def _fold(word: str) -> str:
    return word.lower().replace("_", "")
