"""Names of enum values, and what unknown values of newer writers are called."""

from __future__ import annotations

from tflint._generated.schema import ENUMS

#: What an unknown value is called, by enum: `TYPE_37`.
_UNKNOWN_PREFIX = {"TensorType": "TYPE", "BuiltinOperator": "BUILTIN"}


def enum_name(enum: str, value: int) -> str:
    """The schema's name of `value`; `TYPE_37`, `BUILTIN_250` or `Padding_7` when it has none."""
    name: str | None = ENUMS[enum].get(value)
    return name if name is not None else f"{_UNKNOWN_PREFIX.get(enum, enum)}_{value}"


def is_known(enum: str, value: int) -> bool:
    """Whether the schema names `value`."""
    return value in ENUMS[enum]
