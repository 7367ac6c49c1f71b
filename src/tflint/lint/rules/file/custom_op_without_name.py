"""F006 custom-op-without-name: see rules/file/F006-custom-op-without-name.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model, Operator
from tflint.model.operator import OperatorCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F006")


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    for code in model.operator_codes:
        if code.name != "CUSTOM" or code.custom:
            continue
        where = Location(op_name="CUSTOM", path=f"operator_codes[{code.position}].custom_code")
        users = _users(model, code)
        if code.custom is None:
            yield rule.finding(where, "custom operator without a name", related=users)
        elif users:
            yield rule.finding(
                where,
                "custom operator with an empty name",
                why="no runtime can look it up: AllocateTensors fails",
                related=users,
            )
        else:
            yield rule.finding(
                where,
                "custom operator with an empty name, used by no operator",
                why="LiteRT loads the file; its verifier refuses it",
                severity="warning",
            )


def _users(model: Model, code: OperatorCode) -> tuple[Operator, ...]:
    """The first operator of each subgraph that uses the code."""
    found = []
    for subgraph in model.subgraphs:
        user = next((op for op in subgraph.operators if op.code_index == code.position), None)
        if user is not None:
            found.append(user)
    return tuple(found)
