"""The commands of `python -m tflint._dev`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from tflint._dev import rule_pages
from tflint._dev.new_rule import new_rule

_HERE = os.path.dirname(os.path.abspath(__file__))
#: The checkout.
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(_HERE)))
BOOK = os.path.join(ROOT, "rules")


def _schema() -> str:
    from tflint._dev.schema import render

    return render()


def _runtime_versions() -> str:
    from tflint._dev.runtime_versions import render

    return render()


def _config_schema() -> str:
    from tflint._dev.configuration import render_schema

    return render_schema()


def _configuration_page() -> str:
    from tflint._dev.configuration import render_page

    return render_page(BOOK)


#: Every generated file, relative to the checkout, and what makes its text.
OUTPUTS: dict[str, Callable[[], str]] = {
    "src/tflint/_generated/schema.py": _schema,
    "src/tflint/_generated/runtime_versions.py": _runtime_versions,
    "src/tflint/_generated/rule_index.py": lambda: rule_pages.render_index(BOOK),
    "src/tflint/_generated/rule_pages.py": lambda: rule_pages.render_pages(BOOK),
    "docs/rules.md": lambda: rule_pages.render_catalogue(BOOK),
    "src/tflint/_generated/profiles.py": lambda: rule_pages.render_profiles(BOOK),
    "src/tflint/schema/config.schema.json": _config_schema,
    "docs/configuration.md": _configuration_page,
}


def generate(check: bool) -> int:
    """Writes every generated file, or with `check` says which are stale."""
    stale = []
    for path, render in OUTPUTS.items():
        text = render()
        full = os.path.join(ROOT, path)
        old = ""
        if os.path.exists(full):
            with open(full, encoding="utf-8") as file:
                old = file.read()
        if text == old:
            continue
        stale.append(path)
        if not check:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full + ".tmp", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(full + ".tmp", full)
    for path in stale:
        print(f"{'stale' if check else 'wrote'} {path}")
    if check and stale:
        print("run `make generate` and commit the result", file=sys.stderr)
        return 1
    return 0


def main(argv: list[str] | None = None) -> int:
    """Runs one development command; the exit code says whether it succeeded."""
    parser = argparse.ArgumentParser(prog="python -m tflint._dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("generate", help="write src/tflint/_generated")
    command.add_argument("--check", action="store_true", help="only say what is stale")
    command = commands.add_parser("new-rule", help="write the page and module of a new rule")
    command.add_argument("family", choices=sorted(rule_pages.FAMILIES))
    command.add_argument("name", help="kebab-case name of the problem: per-tensor-conv-weights")
    command = commands.add_parser("readmes", help="run the commands of the README pages")
    command.add_argument("--write", action="store_true", help="write their output into the pages")
    command = commands.add_parser("bench", help="measure speed and memory beside other readers")
    command.add_argument("--rounds", type=int, default=9, help="runs of each command (default 9)")
    options = parser.parse_args(argv)
    if options.command == "new-rule":
        return new_rule(ROOT, options.family, options.name)
    if options.command == "readmes":
        from tflint._dev.readmes import refresh

        return refresh(ROOT, options.write)
    if options.command == "bench":
        from tflint._dev.bench import bench

        return bench(os.path.join(ROOT, "build", "bench"), options.rounds)
    return generate(options.check)
