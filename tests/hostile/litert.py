"""Asks the LiteRT interpreter what it does with a file, which may end the process that asks.

As a program it is a server: it reads paths, one a line, and answers each with a line of JSON. It
forks for every file, so that a crash costs one answer and the import is paid for once.
"""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from typing import NamedTuple

#: Seconds after which the interpreter counts as hanging.
PATIENCE = 20.0


class Answer(NamedTuple):
    """What the interpreter did: `refused`, `not allocated`, `loaded` or `crashed`."""

    did: str
    message: str
    loaded: bool  #: whether it got past loading, however it ended


class LiteRT:
    """The server, started on the first question. A context manager."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> LiteRT:
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()

    def ask(self, path: pathlib.Path) -> Answer:
        """Loads the file and allocates its tensors, without delegates."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return Answer(*json.loads(self.process.stdout.readline()))


def _serve() -> None:
    import ai_edge_litert.interpreter

    answers = os.fdopen(os.dup(1), "w")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    for line in sys.stdin:
        answers.write(json.dumps(_in_a_fork(ai_edge_litert.interpreter, line.rstrip("\n"))) + "\n")
        answers.flush()


def _in_a_fork(litert: object, path: str) -> Answer:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            _load(litert, path, writing)
        finally:
            os._exit(0)
    os.close(writing)
    ended, status, deadline = 0, 0, time.monotonic() + PATIENCE
    while not ended and time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.0005)
    if not ended:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    loaded, allocated = b"L" in told[:2], b"A" in told[:2]
    message = told.partition(b"!")[2].decode("utf-8", "replace")
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return Answer("crashed", name if ended else "no answer", loaded)
    did = "loaded" if allocated else "not allocated" if loaded else "refused"
    return Answer(did, message, loaded)


def _load(litert: object, path: str, writing: int) -> None:
    import resource

    # A file that asks for terabytes gets an error in place of the machine's memory.
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        interpreter = litert.Interpreter(  # type: ignore[attr-defined]
            model_path=path,
            num_threads=1,
            experimental_op_resolver_type=(
                litert.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES  # type: ignore[attr-defined]
            ),
        )
        os.write(writing, b"L")
        interpreter.allocate_tensors()
        os.write(writing, b"A")
    except Exception as error:
        os.write(writing, b"!" + f"{type(error).__name__}: {error}".encode()[:2000])


if __name__ == "__main__":
    _serve()
