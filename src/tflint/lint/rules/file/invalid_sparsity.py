"""F018 invalid-sparsity: see rules/file/F018-invalid-sparsity.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Tensor
from tflint.model.dtypes import packed_bytes
from tflint.model.sparsity import BadSparsity, stored_elements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F018")

#: Most levels that are judged: two per dimension of a tensor of rank 8, and more than any kernel
#: reads (google-ai-edge/LiteRT tflite/kernels/internal/utils/sparsity_format_converter.cc).
MOST_LEVELS = 16


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    checked: set[tuple[int, tuple[int, ...], int]] = set()
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            sparsity = tensor.sparsity
            # LiteRT looks at the sparsity of constants only.
            if sparsity is None or not tensor.is_constant:
                continue
            # Many tensors can share one table: its indices are read once.
            key = (sparsity.pos, tensor.shape, len(tensor.data))
            if key in checked:
                continue
            checked.add(key)
            levels = sparsity.count("dim_metadata")
            if levels > MOST_LEVELS:
                yield rule.finding(tensor, f"{levels} levels, at most {MOST_LEVELS} are read")
            else:
                yield from _judge(tensor)


def _judge(tensor: Tensor) -> Iterator[Finding]:
    stored = stored_elements(tensor)
    if isinstance(stored, BadSparsity):
        yield rule.finding(tensor, stored.problem)
        return
    held, needed = len(tensor.data), packed_bytes(tensor.dtype, stored)
    if needed is None or needed == held:
        return
    excess = held > needed
    yield rule.finding(
        tensor,
        f"buffer of {held} bytes for {stored} of {tensor.elements} {tensor.dtype} values, which "
        f"take {needed}",
        measured=held,
        limit=needed,
        why=f"LiteRT ignores the last {held - needed} bytes; its verifier refuses the file"
        if excess
        else None,
        severity="warning" if excess else "",
    )
