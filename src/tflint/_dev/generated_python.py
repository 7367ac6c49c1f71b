"""Reads the tables and enums of a schema from the Python code that flatc generated for it.

The wheels of LiteRT, TensorFlow and MediaPipe ship that code and not the `.fbs` files. It is
parsed, never imported: importing it would import the framework around it.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tflint.flatbuf.reader import (
    DEPRECATED,
    SCALAR,
    SCALARS,
    STRING,
    STRINGS,
    TABLE,
    TABLES,
    UNION,
)

if TYPE_CHECKING:
    from tflint.flatbuf.reader import Field

#: flatbuffers.number_types names to `struct` characters.
_CODES = {
    "BoolFlags": "?",
    "Int8Flags": "b",
    "Uint8Flags": "B",
    "Int16Flags": "h",
    "Uint16Flags": "H",
    "Int32Flags": "i",
    "Uint32Flags": "I",
    "Int64Flags": "q",
    "Uint64Flags": "Q",
    "Float32Flags": "f",
    "Float64Flags": "d",
}


class GeneratedSchema(NamedTuple):
    """What one generated module declares."""

    tables: dict[str, list[Field]]  #: fields in slot order
    enums: dict[str, dict[str, int]]  #: value by name, in order of declaration
    unions: dict[str, tuple[str, ...]]  #: table names by union type; index 0 is NONE


def snake_case(name: str) -> str:
    """`BuiltinOptions2Type` -> `builtin_options_2_type`, the spelling of the .fbs."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
    return re.sub(r"(options)(\d)", r"\1_\2", name)


def parse(source: str) -> GeneratedSchema:
    """The schema that flatc's generated Python module `source` implements.

    Raises:
        ValueError: an accessor that no known template of flatc produces.
    """
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    enums = {
        node.name: _enum_values(node)
        for node in classes
        if not any(isinstance(item, ast.FunctionDef) for item in node.body)
    }
    union_names = set(re.findall(r"^def (\w+)Creator\(unionType", source, re.MULTILINE))
    unions = {name: _by_value(values) for name, values in enums.items() if name in union_names}
    enums = {name: values for name, values in enums.items() if name not in union_names}
    tables = {
        node.name: _fields(node, source, unions)
        for node in classes
        if any(isinstance(item, ast.FunctionDef) and item.name == "Init" for item in node.body)
    }
    return GeneratedSchema(tables, enums, unions)


def _enum_values(node: ast.ClassDef) -> dict[str, int]:
    values = {}
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            values[item.targets[0].id] = ast.literal_eval(item.value)
    return values


def _by_value(values: dict[str, int]) -> tuple[str, ...]:
    names = [""] * (max(values.values()) + 1)
    for name, value in values.items():
        names[value] = "" if name == "NONE" else name
    return tuple(names)


def _fields(node: ast.ClassDef, source: str, unions: dict[str, tuple[str, ...]]) -> list[Field]:
    """The fields of one table class, from its accessors, in slot order.

    flatc writes no accessor for a deprecated field: its slot stays, without a name.
    """
    by_slot: dict[int, Field] = {}
    for item in node.body:
        if not isinstance(item, ast.FunctionDef) or item.name.startswith("GetRootAs"):
            continue
        body = ast.get_source_segment(source, item) or ""
        slot = re.search(r"self\._tab\.Offset\((\d+)\)", body)
        if slot is None or re.search(r".(AsNumpy|Length|IsNone)$", item.name):
            continue
        by_slot[(int(slot[1]) - 4) // 2] = _field(node.name, item.name, body, unions)
    slots = range(max(by_slot, default=-1) + 1)
    return [by_slot.get(slot, ("", DEPRECATED, None, None, None)) for slot in slots]


def _field(table: str, accessor: str, body: str, unions: dict[str, tuple[str, ...]]) -> Field:
    name = snake_case(accessor)
    child = re.search(r"obj = (\w+)\(\)", body)
    scalar = re.search(r"number_types\.(\w+Flags), (o \+ self\._tab\.Pos|a \+)", body)
    vector = "self._tab.Vector(o)" in body
    if "self._tab.Union(obj, o)" in body:
        # The accessor does not name its union: the generated class of that name does.
        return (name, UNION, unions[_union_name(accessor, unions)], None, None)
    if "self._tab.String(" in body:
        return (name, STRINGS if vector else STRING, None, None, None)
    if child and "self._tab.Indirect(" in body:
        return (name, TABLES if vector else TABLE, child[1], None, None)
    if scalar and scalar[1] in _CODES:
        default = re.findall(r"return (\S+)\s*$", body)[-1]
        return (
            name,
            SCALARS if vector else SCALAR,
            _CODES[scalar[1]],
            None if vector else _default(default),
            None,
        )
    raise ValueError(f"{table}.{accessor}: accessor of an unknown shape")


def _default(text: str) -> Any:
    return ast.literal_eval(text)


#: Unions whose field is not named after them.
_UNION_OF_FIELD = {
    "Details": "QuantizationDetails",
    "ArraySegments": "SparseIndexVector",
    "ArrayIndices": "SparseIndexVector",
}


def _union_name(accessor: str, unions: dict[str, tuple[str, ...]]) -> str:
    if accessor in unions:
        return accessor
    if accessor in _UNION_OF_FIELD:
        return _UNION_OF_FIELD[accessor]
    matches = [name for name in unions if name.endswith(accessor)]
    if len(matches) != 1:
        raise ValueError(f"no union for the field {accessor}: {sorted(unions)}")
    return matches[0]
