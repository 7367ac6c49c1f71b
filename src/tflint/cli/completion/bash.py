"""The completion script for bash, 3.2 and newer."""

from __future__ import annotations

from tflint.cli.commands import COMMANDS, DEFAULT
from tflint.cli.completion import SHELLS
from tflint.cli.completion.words import PROGRAMS, explained, options_of, selectors, values_of
from tflint.cli.options import takes_value
from tflint.config.options import PATH, RULES
from tflint.container.discover import SUFFIXES

_SCRIPT = """\
# tflint completion for bash, printed by `tflint completion bash`

_tflint_words() {{
    COMPREPLY=()
    local word
    for word in $1; do
        [[ $word == "$2"* ]] && COMPREPLY+=("$3$word")
    done
}}

_tflint_files() {{
    COMPREPLY=()
    local word
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(compgen "$@" -- "$current")
}}

_tflint() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    local command='' operands=0 i
    local selectors='{selectors}'
    local explained='{explained}'
    # Readline breaks words at `=`, too: --format=json is three.
    if [[ $current == = ]]; then
        current=''
    elif [[ $previous == = ]]; then
        previous=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
            {alternatives}) command=${{COMP_WORDS[i]}}; break ;;
        esac
    done

    case ${{command:-{default}}}:$previous in
{values}
    esac

    if [[ $current == -* ]]; then
        case ${{command:-{default}}} in
{options}
        esac
        return
    fi
    case $command in
        explain) _tflint_words "$explained" "$current" ;;
        completion) _tflint_words '{shells}' "$current" ;;
        rules) COMPREPLY=() ;;
        *)
            local pattern files=() commands=()
            _tflint_files -d
            files=("${{COMPREPLY[@]}}")
            for pattern in {patterns}; do
                _tflint_files -f -X "!$pattern"
                files+=("${{COMPREPLY[@]}}")
            done
            if [[ -z $command ]]; then
                _tflint_words '{commands}' "$current"
                commands=("${{COMPREPLY[@]}}")
            fi
            COMPREPLY=("${{commands[@]}}" "${{files[@]}}")
            ;;
    esac
}}

complete -F _tflint {programs}
"""


def script() -> str:
    """The script, to be evaluated."""
    return _SCRIPT.format(
        selectors=" ".join(selectors()),
        explained=" ".join(one.word for one in explained()),
        alternatives="|".join(COMMANDS),
        commands=" ".join(COMMANDS),
        default=DEFAULT,
        values="\n".join(f"        {line}" for name in COMMANDS for line in _values(name)),
        options="\n".join(f"            {_options(name)}" for name in COMMANDS),
        shells=" ".join(SHELLS),
        patterns=" ".join(f"'*{suffix}'" for suffix in SUFFIXES),
        programs=" ".join(PROGRAMS),
    )


def _options(command: str) -> str:
    flags = " ".join(flag for option in options_of(command) for flag in option.flags)
    return f"{command}) _tflint_words '{flags}' \"$current\" ;;"


def _values(command: str) -> list[str]:
    """A branch for each option that takes a value."""
    branches = []
    for option in options_of(command):
        if not takes_value(option):
            continue
        flags = "|".join(f"{command}:{flag}" for flag in option.flags)
        if option.kind == PATH:
            action = "_tflint_files -f"
        elif option.kind == RULES:
            # Behind the last comma; what stands before it stays.
            action = (
                'compopt -o nospace 2>/dev/null; _tflint_words "$selectors" '
                '"${current##*,}" "${current%"${current##*,}"}"'
            )
        else:
            action = f"_tflint_words '{' '.join(values_of(option))}' \"$current\""
        branches.append(f"{flags}) {action}; return ;;")
    return branches
