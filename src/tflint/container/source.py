"""Files as memory maps, standard input as bytes."""

from __future__ import annotations

import errno
import mmap
import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO, Self

#: Most bytes read from a pipe: the largest flatbuffer, whose offsets are 32-bit and signed.
MAX_PIPE = 2 * 1024**3

_CHUNK = 1024 * 1024

# A FIFO without a writer would block `open` for ever; O_NONBLOCK does not touch regular files.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Source:
    """The bytes of one input; a context manager that lets go of them.

    Views taken from `data` stay valid after `close`: the map is released with the last of them.

    Attributes:
        data: every byte, read-only. A mapped file costs memory only where it is touched.
        size: number of bytes.
    """

    __slots__ = ("_map", "data", "size")

    def __init__(self, data: memoryview, mapped: mmap.mmap | None = None) -> None:
        self.data = data
        self.size = len(data)
        self._map = mapped

    def close(self) -> None:
        """Release the bytes. Safe to call twice."""
        self.data = memoryview(b"")
        mapped, self._map = self._map, None
        if mapped is not None:
            try:
                mapped.close()
            except BufferError:
                # A slice is still in use; the map goes with it.
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_source(path: str) -> Source:
    """Map the file at `path`; a pipe (`<(command)` of a shell) is read to its end.

    Raises:
        OSError: the path cannot be opened or is a directory, a device or a socket. No content
            of a regular file raises anything.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError:
        raise OSError(errno.EINVAL, "the path holds a null byte", path) from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISREG(mode):
            return _map(descriptor, 0)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if stat.S_ISFIFO(mode):
            os.set_blocking(descriptor, True)
            with open(descriptor, "rb", buffering=0, closefd=False) as pipe:
                return _drain(pipe, path)
        raise OSError(errno.EINVAL, "a device or socket, not a file", path)
    finally:
        os.close(descriptor)


def read_stdin(stream: BinaryIO | None = None) -> Source:
    """Standard input: mapped when it is a file (`< model.tflite`), else read to its end.

    Args:
        stream: a binary stream to read in place of standard input.

    Raises:
        OSError: there is no standard input, or it holds more than `MAX_PIPE` bytes.
    """
    if stream is None:
        # None when the process was started with the descriptor closed.
        stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise OSError(errno.EBADF, "standard input is closed", "-")
    try:
        descriptor = stream.fileno()
    except OSError:
        # A stream of Python's own, such as BytesIO.
        return _drain(stream, "-")
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return _map(descriptor, stream.tell())
    return _drain(stream, "-")


def _map(descriptor: int, start: int) -> Source:
    """The regular file from byte `start` on."""
    size = os.fstat(descriptor).st_size
    if size <= start:
        return Source(memoryview(b""))
    try:
        mapped = mmap.mmap(descriptor, size, access=mmap.ACCESS_READ)
    except (ValueError, OverflowError) as error:
        # The file shrank since `fstat`, or a 32-bit process cannot address it.
        raise OSError(errno.EFBIG, f"cannot map {size} bytes: {error}") from None
    return Source(memoryview(mapped)[start:], mapped)


def _drain(stream: BinaryIO, name: str) -> Source:
    """Everything `stream` still holds."""
    held = bytearray()
    while chunk := stream.read(_CHUNK):
        held += chunk
        if len(held) > MAX_PIPE:
            raise OSError(errno.EFBIG, "more than 2 GiB in a pipe; give the path of a file", name)
    return Source(memoryview(held).toreadonly())
