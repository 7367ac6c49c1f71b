"""Renders the option table: the JSON Schema of tflint.toml, and docs/configuration.md."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from tflint.cli.diagnostics import EXIT_CODES
from tflint.config.options import (
    CHOICE,
    COUNT,
    GLOBS,
    LISTS,
    OPTIONS,
    OVERRIDE,
    PATH,
    SEVERITY,
    SUPPRESS,
    SWITCH,
    TARGET_NAMES,
    TARGETS,
    Option,
)

#: Draft 7: what editors' TOML plug-ins read.
_DRAFT = "http://json-schema.org/draft-07/schema#"
_BY_MODEL = tuple(option for option in OPTIONS if option.model)


def render_schema() -> str:
    """The text of `src/tflint/schema/config.schema.json`.

    It says what form a value has; whether a rule or a profile exists is for tflint to say.
    """
    overrides = _object([*OVERRIDE, *_BY_MODEL], {SEVERITY.key: _severity()})
    root = _object(
        OPTIONS,
        {
            SEVERITY.key: _severity(),
            "overrides": {
                "description": "Options for some models.",
                "type": "array",
                "items": overrides,
            },
            "suppress": {
                "description": "Findings that are all right as they are.",
                "type": "array",
                "items": _object(SUPPRESS),
            },
        },
    )
    document = {"$schema": _DRAFT, "title": "Configuration of tflint (tflint.toml)", **root}
    return json.dumps(document, indent=2) + "\n"


def _object(options: Sequence[Option], more: dict[str, Any] | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {option.key: _value(option) for option in options} | (more or {}),
        "additionalProperties": False,
    }
    required = [option.key for option in options if option.required]
    return schema | ({"required": required} if required else {})


def _value(option: Option) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": _sentence(option.help)}
    text = {"type": "string", "pattern": r"\S"}
    if option.kind in LISTS:
        item = {"type": "string", "pattern": _target_pattern()}
        schema |= {"type": "array", "items": item if option.kind == TARGETS else text}
        if option.kind == GLOBS:
            schema["minItems"] = 1
    elif option.kind == SWITCH:
        schema |= {"type": "boolean"}
    elif option.kind == COUNT:
        schema |= {"type": "integer", "minimum": 0}
    elif option.kind == CHOICE and option.choices:
        schema |= {"enum": list(option.choices)}
    else:
        schema |= text
    if option.default is not None:
        default = option.default
        schema["default"] = list(default) if isinstance(default, tuple) else default
    return schema


def _target_pattern() -> str:
    parts = {"VERSION": r":[0-9]+\.[0-9]+(\.[0-9]+)?", "": ""}
    return f"^({'|'.join(name + parts[rest] for name, rest in TARGET_NAMES.items())})$"


def _severity() -> dict[str, Any]:
    return {
        "description": _sentence(SEVERITY.help),
        "type": "object",
        "additionalProperties": {"enum": list(SEVERITY.choices)},
    }


def example() -> str:
    """A tflint.toml that sets everything there is to set."""
    lines: list[str] = []
    for option in OPTIONS:
        lines += [f"# {_sentence(option.help)}", f"{option.key} = {option.example}", ""]
    lines += [f"# {_sentence(SEVERITY.help)}", f"[{SEVERITY.key}]", SEVERITY.example, ""]
    lines += ["[[overrides]]"]
    lines += [f"{option.key} = {option.example}" for option in OVERRIDE]
    lines += ['extend-ignore = ["Q"]', "", "[[suppress]]"]
    lines += [f"{option.key} = {option.example}" for option in SUPPRESS]
    return "\n".join(lines) + "\n"


def render_page(book: str) -> str:
    """The text of docs/configuration.md, with the profiles of the rule book at `book`."""
    return _PAGE.format(
        profiles=_profiles(book),
        example=example(),
        options=_table(OPTIONS),
        severity=_sentence(SEVERITY.help),
        by_model=", ".join(f"`{option.key}`" for option in _BY_MODEL),
        override=_table(OVERRIDE),
        suppress=_table(SUPPRESS),
        exit_codes="\n".join(f"| {code} | {text} |" for code, text in EXIT_CODES),
    )


def _table(options: Iterable[Option]) -> str:
    """Key, flag, type with default, and meaning, as a Markdown table."""
    rows = [(f"`{one.key}`", _flag(one), _type(one), _default(one), one.help) for one in options]
    heads = ("Key", "Flag", "Type", "Default", "Meaning")
    kept = [i for i in range(len(heads)) if any(row[i] for row in rows)]
    lines = [[heads[i] for i in kept], ["---"] * len(kept)]
    lines += [[row[i].replace("|", "\\|") for i in kept] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _profiles(book: str) -> str:
    folder = os.path.join(book, "profiles")
    lines = ["| Profile | For |", "| --- | --- |"]
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            lines.append(
                f"| `{name.removesuffix('.toml')}` | {tomllib.load(file)['description']} |"
            )
    return "\n".join(lines)


def _flag(option: Option) -> str:
    return " ".join(f"`{flag}`" for flag in option.flags)


def _type(option: Option) -> str:
    if option.kind in LISTS:
        return "list of strings"
    names = {SWITCH: "boolean", COUNT: "integer", PATH: "path"}
    choices = ", ".join(f"`{choice}`" for choice in option.choices)
    return choices or names.get(option.kind, "string")


def _default(option: Option) -> str:
    if option.required:
        return "required"
    default = option.default
    if default is None:
        return ""
    return f"`{json.dumps(list(default) if isinstance(default, tuple) else default)}`"


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


_PAGE = """\
# Configuration

