"""O004 unresolved-custom-op: see rules/operators/O004-unresolved-custom-op.md."""

from __future__ import annotations

from tflint._generated.runtime_versions import CUSTOM
from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator
from tflint.model.once import once
from tflint.model.scheme import COMPILED
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O004")

#: Further users of an operator that a finding names.
RELATED = 8

#: Configured target for which a compiled operator is what it should be.
COMPILED_FOR = {"edgetpu-custom-op": "edgetpu", "ethos-u": "ethos-u"}


class Family(NamedTuple):
    """Custom operators that are known to be resolved by something."""

    names: frozenset[str]
    prefix: str  #: of further names; empty for none
    runs_in: str  #: what resolves them, after "runs only in"
    target: str  #: configured target that resolves them; empty for none
    fix: str


#: In order: the first family that knows the name answers. Sources are listed on the page.
FAMILIES = (
    Family(
        frozenset({"Convolution2DTransposeBias", "MaxPoolingWithArgmax2D", "MaxUnpooling2D"}),
        "",
        "MediaPipe or LiteRT's compiled-model runtime, which register it",
        "",
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
        "run it there, or register MediaPipe's kernel",
    ),
    Family(
        frozenset({"RaggedTensorToTensor", "TFSentencepieceTokenizeOp"}),
        "",
        "MediaPipe Tasks or the TFLite Task Library, which register it",
        "",
        "run it there, or register their kernel",
    ),
    Family(
        frozenset(),
        "tftext:",
        "an application that registers TensorFlow Text's kernels",
        "",
        "register them (in Python: tf_text.tflite_registrar.SELECT_TFTEXT_OPS)",
    ),
    Family(
        frozenset({"PosenetDecoderOp"}),
        "",
        "Coral's libraries, which register it",
        "edgetpu",
        "run it there, or decode the poses in the application",
    ),
    Family(
        frozenset(),
        "Signal",
        "TFLite Micro, whose signal library registers it",
        "tflm",
        "run it there, or compute the features in the application",
    ),
    Family(
        frozenset(),
        "Lce",
        "Larq Compute Engine, which registers it",
        "",
        "build the application with its kernels",
    ),
    Family(
        frozenset({"Resampler"}),
        "custom_call.",
        "LiteRT's compiled-model runtime on a GPU",
        "gpu",
        "export without it for other targets",
    ),
)


@rule.op("CUSTOM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    name = op.label
    # A label of CUSTOM stands for a missing name, which is damage of the file.
    if op.is_flex or name == "CUSTOM" or name in CUSTOM:
        return
    users = _users(op.subgraph.model)[name]
    if users[0] is not op or name in ctx.settings.allowed_custom_ops:
        return
    used = "" if len(users) == 1 else f", used {len(users)} times"
    others = tuple(users[1 : 1 + RELATED])
    if name in COMPILED:
        if not _configured(COMPILED_FOR.get(name, ""), ctx):
            yield rule.finding(
                op,
                f"compiled for {COMPILED[name]}: {name} runs only there{used}",
                severity="info",
                measured=name,
                related=others,
                why="elsewhere AllocateTensors fails, and what is inside cannot be checked",
                fix="ship it to that device only, and lint the model it was compiled from",
            )
        return
    family = next((family for family in FAMILIES if _knows(family, name)), None)
    if family is None:
        yield rule.finding(
            op,
            f"no runtime that tflint knows has a kernel for custom operator {name}{used}",
            measured=name,
            related=others,
        )
    elif not _configured(family.target, ctx):
        yield rule.finding(
            op,
            f"custom operator {name} runs only in {family.runs_in}{used}",
            severity="warning",
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
    return bool(target) and any(named.startswith(target) for named in ctx.settings.targets)
