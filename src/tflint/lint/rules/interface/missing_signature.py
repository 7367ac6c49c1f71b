"""M001 missing-signature: see rules/interface/M001-missing-signature.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("M001")

#: Names that the converter makes up where the source model had none, without counters:
#: `StatefulPartitionedCall:1`, `Identity_2`.
_GENERIC = frozenset({"StatefulPartitionedCall", "PartitionedCall", "Identity"})


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    if model.signatures or not model.subgraphs or not model.operator_count:
        return
    main = model.subgraphs[0]
    inputs = [tensor for tensor in main.input_tensors if tensor is not None]
    outputs = [tensor for tensor in main.output_tensors if tensor is not None]
    several = len(inputs) > 1 or len(outputs) > 1
    message = (
        f"no signature: {_number(len(inputs), 'input')} and {_number(len(outputs), 'output')} are "
        "known by position only"
    )
    doubts = [*_alike(inputs, "inputs"), *_alike(outputs, "outputs"), *_nameless(outputs)]
    yield rule.finding(
        model,
        f"{message}; {', and '.join(doubts)}" if several and doubts else message,
        measured=0,
        limit=1,
        severity="" if several else "info",
        why=None if several else "the signature runner of the interpreter cannot be used",
        related=tuple(outputs[:8]) if several else (),
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _alike(tensors: list[Tensor], noun: str) -> Iterator[str]:
    """That some have the same shape and type, so that an exchange would go unnoticed."""
    from collections import Counter  # most models never come here

    kinds = Counter((tensor.dtype, tensor.shape) for tensor in tensors)
    shared = sum(count for count in kinds.values() if count > 1)
    if shared:
        yield f"{shared} {noun} have the same shape and type as another"


def _nameless(tensors: list[Tensor]) -> Iterator[str]:
    """That the names are the converter's, so that they do not help either."""
    made_up = [
        tensor.name
        for tensor in tensors
        if tensor.name.rstrip("0123456789").rstrip("_:") in _GENERIC
    ]
    if len(made_up) > 1:
        yield f'names such as "{made_up[0]}" say nothing'


def _bare(name: str) -> str:
    """A name without the counter at its end."""
    return name.rstrip("0123456789").rstrip("_:")
