"""How buffers and operator codes are numbered when the text gives no number.

The printer counts along with these, and writes a number only where the count is off.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tflint.sketch.vocabulary import CUSTOM, PLACEHOLDER

#: Most buffers of a sketch.
MAX_BUFFERS = 1 << 18


class Numbering:
    """Counts buffers: tensors of each subgraph by index, then metadata.

    Attributes:
        own: whether a tensor without data has a buffer of its own.
        count: buffers so far; the first is the empty one.
    """

    def __init__(self, own: bool) -> None:
        self.own = own
        self.count = 1
        self._last = 0

    def expected(self, filled: bool) -> int:
        """What `next` would answer when no number is given."""
        return self._last + 1 if filled or self.own else 0

    def next(self, given: int | None, filled: bool) -> int:
        """The number of the next tensor or metadata entry.

        Args:
            given: the number the text gives, from which the count goes on.
            filled: whether the line fills the buffer.
        """
        if given is None:
            given = self.expected(filled)
            if given:
                self._last = given
                self.made(given)
            return given
        if (filled or self.own) and given:
            self._last = given
        if filled:
            self.made(given)
        return given

    def made(self, number: int) -> None:
        """Notes that the buffer exists."""
        self.count = max(self.count, number + 1)


class OpcodeKey(NamedTuple):
    """What operators that share an operator code have in common."""

    code: int
    custom: str | None
    version: int


def opcode_fields(code: int, custom: str | None, version: int, both: bool) -> dict[str, Any]:
    """The fields of an operator code as converters write them.

    Args:
        code: value of BuiltinOperator.
        custom: name of a custom operator.
        version: version of the operator.
        both: whether a code below 128 is written to the newer field as well; writers before 2020
            had only `deprecated_builtin_code`.
    """
    fits = code < PLACEHOLDER
    return {
        "deprecated_builtin_code": code if fits else PLACEHOLDER,
        "builtin_code": code if both or not fits else 0,
        "custom_code": custom if code == CUSTOM else None,
        "version": version,
    }
