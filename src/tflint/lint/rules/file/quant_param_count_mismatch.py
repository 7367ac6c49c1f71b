"""F016 quant-param-count-mismatch: see rules/file/F016-quant-param-count-mismatch.md."""

from __future__ import annotations

from tflint.flatbuf import Table
from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F016")

#: Stands for zero points that are left out (google-ai-edge/LiteRT tflite/schema/schema.fbs).
LEFT_OUT = -1


@rule.tensor
def check(tensor: Tensor, ctx: Context) -> Iterator[Finding]:
    table = tensor.table.table("quantization")
    if table is None:
        return
    kind = table.union_kind("details")
    if kind == "MultiAxisQuantization":
        yield from _multi_axis(tensor, table.union("details"))
    elif kind == "BlockwiseQuantization":
        yield from _blockwise(tensor, table.union("details"))
    else:
        # Of other details, those of a type the schema lacks among them, LiteRT reads nothing.
        yield from _affine(tensor, table)


def _affine(tensor: Tensor, table: Table) -> Iterator[Finding]:
    """The checks of LiteRT's ParseQuantization, in its order; it stops at the first."""
    scales = len(table.scalars("scale") or ())
    if not scales:
        return
    zero_points = table.scalars("zero_point")
    axis, rank = table.scalar("quantized_dimension"), len(tensor.shape)
    if zero_points is None:
        yield rule.finding(
            tensor, f"{_count(scales, 'scale')} and no zero points", measured=0, limit=scales
        )
    elif len(zero_points) != scales:
        yield rule.finding(
            tensor,
            f"{_count(scales, 'scale')} and {_count(len(zero_points), 'zero point')}",
            measured=len(zero_points),
            limit=scales,
        )
    elif axis < 0 or (rank and axis >= rank):
        yield rule.finding(
            tensor,
            f"quantized dimension {axis} of a tensor of rank {rank}",
            measured=axis,
            limit=rank,
        )
    elif scales != 1 and rank and scales != tensor.shape[axis]:
        yield rule.finding(
            tensor,
            f"{scales} scales for dimension {axis} of {tensor.shape_text}, 1 or "
            f"{tensor.shape[axis]} needed",
            measured=scales,
            limit=tensor.shape[axis],
        )


def _multi_axis(tensor: Tensor, details: Table | None) -> Iterator[Finding]:
    if details is None or not details.has("quantized_dimensions"):
        yield rule.finding(tensor, "multi-axis quantization without its quantized dimensions")
        return
    yield from _tensors(tensor, details, "multi-axis")
    size = details.scalar("block_size")
    if size < 0:
        yield rule.finding(tensor, f"block size {size}, at least 0 needed", measured=size, limit=0)
    axes, rank = details.numbers("quantized_dimensions"), len(tensor.shape)
    if not axes:
        yield rule.finding(tensor, "multi-axis quantization over no dimension")
    for axis in axes:
        if axis < 0 or (rank and axis >= rank):
            yield rule.finding(
                tensor,
                f"quantized dimension {axis} of a tensor of rank {rank}",
                measured=axis,
                limit=rank,
            )
            return


def _blockwise(tensor: Tensor, details: Table | None) -> Iterator[Finding]:
    if details is None:
        yield rule.finding(tensor, "blockwise quantization without its details")
        return
    for finding in _tensors(tensor, details, "blockwise"):
        yield finding._replace(
            why="LiteRT loads it without a check; the kernel then reads outside the list of tensors"
        )


def _tensors(tensor: Tensor, details: Table, kind: str) -> Iterator[Finding]:
    """Checks the tensors that hold the scales and zero points."""
    count = tensor.subgraph.tensor_count
    for field, lowest in (("scales", 0), ("zero_points", LEFT_OUT)):
        index = details.scalar(field)
        if not lowest <= index < count:
            yield rule.finding(
                tensor,
                f"{kind} {field.replace('_', ' ')} are tensor {index}, the subgraph has {count}",
                measured=index,
                limit=count,
            )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
