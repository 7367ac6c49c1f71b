"""Parsing: argument vectors into checked values, by the tables of options.

argparse is not used: it would cost a tenth of a run's time (its import, the message catalogues it
looks for, its parser), and options anywhere between paths, misspelt names and the command's name
behind options are all things it has to be talked into.
"""

from __future__ import annotations

from tflint.cli.diagnostics import Failure
from tflint.cli.options import COMMON, spelling, takes_value
from tflint.config.options import BY_KEY, COUNT, LISTS, Option
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any


class Arguments(NamedTuple):
    """The arguments of a command, checked."""

    command: str
    operands: tuple[str, ...]
    values: dict[str, Any]  #: by option key; options not given are absent

    def get(self, key: str, default: Any = None) -> Any:
        """The value of an option."""
        return self.values.get(key, default)

    @property
    def settings(self) -> dict[str, Any]:
        """Those values that a configuration file could give, too."""
        return {key: value for key, value in self.values.items() if key in BY_KEY}

    @property
    def verbosity(self) -> int:
        """-1 quiet, 0, 1 verbose."""
        return int(self.get("verbose", False)) - int(self.get("quiet", False))


class Word(NamedTuple):
    """One thing that arguments say."""

    at: int  #: index of the argument it begins in
    option: Option | None  #: None for an operand
    flag: str  #: the option as it was written; empty for an operand
    value: str | None  #: the operand, or the option's value; None where the option takes none


class Unknown(Exception):
    """An argument that looks like an option and is none."""

    def __init__(self, flag: str) -> None:
        super().__init__(flag)
        self.flag = flag


def parse(command: str, options: Sequence[Option], argv: Sequence[str]) -> Arguments:
    """Parses and checks the arguments of a command.

    Options and operands may stand in any order; behind `--` there are operands only. Options
    are never abbreviated, as a script's `--form` would change its meaning with the next option.

    Raises:
        Failure: an option is unknown, lacks its value, or its value is not what it takes.
    """
    every = flags((*options, *COMMON))
    operands: list[str] = []
    given: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    try:
        for word in words(every, argv):
            if word.option is None:
                operands.append(word.value or "")
            elif not takes_value(word.option):
                values[word.option.key] = word.option.stored
            else:
                assert word.value is not None
                given.setdefault(word.option.key, []).append(word.value)
    except Unknown as unknown:
        raise _no_such_option(unknown.flag, command, every) from None
    for option in every.values():
        if option.key in given:
            values[option.key] = _checked(option, given[option.key])
    return Arguments(command, tuple(operands), values)


def flags(options: Sequence[Option]) -> dict[str, Option]:
    """Options by flag: `-j` and `--jobs`."""
    return {flag: option for option in options for flag in option.flags}


def words(known: Mapping[str, Option], argv: Sequence[str]) -> Iterator[Word]:
    """What the arguments say, in order, as POSIX and GNU write it: `-j 4`, `-qj4`, `--jobs=4`.

    Args:
        known: options by flag.

    Raises:
        Unknown: an option is not among them.
        Failure: an option lacks its value, or has one and takes none.
    """
    index = 0
    while index < len(argv):
        begin, argument = index, argv[index]
        index += 1
        if argument == "--":
            for rest in range(index, len(argv)):
                yield Word(rest, None, "", argv[rest])
            return
        if not argument.startswith("-") or argument == "-":
            yield Word(begin, None, "", argument)
            continue
        while argument:
            flag, value, argument = _first(argument)
            option = known.get(flag)
            if option is None:
                raise Unknown(flag)
            if takes_value(option):
                value, argument = value if value is not None else argument or None, ""
                if value is None:
                    if index == len(argv):
                        raise Failure(f"{flag}: no value; it takes {option.metavar}")
                    value = argv[index]
                    index += 1
            elif value is not None:
                raise Failure(f"{flag} takes no value, got `{value}`")
            elif argument:
                argument = f"-{argument}"
            yield Word(begin, option, flag, value)


def _first(argument: str) -> tuple[str, str | None, str]:
    """The first option of an argument, the value behind `=`, and what is left of a cluster."""
    if argument.startswith("--"):
        flag, equals, value = argument.partition("=")
        return flag, value if equals else None, ""
    return argument[:2], None, argument[2:]


def _checked(option: Option, given: Sequence[str]) -> Any:
    """The value of an option that was given once or more: lists add up, else the last counts."""
    from tflint.config.values import checked

    value: Any = given[-1]
    if option.kind in LISTS:
        value = [part for one in given for part in one.split(",")]
    try:
        if option.kind == COUNT:
            value = _integer(value)
        return checked(option, value)
    except ValueError as error:
        raise Failure(f"{spelling(option)}: {error}") from None


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"expected an integer, got `{text}`") from None


def _no_such_option(flag: str, command: str, known: Mapping[str, Option]) -> Failure:
    from tflint.config.values import suggestion

    hint = suggestion(flag, [one for one in known if one.startswith("--")])
    return Failure(f"no option {flag}{hint}", hint=f"tflint {command} --help lists the options")
