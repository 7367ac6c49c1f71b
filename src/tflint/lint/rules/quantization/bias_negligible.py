"""Q036 bias-negligible: see rules/quantization/Q036-bias-negligible.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.layers import Layer, quantized_layers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q036", data=True)

#: Largest bias of a layer, as a share of what its output can hold, for it to be negligible. The
#: one model known to be calibrated that way has at most 0.0020; of sound models the smallest is
#: 0.0053.
NEGLIGIBLE = 0.0025
#: Width of the last layer's output from which it is over-range: logits rarely leave -50 to 50.
WIDE = 200.0
#: Layers with a bias that a model needs for a verdict.
FEWEST = 3


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    layers = [layer for layer in quantized_layers(model) if any(layer.stored)]
    if len(layers) < FEWEST:
        return
    shares = [_share(layer) for layer in layers]
    last = layers[-1]
    if not max(shares) <= NEGLIGIBLE or not last.high - last.low >= WIDE:
        return
    yield rule.finding(
        model,
        f"the biases of all {len(layers)} layers are at most {100 * max(shares):.2g} % of what the "
        f"output can hold, and the last layer's output reaches from {last.low:.4g} to "
        f"{last.high:.4g}",
        measured=f"{max(shares):.3g}",
        limit=NEGLIGIBLE,
        related=(layers[0].operator, last.operator),
    )


def _share(layer: Layer) -> float:
    reach = max(abs(layer.low), abs(layer.high))
    return max(map(abs, layer.bias)) / reach if reach else 1.0
