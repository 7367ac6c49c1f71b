"""S005 zero-divisor: see rules/security/S005-zero-divisor.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.constants import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S005", data=True)

_STRIDES = ("stride_h", "stride_w")
_DILATIONS = ("dilation_h_factor", "dilation_w_factor")
_POOL = (*_STRIDES, "filter_height", "filter_width")
_BLOCK = ("block_size",)
#: Options whose kernels divide by them, or refuse them, when they are below 1.
OPTIONS: dict[str, tuple[str, ...]] = {
    "AVERAGE_POOL_2D": _POOL,
    "CONV_2D": (*_STRIDES, *_DILATIONS),
    "CONV_3D": ("stride_d", *_STRIDES, "dilation_d_factor", *_DILATIONS),
    "CONV_3D_TRANSPOSE": ("stride_d", *_STRIDES, "dilation_d_factor", *_DILATIONS),
    "DEPTHWISE_CONV_2D": (*_STRIDES, *_DILATIONS),
    "DEPTH_TO_SPACE": _BLOCK,
    "L2_POOL_2D": _POOL,
    "MAX_POOL_2D": _POOL,
    "SPACE_TO_DEPTH": _BLOCK,
    "SPLIT": ("num_splits",),
    "SPLIT_V": ("num_splits",),
    "SVDF": ("rank",),
    "TRANSPOSE_CONV": _STRIDES,
}
#: Inputs whose constant values must be 1 or more: position and name.
POSITIVE = {
    "BATCH_TO_SPACE_ND": (1, "block shape"),
    "RESIZE_BILINEAR": (1, "size"),
    "RESIZE_NEAREST_NEIGHBOR": (1, "size"),
    "SPACE_TO_BATCH_ND": (1, "block shape"),
}
#: Inputs whose constant values must not be 0: position and name.
NONZERO = {
    "DIV": (1, "divisor"),
    "FLOOR_DIV": (1, "divisor"),
    "FLOOR_MOD": (1, "divisor"),
    "RANGE": (2, "delta"),
    "STRIDED_SLICE": (3, "stride"),
}
#: Where the filter is empty LiteRT returns an empty result, without an error.
EMPTY = frozenset({"filter_height", "filter_width"})


@rule.op(*OPTIONS)
def options(op: Operator, ctx: Context) -> Iterator[Finding]:
    table = op.options_table
    # Operators without their options, or with others, are F030's.
    if table is None or not all(name in table.schema.slots for name in OPTIONS[op.name]):
        return
    bad = [(name, op.option(name)) for name in OPTIONS[op.name] if op.option(name) < 1]
    if bad:
        empty = all(name in EMPTY for name, _ in bad)
        yield rule.finding(
            op,
            ", ".join(f"{name} {value}" for name, value in bad) + f" in {op.name}, at least 1",
            measured=bad[0][1],
            limit=1,
            why="LiteRT returns an empty result without an error" if empty else None,
        )


@rule.op("LOCAL_RESPONSE_NORMALIZATION")
def radius(op: Operator, ctx: Context) -> Iterator[Finding]:
    found = op.option("radius", 0)
    if found < 0:
        yield rule.finding(
            op,
            f"radius {found} in {op.name}, at least 0",
            measured=found,
            limit=0,
            why="LiteRT writes outside the tensor: Invoke ends in a segmentation fault",
        )


@rule.op(*POSITIVE)
def positive(op: Operator, ctx: Context) -> Iterator[Finding]:
    position, name = POSITIVE[op.name]
    values = integers(op.input(position))
    if values is not None and len(values) and min(values) < 1:
        yield rule.finding(
            op,
            f"{name} {min(values)} in {op.name}, at least 1",
            measured=min(values),
            limit=1,
        )


@rule.op(*NONZERO)
def nonzero(op: Operator, ctx: Context) -> Iterator[Finding]:
    position, name = NONZERO[op.name]
    tensor = op.input(position)
    # A quantized divisor of 0 stands for another number.
    if tensor is None or tensor.quantization is not None:
        return
    values = integers(tensor)
    if values is None or 0 not in values:
        return
    late = name == "divisor"
    yield rule.finding(
        op,
        f"{name} 0 in {op.name}",
        measured=0,
        related=(tensor,),
        why="Invoke fails; runtimes before the check divide by it" if late else None,
    )
