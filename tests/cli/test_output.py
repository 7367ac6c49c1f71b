"""What goes where: standard output, files, standard error."""

from __future__ import annotations

import json
import os
import pathlib
import stat
import subprocess
import sys

import pytest

from tflint.cli.diagnostics import Failure
from tflint.cli.output import Output

CONCISE = ("--format", "concise", "--select", "O001")


def test_file_and_redirection_agree_byte_for_byte(models: pathlib.Path, tflint) -> None:
    for form in ("concise", "github", "sarif", "gitlab", "markdown"):
        arguments = ("--format", form, "--select", "O001", "flex.tflite")
        assert tflint(*arguments, "-o", "there").out == ""
        with open(models / "here", "wb") as file:
            assert tflint(*arguments, stdout=file).code == 1
        assert (models / "here").read_bytes() == (models / "there").read_bytes() != b""


def test_colour_is_asked_for_or_found_out(models: pathlib.Path, tflint) -> None:
    def escapes(*arguments: str, **env: str) -> bool:
        return "\x1b[" in tflint("flex.tflite", *arguments, env=env).out

    assert not escapes()
    assert escapes("--color", "always")
    assert escapes(FORCE_COLOR="1")
    assert not escapes(FORCE_COLOR="1", NO_COLOR="1")
    assert not escapes("--color=never", FORCE_COLOR="1")
    assert escapes("--color=always", NO_COLOR="1")
    assert "\x1b[" in tflint("--color=always", "nix").err


def test_report_replaces_a_file_in_one_step(models: pathlib.Path, tflint) -> None:
    report = models / "report.txt"
    report.write_text("old")
    report.chmod(0o640)
    (models / "link.txt").symlink_to("report.txt")
    before = report.stat().st_ino
    assert tflint(*CONCISE, "flex.tflite", "-o", "link.txt").code == 1
    assert (models / "link.txt").is_symlink()
    assert "O001" in report.read_text()
    assert report.stat().st_ino != before, "a reader of the old file keeps it whole"
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert sorted(os.listdir(models)) == ["clean.tflite", "flex.tflite", "link.txt", "report.txt"]


def test_report_is_left_alone_where_the_run_fails(models: pathlib.Path, tflint) -> None:
    (models / "report.txt").write_text("old")
    assert tflint("flex.tflite", "--baseline", "nix", "-o", "report.txt").code == 2
    assert (models / "report.txt").read_text() == "old"


def test_report_of_a_run_with_unread_paths_is_written(models: pathlib.Path, tflint) -> None:
    assert tflint("flex.tflite", "nix", "--format", "json", "-o", "report").code == 2
    assert json.loads((models / "report").read_text())["problems"]


def test_inputs_are_never_written_over(models: pathlib.Path, flex_model: bytes, tflint) -> None:
    (models / "link.tflite").symlink_to("flex.tflite")
    os.link(models / "flex.tflite", models / "hard.tflite")
    (models / "tflint.toml").write_text("baseline = 'base.json'")
    assert tflint("flex.tflite", "--write-baseline").code == 0
    for name in ("flex.tflite", "link.tflite", "hard.tflite", "./flex.tflite"):
        assert "it is an input of this run" in tflint("flex.tflite", "-o", name).err
    assert (models / "flex.tflite").read_bytes() == flex_model
    for name in ("tflint.toml", "base.json"):
        assert "it is an input of this run" in tflint("flex.tflite", "-o", name).err
    ran = tflint("flex.tflite", "--baseline", "flex.tflite", "--write-baseline")
    assert ran.code == 2
    assert (models / "flex.tflite").read_bytes() == flex_model


def test_new_baseline_and_report_are_two_files(models: pathlib.Path, tflint) -> None:
    ran = tflint("flex.tflite", "--baseline", "b.json", "--write-baseline", "-o", "b.json")
    assert ran.code == 2
    assert not (models / "b.json").exists()


