"""The completion script for zsh, by way of its `_arguments`."""

from __future__ import annotations

from tflint.cli.commands import COMMANDS, DEFAULT
from tflint.cli.completion import SHELLS
from tflint.cli.completion.words import PROGRAMS, explained, options_of, selectors, values_of
from tflint.cli.options import takes_value
from tflint.config.options import LISTS, PATH, RULES, Option
from tflint.container.discover import SUFFIXES

_SCRIPT = """\
#compdef {programs}
# tflint completion for zsh, printed by `tflint completion zsh`

_tflint_selectors() {{
    _values -s , rule {selectors}
}}

_tflint_rules() {{
    local -a rules=(
{rules}
    )
    _describe -t rules rule rules
}}

_tflint_commands() {{
    local -a commands=(
{commands}
    )
    _describe -t commands command commands
}}

_tflint_models() {{
    _files -g '*.({suffixes})(-.)'
}}

_tflint_paths() {{
    if (( named )); then
        _tflint_models
    else
        _alternative 'commands:command:_tflint_commands' 'files:model:_tflint_models'
    fi
}}

_tflint() {{
    local command={default} i
    local -i named=0
    for (( i = 2; i < CURRENT; i++ )); do
        case $words[i] in
            ({alternatives})
                command=$words[i]
                named=1
                words[i]=()
                (( CURRENT-- ))
                break
                ;;
        esac
    done
    case $command in
{cases}
    esac
}}

if [[ $funcstack[1] == _tflint ]]; then
    _tflint "$@"
else
    compdef _tflint {programs}
fi
"""

_OPERANDS = {
    "check": "'*:path:_tflint_paths'",
    "explain": "'*:rule:_tflint_rules'",
    "completion": f"'1:shell:({' '.join(SHELLS)})'",
}


def script() -> str:
    """The script, to be evaluated behind `compinit` or put into a folder of `fpath`."""
    return _SCRIPT.format(
        programs=" ".join(PROGRAMS),
        selectors=" ".join(selectors()),
        rules="\n".join(f"        {_item(*one)}" for one in explained()),
        commands="\n".join(
            f"        {_item(name, command.summary)}" for name, command in COMMANDS.items()
        ),
        suffixes="|".join(suffix[1:] for suffix in SUFFIXES),
        default=DEFAULT,
        alternatives="|".join(COMMANDS),
        cases="\n".join(_case(name) for name in COMMANDS),
    )


def _case(command: str) -> str:
    specs = [_spec(option) for option in options_of(command)]
    if command in _OPERANDS:
        specs.append(_OPERANDS[command])
    lines = " \\\n".join(f"                {spec}" for spec in specs)
    return f"        ({command})\n            _arguments -s -S : \\\n{lines}\n            ;;"


def _spec(option: Option) -> str:
    """An option as `_arguments` wants it."""
    about = _quoted(f"[{_escaped(option.flag_help or option.help)}]{_action(option)}")
    valued = takes_value(option)
    # `=` and `+`: the value may be in the same word, or the next.
    flags = [
        flag + (("=" if flag.startswith("--") else "+") if valued else "") for flag in option.flags
    ]
    if len(flags) == 1:
        lead = "'*'" if option.kind in LISTS else ""
        return f"{lead}{flags[0]}{about}"
    return f"'({' '.join(option.flags)})'{{{','.join(flags)}}}{about}"


def _action(option: Option) -> str:
    if not takes_value(option):
        return ""
    if option.kind == RULES:
        return f":{option.metavar}:_tflint_selectors"
    if option.kind == PATH:
        return f":{option.metavar}:_files"
    words = " ".join(word.replace(":", "\\:") for word in values_of(option))
    return f":{option.metavar}:({words})" if words else f":{option.metavar}: "


def _item(word: str, about: str) -> str:
    return _quoted(f"{word}:{about}")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
