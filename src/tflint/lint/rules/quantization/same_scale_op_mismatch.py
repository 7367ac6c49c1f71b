"""Q018 same-scale-op-mismatch: see rules/quantization/Q018-same-scale-op-mismatch.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Tensor
from tflint.model.dtypes import QUANTIZED_RANGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q018")

#: Operators whose kernels copy or compare stored values and do not compare scales, and the inputs
#: whose values reach the output. Each was run with two scales: LiteRT 2.3.0 without delegates
#: returns the stored input.
COPYING: dict[str, tuple[int, ...]] = {
    "AVERAGE_POOL_2D": (0,),
    "BROADCAST_TO": (0,),
    "DEPTH_TO_SPACE": (0,),
    "DYNAMIC_UPDATE_SLICE": (0, 1),
    "GATHER": (0,),
    "GATHER_ND": (0,),
    "MAXIMUM": (0, 1),
    "MAX_POOL_2D": (0,),
    "MINIMUM": (0, 1),
    "PAD": (0,),
    "PADV2": (0,),
    "RESHAPE": (0,),
    "RESIZE_BILINEAR": (0,),
    "RESIZE_NEAREST_NEIGHBOR": (0,),
    "REVERSE_V2": (0,),
    "SELECT": (1, 2),
    "SELECT_V2": (1, 2),
    "SLICE": (0,),
    "SPACE_TO_DEPTH": (0,),
    "SPLIT": (1,),
    "SPLIT_V": (0,),
    "SQUEEZE": (0,),
    "STRIDED_SLICE": (0,),
    "TILE": (0,),
    "TRANSPOSE": (0,),
}
#: Operators whose kernels refuse different scales, by the same runs.
REFUSING: dict[str, tuple[int, ...]] = {
    "BATCH_TO_SPACE_ND": (0,),
    "EXPAND_DIMS": (0,),
    "MIRROR_PAD": (0,),
    "REDUCE_MAX": (0,),
    "REDUCE_MIN": (0,),
    "SPACE_TO_BATCH_ND": (0,),
    "UNPACK": (0,),
}
#: Largest difference that may come from rounding, in steps of the output's scale.
TOLERANCE = 0.5
#: Types that carry quantized activations.
ACTIVATIONS = frozenset({"INT8", "UINT8", "INT16"})
#: Readers for which only the order of the values counts.
ORDER_ONLY = frozenset({"ARG_MAX", "ARG_MIN"})


@rule.op(*COPYING, *REFUSING, "CONCATENATION", "PACK")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    output = op.output(0)
    if output is None or not _quantized(output) or _only_ordered(op):
        return
    # The kernel for UINT8 rescales while it concatenates; the one for INT8 refuses.
    if op.name == "CONCATENATION" and output.dtype == "UINT8":
        return
    worst: tuple[float, Tensor] | None = None
    for tensor in _sources(op):
        if tensor is not None and tensor.dtype == output.dtype and _quantized(tensor):
            steps = difference(tensor, output)
            if steps > TOLERANCE and (worst is None or steps > worst[0]):
                worst = steps, tensor
    if worst is None:
        return
    steps, tensor = worst
    refused = op.name not in COPYING
    yield rule.finding(
        op,
        f"input and output differ in scale: {_named(tensor)} against {_named(output)}; "
        + (
            "the kernel refuses that"
            if refused
            else f"the kernel copies stored values, up to {steps:.0f} steps off"
        ),
        measured=_named(tensor),
        limit=_named(output),
        related=(tensor, output),
        why="the model fails when it is allocated or run" if refused else None,
    )


def difference(one: Tensor, other: Tensor) -> float:
    """The largest difference of the real numbers that a stored value stands for, in steps.

    Both tensors are of one type and quantized per tensor; a step is the scale of `other`.
    """
    ours, theirs = one.quantization, other.quantization
    assert ours is not None
    assert theirs is not None
    if theirs.scale <= 0 or ours.scale <= 0:
        return 0.0
    low, high = QUANTIZED_RANGE[one.dtype]
    return max(
        abs(ours.scale * (end - ours.zero_point) / theirs.scale - (end - theirs.zero_point))
        for end in (low, high)
    )


def _sources(op: Operator) -> Iterator[Tensor | None]:
    if op.name in ("CONCATENATION", "PACK"):
        yield from op.input_tensors
    else:
        for position in COPYING.get(op.name) or REFUSING[op.name]:
            yield op.input(position)


def _quantized(tensor: Tensor) -> bool:
    quantization = tensor.quantization
    return (
        tensor.dtype in ACTIVATIONS and quantization is not None and len(quantization.scales) == 1
    )


def _only_ordered(op: Operator) -> bool:
    """Whether the output is read for its order only, which any scale keeps."""
    subgraph = op.subgraph
    if any(index in subgraph.outputs for index in op.outputs):
        return False
    readers = [reader for index in op.outputs for reader in subgraph.consumers(index)]
    return bool(readers) and all(reader.name in ORDER_ONLY for reader in readers)


def _named(tensor: Tensor) -> str:
    quantization = tensor.quantization
    assert quantization is not None
    return f"({quantization.scale:.6g}, {quantization.zero_point})"
