"""F024 wrong-schema-version: see rules/file/F024-wrong-schema-version.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.model import SCHEMA_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F024")


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    if model.version != SCHEMA_VERSION:
        yield rule.finding(
            model,
            f"schema version {model.version}, LiteRT loads {SCHEMA_VERSION} only",
            measured=model.version,
            limit=SCHEMA_VERSION,
        )
