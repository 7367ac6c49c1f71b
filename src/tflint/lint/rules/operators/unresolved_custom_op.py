"""O004 unresolved-custom-op: see rules/operators/O004-unresolved-custom-op.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator
from tflint.model.once import once

rule = Rule("O004")

#: Custom operators that the default resolver holds, hence every interpreter runs
#: (google-ai-edge/LiteRT tflite/core/kernels/register.cc).
DEFAULT_RESOLVER = frozenset(
    {
        "AudioSpectrogram",
        "Mfcc",
        "NumericVerify",
        "TFLite_Detection_PostProcess",
        "aeq.hadamard_rotation",
    }
)

#: Further users of an operator that a finding names.
RELATED = 8


class Family(NamedTuple):
    """Custom operators that are known to be resolved by something."""

    names: frozenset[str]
    prefix: str  #: of further names; empty for none
    runs_in: str  #: what resolves them, after "runs only in"
    target: str  #: configured target that resolves them; empty for none
    compiled: bool  #: whether a device compiler made them: nothing is wrong with the model
    fix: str


#: In order: the first family that knows the name answers. Sources are listed on the page.
FAMILIES = (
    Family(
        frozenset({"edgetpu-custom-op"}),
        "",
        "the Edge TPU delegate (libedgetpu)",
        "edgetpu",
        True,
        "load the delegate with the model, and lint the model it was compiled from",
    ),
    Family(
        frozenset({"ethos-u"}),
        "",
        "a TFLite Micro build for the Arm Ethos-U",
        "ethos-u",
        True,
        "register the operator with AddEthosU, and lint the model it was compiled from",
    ),
    Family(
        frozenset({"DISPATCH_OP", "NPU_OP"}),
        "",
        "LiteRT's compiled-model runtime, on the NPU it was compiled for",
        "",
        True,
        "ship it to that NPU only, and lint the model it was compiled from",
    ),
    Family(
        frozenset({"Convolution2DTransposeBias", "MaxPoolingWithArgmax2D", "MaxUnpooling2D"}),
        "",
        "MediaPipe or LiteRT's compiled-model runtime, which register it",
        "",
        False,
        "run it there, or register MediaPipe's kernel (mediapipe/util/tflite/operations)",
    ),
    Family(
        frozenset(
            {
                "FusedBatchNormV3",
                "KmeansEmbeddingLookup",
                "Landmarks2TransformMatrix",
                "NGramHash",
                "TransformLandmarks",
                "TransformTensorBilinear",
            }
        ),
        "",
        "MediaPipe, which registers it",
        "",
        False,
        "run it there, or register MediaPipe's kernel",
    ),
    Family(
        frozenset({"RaggedTensorToTensor", "TFSentencepieceTokenizeOp"}),
        "",
        "MediaPipe Tasks or the TFLite Task Library, which register it",
        "",
        False,
        "run it there, or register their kernel",
    ),
    Family(
        frozenset(),
        "tftext:",
        "an application that registers TensorFlow Text's kernels",
        "",
        False,
        "register them (in Python: tf_text.tflite_registrar.SELECT_TFTEXT_OPS)",
    ),
    Family(
        frozenset({"PosenetDecoderOp"}),
        "",
        "Coral's libraries, which register it",
        "edgetpu",
        False,
        "run it there, or decode the poses in the application",
    ),
    Family(
        frozenset(),
        "Signal",
        "TFLite Micro, whose signal library registers it",
        "tflm",
        False,
        "run it there, or compute the features in the application",
    ),
    Family(
        frozenset(),
        "Lce",
        "Larq Compute Engine, which registers it",
        "",
        False,
        "build the application with its kernels",
    ),
    Family(
        frozenset({"Resampler"}),
        "custom_call.",
        "LiteRT's compiled-model runtime on a GPU",
        "gpu",
        False,
        "export without it for other targets",
    ),
)


@rule.op("CUSTOM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    name = op.label
    # A label of CUSTOM stands for a missing name, which is damage of the file.
    if op.is_flex or name == "CUSTOM" or name in DEFAULT_RESOLVER:
        return
    users = _users(op.subgraph.model)[name]
    if users[0] is not op or name in ctx.settings.allowed_custom_ops:
        return
    family = next((family for family in FAMILIES if _knows(family, name)), None)
    if family and family.target and _configured(family.target, ctx):
        return
    used = "" if len(users) == 1 else f", used {len(users)} times"
    others = tuple(users[1 : 1 + RELATED])
    if family is None:
        yield rule.finding(
            op,
            f"no runtime that tflint knows has a kernel for the custom operator {name}{used}",
            measured=name,
            related=others,
        )
    else:
        kind = "compiled operator" if family.compiled else "custom operator"
        yield rule.finding(
            op,
            f"{kind} {name} runs only in {family.runs_in}{used}",
            severity="info" if family.compiled else "warning",
            measured=name,
            related=others,
            fix=family.fix,
        )


@once
def _users(model: Model) -> dict[str, list[Operator]]:
    """The operators of each custom name."""
    users: dict[str, list[Operator]] = {}
    for subgraph in model.subgraphs:
        for op in subgraph.operators:
            if op.is_custom:
                users.setdefault(op.label, []).append(op)
    return users


def _knows(family: Family, name: str) -> bool:
    return name in family.names or bool(family.prefix) and name.startswith(family.prefix)


def _configured(target: str, ctx: Context) -> bool:
    """Whether a configured target is `target`, or a variant such as `ethos-u55-128`."""
    return any(named.startswith(target) for named in ctx.settings.targets)
