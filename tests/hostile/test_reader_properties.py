"""The reader against bytes that nobody has thought of."""

from __future__ import annotations

import math
from typing import Any

from assemble import assemble
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mutations import Place, places
from sound import made

from tflint._generated.schema import ENUMS, TABLES
from tflint.flatbuf import FormatError, Reader, Table, verify
from tflint.flatbuf.reader import (
    DEPRECATED,
    SCALAR,
    SCALARS,
    STRING,
    STRINGS,
    TABLE,
    UNION,
    WIDTH,
)
from tflint.lint.context import Settings
from tflint.lint.registry import rules
from tflint.lint.run import lint_one, plan_for_all
from tflint.model import Model

PLAN = plan_for_all(sorted(rules()), Settings())
SOUND = bytes(made())
PLACES = places(SOUND)

#: Values of a scalar field by its `struct` character.
NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "?": st.booleans(),
    "f": st.floats(width=32, allow_nan=False),
    "d": st.floats(allow_nan=False),
    **{code: st.integers(0, 2 ** (8 * WIDTH[code]) - 1) for code in "BHIQ"},
    **{
        code: st.integers(-(2 ** (8 * WIDTH[code] - 1)), 2 ** (8 * WIDTH[code] - 1) - 1)
        for code in "bhiq"
    },
}

_INDICES = st.lists(st.integers(-1, 4), max_size=5)
_EXTENTS = st.lists(st.integers(-1, 6), max_size=5)

#: What fields of a model that makes some sense hold, by table and field.
LIKELY: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("Model", "version"): st.just(3),
    ("OperatorCode", "builtin_code"): st.sampled_from(sorted(ENUMS["BuiltinOperator"])),
    ("OperatorCode", "deprecated_builtin_code"): st.just(0),
    ("OperatorCode", "version"): st.integers(1, 6),
    ("OperatorCode", "custom_code"): st.sampled_from(["FlexErf", "TFLite_Detection_PostProcess"]),
    ("Operator", "opcode_index"): st.integers(0, 1),
    ("Operator", "inputs"): _INDICES,
    ("Operator", "outputs"): _INDICES,
    ("Operator", "intermediates"): _INDICES,
    ("SubGraph", "inputs"): _INDICES,
    ("SubGraph", "outputs"): _INDICES,
    ("Tensor", "shape"): _EXTENTS,
    ("Tensor", "shape_signature"): _EXTENTS,
    ("Tensor", "type"): st.sampled_from(sorted(ENUMS["TensorType"])),
    ("Tensor", "buffer"): st.integers(0, 3),
    ("Tensor", "external_buffer"): st.just(0),
    ("QuantizationParameters", "quantized_dimension"): st.integers(-1, 4),
    ("Buffer", "offset"): st.integers(0, 600),
    ("Buffer", "size"): st.integers(0, 200),
    ("TensorMap", "tensor_index"): st.integers(0, 4),
    ("SignatureDef", "subgraph_index"): st.integers(0, 2),
    ("Metadata", "buffer"): st.integers(0, 3),
    ("Metadata", "name"): st.sampled_from(
        ["min_runtime_version", "CONVERSION_METADATA", "TFLITE_METADATA"]
    ),
    **{
        (name, field[0]): st.integers(-1, 3)
        for name, fields in TABLES.items()
        for field in fields
        if field[0].endswith("subgraph_index") and field[2] == "i"
    },
}

#: Fields without which a model makes no sense.
NEEDED = (
    "version",
    "operator_codes",
    "builtin_code",
    "subgraphs",
    "buffers",
    "tensors",
    "operators",
    "inputs",
    "outputs",
)


