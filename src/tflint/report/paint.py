"""Terminals: whether to colour, how wide they are, styles, links, wrapping."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

#: SGR parameters by what is drawn (ECMA-48, 8.3.117).
STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "ignored": "2",
    "good": "1;32",
    "fix": "32",
    "place": "36",
    "strong": "1",
    "faint": "2",
}
#: Used where no terminal tells its width.
DEFAULT_WIDTH = 80
#: Narrower than this, lines are cut by the terminal instead of being made unreadable here.
MIN_WIDTH = 50


def wants_color(mode: str, stream: TextIO | None, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour what goes to `stream`, None where it is closed.

    Args:
        mode: `always` or `never` decide; `auto` asks NO_COLOR (no-color.org), then FORCE_COLOR
            (force-color.org), then whether the stream is a terminal that knows escapes.
    """
    if mode != "auto":
        return mode == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return environ["FORCE_COLOR"] != "0"
    if stream is None or environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    # The classic Windows console prints escapes as text; these two name one that does not.
    return os.name != "nt" or "WT_SESSION" in environ or "TERM" in environ


def terminal_width(stream: TextIO | None, environ: Mapping[str, str] = os.environ) -> int:
    """Columns of the terminal behind `stream`; COLUMNS where it is set, 80 for no terminal."""
    given = environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given) > 0:
        return max(int(given), MIN_WIDTH)
    if stream is None:
        return DEFAULT_WIDTH
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return DEFAULT_WIDTH
    return max(width, MIN_WIDTH) if width else DEFAULT_WIDTH


class Paint:
    """Styles text, or leaves it as it is when colour is off."""

    __slots__ = ("on",)

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, style: str, text: str) -> str:
        """`text` in one of `STYLES`."""
        if not self.on or not text:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"

    def link(self, text: str, url: str) -> str:
        """`text` as a hyperlink (OSC 8) with colour; a URL that is not plain ASCII is left out."""
        if not self.on or not (url.isascii() and url.isprintable()):
            return text
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"


def columns(text: str) -> int:
    """How many columns `text` takes: 2 for wide characters, 0 for combining ones."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else 0 if combining(c) else 1 for c in text)


def clip(text: str, width: int) -> str:
    """`text`, or as much of its start as fits `width` columns with an ellipsis."""
    if columns(text) <= width:
        return text
    return _head(text, width - 1) + "…"


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, broken at spaces, inside a word if it must."""
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if columns(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while columns(word) > width:
            head = _head(word, width)
            # Tensor names are paths: better broken between their parts.
            cut = max(head.rfind(mark) for mark in "/;") + 1
            head = head[:cut] if cut * 2 > len(head) else head
            lines.append(head)
            word = word[len(head) :]
        line = word
    return [*lines, line] if line else lines


def _head(text: str, width: int) -> str:
    """The longest start of `text` that fits `width` columns, at least one character."""
    end = min(len(text), width)
    while end > 1 and columns(text[:end]) > width:
        end -= 1
    return text[: max(end, 1)]
