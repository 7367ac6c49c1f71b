"""The entry point: finds the command, runs it, and turns how it ends into an exit code."""

from __future__ import annotations

import gc
import os
import sys

# As in tflint/__init__.py: `tflint --version` imports next to nothing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs tflint.

    Args:
        argv: the arguments behind the program's name; those of the process by default.

    Returns:
        The exit code, one of `cli.diagnostics.EXIT_CODES`.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    # A run makes many objects and little garbage: looking for it as often as Python does by
    # default takes a twentieth of the time.
    gc.set_threshold(50_000, 50, 50)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        from tflint.cli.diagnostics import EXIT_INTERRUPTED

        return EXIT_INTERRUPTED


def _run(argv: list[str]) -> int:
    from tflint.cli.diagnostics import EXIT_INTERNAL, EXIT_USAGE, Diagnostics, Failure

    say = Diagnostics()
    debug = "--debug" in argv or os.environ.get("TFLINT_DEBUG", "0") not in ("", "0")
    try:
        if argv in (["--version"], ["-V"]):
            return _version()
        from tflint.cli.arguments import parse
        from tflint.cli.commands import module, split

        name, rest = split(argv)
        command = module(name)
        options = tuple(option for _, group in command.GROUPS for option in group)
        arguments = parse(name, options, rest)
        say = Diagnostics(arguments.get("color", "auto"), arguments.verbosity)
        if arguments.get("version"):
            return _version()
        if arguments.get("help"):
            from tflint.cli.help import print_help

            # Asked without a command, help is about all of them.
            return print_help(name if name in argv else None, arguments)
        return command.run(arguments, say)
    except KeyboardInterrupt:
        say.status("")
        raise
    except Failure as failure:
        say.failure(failure)
        return EXIT_USAGE
    except Exception as error:  # noqa: BLE001 - a bug must not look like a finding (exit code 1)
        say.internal(error, debug=debug)
        return EXIT_INTERNAL


def _version() -> int:
    from tflint import __version__
    from tflint.cli.output import Output

    Output().write(f"tflint {__version__}\n")
    return 0
