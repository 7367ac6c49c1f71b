"""H014 resize-both-flags: see rules/shapes/H014-resize-both-flags.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("H014")


@rule.op("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if not (op.option("align_corners", False) and op.option("half_pixel_centers", False)):
        return
    refused = op.name == "RESIZE_BILINEAR"
    yield rule.finding(
        op,
        "align_corners and half_pixel_centers are both set, and they exclude each other",
        severity="" if refused else "warning",
        why=None if refused else "runtimes differ in which of the two they follow",
    )
