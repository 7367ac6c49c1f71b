"""S007 index-out-of-range: see rules/security/S007-index-out-of-range.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Tensor
from tflint.model.constants import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S007", data=True)

#: What the kernel does with the number of steps of REVERSE_SEQUENCE.
UNCHECKED = (
    "LiteRT does not check it: it reads and writes outside the tensor, which gives wrong values "
    "or a segmentation fault"
)


@rule.op("GATHER")
def gather(op: Operator, ctx: Context) -> Iterator[Finding]:
    source = op.input(0)
    axis = op.option("axis", 0)
    if source is not None and -len(source.shape) <= axis < len(source.shape):
        yield from _judge(op, integers(op.input(1)), _extent(source, axis))


@rule.op("EMBEDDING_LOOKUP")
def embedding(op: Operator, ctx: Context) -> Iterator[Finding]:
    table = op.input(1)
    if table is not None and table.shape:
        yield from _judge(op, integers(op.input(0)), _extent(table, 0))


@rule.op("GATHER_ND")
def gather_nd(op: Operator, ctx: Context) -> Iterator[Finding]:
    source, indices = op.input(0), op.input(1)
    if source is not None and indices is not None:
        extents = tuple(_extent(source, axis) for axis in range(len(source.shape)))
        yield from _judge_rows(op, indices, extents)


@rule.op("SCATTER_ND")
def scatter_nd(op: Operator, ctx: Context) -> Iterator[Finding]:
    indices, shape = op.input(0), integers(op.input(2))
    if indices is not None and shape is not None:
        yield from _judge_rows(op, indices, tuple(shape))


@rule.op("REVERSE_SEQUENCE")
def lengths(op: Operator, ctx: Context) -> Iterator[Finding]:
    source = op.input(0)
    axis = op.option("seq_dim", 0)
    values = integers(op.input(1))
    if source is None or values is None or not 0 <= axis < len(source.shape) or not len(values):
        return
    extent = _extent(source, axis)
    longest = max(values)
    if extent is not None and longest > extent:
        yield rule.finding(
            op,
            f"REVERSE_SEQUENCE of {longest} steps along an axis of {extent}",
            measured=longest,
            limit=extent,
            why=UNCHECKED,
        )


def _judge_rows(
    op: Operator, indices: Tensor, extents: tuple[int | None, ...]
) -> Iterator[Finding]:
    """Judges indices whose last dimension names one axis after the other."""
    values = integers(indices)
    width = indices.shape[-1] if indices.shape else 0
    if values is None or not 0 < width <= len(extents):
        return
    for axis in range(width):
        found = tuple(_judge(op, values[axis::width], extents[axis], f" of axis {axis}"))
        if found:
            yield found[0]
            return


def _judge(
    op: Operator, values: memoryview[int] | None, extent: int | None, where: str = ""
) -> Iterator[Finding]:
    if values is None or extent is None or not len(values):
        return
    lowest, highest = min(values), max(values)
    if lowest >= 0 and highest < extent:
        return
    index = lowest if lowest < 0 else highest
    yield rule.finding(
        op,
        f"constant index {index} in {op.name}{where}, from 0 to {extent - 1} allowed",
        measured=index,
        limit=extent,
    )


def _extent(tensor: Tensor, axis: int) -> int | None:
    """Extent of a dimension; None when it is only known at run time."""
    signature = tensor.shape_signature
    if len(signature) == len(tensor.shape) and signature[axis] < 0:
        return None
    return tensor.shape[axis]
