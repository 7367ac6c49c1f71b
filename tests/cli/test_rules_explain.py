"""`tflint rules` and `tflint explain`."""

from __future__ import annotations

import json
import pathlib

import pytest

from tflint.cli.explain import markdown
from tflint.cli.pages import draw
from tflint.lint.registry import page, rules
from tflint.report.paint import Paint, columns


def test_list_is_the_rule_book(tflint) -> None:
    ran = tflint("rules")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert len(lines) == len(rules())
    for line, info in zip(lines, sorted(rules().values()), strict=True):
        assert line.split()[:3] == [info.code, info.severity, info.name]
        assert line.endswith(info.summary), "a pipe gets whole lines"


def test_list_for_machines(tflint) -> None:
    document = json.loads(tflint("rules", "--format", "json").out)
    assert document["schema_version"] == "1.0"
    assert [rule["code"] for rule in document["rules"]] == sorted(rules())
    (flex,) = json.loads(tflint("rules", "--format=json", "--select", "flex-op").out)["rules"]
    info = rules()["O001"]
    assert flex["summary"] == info.summary
    assert flex["references"] == list(info.references)
    assert "module" not in flex


def test_list_as_markdown(tflint) -> None:
    head, rule, *rows = tflint("rules", "--format", "markdown").out.splitlines()
    assert head.count("|") == rule.count("|") == 6
    assert len(rows) == len(rules())
    assert all(row.replace("\\|", "").count("|") == 6 for row in rows)


def test_list_of_some(tflint) -> None:
    operators = {code for code, info in rules().items() if info.family == "operators"}
    for arguments in (["--family", "operators"], ["--select", "operators"], ["--select", "O"]):
        listed = tflint("rules", *arguments).out
        assert {line.split()[0] for line in listed.splitlines()} == operators
    assert tflint("rules", "--select", "Q", "--family", "operators").out == ""


def test_page_in_a_pipe_is_markdown(tflint) -> None:
    ran = tflint("explain", "o001", "missing-signature", "O001")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == markdown(rules()["O001"]) + "\n" + markdown(rules()["M001"])
    assert page("O001").rstrip() in ran.out
    for reference in rules()["O001"].references:
        assert f"- {reference}\n" in ran.out


def test_every_unknown_rule_is_named(tflint) -> None:
    ran = tflint("explain", "O001", "flexop", "Z9")
    assert (ran.code, ran.out) == (2, "")
    assert "no rule `flexop`; did you mean `flex-op`?" in ran.err
    assert "no rule `Z9`" in ran.err


@pytest.mark.parametrize("width", [50, 80, 120])
@pytest.mark.parametrize("code", sorted(rules()))
def test_pages_are_drawn_within_the_terminal(code: str, width: int) -> None:
    """Prose is wrapped; code and tables keep their lines."""
    text = markdown(rules()[code])
    plain = draw(text, width, Paint(False))
    words = [word for word in plain.split() if word not in {"•", "│"} and set(word) != {"─"}]
    assert words, code
    kept = set(text.splitlines())
    for line in plain.splitlines():
        code_or_table = line.startswith("    ") and line[4:] in kept or line.startswith("  ")
        assert columns(line) <= width or code_or_table or len(line.split()) == 1
    assert "\x1b" not in plain
    assert "\n\n\n" not in plain


PAGE = """\
# Title with `code`

One *soft* line of prose, **strong words**, `some code`, and
[a link](https://example.org/x) to owner/repo#12.

- first item that is long enough to be wrapped at fifty columns, surely
- second

1. step one
2. step two
   that goes on

> quoted

| a | b |
| --- | --- |
| `x` | 1 \\| 2 |

```sketch
model
  y [1] FLOAT32 = FlexErf(x)  # error: O001
  z [1] FLOAT32 = SIN(x)  # a remark

```

The end.
"""

DRAWN = """\
Title with code
───────────────

One *soft* line of prose, **strong words**, `some
code`, and a link (https://example.org/x) to
owner/repo#12.

  • first item that is long enough to be wrapped
    at fifty columns, surely
  • second

  1. step one
  2. step two that goes on

  │ quoted

  a  b
  x  1 | 2

    model
      y [1] FLOAT32 = FlexErf(x)  # error: O001
      z [1] FLOAT32 = SIN(x)  # a remark

The end.
"""


def test_markdown_without_colour() -> None:
    drawn = draw(PAGE, 50, Paint(False))
    assert [line.rstrip() for line in drawn.splitlines()] == DRAWN.splitlines()


def test_markdown_with_colour() -> None:
    drawn = draw(PAGE, 50, Paint(True))
    assert "\x1b[1mTitle with code\x1b[0m" in drawn
    assert "\x1b[32msome\x1b[0m" in drawn, "code loses its marks"
    assert "`" not in drawn
    assert "\x1b]8;;https://example.org/x\x1b\\link\x1b]8;;\x1b\\" in drawn
    assert "\x1b]8;;https://github.com/owner/repo/issues/12\x1b\\owner/repo#12" in drawn
    assert "  \x1b[1;31m# error: O001\x1b[0m" in drawn, "marks of a sketch stand out"
    assert "# a remark\x1b" not in drawn


def test_page_at_a_terminal(folder: pathlib.Path, environment: dict[str, str]) -> None:
    import os
    import pty
    import subprocess
    import sys

    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tflint", "explain", "O001"],
        env={"TERM": "xterm"} | environment | {"COLUMNS": "60"},
        stdout=terminal,
    )
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(master, 65536):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(master)
    assert process.wait(60) == 0
    assert shown.startswith(b"\x1b[1mO001 flex-op\x1b[0m")
    assert b"## " not in shown
