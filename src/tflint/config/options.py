"""Every option, declared once.

Rendered by the validator (`values`, `validate`), the command line (`cli.arguments`), shell
completion, `--show-settings`, the JSON Schema and the documentation.
"""

from __future__ import annotations

from tflint.lint.finding import SEVERITIES
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: Values of an option's `kind`.
RULES = "rules"  #: list of codes, prefixes, names, families or `ALL`
RULE = "rule"  #: one code or name
NAMES = "names"  #: list of strings
GLOBS = "globs"  #: list of glob patterns, at least one
TARGETS = "targets"  #: list of targets
CHOICE = "choice"  #: one of `choices`
TEXT = "text"  #: a string that is not empty
PATH = "path"  #: a path; in a file it is relative to the file's folder
SWITCH = "switch"  #: true or false
COUNT = "count"  #: an integer from 0

#: Kinds whose value is a list of strings.
LISTS = frozenset({RULES, NAMES, GLOBS, TARGETS})

#: Output formats; `report` writes one each.
FORMATS = (
    "text",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
)

#: Targets by name, and what follows the name after a colon; empty for nothing.
TARGET_NAMES: Mapping[str, str] = {"runtime": "VERSION"}


class Option(NamedTuple):
    """One option."""

    key: str  #: in a file; on the command line it is the name of `flags`, or without it `--key`
    kind: str
    help: str  #: one clause, lower-case start, no final dot
    flags: tuple[str, ...] = ()  #: on the command line; empty where it is not settable there
    default: Any = None
    choices: tuple[str, ...] = ()
    metavar: str = ""
    example: str = ""  #: a value in TOML, for the documentation
    model: bool = False  #: may differ between models: stands in `[[overrides]]` too
    profile: bool = False  #: may stand in a profile
    required: bool = False  #: of an entry of `[[overrides]]` or `[[suppress]]`
    stored: Any = None  #: what a flag without a value stands for
    flag_help: str = ""  #: where the flag says the contrary of the key


#: Options of a file and of the command line.
OPTIONS = (
    Option(
        "select",
        RULES,
        "rules to run: codes, prefixes, names, families or ALL; starts over from what "
        "profile and configuration file select and ignore",
        ("--select",),
        ("ALL",),
        metavar="RULES",
        example='["ALL"]',
        model=True,
        profile=True,
    ),
    Option(
        "ignore",
        RULES,
        "rules to leave out, in place of those the configuration file ignores",
        ("--ignore",),
        (),
        metavar="RULES",
        example='["P001", "dynamic-input-shape"]',
        model=True,
        profile=True,
    ),
    Option(
        "extend-select",
        RULES,
        "rules to run besides those selected",
        ("--extend-select",),
        (),
        metavar="RULES",
        example='["Q"]',
        model=True,
        profile=True,
    ),
    Option(
        "extend-ignore",
        RULES,
        "rules to leave out besides those ignored",
        ("--extend-ignore",),
        (),
        metavar="RULES",
        example='["size"]',
        model=True,
        profile=True,
    ),
    Option(
        "profile",
        CHOICE,
        "named set of rules, severities and targets to start from",
        ("--profile",),
        "default",
        metavar="NAME",
        example='"default"',
    ),
    Option(
        "targets",
        TARGETS,
        "where the model will run, such as runtime:2.14",
        ("--target",),
        (),
        metavar="TARGET",
        example='["runtime:2.14"]',
        model=True,
        profile=True,
    ),
    Option(
        "fail-on",
        CHOICE,
        "lowest severity that makes the exit code 1",
        ("--fail-on",),
        "error",
        (*SEVERITIES, "never"),
        metavar="SEVERITY",
        example='"error"',
        profile=True,
    ),
    Option(
        "min-severity",
        CHOICE,
        "lowest severity that is shown; those below are counted",
        ("--min-severity",),
        "info",
        SEVERITIES,
        metavar="SEVERITY",
        example='"warning"',
        profile=True,
    ),
    Option(
        "format",
        CHOICE,
        "form of the report",
        ("--format",),
        "text",
        FORMATS,
        metavar="FORMAT",
        example='"text"',
    ),
    Option(
        "baseline",
        PATH,
        "file of findings accepted as they are; only others count",
        ("--baseline",),
        None,
        metavar="FILE",
        example='"tflint-baseline.json"',
    ),
    Option(
        "allowed-custom-ops",
        NAMES,
        "custom operators that the application registers with its interpreter",
        (),
        (),
        example='["MyDetector"]',
        model=True,
        profile=True,
    ),
    Option(
        "data",
        SWITCH,
        "read the values of constants; without them rules about weights are skipped",
        ("--no-data",),
        True,
        example="true",
        model=True,
        profile=True,
        stored=False,
        flag_help="do not read the values of constants; rules about weights are skipped",
    ),
    Option(
        "jobs",
        COUNT,
        "processes to lint several files with; 0 for one per CPU",
        ("-j", "--jobs"),
        1,
        metavar="N",
        example="4",
    ),
)

#: By key.
BY_KEY: Mapping[str, Option] = {option.key: option for option in OPTIONS}

#: The table that gives findings of a rule another severity: selector to severity.
SEVERITY = Option(
    "severity",
    CHOICE,
    "severity of a rule's findings, by code, prefix, name or family; the narrowest counts",
    choices=SEVERITIES,
    example='Q001 = "error"',
    model=True,
    profile=True,
)

#: The keys of an entry of `[[overrides]]`, besides those options that may differ between models.
OVERRIDE = (
    Option(
        "models",
        GLOBS,
        "the models it is for; one without a slash is for the file name, any other for the "
        "path from the configuration file's folder",
        example='["legacy/**", "*_fp32.tflite"]',
        required=True,
    ),
)

#: The keys of an entry of `[[suppress]]`.
SUPPRESS = (
    Option("rule", RULE, "code or name of the rule", example='"Q002"', required=True),
    Option("model", TEXT, "glob of the models it is for", default="*", example='"detector*"'),
    Option(
        "location",
        TEXT,
        "glob of the place: `subgraph[0].op[41]`, or the name of a tensor or operator",
        default="*",
        example='"head/*"',
    ),
    Option(
        "reason",
        TEXT,
        "why the finding is all right; shown in reports",
        example='"the sine runs on the CPU on purpose"',
        required=True,
    ),
)
