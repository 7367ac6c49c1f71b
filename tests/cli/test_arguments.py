"""Which command runs, and what its arguments are."""

from __future__ import annotations

import pytest

from tflint.cli.arguments import parse
from tflint.cli.commands import COMMANDS, module, split
from tflint.cli.completion import SHELLS
from tflint.cli.diagnostics import Failure
from tflint.cli.help import help_text
from tflint.cli.options import CHECK, COMMON
from tflint.config.options import OPTIONS
from tflint.report.paint import columns


@pytest.mark.parametrize(
    ("argv", "command", "rest"),
    [
        ("", "check", ""),
        ("x.tflite", "check", "x.tflite"),
        ("check x", "check", "x"),
        ("rules", "rules", ""),
        ("-q rules --family x", "rules", "-q --family x"),
        ("--format json rules", "rules", "--format json"),
        ("--format=json rules", "rules", "--format=json"),
        ("--format rules x", "check", "--format rules x"),
        ("-o rules x", "check", "-o rules x"),
        ("-orules explain", "explain", "-orules"),
        ("-qj 2 rules", "rules", "-qj 2"),
        ("-qj2 rules", "rules", "-qj2"),
        ("x rules", "check", "x rules"),
        ("- rules", "check", "- rules"),
        ("-- rules", "check", "-- rules"),
        ("check rules", "check", "rules"),
    ],
)
def test_command(argv: str, command: str, rest: str) -> None:
    assert split(argv.split()) == (command, rest.split())


def test_values_are_checked_and_lists_joined() -> None:
    argv = "a -j4 --target runtime:2.14 b --target=runtime:2.5 --no-data -qv -- --color c"
    found = parse("check", CHECK, argv.split())
    assert found.operands == ("a", "b", "--color", "c")
    assert found.settings == {
        "jobs": 4,
        "targets": ("runtime:2.14", "runtime:2.5"),
        "data": False,
    }
    assert found.verbosity == 0
    assert parse("check", CHECK, ["-v"]).verbosity == 1
    assert parse("check", CHECK, ["-q"]).verbosity == -1


def test_options_are_not_abbreviated() -> None:
    """A script that says --form would change its meaning with the next option."""
    with pytest.raises(Failure, match="no option --form; did you mean `--format`"):
        parse("check", CHECK, ["--form", "json"])


@pytest.mark.parametrize("command", [None, *COMMANDS])
@pytest.mark.parametrize("width", [50, 80, 100])
def test_help(command: str | None, width: int) -> None:
    text = help_text(command, width)
    assert max(columns(line) for line in text.splitlines()) <= width
    for option in COMMON:
        assert all(flag in text for flag in option.flags)
    for _, options in module(command or "check").GROUPS:
        for option in options:
            assert all(flag in text for flag in option.flags)
    assert "\x1b" not in text
    assert "\x1b[1mUsage:" in help_text(command, width, color=True)


def test_help_of_every_command_is_printed(tflint) -> None:
    program = tflint("--help")
    assert program.code == 0
    assert all(f"  {name} " in program.out for name in COMMANDS)
    assert tflint("-h").out == program.out
    for name in COMMANDS:
        ran = tflint(name, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert f"Usage: tflint {name} " in ran.out
    assert " ".join(SHELLS).replace(" ", "|") in tflint("completion", "-h").out


def test_version(tflint) -> None:
    from tflint import __version__

    for arguments in (["--version"], ["-V"], ["check", "--version"], ["-q", "--version"]):
        assert tflint(*arguments) == (0, f"tflint {__version__}\n", "")


def test_keys_are_unique_and_described_alike() -> None:
    keys = [option.key for option in (*CHECK, *COMMON)]
    assert len(set(keys)) == len(keys)
    for option in (*CHECK, *COMMON, *OPTIONS):
        assert option.help[0].islower()
        assert not option.help.endswith(".")
