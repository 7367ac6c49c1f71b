"""Several processes, progress, and being interrupted."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tflint.cli import progress
from tflint.cli.diagnostics import Diagnostics

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes and signals of POSIX")


@pytest.fixture
def many(models: pathlib.Path, flex_model: bytes, clean_model: bytes) -> pathlib.Path:
    """A dozen files of every kind."""
    for number in range(4):
        (models / f"flex{number}.tflite").write_bytes(flex_model)
        (models / f"clean{number}.tflite").write_bytes(clean_model)
        (models / f"cut{number}.tflite").write_bytes(clean_model[: 1000 + number])
    return models


def without_times(document: Any) -> Any:
    if isinstance(document, dict):
        return {k: without_times(v) for k, v in document.items() if k != "seconds"}
    return [without_times(one) for one in document] if isinstance(document, list) else document


def test_result_does_not_depend_on_processes(many: pathlib.Path, tflint) -> None:
    (many / "tflint.toml").write_text(
        "[[overrides]]\nmodels = ['flex1*']\nignore = ['O001']\n"
        "[[suppress]]\nrule = 'O001'\nmodel = 'flex2*'\nreason = 'linked'\n"
    )
    arguments = (".", "nix.tflite", "--format", "json")
    serial, parallel = tflint(*arguments), tflint(*arguments, "-j", "3")
    assert serial.code == parallel.code == 2
    assert serial.err == parallel.err
    one, other = (without_times(json.loads(ran.out)) for ran in (serial, parallel))
    assert one == other
    assert [model["path"] for model in one["models"]] == sorted(
        model["path"] for model in one["models"]
    )
    assert len(one["models"]) == 14


def test_multiprocessing_only_where_it_is_used(models: pathlib.Path, python) -> None:
    program = (
        "import sys\nfrom tflint.cli.main import main\ncode = main()\n"
        "print('multiprocessing' in sys.modules, file=sys.stderr)\n"
    )
    for arguments, expected in (
        (["flex.tflite", "clean.tflite"], "False"),
        (["-j", "4", "flex.tflite"], "False"),
        (["-j", "2", "flex.tflite", "clean.tflite"], "True"),
    ):
        assert python("-c", program, *arguments).err.split() == [expected]


def test_killed_process_is_a_problem_of_its_file(models: pathlib.Path, python) -> None:
    """As when the system runs out of memory; the other files are linted all the same."""
    program = (
        "import os, signal, sys\n"
        "import tflint.lint.run as run\n"
        "import tflint.lint.parallel as parallel\n"
        "lint_file = run.lint_file\n"
        "def killed(path, config):\n"
        "    if path == 'bad.tflite':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return lint_file(path, config)\n"
        "killed.__module__, killed.__qualname__ = run.__name__, 'lint_file'\n"
        "run.lint_file = parallel.lint_file = killed\n"
        "if __name__ == '__main__':\n"
        "    import multiprocessing\n"
        "    multiprocessing.set_start_method('fork')\n"
        "    from tflint.cli.main import main\n"
        "    sys.exit(main())\n"
    )
    (models / "program.py").write_text(program)
    (models / "bad.tflite").write_bytes(b"")
    paths = ["flex.tflite", "bad.tflite", "clean.tflite"]
    ran = python("program.py", *paths, "-j", "2", "--format", "json")
    assert ran.code == 2
    assert "bad.tflite: the process linting it was killed" in ran.err
    document = json.loads(ran.out)
    assert [model["path"] for model in document["models"]] == ["flex.tflite", "clean.tflite"]


@pytest.mark.parametrize("arguments", [["a"], ["a", "b"], ["-j", "2", "a", "b", "c"]])
@pytest.mark.parametrize("whole_group", [True, False], ids=["terminal", "kill"])
def test_interrupt(
    arguments: list[str], whole_group: bool, folder: pathlib.Path, environment: dict[str, str]
) -> None:
    """Each model is a pipe that nobody writes to, so that the run waits."""
    pipes = [name for name in arguments if len(name) == 1]
    for name in pipes:
        os.mkfifo(folder / name)
    writers = [os.open(folder / name, os.O_RDWR) for name in pipes]
    process = subprocess.Popen(
        [sys.executable, "-m", "tflint", "-o", "report", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        time.sleep(1.5)
        assert process.poll() is None
        if whole_group:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        for writer in writers:
            os.close(writer)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert sorted(os.listdir(folder)) == sorted(pipes)


def on_terminal(
    arguments: list[str], environment: dict[str, str], before: str = ""
) -> tuple[bytes, bytes]:
    """What a run writes to standard output, and to a standard error that is a terminal."""
    import pty

    program = before + (
        "import sys\nfrom tflint.cli import progress\nprogress.DELAY = progress.INTERVAL = 0\n"
        "from tflint.cli.main import main\nsys.exit(main())\n"
    )
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={"TERM": "xterm"} | environment,
        stdout=subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    out, _ = process.communicate(timeout=60)
    shown = b""
    try:
        while chunk := os.read(master, 65536):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(master)
    return out, shown


def test_progress_is_for_terminals(many: pathlib.Path, environment: dict[str, str], tflint) -> None:
    out, shown = on_terminal([".", "--format", "concise"], environment)
    assert b"14/14  ./flex3.tflite" in shown
    assert shown.endswith(b"\r\x1b[K"), "nothing of it stays"
    assert b"14/14" not in out
    assert tflint(".", "--format", "concise").err == ""


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(["."], {"TERM": "dumb"}), ([".", "-q"], {}), (["flex.tflite"], {})],
)
def test_no_progress(
    arguments: list[str],
    variables: dict[str, str],
    many: pathlib.Path,
    environment: dict[str, str],
) -> None:
    assert on_terminal(arguments, environment | variables)[1] == b""


def test_interrupt_takes_progress_back(models: pathlib.Path, environment: dict[str, str]) -> None:
    program = (
        "import sys, tflint.lint.run as run\n"
        "def interrupted(paths, config, *, jobs, on_done):\n"
        "    on_done(paths[0])\n"
        "    raise KeyboardInterrupt\n"
        "run.lint_paths = interrupted\n"
    )
    _, shown = on_terminal(["."], environment, program)
    assert shown == b"\r1/2  ./clean.tflite\x1b[K\r\x1b[K"


def test_progress_waits_and_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing for short runs, and not every file of long ones."""
    clock = iter([0.0, 0.1, 0.2, 0.5, 0.55, 0.7])
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    lines: list[str] = []
    say = Diagnostics()
    monkeypatch.setattr(say, "status", lines.append)
    shown = progress.Progress(5, say)
    for number in range(5):
        shown.done(f"{number}.tflite")
    assert lines == ["3/5  2.tflite", "5/5  4.tflite"]
