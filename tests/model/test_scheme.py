"""The quantization scheme of small models, and of every shared one."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable

import pytest

from tflint.model import Model
from tflint.model.scheme import domain, float_share, scheme

Make = Callable[[str], Model]

INT8 = "INT8 scale=0.1 zp=0"
UINT8 = "UINT8 scale=0.1 zp=128"
INT16 = "INT16 scale=0.001 zp=0"
BIAS = "INT32 scale=0.01 zp=0"


def dense(sketch: Make, x: str, w: str, y: str, *more: str, bias: str = "") -> Model:
    """One FULLY_CONNECTED, with the types of input, weights and output; then more lines."""
    lines = [
        "subgraph",
        f"  input x [1,4] {x}",
        f"  const w [2,4] {w} = fill(1)",
        *([f"  const b [2] {bias} = fill(0)"] if bias else ()),
        f"  y [1,2] {y} = FULLY_CONNECTED(x, w{', b' if bias else ''})",
        *(f"  {line}" for line in more),
    ]
    if not any(line.startswith("output") for line in more):
        lines.append("  output y")
    return sketch("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("x", "w", "y", "kind", "activations", "weights", "io", "label"),
    [
        ("FLOAT32",) * 3 + ("float32", "FLOAT32", "FLOAT32", "float", "float32"),
        ("FLOAT16",) * 3 + ("fp16", "FLOAT16", "FLOAT16", "float", "fp16"),
        ("BFLOAT16",) * 3 + ("fp16", "BFLOAT16", "BFLOAT16", "float", "bfloat16"),
        ("FLOAT32", INT8, "FLOAT32")
        + ("dynamic-range", "FLOAT32", "INT8", "float", "dynamic-range int8"),
        ("FLOAT32", "INT4 scale=0.1", "FLOAT32")
        + ("dynamic-range", "FLOAT32", "INT4", "float", "dynamic-range int4"),
        (INT8,) * 3 + ("full-integer", "INT8", "INT8", "integer", "full-integer int8"),
        (UINT8,) * 3 + ("full-integer", "UINT8", "UINT8", "integer", "full-integer uint8"),
        (INT16, INT8, INT16) + ("int16x8", "INT16", "INT8", "integer", "int16x8"),
        (INT16,) * 3 + ("full-integer", "INT16", "INT16", "integer", "full-integer int16"),
        (INT8, "INT4 scale=0.1", INT8)
        + ("full-integer", "INT8", "INT4", "integer", "full-integer int8 with int4 weights"),
        ("INT32",) * 3 + ("integer", "INT32", "", "integer", "unquantized int32"),
    ],
)
def test_one_operator(
    sketch: Make,
    x: str,
    w: str,
    y: str,
    kind: str,
    activations: str,
    weights: str,
    io: str,
    label: str,
) -> None:
    found = scheme(dense(sketch, x, w, y))
    assert found[:5] == (kind, activations, weights, io, label)


def test_biases_are_no_weights(sketch: Make) -> None:
    found = scheme(dense(sketch, INT8, INT8, INT8, bias=BIAS))
    assert (found.kind, found.weights) == ("full-integer", "INT8")


@pytest.mark.parametrize(
    ("x", "z", "io", "label"),
    [
        ("FLOAT32", "FLOAT32", "float", "full-integer int8, float I/O"),
        (UINT8, UINT8, "integer", "full-integer int8, uint8 I/O"),
        (UINT8, "FLOAT32", "mixed", "full-integer int8, uint8 input, float output"),
    ],
)
def test_converted_inputs_and_outputs(sketch: Make, x: str, z: str, io: str, label: str) -> None:
    last = "DEQUANTIZE" if z == "FLOAT32" else "QUANTIZE"
    model = sketch(f"""\
        subgraph
          input x [1,4] {x}
          const w [2,4] {INT8} = fill(1)
          q [1,4] {INT8} = QUANTIZE(x)
          y [1,2] {INT8} = FULLY_CONNECTED(q, w)
          z [1,2] {z} = {last}(y)
          output z
        """)
    found = scheme(model)
    assert (found.kind, found.io, found.label) == ("full-integer", io, label)
    assert (found.integer_operators, found.float_operators, found.boundary_operators) == (1, 0, 2)


def test_only_the_output_differs(sketch: Make) -> None:
    model = dense(sketch, INT8, INT8, INT8, "z [1,2] FLOAT32 = DEQUANTIZE(y)", "output z")
    assert scheme(model).label == "full-integer int8, float output"
    assert scheme(model).io == "mixed"


def test_float_islands_make_a_model_mixed(sketch: Make) -> None:
    model = dense(
        sketch,
        INT8,
        INT8,
        INT8,
        "f [1,2] FLOAT32 = DEQUANTIZE(y)",
        "const v [6,2] FLOAT32 = fill(1)",
        "g [1,6] FLOAT32 = FULLY_CONNECTED(f, v)",
        f"z [1,6] {INT8} = QUANTIZE(g)",
        "output z",
    )
    found = scheme(model)
    assert found.kind == "mixed"
    assert found.label == "int8 with 1 operator in float"
    assert found.activations == "INT8"
    assert float_share(model) == (12, 20)
    domains = [domain(operator) for operator in model.subgraphs[0].operators]
    assert domains == ["integer", "boundary", "float", "boundary"]


def test_an_operator_from_integers_to_floats_is_a_boundary(sketch: Make) -> None:
    """Such as TFLite_Detection_PostProcess with quantized boxes: nothing runs in float."""
    model = dense(
        sketch, INT8, INT8, INT8, "z [1,2] FLOAT32 = TFLite_Detection_PostProcess(y)", "output z"
    )
    assert scheme(model).kind == "full-integer"
    assert domain(model.subgraphs[0].operators[1]) == "boundary"


@pytest.mark.parametrize(
    ("dtype", "kind", "label"),
    [
        ("FLOAT16", "fp16", "fp16"),
        ("INT8 scale=0.1", "weight-only", "weight-only int8"),
        ("INT4 scale=0.1", "weight-only", "weight-only int4"),
    ],
)
def test_unpacked_weights(sketch: Make, dtype: str, kind: str, label: str) -> None:
    model = sketch(f"""\
        subgraph
          input x [1,4] FLOAT32
          const c [2,4] {dtype} = fill(1)
          w [2,4] FLOAT32 = DEQUANTIZE(c)
          y [1,2] FLOAT32 = FULLY_CONNECTED(x, w)
          output y
        """)
    found = scheme(model)
    assert (found.kind, found.label) == (kind, label)
    assert (found.float_operators, found.boundary_operators) == (1, 0)
    assert [domain(operator) for operator in model.subgraphs[0].operators] == ["storage", "float"]


def test_most_weights_decide(sketch: Make) -> None:
    """Dynamic-range quantization leaves small tensors in float32; a few fp16 ones change little."""
    model = sketch(f"""\
        subgraph
          input x [1,4] FLOAT32
          const a [8,4] {INT8} = fill(1)
          const b [99,8] FLOAT32 = fill(1)
          const c [2,99] FLOAT16 = fill(1)
          y [1,8] FLOAT32 = FULLY_CONNECTED(x, a)
          z [1,99] FLOAT32 = FULLY_CONNECTED(y, b)
          u [2,99] FLOAT32 = DEQUANTIZE(c)
          v [1,2] FLOAT32 = FULLY_CONNECTED(z, u)
          output v
        """)
    assert scheme(model).kind == "fp16"


def test_a_quantized_table_in_a_float_model(sketch: Make) -> None:
    model = sketch(f"""\
        subgraph
          input ids [3] INT32
          const table [9,4] {INT8} = fill(1)
          q [3,4] {INT8} = GATHER(table, ids)
          f [3,4] FLOAT32 = DEQUANTIZE(q)
          y [3,4] FLOAT32 = TANH(f)
          output y
        """)
    found = scheme(model)
    assert (found.kind, found.weights, found.io) == ("weight-only", "INT8", "float")
    assert domain(model.subgraphs[0].operators[0]) == "lookup"


def test_control_flow_counts_its_bodies_once(sketch: Make) -> None:
    model = sketch(f"""\
        subgraph main
          input x [1,4] FLOAT32
          y [1,4] FLOAT32 = WHILE(x) cond_subgraph_index=1 body_subgraph_index=2
          output y
        subgraph cond
          input x [1,4] FLOAT32
          const c [] BOOL = 1
          output c
        subgraph body
          input x [1,4] FLOAT32
          const w [4,4] {INT8} = fill(1)
          q [1,4] {INT8} = QUANTIZE(x)
          r [1,4] {INT8} = FULLY_CONNECTED(q, w)
          y [1,4] FLOAT32 = DEQUANTIZE(r)
          output y
        subgraph unreachable
          input x [1,4] FLOAT32
          y [1,4] FLOAT32 = TANH(x)
        """)
    found = scheme(model)
    assert (found.label, found.integer_operators) == ("full-integer int8, float I/O", 1)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("edgetpu-custom-op", "compiled for Edge TPU"),
        ("ethos-u", "compiled for Ethos-U"),
        ("DISPATCH_OP", "compiled for LiteRT NPU"),
    ],
)
def test_compiled_models(sketch: Make, name: str, label: str) -> None:
    model = sketch(f'subgraph\n  input x [1] {INT8}\n  y [1] {INT8} = custom("{name}")(x)\n')
    assert (scheme(model).kind, scheme(model).label) == ("compiled", label)


def test_models_without_numbers(sketch: Make) -> None:
    assert scheme(sketch("model\n"))[:5] == ("empty", "", "", "none", "empty")
    assert scheme(sketch("subgraph\n  input x [1] FLOAT32\n  output x\n")).kind == "empty"
    model = sketch("subgraph\n  input x [1] STRING\n  y [1] STRING = MyOp(x)\n  output y\n")
    assert scheme(model)[:5] == ("other", "STRING", "", "none", "unquantized string")
    model = sketch(f"subgraph\n  input x [1] FLOAT32\n  y [1] {INT8} = QUANTIZE(x)\n  output y\n")
    assert (scheme(model).kind, scheme(model).boundary_operators) == ("other", 1)


def test_shape_arithmetic_is_in_no_domain(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [1,4] FLOAT32
          s [2] INT32 = SHAPE(x)
          y [2] INT32 = NEG(s)
          output y
        """)
    assert scheme(model).kind == "integer"
    assert [domain(operator) for operator in model.subgraphs[0].operators] == ["plain", "plain"]