def _table(name: str, depth: int, likely: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Any table of the schema: every field may be there, down to `depth` tables below."""
    optional = {}
    for field, kind, of, _, _ in TABLES[name]:
        if not field or kind == DEPRECATED or field.endswith("_type") and kind == SCALAR:
            continue
        if likely and (name, field) in LIKELY:
            optional[field] = LIKELY[name, field]
        elif kind == SCALAR:
            optional[field] = NUMBERS[of]
        elif kind == STRING:
            optional[field] = st.text(max_size=8)
        elif kind == STRINGS:
            optional[field] = st.lists(st.text(max_size=4), max_size=3)
        elif kind == SCALARS:
            optional[field] = st.lists(NUMBERS[of], max_size=4)
        elif depth:
            optional[field] = _nested(kind, of, depth - 1, likely)
    needed = {field: optional.pop(field) for field in NEEDED if likely and field in optional}
    return st.fixed_dictionaries(needed, optional=optional)


def _nested(kind: int, of: Any, depth: int, likely: bool) -> st.SearchStrategy[Any]:
    if kind == TABLE:
        return _table(of, depth, likely)
    if kind == UNION:
        return st.sampled_from([one for one in of if one]).flatmap(
            lambda one: st.tuples(st.just(one), _table(one, depth, likely))
        )
    return st.lists(_table(of, depth, likely), min_size=likely, max_size=3)


def _told(table: Table, given: dict[str, Any]) -> None:
    """Asserts that the reader tells of a table what was written into it."""
    fields = {field[0]: field for field in TABLES[table.schema.name]}
    for name, value in given.items():
        _, kind, _, _, _ = fields[name]
        assert table.has(name)
        if kind == SCALAR:
            found = table.scalar(name)
            assert found == value or math.isclose(found, value, rel_tol=1e-6)
        elif kind == STRING:
            assert table.string(name) == value
        elif kind == STRINGS:
            assert table.strings(name) == tuple(value)
        elif kind == SCALARS:
            assert table.numbers(name) == tuple(value)
        elif kind == TABLE:
            child = table.table(name)
            assert child is not None
            _told(child, value)
        elif kind == UNION:
            child = table.union(name)
            assert child is not None
            assert table.union_kind(name) == value[0]
            _told(child, value[1])
        else:
            assert table.count(name) == len(value)
            for index, one in enumerate(value):
                _told(table.item(name, index), one)


@settings(deadline=None, max_examples=150)
@given(_table("Model", 4))
def test_what_is_written_verifies_and_reads_back(spec: dict[str, Any]) -> None:
    data = bytes(assemble(spec))
    reader = Reader(memoryview(data), TABLES)
    found = verify(reader, "Model")
    assert found.errors == ()
    assert found.unknown_fields == ()
    assert found.end <= len(data)
    _told(reader.root("Model"), spec)


@settings(deadline=None, max_examples=150)
@given(_table("Model", 3, likely=True))
def test_any_model_of_the_schema_is_linted(spec: dict[str, Any]) -> None:
    """A graph of random operators, indices, shapes, types, buffers and options."""
    _lint(bytes(assemble(spec)))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
@example(b"")
@example(b"\x08\0\0\0TFL3")
def test_any_bytes_are_linted(data: bytes) -> None:
    _lint(data)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
@example(b"\x04\0\0\0TFL3\0\0\0\0")
def test_any_bytes_behind_the_identifier_are_linted(data: bytes) -> None:
    _lint(b"\x10\0\0\0TFL3" + data)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 2**64 - 1)), max_size=4))
def test_any_numbers_at_structural_places_are_linted(changes: list[tuple[Place, int]]) -> None:
    data = bytearray(SOUND)
    for place, value in changes:
        raw = (value % (1 << 8 * place.width)).to_bytes(place.width, "little")
        data[place.position : place.position + place.width] = raw
    _lint(bytes(data))


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(SOUND)), st.binary(max_size=64))
def test_any_end_is_linted(at: int, tail: bytes) -> None:
    _lint(SOUND[:at] + tail)


def _lint(data: bytes) -> None:
    """Lints a model; the reader may raise nothing but its own error, a rule nothing at all."""
    model = Model(memoryview(data), "m")
    result, _ = lint_one(model, PLAN)
    assert [found.message for found in result.findings if found.code == "X001"] == []
    if not model.verification.refused:
        _walk(model.root)


def _walk(table: Table) -> None:
    """Asks a verified table for everything; none of it may raise."""
    try:
        for name, kind, _, _, _ in table.schema.fields:
            if kind == SCALARS:
                table.numbers(name)
            elif kind == STRING:
                table.string(name)
            elif kind == STRINGS:
                table.strings(name)
            elif kind in (TABLE, UNION):
                child = table.table(name) if kind == TABLE else table.union(name)
                if child is not None:
                    _walk(child)
            elif kind not in (SCALAR, DEPRECATED):
                for index in range(table.count(name)):
                    _walk(table.item(name, index))
    except FormatError as error:
        raise AssertionError(f"verified, and then: {error}") from None
