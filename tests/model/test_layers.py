"""What the stored numbers of a quantized layer amount to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tflint.model import Model
from tflint.model.layers import quantized_layers, weights_of

LAYER = """
    model
      subgraph "main"
        input x [1,2] INT8 scale=0.5 zp=3
        const w [2,2] INT8 scale={scales} zp={zeros} axis=0 = 1 2 3 4
        const b [2] {dtype} {bias} = 100 -8
        y [1,2] INT8 scale=0.25 zp=-28 = FULLY_CONNECTED.4(x, w, b)
        output y
"""
PLAIN = {"scales": "(0.5,2)", "zeros": "(0,0)", "dtype": "INT32", "bias": "scale=1 zp=0"}

Make = Callable[[str], Model]


def test_a_bias_has_the_scale_of_input_and_weights(sketch: Make) -> None:
    (layer,) = quantized_layers(sketch(LAYER.format(**PLAIN)))
    assert layer.stored == (100, -8)
    assert layer.bias == (25.0, -8.0)
    assert (layer.low, layer.high) == (-25.0, 38.75)


def test_one_scale_counts_for_every_channel(sketch: Make) -> None:
    (layer,) = quantized_layers(sketch(LAYER.format(**PLAIN | {"scales": "2", "zeros": "0"})))
    assert layer.bias == (100.0, -8.0)


@pytest.mark.parametrize(
    "change", [{"dtype": "FLOAT32", "bias": ""}, {"scales": "(1,1,1)", "zeros": "(0,0,0)"}]
)
def test_what_is_not_quantized_or_contradicts_itself_is_no_layer(
    sketch: Make, change: dict[str, str]
) -> None:
    assert quantized_layers(sketch(LAYER.format(**PLAIN | change))) == ()


def test_a_real_model_has_its_layers(shared: Callable[[str], Model]) -> None:
    layers = quantized_layers(shared("regenerated/story_int8_good_200"))
    assert len(layers) == 6
    assert layers[-1].operator.name == "FULLY_CONNECTED"
    assert layers[-1].low == pytest.approx(-8.03, abs=0.01)
    assert layers[-1].high == pytest.approx(7.85, abs=0.01)


def test_weights_of_another_rank_are_none(sketch: Make) -> None:
    model = sketch(LAYER.format(**PLAIN))
    weights = weights_of(model.subgraphs[0].operators[0])
    assert weights is not None
    assert weights.name == "w"