def test_indices_out_of_range_are_ignored(sketch: Make) -> None:
    model = sketch("subgraph\n  input #-1\n  (#99) = ADD(#77, #-5)\n  output #4\n")
    assert scheme(model).kind == "other"


#: What the list of shared models calls a scheme, and what is meant by it here.
KINDS = {
    "float": {"float32"},
    "int8": {"full-integer", "mixed"},
    "uint8": {"full-integer"},
    "fp16": {"fp16"},
    "dynamic-range": {"dynamic-range"},
    "int16x8": {"int16x8"},
    "empty": {"empty"},
}
#: Models whose scheme differs from the list, which goes by the types that occur, and why.
DIFFERS = {
    # One operator that holds a compiled program.
    "tflm_fd_fm__0_fd_0x200000": "compiled",
    "qat_pruning_model_vela": "compiled",
    "simple_add_op_qc_v75_precompiled": "compiled",
    "with_metadata.bin": "compiled",
    "_edgetpu.tflite": "compiled",
    "-edgetpu.tflite": "compiled",
    # Weights stored as INT8 behind DEQUANTIZE; everything is computed in float.
    "models__mnist_quantized.tflite": "weight-only",
    # INT16 is the cell state of an LSTM whose activations are INT8.
    "lstm_quantized.bin": "full-integer",
    # Floats come from strings; the only quantized tensor is an output behind QUANTIZE.
    "test_model_nl_classifier.tflite": "float32",
    # Strings to integers; floats are unused parameters of the tokenizer.
    "sentencepiece_tokenizer_flex_op": "other",
    # `other:` in the list.
    "1x3_square_int32": "integer",
    "feedback_tensor_with_state_copy": "integer",
    "segment_sum_invalid_buffer": "integer",
    "audio_preprocessor_int8": "integer",
    "tensor_string_data_type": "other",
    "nl_classifier_bool_output": "other",
    "whitespace_tokenizer": "other",
}


