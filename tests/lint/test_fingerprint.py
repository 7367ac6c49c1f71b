"""Fingerprints stay when indices and layer counters move."""

from __future__ import annotations

from tflint.lint.finding import Finding
from tflint.lint.fingerprint import stable_name, with_fingerprints
from tflint.model import Location


def finding(operator: int, name: str, code: str = "Q002", message: str = "m") -> Finding:
    where = Location(subgraph=0, operator=operator, op_name="SIN", name=name)
    return Finding(code, message, where)


def prints(*findings: Finding) -> list[str]:
    return [one.fingerprint for one in with_fingerprints(findings)]


def test_indices_counters_and_measured_values_do_not_matter():
    before = prints(finding(3, "model_1/conv2d_3/Relu;model_1/bias", message="scale 0.1"))
    after = prints(finding(9, "model_4/conv2d_17/Relu;model_4/bias", message="scale 0.2"))
    assert before == after
    assert len(before[0]) == 16


def test_rule_and_name_do_matter():
    first = finding(3, "a/Sin")
    assert (
        len({*prints(first), *prints(finding(3, "b/Sin")), *prints(finding(3, "a/Sin", "Q003"))})
        == 3
    )


def test_findings_that_look_alike_are_told_apart_by_order():
    alike = prints(finding(1, ""), finding(2, ""), finding(3, ""))
    assert len(set(alike)) == 3
    assert prints(finding(7, ""), finding(8, "")) == alike[:2]


def test_counters_are_taken_from_the_end_of_each_component_only():
    assert stable_name("conv_2d_3/kernel_1;x_2:0") == "conv_2d/kernel;x:0"
    assert stable_name("stage2_block3") == "stage2_block3"


def test_names_that_are_not_unicode_text_are_hashed_too():
    assert prints(finding(1, "\ud800"))
