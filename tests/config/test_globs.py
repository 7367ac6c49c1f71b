"""Globs of `[[overrides]]` and `[[suppress]]`."""

from __future__ import annotations

import pathlib

import pytest

from tflint.config.globs import matches


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*", "a.tflite", True),
        ("*", "-", True),
        ("-", "-", True),
        ("a*.tflite", "sub/deep/ab.tflite", True),
        ("a*.tflite", "a/b.tflite", False),
        ("*.TFLITE", "a.tflite", False),
        ("models/*", "models/a.tflite", True),
        ("models/*", "models/deep/a.tflite", True),
        ("models/*", "other/models/a.tflite", False),
        ("./models/*", "models/a.tflite", True),
        ("models/*", "./models/../models/a.tflite", True),
        ("**/a.tflite", "a.tflite", True),
        ("**/a.tflite", "x/y/a.tflite", True),
        ("x/**/a.tflite", "x/a.tflite", True),
        ("x/**/a.tflite", "x/y/a.tflite", True),
        ("x/**", "x/a.tflite", True),
        ("../other/*", "../other/a.tflite", True),
        ("*.task", "b.task::detector.tflite", True),
        ("*.task::det*", "b.task::detector.tflite", True),
        ("*.task::det*", "b.task::landmarks.tflite", False),
        ("*.task::*", "b.task", False),
        ("*::*", "sub/b.task::inner.task::x.tflite", True),
    ],
)
def test_matches(pattern: str, path: str, expected: bool, project: pathlib.Path) -> None:
    assert matches(pattern, path, str(project)) is expected


def test_paths_count_from_the_file_not_from_the_current_directory(
    project: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "models").mkdir()
    monkeypatch.chdir(project / "models")
    assert matches("models/*", "a.tflite", str(project))
    assert matches("models/*", str(project / "models" / "a.tflite"), str(project))
