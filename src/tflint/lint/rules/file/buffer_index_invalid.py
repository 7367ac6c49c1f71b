"""F012 buffer-index-invalid: see rules/file/F012-buffer-index-invalid.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model, Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F012")


@rule.tensor
def of_tensor(tensor: Tensor, ctx: Context) -> Iterator[Finding]:
    count = ctx.model.buffer_count
    if not tensor.buffer_index or tensor.buffer_index < count:
        return
    # F028 reports a missing list.
    if ctx.model.root.has("buffers"):
        yield rule.finding(
            tensor,
            f"buffer {tensor.buffer_index}, but the model has {count}",
            measured=tensor.buffer_index,
            limit=count,
        )


@rule.model
def of_model(model: Model, ctx: Context) -> Iterator[Finding]:
    if not model.root.has("buffers"):
        return
    count = model.buffer_count
    for entry in model.metadata:
        if entry.buffer_index >= count:
            yield rule.finding(
                entry,
                f"buffer {entry.buffer_index}, but the model has {count}",
                measured=entry.buffer_index,
                limit=count,
                why="LiteRT skips the entry: its content is missing",
                severity="warning",
            )
    first = model.buffer(0)
    if first is not None and len(first.data):
        yield rule.finding(
            Location(buffer=0, offset=first.position),
            f"buffer 0 holds {len(first.data)} bytes",
            measured=len(first.data),
            limit=0,
            why="index 0 stands for no data: LiteRT never reads these bytes, and a tensor that "
            "means them has no value",
            severity="warning",
        )
