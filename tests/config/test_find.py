"""Which configuration file counts."""

from __future__ import annotations

import pathlib

import pytest

from tflint.config import ConfigError, load
from tflint.config.source import find

OURS = "[tool.tflint]\nfail-on = 'info'\n"


@pytest.mark.parametrize("name", ["tflint.toml", "pyproject.toml"])
def test_nearest_upwards(name: str, project: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "a" / "b").mkdir(parents=True)
    text = "fail-on = 'info'" if name == "tflint.toml" else OURS
    (project / name).write_text(text)
    monkeypatch.chdir(project / "a" / "b")
    assert find() == f"../../{name}"
    assert load().fail_on == "info"
    (project / "a" / "tflint.toml").write_text("fail-on = 'warning'")
    assert find() == "../tflint.toml"


def test_own_file_before_pyproject(project: pathlib.Path) -> None:
    (project / "pyproject.toml").write_text(OURS)
    (project / "tflint.toml").write_text("fail-on = 'warning'")
    assert load().fail_on == "warning"


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        "[tool]\ntflint.fail-on = 'info'\n",
        "[tool]\ntflint = { fail-on = 'info' }\n",
        "tool.tflint.fail-on = 'info'\n",
        "[ tool . 'tflint' ]\nfail-on = 'info'\n",
        '["tool"."tflint"]\nfail-on = "info"\n',
    ],
)
def test_every_way_to_write_the_table(text: str, project: pathlib.Path) -> None:
    (project / "pyproject.toml").write_text(text)
    assert load().fail_on == "info"


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nname = 'x'\n",
        "[project]\ndependencies = ['tflint']\n",
        "[project.optional-dependencies]\ntflint = ['tflint']\n",
        "[tool.other]\ntflint = true\n",
    ],
)
def test_pyproject_of_somebody_else_is_passed_over(
    text: str, project: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "tflint.toml").write_text("")
    (project / "sub").mkdir()
    (project / "sub" / "pyproject.toml").write_text(text)
    monkeypatch.chdir(project / "sub")
    assert find() == "../tflint.toml"


def test_broken_pyproject_that_may_be_ours_is_an_error(project: pathlib.Path) -> None:
    (project / "pyproject.toml").write_text("[tool.tflint]\nselect = [\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml:2: not TOML"):
        load()


def test_first_path_counts_where_the_current_directory_has_none(
    project: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = project / "here", project / "there" / "models"
    here.mkdir()
    there.mkdir(parents=True)
    (project / "there" / "tflint.toml").write_text("fail-on = 'info'")
    monkeypatch.chdir(here)
    assert find(["-", str(there)]) is None
    assert find([str(there / "x.tflite")]) == "../there/tflint.toml"
    assert find([str(there)]) == "../there/tflint.toml"
    (here / "tflint.toml").write_text("fail-on = 'warning'")
    assert load([str(there / "x.tflite")]).fail_on == "warning"


def test_named_file_in_place_of_the_search(project: pathlib.Path) -> None:
    (project / "tflint.toml").write_text("fail-on = 'info'")
    (project / "other.toml").write_text("fail-on = 'never'")
    assert load(file="other.toml").fail_on == "never"
    assert load(isolated=True).fail_on == "error"
    assert load(isolated=True).file is None


def test_named_pyproject_needs_the_table(project: pathlib.Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: no \[tool\.tflint\] table in it$"):
        load(file="pyproject.toml")


def test_file_that_cannot_be_read(project: pathlib.Path) -> None:
    with pytest.raises(ConfigError, match=r"^nix\.toml: cannot be opened: no such file"):
        load(file="nix.toml")
    (project / "d.toml").mkdir()
    with pytest.raises(ConfigError, match=r"^d\.toml: cannot be opened: is a directory"):
        load(file="d.toml")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"select = [\n", "tflint.toml:1: not TOML: "),
        (b"\n\nselect == 1\n", "tflint.toml:3: not TOML: "),
        (b"# caf\xe9\n", "tflint.toml:1: not UTF-8: byte 5"),
        (b"a = " + b"[" * 5000, "tflint.toml"),
        (b"jobs = " + b"9" * 5000, "tflint.toml"),
    ],
)
def test_file_that_is_not_toml(content: bytes, problem: str, project: pathlib.Path) -> None:
    (project / "tflint.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load()
    (message,) = caught.value.problems
    assert message.startswith(problem)


def test_byte_order_mark_is_no_error(project: pathlib.Path) -> None:
    (project / "tflint.toml").write_bytes(b"\xef\xbb\xbffail-on = 'info'\n")
    assert load().fail_on == "info"
