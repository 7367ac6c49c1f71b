"""The engine: dispatch by level and operator, crashes, order, and what a broken file gets."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tflint.lint import engine, registry
from tflint.lint.context import Settings
from tflint.lint.plan import Plan
from tflint.lint.registry import RuleInfo
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.sketch import build

SKETCH = """
model
  subgraph "main"
    input x [1,4] FLOAT32
    y [1,4] FLOAT32 = RELU(x)
    z [1,4] FLOAT32 = TANH(y)
    output z
"""


@pytest.fixture
def model() -> Model:
    return Model(memoryview(build(SKETCH)), "m.tflite")


@pytest.fixture
def install(monkeypatch):
    """Adds rules made in a test to the registry."""

    def add(rule: Rule, severity: str = "warning") -> None:
        module = ModuleType(f"tflint_test_rule_{rule.code}")
        module.rule = rule
        monkeypatch.setitem(sys.modules, module.__name__, module)
        levels = tuple(
            name
            for name, checks in (
                ("model", rule.model_checks),
                ("subgraph", rule.subgraph_checks),
                ("operator", rule.op_checks),
                ("tensor", rule.tensor_checks),
            )
            if checks
        )
        operators = tuple(name for names, _ in rule.op_checks for name in names)
        known = dict(registry.rules())
        known[rule.code] = RuleInfo(
            rule.code, f"rule-{rule.code.lower()}", "tool", "s", severity, "high", "0.1.0",
            "page why", "page fix", (), None, rule.data, module.__name__, levels, operators, (),
            rule.needs,
        )  # fmt: skip
        monkeypatch.setattr(engine, "rules", lambda: known)

    return add


def codes(findings) -> list[tuple[str, str]]:
    return [(finding.code, finding.location.route) for finding in findings]


def test_each_level_is_walked_and_operators_are_dispatched_by_name(install, model):
    rule = Rule("T001")
    rule.model(lambda subject, ctx: iter([rule.finding(subject, "m")]))
    rule.subgraph(lambda subject, ctx: iter([rule.finding(subject, "s")]))
    rule.tensor(lambda subject, ctx: iter([rule.finding(subject, "t")]))
    rule.op("TANH", "CONV_2D")(lambda subject, ctx: iter([rule.finding(subject, "o")]))
    install(rule)
    found = engine.lint_model(model, Plan(("T001",)))
    assert [finding.location.route for finding in found] == [
        "model",
        "subgraph[0]",
        "subgraph[0].tensor[0]",
        "subgraph[0].tensor[1]",
        "subgraph[0].tensor[2]",
        "subgraph[0].op[1]",
    ]


def test_a_rule_for_operators_the_model_lacks_is_not_even_imported(install, model, monkeypatch):
    rule = Rule("T001")
    rule.op("CONV_2D")(lambda subject, ctx: iter(()))
    install(rule)
    monkeypatch.delitem(sys.modules, "tflint_test_rule_T001")
    assert engine.lint_model(model, Plan(("T001",))) == ()


@pytest.mark.parametrize(("needs", "found"), [((), 1), (("TANH", "ELU"), 1), (("ELU",), 0)])
def test_a_rule_that_needs_an_operator_is_left_out_without_it(install, model, needs, found):
    rule = Rule("T001", needs=needs)
    rule.model(lambda subject, ctx: iter([rule.finding(subject, "m")]))
    install(rule)
    assert len(engine.lint_model(model, Plan(("T001",)))) == found


def test_data_rules_do_not_run_when_constants_may_not_be_read(install, model):
    rule = Rule("T001", data=True)
    rule.model(lambda subject, ctx: iter([rule.finding(subject, "m")]))
    install(rule)
    assert len(engine.lint_model(model, Plan(("T001",)))) == 1
    assert engine.lint_model(model, Plan(("T001",), settings=Settings(data=False))) == ()


def test_a_rule_that_raises_becomes_a_finding_and_the_others_go_on(install, model):
    bad, good = Rule("T001"), Rule("T002")

    def check(op, ctx):
        yield bad.finding(op, "first")
        raise ZeroDivisionError("float division by zero")

    bad.op("TANH")(check)
    good.op()(lambda subject, ctx: iter([good.finding(subject, "fine")]))
    install(bad)
    known = engine.rules()
    install(good)
    known.update(engine.rules())
    engine.rules = lambda: known
    found = engine.lint_model(model, Plan(("T001", "T002")))
    assert sorted(codes(found)) == [
        ("T001", "subgraph[0].op[1]"),
        ("T002", "subgraph[0].op[0]"),
        ("T002", "subgraph[0].op[1]"),
        ("X001", "subgraph[0].op[1]"),
    ]
    (crash,) = [finding for finding in found if finding.code == "X001"]
    assert "rule T001 stopped here with ZeroDivisionError: float division by zero" in crash.message


def test_the_page_fills_in_what_the_finding_leaves_open(install, model):
    rule = Rule("T001")
    rule.model(
        lambda m, ctx: iter(
            [rule.finding(m, "a"), rule.finding(m, "b", why="own", severity="info")]
        )
    )
    install(rule, severity="error")
    first, second = engine.lint_model(model, Plan(("T001",)))
    assert (first.name, first.severity, first.why, first.fix) == (
        "rule-t001",
        "error",
        "page why",
        "page fix",
    )
    assert (second.severity, second.why, second.fix) == ("info", "own", "page fix")
    (only, _) = engine.lint_model(model, Plan(("T001",), severities={"T001": "warning"}))
    assert only.severity == "warning"


def test_a_file_the_verifier_refuses_gets_only_the_findings_about_its_damage(install):
    rule = Rule("T001")
    rule.model(lambda subject, ctx: iter([rule.finding(subject, "m")]))
    install(rule)
    data = build(SKETCH)
    found = engine.lint_model(Model(memoryview(data[: len(data) // 2]), "cut"), Plan(("T001",)))
    assert {finding.code for finding in found} == {"F002"}
