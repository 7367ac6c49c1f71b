"""S012 reshape-element-count: see rules/security/S012-reshape-element-count.md."""

from __future__ import annotations

from math import prod

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator, Tensor
from tflint.model.constants import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S012", data=True)

#: Most dimensions of the new_shape option: TFLITE_RESHAPE_PARAMS_MAX_DIMENSION_COUNT in
#: google-ai-edge/LiteRT tflite/converter/core/c/builtin_op_data.h.
MOST_DIMENSIONS = 8


@rule.op("RESHAPE")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    named = op.option("new_shape", ())
    if len(named) > MOST_DIMENSIONS:
        yield rule.finding(
            op,
            f"new_shape of {len(named)} dimensions, at most {MOST_DIMENSIONS}",
            measured=len(named),
            limit=MOST_DIMENSIONS,
            why="the interpreter refuses the file",
        )
        return
    shape = _wanted(op, named)
    source = op.input(0)
    if shape is None or source is None:
        return
    text = "[" + ",".join(map(str, shape)) + "]"
    if shape.count(-1) > 1 or (shape and min(shape) < -1):
        yield rule.finding(
            op,
            f"new shape {text}: one -1 is allowed, and no other negative number",
            measured=text,
            limit=-1,
        )
    elif _is_known(source) and not _fits(source.elements, shape):
        yield rule.finding(
            op,
            f"{source.shape_text} has {source.elements} elements and cannot become {text}",
            measured=text,
            limit=source.elements,
        )


def _wanted(op: Operator, named: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape the kernel takes (reshape.cc, GetOutputShape); None when known at run time only."""
    given = op.input(1)
    if len(op.inputs) == 2 and given is None:
        return None
    if given is not None and len(given.shape) == 1 and given.dtype == "INT32":
        values = integers(given)
        return None if values is None else tuple(values)
    # Old converters write [0] for a scalar; nothing at all may be one, or options left out.
    if not named:
        return None
    return () if named == (0,) else named


def _is_known(tensor: Tensor) -> bool:
    """Whether the file says how many elements there will be."""
    if tensor.dtype == "STRING" or tensor.is_dynamic:
        return False
    return bool(tensor.shape) or tensor.has_rank


def _fits(elements: int, shape: tuple[int, ...]) -> bool:
    known = prod(extent for extent in shape if extent >= 0)
    if -1 not in shape:
        return known == elements
    return elements % known == 0 if known else elements == 0
