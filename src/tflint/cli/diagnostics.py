"""Everything that goes to standard error, and what the exit codes mean."""

from __future__ import annotations

import sys

# As in tflint/__init__.py: `tflint --version` needs this module and not typing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.report.paint import Paint

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
#: EX_SOFTWARE of sysexits.h.
EXIT_INTERNAL = 70
#: 128 and the number of SIGINT, as shells report it.
EXIT_INTERRUPTED = 130

#: The exit codes as `--help` and the documentation show them.
EXIT_CODES = (
    (EXIT_OK, "no finding at or above --fail-on"),
    (EXIT_FINDINGS, "findings at or above --fail-on"),
    (
        EXIT_USAGE,
        "wrong usage or configuration, a path that cannot be opened, output that cannot be "
        "written; counts before 1",
    ),
    (EXIT_INTERNAL, "a bug in tflint"),
    (EXIT_INTERRUPTED, "interrupted by Ctrl-C"),
)


class Failure(Exception):
    """The run ends here with exit code 2.

    Args:
        problems: what is wrong, one line each.
        hint: what to do about it.
    """

    def __init__(self, *problems: str, hint: str = "") -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.hint = hint


class Diagnostics:
    """Writes to standard error.

    Args:
        color: `auto`, `always` or `never`.
        verbosity: -1 leaves out notes and progress.
    """

    def __init__(self, color: str = "auto", verbosity: int = 0) -> None:
        self.color = color
        self.verbosity = verbosity
        self._transient = False

    def error(self, message: str, hint: str = "") -> None:
        """What made the exit code 2."""
        self._say("error", message, hint)

    def warning(self, message: str, hint: str = "") -> None:
        """What a user should know and the exit code does not say."""
        if self.verbosity >= 0:
            self._say("warning", message, hint)

    def note(self, message: str) -> None:
        """What was done beside the report."""
        if self.verbosity >= 0:
            self._say("note", message)

    def detail(self, message: str) -> None:
        """A note for `-v`."""
        if self.verbosity > 0:
            self._say("note", message)

    def failure(self, failure: Failure) -> None:
        """Every problem of a failure, and its hint."""
        for problem in failure.problems:
            last = problem is failure.problems[-1]
            self.error(problem, failure.hint if last else "")

    def internal(self, error: BaseException, *, debug: bool) -> None:
        """A bug: one line and how to report it, or the traceback."""
        if debug:
            import traceback

            self._write("".join(traceback.format_exception(error)))
        text = " ".join(str(error).split())[:200]
        self._say(
            "error",
            f"internal error: {type(error).__name__}{': ' if text else ''}{text}",
            "" if debug else "this is a bug: run again with --debug and report what it prints",
        )

    @property
    def interactive(self) -> bool:
        """Whether a line that is written over makes sense."""
        import os

        stream = sys.stderr
        return (
            self.verbosity >= 0
            and stream is not None
            and stream.isatty()
            and os.environ.get("TERM") != "dumb"
        )

    def status(self, text: str) -> None:
        """A line that the next one replaces, for terminals; empty to take it back."""
        if text or self._transient:
            self._transient = bool(text)
            # CSI K clears to the end of the line (ECMA-48, 8.3.41).
            self._write(f"\r{text}\x1b[K", keep=True)

    def _say(self, severity: str, message: str, hint: str = "") -> None:
        from tflint.container.wording import printable

        paint = self._paint()
        style = "info" if severity == "note" else severity
        lead = f"{paint('strong', 'tflint:')} {paint(style, f'{severity}:')}"
        lines = [f"{lead} {printable(message)}"]
        if hint:
            lines.append(f"  {paint('fix', 'help:')} {printable(hint)}")
        self._write("".join(f"{line}\n" for line in lines))

    def _paint(self) -> Paint:
        from tflint.report.paint import Paint, wants_color

        return Paint(sys.stderr is not None and wants_color(self.color, sys.stderr))

    def _write(self, text: str, *, keep: bool = False) -> None:
        stream = sys.stderr
        if stream is None:
            return
        if not keep:
            self.status("")
        try:
            stream.write(text)
            stream.flush()
        except (OSError, ValueError):
            # Nobody is there to be told; the exit code still says it.
            return
