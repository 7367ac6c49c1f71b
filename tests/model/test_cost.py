"""MACs by hand, and against the figures published for real networks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tflint._generated.schema import ENUMS
from tflint.model import Model
from tflint.model.cost import Cost, macs, model_macs, subgraph_macs

Make = Callable[[str], Model]

OPERATORS = {
    # 1*8*8*4 outputs, each the sum of 3*3*3 products
    "CONV_2D(x, w)": ("[1,8,8,3]", "[4,3,3,3]", "[1,8,8,4]", 6912),
    # two groups: the filter holds the inputs of one
    "CONV_2D(x, w) ": ("[1,8,8,6]", "[4,3,3,3]", "[1,8,8,4]", 6912),
    "DEPTHWISE_CONV_2D(x, w)": ("[1,8,8,3]", "[1,3,5,6]", "[1,4,4,6]", 1440),
    "CONV_3D(x, w)": ("[1,4,8,8,3]", "[2,3,3,3,5]", "[1,4,8,8,5]", 69120),
    "FULLY_CONNECTED(x, w)": ("[3,10]", "[4,10]", "[3,4]", 120),
    "FULLY_CONNECTED(x, w) keep_num_dims=true": ("[2,3,10]", "[4,10]", "[2,3,4]", 240),
    "BATCH_MATMUL(x, w)": ("[2,3,5]", "[2,5,7]", "[2,3,7]", 210),
    "BATCH_MATMUL(x, w) adj_x=true": ("[2,5,3]", "[2,5,7]", "[2,3,7]", 210),
    "BATCH_MATMUL(x, w) adj_y=true": ("[2,3,5]", "[2,7,5]", "[2,3,7]", 210),
    # the basic kernel: all gates in one matrix
    "LSTM(x, -, w, -, -) kernel_type=BASIC": ("[2,5]", "[16,9]", "[2,4]", 288),
    "STABLEHLO_CONVOLUTION(x, w) kernel_output_feature_dimension=3": (
        "[1,8,8,3]",
        "[3,3,3,4]",
        "[1,8,8,4]",
        6912,
    ),
    "STABLEHLO_DOT_GENERAL(x, w) lhs_contracting_dimensions=(1,2)": (
        "[2,3,5]",
        "[3,5,7]",
        "[2,7]",
        210,
    ),
    # every input value goes into 3*3*4 sums
    "Convolution2DTransposeBias(x, w)": ("[1,8,8,3]", "[4,3,3,3]", "[1,16,16,4]", 6912),
    "ADD(x, w)": ("[1,8,8,3]", "[1,8,8,3]", "[1,8,8,3]", 0),
    "MAX_POOL_2D(x)": ("[1,8,8,3]", "[1]", "[1,4,4,3]", 0),
}


@pytest.mark.parametrize("operator", OPERATORS)
def test_macs_of_one_operator(sketch: Make, operator: str) -> None:
    data, weights, result, expected = OPERATORS[operator]
    model = sketch(f"""\
        subgraph
          input x {data} FLOAT32
          const w {weights} FLOAT32 = fill(0)
          y {result} FLOAT32 = {operator}
          output y
        """)
    assert macs(model.subgraphs[0].operators[0]) == expected
    assert model_macs(model) == Cost(expected, 0)


@pytest.mark.parametrize(
    ("name", "data", "weights"),
    [
        ("TRANSPOSE_CONV", "[1,8,8,3]", "[4,3,3,3]"),
        ("CONV_3D_TRANSPOSE", "[1,8,8,3]", "[1,3,3,4,3]"),
    ],
)
def test_transposed_convolutions_read_the_third_input(
    sketch: Make, name: str, data: str, weights: str
) -> None:
    model = sketch(f"""\
        subgraph
          input x {data} FLOAT32
          const s [4] INT32 = 1 16 16 4
          const w {weights} FLOAT32 = fill(0)
          y [1,16,16,4] FLOAT32 = {name}(s, w, x)
        """)
    assert macs(model.subgraphs[0].operators[0]) == 8 * 8 * 3 * 3 * 3 * 4


def recurrent(sketch: Make, name: str, data: str, weights: dict[int, str]) -> int | None:
    """MACs of a recurrent operator with weights of given shapes at given input positions."""
    constants = "\n".join(f"  const w{i} {shape} FLOAT32 = fill(0)" for i, shape in weights.items())
    names = (f"w{i}" if i in weights else "-" for i in range(1, max(weights) + 1))
    model = sketch(
        f"subgraph\n  input x {data} FLOAT32\n{constants}\n"
        f"  y [2,4] FLOAT32 = {name}(x, {', '.join(names)})\n"
    )
    return macs(model.subgraphs[0].operators[0])


def test_lstm_uses_each_weight_once_per_batch_entry(sketch: Make) -> None:
    gates = dict.fromkeys((1, 2, 3, 4), "[4,5]") | dict.fromkeys((5, 6, 7, 8), "[4,3]")
    peephole_and_projection = {9: "[4]", 10: "[4]", 11: "[4]", 16: "[3,4]"}
    bias = dict.fromkeys((12, 13, 14, 15), "[4]")
    assert recurrent(sketch, "LSTM", "[2,5]", gates | bias) == 2 * 4 * (20 + 12)
    every = gates | bias | peephole_and_projection
    assert recurrent(sketch, "LSTM", "[2,5]", every) == 2 * (128 + 12 + 12)


def test_sequences_repeat_the_cell_per_step(sketch: Make) -> None:
    gates = dict.fromkeys((1, 2, 3, 4), "[4,5]") | dict.fromkeys((5, 6, 7, 8), "[4,4]")
    assert recurrent(sketch, "UNIDIRECTIONAL_SEQUENCE_LSTM", "[2,7,5]", gates) == 14 * 144
    both = gates | {position + 17: shape for position, shape in gates.items()}
    assert recurrent(sketch, "BIDIRECTIONAL_SEQUENCE_LSTM", "[2,7,5]", both) == 2 * 14 * 144
    cell = {1: "[4,5]", 2: "[4,4]"}
    assert recurrent(sketch, "RNN", "[2,5]", cell) == 2 * 36
    assert recurrent(sketch, "UNIDIRECTIONAL_SEQUENCE_RNN", "[2,7,5]", cell) == 14 * 36
    cells = cell | {5: "[4,5]", 6: "[4,4]"}
    assert recurrent(sketch, "BIDIRECTIONAL_SEQUENCE_RNN", "[2,7,5]", cells) == 14 * 72
    assert recurrent(sketch, "SVDF", "[2,5]", {1: "[8,5]", 2: "[8,10]"}) == 2 * (40 + 80)


@pytest.mark.parametrize(
    "line",
    [
        "y [1,8,8,4] FLOAT32 = CONV_2D(x, -)",
        "y [1,8,8,4] FLOAT32 = CONV_2D(x)",
        "y [] FLOAT32 = CONV_2D(x, w)",
        "y [1,8,8,4] FLOAT32 = CONV_2D(x, v)",
        "y [1,8,8,4] FLOAT32 = CONV_2D(x, n)",
        "y [3,4] FLOAT32 = FULLY_CONNECTED(x, e)",
        "y [1] FLOAT32 = FlexErf(x)",
        "y [1] FLOAT32 = MyOp(x)",
        "y [1] FLOAT32 = WHILE(x) cond_subgraph_index=1 body_subgraph_index=1",
        "y [1] FLOAT32 = CALL(x) subgraph=9",
        "y [1] FLOAT32 = STABLEHLO_CONVOLUTION(x, w) kernel_output_feature_dimension=4",
        "y [1] FLOAT32 = STABLEHLO_DOT_GENERAL(x, w) lhs_contracting_dimensions=(4)",
        "y [1] FLOAT32 = DELEGATE(x)",
    ],
)
def test_unknown_is_none_and_not_zero(sketch: Make, line: str) -> None:
    model = sketch(f"""\
        subgraph
          input x [1,8,8,3] FLOAT32
          const w [4,3,3,3] FLOAT32 = fill(0)
          const v [4,3] FLOAT32 = fill(0)
          const e [4,0] FLOAT32 = bytes(4)
          n [4,3,3,-1] FLOAT32
          {line}
        subgraph body
          input x [1] FLOAT32
        """)
    assert macs(model.subgraphs[0].operators[0]) is None
    assert model_macs(model) == Cost(0, 1)


def test_composites_cost_what_they_run(sketch: Make) -> None:
    model = sketch("""\
        subgraph main
          input x [3,10] FLOAT32
          y [3,4] FLOAT32 = STABLEHLO_COMPOSITE(x) name="my.dense" decomposition_subgraph_index=1
          z [3,4] FLOAT32 = CALL(x) subgraph=2
        subgraph dense
          input x [3,10] FLOAT32
          const w [4,10] FLOAT32 = fill(0)
          y [3,4] FLOAT32 = FULLY_CONNECTED(x, w)
        subgraph outer
          input x [3,10] FLOAT32
          y [3,4] FLOAT32 = CALL(x) subgraph=1
          z [3,4] FLOAT32 = CALL(x) subgraph=1
        """)
    assert [macs(operator) for operator in model.subgraphs[0].operators] == [120, 240]
    assert model_macs(model) == Cost(360, 0)
    assert subgraph_macs(model.subgraphs[1]) == Cost(120, 0)


def test_a_subgraph_that_calls_itself_is_unknown(sketch: Make) -> None:
    model = sketch("""\
        subgraph main
          input x [1] FLOAT32
          y [1] FLOAT32 = CALL(x) subgraph=1
        subgraph body
          input x [1] FLOAT32
          y [1] FLOAT32 = CALL(x) subgraph=1
        """)
    assert macs(model.subgraphs[0].operators[0]) is None
    assert model_macs(model) == Cost(0, 1)


def test_initializers_and_reducers_cost_nothing(sketch: Make) -> None:
    model = sketch("""\
        subgraph main
          input x [4] FLOAT32
          () = CALL_ONCE() init_subgraph_index=1
          y [] FLOAT32 = STABLEHLO_REDUCE(x) dimensions=(0) body_subgraph_index=2
        subgraph init
        subgraph add
        """)
    assert model_macs(model) == Cost(0, 0)


def test_a_model_without_subgraphs_costs_nothing(sketch: Make) -> None:
    assert model_macs(sketch("model\n")) == Cost(0, 0)


def test_operators_that_are_counted_exist() -> None:
    """A name that no schema has would silently count nothing."""
    from tflint.model.cost import _COUNTS

    custom = {"Convolution2DTransposeBias"}
    assert custom <= set(_COUNTS)
    assert set(_COUNTS) - custom <= set(ENUMS["BuiltinOperator"].values())


@pytest.mark.parametrize(
    ("name", "millions"),
    [
        # tensorflow/models research/slim/nets/mobilenet_v1.md: 14 and 21 million MACs
        ("real/google-coral+test_data__mobilenet_v1_0.25_128_quant.tflite", 14),
        ("mobilenet_v1_0_25_160_quantized", 21),
        # research/slim/nets/mobilenet/README.md: mobilenet_v2_0.35_96, 11 million MACs
        ("mobilenet_v2_035_96_embedder", 11),
        ("regenerated/mnv2_int8.tflite", 11),
        # DS-CNN, small: 5.4 million operations, two a MAC (https://arxiv.org/abs/1711.07128)
        ("kws_ref_model.tflite", 2.7),
    ],
)
def test_published_figures(shared: Make, name: str, millions: float) -> None:
    cost = model_macs(shared(name))
    assert cost.uncounted == 0
    assert cost.macs / 1e6 == pytest.approx(millions, rel=0.035)
