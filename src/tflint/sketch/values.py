"""Values of a sketch to fields of a schema table, checked against its types."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any

from tflint._generated.schema import ENUMS, TABLES
from tflint.flatbuf.reader import DEPRECATED, SCALAR, SCALARS, STRING, STRINGS, TABLE
from tflint.flatbuf.reader import TABLES as ROWS
from tflint.model.names import enum_name
from tflint.sketch.errors import SketchError, did_you_mean
from tflint.sketch.literals import bounded
from tflint.sketch.syntax import Attribute, Bytes, Fields, Items, Number, Ref, Text, Value, Word
from tflint.sketch.tokens import clip

if TYPE_CHECKING:
    from collections.abc import Callable

    from tflint.flatbuf.reader import Field

#: Fields that hold a tensor index and may be written as the tensor's name.
TENSOR_FIELDS = frozenset(
    {
        ("BlockwiseQuantization", "scales"),
        ("BlockwiseQuantization", "zero_points"),
        ("MultiAxisQuantization", "scales"),
        ("MultiAxisQuantization", "zero_points"),
        ("Operator", "intermediates"),
    }
)
#: Smallest and largest value by `struct` character.
RANGES = {
    "b": (-(2**7), 2**7 - 1),
    "B": (0, 2**8 - 1),
    "h": (-(2**15), 2**15 - 1),
    "H": (0, 2**16 - 1),
    "i": (-(2**31), 2**31 - 1),
    "I": (0, 2**32 - 1),
    "q": (-(2**63), 2**63 - 1),
    "Q": (0, 2**64 - 1),
}
_UNNAMED = re.compile(r"_(-?[0-9]{1,20})$")


def field_names(table: str) -> tuple[str, ...]:
    """The fields of a table that can be given."""
    return tuple(field[0] for field in TABLES[table] if field[0] and field[1] != DEPRECATED)


def convert_fields(
    table: str,
    given: tuple[Attribute, ...],
    tensor: Callable[[Ref], int],
    owner: str = "",
) -> dict[str, Any]:
    """Fields by name as `tflint.model.operator.decode_all` gives them.

    Args:
        table: schema name.
        given: the fields of the text.
        tensor: the index of the tensor that a reference means.
        owner: what messages call the table; its schema name when empty.

    Raises:
        SketchError: a field the table lacks, or a value that does not fit.
    """
    known = field_names(table)
    found: dict[str, Any] = {}
    for item in given:
        if item.name not in known:
            raise unknown(owner or table, item, known)
        found.update(convert(table, item.name, item.value, tensor))
    return found


def no_tensor(ref: Ref) -> int:
    """The answer to a reference where there are no tensors."""
    raise SketchError(ref.line, "expected a number, found a tensor")


def whole_number(table: str, name: str, item: Attribute) -> int:
    """The value of an attribute that a whole-number field of a table holds."""
    found: int = convert(table, name, item.value, no_tensor)[name]
    return found


def unknown(owner: str, item: Attribute, known: tuple[str, ...]) -> SketchError:
    """The error for an attribute that `owner` does not have."""
    return SketchError(
        item.line,
        f"{owner} has no {clip(item.name)}{did_you_mean(item.name, known)} "
        f"(it has {', '.join(known) or 'no attributes'})",
    )


def convert(
    table: str, name: str, value: Value, tensor: Callable[[Ref], int], label: str = ""
) -> dict[str, Any]:
    """One field; a union gives its type as well. `label` is what messages call it."""
    field = next(field for field in TABLES[table] if field[0] == name)
    _, kind, of, _, _ = field
    label = label or name
    if kind == SCALAR:
        return {name: _scalar(table, field, value, tensor, label)}
    if kind == SCALARS:
        if isinstance(value, Bytes) and of == "B":
            if value.outside:
                raise SketchError(value.line, f"{label} cannot be external")
            return {name: value.data}
        items = value.items if isinstance(value, Items) else (value,)
        return {name: tuple(_scalar(table, field, item, tensor, label) for item in items)}
    if kind == STRING:
        return {name: _string(label, value)}
    if kind == STRINGS:
        return {name: tuple(_string(label, item) for item in _items(label, value))}
    if kind == TABLE:
        return {name: _table(label, str(of), value, tensor)}
    if kind == ROWS:
        return {name: tuple(_table(label, str(of), item, tensor) for item in _items(label, value))}
    if not isinstance(value, Fields) or value.table not in of or not value.table:
        known = ", ".join(filter(None, of)) if len(of) < 8 else "the options tables"
        raise SketchError(value.line, f"{label} expects one of {known}, with fields in {{}}")
    return {
        f"{name}_type": of.index(value.table),
        name: convert_fields(value.table, value.fields, tensor),
    }


def _items(name: str, value: Value) -> tuple[Value, ...]:
    if not isinstance(value, Items):
        raise SketchError(value.line, f"{name} expects a list in ()")
    return value.items


def _string(name: str, value: Value) -> str:
    if not isinstance(value, Text):
        raise SketchError(value.line, f"{name} expects a string in quotes")
    return value.text


def _table(name: str, table: str, value: Value, tensor: Callable[[Ref], int]) -> dict[str, Any]:
    if not isinstance(value, Fields) or value.table not in (None, table):
        raise SketchError(value.line, f"{name} expects the fields of {table} in {{}}")
    return convert_fields(table, value.fields, tensor)


def _scalar(
    table: str, field: Field, value: Value, tensor: Callable[[Ref], int], label: str
) -> Any:
    name, _, code, _, enum = field
    if (table, name) in TENSOR_FIELDS:
        if isinstance(value, Word | Text):
            return tensor(Ref(value.text, 0, value.line))
        if isinstance(value, Ref):
            return bounded(str(tensor(value)), label, *RANGES[code], value.line)
    if enum and isinstance(value, Word):
        return enum_value(enum, code, value)
    if code == "?":
        return _bool(label, value)
    if code in "fd":
        return float_value(label, value, code)
    if not isinstance(value, Number):
        expected = "a value of " + enum if enum else "a whole number"
        raise SketchError(value.line, f"{label} expects {expected}{_found(value)}")
    return bounded(value.text, label, *RANGES[code], value.line)


def _found(value: Value) -> str:
    return f", found {clip(value.text)}" if isinstance(value, Word | Text | Number) else ""


def enum_value(enum: str, code: str, word: Word) -> int:
    """The number that an enum's name stands for; `Padding_7` where the schema has no name."""
    names = {name: number for number, name in ENUMS[enum].items()}
    unnamed = _UNNAMED.search(word.text)
    if word.text in names:
        number = str(names[word.text])
    elif unnamed and enum_name(enum, int(unnamed.group(1))) == word.text:
        number = unnamed.group(1)
    else:
        known = clip(", ".join(names), 200)
        raise SketchError(
            word.line,
            f"{enum} has no {clip(word.text)}{did_you_mean(word.text, names)} (it has {known})",
        )
    return bounded(number, enum, *RANGES[code], word.line)


def _bool(name: str, value: Value) -> bool:
    text = getattr(value, "text", "") if isinstance(value, Word | Number) else ""
    if text not in ("true", "false", "0", "1"):
        raise SketchError(value.line, f"{name} expects true or false{_found(value)}")
    return text in ("true", "1")


def float_value(name: str, value: Value, code: str = "f") -> float:
    """A real number as the type of `struct` character `code` holds it."""
    text = value.text if isinstance(value, Number | Word) else ""
    try:
        number = float(text)
        rounded: float = struct.unpack("<" + code, struct.pack("<" + code, number))[0]
    except ValueError:
        raise SketchError(value.line, f"{name} expects a number{_found(value)}") from None
    except OverflowError:
        raise SketchError(value.line, f"{name} of {text} is too large; write inf") from None
    return rounded
