"""The table of options tables against the schema and real models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tflint._generated.schema import ENUMS, TABLES, UNIONS
from tflint.model import Model
from tflint.model.options import (
    NAMED_BY_SCHEMA,
    READ_BY_RUNTIME,
    REDUNDANT,
    options_table,
    usual_options,
)
from tflint.sketch.graph import OPERATOR

if TYPE_CHECKING:
    import pathlib

TAKEN = {**READ_BY_RUNTIME, **NAMED_BY_SCHEMA}
UNION_MEMBERS = {*UNIONS["BuiltinOptions"], *UNIONS["BuiltinOptions2"]} - {""}
#: Written by one real model each: the tables of other operators.
MISTAKEN = {("SEGMENT_SUM", "SubOptions")}


def test_every_options_table_of_the_schema_belongs_to_an_operator() -> None:
    assert set(TAKEN.values()) == UNION_MEMBERS


def test_every_operator_of_the_table_is_in_the_schema() -> None:
    assert set(TAKEN) <= set(ENUMS["BuiltinOperator"].values())
    assert not READ_BY_RUNTIME.keys() & NAMED_BY_SCHEMA.keys()
    assert TAKEN.keys() >= REDUNDANT


def test_an_operator_has_the_table_of_its_own_name_if_there_is_one() -> None:
    folded = {table.lower(): table for table in UNION_MEMBERS}
    shared = {"ARG_MAX", "ARG_MIN"}
    for name in ENUMS["BuiltinOperator"].values():
        own = folded.get(name.replace("_", "").lower() + "options")
        if own is not None and name not in shared:
            assert options_table(name) == own


def test_usual_options() -> None:
    assert usual_options("CONV_2D") == "Conv2DOptions"
    assert usual_options("PAD") is None
    assert usual_options("RESHAPE") is None
    assert usual_options("RELU") is None
    assert usual_options("CUSTOM") is None
    assert options_table("RESHAPE") == "ReshapeOptions"
    assert options_table("MAXIMUM") == options_table("MINIMUM") == "MaximumMinimumOptions"


def test_no_option_is_called_like_a_field_of_the_operator() -> None:
    reserved = {*OPERATOR, "options", "opcode"}
    for table in UNION_MEMBERS:
        assert not reserved & {field[0] for field in TABLES[table]}


def test_real_models_use_these_tables(shared_models: pathlib.Path) -> None:
    pairs = set()
    for path in sorted(shared_models.glob("re*/*")):
        model = Model(memoryview(path.read_bytes()), path.name)
        if not model.verification.refused:
            for subgraph in model.subgraphs:
                pairs |= {(op.name, op.options_type) for op in subgraph.operators}
    used = {(name, table) for name, table in pairs if table is not None and name != "CUSTOM"}
    assert len(used) > 50
    assert {(name, table) for name, table in used if options_table(name) != table} == MISTAKEN
