"""O010 fake-quant-left: see rules/operators/O010-fake-quant-left.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.calls import reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O010", needs=("FAKE_QUANT",))


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    if all(code.name != "FAKE_QUANT" for code in model.operator_codes):
        return
    found = [
        op
        for index in sorted(reachable(model))
        for op in model.subgraphs[index].operators
        if op.name == "FAKE_QUANT"
    ]
    if found:
        count = "1 FAKE_QUANT rounds" if len(found) == 1 else f"{len(found)} FAKE_QUANT round"
        yield rule.finding(
            found[0],
            f"{count} in float what quantization-aware training meant to be integers",
            measured=len(found),
            limit=0,
            related=tuple(found[1:8]),
        )
