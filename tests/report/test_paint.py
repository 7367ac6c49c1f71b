"""When output is coloured, how wide it is, and how lines are broken."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from typing import TextIO

import pytest

from tflint.report.paint import Paint, clip, columns, terminal_width, wants_color, wrap

pty = pytest.importorskip("pty", reason="needs pseudo-terminals")


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as stream:
        yield stream
    os.close(master)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
    ],
)
def test_auto_on_a_terminal(environ: dict[str, str], expected: bool, terminal: TextIO) -> None:
    assert wants_color("auto", terminal, environ) is expected


@pytest.mark.parametrize(
    ("environ", "expected"), [({}, False), ({"FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1"}, False)]
)
def test_auto_in_a_pipe(environ: dict[str, str], expected: bool) -> None:
    assert wants_color("auto", io.StringIO(), environ) is expected


def test_closed_streams() -> None:
    """`tflint model.tflite >&-`: Python has no standard output then."""
    assert not wants_color("auto", None, {})
    assert wants_color("always", None, {})
    assert terminal_width(None, {}) == 80


def test_the_option_decides(terminal: TextIO) -> None:
    assert wants_color("always", io.StringIO(), {"NO_COLOR": "1", "TERM": "dumb"})
    assert not wants_color("never", terminal, {"FORCE_COLOR": "1"})


def test_width(terminal: TextIO) -> None:
    assert terminal_width(io.StringIO(), {}) == 80
    assert terminal_width(io.StringIO(), {"COLUMNS": "132"}) == 132
    assert terminal_width(io.StringIO(), {"COLUMNS": "7"}) == 50
    for odd in ("", "wide", "-3", "0", "\u0661\u0662"):
        assert terminal_width(io.StringIO(), {"COLUMNS": odd}) == 80
    # A new pseudo-terminal has no size yet.
    assert terminal_width(terminal, {}) == 80


def test_styles_are_closed_and_off_is_plain() -> None:
    assert Paint(True)("error", "no") == "\x1b[1;31mno\x1b[0m"
    assert Paint(True)("error", "") == ""
    assert Paint(False)("error", "no") == "no"


def test_links_only_with_colour_and_plain_addresses() -> None:
    url = "https://github.com/tensorflow/tensorflow/issues/40157"
    assert Paint(True).link("it", url) == f"\x1b]8;;{url}\x1b\\it\x1b]8;;\x1b\\"
    assert Paint(False).link("it", url) == "it"
    for bad in ("https://x/\x1b\\", "https://x/\u202e", "https://x/\n"):
        assert Paint(True).link("it", bad) == "it"


def test_columns() -> None:
    assert columns("abc") == 3
    assert columns("日本") == 4
    assert columns("e\u0301") == 1


@pytest.mark.parametrize("width", [10, 17, 60])
@pytest.mark.parametrize(
    "text",
    [
        "a few short words that go on and on until the line is full",
        "x" * 200,
        "日本語の演算子 " * 9,
        "model/block_1/conv2d/BiasAdd;model/block_2/conv2d/BiasAdd " * 3,
        "",
        "   ",
    ],
)
def test_wrap_keeps_everything_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(columns(line) <= width for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_names_are_broken_between_their_parts() -> None:
    assert wrap("model/block_1/conv2d/BiasAdd", 16) == ["model/block_1/", "conv2d/BiasAdd"]


def test_clip() -> None:
    assert clip("conv2d", 6) == "conv2d"
    assert clip("conv2d_1", 6) == "conv2…"
    assert clip("日本語の演算子", 6) == "日本…"
