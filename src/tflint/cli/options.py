"""Options of the command line alone, and what the tables of options have in common there."""

from __future__ import annotations

from tflint.config.options import BY_KEY, CHOICE, PATH, SWITCH, Option

#: Every command takes these.
COMMON = (
    Option(
        "color",
        CHOICE,
        "colour: auto asks NO_COLOR, FORCE_COLOR and the terminal",
        ("--color",),
        "auto",
        ("auto", "always", "never"),
        metavar="WHEN",
    ),
    Option(
        "quiet",
        SWITCH,
        "findings only: no summary, no notes, no progress",
        ("-q", "--quiet"),
        False,
        stored=True,
    ),
    Option(
        "verbose",
        SWITCH,
        "also clean models, suppressed findings with their reasons, every place of a finding",
        ("-v", "--verbose"),
        False,
        stored=True,
    ),
    Option(
        "debug",
        SWITCH,
        "traceback of an internal error; TFLINT_DEBUG=1 is the same",
        ("--debug",),
        False,
        stored=True,
    ),
    Option("version", SWITCH, "print the version", ("-V", "--version"), False, stored=True),
    Option("help", SWITCH, "print this help", ("-h", "--help"), False, stored=True),
)

OUTPUT = Option(
    "output",
    PATH,
    "write the report to FILE, whole or not at all, in place of standard output",
    ("-o", "--output"),
    metavar="FILE",
)
STATISTICS = Option(
    "statistics",
    SWITCH,
    "count findings by rule in place of listing them; formats text and json",
    ("--statistics",),
    False,
    stored=True,
)
WRITE_BASELINE = Option(
    "write-baseline",
    SWITCH,
    "write every finding of this run to the --baseline file: from now on it is accepted",
    ("--write-baseline",),
    False,
    stored=True,
)
CONFIG = Option(
    "config",
    PATH,
    "configuration file, in place of the nearest tflint.toml or pyproject.toml upwards",
    ("--config",),
    metavar="FILE",
)
ISOLATED = Option(
    "isolated", SWITCH, "read no configuration file", ("--isolated",), False, stored=True
)
SHOW_SETTINGS = Option(
    "show-settings",
    SWITCH,
    "print the configuration as it is in force, and where each part comes from",
    ("--show-settings",),
    False,
    stored=True,
)


def _config(*keys: str) -> tuple[Option, ...]:
    return tuple(BY_KEY[key] for key in keys)


#: The options of `check`, by heading of `--help`.
CHECK_GROUPS = (
    (
        "Rules",
        _config("select", "ignore", "extend-select", "extend-ignore", "profile", "targets"),
    ),
    ("Verdict", (*_config("fail-on", "min-severity", "baseline"), WRITE_BASELINE)),
    ("Report", (*_config("format"), OUTPUT, STATISTICS)),
    ("Run", _config("data", "jobs")),
    ("Configuration", (CONFIG, ISOLATED, SHOW_SETTINGS)),
)
CHECK = tuple(option for _, options in CHECK_GROUPS for option in options)


def takes_value(option: Option) -> bool:
    """Whether the option is followed by a value on the command line."""
    return option.stored is None


def spelling(option: Option) -> str:
    """The flag to name an option by in messages: the long one."""
    return option.flags[-1]
