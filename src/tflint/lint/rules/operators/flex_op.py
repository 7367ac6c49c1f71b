"""O001 flex-op: see rules/operators/O001-flex-op.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.operator import FLEX_PREFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O001")

#: TensorFlow operator -> what computes the same with builtin operators. Each was converted with
#: TFLITE_BUILTINS alone and compared with the original; the page has the differences.
REWRITES = {
    "AdjustContrastv2": "(x - mean) * factor + mean, with mean = tf.reduce_mean(x, [1, 2], "
    "keepdims=True)",
    "Atan": "tf.math.atan2(x, tf.ones_like(x))",
    "AvgPool3D": "tf.nn.avg_pool2d on each slice of the depth, then tf.reduce_mean over the depth",
    "Cosh": "(tf.exp(x) + tf.exp(-x)) / 2",
    "Cumprod": "tf.exp(tf.cumsum(tf.math.log(x))), for x > 0",
    "CumulativeLogsumexp": "tf.math.log(tf.cumsum(tf.exp(x)))",
    "Erf": "its polynomial (Abramowitz and Stegun 7.1.26), or as keras.activations.gelu, which has "
    "a builtin operator",
    "ExtractImagePatches": "tf.nn.conv2d with an identity kernel",
    "MatrixInverse": "the closed form, for 2x2 matrices",
    "MaxPool3D": "tf.nn.max_pool2d on each slice of the depth, then tf.reduce_max over the depth",
    "MaxPoolWithArgmax": "tf.nn.max_pool2d, if the indices are not used",
    "SegmentMean": "tf.math.unsorted_segment_sum divided by the segment sizes",
    "Sinh": "(tf.exp(x) - tf.exp(-x)) / 2",
    "Tan": "tf.sin(x) / tf.cos(x)",
}

#: TensorFlow operator -> the builtin one that the converter writes for it, other things being equal
#: (google-ai-edge/LiteRT tflite/converter/transforms/legalize_patterns.td and legalize_tf.cc).
BUILTIN = {
    "Abs": "ABS",
    "Add": "ADD",
    "AddV2": "ADD",
    "All": "REDUCE_ALL",
    "Any": "REDUCE_ANY",
    "ArgMax": "ARG_MAX",
    "ArgMin": "ARG_MIN",
    "Atan2": "ATAN2",
    "AvgPool": "AVERAGE_POOL_2D",
    "BatchMatMul": "BATCH_MATMUL",
    "BatchMatMulV2": "BATCH_MATMUL",
    "BatchMatMulV3": "BATCH_MATMUL",
    "BroadcastTo": "BROADCAST_TO",
    "Bucketize": "BUCKETIZE",
    "Cast": "CAST",
    "Ceil": "CEIL",
    "ComplexAbs": "COMPLEX_ABS",
    "ConcatV2": "CONCATENATION",
    "Cos": "COS",
    "Cumsum": "CUMSUM",
    "Div": "DIV",
    "Elu": "ELU",
    "Equal": "EQUAL",
    "Exp": "EXP",
    "ExpandDims": "EXPAND_DIMS",
    "Fill": "FILL",
    "Floor": "FLOOR",
    "FloorDiv": "FLOOR_DIV",
    "FloorMod": "FLOOR_MOD",
    "GatherNd": "GATHER_ND",
    "GatherV2": "GATHER",
    "Greater": "GREATER",
    "GreaterEqual": "GREATER_EQUAL",
    "Imag": "IMAG",
    "LeakyRelu": "LEAKY_RELU",
    "Less": "LESS",
    "LessEqual": "LESS_EQUAL",
    "Log": "LOG",
    "LogicalAnd": "LOGICAL_AND",
    "LogicalNot": "LOGICAL_NOT",
    "LogicalOr": "LOGICAL_OR",
    "MatMul": "FULLY_CONNECTED",
    "Max": "REDUCE_MAX",
    "Maximum": "MAXIMUM",
    "MaxPool": "MAX_POOL_2D",
    "Mean": "MEAN",
    "Min": "REDUCE_MIN",
    "Minimum": "MINIMUM",
    "MirrorPad": "MIRROR_PAD",
    "Mul": "MUL",
    "Neg": "NEG",
    "NotEqual": "NOT_EQUAL",
    "OneHot": "ONE_HOT",
    "Pack": "PACK",
    "Pad": "PAD",
    "PadV2": "PADV2",
    "Pow": "POW",
    "Prod": "REDUCE_PROD",
    "Range": "RANGE",
    "Rank": "RANK",
    "Real": "REAL",
    "RealDiv": "DIV",
    "Relu": "RELU",
    "Relu6": "RELU6",
    "Reshape": "RESHAPE",
    "ResizeBilinear": "RESIZE_BILINEAR",
    "ResizeNearestNeighbor": "RESIZE_NEAREST_NEIGHBOR",
    "ReverseV2": "REVERSE_V2",
    "Round": "ROUND",
    "Rsqrt": "RSQRT",
    "ScatterNd": "SCATTER_ND",
    "Select": "SELECT",
    "SelectV2": "SELECT_V2",
    "Shape": "SHAPE",
    "Sigmoid": "LOGISTIC",
    "Sign": "SIGN",
    "Sin": "SIN",
    "Slice": "SLICE",
    "Softmax": "SOFTMAX",
    "Split": "SPLIT",
    "SplitV": "SPLIT_V",
    "Sqrt": "SQRT",
    "Square": "SQUARE",
    "SquaredDifference": "SQUARED_DIFFERENCE",
    "Squeeze": "SQUEEZE",
    "StridedSlice": "STRIDED_SLICE",
    "Sub": "SUB",
    "Sum": "SUM",
    "Tanh": "TANH",
    "Tile": "TILE",
    "TopKV2": "TOPK_V2",
    "Transpose": "TRANSPOSE",
    "Unique": "UNIQUE",
    "Unpack": "UNPACK",
    "Where": "WHERE",
    "ZerosLike": "ZEROS_LIKE",
}

#: Names of the list operators that a recurrent layer leaves when its batch size is unknown.
_TENSOR_LIST = "TensorList"
#: Element types that TensorFlow computes with and no builtin kernel does.
_WIDE_FLOATS = ("FLOAT64", "BFLOAT16")


@rule.op("CUSTOM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if not op.is_flex or op.label in ctx.settings.allowed_custom_ops:
        return
    name = op.label[len(FLEX_PREFIX) :]
    yield rule.finding(
        op,
        f"TensorFlow's {name or 'unnamed operator'} runs only in the Select TF ops (Flex) delegate",
        measured=op.label,
        fix=remedy(op, name),
    )


def remedy(op: Operator, name: str) -> str:
    """What to do about the TensorFlow operator `name`, as precise as is known."""
    wide = _wide_float(op)
    if wide and name in BUILTIN:
        return f"compute it in float32 instead of {wide.lower()}: that form is a builtin operator"
    if name in REWRITES:
        return f"rewrite it as {REWRITES[name]}, then convert with TFLITE_BUILTINS alone"
    if name in BUILTIN:
        return (
            f"there is a builtin {BUILTIN[name]}: convert again with a current converter and "
            "TFLITE_BUILTINS alone; an element type, rank or unknown shape that it does not take "
            "is then named in the error"
        )
    if name.startswith(_TENSOR_LIST):
        return (
            "give the recurrent layer a fixed batch size (`keras.Input(..., batch_size=1)`): the "
            "lists then become builtin operators"
        )
    if name == "PrintV2":
        return "remove tf.print from the exported function"
    if name == "ResizeBicubic":
        return (
            "no equal rewrite is known: tf.image.resize with bilinear is builtin, its values differ"
        )
    return (
        f"no builtin rewrite of {name} is known: move it out of the model, or link the delegate "
        "and allow it"
    )


def _wide_float(op: Operator) -> str | None:
    """An element type of its tensors that no builtin arithmetic kernel computes with."""
    for tensor in (*op.input_tensors, *op.output_tensors):
        if tensor is not None and tensor.dtype in _WIDE_FLOATS:
            return tensor.dtype
    return None
