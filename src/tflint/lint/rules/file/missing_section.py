"""F028 missing-section: see rules/file/F028-missing-section.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Subgraph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F028")


@rule.model
def of_model(model: Model, ctx: Context) -> Iterator[Finding]:
    if not model.root.has("buffers"):
        yield rule.finding(model, "no list of buffers")


@rule.subgraph
def of_subgraph(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if not subgraph.table.has("tensors"):
        yield rule.finding(subgraph, "no list of tensors")
    if not subgraph.table.has("operators"):
        yield rule.finding(
            subgraph,
            "no list of operators",
            why="LiteRT loads it as a subgraph without operators; its verifier refuses the file",
            severity="warning",
        )
