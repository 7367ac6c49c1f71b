"""Q005 declared-int8-but-float: see rules/quantization/Q005-declared-int8-but-float.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.metadata import BadMetadata, conversion
from tflint.model.scheme import scheme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q005")

#: What the converter writes for optimizations with a representative dataset, and for int16x8
#: (google-ai-edge/LiteRT tflite/converter/schema/conversion_metadata.fbs).
ASKED = {"PTQ_FULL_INTEGER": "full-integer quantization", "PTQ_INT16": "int16x8 quantization"}


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    how = conversion(model)
    if how is None or isinstance(how, BadMetadata):
        return
    asked = next((ASKED[mode] for mode in how.optimization_modes if mode in ASKED), None)
    found = scheme(model)
    if asked is None or found.integer_operators or not found.float_operators:
        return
    yield rule.finding(
        model,
        f"conversion asked for {asked}, and the model is {found.label}: none of "
        f"{found.float_operators} operators computes with integers",
        measured=found.label,
        limit=asked,
    )
