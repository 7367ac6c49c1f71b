"""H002 data-dependent-shape: see rules/shapes/H002-data-dependent-shape.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph
from tflint.model.calls import reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("H002")

#: Operators whose number of results is the number of values that meet a condition.
COUNTING = frozenset({"UNIQUE", "WHERE"})
#: Operators with inputs that say the shape of the output, and the positions of those inputs. The
#: kernels make the output dynamic when one is not constant (google-ai-edge/LiteRT tflite/kernels).
SHAPED_BY = {
    "BATCH_TO_SPACE_ND": (1, 2),
    "BROADCAST_TO": (1,),
    "CONV_3D_TRANSPOSE": (0,),
    "FILL": (0,),
    "MIRROR_PAD": (1,),
    "ONE_HOT": (1,),
    "PAD": (1,),
    "PADV2": (1,),
    "RANGE": (0, 1, 2),
    "RESHAPE": (1,),
    "RESIZE_BILINEAR": (1,),
    "RESIZE_NEAREST_NEIGHBOR": (1,),
    "SCATTER_ND": (2,),
    "SLICE": (1, 2),
    "SPACE_TO_BATCH_ND": (1, 2),
    "SPARSE_TO_DENSE": (1,),
    "SPLIT_V": (1,),
    "STRIDED_SLICE": (1, 2, 3),
    "TILE": (1,),
    "TOPK_V2": (1,),
    "TRANSPOSE_CONV": (0,),
}
#: Operators whose result follows from shapes alone.
_OF_SHAPES = frozenset({"RANK", "SHAPE"})
#: Operators of a finding that are named.
NAMED = 4


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in reachable(subgraph.model):
        return
    found = dynamic_operators(subgraph)
    if not found:
        return
    names = ", ".join(f"{op.label} op[{op.index}]" for op in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    yield rule.finding(
        found[0],
        f"{'an output shape depends' if len(found) == 1 else 'output shapes depend'} on values "
        f"that are computed at run time: {names}{more}",
        measured=len(found),
        limit=0,
        related=tuple(found[1:8]),
    )


def dynamic_operators(subgraph: Subgraph) -> list[Operator]:
    """The operators whose output shape follows from run-time values and not from shapes alone."""
    suspects = [op for op in subgraph.operators if op.name in COUNTING or _shaped(op, set())]
    if not suspects:
        return []
    # Values that the shapes of the inputs settle, which are known once tensors are allocated.
    settled: set[int] = set()
    for op in subgraph.operators:
        reads = [index for index in op.inputs if index >= 0]
        if op.name in _OF_SHAPES or (
            reads
            and op.name not in COUNTING
            and all(_known(subgraph, index, settled) for index in reads)
        ):
            settled.update(op.outputs)
    return [op for op in suspects if op.name in COUNTING or _shaped(op, settled)]


def _shaped(op: Operator, settled: set[int]) -> bool:
    """Whether an input that says the shape of the output is not known beforehand."""
    return any(
        op.inputs[at] >= 0 and not _known(op.subgraph, op.inputs[at], settled)
        for at in SHAPED_BY.get(op.name, ())
        if at < len(op.inputs)
    )


def _known(subgraph: Subgraph, index: int, settled: set[int]) -> bool:
    if index in settled:
        return True
    tensor = subgraph.tensor(index)
    if tensor is None or tensor.is_constant:
        return True
    # A constant without elements has no bytes, and nothing writes it.
    return (
        subgraph.producer(index) is None and index not in subgraph.inputs and not tensor.is_variable
    )
