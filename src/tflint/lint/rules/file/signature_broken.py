"""F020 signature-broken: see rules/file/F020-signature-broken.md."""

from __future__ import annotations

from tflint.flatbuf import Table
from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Subgraph
from tflint.model.model import Signature, SignatureTensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F020")


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    first: dict[str, Signature] = {}
    for signature in model.signatures:
        table = model.root.item("signature_defs", signature.position)
        yield from _key(signature, table, first)
        count = len(model.subgraphs)
        if signature.subgraph_index >= count:
            yield rule.finding(
                signature,
                f"subgraph {signature.subgraph_index}, but the model has {count}",
                measured=signature.subgraph_index,
                limit=count,
                why="LiteRT loads the file; running the signature ends in a segmentation fault",
            )
            continue
        subgraph = model.subgraphs[signature.subgraph_index]
        yield from _tensors(signature, "input", signature.inputs, subgraph)
        yield from _tensors(signature, "output", signature.outputs, subgraph)
        yield from _unfed(signature, subgraph)


def _key(signature: Signature, table: Table, first: dict[str, Signature]) -> Iterator[Finding]:
    if not table.has("signature_key"):
        yield rule.finding(
            signature,
            f"signature {signature.position} has no key",
            why="LiteRT refuses the file: missing exported method name",
        )
        return
    earlier = first.setdefault(signature.key, signature)
    if earlier is not signature:
        yield rule.finding(
            signature,
            f"signatures {earlier.position} and {signature.position} have the same key "
            f'"{signature.key}"',
            why="the runtime finds the first by that key; the other cannot be called",
            severity="warning",
        )
    elif not signature.key:
        yield rule.finding(
            signature,
            f"signature {signature.position} has an empty key",
            why="get_signature_runner of the Python interpreter does not find it",
            severity="warning",
        )


def _tensors(
    signature: Signature, role: str, entries: tuple[SignatureTensor, ...], subgraph: Subgraph
) -> Iterator[Finding]:
    seen: set[str] = set()
    ends = frozenset(subgraph.inputs if role == "input" else subgraph.outputs)
    for entry in entries:
        what = f'{role} "{entry.name}"'
        if entry.name in seen:
            yield rule.finding(
                signature,
                f"{what} is there twice",
                why="the runtime keeps the last; the other tensor cannot be reached by name",
                severity="warning",
            )
        seen.add(entry.name)
        if entry.tensor is None:
            count = subgraph.tensor_count
            yield rule.finding(
                signature,
                f"{what} is tensor {entry.tensor_index}, but subgraph {subgraph.index} has {count}",
                measured=entry.tensor_index,
                limit=count,
            )
        elif role == "input" and entry.tensor_index not in ends:
            if entry.tensor.is_constant:
                why = "running the signature writes into the read-only file: a segmentation fault"
            else:
                why = "what the caller passes is not what the operators read"
            yield rule.finding(
                signature,
                f"{what} is tensor {entry.tensor_index}, which is no input of subgraph "
                f"{subgraph.index}",
                measured=entry.tensor_index,
                why=why,
                related=(entry.tensor,),
                severity="error" if entry.tensor.is_constant else "warning",
            )


def _unfed(signature: Signature, subgraph: Subgraph) -> Iterator[Finding]:
    """Inputs of the subgraph that the signature has no name for."""
    named = {entry.tensor_index for entry in signature.inputs}
    missing = [index for index in dict.fromkeys(subgraph.inputs) if index not in named]
    tensors = [tensor for index in missing if (tensor := subgraph.tensor(index)) is not None]
    if tensors:
        names = ", ".join(f'"{tensor.name}"' for tensor in tensors[:3])
        more = f" and {len(tensors) - 3} more" if len(tensors) > 3 else ""
        yield rule.finding(
            signature,
            f"no name for {len(tensors)} of {len(subgraph.inputs)} inputs: {names}{more}",
            measured=len(tensors),
            limit=0,
            why="a caller of the signature cannot set them, and they hold whatever was there",
            related=tuple(tensors),
            severity="warning",
        )
