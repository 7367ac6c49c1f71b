"""GitLab Code Quality."""

from __future__ import annotations

import json
from collections.abc import Callable

from tflint.lint.result import Result

Draw = Callable[..., str]


def test_every_issue_has_what_gitlab_needs(hard: Result, draw: Draw) -> None:
    issues = json.loads(draw(hard, "gitlab"))
    assert len(issues) == 49
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["location"]["lines"] == {"begin": 1}
        assert not issue["location"]["path"].startswith("./")
        assert issue["description"].startswith(issue["check_name"])
    assert {issue["severity"] for issue in issues} == {"critical", "major", "info"}


def test_fingerprints_are_unique_and_stable(hard: Result, draw: Draw) -> None:
    """GitLab shows one of several issues with the same fingerprint."""
    issues = json.loads(draw(hard, "gitlab"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    fewer = json.loads(draw(hard._replace(models=hard.models[2:]), "gitlab"))
    known = {issue["description"]: issue["fingerprint"] for issue in issues}
    assert all(known[issue["description"]] == issue["fingerprint"] for issue in fewer)


def test_the_place_is_in_the_description(hard: Result, draw: Draw) -> None:
    descriptions = [issue["description"] for issue in json.loads(draw(hard, "gitlab"))]
    assert (
        "D001 gpu-unsupported-op: face_detector.tflite subgraph[0].op[57] TOPK_V2 "
        '"post/TopK": gpu: operator not supported'
    ) in descriptions


def test_a_clean_run_is_an_empty_list(draw: Draw) -> None:
    assert json.loads(draw(Result(()), "gitlab")) == []
