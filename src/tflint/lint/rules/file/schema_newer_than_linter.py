"""F022 schema-newer-than-linter: see rules/file/F022-schema-newer-than-linter.md."""

from __future__ import annotations

from tflint._generated.runtime_versions import REGISTERED
from tflint._generated.schema import ENUMS
from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model
from tflint.model.names import is_known
from tflint.model.operator import OperatorCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F022")

#: How far above the greatest known value one still looks like a newer schema rather than damage.
#: The schema has gained about ten operators and one tensor type a year.
GROWTH = {"BuiltinOperator": 64, "TensorType": 16}
#: The same for versions of an operator, of which the fastest growing one has had 14.
VERSION_GROWTH = 8

REFUSED_NOW = "LiteRT 2.3.0 refuses the file; a newer one may load it"


@rule.model
def values(model: Model, ctx: Context) -> Iterator[Finding]:
    for code in model.operator_codes:
        if not is_known("BuiltinOperator", code.builtin) and code.builtin >= 0:
            where = Location(op_name=code.label, path=f"operator_codes[{code.position}]")
            yield _value(where, "operator code", "BuiltinOperator", code.builtin)
        elif code.name in REGISTERED and not ctx.target("runtime"):
            # With a target O006 compares the version with that runtime.
            yield from _version(code)
    reported: set[int] = set()
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            value = tensor.table.scalar("type")
            if not is_known("TensorType", value) and value not in reported:
                reported.add(value)
                yield _value(tensor.location, "element type", "TensorType", value)


def _version(code: OperatorCode) -> Iterator[Finding]:
    oldest, newest = REGISTERED[code.name]
    if oldest <= code.version <= newest:
        return
    plausible = newest < code.version <= newest + VERSION_GROWTH
    yield rule.finding(
        Location(op_name=code.label, path=f"operator_codes[{code.position}]"),
        f"version {code.version} of {code.name}, this tflint knows {oldest} to {newest}",
        measured=code.version,
        limit=newest,
        why=REFUSED_NOW
        if plausible
        else "no operator has had that version: LiteRT refuses the file",
        severity="warning" if plausible else "error",
    )


def _value(where: Location, what: str, enum: str, value: int) -> Finding:
    greatest = max(ENUMS[enum])
    plausible = greatest < value <= greatest + GROWTH[enum]
    return rule.finding(
        where,
        f"{what} {value}, this tflint knows 0 to {greatest}",
        measured=value,
        limit=greatest,
        why=REFUSED_NOW if plausible else "no schema has such a value: LiteRT refuses the file",
        severity="warning" if plausible else "error",
    )


@rule.model
def fields(model: Model, ctx: Context) -> Iterator[Finding]:
    found = model.verification
    for what, paths in (
        ("fields", found.unknown_fields),
        ("unions of a type", found.unknown_unions),
    ):
        if paths:
            more = f" and {len(paths) - 1} more places" if len(paths) > 1 else ""
            yield rule.finding(
                Location(path=paths[0] or "root"),
                f"{what} that this tflint does not know{more}",
                measured=len(paths),
            )
