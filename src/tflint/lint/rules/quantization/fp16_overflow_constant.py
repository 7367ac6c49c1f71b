"""Q015 fp16-overflow-constant: see rules/quantization/Q015-fp16-overflow-constant.md."""

from __future__ import annotations

from math import isfinite
from struct import unpack

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator, Tensor
from tflint.model.constant_users import CHOOSING, MULTIPLYING, users_of
from tflint.model.metadata import text
from tflint.model.scheme import scheme
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q015", data=True)

#: Largest finite FLOAT16; from the midpoint to the next step on, values round to infinity
#: (IEEE 754 binary16).
LARGEST = 65504
OVERFLOWS = 65520.0
#: Metadata with which a model asks XNNPACK for half precision, and what it then begins with
#: (google-ai-edge/LiteRT tflite/delegates/xnnpack/README.md).
REDUCED_PRECISION = "reduced_precision_support"
HALF = "fp16"
#: Top bytes of FLOAT32 values below 32768, which need no look.
_SMALL = bytes((*range(0x47), *range(0x80, 0xC7)))
#: Bytes looked at in one go.
CHUNK = 1 << 16
#: Operators that a finding points to.
NAMED = 8


class Overflow(NamedTuple):
    """The values of a constant that FLOAT16 does not hold."""

    number: int
    largest: float  #: of them, by magnitude


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    reason = _half(model)
    if not reason:
        return
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            if tensor.dtype == "FLOAT32" and tensor.is_constant:
                found = overflow(tensor.data)
                users = users_of(tensor) if found else []
                if found and users:
                    yield _finding(tensor, found, users, reason)


def _finding(tensor: Tensor, found: Overflow, users: list[Operator | None], reason: str) -> Finding:
    operators = [op for op in users if op is not None]
    harmless = len(operators) == len(users) and all(op.name in CHOOSING for op in operators)
    multiplied = [op for op in operators if op.name in MULTIPLYING]
    shown = multiplied or operators
    names = ", ".join(sorted({op.label for op in shown}))
    return rule.finding(
        tensor,
        f"{found.number} of {tensor.elements} values beyond {LARGEST}, up to {found.largest:.4g}, "
        f"{f'read by {names}' if names else 'an output'}, and {reason}",
        measured=f"{found.largest:.4g}",
        limit=LARGEST,
        severity="info" if harmless else "",
        why="the value becomes infinity; multiplied by 0 that is NaN, which reaches every output"
        if multiplied
        else "the value becomes infinity, which is still the largest of all here"
        if harmless
        else None,
        related=tuple(shown[:NAMED]),
    )


def _half(model: Model) -> str:
    """Why the graph is expected to compute in half precision; empty when it is not."""
    allowed = text(model, REDUCED_PRECISION)
    if isinstance(allowed, str) and allowed.startswith(HALF):
        return "the metadata allows half precision"
    found = scheme(model)
    if found.kind == "fp16" and found.weights == "FLOAT16":
        return "weights in FLOAT16 are for computing in half precision"
    return ""


def overflow(data: memoryview) -> Overflow | None:
    """The finite values that round to infinity in FLOAT16; None without any.

    Args:
        data: little-endian FLOAT32 values; a rest shorter than one is ignored.
    """
    number, largest = 0, 0.0
    usable = len(data) - len(data) % 4
    for start in range(0, usable, CHUNK):
        chunk = bytes(data[start : min(start + CHUNK, usable)])
        if not chunk[3::4].translate(None, _SMALL):
            continue
        for value in unpack(f"<{len(chunk) // 4}f", chunk):
            if abs(value) >= OVERFLOWS and isfinite(value):
                number += 1
                if abs(value) > abs(largest):
                    largest = value
    return Overflow(number, largest) if number else None
