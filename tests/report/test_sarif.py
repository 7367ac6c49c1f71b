"""SARIF against the schema of the standard and against what GitHub reads."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tflint.lint.registry import RuleInfo
from tflint.lint.result import ModelResult, Result
from tflint.report.paths import uri

Draw = Callable[..., str]


@pytest.fixture
def log(hard: Result, draw: Draw) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(draw(hard, "sarif", exit_code=2))
    return loaded


@pytest.fixture
def run(log: dict[str, Any]) -> dict[str, Any]:
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def objects(value: Any, key: str) -> Iterator[Any]:
    """Every value of `key` anywhere in `value`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from objects(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, key)


def test_log_is_valid(log: dict[str, Any], hard: Result, draw: Draw) -> None:
    path = Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json"
    validator = jsonschema.Draft4Validator(
        json.loads(path.read_text(encoding="utf-8")),
        format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER,
    )
    validator.validate(log)
    validator.validate(json.loads(draw(Result(()), "sarif")))
    validator.validate(json.loads(draw(hard, "sarif", rules={}, page=None)))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(log)


def test_regions_say_where_they_begin(log: dict[str, Any]) -> None:
    """Errata 01; and GitHub drops results without a line."""
    regions = list(objects(log, "region"))
    assert len(regions) > 50
    assert all(region["startLine"] == 1 for region in regions)
    assert [region["byteOffset"] for region in regions if "byteOffset" in region] == [40184]


def test_rules_are_all_listed_with_help(run: dict[str, Any], rules: dict[str, RuleInfo]) -> None:
    listed = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in listed] == list(rules)
    for rule in listed:
        info = rules[rule["id"]]
        assert f"Fix: {info.fix}" in rule["help"]["text"]
        assert f"The page of {info.code}" in rule["help"]["markdown"]
        assert info.family in rule["properties"]["tags"]
        assert "helpUri" not in rule
    by_code = {rule["id"]: rule for rule in listed}
    assert by_code["P001"]["defaultConfiguration"]["level"] == "note"
    assert by_code["H001"]["properties"]["precision"] == "medium"
    assert by_code["F002"]["properties"]["security-severity"] == "7.5"
    assert "security" in by_code["F002"]["properties"]["tags"]
    assert "security" in by_code["S016"]["properties"]["tags"]
    assert "security" not in by_code["O001"]["properties"]["tags"]
    link = "[tensorflow/tensorflow#40157](https://github.com/tensorflow/tensorflow/issues/40157)"
    assert link in by_code["O001"]["help"]["markdown"]


def test_results_point_at_their_rule(run: dict[str, Any]) -> None:
    listed = run["tool"]["driver"]["rules"]
    assert all(listed[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])


def test_places(run: dict[str, Any]) -> None:
    first = run["results"][0]
    (location,) = first["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {
        "uri": "models/detector_int8.tflite",
        "uriBaseId": "%SRCROOT%",
    }
    assert location["logicalLocations"] == [
        {"fullyQualifiedName": "subgraph[0].op[41]", "kind": "operator", "name": "head_0/Sin"}
    ]
    assert [one["id"] for one in first["relatedLocations"]] == [1, 2]
    (member,) = [one for one in run["results"] if "face_detector" in json.dumps(one)]
    place = member["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "assets/face.task"
    name = place["logicalLocations"][0]["fullyQualifiedName"]
    assert name == "face_detector.tflite::subgraph[0].op[57]"


def test_fingerprints_tell_results_of_a_file_apart(run: dict[str, Any]) -> None:
    """GitHub's alerts: rule, file and primaryLocationLineHash."""
    alerts = [
        (
            one["ruleId"],
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            one["partialFingerprints"]["primaryLocationLineHash"],
        )
        for one in run["results"]
    ]
    assert len(alerts) == len(set(alerts)) == 51
    first = run["results"][0]["partialFingerprints"]
    assert first["tflint/v1"] == "0" * 16
    assert first["primaryLocationLineHash"] == f"{'0' * 16}:1"


def test_suppressed_results_say_why(run: dict[str, Any], hard: Result, draw: Draw) -> None:
    answers = [one["suppressions"] for one in run["results"] if one["suppressions"]]
    assert [answer[0]["justification"] for answer in answers] == [
        "the app links the Flex delegate | see `#12`",
        "baseline",
    ]
    assert {answer[0]["kind"] for answer in answers} == {"external"}
    without = json.loads(draw(hard, "sarif", suppressed=False))["runs"][0]["results"]
    assert len(without) == len(run["results"]) - 2


def test_invocation(run: dict[str, Any], hard: Result, draw: Draw) -> None:
    (invocation,) = run["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (2, False)
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "gone/<b>.tflite: No such file or directory"
    fine = json.loads(draw(hard._replace(problems=()), "sarif", exit_code=1))
    (invocation,) = fine["runs"][0]["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (1, True)


def test_every_model_is_an_artifact_once(run: dict[str, Any]) -> None:
    names = [one["location"]["uri"] for one in run["artifacts"]]
    assert len(names) == 5
    assert names.count("assets/face.task") == 1
    assert "file:///data/clean%20model.tflite" in names


def test_messages_hold_no_link_and_no_placeholder(run: dict[str, Any]) -> None:
    texts = [one["message"]["text"] for one in run["results"]]
    (text,) = [one for one in texts if "evil.example" in one and "Select TF" in one]
    assert "](" not in text
    assert "{{0}}" in text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.tflite", ("a/b.tflite", True)),
        ("./a.tflite", ("a.tflite", True)),
        (".//a.tflite", ("a.tflite", True)),
        ("../a.tflite", ("../a.tflite", True)),
        ("a b%#?:;é.tflite", ("a%20b%25%23%3F%3A%3B%C3%A9.tflite", True)),
        ("/abs/a b.tflite", ("file:///abs/a%20b.tflite", False)),
        ("new\nline", ("new%0Aline", True)),
        (os.fsdecode(b"\xff.tflite"), ("%FF.tflite", True)),
    ],
)
@pytest.mark.skipif(os.sep != "/", reason="paths as POSIX has them")
def test_uri(path: str, expected: tuple[str, bool]) -> None:
    assert uri(path) == expected


def test_a_rule_that_is_not_in_the_book(hard: Result, draw: Draw) -> None:
    model = ModelResult("a.tflite", None, hard.models[0].findings[:1])
    (result,) = json.loads(draw(Result((model,)), "sarif", rules={}))["runs"][0]["results"]
    assert result["ruleId"] == "Q002"
    assert "ruleIndex" not in result
