"""The completion script for fish, 3 and newer."""

from __future__ import annotations

from tflint.cli.commands import COMMANDS, DEFAULT
from tflint.cli.completion import SHELLS
from tflint.cli.completion.words import PROGRAMS, explained, options_of, selectors, values_of
from tflint.cli.options import takes_value
from tflint.config.options import PATH, RULES, Option
from tflint.container.discover import SUFFIXES

_SCRIPT = """\
# tflint completion for fish, printed by `tflint completion fish`

function __tflint_named
    for word in (commandline -opc)[2..-1]
        if contains -- $word {commands}
            echo $word
            return
        end
    end
    return 1
end

function __tflint_is
    set -l command (__tflint_named; or echo {default})
    test $command = $argv[1]
end

function __tflint_selectors
    printf '%s\\n' {selectors}
end

# Models and directories, out of the files fish itself would offer.
function __tflint_models
    complete -C "'' "(commandline -ct) | string match -r '^.*(?:{suffixes}|/)$'
end

function __tflint_rules
    printf '%s\\t%s\\n' \\
{rules}
end

{completions}
"""


def script() -> str:
    """The script, to be sourced or put into a folder of completions."""
    return _SCRIPT.format(
        commands=" ".join(COMMANDS),
        default=DEFAULT,
        selectors=" ".join(selectors()),
        rules=" \\\n".join(f"        {word} {_quoted(about)}" for word, about in explained()),
        suffixes="|".join(f"\\{suffix}" for suffix in SUFFIXES),
        completions="\n".join(line for program in PROGRAMS for line in _program(program)),
    )


def _program(program: str) -> list[str]:
    lead = f"complete -c {program}"
    lines = [f"{lead} -e", f"{lead} -f"]
    for name, command in COMMANDS.items():
        about = _quoted(command.summary)
        lines.append(f"{lead} -n 'not __tflint_named' -a {name} -d {about}")
        for option in options_of(name):
            lines.append(f"{lead} -n '__tflint_is {name}' {_option(option)}")
    return [
        *lines,
        f"{lead} -n '__tflint_is check' -a '(__tflint_models)'",
        f"{lead} -n '__tflint_is explain' -a '(__tflint_rules)'",
        f"{lead} -n '__tflint_is completion' -a '{' '.join(SHELLS)}'",
    ]


def _option(option: Option) -> str:
    flags = " ".join(
        f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags
    )
    about = f"{flags} -d {_quoted(option.flag_help or option.help)}"
    if not takes_value(option):
        return about
    if option.kind == PATH:
        return f"{about} -r -F"
    if option.kind == RULES:
        return f"{about} -x -a '(__fish_complete_list , __tflint_selectors)'"
    words = " ".join(values_of(option))
    return f"{about} -x -a {_quoted(words)}" if words else f"{about} -x"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
