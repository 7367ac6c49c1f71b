"""Completion scripts, in the real shells."""

from __future__ import annotations

import os
import pathlib
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable

import pytest

from tflint.cli.completion import SHELLS
from tflint.lint.registry import rules

Complete = Callable[[str], set[str]]


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture
def files(folder: pathlib.Path, tflint) -> pathlib.Path:
    """Two models, a text and a directory, and the scripts one level up."""
    for shell in SHELLS:
        (folder / f"script.{shell}").write_text(tflint("completion", shell).out)
    work = folder / "work"
    (work / "models").mkdir(parents=True)
    for name in ("face.tflite", "two words.task", "notes.txt"):
        (work / name).write_bytes(b"")
    return work


def bash(files: pathlib.Path, line: str) -> set[str]:
    program = (
        "source ../script.bash\n"
        # Words as readline breaks them: at spaces, and around `=`.
        'COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tflint\n'
        "printf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    words = [part for word in line.split(" ") for part in re.split("(=)", word)]
    if words[-2:] == ["=", ""]:
        words.pop()
    ran = subprocess.run(
        ["bash", "--norc", "-c", program, "bash", *words],
        cwd=files,
        capture_output=True,
        text=True,
        check=True,
    )
    # Outside of readline compopt has nothing to set; it says so on standard error.
    return set(ran.stdout.split("\n")) - {""}


def fish(files: pathlib.Path, line: str) -> set[str]:
    ran = subprocess.run(
        ["fish", "--no-config", "-c", "source ../script.fish; complete -C $argv[1]", line],
        cwd=files,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return {found.partition("\t")[0] for found in ran.stdout.split("\n")} - {""}


def zsh(files: pathlib.Path, line: str) -> set[str]:
    """Types the line at a real prompt and reads what zsh lists."""
    import pty

    child, master = pty.fork()
    if child == 0:
        os.chdir(files)
        os.environ.update(TERM="dumb", COLUMNS="500", LINES="500")
        os.execvp("zsh", ["zsh", "-f", "-i"])

    def read_until(mark: str, seconds: float = 20) -> str:
        text, end = "", time.monotonic() + seconds
        while mark not in text and time.monotonic() < end:
            if select.select([master], [], [], 0.1)[0]:
                text += os.read(master, 65536).decode("utf-8", "replace")
        assert mark in text, text
        return text

    setup = (
        "PS1=; LISTMAX=10000; unsetopt zle_bracketed_paste; stty -echo\n"
        "autoload -U compinit; compinit -u -D\n"
        "zstyle ':completion:*' verbose no; zstyle ':completion:*' list-grouped no\n"
        # What would be inserted goes to the terminal, one word a line.
        'compadd() { local -a found; builtin compadd -O found "$@"; '
        'print -rl -- "@"$^found >$TTY; builtin compadd "$@" }\n'
        "source ../script.zsh; print rea''dy\n"
    )
    try:
        os.write(master, setup.encode())
        read_until("ready")
        os.write(master, f"{line}\t".encode())
        time.sleep(0.5)
        os.write(master, b"\x15print do''ne\n")
        listed = read_until("done")
    finally:
        os.close(master)
        os.waitpid(child, 0)
    return set(re.findall(r"@(.+?)\r?\n", listed))


SHELL_TESTS = [
    pytest.param(bash, marks=needs("bash"), id="bash"),
    pytest.param(fish, marks=needs("fish"), id="fish"),
    pytest.param(zsh, marks=needs("zsh"), id="zsh"),
]
FORMATS = {"text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"}


@pytest.mark.parametrize("complete", SHELL_TESTS)
def test_completes(complete, files: pathlib.Path) -> None:
    first = complete(files, "tflint ")
    assert {"check", "rules", "explain", "completion", "face.tflite"} <= first
    assert "notes.txt" not in first
    assert any(word.startswith("models") for word in first)
    assert any("words" in word for word in first), "a name with a space"
    assert complete(files, "tflint --format ") == FORMATS
    assert {"text", "json", "markdown"} == complete(files, "tflint rules --format ")
    operators = {info.name for info in rules().values()} | set(rules())
    assert operators == complete(files, "tflint explain ")
    assert set(SHELLS) == complete(files, "tflint completion ")
    assert "notes.txt" in complete(files, "tflint check --output n")


@pytest.mark.parametrize("complete", SHELL_TESTS[:2])
def test_completes_words_begun(complete, files: pathlib.Path) -> None:
    assert complete(files, "tflint --forma") == {"--format"}
    assert "--family" in complete(files, "tflint rules --fam")
    assert "--no-data" not in complete(files, "tflint rules --no-")
    assert complete(files, "tflite-lint completion fi") == {"fish"}
    assert "O,flex-op" in complete(files, "tflint --select O,flex-o")
    assert complete(files, "tflint check fac") == {"face.tflite"}


@needs("bash")
def test_bash_value_behind_an_equals_sign(files: pathlib.Path) -> None:
    assert bash(files, "tflint --format=js") == {"json", "jsonl"}
    assert bash(files, "tflint --format=") == FORMATS


@pytest.mark.parametrize("shell", [pytest.param(one, marks=needs(one)) for one in SHELLS])
def test_shell_reads_the_script_without_complaint(shell: str, files: pathlib.Path) -> None:
    ran = subprocess.run(
        [shell, "-n", f"../script.{shell}"], cwd=files, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
