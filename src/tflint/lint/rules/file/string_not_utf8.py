"""F026 string-not-utf8: see rules/file/F026-string-not-utf8.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F026")


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    for error in model.verification.errors:
        if error.invariant != "string-utf8":
            continue
        fatal = error.path.startswith("signature_defs[")
        yield rule.finding(
            Location(offset=error.offset, path=error.path),
            error.detail,
            why="the Python interpreter raises UnicodeDecodeError while loading" if fatal else None,
            severity="error" if fatal else "",
        )
