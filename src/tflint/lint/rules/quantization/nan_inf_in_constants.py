"""Q014 nan-inf-in-constants: see rules/quantization/Q014-nan-inf-in-constants.md."""

from __future__ import annotations

from struct import unpack

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator, Tensor
from tflint.model.constant_users import CHOOSING, MULTIPLYING, users_of
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q014", data=True)

#: Operators that a finding points to.
NAMED = 8
#: Bytes looked at in one go: large enough that the loop costs nothing, small enough for a cache.
CHUNK = 1 << 16


class Count(NamedTuple):
    """What is not finite among the values of a buffer."""

    nan: int
    positive: int  #: +infinity
    negative: int  #: -infinity
    first: int  #: index of the first NaN, or else of the first infinity


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    counted: dict[tuple[int | None, int, str], Count | None] = {}
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            scan = _SCANS.get(tensor.dtype)
            if scan is None or not tensor.is_constant:
                continue
            buffer = tensor.buffer
            data = tensor.data
            # Signatures share weights: one look for all tensors of a buffer.
            key = (buffer.position if buffer else None, len(data), tensor.dtype)
            if key not in counted:
                counted[key] = count(data, scan)
            found = counted[key]
            if found:
                yield from _judge(tensor, found)


def _judge(tensor: Tensor, found: Count) -> Iterator[Finding]:
    users = users_of(tensor)
    if not users:
        return
    total = f"of {tensor.elements} values"
    if found.nan:
        chosen = all(op is not None and op.name in CHOOSING for op in users)
        yield rule.finding(
            tensor,
            f"{found.nan} {total} {_are(found.nan)} NaN, the first at {found.first}"
            f"{_read_by(users)}",
            measured=f"{found.nan} NaN",
            severity="warning" if chosen else "",
            related=_places(users),
        )
        return
    infinite = found.positive + found.negative
    what = "-inf" if not found.positive else "+inf" if not found.negative else "+inf or -inf"
    message = f"{infinite} {total} {_are(infinite)} {what}, the first at {found.first}"
    if any(op is not None and op.name in MULTIPLYING for op in users):
        users = [op for op in users if op is not None and op.name in MULTIPLYING]
        yield rule.finding(
            tensor,
            f"{message}{_read_by(users)}",
            measured=f"{infinite} {what}",
            why="multiplied by 0, infinity becomes NaN, which reaches every output",
            related=_places(users),
        )
    elif any(op is None or op.name not in CHOOSING for op in users):
        masks = all(op is not None and op.name in ("ADD", "SUB") for op in users)
        yield rule.finding(
            tensor,
            f"{message}{_read_by(users)}",
            measured=f"{infinite} {what}",
            severity="info" if masks else "warning",
            confidence="medium",
            why="a SOFTMAX over scores that are all masked with infinity gives NaN"
            if masks
            else "infinity minus infinity and infinity times 0 are NaN",
            fix="mask with a large finite number such as -1e4" if masks else None,
            related=_places(users),
        )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _read_by(users: list[Operator | None] | list[Operator]) -> str:
    names = sorted({op.label for op in users if op is not None})
    return f"; read by {', '.join(names)}" if names else "; an output"


def _places(users: list[Operator | None] | list[Operator]) -> tuple[Operator, ...]:
    return tuple(op for op in users if op is not None)[:NAMED]


class Scan(NamedTuple):
    """How to look for values that are not finite in one element type."""

    width: int  #: bytes of an element
    tops: tuple[int, ...]  #: top bytes that a value needs not to be finite
    code: str  #: `struct` character of an integer of that width
    exponent: int  #: bits that are all 1 in it


#: IEEE 754 and bfloat16: the exponent is all ones. The top byte alone decides for FLOAT16, and
#: lets only values from 1.7e38 (from 4.5e307 for FLOAT64) through for the others.
_SCANS = {
    "FLOAT32": Scan(4, (0x7F, 0xFF), "I", 0x7F800000),
    "FLOAT16": Scan(2, (*range(0x7C, 0x80), *range(0xFC, 0x100)), "H", 0x7C00),
    "BFLOAT16": Scan(2, (0x7F, 0xFF), "H", 0x7F80),
    "FLOAT64": Scan(8, (0x7F, 0xFF), "Q", 0x7FF0000000000000),
}


def count(data: memoryview, scan: Scan) -> Count | None:
    """Counts the values that are not finite; None when there are none.

    Args:
        data: little-endian elements; a rest shorter than an element is ignored.
        scan: their type.
    """
    width, tops, code, exponent = scan
    nan = positive = negative = 0
    first_nan = first_infinite = -1
    sign = exponent + (exponent & -exponent)
    usable = len(data) - len(data) % width
    for start in range(0, usable, CHUNK):
        chunk = bytes(data[start : min(start + CHUNK, usable)])
        top = chunk[width - 1 :: width]
        if not any(byte in top for byte in tops):
            continue
        for index, value in enumerate(unpack(f"<{len(top)}{code}", chunk), start // width):
            if value & exponent == exponent:
                if value & ~(exponent | sign):
                    nan += 1
                    first_nan = index if first_nan < 0 else first_nan
                else:
                    negative += value >= sign
                    positive += value < sign
                    first_infinite = index if first_infinite < 0 else first_infinite
    if not nan + positive + negative:
        return None
    return Count(nan, positive, negative, first_nan if nan else first_infinite)
