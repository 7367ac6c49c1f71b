"""`tflint rules`: list the rules."""

from __future__ import annotations

from tflint import __version__
from tflint.cli.arguments import Arguments
from tflint.cli.diagnostics import EXIT_OK, Diagnostics, Failure
from tflint.cli.output import Output
from tflint.config.options import BY_KEY, CHOICE, TEXT, Option
from tflint.config.values import suggestion
from tflint.lint.registry import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tflint.lint.registry import RuleInfo

#: Version of the form of `--format json`.
SCHEMA_VERSION = "1.0"

FORMAT = Option(
    "format",
    CHOICE,
    "form of the list",
    ("--format",),
    "text",
    ("text", "json", "markdown"),
    metavar="FORMAT",
)
FAMILY = Option(
    "family", TEXT, "rules of one family, such as quantization", ("--family",), metavar="NAME"
)
SELECT = BY_KEY["select"]._replace(help="rules to list: codes, prefixes, names, families or ALL")

GROUPS: Sequence[tuple[str, Sequence[Option]]] = (("List", (SELECT, FAMILY, FORMAT)),)
NOTES = ("`tflint explain RULE` prints a rule's manual.",)


def run(arguments: Arguments, say: Diagnostics) -> int:
    """Prints the rules that are asked for."""
    if arguments.operands:
        raise Failure(
            f"rules takes no path or name, got {arguments.operands[0]}",
            hint=f"tflint rules --select {arguments.operands[0]}",
        )
    from tflint.lint.select import select
    from tflint.report.paint import terminal_width, wants_color

    chosen = select(rules(), select=arguments.get("select", ("ALL",)))
    infos = [rules()[code] for code in chosen]
    if family := arguments.get("family"):
        _check_family(family)
        infos = [info for info in infos if info.family == family]
    with Output() as output:
        form = arguments.get("format", "text")
        if form == "json":
            output.write(_json(infos))
        elif form == "markdown":
            output.write(_markdown(infos))
        else:
            color = wants_color(arguments.get("color", "auto"), output.stream)
            # A pipe gets whole lines: `tflint rules | grep`.
            width = terminal_width(output.stream) if output.stream.isatty() else None
            output.write(_text(infos, width, color=color))
    return EXIT_OK


def _check_family(family: str) -> None:
    known = sorted({info.family for info in rules().values()})
    if family not in known:
        raise Failure(
            f"--family: no family `{family}`{suggestion(family, known)}",
            hint=f"the families are {', '.join(known)}",
        )


def _text(infos: Sequence[RuleInfo], width: int | None, *, color: bool) -> str:
    from tflint.report.paint import Paint, clip

    paint = Paint(color)
    field = max((len(info.name) for info in infos), default=0)
    lines = []
    for info in infos:
        room = None if width is None else width - field - len(info.code) - 13
        summary = info.summary if room is None or room < 20 else clip(info.summary, room)
        lines.append(
            f"{paint('strong', info.code)}  {paint(info.severity, f'{info.severity:<7}')}  "
            f"{info.name:<{field}}  {summary}\n"
        )
    return "".join(lines)


def _markdown(infos: Sequence[RuleInfo]) -> str:
    lines = ["| Code | Name | Severity | Family | What it finds |", "| --- " * 5 + "|"]
    for info in infos:
        summary = info.summary.replace("|", "\\|")
        lines.append(f"| {info.code} | {info.name} | {info.severity} | {info.family} | {summary} |")
    return "".join(f"{line}\n" for line in lines)


def _json(infos: Sequence[RuleInfo]) -> str:
    import json

    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "tflint", "version": __version__},
        "rules": [_object(info) for info in infos],
    }
    return json.dumps(document, indent=2) + "\n"


def _object(info: RuleInfo) -> dict[str, Any]:
    """A rule's facts, without where its check is."""
    fields = info._asdict() | {"settings": dict(info.settings)}
    return {key: value for key, value in fields.items() if key != "module"}
