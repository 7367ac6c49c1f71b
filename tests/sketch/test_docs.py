"""docs/sketch.md: every example builds, survives printing, and says what it claims."""

from __future__ import annotations

import pathlib
import re
from typing import TYPE_CHECKING, Any

import pytest

from tflint import sketch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tflint.model import Model

PAGE = (pathlib.Path(__file__).parents[2] / "docs" / "sketch.md").read_text()
EXAMPLES = re.findall(r"^```sketch\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
FIRST, QUANTIZED, CONSTANTS, OPERATORS, ODD, MARKED = EXAMPLES


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_builds_and_survives_printing(
    text: str, read: Callable[[bytes], Model], facts: Callable[[Model], Any]
) -> None:
    model = read(sketch.build(text))
    printed = sketch.text(model, data=True)
    assert facts(read(sketch.build(printed))) == facts(model)


def test_the_shown_error_is_the_one_that_is_raised() -> None:
    (shown,) = re.findall(r"^```text\n(.*?), \.\.\.\)\n```$", PAGE, re.DOTALL | re.MULTILINE)
    with pytest.raises(sketch.SketchError) as caught:
        sketch.build(FIRST.replace("stride_h", "strides_h").removeprefix("\n"))
    line = FIRST.splitlines().index(next(x for x in FIRST.splitlines() if "CONV_2D" in x)) + 1
    assert str(caught.value).startswith(re.sub(r"line \d+", f"line {line}", shown))


def test_quantized_example(read: Callable[[bytes], Model]) -> None:
    (subgraph,) = read(sketch.build(QUANTIZED)).subgraphs
    weights, state = subgraph.tensors[2], subgraph.tensors[3]
    assert weights.quantization is not None
    assert weights.quantization.blockwise == (1, -1, 32, ())
    assert state.is_variable
    assert subgraph.operators[0].inputs == (0, 2, -1)
    assert subgraph.operators[1].options == {"container": "", "shared_name": "counter"}
    assert subgraph.operators[2].outputs == ()


def test_constants_example(read: Callable[[bytes], Model]) -> None:
    model = read(sketch.build(CONSTANTS))
    codes, names, table, short, twin, far = model.subgraphs[0].tensors
    assert codes.data.hex() == "f81007"
    assert bytes(names.data[-7:]) == b"catdog\0"
    assert table.data.hex() == "0000003f803fc03f00402040"
    assert len(short.data) == 4
    assert twin.buffer_index == codes.buffer_index
    assert far.buffer is not None
    assert far.buffer.external
    assert len(set(far.data)) > 200


def test_operators_example(read: Callable[[bytes], Model]) -> None:
    main, cond, _ = read(sketch.build(OPERATORS)).subgraphs
    assert main.operators[1].label == "TFLite_MyOp"
    assert main.operators[1].version == 2
    assert main.operators[1].custom_options.hex() == "0102"
    assert main.operators[2].option("body_subgraph_index") == 2
    assert [tensor.name for tensor in cond.input_tensors if tensor] == ["a"]
    assert cond.operators[0].inputs == (0, 3)


def test_odd_example(read: Callable[[bytes], Model]) -> None:
    model = read(sketch.build(ODD))
    assert model.version == 2
    assert model.identifier != b"TFL3"
    assert model.buffer_count == 3
    assert bytes(model.root.item("buffers", 0).scalars("data") or b"") == b"\1"
    (subgraph,) = model.subgraphs
    x, y, z = subgraph.tensors
    assert (x.dtype, x.buffer_index, z.shape) == ("TYPE_37", 99, (-1, 2))
    assert [tensor.table.has("quantization") for tensor in (x, y, z)] == [True, True, False]
    assert model.root.item("operator_codes", 0).scalar("builtin_code") == 0
    assert [operator.name for operator in subgraph.operators] == ["ADD", "OPCODE_9"]
    assert subgraph.operators[0].inputs == (0, 12)
    assert subgraph.outputs == (2, 5)


def test_marked_example() -> None:
    assert sketch.marks(MARKED) == [(5, "error", "O001"), (5, "warning", "O002")]
    assert sketch.settings(MARKED) == [("target", "runtime:2.14"), ("allow-custom", "MyOp")]


def test_the_page_names_every_word_of_the_grammar() -> None:
    from tflint.sketch.graph import OPERATOR, QUANTIZATION, TENSOR
    from tflint.sketch.vocabulary import DATA_WORDS, KEYWORDS

    raw = {"details_type", "custom_options_format"}
    raw |= {name for name in OPERATOR if name.startswith(("builtin_options", "large_"))}
    words = {*KEYWORDS, *DATA_WORDS, *QUANTIZATION, *TENSOR, *OPERATOR} - raw
    missing = {word for word in words if not re.search(rf"\b{word}\b", PAGE)}
    assert not missing
