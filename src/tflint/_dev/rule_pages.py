"""Reads the rule book: `rules/<family>/<CODE>-<name>.md`.

A page is TOML front matter between two `+++` lines, then Markdown.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from tflint.lint.rule import Rule

#: The letter each family's codes begin with.
FAMILIES = {
    "file": "F",
    "security": "S",
    "operators": "O",
    "shapes": "H",
    "quantization": "Q",
    "delegates": "D",
    "size": "P",
    "interface": "M",
    "tool": "X",
}

#: Front matter every page has.
REQUIRED = (
    "code",
    "name",
    "summary",
    "severity",
    "confidence",
    "since",
    "why",
    "fix",
    "references",
)
#: Front matter some pages have.
OPTIONAL = ("security-severity", "settings", "produced-by")


class Page(NamedTuple):
    """One page."""

    path: str  #: relative to the rule book
    family: str
    meta: dict[str, Any]  #: the front matter
    body: str  #: Markdown after the front matter

    @property
    def code(self) -> str:
        return str(self.meta["code"])

    @property
    def module(self) -> str:
        """Import path of the rule's module; empty where the loader or engine makes its findings."""
        if "produced-by" in self.meta:
            return ""
        return f"tflint.lint.rules.{self.family}.{self.meta['name'].replace('-', '_')}"


class PageError(ValueError):
    """A page that breaks the form; the message names the page."""


def pages(book: str) -> list[Page]:
    """Every page of the rule book at `book`, in order of code.

    Raises:
        PageError: a page without proper front matter, or two pages of one code.
    """
    found = sorted(_read(book), key=lambda page: (page.code[0], page.code))
    for one, other in zip(found, found[1:], strict=False):
        if one.code == other.code:
            raise PageError(f"{one.path} and {other.path} both have the code {one.code}")
    return found


def _read(book: str) -> Iterator[Page]:
    for family, letter in FAMILIES.items():
        folder = os.path.join(book, family)
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if not name.endswith(".md"):
                continue
            path = f"{family}/{name}"
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            match = re.match(r"\+\+\+\n(.*?)\n\+\+\+\n", text, re.DOTALL)
            if not match:
                raise PageError(f"{path}: no front matter between two +++ lines")
            try:
                meta = tomllib.loads(match[1])
            except tomllib.TOMLDecodeError as error:
                raise PageError(f"{path}: {error}") from None
            missing = [key for key in REQUIRED if key not in meta]
            unknown = [key for key in meta if key not in (*REQUIRED, *OPTIONAL)]
            if missing or unknown:
                raise PageError(f"{path}: missing {missing}, unknown {unknown}")
            if name != f"{meta['code']}-{meta['name']}.md" or not meta["code"].startswith(letter):
                raise PageError(f"{path}: holds {meta['code']} {meta['name']}")
            yield Page(path, family, meta, text[match.end() :].lstrip("\n"))


def index_entry(page: Page) -> tuple[Any, ...]:
    """The fields of `lint.registry.RuleInfo` for a page and its module."""
    meta = page.meta
    rule = _rule(page)
    return (
        page.code,
        meta["name"],
        page.family,
        meta["summary"],
        meta["severity"],
        meta["confidence"],
        meta["since"],
        meta["why"],
        meta["fix"],
        tuple(meta["references"]),
        meta.get("security-severity"),
        rule.data,
        page.module,
        tuple(
            level
            for level, checks in (
                ("model", rule.model_checks),
                ("subgraph", rule.subgraph_checks),
                ("operator", rule.op_checks),
                ("tensor", rule.tensor_checks),
            )
            if checks
        ),
        tuple(sorted({name for names, _ in rule.op_checks for name in names})),
        tuple(_plain(meta.get("settings", {}))),
        rule.needs,
    )


def _rule(page: Page) -> Rule:
    if not page.module:
        return Rule(page.code)
    rule: Rule = import_module(page.module).rule
    if rule.code != page.code:
        raise PageError(f"{page.path}: its module {page.module} is of rule {rule.code}")
    return rule


def _plain(settings: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        yield key, tuple(value) if isinstance(value, list) else value


def render_index(book: str) -> str:
    """The text of `_generated/rule_index.py`."""
    lines = []
    for page in pages(book):
        lines.append(f"    {page.code!r}: (")
        lines += [f"        {field!r}," for field in index_entry(page)]
        lines.append("    ),")
    what = "Every rule: the fields of `lint.registry.RuleInfo`, by code."
    return _module(what, "rules/ and lint/rules/", "RULES: dict[str, tuple[Any, ...]]", lines)


def render_pages(book: str) -> str:
    """The text of `_generated/rule_pages.py`."""
    lines = []
    for page in pages(book):
        lines.append(f"    {page.code!r}: (")
        lines += [f"        {line!r}" for line in page.body.splitlines(keepends=True)]
        lines.append("    ),")
    what = "Every rule's page as Markdown, without front matter, by code."
    return _module(what, "rules/", "PAGES: dict[str, str]", lines)


def render_profiles(book: str) -> str:
    """The text of `_generated/profiles.py`: every `rules/profiles/<name>.toml` by name."""
    lines = []
    folder = os.path.join(book, "profiles")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith(".toml"):
            with open(os.path.join(folder, name), "rb") as file:
                lines.append(f"    {name[:-5]!r}: {tomllib.load(file)!r},")
    what = "Every profile: what it selects, and the severities it changes."
    return _module(what, "rules/profiles/", "PROFILES: dict[str, dict[str, Any]]", lines)


def _module(what: str, source: str, table: str, entries: list[str]) -> str:
    """A generated module that holds one dict."""
    any_type = ["TYPE_CHECKING = False", "if TYPE_CHECKING:", "    from typing import Any", ""]
    return "\n".join(
        [
            f'"""{what}',
            "",
            f"Generated by `python -m tflint._dev generate` from {source}; do not edit.",
            '"""',
            "",
            "from __future__ import annotations",
            "",
            *(any_type if "Any" in table else ()),
            f"{table} = {{",
            *entries,
            "}",
            "",
        ]
    )


def render_catalogue(book: str) -> str:
    """The text of `docs/rules.md`: every rule in a line, by family."""
    lines = [
        "# Rules",
        "",
        "<!-- Generated by `make generate` from rules/; do not edit. -->",
        "",
        "`tflint explain CODE` prints a rule's page. Rules marked *data* read constants and are",
        "left out by `--no-data`.",
    ]
    found = pages(book)
    for family in FAMILIES:
        members = [page for page in found if page.family == family]
        if not members:
            continue
        lines += [
            "",
            f"## {family}",
            "",
            "| rule | severity | what it finds |",
            "| --- | --- | --- |",
        ]
        for page in members:
            data = ", *data*" if _rule(page).data else ""
            lines.append(
                f"| [{page.code} {page.meta['name']}](../rules/{page.path}) "
                f"| {page.meta['severity']}{data} | {page.meta['summary']} |"
            )
    return "\n".join([*lines, ""])
