"""Accepting findings: `--baseline`, `--write-baseline`."""

from __future__ import annotations

import json
import pathlib

from tflint.sketch import build

TWO = """
model
  subgraph "main"
    input x [1,4] FLOAT32
    t [1,4] FLOAT32 = FlexTan(x)
    y [1,4] FLOAT32 = FlexErf(t)
    output y
"""
ARGUMENTS = ("--select", "O001", "--baseline", "base.json", "flex.tflite")


def test_accepted_findings_do_not_count_and_new_ones_do(models: pathlib.Path, tflint) -> None:
    ran = tflint(*ARGUMENTS, "--write-baseline")
    assert ran.code == 0
    assert ran.err == "tflint: note: wrote base.json: 1 finding more accepted\n"
    assert "1 suppressed" in ran.out
    assert tflint(*ARGUMENTS).code == 0
    (models / "flex.tflite").write_bytes(build(TWO))
    ran = tflint(*ARGUMENTS, "--format", "concise")
    assert ran.code == 1
    assert "FlexTan" in ran.out
    assert "FlexErf" not in ran.out
    ran = tflint(*ARGUMENTS, "--write-baseline", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    entries = json.loads((models / "base.json").read_text())["models"]["flex.tflite"]
    assert len(entries) == 2, "what was accepted before stays accepted"


def test_entries_that_answer_nothing_are_reported(
    models: pathlib.Path, clean_model: bytes, tflint
) -> None:
    tflint(*ARGUMENTS, "--write-baseline")
    (models / "flex.tflite").write_bytes(clean_model)
    document = json.loads(tflint(*ARGUMENTS, "--format", "json").out)
    assert [one["source"] for one in document["unused"]] == ["base.json"]


def test_file_that_is_no_baseline_is_never_written_over(models: pathlib.Path, tflint) -> None:
    (models / "base.json").write_text('{"precious": 1}')
    ran = tflint(*ARGUMENTS, "--write-baseline")
    assert (ran.code, "not a tflint baseline" in ran.err) == (2, True)
    assert (models / "base.json").read_text() == '{"precious": 1}'


def test_missing_baseline_says_how_to_make_it(models: pathlib.Path, tflint) -> None:
    ran = tflint(*ARGUMENTS)
    assert ran.code == 2
    assert ran.err == (
        "tflint: error: base.json: cannot be opened: no such file or directory\n"
        "  help: --baseline base.json --write-baseline makes it\n"
    )


def test_baseline_of_the_configuration_file(models: pathlib.Path, tflint) -> None:
    (models / "tflint.toml").write_text("baseline = 'base.json'\nselect = ['O001']\n")
    assert tflint("flex.tflite", "--write-baseline").code == 0
    assert tflint("flex.tflite").code == 0
    assert tflint("flex.tflite", "--isolated").code == 1
