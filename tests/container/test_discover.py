"""From paths on the command line to files."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from tflint.container.discover import expand
from tflint.container.errors import NoModels, PathError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TREE = [
    "b.tflite",
    "a.TFLite",
    "c.txt",
    ".hidden.tflite",
    ".git/x.tflite",
    ".venv/lib/y.tflite",
    "sub/d.task",
    "sub/deep/e.litertlm",
    "sub/deep/f.lite",
    "sub/notes.bin",
    "org.tensorflow.lite/readme",
    "empty/readme",
]


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of TREE, in the working directory."""
    root = tmp_path / "root"
    for name in TREE:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(root)
    return root


def found(*paths: str) -> list[str]:
    return [path.replace(os.sep, "/") for path, _ in expand(paths)]


def error_of(*paths: str) -> PathError:
    with pytest.raises(PathError) as caught:
        list(expand(paths))
    return caught.value


def test_a_directory_is_searched_in_order_without_hidden_names(tree: Path) -> None:
    expected = ["a.TFLite", "b.tflite", "sub/d.task", "sub/deep/e.litertlm", "sub/deep/f.lite"]
    assert found(".") == [f"./{name}" for name in expected]
    assert found(str(tree)) == [f"{tree}/{name}" for name in expected]
    assert found("sub/") == ["sub/d.task", "sub/deep/e.litertlm", "sub/deep/f.lite"]


def test_files_are_taken_as_given_and_marked() -> None:
    given = ["c.txt", ".hidden.tflite", "-", "sub", ".git"]
    assert list(expand(given)) == [
        ("c.txt", True),
        (".hidden.tflite", True),
        ("-", True),
        (os.path.join("sub", "d.task"), False),
        (os.path.join("sub", "deep", "e.litertlm"), False),
        (os.path.join("sub", "deep", "f.lite"), False),
        (os.path.join(".git", "x.tflite"), False),
    ]


def test_no_file_comes_twice() -> None:
    pairs = list(expand([".", "./b.tflite", "b.tflite", "-", "-"]))
    assert [path for path, _ in pairs].count(os.path.join(".", "b.tflite")) == 1
    assert ("b.tflite", True) not in pairs
    assert (os.path.join(".", "b.tflite"), True) in pairs
    assert len(pairs) == 6


def test_a_directory_named_like_a_model_comes_itself_and_is_searched(tree: Path) -> None:
    (tree / "empty" / "m.tflite").mkdir()
    assert found("empty") == ["empty/m.tflite"]
    (tree / "empty" / "m.tflite" / "inner.tflite").touch()
    assert found("empty") == ["empty/m.tflite", "empty/m.tflite/inner.tflite"]
    assert found("empty/m.tflite") == ["empty/m.tflite", "empty/m.tflite/inner.tflite"]
    assert isinstance(error_of("org.tensorflow.lite"), NoModels)


@pytest.mark.skipif(os.name == "nt", reason="links need privileges on Windows")
def test_links(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "o.tflite").touch()
    (tree / "sub" / "up").symlink_to(tree)
    (tree / "sub" / "self").symlink_to("self")
    (tree / "sub" / "zz-outside").symlink_to(outside)
    (tree / "sub" / "zz-twice").symlink_to(outside)
    (tree / "sub" / "file.tflite").symlink_to(outside / "o.tflite")
    (tree / "sub" / "gone.tflite").symlink_to("nowhere")
    assert found("sub") == [
        "sub/d.task",
        "sub/deep/e.litertlm",
        "sub/deep/f.lite",
        "sub/file.tflite",
        "sub/gone.tflite",
        "sub/up/a.TFLite",
        "sub/up/b.tflite",
        "sub/zz-outside/o.tflite",
    ]
    assert "a link to nowhere, which does not exist" in str(error_of("sub/gone.tflite"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this platform")
def test_a_pipe_in_a_directory_is_not_opened(tree: Path) -> None:
    os.mkfifo(tree / "empty" / "pipe.tflite")
    assert isinstance(error_of("empty"), NoModels)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.tflite", ["b.tflite"]),
        ("./*.tflite", ["./b.tflite"]),
        ("[ab].*", ["a.TFLite", "b.tflite"]),
        ("?.txt", ["c.txt"]),
        ("sub/*", ["sub/d.task", "sub/deep/e.litertlm", "sub/deep/f.lite"]),
        ("s*/*.bin", ["sub/notes.bin"]),
        ("sub/**/*.lite", ["sub/deep/f.lite"]),
        ("**/*.task", ["sub/d.task"]),
        ("**/d.task", ["sub/d.task"]),
        ("**/**/deep/*", ["sub/deep/e.litertlm", "sub/deep/f.lite"]),
        ("sub/**", ["sub/d.task", "sub/deep/e.litertlm", "sub/deep/f.lite"]),
        ("*/deep", ["sub/deep/e.litertlm", "sub/deep/f.lite"]),
        (".g*/*.tflite", [".git/x.tflite"]),
        (".*.tflite", [".hidden.tflite"]),
    ],
)
def test_globs(pattern: str, expected: list[str]) -> None:
    assert found(pattern) == expected
    assert not any(explicit for _, explicit in expand([pattern]))


