"""F003 op-code-out-of-range: see rules/file/F003-op-code-out-of-range.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F003")


@rule.op()
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if op.code is not None:
        return
    count = len(ctx.model.operator_codes)
    yield rule.finding(
        op,
        f"operator code {op.code_index}, but the model has {count}",
        measured=op.code_index,
        limit=count,
    )
