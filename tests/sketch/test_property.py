"""Random models and random text: what is written is read back, and nothing crashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tflint import sketch
from tflint._generated.schema import ENUMS, TABLES
from tflint.flatbuf.reader import DEPRECATED, SCALAR, SCALARS, STRING, STRINGS, TABLE, UNION
from tflint.sketch.values import RANGES
from tflint.sketch.vocabulary import DATA_WORDS, KEYWORDS
from tflint.sketch.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tflint.model import Model

#: Names that collide with each other and with the words of the grammar.
NAMES = st.sampled_from(["x", "w", "conv/Relu;bn:0", "a b", "-", "#1", ""]) | st.sampled_from(
    sorted(KEYWORDS | DATA_WORDS)
)
TEXTS = NAMES | st.text(max_size=8)
OPERATORS = TEXTS | st.sampled_from(["ADD", "add", "FlexErf", "TFLite_Detection", "OPCODE_1"])


#: Fields that say where bytes lie in the file, by table.
PLACES = {
    "Buffer": ("offset", "size"),
    "Operator": ("large_custom_options_offset", "large_custom_options_size"),
}
#: Nowhere, what writers leave as a mark, inside every file, beyond every file.
PLACED = st.sampled_from([(0, 0), (1, 1), (0, 3), (4, 6), (8, 2), (2, 0), (2**40, 9), (9, 2**63)])


def number(code: str) -> st.SearchStrategy[Any]:
    """A value of a `struct` character, mostly small: an index that means something."""
    if code == "?":
        return st.booleans()
    if code in "fd":
        return st.floats(width=32 if code == "f" else 64)
    low, high = RANGES[code]
    return st.integers(max(low, -2), 6) | st.integers(low, high) | st.sampled_from([low, high])


def scalar(code: str, enum: str | None) -> st.SearchStrategy[Any]:
    if not enum:
        return number(code)
    low, high = RANGES[code]
    known = [value for value in sorted(ENUMS[enum]) if low <= value <= high]
    return st.sampled_from(known) | number(code)


@st.composite
def table(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Any table of the schema: any fields, any values, indices in range or not."""
    found: dict[str, Any] = {}
    for field, kind, of, _, enum in TABLES[name]:
        if not field or kind == DEPRECATED or field in found or draw(st.booleans()):
            continue
        if kind == SCALAR:
            found[field] = draw(scalar(of, enum))
        elif kind == STRING:
            found[field] = draw(OPERATORS if field == "custom_code" else TEXTS)
        elif kind == SCALARS and of == "B":
            found[field] = draw(st.binary(max_size=24))
        elif kind == SCALARS:
            found[field] = tuple(draw(st.lists(scalar(of, enum), max_size=4)))
        elif kind == STRINGS:
            found[field] = tuple(draw(st.lists(TEXTS, max_size=2)))
        elif kind == TABLE:
            found[field] = draw(table(of))
        elif kind == UNION:
            chosen = draw(st.integers(1, len(of) - 1))
            found[f"{field}_type"] = chosen
            found[field] = draw(table(of[chosen]))
        else:
            found[field] = tuple(draw(st.lists(table(of), max_size=4)))
    offset, size = PLACES.get(name, ("", ""))
    if offset in found or size in found:
        found[offset], found[size] = draw(PLACED)
    return found


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(model=table("Model"), identifier=st.sampled_from([b"TFL3", b"ABCD", None]))
def test_any_model_survives_its_text(
    model: dict[str, Any],
    identifier: bytes | None,
    read: Callable[[bytes], Model],
    facts: Callable[[Model], Any],
) -> None:
    original = read(write(model, identifier))
    text = sketch.text(original, data=True)
    built = read(sketch.build(text))
    assert facts(built) == facts(original)
    assert sketch.text(built, data=True) == text
    sketch.build(sketch.text(original))


WORDS = st.sampled_from(
    sorted(KEYWORDS | DATA_WORDS)
    + ["CONV_2D", "CONV_2D.3", "ADD", "SPLIT", "custom", "OPCODE_3", "BUILTIN_250", "FlexErf"]
    + ["FLOAT32", "INT8", "INT4", "STRING", "TYPE_37", "x", "y", "w", "SAME", "none"]
    + ["scale", "zp", "axis", "signature", "details", "sparsity", "stride_w", "options", "buffers"]
    + ["BlockwiseQuantization", "Int32Vector", "values", "inputs", "outputs", "subgraph"]
    + list("()[]{},=@?*-#")
    + ["#1", "#-1", "\n", "\n", "\n  ", " \\\n", '"', '"a"', '"\\xff"']
    + ["1", "-1", "0.5", "1e999", "nan", "99999999999999999999", "hex(00ff)", "hex(0", "[1,8]"]
    + ["data(3f2a, 16 bytes)", "data(3f2a, 99999999999 bytes)", "fill(3)", "[70000,70000]"]
    + ["# error: O001", "# settings: a=b"]
)
LINES = st.sampled_from(
    [
        "subgraph main",
        "input x [1,8] FLOAT32",
        "const w [2] INT4 = 1 -1",
        'const s [1] STRING = "a"',
        "y [1,8] FLOAT32 = ADD(x, x)",
        "(p [1] INT32, q [1] INT32) = SPLIT(x, y) num_splits=2",
        "output y",
        "signature key inputs(a=x) outputs(b=y)",
        'metadata m "text" size=16',
        "buffer 7 hex(00)",
        "model buffers=3",
        "defaults buffer=own",
        "opcode ADD.2",
        "appended bytes(3)",
    ]
)


def only_sketch_errors(text: str) -> None:
    for read in (sketch.build, sketch.marks, sketch.settings):
        raised: sketch.SketchError | None = None
        try:
            read(text)
        except sketch.SketchError as error:
            raised = error
        if raised is not None:
            assert 1 <= raised.line <= text.count("\n") + 1
            assert raised.message


@settings(max_examples=1500, deadline=None)
@given(st.lists(WORDS, max_size=25))
def test_words_in_any_order_are_read_or_refused(words: list[str]) -> None:
    only_sketch_errors(" ".join(words))


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(LINES, st.lists(WORDS, max_size=4)), max_size=8))
def test_lines_with_words_behind_are_read_or_refused(
    lines: list[tuple[str, list[str]]],
) -> None:
    only_sketch_errors("\n".join(" ".join([line, *words]) for line, words in lines))


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    only_sketch_errors(text)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_damaged_example_is_read_or_refused(convolution: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(convolution)))
    end = data.draw(st.integers(start, min(len(convolution), start + 12)))
    inserted = data.draw(WORDS | st.just(""))
    only_sketch_errors(convolution[:start] + inserted + convolution[end:])
