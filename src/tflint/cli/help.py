"""`--help`, drawn from the option tables."""

from __future__ import annotations

from tflint.cli.arguments import Arguments
from tflint.cli.commands import COMMANDS, DEFAULT, module
from tflint.cli.diagnostics import EXIT_CODES, EXIT_OK
from tflint.cli.options import COMMON, takes_value
from tflint.cli.output import Output
from tflint.config.layers import profile_names
from tflint.config.options import CHOICE, Option
from tflint.report.paint import Paint, columns, terminal_width, wants_color, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SUMMARY = (
    "tflint says what is wrong with a TFLite or LiteRT model for the places it will run, and "
    "exits with 1 when a release should stop."
)
#: Columns before the description of an option; a longer option has it on the next line.
FIELD = 30
#: Lines are not wider than this, however wide the terminal is.
MAX_WIDTH = 100


def print_help(command: str | None, arguments: Arguments) -> int:
    """Prints the help of a command, or of the program."""
    with Output() as output:
        color = wants_color(arguments.get("color", "auto"), output.stream)
        output.write(help_text(command, min(terminal_width(output.stream), MAX_WIDTH), color=color))
    return EXIT_OK


def help_text(command: str | None, width: int, *, color: bool = False) -> str:
    """The help of a command; of the program, with its default command's options, for None."""
    page = _Page(width, Paint(color))
    shown = command or DEFAULT
    facts = COMMANDS[shown]
    if command is None:
        page.prose(SUMMARY)
        page.blank()
        page.usage(f"tflint [OPTIONS] {facts.operands}", "tflint COMMAND [OPTIONS] ...")
        page.section("Commands", [(name, one.summary) for name, one in COMMANDS.items()], 12)
    else:
        page.prose(f"{facts.summary[0].upper()}{facts.summary[1:]}.")
        page.blank()
        page.usage(f"tflint {command} [OPTIONS] {facts.operands}".rstrip())
    found = module(shown)
    for heading, options in (*found.GROUPS, ("General", COMMON)):
        page.section(heading, [(_flags(option), _about(option)) for option in options], FIELD)
    page.section("Exit codes", [(f"{code:>3}", text) for code, text in EXIT_CODES], 5)
    for note in found.NOTES:
        page.blank()
        page.prose(note)
    if command is None:
        page.blank()
        page.prose(
            "Configuration: the nearest tflint.toml, or pyproject.toml with a [tool.tflint] "
            "table, from the current directory upwards. `tflint COMMAND --help` is about one "
            "command; a file named like a command is reached as ./check."
        )
    return "".join(f"{line}\n" for line in page.lines)


class _Page:
    def __init__(self, width: int, paint: Paint) -> None:
        self.lines: list[str] = []
        self.width = width
        self.paint = paint

    def blank(self) -> None:
        self.lines.append("")

    def prose(self, text: str) -> None:
        self.lines += wrap(text, self.width)

    def usage(self, *forms: str) -> None:
        for number, form in enumerate(forms):
            lead = self.paint("strong", "Usage:") if number == 0 else " " * len("Usage:")
            self.lines.append(f"{lead} {form}")

    def section(self, heading: str, rows: Sequence[tuple[str, str]], field: int) -> None:
        self.blank()
        self.lines.append(self.paint("strong", f"{heading}:"))
        for term, text in rows:
            lead = f"  {term}"
            described = wrap(text, self.width - field - 2)
            if columns(lead) + 2 > field + 2:
                self.lines.append(self._term(lead))
            else:
                first = described.pop(0) if described else ""
                self.lines.append(self._term(f"{lead:<{field + 2}}") + first)
            self.lines += [" " * (field + 2) + line for line in described]

    def _term(self, text: str) -> str:
        return self.paint("info", text) if text.strip() else text


def _flags(option: Option) -> str:
    flags = ", ".join(option.flags)
    if not option.flags[0].startswith("--"):
        return f"{flags} {option.metavar}".rstrip()
    return f"    {flags} {option.metavar}".rstrip()


def _about(option: Option) -> str:
    text = option.flag_help or option.help
    if not takes_value(option):
        return text
    choices = ", ".join(option.choices or (profile_names() if option.kind == CHOICE else ()))
    default = option.default
    known = f"default {default}" if isinstance(default, (str, int)) and choices else ""
    more = "; ".join(part for part in (choices, known) if part)
    return f"{text} ({more})" if more else text
