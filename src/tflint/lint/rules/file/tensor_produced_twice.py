"""F009 tensor-produced-twice: see rules/file/F009-tensor-produced-twice.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F009")


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    inputs = frozenset(subgraph.inputs)
    producers: dict[int, Operator] = {}
    reported: set[int] = set()
    for op in subgraph.operators:
        for index in op.outputs:
            tensor = subgraph.tensor(index)
            if tensor is None:
                continue
            earlier = producers.get(index)
            producers[index] = op
            if index in reported:
                continue
            what = f'output tensor {index} "{tensor.name}"'
            if earlier is not None:
                reported.add(index)
                message = f"{what} is already written by op[{earlier.index}] {earlier.label}"
                yield rule.finding(op, message, measured=index, related=(earlier,))
            elif tensor.is_constant:
                size = len(tensor.data)
                yield rule.finding(
                    op,
                    f"{what} is a constant of {size} bytes",
                    measured=size,
                    limit=0,
                    why="the kernel cannot resize it, or writes into the read-only file: "
                    "AllocateTensors fails or Invoke ends in a segmentation fault",
                    related=(tensor,),
                    severity="error",
                )
            elif index in inputs:
                yield rule.finding(
                    op,
                    f"{what} is an input of the subgraph",
                    why="it overwrites what the caller put there; LiteRT runs it, its verifier "
                    "refuses it",
                    related=(tensor,),
                )
            elif tensor.is_variable:
                yield rule.finding(
                    op,
                    f"{what} is a variable tensor",
                    why="it overwrites the state; LiteRT runs it, its verifier refuses it",
                    related=(tensor,),
                )
