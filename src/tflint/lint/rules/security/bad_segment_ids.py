"""S010 bad-segment-ids: see rules/security/S010-bad-segment-ids.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.constants import integers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S010", data=True)

UNSORTED = (
    "UNSORTED_SEGMENT_MAX",
    "UNSORTED_SEGMENT_MIN",
    "UNSORTED_SEGMENT_PROD",
    "UNSORTED_SEGMENT_SUM",
)


@rule.op("SEGMENT_SUM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    values = integers(op.input(1))
    if values is None or not len(values):
        return
    previous = -1
    for position, value in enumerate(values):
        # The first must be 0, each later one the same as before or one more.
        if value - previous not in ((1,) if not position else (0, 1)):
            before = f" after {previous}" if position else " first"
            yield rule.finding(
                op,
                f"segment {value}{before} in the ids of SEGMENT_SUM, which count up from 0",
                measured=value,
                limit=previous + 1,
            )
            return
        previous = value


@rule.op(*UNSORTED)
def unsorted(op: Operator, ctx: Context) -> Iterator[Finding]:
    values, count = integers(op.input(1)), integers(op.input(2))
    if values is None or count is None or not len(values) or len(count) != 1:
        return
    highest = max(values)
    if highest >= count[0]:
        yield rule.finding(
            op,
            f"segment {highest} in the ids of {op.name} of {count[0]} segments",
            measured=highest,
            limit=count[0],
            why="AllocateTensors fails",
        )
