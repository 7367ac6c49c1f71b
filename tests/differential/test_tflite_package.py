"""The schema and every real model, against the `tflite` package: another generator, another reader.

It implements the schema of TensorFlow 2.18, which is older than ours: what it lacks is listed.
"""

from __future__ import annotations

import ast
import inspect
import pathlib
import re
from functools import cache
from typing import Any

import flatbuffers
import numpy as np
import pytest
import tflite

from tflint._dev.schema import ENUM_OF_FIELD
from tflint._generated.schema import ENUMS, TABLES, UNIONS
from tflint.flatbuf import Table
from tflint.flatbuf.reader import (
    DEPRECATED,
    SCALAR,
    SCALARS,
    STRING,
    STRINGS,
    UNION,
    WIDTH,
)
from tflint.flatbuf.reader import TABLE as CHILD
from tflint.flatbuf.reader import TABLES as CHILDREN
from tflint.model import Model

#: Of tables that describe a model, not its metadata: those that the package implements.
SHARED_TABLES = sorted(TABLES.keys() & vars(tflite).keys())
#: flatbuffers.number_types by `struct` character.
FLAGS = {
    "?": "BoolFlags",
    "b": "Int8Flags",
    "B": "Uint8Flags",
    "h": "Int16Flags",
    "H": "Uint16Flags",
    "i": "Int32Flags",
    "I": "Uint32Flags",
    "q": "Int64Flags",
    "Q": "Uint64Flags",
    "f": "Float32Flags",
    "d": "Float64Flags",
}

#: Newer than schema 2.18: tables, fields, and enum and union values.
NEWER_TABLES = {
    "BlockwiseQuantization",
    "ExternalBuffer",
    "ExternalBufferGroup",
    "MultiAxisQuantization",
    "StablehloCaseOptions",
}
NEWER_FIELDS = {
    "FullyConnectedOptions.quant_spec",
    "Model.external_buffer_groups",
    "Model.external_buffers",
    "Operator.debug_metadata_index",
    "StableHLOCompositeOptions.version",
    "SubGraph.debug_metadata_index",
    "Tensor.external_buffer",
}
NEWER_VALUES = {
    "BuiltinOperator.STABLEHLO_CASE",
    "BuiltinOptions2.StablehloCaseOptions",
    "QuantizationDetails.BlockwiseQuantization",
    "QuantizationDetails.MultiAxisQuantization",
    "TensorType.FLOAT8_E4M3FN",
    "TensorType.FLOAT8_E5M2",
    "TensorType.INT2",
    "TensorType.UINT4",
}
#: The package's accessor is written by hand: below 127 it answers with the deprecated field.
REWRITTEN = "OperatorCode.builtin_code"
#: Schemas of metadata, which the package does not implement.
OTHER_SCHEMAS = re.compile(
    "Metadata|Options|Environment|Conversion|SparsityBlock|Associated|Properties|Range|Feature|"
    "Image|Audio|Bounding|Content|ProcessUnit|Stats|TensorGroup|Score|ModelType|ModelOpt|"
    "CoordinateType|ColorSpaceType"
)


@cache
def accessors(table: str) -> dict[str, str]:
    """The package's accessor of each field, by the field's name without underscores."""
    source = inspect.getsource(inspect.getmodule(getattr(tflite, table)))  # type: ignore[arg-type]
    names = re.findall(r"    def (\w+)\(self(?:, j)?\):", source)
    return {
        name.lower(): name
        for name in names
        if not re.search(r".(AsNumpy|Length|IsNone)$", name) or name == "Length"
    }


def accessor(table: str, field: str) -> str | None:
    return accessors(table).get(field.replace("_", ""))


def code(table: str, name: str) -> str:
    """The source of one accessor."""
    return inspect.getsource(getattr(getattr(tflite, table), name))


@pytest.mark.parametrize("table", SHARED_TABLES)
def test_fields_of(table: str) -> None:
    """Slots, types and defaults agree, and neither has a field the other lacks but the newer."""
    ours = {field[0].replace("_", ""): field[0] for field in TABLES[table] if field[0]}
    assert accessors(table).keys() <= ours.keys()
    newer = {f"{table}.{name}" for key, name in ours.items() if key not in accessors(table)}
    assert newer <= NEWER_FIELDS
    for slot, (name, kind, of, default, _) in enumerate(TABLES[table]):
        theirs = accessor(table, name)
        if kind == DEPRECATED or theirs is None or f"{table}.{name}" == REWRITTEN:
            continue
        source = code(table, theirs)
        assert re.findall(r"_tab\.Offset\((\d+)\)", source) == [str(4 + 2 * slot)], name
        assert ("_tab.Vector(o)" in source) == (kind in (SCALARS, STRINGS, CHILDREN)), name
        if kind in (SCALAR, SCALARS):
            assert f"number_types.{FLAGS[of]}," in source, name
        if kind == SCALAR:
            (written,) = re.findall(r"^        return (\S+)$", source, re.MULTILINE)
            assert ast.literal_eval(written) == default, name
        if kind in (STRING, STRINGS):
            assert "_tab.String(" in source, name
        if kind in (CHILD, CHILDREN):
            assert f"obj = {of}()" in source, name
        if kind == UNION:
            assert "_tab.Union(obj, o)" in source, name


def test_tables_that_only_one_has() -> None:
    implemented = {
        name
        for name, thing in vars(tflite).items()
        if isinstance(thing, type) and hasattr(thing, "Init")
    }
    assert implemented <= TABLES.keys()
    missing = {name for name in TABLES if name not in implemented}
    assert {name for name in missing if not OTHER_SCHEMAS.search(name)} <= NEWER_TABLES
    assert len(implemented) > 130


