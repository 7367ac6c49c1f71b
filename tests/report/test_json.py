"""The JSON formats and the published schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import tflint.report
from tflint.lint.finding import Finding
from tflint.lint.result import ModelResult, Result
from tflint.model.location import Location

Draw = Callable[..., str]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    path = Path(tflint.report.__file__).parent / "schema" / "result-1.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def strict(schema: Any) -> Any:
    """The schema with every object closed: a field that is not described is an error."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if closed.get("type") == "object":
        closed["unevaluatedProperties"] = False
    return closed


def load(text: str) -> Any:
    """Parses as the standard has it: NaN and Infinity are no JSON."""

    def refuse(token: str) -> None:
        raise AssertionError(token)

    return json.loads(text, parse_constant=refuse)


def test_schema_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_json_is_as_described(hard: Result, draw: Draw, schema: dict[str, Any]) -> None:
    document = load(draw(hard, "json"))
    jsonschema.Draft202012Validator(strict(schema)).validate(document)
    assert document["schema_version"] == "1.0"
    assert document["summary"]["findings"] == {"error": 43, "warning": 5, "info": 1}
    assert document["summary"]["suppressed"] == 2
    assert [len(model["findings"]) for model in document["models"]] == [41, 5, 1, 1, 1, 0]


def test_schema_refuses_what_is_not_a_result(
    hard: Result, draw: Draw, schema: dict[str, Any]
) -> None:
    validator = jsonschema.Draft202012Validator(strict(schema))
    for breakage in (
        lambda document: document.pop("schema_version"),
        lambda document: document["models"][0]["findings"][0].pop("why"),
        lambda document: document["models"][0]["findings"][0].update(severity="fatal"),
        lambda document: document["models"][0]["findings"][0]["location"].update(extra=1),
    ):
        document = load(draw(hard, "json"))
        breakage(document)
        assert not validator.is_valid(document)


def test_every_line_is_as_described(hard: Result, draw: Draw, schema: dict[str, Any]) -> None:
    line = strict(schema) | {"$ref": "#/$defs/line"}
    for key in ("type", "required", "properties", "unevaluatedProperties"):
        line.pop(key)
    validator = jsonschema.Draft202012Validator(line)
    lines = [load(one) for one in draw(hard, "jsonl").splitlines()]
    for one in lines:
        validator.validate(one)
    kinds = [one["type"] for one in lines]
    assert kinds == ["finding"] * 49 + ["problem", "summary"]
    assert not validator.is_valid({**lines[0], "extra": 1})


def test_names_come_back_as_they_are(hard: Result, draw: Draw, hostile: str) -> None:
    text = draw(hard, "json")
    assert text.isascii()
    document = load(text)
    assert document["models"][1]["path"] == hard.models[1].path
    location = document["models"][1]["findings"][0]["location"]
    assert location["name"] == location["op_name"] == hostile


def test_only_what_is_shown_is_listed(hard: Result, draw: Draw) -> None:
    document = load(draw(hard._replace(min_severity="error"), "json"))
    shown = [one for model in document["models"] for one in model["findings"]]
    assert {one["severity"] for one in shown} == {"error"}
    assert document["summary"]["hidden"] == 6


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_numbers_json_has_no_word_for(draw: Draw, form: str) -> None:
    result = Result((), seconds=float("nan"))
    last = load(draw(result, form).strip())
    assert (last.get("summary") or last)["seconds"] is None


def test_long_names_are_cut(draw: Draw, make: Callable[..., Finding]) -> None:
    """Ten thousand tensors may share one name of a megabyte."""
    name = "n" * 1_000_000
    found = make("O001", name, Location(0, 1, op_name=name, name=name), 1, measured=name)
    text = draw(Result((ModelResult("a.tflite", None, (found,)),)), "json")
    assert len(text) < 20_000
