"""O008 builtin-without-kernel: see rules/operators/O008-builtin-without-kernel.md."""

from __future__ import annotations

from tflint._generated.runtime_versions import REGISTERED
from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model, Operator
from tflint.model.names import is_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O008")

#: Names that stand for something else than an operator with a kernel.
SPECIAL = frozenset({"CUSTOM", "DELEGATE", "PLACEHOLDER_FOR_GREATER_OP_CODES"})


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    found: dict[str, list[Operator]] = {
        code.name: []
        for code in model.operator_codes
        # What this schema does not know is F022's.
        if is_known("BuiltinOperator", code.builtin)
        and code.name not in REGISTERED
        and code.name not in SPECIAL
    }
    if not found:
        return
    for subgraph in model.subgraphs:
        for op in subgraph.operators:
            if op.name in found:
                found[op.name].append(op)
    for name, users in found.items():
        place: Operator | Location = users[0] if users else model.location
        used = f", used {len(users)} times" if len(users) > 1 else ""
        yield rule.finding(
            place,
            f"no runtime has a kernel for {name}{used}",
            measured=name,
            related=tuple(users[1:8]),
            fix=_fix(name),
        )


def _fix(name: str) -> str | None:
    if name.startswith("STABLEHLO_"):
        return "convert without the StableHLO operator set: the default operators are builtin ones"
    return None
