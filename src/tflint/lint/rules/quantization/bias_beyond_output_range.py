"""Q037 bias-beyond-output-range: see rules/quantization/Q037-bias-beyond-output-range.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.layers import Layer, quantized_layers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q037", data=True)

#: Steps of the output by which a bias must exceed the range: less is rounding.
TOLERANCE = 0.5
#: A range that ends here was cut by RELU6 and not measured: a bias above 6 is common then.
CUT = (5.8, 6.02)


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    layers = [layer for layer in quantized_layers(model) if _measured(layer)]
    found = [(layer, count) for layer in layers if (count := _beyond(layer))]
    if not found:
        return
    worst, count = max(found, key=lambda pair: max(pair[0].bias) / pair[0].high)
    channels = len(worst.bias)
    yield rule.finding(
        worst.operator,
        f"the bias of {count} of {channels} channels exceeds what the output can hold: "
        f"{max(worst.bias):.4g} against {worst.high:.4g}; so in {len(found)} of {len(layers)} "
        "layers with RELU",
        measured=f"{max(worst.bias):.4g}",
        limit=f"{worst.high:.4g}",
        related=tuple(layer.operator for layer, _ in found if layer is not worst)[:8],
    )


def _measured(layer: Layer) -> bool:
    """Whether the top of the output's range comes from calibration alone."""
    name = layer.operator.option("fused_activation_function", "NONE")
    return name == "RELU" and layer.high > 0 and not CUT[0] <= layer.high <= CUT[1]


def _beyond(layer: Layer) -> int:
    output = layer.operator.output(0)
    quantization = output.quantization if output is not None else None
    margin = TOLERANCE * quantization.scale if quantization is not None else 0.0
    return sum(value > layer.high + margin for value in layer.bias)
