"""What a person reads."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tflint.lint.finding import Finding
from tflint.lint.result import Facts, ModelResult, Result, Suppressed, Unused
from tflint.model.location import Location
from tflint.report.paint import columns

Draw = Callable[..., str]
Make = Callable[..., Finding]

FACTS = Facts(4_089_446, 64, 1, "full-integer int8", "2.5.0")
STYLE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")


def sin(make: Make, index: int = 41, **more: object) -> Finding:
    where = Location(0, index, op_name="SIN", name="head/Sin")
    return make("Q002", "computes in FLOAT32 between INT8 tensors", where, index, **more)


def one(*findings: Finding, **more: object) -> Result:
    return Result((ModelResult("a.tflite", FACTS, findings),), seconds=0.0581, **more)


def test_a_finding(draw: Draw, make: Make) -> None:
    assert draw(one(sin(make, confidence="low")), "text") == (
        "a.tflite\n"
        '  error   Q002 float-op-in-int8-model   subgraph[0].op[41] SIN "head/Sin"\n'
        "          computes in FLOAT32 between INT8 tensors (low confidence)\n"
        "          why   consequence of Q002\n"
        "          fix   remedy of Q002\n"
        "\n"
        "1 model, 64 operators, 3.9 MiB, full-integer int8, loads on runtime 2.5+\n"
        "1 error, 0 warnings" + " " * 56 + "58 ms\n"
    )


def test_a_clean_model(draw: Draw) -> None:
    assert draw(one(), "text") == (
        "a.tflite  clean\n"
        "1 model, 64 operators, 3.9 MiB, full-integer int8, loads on runtime 2.5+\n"
        "0 errors, 0 warnings" + " " * 55 + "58 ms\n"
    )


def test_clean_models_are_counted(draw: Draw) -> None:
    clean = ModelResult("a.tflite", FACTS, ())
    result = Result((clean,) * 12, seconds=0.3)
    assert draw(result, "text").splitlines()[0] == "12 models: 12 clean; 768 operators, 46.8 MiB"
    assert draw(result, "text", verbosity=1).count("a.tflite  clean") == 12
    assert draw(result, "text", verbosity=-1) == ""


def test_hidden_and_suppressed_are_counted(draw: Draw, make: Make) -> None:
    note = make("P001", "two buffers", Location(buffer=3), 3)
    model = ModelResult("a.tflite", FACTS, (note,), (Suppressed(sin(make), "known"),))
    text = draw(Result((model,), min_severity="warning"), "text")
    assert "P001" not in text
    assert "clean" not in text
    assert "0 errors, 0 warnings (1 hidden below --min-severity warning, 1 suppressed)" in text
    assert "known" not in text
    assert "          why   known\n" in draw(Result((model,)), "text", verbosity=1)


def test_the_same_finding_at_many_places_is_told_once(draw: Draw, make: Make) -> None:
    result = one(*(sin(make, index) for index in range(200)))
    text = draw(result, "text")
    assert len(text.splitlines()) == 14
    assert text.count("computes in FLOAT32") == text.count("why ") == 1
    assert "200 operators\n" in text
    assert "and 195 more (-v lists all): op[5], op[6], " in text
    assert "200 errors" in text
    whole = draw(result, "text", verbosity=1)
    assert all(f"op[{index}] SIN" in whole for index in range(200))


def test_messages_that_differ_stand_at_their_places(draw: Draw, make: Make) -> None:
    places = [Location(0, index, op_name=f"Flex{index}") for index in range(2)]
    text = draw(
        one(*(make("O001", f"Flex{n} needs Flex", place, n) for n, place in enumerate(places))),
        "text",
    )
    assert (
        "          at    subgraph[0].op[0] Flex0\n"
        "                Flex0 needs Flex\n"
        "          at    subgraph[0].op[1] Flex1\n"
        "                Flex1 needs Flex\n"
        "          why   consequence of O001\n"
    ) in text


def test_different_remedies_are_not_merged(draw: Draw, make: Make) -> None:
    text = draw(one(sin(make, 1), sin(make, 2, fix="another one")), "text")
    assert text.count("computes in FLOAT32") == 2
    assert "fix   another one" in text


def test_a_damaged_file(draw: Draw, make: Make) -> None:
    where = Location(offset=40184, path="subgraphs[0].tensors[7].quantization.scale")
    found = make("F002", "vector of 16 FLOAT32 ends at byte 40248", where, 1, why=None, fix=None)
    assert draw(Result((ModelResult("cut.tflite", None, (found,)),)), "text") == (
        "cut.tflite\n"
        "  error   F002 corrupt-flatbuffer   byte 40184\n"
        "          subgraphs[0].tensors[7].quantization.scale\n"
        "          vector of 16 FLOAT32 ends at byte 40248\n"
        "\n"
        "1 file, not readable as a model\n"
        "1 error, 0 warnings" + " " * 57 + "0 ms\n"
    )


def test_unused_suppressions_are_named(draw: Draw) -> None:
    unused = tuple(Unused("base.json", f"O00{n} head") for n in range(7))
    text = draw(one(unused=unused), "text")
    assert "unused  base.json: O000 head\n        base.json: O001 head\n" in text
    assert "        and 2 more (-v lists all)\n" in text
    assert "O006" in draw(one(unused=unused), "text", verbosity=1)


@pytest.mark.parametrize("width", [50, 80, 100, 160, 240])
@pytest.mark.parametrize("verbosity", [0, 1])
def test_no_line_is_wider_than_the_terminal(
    hard: Result, draw: Draw, width: int, verbosity: int
) -> None:
    lines = draw(hard, "text", width=width, verbosity=verbosity).splitlines()
    # A model's path is the one thing that is never cut.
    paths = [line for line in lines if columns(line) > width]
    assert all(line.startswith("./odd dir/") for line in paths)


@pytest.mark.parametrize("form", ["text", "concise"])
@pytest.mark.parametrize("verbosity", [-1, 0, 1])
def test_colour_adds_nothing_but_style(hard: Result, draw: Draw, form: str, verbosity: int) -> None:
    plain = draw(hard, form, verbosity=verbosity)
    styled = draw(hard, form, verbosity=verbosity, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror" in styled
    assert STYLE.sub("", styled) == plain


def test_references_are_links(hard: Result, draw: Draw) -> None:
    styled = draw(hard, "text", verbosity=1, color=True)
    assert "\x1b]8;;https://github.com/tensorflow/tensorflow/issues/40157\x1b\\" in styled
    assert "google-ai-edge/LiteRT tflite/core/verifier.cc @ f67457790c9c" in styled


def test_long_names_do_not_fill_the_screen(draw: Draw, make: Make) -> None:
    name = "n" * 1_000_000
    found = make("O001", f"{name} is custom", Location(0, 1, op_name=name, name=name), 1)
    assert len(draw(one(found), "text").splitlines()) < 50
    assert len(draw(one(found), "concise")) < 3_000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0581, "58 ms"), (0.9994, "999 ms"), (0.9996, "1.0 s"), (99.0, "99.0 s"), (126, "2.1 min")],
)
def test_time_is_at_the_edge(draw: Draw, seconds: float, text: str) -> None:
    last = draw(one()._replace(seconds=seconds), "text").splitlines()[-1]
    assert last.endswith(f"  {text}")
    assert len(last) == 80


def test_concise_lines(draw: Draw, make: Make) -> None:
    found = make("O001", "FlexErf needs Flex", Location(0, 3, op_name="FlexErf"), 1)
    assert draw(one(sin(make), found), "concise") == (
        "a.tflite:subgraph[0].op[41]: error Q002 float-op-in-int8-model: "
        "SIN computes in FLOAT32 between INT8 tensors\n"
        "a.tflite:subgraph[0].op[3]: error O001 flex-op: FlexErf needs Flex\n"
    )
