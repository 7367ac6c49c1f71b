"""Selecting rules by code, prefix, name and family."""

from __future__ import annotations

import pytest

from tflint.lint.registry import RuleInfo
from tflint.lint.select import SelectionError, select


def info(code: str, name: str, family: str) -> RuleInfo:
    return RuleInfo(
        code, name, family, "", "warning", "high", "0.1.0", "", "", (), None, False, "", (), (), ()
    )


INFOS = {
    one.code: one
    for one in (
        info("F001", "not-a-model", "file"),
        info("Q001", "float-io", "quantization"),
        info("Q002", "float-op", "quantization"),
        info("Q012", "bad-scale", "quantization"),
    )
}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "F001 Q001 Q002 Q012"),
        ({"select": ["Q"]}, "Q001 Q002 Q012"),
        ({"select": ["quantization"]}, "Q001 Q002 Q012"),
        ({"select": ["float-op"]}, "Q002"),
        ({"select": ["q00"]}, "Q001 Q002"),
        ({"ignore": ["Q"]}, "F001"),
        ({"ignore": ["Q"], "extend_select": ["Q012"]}, "F001 Q012"),
        ({"select": ["Q"], "ignore": ["Q00"]}, "Q012"),
        ({"select": ["F"], "extend_select": ["Q012"]}, "F001 Q012"),
        ({"select": ["Q012"], "ignore": ["Q012"]}, ""),
        ({"select": ["ALL"], "extend_ignore": ["float-io", "F001"]}, "Q002 Q012"),
    ],
)
def test_the_longest_selector_decides(arguments, expected):
    assert select(INFOS, **arguments) == tuple(expected.split())


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("flaot-op", "did you mean `float-op`?"),
        ("Q999", "tflint rules"),
        ("", "tflint rules"),
    ],
)
def test_an_unknown_selector_is_refused_with_a_suggestion(selector, hint):
    with pytest.raises(SelectionError) as caught:
        select(INFOS, select=[selector])
    assert f"no rule `{selector}`" in str(caught.value)
    assert hint in str(caught.value)