def test_device_is_written_to_and_not_replaced(models: pathlib.Path, tflint) -> None:
    assert tflint(*CONCISE, "flex.tflite", "-o", "/dev/null").code == 1
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert "O001" in tflint(*CONCISE, "flex.tflite", "-o", "-").out


def test_failing_write_leaves_nothing_behind(
    folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    (folder / "report").write_text("old")
    monkeypatch.setattr(os, "replace", full)
    with (
        pytest.raises(Failure, match="cannot write report: no space left on device"),
        Output("report") as output,
    ):
        output.write("new")
    assert os.listdir(folder) == ["report"]
    assert (folder / "report").read_text() == "old"


def test_reader_that_stops_is_no_error(models: pathlib.Path, environment) -> None:
    """The exit code stays that of the result, whatever the reader does."""
    for arguments, code in ((["flex.tflite"], 1), (["rules"], 0), (["--version"], 0)):
        reading, writing = os.pipe()
        os.close(reading)
        ran = subprocess.run(
            [sys.executable, "-m", "tflint", *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
        os.close(writing)
        assert (ran.returncode, ran.stderr) == (code, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_full_device_is_an_error(models: pathlib.Path, tflint) -> None:
    with open("/dev/full", "wb") as full:
        ran = tflint("flex.tflite", stdout=full)
    assert ran.code == 2
    assert ran.err == ("tflint: error: cannot write standard output: no space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="closes a descriptor before the program starts")
def test_closed_standard_output_is_an_error(models: pathlib.Path, environment) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tflint", "flex.tflite"],
        preexec_fn=lambda: os.close(1),
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr == b"tflint: error: cannot write standard output: it is closed\n"


@pytest.mark.skipif(os.name == "nt", reason="names of files are not bytes there")
def test_utf8_in_every_locale(models: pathlib.Path, flex_model: bytes, tflint) -> None:
    (models / "modèle.tflite").write_bytes(flex_model)
    (models / os.fsdecode(b"caf\xe9.tflite")).write_bytes(flex_model)
    outputs = {
        tflint(*CONCISE, ".", env={"LC_ALL": locale, "PYTHONIOENCODING": encoding}).out
        for locale, encoding in (("C.UTF-8", ""), ("C", ""), ("POSIX", "ascii"))
    }
    (text,) = outputs
    assert "modèle.tflite" in text
    assert text.count("O001") == 3


def test_quiet_and_verbose(models: pathlib.Path, tflint) -> None:
    (models / "tflint.toml").write_text("")
    normal, quiet, verbose = (tflint("clean.tflite", *flag) for flag in ([], ["-q"], ["-v"]))
    assert "0 errors" in normal.out
    assert quiet.out == ""
    assert "0 errors" in verbose.out
    assert normal.err == quiet.err == ""
    assert verbose.err == "tflint: note: configuration from tflint.toml\n"
    assert "error   O001" in tflint("flex.tflite", "-q").out


def test_statistics(models: pathlib.Path, flex_model: bytes, tflint) -> None:
    (models / "other.tflite").write_bytes(flex_model)
    arguments = ("--statistics", "--select", "O001", ".")
    ran = tflint(*arguments)
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "2 error   O001 flex-op   in 2 models"
    assert ran.out.splitlines()[-1].startswith("3 models: 2 errors")
    document = json.loads(tflint(*arguments, "--format", "json").out)
    assert document["statistics"] == [
        {"code": "O001", "name": "flex-op", "severity": "error", "findings": 2, "models": 2}
    ]
    assert document["summary"]["findings"]["error"] == 2


def test_sarif_leaves_out_what_is_suppressed(models: pathlib.Path, tflint) -> None:
    # GitHub code scanning ignores suppressions and would open an alert for each.
    (models / "tflint.toml").write_text(
        '[[suppress]]\nrule = "O001"\nreason = "the application links Flex"\n'
    )
    ran = tflint("--select", "O001", "--format", "sarif", "flex.tflite")
    assert ran.code == 0
    assert json.loads(ran.out)["runs"][0]["results"] == []
