"""What decides what, from the command line's side; and `--show-settings`."""

from __future__ import annotations

import pathlib
import tomllib

import pytest

from tflint.config import load


@pytest.fixture
def config(models: pathlib.Path) -> pathlib.Path:
    path = models / "tflint.toml"
    path.write_text(
        "ignore = ['O001']\nformat = 'concise'\nfail-on = 'never'\n"
        "targets = ['runtime:2.14']\n\n[severity]\nM001 = 'error'\n"
        "\n[[overrides]]\nmodels = ['flex*']\nextend-select = ['O001']\nseverity.O = 'warning'\n"
        '\n[[suppress]]\nrule = "O001"\nmodel = "old/*"\nreason = "say \\"why\\" \\\\ é"\n'
    )
    return path


def test_command_line_is_stronger_than_the_file(config: pathlib.Path, tflint) -> None:
    ran = tflint("flex.tflite")
    assert ran.code == 0
    assert "flex.tflite:subgraph[0].op[0]: warning O001 flex-op" in ran.out
    assert "error M001" in ran.out
    assert tflint("flex.tflite", "--fail-on", "warning").code == 1
    assert "O001" not in tflint("flex.tflite", "--ignore", "O001").out
    assert "error   M001" in tflint("flex.tflite", "--format", "text").out
    assert tflint("flex.tflite", "--isolated").code == 1


def test_lists_are_separated_by_commas_or_repeated(models: pathlib.Path, tflint) -> None:
    for arguments in (
        ["--select", "O001,missing-signature"],
        ["--select", "O001", "--select=missing-signature"],
        ["--select", "missing-signature", "--extend-select", "operators"],
    ):
        out = tflint(*arguments, "flex.tflite", "--format", "concise").out
        assert [line.split()[2] for line in out.splitlines()] == ["O001", "M001"]


def test_options_and_paths_in_any_order(models: pathlib.Path, tflint) -> None:
    expected = tflint("--format=concise", "flex.tflite", "clean.tflite").out
    assert expected
    for arguments in (
        ["flex.tflite", "--format", "concise", "clean.tflite"],
        ["--format", "concise", "check", "flex.tflite", "--", "clean.tflite"],
        ["flex.tflite", "clean.tflite", "flex.tflite", "--format=concise"],
    ):
        assert tflint(*arguments).out == expected


def test_settings_are_a_configuration_file(config: pathlib.Path, tflint) -> None:
    """Read back, they give the plans that were in force."""
    arguments = ("--extend-ignore", "P001", "--no-data", "-j", "3", "--profile", "default")
    ran = tflint("--show-settings", *arguments)
    assert (ran.code, ran.err) == (0, "")
    table = tomllib.loads(ran.out)
    assert table["fail-on"] == "never"
    assert (table["data"], table["jobs"]) == (False, 3)
    assert table["suppress"][0]["reason"] == 'say "why" \\ é'

    given = {"extend-ignore": ["P001"], "data": False, "jobs": 3}
    before = load(given=given)
    config.write_text(ran.out, encoding="utf-8")
    after = load()
    for path in ("clean.tflite", "flex.tflite"):
        assert after.plan(path)[:3] == before.plan(path)[:3]
    assert [one.reason for one in after.plan("old/x.tflite").suppressions] == ['say "why" \\ é']
    assert (after.format, after.fail_on, after.jobs) == ("concise", "never", 3)


def test_settings_say_where_from(config: pathlib.Path, tflint) -> None:
    lines = tflint("--show-settings", "--min-severity", "warning").out.splitlines()
    assert lines[0].endswith("configuration file: tflint.toml")
    assert 'format = "concise"  # tflint.toml' in lines
    assert 'min-severity = "warning"  # command line' in lines
    assert "jobs = 1  # default" in lines
    assert "[severity]  # tflint.toml" in lines
    isolated = tflint("--show-settings", "--isolated").out
    assert "configuration file: none" in isolated
    assert 'select = ["ALL"]' in isolated
