"""O005 detection-postprocess-op: see rules/operators/O005-detection-postprocess-op.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O005")

#: Name under which the converter writes the detection head of the object detection API
#: (google-ai-edge/LiteRT tflite/kernels/detection_postprocess.cc).
NAME = "TFLite_Detection_PostProcess"


@rule.op("CUSTOM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if op.label != NAME or NAME in ctx.settings.allowed_custom_ops:
        return
    scores = op.input(1)
    boxes = f"{scores.shape[1]} boxes" if scores is not None and len(scores.shape) == 3 else "boxes"
    yield rule.finding(
        op,
        f"box decoding and non-maximum suppression of {boxes} run in a custom operator on the CPU",
        measured=NAME,
    )
