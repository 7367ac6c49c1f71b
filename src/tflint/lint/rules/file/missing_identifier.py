"""F029 missing-identifier: see rules/file/F029-missing-identifier.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model
from tflint.model.model import IDENTIFIER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F029")


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    found = model.identifier
    if found == IDENTIFIER:
        return
    shown = found.decode("ascii") if found.isalnum() else found.hex(" ")
    yield rule.finding(
        Location(offset=4),
        f"bytes 4 to 8 hold {shown}, not TFL3",
        measured=shown,
        limit="TFL3",
    )
