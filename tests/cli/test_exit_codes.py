"""Every way a run can end, and the exit code it has."""

from __future__ import annotations

import json
import os
import pathlib

import pytest

from tflint.cli.diagnostics import EXIT_CODES


def test_findings_decide(models: pathlib.Path, tflint) -> None:
    assert tflint("clean.tflite").code == 0
    assert tflint("flex.tflite").code == 1
    assert tflint("clean.tflite", "flex.tflite").code == 1
    assert tflint("flex.tflite", "--fail-on", "never").code == 0
    assert tflint("flex.tflite", "--ignore", "O001").code == 0
    # What is not shown still counts.
    assert tflint("--select", "M001", "--fail-on", "info", "flex.tflite").code == 1
    hidden = tflint("--select", "M001", "--fail-on=info", "--min-severity=error", "flex.tflite")
    assert hidden.code == 1
    assert "M001" not in hidden.out


def test_check_is_the_default_command(models: pathlib.Path, tflint) -> None:
    def without_time(text: str) -> list[str]:
        return [line.rpartition("   ")[0] or line for line in text.splitlines()]

    short, long = tflint("flex.tflite"), tflint("check", "flex.tflite")
    assert without_time(short.out) == without_time(long.out)
    assert short.code == long.code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no path given"),
        (["nix.tflite"], "nix.tflite: no such file or directory"),
        (["flx.tflite"], "flx.tflite: no such file or directory; did you mean flex.tflite"),
        (["*.lite"], "*.lite: the pattern matches no file"),
        (["explian"], "explian: no such file or directory; did you mean the command `explain`?"),
        (["--fromat", "json", "flex.tflite"], "no option --fromat; did you mean `--format`?"),
        (["--formt=json", "flex.tflite"], "no option --formt; did you mean `--format`?"),
        (["-x", "flex.tflite"], "no option -x"),
        (["--format"], "--format: no value; it takes FORMAT"),
        (["--format", "jsn", "flex.tflite"], "got `jsn`; did you mean `json`?"),
        (["--select", "flex-opp", "flex.tflite"], "--select: no rule `flex-opp`; did you mean"),
        (["--ignore", "Z1", "flex.tflite"], "--ignore: no rule `Z1`"),
        (["--fail-on", "warn", "flex.tflite"], "got `warn`; did you mean `warning`?"),
        (["--profile", "nix", "flex.tflite"], "--profile: expected "),
        (["--target", "gpu", "flex.tflite"], "--target: no target `gpu`"),
        (["--target", "runtime", "flex.tflite"], "expected runtime:VERSION, such as runtime:2.14"),
        (["-j", "two", "flex.tflite"], "--jobs: expected an integer, got `two`"),
        (["-j", "-1", "flex.tflite"], "--jobs: expected "),
        (["--quiet=yes", "flex.tflite"], "--quiet takes no value, got `yes`"),
        (["--config", "nix.toml", "flex.tflite"], "nix.toml: cannot be opened"),
        (["--config", "x", "--isolated", "flex.tflite"], "--config and --isolated exclude each"),
        (["--baseline", "nix.json", "flex.tflite"], "nix.json: cannot be opened"),
        (["--baseline", "flex.tflite", "flex.tflite"], "flex.tflite: not JSON"),
        (["--write-baseline", "flex.tflite"], "--write-baseline: no --baseline FILE"),
        (["--statistics", "--format", "sarif", "flex.tflite"], "--statistics: no form for"),
        (["-o", "flex.tflite", "flex.tflite"], "cannot write flex.tflite: it is an input"),
        (["-o", "nix/report", "flex.tflite"], "cannot write nix/report: no such file"),
        (["-o", ".", "flex.tflite"], "cannot write .: is a directory"),
        (["rules", "flex.tflite"], "rules takes no path or name"),
        (["rules", "--family", "quantisation"], "did you mean `quantization`?"),
        (["rules", "--no-data"], "no option --no-data"),
        (["explain"], "no rule given"),
        (["explain", "O0001"], "no rule `O0001`; did you mean `O001`?"),
        (["explain", "O"], "expected the code or name of one rule; `O` selects"),
        (["completion"], "completion takes one shell: bash, zsh, fish"),
        (["completion", "bsh"], "no completion for `bsh`; did you mean `bash`?"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, models: pathlib.Path, tflint) -> None:
    ran = tflint(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("tflint: error: ")
    assert message in ran.err


def test_wrong_configuration(models: pathlib.Path, tflint) -> None:
    (models / "tflint.toml").write_text("selct = []\n\njobs = 'x'\n")
    ran = tflint("clean.tflite")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "tflint: error: tflint.toml:1: no option `selct`; did you mean `select`?\n"
        "tflint: error: tflint.toml:3: `jobs`: expected an integer, got a string\n"
    )
    assert tflint("--isolated", "clean.tflite").code == 0


