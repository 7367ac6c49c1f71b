"""The oldest runtime that knows every operator version of a model.

Runtimes are numbered as TensorFlow releases; the table and its source are in
rules/runtime_versions.toml.
"""

from __future__ import annotations

from tflint._generated.runtime_versions import SINCE
from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.model import Model

#: Parts of a version number; those that are left out are 0.
_PARTS = 3


class Oldest(NamedTuple):
    """The oldest runtime of a model and the operator that decides it."""

    version: str | None  #: `2.14.0`; None when there are unknown operators or no builtin ones
    deciding: tuple[str, int] | None  #: operator and version, of those that are known
    unknown: tuple[tuple[str, int], ...]  #: builtin operators that no runtime in the table knows


@once
def oldest_runtime(model: Model) -> Oldest:
    """The oldest runtime that knows every operator code of the model.

    The interpreter resolves all codes in the file, whether an operator uses them or not
    (google-ai-edge/LiteRT tflite/core/interpreter_builder.cc,
    BuildLocalIndexToRegistrationMapping).
    Custom operators are the application's and do not count.
    """
    newest: tuple[int, ...] = ()
    deciding: tuple[str, int] | None = None
    unknown: dict[tuple[str, int], None] = {}
    for code in model.operator_codes:
        if code.name == "CUSTOM":
            continue
        since = min_runtime(code.name, code.version)
        if since is None:
            unknown[code.name, code.version] = None
        elif parse_version(since) > newest:
            newest, deciding = parse_version(since), (code.name, code.version)
    version = None if unknown or deciding is None else min_runtime(*deciding)
    return Oldest(version, deciding, tuple(unknown))


def min_runtime(op_name: str, version: int) -> str | None:
    """The first runtime that knows this version of a builtin operator; None when none does."""
    return SINCE.get(op_name, {}).get(version)


def parse_version(text: str) -> tuple[int, ...]:
    """`2.14` as (2, 14, 0): to be compared part by part, as numbers.

    Raises:
        ValueError: a part is not a number.
    """
    parts = text.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise ValueError(f"not a version number: {text!r}")
    return (*map(int, parts), *(0 for _ in range(_PARTS - len(parts))))
