"""H001 dynamic-input-shape: see rules/shapes/H001-dynamic-input-shape.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph, Tensor
from tflint.model.calls import entry_points

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("H001")


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    if subgraph.index not in entry_points(subgraph.model):
        return
    dynamic = [tensor for tensor in subgraph.input_tensors if tensor is not None]
    dynamic = [tensor for tensor in dynamic if tensor.is_dynamic]
    readers = _shape_readers(subgraph) if dynamic else ()
    for tensor in dynamic:
        signature = tensor.shape_text
        static = "[" + ",".join(map(str, tensor.shape)) + "]"
        if _is_batch(tensor):
            if readers:
                yield rule.finding(
                    tensor,
                    f"batch size is open ({signature}), and {_named(readers)} with it at run time",
                    measured=signature,
                    related=readers[:8],
                )
            else:
                yield rule.finding(
                    tensor,
                    f"batch size is open: {signature} runs as {static} until it is resized",
                    measured=signature,
                    severity="info",
                    why="a compiler that wants every dimension refuses the model; others take "
                    f"{static}",
                )
        else:
            open_dimensions = signature.count("-1")
            yield rule.finding(
                tensor,
                f"{open_dimensions} of {len(tensor.shape)} "
                f"dimension{'' if len(tensor.shape) == 1 else 's'} "
                f"{'is' if open_dimensions == 1 else 'are'} open: {signature} runs as {static} "
                "until it is resized",
                measured=signature,
                related=readers[:8],
            )


def _is_batch(tensor: Tensor) -> bool:
    """Whether only the number of examples is open."""
    signature = tensor.shape_signature
    examples = len(signature) > 1 or tensor.dtype == "STRING"
    return examples and signature[0] == -1 and -1 not in signature[1:]


def _shape_readers(subgraph: Subgraph) -> tuple[Operator, ...]:
    """The operators that ask at run time for a shape the file leaves open."""
    found = []
    for op in subgraph.operators:
        if op.name == "SHAPE":
            asked = op.input(0)
            if asked is not None and asked.is_dynamic:
                found.append(op)
    return tuple(found)


def _named(readers: tuple[Operator, ...]) -> str:
    first = f"SHAPE op[{readers[0].index}]"
    if len(readers) == 1:
        return f"{first} computes"
    return f"{first} and {len(readers) - 1} more compute"
