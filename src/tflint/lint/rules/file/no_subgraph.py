"""F025 no-subgraph: see rules/file/F025-no-subgraph.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F025")


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    if model.subgraphs:
        return
    missing = not model.root.has("subgraphs")
    yield rule.finding(
        model,
        "no list of subgraphs" if missing else "an empty list of subgraphs",
        measured=0,
        limit=1,
        why="LiteRT 2.3.0 ends in a segmentation fault while loading" if missing else None,
    )
