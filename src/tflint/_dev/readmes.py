"""Runs the commands that README pages show, compares what they print, and writes it back.

A command is a line that begins with `$ ` in a fenced block marked `console`; what follows it, up
to the next command, is its output. Each command runs on its own in a shell, in the folder of its
page, with no terminal and no standard input; both output streams count. A command has to exit
with 0, unless a comment on the line before the block says otherwise, with one code for all its
commands or one for each:

    <!-- exit: 1 -->
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

_FENCE = re.compile(r"^(`{3,})console\s*$")
_EXIT = re.compile(r"^<!-- exit: (\d+(?: \d+)*) -->$")
_TIME = re.compile(r"\s+\d+(?:\.\d+)?\s?(?:ms|s|min)$")
#: A command that takes longer is taken to hang, in seconds.
TIMEOUT = 120.0
#: Variables that change what tflint prints, beside those whose name begins with TFLINT_.
_NOISE = {"CI", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GITHUB_ACTIONS", "PYTHONWARNINGS"}


class Command(NamedTuple):
    """One command of a page."""

    #: Index of its line in the page, from 0; the output is `lines[line + 1:end]`.
    line: int
    end: int
    text: str
    #: The output the page shows, one entry a line.
    shown: list[str]
    #: The exit code it has to have.
    exit: int
    #: The backticks that open the block around it.
    fence: str


class Outcome(NamedTuple):
    """What a command printed and returned when it was run."""

    command: Command
    printed: list[str]
    exit: int

    @property
    def agrees(self) -> bool:
        """Whether the output is the one shown, run times aside."""
        return scrub(self.printed) == scrub(self.command.shown)

    def problem(self) -> str:
        """Says how the run differs from the page; empty where it does not."""
        where = f"line {self.command.line + 1}: $ {self.command.text}"
        if self.exit != self.command.exit:
            printed = "\n".join(self.printed)
            return f"{where}\nexit code {self.exit}, expected {self.command.exit}\n{printed}\n"
        if self.agrees:
            return ""
        lines = difflib.unified_diff(
            self.command.shown, self.printed, "shown", "printed", lineterm=""
        )
        return "\n".join([where, *lines, ""])


def scrub(lines: list[str]) -> list[str]:
    """Returns `lines` without run times and white space at their ends."""
    return [_TIME.sub("", line).rstrip() for line in lines]


def parse(text: str) -> list[Command]:
    """Returns the commands of a page, in order.

    Raises ValueError for a block that is not closed or whose exit codes do not match its commands.
    """
    lines = text.split("\n")
    commands: list[Command] = []
    start = 0
    while start < len(lines):
        opening = _FENCE.match(lines[start])
        if opening is None:
            start += 1
            continue
        fence = opening[1]
        try:
            end = lines.index(fence, start + 1)
        except ValueError:
            raise ValueError(f"line {start + 1}: the block is not closed") from None
        begins = [at for at in range(start + 1, end) if lines[at].startswith("$ ")]
        comment = _EXIT.match(lines[start - 1]) if start else None
        codes = [int(code) for code in comment[1].split()] if comment else [0]
        if len(codes) == 1:
            codes *= len(begins)
        if len(codes) != len(begins):
            raise ValueError(
                f"line {start}: {len(codes)} exit codes for {len(begins)} commands in the block"
            )
        for at, stop, code in zip(begins, [*begins[1:], end], codes, strict=True):
            shown = lines[at + 1 : stop]
            commands.append(Command(at, stop, lines[at][2:], shown, code, fence))
        start = end + 1
    return commands


@contextmanager
def _environment() -> Iterator[Mapping[str, str]]:
    """Gives the variables of a run, in which `tflint` is this checkout's, installed or not."""
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _NOISE and not name.startswith("TFLINT_")
    }
    with tempfile.TemporaryDirectory(prefix="tflint-readmes-") as folder:
        for name in ("tflint", "tflite-lint"):
            script = os.path.join(folder, name)
            with open(script, "w", encoding="utf-8") as file:
                file.write(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tflint "$@"\n')
            os.chmod(script, 0o755)
        yield kept | {
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "PATH": os.pathsep.join([folder, kept.get("PATH", os.defpath)]),
            "PYTHONPATH": os.pathsep.join(filter(None, [source, kept.get("PYTHONPATH")])),
        }


def run_blocks(path: str) -> list[Outcome]:
    """Runs every command of the page at `path` and returns what each one did.

    Raises OSError where the page cannot be read, ValueError where it cannot be parsed, and
    subprocess.TimeoutExpired for a command that runs longer than `TIMEOUT`.
    """
    with open(path, encoding="utf-8") as file:
        commands = parse(file.read())
    outcomes = []
    with _environment() as environment:
        for command in commands:
            ran = subprocess.run(
                command.text,
                shell=True,
                cwd=os.path.dirname(os.path.abspath(path)),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=TIMEOUT,
                check=False,
            )
            printed = ran.stdout.decode("utf-8", "replace").rstrip("\n")
            outcomes.append(
                Outcome(command, printed.split("\n") if printed else [], ran.returncode)
            )
    return outcomes


def update(path: str) -> bool:
    """Writes what the commands print into the page at `path`; True where the page changed.

    Output that differs only in its run times stays as it is. An exit code is never rewritten: one
    that is not the expected one raises RuntimeError, as does output that would close its block.
    """
    with open(path, encoding="utf-8") as file:
        before = file.read()
    lines = before.split("\n")
    for outcome in reversed(run_blocks(path)):
        command = outcome.command
        if outcome.exit != command.exit:
            raise RuntimeError(f"{path}: {outcome.problem()}")
        if command.fence in outcome.printed:
            raise RuntimeError(
                f"{path}: line {command.line + 1}: the output has a line {command.fence}; "
                f"open and close the block with {command.fence}`"
            )
        if not outcome.agrees:
            lines[command.line + 1 : command.end] = [line.rstrip() for line in outcome.printed]
    after = "\n".join(lines)
    if after == before:
        return False
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(after)
    os.replace(path + ".tmp", path)
    return True


def pages(root: str) -> list[str]:
    """Returns the pages to keep true: README.md and samples/*/README.md of `root`."""
    samples = os.path.join(root, "samples")
    folders = sorted(entry.path for entry in os.scandir(samples) if entry.is_dir())
    candidates = [os.path.join(folder, "README.md") for folder in (root, *folders)]
    return [path for path in candidates if os.path.exists(path)]


def refresh(root: str, write: bool) -> int:
    """Checks every page of the checkout at `root`, or with `write` brings it up to date.

    Returns the exit code: 1 where a page is not true and was not rewritten.
    """
    stale = 0
    for path in pages(root):
        name = os.path.relpath(path, root)
        if write:
            if update(path):
                print(f"wrote {name}")
            continue
        problems = [problem for outcome in run_blocks(path) if (problem := outcome.problem())]
        stale += bool(problems)
        for problem in problems:
            print(f"{name}: {problem}")
    if stale:
        print("run `make readmes` and commit the result", file=sys.stderr)
    return 1 if stale else 0
