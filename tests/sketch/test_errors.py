"""What a wrong sketch is told: the line, what was expected, and the nearest right word."""

from __future__ import annotations

import re

import pytest

from tflint import sketch

TYPO = [
    ("x [1] FLOAT3", "no element type FLOAT3; did you mean FLOAT32?"),
    ("x [1] int8", "no element type int8; did you mean INT8?"),
    ("y [1] INT8 = CONV2D(-)", "no operator CONV2D; did you mean CONV_2D?"),
    ("y [1] INT8 = Relu(-)", r'did you mean RELU\? .*is custom\("Relu"\)'),
    ("y [1] INT8 = ADD(-) fused_activation=RELU", "did you mean fused_activation_function?"),
    ("y [1] INT8 = CONV_2D(-) padding=SAM", "Padding has no SAM; did you mean SAME?"),
    ("y [1] INT8 = ADD(-) options=SubOption", "did you mean SubOptions?"),
    ("x [1] INT8 scales=0.5", "a tensor has no scales; did you mean scale?"),
    ("x [1] INT8\ny [1] INT8 = ADD(xx, X1)", "no tensor xx in this subgraph"),
    ("input image [1] INT8\ny [1] INT8 = ADD(imge)", "no tensor imge .*did you mean image?"),
    ("const w [2] INT8 = fil(3)", "did you mean fill?"),
    ("model versoin=3", "did you mean version?"),
    ("sugraph main", "did you mean subgraph?"),
    ("subgraph main debug=1", "a subgraph has no debug"),
    ("defaults rank=false", "a default has no rank"),
    ("metadata m offset=3 hex(00)", "metadata has no offset"),
    ("buffer 3 ofset=5", "did you mean offset?"),
    ("opcode ADD code=5", "an operator code has no code"),
    ("x [1] INT8 sparsity={order=(0)}", "SparsityParameters has no order"),
    ("y [1] INT8 = MyOp(-) stride_h=1", "a custom operator has no stride_h"),
]
SYNTAX = [
    ("x [1,8", r"this \[ is never closed"),
    ("x [1,8) FLOAT32", r"expected \] to close the \[ of line 1, found \)"),
    ("x 1] FLOAT32", r"\] closes nothing"),
    ("x [1,8]", "expected an element type such as FLOAT32, found the end of the line"),
    ("x [1.5] INT8", "dimension 1.5 is no whole number"),
    ("x [4294967296] INT8", "dimension 4294967296, expected -2147483648 to 2147483647"),
    ("x [1] INT8 y", "expected an attribute as name=value, .*found y"),
    ("x [1] INT8 scale=", "expected a value, found the end of the line"),
    ("x [1] INT8 scale=1 scale=2", "scale is given twice"),
    ("x [1] INT8 scale=1e99", "scale of 1e99 is too large; write inf"),
    ("x [1] INT8 scale=abc", "scale expects a number, found abc"),
    ("x [1] INT8 zp=0.5", "zp 0.5 is no whole number"),
    ("x [1] INT8 has_rank=yes", "has_rank expects true or false, found yes"),
    ("x [1] INT8 buffer=-1", "buffer -1, expected 0 to 4294967295"),
    ("x [1] INT8 details=Foo{}", "details expects one of CustomQuantization, Blockwise"),
    ("x [1] INT8 quantization={} scale=1", "quantization= next to attributes"),
    ("x [1] INT8 quantization=all", "quantization expects none or its fields"),
    ("x [1] INT8 sparsity=3", r"sparsity expects the fields of SparsityParameters in \{\}"),
    ("x [1] INT8 variant_tensors={}", r"variant_tensors expects a list in \(\)"),
    ('x [1] INT8 = "a', "this string has no closing quote"),
    ('"a\\q" [1] INT8', r"unknown escape \\q"),
    ("x [1] INT8 = 3x", "expected a number, found 3x"),
    ("x ~ y", "unexpected character '~'"),
    ("x [1] INT8 scale=" + "1" * 65, "number of 65 digits, at most 64"),
    ("x [1] INT8 scale=" + "(" * 20 + ")" * 20, "values nest more than 16 deep"),
    ("const w [1] INT8", "a const without data"),
    ("const w [1] INT8 = ADD(-)", "expected data .*found ADD"),
    ("const w [4] INT8 = 1 2 3", "3 values for 4 elements of the shape"),
    ("const w [2] COMPLEX64 = 1 2", "2 values for 4 real and imaginary parts"),
    ("const w [1] INT8 = 300", "INT8 value 300 is outside -128 to 127"),
    ("const w [1] INT8 = true", "INT8 value true is no whole number"),
    ("const w [1] FLOAT32 = true", "FLOAT32 value true is no number"),
    ("const w [1] FLOAT16 = 70000", "FLOAT16 value 70000 is too large for FLOAT16"),
    ("const w [1] FLOAT8_E4M3FN = 500", "500 is outside the 448 that FLOAT8_E4M3FN holds"),
    ("const w [1] BFLOAT16 = 3.4e38", "3.4e38 is too large for BFLOAT16"),
    ("const w [1] STRING = 3", "STRING has no values to write, expected strings"),
    ("const w [1] TYPE_99 = 3", r"TYPE_99 has no values to write, expected hex\(\)"),
    ('const w [1] INT8 = "a"', "strings for a tensor of INT8"),
    ('const w [2] STRING = "a"', "1 strings for 2 elements"),
    ("const w [1] INT8 = fill()", r"fill\(\) with 0 values, expected fill\(value\)"),
    ("const w [1] INT8 = random(0.5)", "expected a whole number as seed"),
    ("const w [9999999] INT8 = seq", r"seq of 9999999 elements, at most 4194304; use fill\(\)"),
    ("const w [70000,70000] INT8 = fill(1)", "constants of more than 256 MiB"),
    ("const w [1] INT8 = bytes(999999999)", "number of bytes 999999999, expected 0 to 268435456"),
    ("const w [1] INT8 = hex(0)", r"hex\(\) of 1 digits, two per byte"),
    ("const w [1] INT8 = hex(0g)", r"hex\(\) expects pairs of hexadecimal digits"),
    ("const w [1] INT8 = data(3f2a)", r"data\(\) expects a digest and a size"),
    ("const w [1] INT8 = external(offset=1)", r"external\(\) without size="),
    ("const w [1] INT8 = same(v)", "no tensor v"),
    ("const w [1] INT8 = same(w)", "itself the same as another"),
    ("const w [1] INT8 = same(#7)", "there is no such tensor"),
    ("const w [1] INT8 buffer=1 = same(w)", r"same\(\) next to buffer="),
    ("x [1] INT8 opcode=3", "a tensor has no opcode"),
    ("y [1] INT8 = ADD(-", r"this \( is never closed"),
    ("y [1] INT8 = ADD(- -)", r"expected , or \) in the inputs, found -"),
    ("y [1] INT8 = ADD", r"expected \( and the inputs of ADD"),
    ("y [1] INT8 = 3(x)", "expected an attribute"),
    ("y [1] INT8 = ADD.99999999999(-)", "version of the operator 99999999999"),
    ("y [1] INT8 = ADD(-) options=3", "options expects none or the name"),
    ("y [1] INT8 = ADD(-) stride_h=1 builtin_options_type=3", "stride_h next to builtin_options"),
    ("y [1] INT8 = RELU(-) alpha=1", "RELU has no alpha"),
    ("y [1] INT8 = custom(x)(-)", "the name of the custom operator in quotes"),
    ("y [1] INT8 = ADD(-) mutating_variable_inputs=external hex(00)", "expects true or false"),
    ("y [1] INT8 = RESHAPE(-) new_shape=hex(00)", "new_shape expects a whole number"),
    ("(y [1] INT8) ADD(-)", "expected = and the operator of these outputs"),
    ("output x [1] INT8", "output lists tensors declared on lines of their own"),
    ("x @1 [1] INT8", "no tensor 0, but tensors of a higher index"),
    ("x [1] INT8\ny @0 [1] INT8", "tensor 0 is declared on line 1 already"),
    ("x [1] INT8\nx [1] INT8\noutput x", "2 tensors are called x; say which: #0 or #1"),
    ("signature s inputs(a=x)", "no subgraph 0; write #index"),
    ("signature s inputs(a=-)", "tensor index -1 in a signature"),
    ("signature s graph=1", "a signature has subgraph=, not graph="),
    ("signature s outputs a", r"expected \( after outputs, found a"),
    ("metadata m", "metadata without data"),
    ("metadata m 3", r"expected hex\(\), bytes\(\) or one string: no type is known here"),
    ('metadata m "abc" size=2', "size of the metadata 2, expected 3 to"),
    ("model identifier=AB", "identifier AB, expected four bytes or none"),
    ("model buffers=x", "number of buffers x is no whole number"),
    ("model buffers=1\nconst w [1] INT8 = 3", "buffer 1 is filled, but the model has 1"),
    (
        "const v [1] INT8 buffer=5 = 1\nconst w [1] INT8 buffer=5 = 2",
        "buffer 5 is filled on line 1",
    ),
    ("const w [1] INT8 buffer=999999 = 1", "buffer number 999999, at most 262143"),
    ("opcode OPCODE_3", "OPCODE_3 names a number, not an operator"),
    ("subgraph\nmodel", "model belongs on the first line, and once"),
    ("subgraph\ndefaults buffer=own", "defaults belongs below the model line, and once"),
    ("defaults has_rank=3", "a default is has_rank=true or false"),
    ("\ud800", "unexpected character"),
    ('"\ud800"', "a character that UTF-8 cannot hold"),
]


