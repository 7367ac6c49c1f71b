"""F002 corrupt-flatbuffer: see rules/file/F002-corrupt-flatbuffer.md."""

from __future__ import annotations

from tflint.flatbuf import FormatError, Table
from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

rule = Rule("F002")

#: Tensors and operators read at most to say how many are left: a damaged count can be in the
#: billions.
MOST_READ = 10_000


#: Invariants that protect the reader; LiteRT has no such limit, or a higher one.
EXHAUSTING = frozenset({"table-count", "unfolding"})


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    errors = [error for error in model.verification.errors if error.refused]
    if not errors:
        return
    first, rest = errors[0], errors[1:]
    yield rule.finding(
        _place(first),
        first.detail,
        measured=first.invariant,
        why=f"{_consequence(first)}; {_left(model)}",
        related=tuple(_place(error) for error in rest),
    )


def _consequence(error: FormatError) -> str:
    if error.invariant in EXHAUSTING:
        return "reading it takes time and memory out of proportion to its size"
    return "LiteRT refuses the file"


def _place(error: FormatError) -> Location:
    return Location(offset=error.offset, path=error.path or "root")


def _left(model: Model) -> str:
    """What of the graph can still be read."""
    try:
        subgraphs = model.root.count("subgraphs")
    except FormatError:
        return "nothing of the model can be read"
    readable = {"tensors": 0, "operators": 0}
    written = {"tensors": 0, "operators": 0}
    budget = MOST_READ
    for index in range(min(subgraphs, MOST_READ)):
        for field, read in (("tensors", _read_tensor), ("operators", _read_operator)):
            try:
                subgraph = model.root.item("subgraphs", index)
                count = subgraph.count(field)
            except FormatError:
                continue
            tried = min(count, budget)
            budget -= tried
            written[field] += count
            readable[field] += sum(_is_readable(subgraph, field, i, read) for i in range(tried))
    least = "" if budget else "at least "
    shown = (f"{least}{readable[what]:,} of {written[what]:,} {what}" for what in readable)
    return f"{' and '.join(shown)} can be read"


def _is_readable(table: Table, field: str, index: int, read: Callable[[Table], object]) -> bool:
    try:
        read(table.item(field, index))
    except FormatError:
        return False
    return True


def _read_tensor(tensor: Table) -> None:
    tensor.scalars("shape")
    tensor.vector_start("shape")
    quantization = tensor.table("quantization")
    if quantization is not None:
        quantization.scalars("scale")
        quantization.scalars("zero_point")


def _read_operator(operator: Table) -> None:
    operator.scalars("inputs")
    operator.scalars("outputs")
    operator.union("builtin_options")
