"""The configuration in force, as a file that would give it."""

from __future__ import annotations

from tflint import __version__
from tflint.config import Config
from tflint.config.layers import Layer
from tflint.config.options import OPTIONS, RULES, SEVERITY
from tflint.lint.registry import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Columns of a list that is broken into lines.
WIDTH = 100


def settings_text(config: Config) -> str:
    """TOML with the place each value comes from in a comment.

    The rules in force stand in `select`, one way to say what all layers together make.
    """
    file = config.file.path if config.file else "none"
    lines = [f"# tflint {__version__}, configuration file: {file}"]
    lines += _selection(config)
    for option in OPTIONS:
        value = config.value(option.key)
        if option.kind != RULES and value is not None:
            lines.append(f"{option.key} = {literal(value)}  # {config.origin(option.key)}")
    plan = config.plan("-")
    if plan.severities:
        origin = config.origin(SEVERITY.key)
        lines += ["", f"[{SEVERITY.key}]  # {origin}"]
        lines += [f"{code} = {literal(value)}" for code, value in sorted(plan.severities.items())]
    if config.file is not None:
        for override in config.file.overrides:
            lines += ["", "[[overrides]]", f"models = {literal(override.models)}"]
            lines += _plain(override.layer)
        for glob, suppression in config.file.suppressions:
            entry = {
                "rule": suppression.rule,
                "model": glob,
                "location": suppression.location,
                "reason": suppression.reason,
            }
            lines += ["", f"[[suppress]]  # {suppression.source}"]
            lines += [f"{key} = {literal(value)}" for key, value in entry.items()]
    return "".join(f"{line}\n" for line in lines)


def _selection(config: Config) -> list[str]:
    chosen, every = config.plan("-").rules, rules()
    selectors = [option.key for option in OPTIONS if option.kind == RULES]
    givers = [
        layer.name
        for layer in (*config.below, *config.above)
        if any(layer.get(key) is not None for key in selectors)
    ]
    comment = f"# {len(chosen)} of {len(every)} rules; {', '.join(givers) or 'default'}"
    if len(chosen) == len(every):
        return [f'select = ["ALL"]  {comment}']
    lines = [comment, "select = ["]
    line = ""
    for code in chosen:
        item = f"{literal(code)},"
        if line and len(line) + 1 + len(item) > WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {item}" if line else f"    {item}"
    return [*lines, *([line] if line else []), "]"]


def _plain(layer: Layer) -> list[str]:
    lines, nested = [], []
    for key, value in layer.values:
        if key == SEVERITY.key:
            nested = [f"{key}.{literal(name)} = {literal(severity)}" for name, severity in value]
        else:
            lines.append(f"{key} = {literal(value)}")
    return lines + nested


def literal(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = "".join(_escape(character) for character in value)
        return f'"{escaped}"'
    return f"[{', '.join(literal(item) for item in value)}]"


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character < " " or character == "\x7f":
        return f"\\u{ord(character):04x}"
    return character