@pytest.mark.parametrize(("text", "message"), TYPO + SYNTAX)
def test_message(text: str, message: str) -> None:
    with pytest.raises(sketch.SketchError) as caught:
        sketch.build(text)
    assert re.search(message, caught.value.message), caught.value.message
    assert caught.value.line == text.count("\n") + 1
    assert not caught.value.message.endswith(".")


def test_the_line_is_the_one_with_the_mistake() -> None:
    text = "model\n\nsubgraph\n  input x [1] INT8\n  # note\n  y [1] INT8 = ADD(x, \\\n    z)\n"
    with pytest.raises(sketch.SketchError) as caught:
        sketch.parse(text)
    assert (caught.value.line, str(caught.value)) == (
        7,
        "line 7: no tensor z in this subgraph",
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x [1] INT8  # error: 001", 1, "expected a mark such as error: O001, found 'error: 001'"),
        ("\nx [1] INT8  # error: O001; warning: Q002", 2, "expected a mark such as"),
        ("x [1] INT8  # error: O001,", 1, "found ''"),
    ],
)
def test_wrong_marks(text: str, line: int, message: str) -> None:
    with pytest.raises(sketch.SketchError, match=re.escape(message)) as caught:
        sketch.marks(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model\n# settings: a=b", "settings belong on the first line"),
        ("x [1] INT8  # settings: a=b", "settings belong on the first line"),
        ("# settings: a", "expected name=value, found 'a'"),
        ("# settings: a='b", "no closing quotation"),
    ],
)
def test_wrong_settings(text: str, message: str) -> None:
    with pytest.raises(sketch.SketchError, match=message):
        sketch.settings(text)
