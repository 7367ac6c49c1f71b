"""Is a value what an option takes? Says what was expected where it is not."""

from __future__ import annotations

from tflint.config.layers import profile_names
from tflint.config.options import (
    CHOICE,
    COUNT,
    GLOBS,
    LISTS,
    RULE,
    RULES,
    SWITCH,
    TARGET_NAMES,
    TARGETS,
    Option,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """``; did you mean `x`?`` for the nearest of `known`, or nothing."""
    from difflib import get_close_matches

    names = list(known)
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(wrong.lower(), by_lower, 1)
    if not close and len(wrong) >= 3:
        close = [name for name in by_lower if name.startswith(wrong.lower())][:1]
    return f"; did you mean `{by_lower[close[0]]}`?" if close else ""


def checked(option: Option, value: Any) -> Any:
    """The value as the configuration holds it: lists become tuples.

    Raises:
        ValueError: it is not what the option takes; the message is a clause:
            `expected true or false, got a string`.
    """
    if option.kind in LISTS:
        return _list(option, value)
    if option.kind == SWITCH:
        if not isinstance(value, bool):
            raise ValueError(f"expected true or false, got {_type(value)}")
        return value
    if option.kind == COUNT:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"expected an integer, got {_type(value)}")
        if value < 0:
            raise ValueError(f"expected an integer from 0, got {value}")
        return value
    if not isinstance(value, str):
        raise ValueError(f"expected a string, got {_type(value)}")
    if not value.strip():
        raise ValueError("expected a text, got an empty one")
    if option.kind == CHOICE:
        choices = option.choices or profile_names()
        if value not in choices:
            raise ValueError(
                f"expected {_either(choices)}, got `{value}`{suggestion(value, choices)}"
            )
    return check_rule(value) if option.kind == RULE else value


def _list(option: Option, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ValueError(f'expected a list of strings, got a string: write ["{value}"]')
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"expected a list of strings, got {_type(value)}")
    for item in value:
        if not isinstance(item, str):
            raise ValueError(f"expected a list of strings, one item is {_type(item)}")
        if not item.strip():
            raise ValueError("expected a list of strings, one item is empty")
    if option.kind == RULES:
        check_selectors(value)
    elif option.kind == TARGETS:
        for target in value:
            check_target(target)
    elif option.kind == GLOBS and not value:
        raise ValueError("expected at least one pattern, got an empty list")
    return tuple(value)


def check_selectors(selectors: Iterable[str]) -> None:
    """Raises ValueError for the first selector that means no rule."""
    from tflint.lint.registry import rules
    from tflint.lint.select import resolve

    for selector in selectors:
        resolve(selector, rules())


def check_rule(text: str) -> str:
    """The code of the one rule that `text`, a code or a name, stands for.

    Raises:
        ValueError: there is none, or it is a prefix of several.
    """
    from tflint.lint.registry import rules
    from tflint.lint.select import resolve

    infos = rules()
    found = resolve(text, infos)
    for code in found:
        if text.strip().upper() == code or text.strip().lower() == infos[code].name:
            return code
    raise ValueError(f"expected the code or name of one rule; `{text}` selects {len(found)}")


def check_target(target: str) -> None:
    """Raises ValueError for a target nobody knows."""
    name, colon, parameter = target.partition(":")
    if name not in TARGET_NAMES:
        known = _either([f"{name}:{rest}".rstrip(":") for name, rest in TARGET_NAMES.items()])
        raise ValueError(
            f"no target `{target}`{suggestion(name, TARGET_NAMES) or f'; there is {known}'}"
        )
    wanted = TARGET_NAMES[name]
    if wanted == "VERSION":
        if not _is_version(parameter):
            raise ValueError(f"expected {name}:VERSION, such as {name}:2.14, got `{target}`")
    elif colon and not wanted:
        raise ValueError(f"expected {name} alone, got `{target}`")


def _is_version(text: str) -> bool:
    parts = text.split(".")
    return 2 <= len(parts) <= 3 and all(part.isascii() and part.isdigit() for part in parts)


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _type(value: Any) -> str:
    """What TOML calls the type of a value."""
    names = {
        bool: "a boolean",
        str: "a string",
        int: "an integer",
        float: "a float",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")
