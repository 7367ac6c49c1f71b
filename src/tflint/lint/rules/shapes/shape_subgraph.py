"""H003 shape-subgraph: see rules/shapes/H003-shape-subgraph.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph
from tflint.model.calls import entry_points

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("H003", needs=("SHAPE",))

#: Operators whose number of results depends on values, and those that may hand such results on.
COUNTING = frozenset({"CUSTOM", "IF", "STABLEHLO_COMPOSITE", "UNIQUE", "WHERE", "WHILE"})


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in entry_points(subgraph.model):
        return
    asking = [op for op in subgraph.operators if op.name == "SHAPE"]
    # What is open is asked for with reason. An open input is reported by itself.
    if not asking or any(tensor is None or tensor.is_dynamic for tensor in subgraph.input_tensors):
        return
    if _open(subgraph):
        return
    chain = _computed(subgraph, asking)
    names = ", ".join(dict.fromkeys(op.label for op in chain))
    yield rule.finding(
        asking[0],
        f"{len(chain)} operators ({names}) compute shapes, and every input has a fixed shape",
        measured=len(chain),
        limit=0,
        related=tuple(chain[1:8]),
    )


def _open(subgraph: Subgraph) -> bool:
    """Whether a shape follows from values, or a tensor has an open one."""
    return any(op.name in COUNTING for op in subgraph.operators) or any(
        tensor.is_dynamic for tensor in subgraph.tensors
    )


def _computed(subgraph: Subgraph, asking: list[Operator]) -> list[Operator]:
    """The SHAPE operators and what computes with nothing but their results and constants."""
    settled = {index for op in asking for index in op.outputs}
    found = list(asking)
    for op in subgraph.operators:
        reads = [index for index in op.inputs if index >= 0]
        if op.name == "SHAPE" or not any(index in settled for index in reads):
            continue
        if all(index in settled or _constant(subgraph, index) for index in reads):
            settled.update(op.outputs)
            found.append(op)
    return sorted(found, key=lambda op: op.index)


def _constant(subgraph: Subgraph, index: int) -> bool:
    tensor = subgraph.tensor(index)
    return tensor is not None and tensor.is_constant
