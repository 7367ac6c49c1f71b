"""Opening files and standard input."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tflint.container import source as source_module
from tflint.container.source import open_source, read_stdin

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_mapped_read_only(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(b"abcdef")
    with open_source(str(path)) as opened:
        assert (opened.size, bytes(opened.data)) == (6, b"abcdef")
        assert opened.data.readonly


def test_an_empty_file_is_an_empty_view(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.touch()
    with open_source(str(path)) as opened:
        assert (opened.size, bytes(opened.data)) == (0, b"")


def test_a_slice_outlives_its_source(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(b"abcdef")
    with open_source(str(path)) as opened:
        part = opened.data[2:4]
    opened.close()
    assert bytes(part) == b"cd"
    assert len(opened.data) == 0


def test_closing_releases_the_map(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(b"abcdef")
    with open_source(str(path)) as opened:
        mapped = opened._map
        assert mapped is not None
    assert mapped.closed


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("missing.tflite", FileNotFoundError),
        ("folder.tflite", IsADirectoryError),
        ("nul\0.tflite", OSError),
        ("surrogate\ud800.tflite", OSError),
        ("x" * 5000, OSError),
    ],
)
def test_what_cannot_be_opened_is_an_os_error(
    tmp_path: Path, name: str, error: type[OSError]
) -> None:
    (tmp_path / "folder.tflite").mkdir()
    with pytest.raises(error):
        open_source(os.path.join(tmp_path, name))


@pytest.mark.skipif(os.name == "nt", reason="no devices by path on Windows")
def test_a_device_is_refused_not_read_for_ever() -> None:
    with pytest.raises(OSError, match="a device or socket"):
        open_source("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this platform")
@pytest.mark.timeout(20)
def test_a_fifo_is_read_to_its_end_and_never_waits_for_a_writer(tmp_path: Path) -> None:
    path = str(tmp_path / "fifo")
    os.mkfifo(path)
    with open_source(path) as opened:
        assert opened.size == 0
    # Held open for reading and writing, so that the writer does not block before the reader.
    held = os.open(path, os.O_RDWR)

    def write() -> None:
        descriptor = os.open(path, os.O_WRONLY)
        os.close(held)
        os.write(descriptor, b"x" * 300_000)
        os.close(descriptor)

    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        with open_source(path) as opened:
            assert bytes(opened.data) == b"x" * 300_000
    finally:
        os.close(descriptor)
        writer.join()


_READ_STDIN = """
from tflint.container.source import read_stdin
with read_stdin() as source:
    print(source.size, bytes(source.data[:4]), source._map is not None)
"""


def test_standard_input_from_a_file_is_mapped(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(b"abcdef")
    with path.open("rb") as stream:
        result = subprocess.run(
            [sys.executable, "-c", _READ_STDIN], stdin=stream, capture_output=True, text=True
        )
    assert result.stdout == "6 b'abcd' True\n", result.stderr


def test_standard_input_from_a_pipe_is_read() -> None:
    result = subprocess.run([sys.executable, "-c", _READ_STDIN], input=b"abcdef", stdout=-1)
    assert result.stdout == b"6 b'abcd' False\n"


@pytest.mark.skipif(os.name == "nt", reason="the shell's <&- is POSIX")
def test_a_closed_standard_input_is_an_os_error() -> None:
    result = subprocess.run(
        ["sh", "-c", '"$0" -c "$1" <&-', sys.executable, _READ_STDIN],
        capture_output=True,
        text=True,
    )
    assert "OSError" in result.stderr


def test_a_stream_without_a_descriptor_is_read() -> None:
    with read_stdin(io.BytesIO(b"abcdef")) as opened:
        assert bytes(opened.data) == b"abcdef"


def test_a_file_that_shrinks_while_it_is_opened_is_an_os_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(b"abcdef")

    def shrunk(*_: object, **__: object) -> None:
        raise ValueError("mmap length is greater than file size")

    monkeypatch.setattr(source_module.mmap, "mmap", shrunk)
    with pytest.raises(OSError, match="cannot map 6 bytes"):
        open_source(str(path))


def test_standard_input_that_was_read_before_is_an_empty_source(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(b"abcdef")
    with path.open("rb") as stream:
        stream.read()
        with read_stdin(stream) as opened:
            assert opened.size == 0


def test_a_stream_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "MAX_PIPE", 10 * 1024**2)

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"y" * size

    with pytest.raises(OSError, match="more than 2 GiB"):
        read_stdin(Endless())  # type: ignore[arg-type]


_BIG = """
import sys
from tflint.container import members, open_source
from tflint.container.sniff import identify
for path in sys.argv[1:]:
    with open_source(path) as source:
        for member in members(source, path):
            kind = identify(member.data)
            print(source.size, member.offset, kind.kind if kind else "tflite")
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads VmHWM of Linux")
def test_three_gigabyte_files_take_constant_memory(tmp_path: Path, model: bytes) -> None:
    """Sparse files, so that only their size is 3 GB; the limit covers Python itself."""
    size = 3 * 1024**3
    paths = []
    for name, content in (("zeros", b""), ("model", model), ("text", b"text"), ("bytes", b"\1\2")):
        paths.append(str(tmp_path / name))
        with open(paths[-1], "wb") as stream:
            stream.write(content)
            stream.truncate(size)
    result = subprocess.run(
        [sys.executable, "-c", _BIG, *paths], capture_output=True, text=True, check=True
    )
    *lines, peak = result.stdout.splitlines()
    assert lines == [f"{size} 0 {kind}" for kind in ("zeros", "tflite", "unknown", "unknown")]
    assert int(peak) < 60 * 1024
