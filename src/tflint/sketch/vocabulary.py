"""The words of a sketch: keywords, element types, operators, and which names need quotes."""

from __future__ import annotations

import re

from tflint._generated.schema import ENUMS

#: Value of every builtin operator by name.
BUILTIN_CODES = {name: code for code, name in ENUMS["BuiltinOperator"].items()}
#: Value of every element type by name.
DTYPE_CODES = {name: code for code, name in ENUMS["TensorType"].items()}
CUSTOM = BUILTIN_CODES["CUSTOM"]
#: What `deprecated_builtin_code` holds for codes beyond its 8 bits.
PLACEHOLDER = BUILTIN_CODES["PLACEHOLDER_FOR_GREATER_OP_CODES"]

#: Words before the name of a tensor.
ROLES = ("input", "const", "variable")
#: Words that begin a line.
KEYWORDS = frozenset(
    {"model", "defaults", "opcode", "metadata", "buffer", "appended", "subgraph", "signature"}
    | {"output", *ROLES}
)
#: Words that stand for numbers.
VALUE_WORDS = frozenset({"true", "false", "nan", "inf"})
#: Words that begin the data of a constant.
DATA_WORDS = VALUE_WORDS | {
    "fill", "seq", "random", "bytes", "same", "external", "hex", "data",
}  # fmt: skip

_NUMBERED = re.compile(r"(BUILTIN|OPCODE|TYPE)_(-?[0-9]{1,10})")
_CAPITALS = re.compile(r"[A-Z0-9_]+")
_PLAIN_CUSTOM = re.compile(r"[A-Za-z_][A-Za-z0-9_/:;-]*")
_RESERVED = KEYWORDS | DATA_WORDS | {"custom"}
_FOLDED = frozenset(name.lower().replace("_", "") for name in BUILTIN_CODES)


def numbered(text: str, prefix: str) -> int | None:
    """The number of `BUILTIN_250`, `OPCODE_9` or `TYPE_37`; None for anything else."""
    match = _NUMBERED.fullmatch(text)
    return int(match.group(2)) if match and match.group(1) == prefix else None


def dtype_code(text: str) -> int | None:
    """The value of an element type, `TYPE_37` included; None when there is none."""
    code = DTYPE_CODES.get(text, numbered(text, "TYPE"))
    return code if code is not None and -128 <= code <= 127 else None


def is_plain_custom(name: str) -> bool:
    """Whether a custom operator's name needs no `custom("..")` around it.

    A name in capitals, or a builtin's but for case and underscores, is taken for a misspelling.
    """
    return (
        _PLAIN_CUSTOM.fullmatch(name) is not None
        and name not in _RESERVED
        and _CAPITALS.fullmatch(name) is None
        and name.lower().replace("_", "") not in _FOLDED
    )