def values(name: str) -> dict[str, int] | None:
    """The package's enum or union types; None when it lacks them."""
    found = getattr(tflite, name, None)
    if found is None:
        return None
    return {key: value for key, value in vars(found).items() if isinstance(value, int)}


@pytest.mark.parametrize("enum", sorted(ENUMS))
def test_values_of(enum: str) -> None:
    theirs = values(enum)
    if theirs is None:
        assert OTHER_SCHEMAS.search(enum), enum
        return
    ours = {name: value for value, name in ENUMS[enum].items()}
    assert theirs.items() <= ours.items()
    assert {f"{enum}.{name}" for name in ours.keys() - theirs.keys()} <= NEWER_VALUES


@pytest.mark.parametrize("union", sorted(UNIONS))
def test_types_of(union: str) -> None:
    theirs = values(union)
    if theirs is None:
        assert union in {"ContentProperties", "ProcessUnitOptions"}
        return
    ours = {name: value for value, name in enumerate(UNIONS[union]) if name}
    theirs.pop("NONE")
    assert theirs.items() <= ours.items()
    assert {f"{union}.{name}" for name in ours.keys() - theirs.keys()} <= NEWER_VALUES


def test_every_enum_is_the_enum_of_a_field() -> None:
    """flatc's Python drops which field holds which enum: the list of them must not lag behind."""
    assert set(ENUM_OF_FIELD.values()) == set(ENUMS)
    used = {field[4] for fields in TABLES.values() for field in fields if field[4]}
    assert used == set(ENUMS)
    for place in ENUM_OF_FIELD:
        table, _, name = place.partition(".")
        tables = [fields for key, fields in TABLES.items() if table in ("*", key)]
        assert any(field[0] == name for fields in tables for field in fields), place


class Comparison:
    """One walk over a file with both readers."""

    def __init__(self) -> None:
        self.fields = 0
        self.seen: set[str] = set()
        self.different: list[str] = []

    def table(self, ours: Table, theirs: Any) -> None:
        table = ours.schema.name
        for name, kind, of, _, _ in ours.schema.fields:
            if kind == DEPRECATED:
                continue
            found = accessor(table, name)
            if found is None or f"{table}.{name}" == REWRITTEN:
                continue
            self.fields += 1
            self.seen.add(f"{table}.{name}")
            self.field(ours, theirs, name, kind, of, found)

    def expect(self, ours: Table, name: str, one: object, other: object) -> None:
        same = one == other or (one != one and other != other)
        if not same:
            self.different.append(f"{ours.path}.{name}: {one!r} and {other!r}")

    def field(self, ours: Table, theirs: Any, name: str, kind: int, of: Any, found: str) -> None:
        get = getattr(theirs, found)
        if kind == SCALAR:
            self.expect(ours, name, ours.scalar(name), get())
        elif kind == STRING:
            self.expect(ours, name, ours.string(name), text(get()))
        elif kind == SCALARS:
            view = ours.scalars(name)
            array = getattr(theirs, found + "AsNumpy")()
            held = b"" if isinstance(array, int) else np.ascontiguousarray(array).tobytes()
            self.expect(ours, name, b"" if view is None else bytes(view), held)
            length = getattr(theirs, found + "Length")()
            self.expect(ours, name, len(held) // WIDTH[of], length)
            if length < 1000 and not isinstance(array, int):
                self.expect(ours, name, list(ours.numbers(name)), array.tolist())
        elif kind == STRINGS:
            length = getattr(theirs, found + "Length")()
            self.expect(ours, name, ours.strings(name), tuple(text(get(i)) for i in range(length)))
        elif kind == CHILD:
            self.child(ours, name, ours.table(name), get())
        elif kind == UNION:
            self.union(ours, name, get())
        else:
            length = getattr(theirs, found + "Length")()
            self.expect(ours, name, ours.count(name), length)
            for index in range(length):
                self.child(ours, name, ours.item(name, index), get(index))

    def union(self, ours: Table, name: str, theirs: flatbuffers.table.Table | None) -> None:
        kind = ours.union_kind(name)
        if theirs is not None and kind is not None and hasattr(tflite, kind):
            typed = getattr(tflite, kind)()
            typed.Init(theirs.Bytes, theirs.Pos)
            self.child(ours, name, ours.union(name), typed)

    def child(self, ours: Table, name: str, child: Table | None, theirs: Any) -> None:
        self.expect(ours, name, child is None, theirs is None)
        if child is not None and theirs is not None:
            self.table(child, theirs)


def text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "backslashreplace")


def compared(path: pathlib.Path) -> Comparison | None:
    """Both readings of a file; None for one that our verification refuses."""
    data = path.read_bytes()
    model = Model(memoryview(data), path.name)
    if model.verification.refused:
        return None
    comparison = Comparison()
    comparison.table(model.root, tflite.Model.GetRootAs(data, 0))
    return comparison


@pytest.mark.slow
def test_every_field_of_every_real_model(shared_models: pathlib.Path) -> None:
    fields, seen, files = 0, set(), 0
    for path in sorted((shared_models / "real").iterdir()):
        comparison = compared(path)
        if comparison is None:
            continue
        assert comparison.different == [], path.name
        fields += comparison.fields
        seen |= comparison.seen
        files += 1
    assert files == 110
    assert fields > 270_000
    assert len(seen) > 150


def test_every_field_of_every_regenerated_model(shared_models: pathlib.Path) -> None:
    for path in sorted((shared_models / "regenerated").iterdir()):
        comparison = compared(path)
        assert comparison is not None, path.name
        assert comparison.different == [], path.name
