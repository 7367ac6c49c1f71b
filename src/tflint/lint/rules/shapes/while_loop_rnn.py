"""H008 while-loop-rnn: see rules/shapes/H008-while-loop-rnn.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph
from tflint.model.calls import calls_of
from tflint.model.once import once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("H008")

#: Matrix products, as they stand in the body of a recurrent loop.
PRODUCTS = frozenset({"BATCH_MATMUL", "FULLY_CONNECTED"})
#: Comparisons that count the steps.
COUNTERS = frozenset({"LESS", "LESS_EQUAL"})


@rule.op("WHILE")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    called = {call.role: call.subgraph for call in calls_of(op)}
    subgraphs = op.subgraph.model.subgraphs
    body = called.get("body_subgraph_index", -1)
    condition = called.get("cond_subgraph_index", -1)
    if not (0 <= body < len(subgraphs) and 0 <= condition < len(subgraphs)):
        return
    cell = _cell(subgraphs[body])
    counts = any(step.name in COUNTERS for step in subgraphs[condition].operators)
    if cell and counts:
        yield rule.finding(
            op,
            f"{cell} runs as a loop: {subgraphs[body].operator_count} operators of "
            f"subgraph[{body}] for each step",
            measured=subgraphs[body].operator_count,
            related=(subgraphs[body], subgraphs[condition]),
        )


@once
def _cell(body: Subgraph) -> str:
    """The recurrent layer whose step a subgraph computes; empty for none."""
    names = [op.name for op in body.operators]
    if not PRODUCTS.intersection(names):
        return ""
    gates, squashed = names.count("LOGISTIC"), names.count("TANH")
    if gates and squashed:
        # An LSTM squashes the new values and the cell state, a GRU the new values only.
        return "an LSTM layer" if squashed > 1 else "a GRU layer"
    return "a recurrent layer" if squashed else ""
