"""Workflow commands, read back by the rules of the runner (ActionCommand.TryParseV2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tflint.lint.finding import Finding
from tflint.lint.result import Facts, ModelResult, Result
from tflint.model.location import Location

Draw = Callable[..., str]
Make = Callable[..., Finding]

FACTS = Facts(9_800, 12, 1, "float32", "1.14.0")


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def unescape(text: str, *, in_property: bool) -> str:
    pairs = [("%0D", "\r"), ("%0A", "\n")]
    pairs += [("%3A", ":"), ("%2C", ",")] if in_property else []
    for escape, char in [*pairs, ("%25", "%")]:
        text = text.replace(escape, char)
    return text


def parse(line: str) -> Command | None:
    """The command in a line of the log, or None for a line that is only logged."""
    line = line.lstrip()
    if not line.startswith("::"):
        assert "##[" not in line
        return None
    head, separator, data = line[2:].partition("::")
    assert separator, line
    name, _, settings = head.partition(" ")
    properties = {}
    for setting in settings.strip().split(","):
        key, _, value = setting.partition("=")
        properties[key.strip()] = unescape(value, in_property=True)
    return Command(name, properties, unescape(data, in_property=False))


def commands(text: str) -> list[Command]:
    return [command for line in text.splitlines() if (command := parse(line)) is not None]


def test_a_finding_comes_back_whole(draw: Draw, make: Make) -> None:
    where = Location(0, 3, op_name="SIN", name="a:b,c%0A=d")
    found = make("Q002", "50 % of 2::3", where, 1)
    text = draw(Result((ModelResult("./m,o:d%e=l.tflite", FACTS, (found,)),)), "github")
    assert commands(text) == [
        Command(
            "error",
            {"file": "m,o:d%e=l.tflite", "line": "1", "title": "Q002 float-op-in-int8-model"},
            'subgraph[0].op[3] SIN "a:b,c%0A=d"\n50 % of 2::3\n'
            "why: consequence of Q002\nfix: remedy of Q002",
        )
    ]
    assert text.splitlines()[-1] == "1 error, 0 warnings"


def test_hostile_names_make_no_command(hard: Result, draw: Draw) -> None:
    found = commands(draw(hard, "github"))
    assert {command.name for command in found} == {"error", "warning", "notice"}
    assert all(set(command.properties) <= {"file", "line", "title"} for command in found)
    assert len(found) == 11
    # `::error::x` is in the names of the second model, and stays in its place there.
    assert [command for command in found if command.data == "x"] == []


def test_most_severe_first_and_one_for_each_rule_of_a_model(hard: Result, draw: Draw) -> None:
    found = commands(draw(hard, "github"))
    names = [command.name for command in found]
    assert names == sorted(names, key=["error", "warning", "notice"].index)
    (islands,) = [one for one in found if "Q002" in one.properties.get("title", "")]
    assert islands.properties["title"] == "Q002 float-op-in-int8-model, 32 operators"
    assert "and 27 more: op[56], op[59]" in islands.data
    assert islands.data.count("computes in FLOAT32") == 1
    bundle = [one for one in found if one.properties.get("file") == "assets/face.task"]
    assert [one.data.splitlines()[0] for one in bundle] == [
        "face_detector.tflite",
        "face_landmarks.tflite",
    ]


def test_more_than_github_shows_begin_with_the_counts(draw: Draw, make: Make) -> None:
    found = make("H001", "dimension 0 is -1", Location(0, tensor=0, name="x"), 1)

    def models(number: int) -> Result:
        return Result(tuple(ModelResult(f"{n}.tflite", FACTS, (found,)) for n in range(number)))

    assert len(commands(draw(models(10), "github"))) == 10
    crowded = commands(draw(models(11), "github"))
    assert len(crowded) == 12
    assert crowded[0] == Command(
        "warning",
        {"title": "tflint"},
        "0 errors, 11 warnings\nGitHub shows 10 annotations of a kind; the log has them all",
    )
