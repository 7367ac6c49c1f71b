"""The oldest runtime of a model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tflint._dev.runtime_versions import render
from tflint._generated.runtime_versions import CUSTOM, REGISTERED, SINCE, UNREGISTERED
from tflint._generated.schema import ENUMS
from tflint.model import Model
from tflint.model.runtime import Oldest, min_runtime, oldest_runtime, parse_version

Make = Callable[[str], Model]


def test_versions_compare_as_numbers() -> None:
    assert parse_version("2.14") == (2, 14, 0)
    assert parse_version("2.9.0") < parse_version("2.14")
    assert parse_version("2.14") == parse_version("2.14.0") < parse_version("2.14.4")
    assert parse_version("1.2.3.4") == (1, 2, 3, 4)


@pytest.mark.parametrize("text", ["", "2.", "2.x", "2.14.0-rc1", "-1", "²", "9" * 5000])
def test_what_is_no_version_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a version number"):
        parse_version(text)


def test_the_newest_operator_decides(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [1] FLOAT32
          y [1] FLOAT32 = RELU(x)
          z [1] FLOAT32 = GELU(y)
          u [1] FLOAT32 = ADD.2(y, z)
        """)
    assert oldest_runtime(model) == Oldest("2.9.0", ("GELU", 1), ())


def test_an_unknown_version_leaves_no_runtime(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [1] FLOAT32
          y [1] FLOAT32 = RELU.77(x)
          z [1] FLOAT32 = GELU(y)
          u [1] FLOAT32 = STABLEHLO_SORT(y)
        """)
    assert oldest_runtime(model) == Oldest(None, ("GELU", 1), (("RELU", 77), ("STABLEHLO_SORT", 1)))


def test_custom_operators_do_not_count(sketch: Make) -> None:
    model = sketch("subgraph\n  input x [1] FLOAT32\n  y [1] FLOAT32 = FlexErf(x)\n")
    assert oldest_runtime(model) == Oldest(None, None, ())


def test_one_operator() -> None:
    assert min_runtime("ADD", 1) == "1.5.0"
    assert min_runtime("ADD", 99) is None
    assert min_runtime("NO_SUCH", 1) is None


def test_the_table_fits_the_schema_and_itself() -> None:
    builtin = set(ENUMS["BuiltinOperator"].values())
    assert SINCE.keys() <= builtin
    assert set(UNREGISTERED) <= builtin
    assert not set(UNREGISTERED) & REGISTERED.keys()
    assert builtin == REGISTERED.keys() | set(UNREGISTERED) | {
        "CUSTOM",
        "DELEGATE",
        "PLACEHOLDER_FOR_GREATER_OP_CODES",
    }
    assert "TFLite_Detection_PostProcess" in CUSTOM
    for name, (lowest, highest) in REGISTERED.items():
        assert lowest <= highest, name
        assert max(SINCE[name]) == highest, name
        order = [parse_version(SINCE[name][version]) for version in sorted(SINCE[name])]
        assert order == sorted(order), name


def test_a_typing_error_in_the_table_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    table = """
[source]
repository = "a/b"
revision = "0"
[source.paths]
since = "x.cc"
[custom]
registered = []
[unregistered]
operators = []
[operators]
"""
    path = tmp_path_factory.mktemp("table") / "table.toml"
    for entry, problem in (
        ('ADDD = { since = { 1 = "1.5.0" } }', "ADDD: no operator"),
        ('ADD = { since = { 1 = "1.5" } }', "ADD: version 1 since 1.5"),
        ('ADD = { since = { x = "1.5.0" } }', "ADD: version x since 1.5.0"),
        ('ADD = { registered = [2, 1], since = { 1 = "1.5.0" } }', "registered from 2 to 1"),
    ):
        path.write_text(table + entry)
        with pytest.raises(ValueError, match=problem):
            render(str(path))
    path.write_text(table + 'ADD = { registered = [1, 2], since = { 1 = "1.5.0" } }')
    assert "'ADD': {1: '1.5.0'}" in render(str(path))


def test_converted_models_say_the_same(shared: Make) -> None:
    """The converter computes the same maximum and writes it into the file."""
    from tflint.model.metadata import min_runtime_version

    for name in ("regenerated/cnn_float.tflite", "regenerated/multisig.tflite", "yamnet"):
        model = shared(name)
        assert oldest_runtime(model).version == min_runtime_version(model) != ""
