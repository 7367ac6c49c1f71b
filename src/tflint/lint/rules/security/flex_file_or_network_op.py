"""S001 flex-file-or-network-op: see rules/security/S001-flex-file-or-network-op.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator
from tflint.model.operator import FLEX_PREFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S001")

_READS = "reads files"
_WRITES = "writes files"
_SENDS = "exchanges data with other processes"
_RUNS = "runs code of the process that made the model"
_PRINTS = "writes its input to the log of the application"
_ABORTS = "ends the process"
#: TensorFlow operator -> what it does outside the model. Those of the Select TF ops library stand
#: in google-ai-edge/LiteRT tflite/converter/delegates/flex/allowlisted_flex_ops.cc; the others run
#: only where the application adds TensorFlow's own kernels.
EFFECTS = {
    "Abort": _ABORTS,
    "EagerPyFunc": _RUNS,
    "FixedLengthRecordDataset": _READS,
    "ImmutableConst": _READS,
    "InitializeTableFromTextFile": _READS,
    "InitializeTableFromTextFileV2": _READS,
    "MatchingFiles": _READS,
    "MergeV2Checkpoints": _WRITES,
    "Print": _PRINTS,
    "PrintV2": _PRINTS,
    "PyFunc": _RUNS,
    "PyFuncStateless": _RUNS,
    "ReadFile": _READS,
    "Recv": _SENDS,
    "RemoteCall": _SENDS,
    "Restore": _READS,
    "RestoreSlice": _READS,
    "RestoreV2": _READS,
    "Save": _WRITES,
    "SaveSlices": _WRITES,
    "SaveV2": _WRITES,
    "Send": _SENDS,
    "TFRecordDataset": _READS,
    "TextLineDataset": _READS,
    "WriteFile": _WRITES,
}


@rule.op("CUSTOM")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    if not op.is_flex:
        return
    name = op.label[len(FLEX_PREFIX) :]
    effect = EFFECTS.get(name)
    if effect is not None:
        yield rule.finding(
            op,
            f"{name} {effect} when the model runs",
            measured=op.label,
            severity="info" if effect == _PRINTS else "",
        )
