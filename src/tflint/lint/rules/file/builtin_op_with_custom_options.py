"""F005 builtin-op-with-custom-options: see rules/file/F005-builtin-op-with-custom-options.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F005")


@rule.op()
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if op.code is None or op.is_custom or not op.table.has("custom_options"):
        return
    size = len(op.custom_options)
    if size:
        yield rule.finding(
            op,
            f"{size} bytes of custom options on the builtin operator {op.name}, which reads none",
            measured=size,
            limit=0,
        )
