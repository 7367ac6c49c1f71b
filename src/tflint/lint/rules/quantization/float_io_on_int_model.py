"""Q001 float-io-on-int-model: see rules/quantization/Q001-float-io-on-int-model.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Subgraph, Tensor
from tflint.model.calls import entry_points
from tflint.model.dtypes import FLOATING
from tflint.model.scheme import scheme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q001", needs=("QUANTIZE", "DEQUANTIZE"))


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    model = subgraph.model
    if subgraph.index not in entry_points(model):
        return
    found = scheme(model)
    if found.io == "integer" or found.integer_operators <= found.float_operators:
        return
    inputs = [pair for tensor in subgraph.input_tensors for pair in _quantized(tensor)]
    outputs = [pair for tensor in subgraph.output_tensors for pair in _dequantized(tensor)]
    for side, borders in (("input", inputs), ("output", outputs)):
        if not borders:
            continue
        tensor, op = borders[0]
        others = len({other.index for other, _ in borders}) - 1
        more = f", as of {others} more {side}{'s' if others > 1 else ''}" if others else ""
        inner = op.output(0) if side == "input" else op.input(0)
        kind = inner.dtype if inner is not None else found.activations
        yield rule.finding(
            tensor,
            f"{side} is {tensor.dtype}, and {op.label} op[{op.index}] converts it "
            f"{'to' if side == 'input' else 'from'} {kind}{more}",
            measured=tensor.dtype,
            limit=kind,
            related=tuple(op for _, op in borders[:8]),
        )


def _quantized(tensor: Tensor | None) -> Iterator[tuple[Tensor, Operator]]:
    """A floating input and the QUANTIZE that reads it, when nothing else does."""
    if tensor is not None and tensor.dtype in FLOATING:
        readers = tensor.subgraph.consumers(tensor.index)
        if readers and all(op.name == "QUANTIZE" for op in readers):
            yield tensor, readers[0]


def _dequantized(tensor: Tensor | None) -> Iterator[tuple[Tensor, Operator]]:
    """A floating output and the DEQUANTIZE that writes it, when nothing else reads it."""
    if tensor is not None and tensor.dtype in FLOATING:
        maker = tensor.subgraph.producer(tensor.index)
        readers = tensor.subgraph.consumers(tensor.index)
        if maker is not None and maker.name == "DEQUANTIZE" and not readers:
            yield tensor, maker
