"""Everything that goes to standard output, or to the file given in its place.

One stream of bytes, UTF-8 always: `-o FILE` and `> FILE` agree byte for byte.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import sys

from tflint.cli.diagnostics import Failure
from tflint.container.wording import reason

# As in tflint/__init__.py: `tflint --version` needs this module and not typing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Any, BinaryIO, Self, TextIO


class Output:
    """Where a report goes: a context manager that writes a file at its end, if all went well.

    A regular file is written beside its place and moved there, so that a reader sees the old
    report or the new one. Anything else at that path (a device, a pipe) is written to directly.

    Args:
        path: the file; None for standard output.
        inputs: files that must not be written over.

    Raises:
        Failure: the file cannot be written, or is one of `inputs`. It is raised now rather than
            after the work the report is about.
    """

    def __init__(self, path: str | None = None, inputs: Iterable[str] = ()) -> None:
        self.path = path
        self._stream: BinaryIO | None
        if path is None:
            self._stream = getattr(sys.stdout, "buffer", None)
            return
        self._stream = io.BytesIO()
        # A link stays one: what it leads to is replaced.
        self._target = os.path.realpath(path)
        _refuse_inputs(path, inputs)
        try:
            self._prove()
        except (OSError, ValueError) as error:
            raise Failure(f"cannot write {path}: {reason(error)}") from None

    @property
    def stream(self) -> TextIO:
        """The stream, to be asked whether it is a terminal and how wide."""
        found: Any = sys.stdout if self.path is None else self._stream
        return found  # type: ignore[no-any-return]

    def write(self, text: str) -> None:
        """Writes all of a text.

        A reader of standard output that stops reading (`tflint ... | head`) is no error.

        Raises:
            Failure: it cannot be written.
        """
        if not text:
            return
        if self._stream is None:
            raise Failure("cannot write standard output: it is closed")
        try:
            self._stream.write(_encoded(text))
            self._stream.flush()
        except BrokenPipeError:
            _abandon_stdout()
        except (OSError, ValueError) as error:
            _abandon_stdout()
            raise Failure(f"cannot write standard output: {reason(error)}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None or not isinstance(self._stream, io.BytesIO) or self.path is None:
            return
        try:
            self._replace(self._stream.getvalue())
        except OSError as problem:
            raise Failure(f"cannot write {self.path}: {reason(problem)}") from None

    def _prove(self) -> None:
        """Raises OSError where the file could not be written."""
        if os.path.isdir(self._target):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if os.path.exists(self._target) and not os.access(self._target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if self._regular:
            descriptor = self._create()
            os.close(descriptor)
            os.unlink(self._temporary)

    @property
    def _regular(self) -> bool:
        return os.path.isfile(self._target) or not os.path.exists(self._target)

    @property
    def _temporary(self) -> str:
        return os.path.join(os.path.dirname(self._target), f".tflint-{os.getpid()}.tmp")

    def _create(self) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.open(self._temporary, flags, 0o666)

    def _replace(self, content: bytes) -> None:
        if not self._regular:
            with open(self._target, "wb") as file:
                file.write(content)
            return
        with open(self._create(), "wb") as file:
            try:
                file.write(content)
                if os.path.exists(self._target):
                    os.chmod(self._temporary, stat.S_IMODE(os.stat(self._target).st_mode))
                file.close()
                os.replace(self._temporary, self._target)
            except BaseException:
                os.unlink(self._temporary)
                raise


def _refuse_inputs(path: str, inputs: Iterable[str]) -> None:
    if any(_same(path, other) for other in inputs):
        raise Failure(f"cannot write {path}: it is an input of this run", hint="give another name")


def _same(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except (OSError, ValueError):
        # One of them does not exist, yet perhaps.
        return os.path.abspath(path) == os.path.abspath(other)


def _encoded(text: str) -> bytes:
    """The bytes of a text; names of files come back as they are on the disk."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def _abandon_stdout() -> None:
    """Lets Python's own flush at exit go nowhere, where it cannot fail any more."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        # Standard output without a descriptor has no such flush.
        return
