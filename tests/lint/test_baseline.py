"""Baselines: what is held, what is new, and what matched nothing."""

from __future__ import annotations

import json

import pytest

from tflint.lint import baseline
from tflint.lint.finding import Finding
from tflint.lint.fingerprint import with_fingerprints
from tflint.lint.result import ModelResult, Result, Suppressed
from tflint.model import Location


def result(path, *names: str) -> Result:
    found = with_fingerprints(
        [
            Finding("Q002", f"finding {name}", Location(0, 1, name=name), severity="error")
            for name in names
        ]
    )
    return Result((ModelResult(str(path), None, found),))


def write(path, document) -> str:
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def test_old_findings_are_suppressed_new_ones_stay_and_idle_entries_are_told(tmp_path):
    model, file = tmp_path / "m.tflite", tmp_path / "base.json"
    file.write_text(baseline.render(result(model, "old", "gone"), str(file)))
    after = baseline.apply(result(model, "old", "new"), baseline.read(str(file)))
    assert [finding.message for finding in after.findings] == ["finding new"]
    assert [item.finding.message for item in after.models[0].suppressed] == ["finding old"]
    assert [item.reason for item in after.models[0].suppressed] == ["baseline"]
    assert len(after.unused) == 1
    assert "Q002" in after.unused[0].what


def test_paths_are_relative_to_the_baseline(tmp_path, monkeypatch):
    file = tmp_path / "ci" / "base.json"
    file.parent.mkdir()
    file.write_text(baseline.render(result(tmp_path / "models/m.tflite", "a"), str(file)))
    assert list(json.loads(file.read_text())["models"]) == ["../models/m.tflite"]
    monkeypatch.chdir(tmp_path)
    after = baseline.apply(result("models/m.tflite", "a"), baseline.read("ci/base.json"))
    assert after.findings == ()


def test_models_outside_the_run_are_left_alone(tmp_path):
    file = tmp_path / "base.json"
    both = Result(
        (*result(tmp_path / "a.tflite", "x").models, *result(tmp_path / "b.tflite", "y").models)
    )
    file.write_text(baseline.render(both, str(file)))
    after = baseline.apply(result(tmp_path / "a.tflite", "x"), baseline.read(str(file)))
    assert after.unused == ()


def test_writing_for_some_models_keeps_the_entries_of_the_others(tmp_path):
    first, second = result(tmp_path / "a.tflite", "x"), result(tmp_path / "b.tflite", "y")
    file = tmp_path / "base.json"
    file.write_text(baseline.render(Result(first.models + second.models), str(file)))
    present = baseline.read(str(file))
    again = baseline.render(baseline.apply(first, present), str(file), present)
    assert sorted(json.loads(again)["models"]) == ["a.tflite", "b.tflite"]


def test_writing_again_keeps_what_the_baseline_held_and_leaves_out_reasoned_suppressions(tmp_path):
    model, file = tmp_path / "m.tflite", tmp_path / "base.json"
    file.write_text(baseline.render(result(model, "old"), str(file)))
    after = baseline.apply(result(model, "old", "new"), baseline.read(str(file)))
    only = after.models[0]
    (reasoned,) = result(model, "reasoned").findings
    after = after._replace(
        models=(only._replace(suppressed=(*only.suppressed, Suppressed(reasoned, "why not"))),)
    )
    document = json.loads(baseline.render(after, str(file)))
    messages = [entry["message"] for entry in document["models"]["m.tflite"]]
    assert sorted(messages) == ["finding new", "finding old"]


def test_a_finding_of_another_rule_with_the_same_fingerprint_is_not_held(tmp_path):
    model, file = tmp_path / "m.tflite", tmp_path / "base.json"
    file.write_text(baseline.render(result(model, "old"), str(file)))
    document = json.loads(file.read_text())
    document["models"]["m.tflite"][0]["code"] = "Q003"
    write(file, document)
    assert len(baseline.apply(result(model, "old"), baseline.read(str(file))).findings) == 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ([], "no `version`"),
        ({"version": 2, "models": {}}, "baseline version 2, this tflint reads 1"),
        ({"version": 1}, "no `models`"),
        ({"version": 1, "models": {"a": 3}}, "not a list"),
        ({"version": 1, "models": {"a": [{"code": "Q002"}]}}, "lacks `code` or `fingerprint`"),
    ],
)
def test_what_is_not_a_baseline_is_refused(tmp_path, document, message):
    with pytest.raises(baseline.BaselineError, match=message):
        baseline.read(write(tmp_path / "base.json", document))
