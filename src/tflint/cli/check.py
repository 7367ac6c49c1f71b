"""`tflint check`: lint models."""

from __future__ import annotations

import os

from tflint import __version__
from tflint.cli.arguments import Arguments
from tflint.cli.diagnostics import EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, Diagnostics, Failure
from tflint.cli.options import CHECK_GROUPS
from tflint.cli.output import Output
from tflint.config import Config, ConfigError, load
from tflint.container.wording import reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tflint.container import PathError
    from tflint.lint.baseline import Baseline
    from tflint.lint.result import Problem, Result

GROUPS = CHECK_GROUPS
NOTES = (
    "PATH is a file, a directory (searched for .tflite, .lite, .task and .litertlm files), a "
    "pattern such as 'models/**/*.tflite', or - for standard input.",
    "RULES are codes, prefixes of codes, names, families or ALL, separated by commas; of those "
    "that match a rule the narrowest decides.",
)

#: Formats for people.
_PROSE = ("text", "concise")
#: Formats that --statistics has a form for.
_COUNTED = ("text", "json")


def run(arguments: Arguments, say: Diagnostics) -> int:
    """Lints what the operands name and prints the report."""
    config = configuration(arguments)
    if config.file is not None:
        say.detail(f"configuration from {config.file.path}")
    if arguments.get("show-settings"):
        from tflint.cli.settings import settings_text

        with Output() as output:
            output.write(settings_text(config))
        return EXIT_OK
    if not arguments.operands:
        raise Failure("no path given", hint="tflint model.tflite, or tflint . for every model here")
    if arguments.get("statistics") and config.format not in _COUNTED:
        raise Failure(f"--statistics: no form for --format {config.format}; use text or json")
    baseline = _baseline(config, arguments)
    files, problems = _expand(arguments.operands, say)
    with Output(_output_path(arguments), _inputs(files, config)) as output:
        result = _lint(files, config, say)
        result = result._replace(
            min_severity=config.min_severity, problems=(*problems, *result.problems)
        )
        result = _accept(result, baseline, config, arguments, say)
        code = exit_code(result, config.fail_on)
        # Where nothing was linted what is said on standard error is all there is to say.
        if result.models or config.format not in _PROSE:
            output.write(_report(result, config, arguments, output, code))
    for problem in result.problems:
        say.error(f"{problem.path}: {problem.message}")
    return code


def exit_code(result: Result, fail_on: str) -> int:
    """What a result makes of the run."""
    if result.problems:
        return EXIT_USAGE
    return EXIT_FINDINGS if result.reaches(fail_on) else EXIT_OK


def configuration(arguments: Arguments) -> Config:
    """The configuration of the run.

    Raises:
        Failure: the configuration file is wrong.
    """
    if arguments.get("isolated") and arguments.get("config"):
        raise Failure("--config and --isolated exclude each other")
    try:
        return load(
            arguments.operands,
            file=arguments.get("config"),
            isolated=bool(arguments.get("isolated")),
            given=arguments.settings,
        )
    except ConfigError as error:
        raise Failure(*error.problems) from None


def _expand(
    operands: Sequence[str], say: Diagnostics
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The files to lint, and the paths that lead to none."""
    from tflint.container.discover import expand
    from tflint.container.errors import NoModels
    from tflint.lint.result import Problem

    problems: list[Problem] = []

    def note(error: PathError) -> None:
        if isinstance(error, NoModels):
            say.warning(f"{error.path}: {error.message}", error.hint)
        else:
            hint = error.hint or _command_hint(error.path)
            problems.append(Problem(error.path, f"{error.message}{'; ' if hint else ''}{hint}"))

    files = tuple(path for path, _ in expand(operands, note))
    return files, tuple(problems)


def _command_hint(path: str) -> str:
    """What to say about a path that does not exist and looks like a command: `explian`."""
    if os.sep in path or "." in path:
        return ""
    from tflint.cli.commands import COMMANDS
    from tflint.config.values import suggestion

    hint = suggestion(path, COMMANDS)
    return hint.removeprefix("; ").replace("did you mean", "did you mean the command")


def _output_path(arguments: Arguments) -> str | None:
    path: str | None = arguments.get("output")
    return None if path == "-" else path


def _inputs(files: Sequence[str], config: Config) -> list[str]:
    """Files a report must not be written over."""
    others = (config.file.path if config.file else None, config.baseline)
    return [*files, *(path for path in others if path)]


def _lint(files: Sequence[str], config: Config, say: Diagnostics) -> Result:
    from tflint.lint.run import lint_paths

    on_done = None
    if len(files) > 1 and say.interactive:
        from tflint.cli.progress import Progress

        on_done = Progress(len(files), say).done
    result = lint_paths(files, config, jobs=config.processes, on_done=on_done)
    say.status("")
    return result


def _baseline(config: Config, arguments: Arguments) -> Baseline | None:
    """The baseline in force; None where there is none, or it is yet to be written."""
    writing = arguments.get("write-baseline")
    path = config.baseline
    if path is None:
        if writing:
            raise Failure("--write-baseline: no --baseline FILE to write to")
        return None
    if writing and not os.path.exists(path):
        return None
    from tflint.lint.baseline import BaselineError, read

    try:
        return read(path)
    except BaselineError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        hint = f"--baseline {path} --write-baseline makes it"
        raise Failure(
            f"{path}: cannot be opened: {reason(error)}",
            hint=hint if isinstance(error, FileNotFoundError) else "",
        ) from None


def _accept(
    result: Result,
    baseline: Baseline | None,
    config: Config,
    arguments: Arguments,
    say: Diagnostics,
) -> Result:
    """Applies the baseline, after writing it where that is asked for."""
    if not arguments.get("write-baseline"):
        if baseline is None:
            return result
        from tflint.lint.baseline import apply

        return apply(result, baseline)
    from tflint.cli.acceptance import write_baseline

    assert config.baseline is not None
    return write_baseline(result, baseline, config.baseline, say)


def _report(result: Result, config: Config, arguments: Arguments, output: Output, code: int) -> str:
    from tflint.report.paint import terminal_width, wants_color

    color = wants_color(arguments.get("color", "auto"), output.stream)
    width = terminal_width(output.stream)
    if arguments.get("statistics"):
        from tflint.cli.statistics import statistics_text

        return statistics_text(result, config.format, color=color)
    from tflint.lint.registry import page, rules
    from tflint.report import render

    return render(
        result,
        config.format,
        rules=rules(),
        version=__version__,
        page=page,
        color=color,
        width=width,
        verbosity=arguments.verbosity,
        fail_on=config.fail_on,
        exit_code=code,
        # GitHub code scanning ignores SARIF's suppressions and would open an alert for each.
        suppressed=False,
    )
