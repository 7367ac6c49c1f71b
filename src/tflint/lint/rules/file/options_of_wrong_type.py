"""F030 options-of-wrong-type: see rules/file/F030-options-of-wrong-type.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.options import READ_BY_RUNTIME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F030")


@rule.op(*READ_BY_RUNTIME)
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    wanted, found = READ_BY_RUNTIME[op.name], op.options_type
    if found is not None and found != wanted:
        yield rule.finding(
            op,
            f"options of type {found}, {op.name} reads {wanted}",
            measured=found,
            limit=wanted,
        )
