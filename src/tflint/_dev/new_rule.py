"""Writes the page and the module of a new rule, under the next free code of its family."""

from __future__ import annotations

import os
import re
import sys
import tomllib

from tflint._dev.rule_pages import FAMILIES, pages

_PAGE = """+++
code = "{code}"
name = "{name}"
summary = ""
severity = "warning"
confidence = "high"
since = "{version}"
why = ""
fix = ""
references = []
+++

## What it finds

## Why it matters

## Example

```sketch
model
  subgraph "main"
    input x [1,4] FLOAT32
    y [1,4] FLOAT32 = RELU(x)  # warning: {code}
    output y
```

## Instead

```sketch
model
  subgraph "main"
    input x [1,4] FLOAT32
    y [1,4] FLOAT32 = RELU6(x)
    output y
```

## How to fix

## Limits
"""

_MODULE = '''"""{code} {name}: see rules/{family}/{code}-{name}.md."""

from __future__ import annotations

from collections.abc import Iterator

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Operator

rule = Rule("{code}")


@rule.op("RELU")
def check(op: Operator, ctx: Context) -> Iterator[Finding]:
    yield rule.finding(op, "")
'''


def next_code(book: str, family: str) -> str:
    """The code after the highest one of the family that is or ever was in use."""
    letter = FAMILIES[family]
    used = [page.code for page in pages(book)] + retired(book)
    highest = max((int(code[1:]) for code in used if code[0] == letter), default=0)
    return f"{letter}{highest + 1:03d}"


def retired(book: str) -> list[str]:
    """Codes of rules that are gone and may never be used again."""
    path = os.path.join(book, "retired.toml")
    if not os.path.exists(path):
        return []
    with open(path, "rb") as file:
        return list(tomllib.load(file))


def new_rule(root: str, family: str, name: str) -> int:
    """Writes both files; returns the exit code."""
    from tflint import __version__

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        print(f"`{name}` is not kebab-case, such as per-tensor-conv-weights", file=sys.stderr)
        return 2
    book = os.path.join(root, "rules")
    if any(page.meta["name"] == name for page in pages(book)):
        print(f"a rule `{name}` exists already", file=sys.stderr)
        return 2
    code = next_code(book, family)
    values = {"code": code, "name": name, "family": family, "version": __version__}
    package = os.path.join(root, "src/tflint/lint/rules", family)
    outputs = {
        os.path.join(book, family, f"{code}-{name}.md"): _PAGE,
        os.path.join(package, f"{name.replace('-', '_')}.py"): _MODULE,
    }
    for path, template in outputs.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write(template.format(**values))
        print(os.path.relpath(path, root))
    return 0