def test_an_absolute_glob(tree: Path) -> None:
    assert found(f"{tree}/s*/*.task") == [f"{tree}/sub/d.task"]


def test_a_name_with_wildcards_that_exists_is_no_glob(tree: Path) -> None:
    (tree / "model[1].tflite").touch()
    assert list(expand(["model[1].tflite"])) == [("model[1].tflite", True)]


def test_a_glob_without_matches() -> None:
    for pattern in ("*.onnx", "nowhere/*.tflite", "c.txt/*"):
        error = error_of(pattern)
        assert (error.path, error.message) == (pattern, "the pattern matches no file")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("b.tflit", "did you mean b.tflite"),
        ("sub/deep/e.litetlm", "did you mean sub/deep/e.litertlm"),
        ("sbu/d.task", "did you mean sub"),
        ("b", "did you mean b.tflite"),
        ("b.tflite/x", ""),
        ("quite-different", ""),
    ],
)
def test_a_missing_path_and_what_was_meant(path: str, hint: str) -> None:
    error = error_of(path)
    assert not isinstance(error, NoModels)
    assert error.message == "no such file or directory"
    assert error.hint.replace(os.sep, "/") == hint


def test_paths_that_cannot_be_paths() -> None:
    assert "an empty path" in str(error_of(""))
    assert "null byte" in str(error_of("a\0b"))
    assert "\x1b" not in str(error_of("\x1b[2J.tflite"))
    assert error_of("x" * 5000).message.startswith("cannot be opened:")


def test_a_directory_without_models(tree: Path) -> None:
    error = error_of("empty")
    assert isinstance(error, NoModels)
    assert str(error) == "empty: no .tflite, .lite, .task, .litertlm file in it"
    (tree / "empty" / "saved_model.pb").touch()
    assert "a TensorFlow SavedModel" in error_of("empty").hint


def test_problems_do_not_stop_the_search_when_they_are_collected() -> None:
    problems: list[PathError] = []
    pairs = list(expand(["missing", "b.tflite", "empty", "*.onnx", "c.txt"], problems.append))
    assert pairs == [("b.tflite", True), ("c.txt", True)]
    assert [error.path for error in problems] == ["missing", "empty", "*.onnx"]
    assert [isinstance(error, NoModels) for error in problems] == [False, True, False]


def test_an_unreadable_directory_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if os.path.basename(path) == "sub":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    problems: list[PathError] = []
    assert len(list(expand(["."], problems.append))) == 2
    (problem,) = problems
    assert problem.message == "cannot be searched: permission denied"
    assert error_of(".").message == problem.message


def test_a_very_deep_tree(tree: Path) -> None:
    """Deeper than Python's recursion limit would allow a recursive walk."""
    levels = ["/".join("d" * depth) for depth in range(1, 1501)]
    os.chdir(tree / "empty")
    for level in levels:
        os.mkdir(level)
    file = f"{levels[-1]}/m.tflite"
    try:
        with open(file, "w"):
            assert found(".") == [f"./{file}"]
    finally:
        # What removes temporary directories is recursive.
        os.remove(file)
        for level in reversed(levels):
            os.rmdir(level)
