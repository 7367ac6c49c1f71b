"""What there is to complete, for every shell."""

from __future__ import annotations

from tflint.cli.commands import module
from tflint.cli.options import COMMON
from tflint.config.layers import profile_names
from tflint.config.options import CHOICE, TARGET_NAMES, TARGETS, Option
from tflint.lint.registry import rules
from tflint.record import NamedTuple

#: Both names of the program.
PROGRAMS = ("tflint", "tflite-lint")


class Described(NamedTuple):
    """A word and what it stands for."""

    word: str
    about: str


def options_of(command: str) -> tuple[Option, ...]:
    """Every option of a command."""
    groups = module(command).GROUPS
    return (*(option for _, options in groups for option in options), *COMMON)


def values_of(option: Option) -> tuple[str, ...]:
    """The words that may be an option's value; empty where it may be anything.

    Options of kind `RULES` take a list of `selectors`.
    """
    if option.kind == TARGETS:
        return tuple(f"{name}:" if rest else name for name, rest in TARGET_NAMES.items())
    if option.kind == CHOICE:
        return option.choices or profile_names()
    return families() if option.key == "family" else ()


def families() -> tuple[str, ...]:
    """The families of rules."""
    return tuple(sorted({info.family for info in rules().values()}))


def selectors() -> tuple[str, ...]:
    """Words for an option that selects rules."""
    names = (info.name for info in rules().values())
    prefixes = sorted({code[0] for code in rules()})
    return ("ALL", *families(), *prefixes, *rules(), *names)


def explained() -> list[Described]:
    """Codes and names of rules, with what the rule finds."""
    infos = rules().values()
    return [Described(word, info.summary) for info in infos for word in (info.code, info.name)]