def test_every_real_model(shared_models: pathlib.Path) -> None:
    seen = set()
    for line in (shared_models / "manifest.jsonl").read_text().splitlines():
        row = json.loads(line)
        model = Model(memoryview((shared_models / "real" / row["file"]).read_bytes()), row["file"])
        if model.verification.refused:
            assert "quant" not in row
            continue
        found = scheme(model).kind
        reasons = [part for part in DIFFERS if part in row["file"]]
        seen.update(reasons)
        if reasons:
            assert {DIFFERS[reason] for reason in reasons} == {found}, row["file"]
        else:
            assert found in KINDS[row["quant"]], row["file"]
    assert seen == set(DIFFERS)


#: What the name of a regenerated model promises, first match first.
PROMISES = [
    (r"fixed_io_cnn_int16x8_uint8", "int16x8, uint8 I/O"),
    (r"(fallback|strict)_sin_uint8", "int8 with 1 operator in float, uint8 I/O"),
    (r"(fallback_sin_int8|strict_sin)", "int8 with 1 operator in float"),
    (r"fallback_sin", "int8 with 1 operator in float, float I/O"),
    (r"lstm_unroll_int8", "int8 with 1 operator in float, float I/O"),
    (r"int8_uint8io|floatio_uint8", "full-integer int8, uint8 I/O"),
    (r"floatio_int8", "full-integer int8"),
    (r"(static_a16w8|int16x8_intio)", "int16x8"),
    (r"int16x8", "int16x8, float I/O"),
    (r"weightonly_w8", "weight-only int8"),
    (r"aeq_dynamic_w4", "dynamic-range int4"),
    (r"aeq_dynamic_w8|mlp_dynrange|fc_version_dynrange", "dynamic-range int8"),
    # The converter quantizes no tensor of fewer than 1,024 elements: here, none at all.
    (r"cnn_dynrange", "float32"),
    # Folded: fp16 constants written as float32.
    (r"fp16_folded", "float32"),
    (r"fp16|float16", "fp16"),
    # The converter was not given a calibration, and left the model as it was.
    (r"nocalib", "float32"),
    (r"(mlir_int8|cq_int8)(_pertensor|_floatio)?\.tflite|static_floatio", None),
    (r"int8_fully|int8_intio|int8_modio|static_a8w8|static_tensorwise", "full-integer int8"),
    (r"cnn_int8_(full|oldquant|pertensor\.)|pin_batch_int8|mnv2_int8", "full-integer int8"),
    (r"qdq_pair|story_tf_int8", "full-integer int8"),
    (r"int8|chan_\w+[\d.]*_per_", "full-integer int8, float I/O"),
    (r"", "float32"),
]


def test_every_regenerated_model(shared_models: pathlib.Path) -> None:
    for path in sorted((shared_models / "regenerated").glob("*.tflite")):
        model = Model(memoryview(path.read_bytes()), path.name)
        promise = next(label for pattern, label in PROMISES if re.search(pattern, path.name))
        found = scheme(model)
        if promise is None:
            assert found.kind == "full-integer", path.name
            assert found.io in {"integer", "float"}, path.name
        else:
            assert found.label == promise, path.name
