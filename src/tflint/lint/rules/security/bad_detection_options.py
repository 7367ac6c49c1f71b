"""S013 bad-detection-options: see rules/security/S013-bad-detection-options.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.flexbuffer import BadFlexBuffer, Value, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S013")

NAME = "TFLite_Detection_PostProcess"
#: The kernel multiplies the two counts as 32-bit integers
#: (google-ai-edge/LiteRT tflite/kernels/detection_postprocess.cc, Prepare).
INT32_MAX = 2**31 - 1
#: The kernel divides the box encodings by these.
SCALES = ("y_scale", "x_scale", "h_scale", "w_scale")


@rule.op("CUSTOM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if op.label != NAME:
        return
    if not len(op.custom_options):
        yield rule.finding(
            op,
            f"no options in {NAME}, which reads them without a check",
            measured=0,
            why="the interpreter ends in a segmentation fault while it loads the file",
        )
        return
    options = decode(op.custom_options)
    if isinstance(options, BadFlexBuffer):
        yield rule.finding(
            op, f"options of {NAME} are no FlexBuffer: {options.problem}", why="Invoke fails"
        )
    elif isinstance(options, dict):
        yield from _judge(op, options)


def _judge(op: Operator, options: dict[str, Value]) -> Iterator[Finding]:
    boxes = _number(options, "max_detections")
    classes = _number(options, "max_classes_per_detection")
    if boxes * classes > INT32_MAX:
        yield rule.finding(
            op,
            f"max_detections {boxes:.0f} x max_classes_per_detection {classes:.0f} is above "
            f"{INT32_MAX}",
            measured=f"{boxes * classes:.0f}",
            limit=INT32_MAX,
        )
    if boxes < 0 or classes < 1:
        yield rule.finding(
            op,
            f"max_detections {boxes:.0f}, max_classes_per_detection {classes:.0f}",
            measured=f"{min(boxes, classes):.0f}",
            limit=1,
            why="Invoke fails",
        )
    threshold = _number(options, "nms_iou_threshold")
    if not 0 < threshold <= 1:
        yield rule.finding(
            op,
            f"nms_iou_threshold {threshold:g}, above 0 and up to 1 allowed",
            measured=threshold,
            limit=1,
            why="Invoke fails",
        )
    zero = [name for name in SCALES if _number(options, name) == 0]
    if zero:
        yield rule.finding(
            op,
            f"{', '.join(zero)} 0, which the kernel divides by",
            measured=0,
            why="the boxes come out infinite or not a number, without an error",
        )
    yield from _classes(op, int(_number(options, "num_classes")))


def _classes(op: Operator, classes: int) -> Iterator[Finding]:
    """Compares num_classes with the scores, which may have one more: the background."""
    scores = op.input(1)
    if scores is None or len(scores.shape) != 3 or -1 in scores.shape_signature:
        return
    held = scores.shape[2]
    if not 0 <= held - classes <= 1:
        yield rule.finding(
            op,
            f"num_classes {classes}, but the scores have {held}: as many, or one more for the "
            "background, are allowed",
            measured=classes,
            limit=held,
            why="Invoke fails",
        )


def _number(options: dict[str, Value], name: str) -> float:
    """An option as the kernel reads it: one that is missing or no number is 0."""
    value = options.get(name)
    return value if isinstance(value, int | float) else 0
