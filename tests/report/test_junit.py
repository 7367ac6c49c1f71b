"""JUnit XML, read by an XML parser."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from tflint.lint.result import Result

Draw = Callable[..., str]


@pytest.fixture
def suites(hard: Result, draw: Draw) -> ElementTree.Element:
    return ElementTree.fromstring(draw(hard, "junit").encode())


def test_counts_are_those_of_the_cases(suites: ElementTree.Element) -> None:
    total = dict.fromkeys(("tests", "failures", "errors"), 0)
    for suite in suites:
        for key, tag in (
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            number = len(list(suite.iter(tag)))
            assert suite.get(key) == str(number), (suite.get("name"), key)
            if key in total:
                total[key] += number
    assert total == {"tests": 53, "failures": 43, "errors": 1}
    assert {key: suites.get(key) for key in total} == {key: str(n) for key, n in total.items()}


def test_a_suite_for_each_model_and_path(suites: ElementTree.Element, hard: Result) -> None:
    assert len(suites) == len(hard.models) + len(hard.problems)
    (clean,) = suites[5]
    assert (clean.get("classname"), clean.get("name")) == (
        "/data/clean model.tflite",
        "no findings",
    )
    assert len(clean) == 0
    (unread,) = suites[6]
    assert unread[0].get("message") == "No such file or directory"


def test_a_failure_says_everything(suites: ElementTree.Element) -> None:
    case = suites[0][0]
    assert case.get("name") == "Q002 float-op-in-int8-model subgraph[0].op[41]"
    (failure,) = case
    assert failure.get("type") == "error"
    assert failure.text is not None
    assert failure.text.splitlines() == [
        'subgraph[0].op[41] SIN "head_0/Sin"',
        "computes in FLOAT32 between INT8 tensors; 1 of 64 operators, 0.3 % of MACs, adds "
        "DEQUANTIZE op[40] and QUANTIZE op[42]",
        'also subgraph[0].op[40] DEQUANTIZE "head/dq"',
        'also subgraph[0].op[42] QUANTIZE "head/q"',
        "why: SIN has no int8 kernel; TFLITE_BUILTINS_INT8 leaves it float without an error",
        "fix: replace it in the model (2 alternatives: tflint explain Q002)",
    ]


@pytest.mark.parametrize(
    ("fail_on", "failures"), [("never", 0), ("error", 43), ("warning", 48), ("info", 49)]
)
def test_what_fails_is_what_fails_the_run(
    hard: Result, draw: Draw, fail_on: str, failures: int
) -> None:
    suites = ElementTree.fromstring(draw(hard, "junit", fail_on=fail_on).encode())
    assert suites.get("failures") == str(failures)
    assert len(list(suites.iter("system-out"))) == 49 - failures


def test_suppressed_findings_are_skipped(suites: ElementTree.Element) -> None:
    reasons = [one.get("message") for one in suites.iter("skipped")]
    assert reasons == ["the app links the Flex delegate | see `#12`", "baseline"]


def test_text_stays_text(suites: ElementTree.Element) -> None:
    (case,) = [one for one in suites[1] if "O001" in (one.get("name") or "")]
    assert "<script>alert(1)</script>" in (case[0].get("message") or "")
    assert "]]>" in (case[0].text or "")
