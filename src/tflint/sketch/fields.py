"""Tables of a model to the text of their fields, for every table of the schema alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tflint.flatbuf.reader import DEPRECATED, SCALAR, SCALARS, STRING, STRINGS, TABLE
from tflint.flatbuf.reader import TABLES as ROWS
from tflint.model.names import enum_name
from tflint.sketch.constants import show_bytes
from tflint.sketch.elements import show, show_float
from tflint.sketch.tokens import quote
from tflint.sketch.values import TENSOR_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tflint.flatbuf import Table

    Namer = Callable[[int], str]


def show_fields(
    table: Table, tensor: Namer, full: bool, skip: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Name and text of every field that is not its default.

    Args:
        table: the table.
        tensor: the text for a tensor index.
        full: whether long bytes are written out.
        skip: fields to leave out.
    """
    found: list[tuple[str, str]] = []
    typed: set[str] = set()
    for name, kind, _, _, _ in table.schema.fields:
        if name and kind != DEPRECATED and name not in skip:
            text = show_field(table, name, tensor, full)
            if text is not None:
                found.append((name, text))
                typed.add(f"{name}_type")
    return [
        (name, text)
        for name, text in found
        if name not in typed  # the type of a union whose table stands beside it
    ]


def show_field(table: Table, name: str, tensor: Namer, full: bool) -> str | None:
    """The text of one field; None for a default."""
    _, kind, of, default, enum = table.schema.fields[table.schema.slots[name]]
    if kind == SCALAR:
        value = table.scalar(name)
        if value == default:
            return None
        return tensor(value) if _is_tensor(table, name) else show_scalar(of, enum, value)
    if kind == STRING:
        text = table.string(name)
        return None if text is None else quote(text)
    if kind == SCALARS:
        return _vector(table, name, of, enum, tensor, full)
    if kind == STRINGS:
        return show_list([quote(text) for text in table.strings(name)])
    if kind == TABLE:
        child = table.table(name)
        return None if child is None else braces("", child, tensor, full)
    if kind == ROWS:
        rows = (table.item(name, index) for index in range(table.count(name)))
        return show_list([braces("", row, tensor, full) for row in rows])
    child = table.union(name)
    return None if child is None else braces(child.schema.name, child, tensor, full)


def _is_tensor(table: Table, name: str) -> bool:
    return (table.schema.name, name) in TENSOR_FIELDS


def _vector(
    table: Table, name: str, code: str, enum: str | None, tensor: Namer, full: bool
) -> str | None:
    if code == "B":
        data = table.scalars(name)
        return show_bytes(data, full) if data else None
    values = table.numbers(name)
    if _is_tensor(table, name):
        return show_list([tensor(value) for value in values])
    return show_list([show_scalar(code, enum, value) for value in values])


def show_list(texts: list[str]) -> str | None:
    """`(a,b)`; None when there is nothing."""
    return f"({','.join(texts)})" if texts else None


def show_scalar(code: str, enum: str | None, value: Any) -> str:
    """A number, bool or enum value."""
    if enum:
        return enum_name(enum, value)
    if code == "?":
        return "true" if value else "false"
    if code == "f":
        return show_float(value)
    return show("FLOAT64", value) if code == "d" else str(value)


def braces(title: str, table: Table, tensor: Namer, full: bool) -> str:
    """`Int32Vector{values=(0,2)}`."""
    return title + "{" + pairs(show_fields(table, tensor, full)) + "}"


def pairs(found: Iterable[tuple[str, str]]) -> str:
    """`name=text name=text`."""
    return " ".join(f"{name}={text}" for name, text in found)
