"""Q030 fp16-weights-on-cpu: see rules/quantization/Q030-fp16-weights-on-cpu.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.calls import reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q030")

#: Metadata with which a model allows XNNPACK to compute in half precision
#: (google-ai-edge/LiteRT tflite/delegates/xnnpack/README.md).
REDUCED_PRECISION = "reduced_precision_support"


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    if model.metadata_entry(REDUCED_PRECISION) is not None:
        return
    unpacked = []
    for index in sorted(reachable(model)):
        for op in model.subgraphs[index].operators:
            if op.name == "DEQUANTIZE":
                source = op.input(0)
                if source is not None and source.dtype == "FLOAT16" and source.is_constant:
                    unpacked.append((op, source))
    if not unpacked:
        return
    held = sum(source.stored_bytes or 0 for _, source in unpacked)
    yield rule.finding(
        unpacked[0][0],
        f"{len(unpacked)} FLOAT16 constants are unpacked to FLOAT32: {_size(2 * held)} of memory "
        f"for {_size(held)} of file",
        measured=len(unpacked),
        related=tuple(op for op, _ in unpacked[1:8]),
    )


def _size(count: int) -> str:
    if count < 1 << 10:
        return f"{count} bytes"
    if count < 1 << 20:
        return f"{count / (1 << 10):.1f} KiB"
    return f"{count / (1 << 20):.1f} MiB"
