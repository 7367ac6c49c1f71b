"""F004 builtin-code-mismatch: see rules/file/F004-builtin-code-mismatch.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model
from tflint.model.names import enum_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("F004")

#: `PLACEHOLDER_FOR_GREATER_OP_CODES`: what the 8-bit field holds for operators above it
#: (google-ai-edge/LiteRT tflite/converter/schema/schema_utils.cc, ConvertBuiltinCode...).
PLACEHOLDER = 127


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    for code in model.operator_codes:
        table = model.root.item("operator_codes", code.position)
        builtin, old = table.scalar("builtin_code"), code.deprecated_builtin
        found = _judge(builtin, old)
        if found is not None:
            severity, message, why = found
            yield rule.finding(
                Location(op_name=code.label, path=f"operator_codes[{code.position}]"),
                message,
                measured=f"builtin_code={builtin} deprecated_builtin_code={old}",
                severity=severity,
                why=why,
            )


def _judge(builtin: int, old: int) -> tuple[str, str, str] | None:
    """Severity, message and consequence of a pair of codes; None for a sound pair."""
    if max(builtin, old) < 0:
        message = f"builtin_code {builtin} and deprecated_builtin_code {old} are both negative"
        return "error", message, "LiteRT finds no operator for it and refuses the file"
    if max(builtin, old) == PLACEHOLDER:
        message = f"operator code {PLACEHOLDER}, which only stands for a greater one"
        return "error", message, "LiteRT finds no operator for it and refuses the file"
    # Before schema 3a there was only the 8-bit field; the other one then reads as 0.
    if builtin == 0 or old == min(builtin, PLACEHOLDER):
        return None
    name = enum_name("BuiltinOperator", max(builtin, old))
    if old == 0:
        message = f"builtin_code {builtin} ({name}) without deprecated_builtin_code"
        return "info", message, "runtimes before TensorFlow 2.4 read the old field and run ADD"
    if old < builtin:
        other = enum_name("BuiltinOperator", old) if old > 0 else f"code {old}"
        message = f"builtin_code {builtin} ({name}), deprecated_builtin_code {old} ({other})"
        return "warning", message, f"runtimes before TensorFlow 2.4 run {other}, newer ones {name}"
    meant = enum_name("BuiltinOperator", builtin)
    message = f"deprecated_builtin_code {old} ({name}) is above builtin_code {builtin} ({meant})"
    return "warning", message, f"every reader takes the larger code and runs {name}"