<!-- Written by `make generate` from src/tflint/config/options.py; do not edit. -->

tflint needs no configuration. Where there is one it stands in a `tflint.toml`, or in the
`[tool.tflint]` table of a `pyproject.toml`: the same keys, below that table.

The file is looked for in the current directory and then in each directory above it; without one
there, in the directory of the first path that is linted and above. The nearest counts, and only it:
files are not merged. In one directory `tflint.toml` comes before `pyproject.toml`, and a
`pyproject.toml` without `[tool.tflint]` is passed over. `--config FILE` names the file instead,
`--isolated` reads none. `tflint --show-settings` prints the configuration in force and where each
part of it comes from.

The file is checked strictly. An unknown key, a wrong type, or a rule, target or profile that does
not exist ends the run with exit code 2 and a message with file and line.

## Example

```toml
{example}```

In a `pyproject.toml` the tables are called `[tool.tflint]`, `[tool.tflint.severity]`,
`[[tool.tflint.overrides]]` and `[[tool.tflint.suppress]]`.

## Options

{options}

Lists are separated by commas on the command line (`--select Q,O001`), or the option is repeated.

## Profiles

{profiles}

`--profile NAME` or `profile = "NAME"` starts from one of them; `default` is in force otherwise. A
profile sets rules, severities, targets, `fail-on` and `min-severity`; the file and the command line
are stronger.

## What counts before what

From the weakest to the strongest: the defaults, the profile, the configuration file, the overrides
that are for the model in the order of the file, the command line. For most options the strongest
place that sets them decides. Rules are put together:

- `select` starts over: what weaker places select and ignore no longer counts. `tflint --select Q`
  runs exactly the rules of that prefix.
- `ignore` takes the place of a weaker `ignore`, but not of the profile's.
- `extend-select` and `extend-ignore` add to what weaker places say.
- Within one place the narrowest selector that matches a rule decides: a code or name before a
  prefix, a longer prefix before a shorter one or a family, and those before `ALL`. Of two alike,
  ignoring wins.
- Between places the stronger decides: `--extend-select P001` runs a rule that the file ignores.

## `[severity]`

{severity}

## `[[overrides]]`

Options for some models. Besides `models` an entry takes
{by_model} and `severity`.

{override}

In a glob `*` also stands for slashes, and `**/` for no directory as well. A glob without a slash is
for the name of the file. `bundle.task::detector*` is for models inside a bundle.

## `[[suppress]]`

A finding that is all right as it is. It is shown with `-v` and in machine-readable reports, with
the reason, and does not count. An entry that answers no finding of the models it is for is
reported, so that it can go.

{suppress}

Where there are many findings to accept, a baseline is less work: `tflint --baseline FILE
--write-baseline PATH...` writes one.

## Schema

`config.schema.json`, in the folder `schema` of the installed package, is a JSON Schema of the file
for editors.

## Exit codes

| Code | Meaning |
| --- | --- |
{exit_codes}
"""