def test_path_that_cannot_be_opened_counts_before_findings(models: pathlib.Path, tflint) -> None:
    ran = tflint("flex.tflite", "nix.tflite", "clean.tflite")
    assert ran.code == 2
    assert "O001" in ran.out, "the others are linted all the same"
    assert "nix.tflite: no such file or directory" in ran.err
    document = json.loads(tflint("flex.tflite", "nix.tflite", "--format", "json").out)
    assert [problem["path"] for problem in document["problems"]] == ["nix.tflite"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(models: pathlib.Path, tflint) -> None:
    (models / "flex.tflite").chmod(0)
    ran = tflint("flex.tflite")
    assert ran.code == 2
    assert "flex.tflite: permission denied" in ran.err.lower()


def test_device_is_not_a_file(tflint) -> None:
    ran = tflint("/dev/null")
    assert ran.code == 2
    assert "/dev/null: a device or socket, not a file" in ran.err


def test_directory_without_models_is_no_error(models: pathlib.Path, tflint) -> None:
    (models / "empty").mkdir()
    ran = tflint("empty")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("tflint: warning: empty: no .tflite")
    assert tflint("-q", "empty").err == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"<!doctype html><html>", "HTML"), (b"\0" * 64, "zero")],
)
def test_what_is_no_model_is_a_finding(
    content: bytes, says: str, models: pathlib.Path, tflint
) -> None:
    (models / "x.tflite").write_bytes(content)
    ran = tflint("x.tflite")
    assert (ran.code, ran.err) == (1, "")
    assert "F001" in ran.out
    assert says in ran.out


def test_directory_called_like_a_model_is_a_finding(models: pathlib.Path, tflint) -> None:
    (models / "x.tflite").mkdir()
    ran = tflint("x.tflite")
    assert (ran.code, "F001" in ran.out) == (1, True)


def test_file_called_like_a_command(models: pathlib.Path, flex_model: bytes, tflint) -> None:
    (models / "rules").write_bytes(flex_model)
    assert "O001 flex-op" in tflint("./rules").out
    assert "O001 flex-op" in tflint("--", "rules").out
    assert "needs the Select TF ops" in tflint("rules").out


def test_standard_input(models: pathlib.Path, flex_model: bytes, tflint) -> None:
    with open(models / "flex.tflite", "rb") as file:
        mapped = tflint("-", stdin=file)
    piped = tflint("-", stdin=None, input=flex_model)
    assert mapped.code == piped.code == 1
    assert "O001" in mapped.out
    assert "O001" in piped.out


#: A tflint with a bug in its heart.
BROKEN = """
import sys, tflint.lint.run as run
def fail(*args, **kwargs): raise KeyError('one\\ntwo')
run.lint_paths = fail
from tflint.cli.main import main
sys.exit(main())
"""


def test_internal_error_is_one_line(models: pathlib.Path, python) -> None:
    ran = python("-c", BROKEN, "flex.tflite")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err == (
        "tflint: error: internal error: KeyError: 'one\\ntwo'\n"
        "  help: this is a bug: run again with --debug and report what it prints\n"
    )


def test_internal_error_has_a_traceback_on_demand(models: pathlib.Path, python) -> None:
    for told in (
        python("-c", BROKEN, "flex.tflite", "--debug"),
        python("-c", BROKEN, "flex.tflite", env={"TFLINT_DEBUG": "1"}),
    ):
        assert told.code == 70
        assert "Traceback" in told.err
        assert "in fail" in told.err


def test_exit_codes_are_in_the_help(tflint) -> None:
    text = tflint("--help").out
    for code, meaning in EXIT_CODES:
        assert f"{code:>3}  {meaning[:40]}" in text
