"""F014 dimension-overflow: see rules/file/F014-dimension-overflow.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F014")

#: Most elements or bytes of a tensor that a 64-bit runtime can count: its size_t
#: (google-ai-edge/LiteRT tflite/util.cc, BytesRequired and CheckedNumElements).
MOST_COUNTED = 2**64 - 1

#: Most elements that kernels can count: their int (tflite/core/tools/verifier.cc, VerifyTensors).
MOST_ELEMENTS = 2**31 - 1

#: Types the runtime allocates as it goes, so that it never computes a size from the shape.
UNSIZED = frozenset({"STRING", "RESOURCE", "VARIANT"})


@rule.tensor
def check(tensor: Tensor, ctx: Context) -> Iterator[Finding]:
    shape = tensor.shape
    if tensor.dtype in UNSIZED or not shape:
        return
    if min(shape) < 0:
        yield _negative(tensor, min(shape))
        return
    elements = 1
    for extent in shape:
        elements *= extent
        if elements > MOST_COUNTED:
            break
    if elements <= MOST_ELEMENTS:
        return
    # Types of less than a byte are counted as one each before they are packed.
    size = elements * max((tensor.bits or 8) // 8, 1)
    shown = f"shape {tensor.shape_text}"
    if elements > MOST_COUNTED:
        yield rule.finding(
            tensor,
            f"{shown} has more than 2^64 - 1 elements",
            measured=shown,
            limit=MOST_COUNTED,
        )
    elif size > MOST_COUNTED:
        yield rule.finding(
            tensor,
            f"{shown} {tensor.dtype} takes more than 2^64 - 1 bytes",
            measured=shown,
            limit=MOST_COUNTED,
        )
    else:
        yield rule.finding(
            tensor,
            f"{shown} has {elements:,} elements, kernels count up to {MOST_ELEMENTS:,}",
            measured=elements,
            limit=MOST_ELEMENTS,
            why="LiteRT loads it, but its verifier refuses it, and kernels that count elements in "
            "an int address the wrong ones",
            severity="warning",
        )


def _negative(tensor: Tensor, extent: int) -> Finding:
    fix = None
    if extent == -1:
        fix = "write 1 into shape and keep the -1 in shape_signature"
    text = ",".join(map(str, tensor.shape))
    return rule.finding(
        tensor,
        f"extent {extent} in shape [{text}], at least 0 needed",
        measured=extent,
        limit=0,
        fix=fix,
    )
