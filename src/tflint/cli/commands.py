"""The commands, and which of them the arguments name."""

from __future__ import annotations

from importlib import import_module

from tflint.cli.arguments import Unknown, flags, words
from tflint.cli.diagnostics import Failure
from tflint.cli.options import CHECK, COMMON
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    from tflint.cli.arguments import Arguments
    from tflint.cli.diagnostics import Diagnostics
    from tflint.config.options import Option

    class Module(Protocol):
        """What the module of a command offers."""

        #: What it takes besides `cli.options.COMMON`, by heading of `--help`.
        GROUPS: Sequence[tuple[str, Sequence[Option]]]
        #: Paragraphs of `--help` below the options.
        NOTES: Sequence[str]

        def run(self, arguments: Arguments, say: Diagnostics) -> int:
            """Runs the command; returns the exit code."""
            ...


#: Run where no command is named: `tflint model.tflite`.
DEFAULT = "check"


class Command(NamedTuple):
    """A command as `tflint --help` lists it."""

    summary: str  #: one clause, lower-case start, no final dot
    operands: str  #: as the usage line shows them
    module: str


COMMANDS = {
    "check": Command(
        "lint models; the default: `tflint PATH` is `tflint check PATH`",
        "PATH...",
        "tflint.cli.check",
    ),
    "rules": Command("list the rules", "", "tflint.cli.rules"),
    "explain": Command("print the manual of rules", "RULE...", "tflint.cli.explain"),
    "completion": Command(
        "print a shell's completion script", "bash|zsh|fish", "tflint.cli.completion"
    ),
}


def module(name: str) -> Module:
    """Imports the module of a command."""
    found: Any = import_module(COMMANDS[name].module)
    return found  # type: ignore[no-any-return]


def split(argv: Sequence[str]) -> tuple[str, list[str]]:
    """The command's name and its arguments.

    The first argument that is neither an option nor an option's value names the command;
    options may stand before it. `./check` is a file called like one.
    """
    try:
        for word in words(flags((*CHECK, *COMMON)), argv):
            if word.option is None:
                index = word.at
                if word.value in COMMANDS and "--" not in argv[:index]:
                    return argv[index], [*argv[:index], *argv[index + 1 :]]
                break
    except (Unknown, Failure):
        # Parsing will say it, and say it better: by then the command is known.
        pass
    return DEFAULT, list(argv)
