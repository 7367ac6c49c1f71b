"""Every example in the rule book is what its page says it is."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tflint import sketch
from tflint._dev.rule_pages import Page, pages
from tflint.lint.context import Settings
from tflint.lint.engine import lint_model
from tflint.lint.plan import Plan
from tflint.lint.run import lint_file
from tflint.model import Model

ROOT = pathlib.Path(__file__).parents[2]
BOOK = ROOT / "rules"
ZOO = ROOT / "tests" / "hostile" / "zoo"

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ZOO_MARK = re.compile(r"(error|warning|info): ([A-Z][0-9]{3})")


class Block(NamedTuple):
    """A fenced block of a page that is executed."""

    page: Page
    kind: str  #: `sketch` or `zoo`
    text: str
    line: int  #: of its first line in the page, front matter not counted

    @property
    def settings(self) -> Settings:
        given = sketch.settings(self.text)
        names = {name for name, _ in given}
        assert names <= {"target", "allow-custom"}, f"unknown settings {names}"
        return Settings(
            targets=tuple(value for name, value in given if name == "target"),
            allowed_custom_ops=frozenset(value for name, value in given if name == "allow-custom"),
        )


def blocks() -> Iterator[Block]:
    for page in pages(str(BOOK)):
        for match in FENCE.finditer(page.body):
            if match[1] in ("sketch", "zoo"):
                yield Block(page, match[1], match[2], page.body[: match.start(2)].count("\n") + 1)


def _id(block: Block) -> str:
    return f"{block.page.code}:{block.line}"


BLOCKS = list(blocks())


class Only:
    """The configuration that runs one rule."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def plan(self, path: str) -> Plan:
        return self._plan


def plan(block: Block) -> Plan:
    return Plan((block.page.code,), settings=block.settings)


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind == "sketch"], ids=_id)
def test_a_sketch_gives_the_findings_it_marks(block: Block) -> None:
    parsed = sketch.parse(block.text)
    model = Model(memoryview(parsed.build()), "example")
    expected = sorted(mark for mark in sketch.marks(block.text) if mark[2] == block.page.code)
    found = [
        (parsed.line_of(finding.location), finding.severity, finding.code)
        for finding in lint_model(model, plan(block))
    ]
    assert sorted(found) == expected


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind == "zoo"], ids=_id)
def test_a_file_of_the_zoo_gives_the_findings_it_is_marked_with(block: Block) -> None:
    for line in block.text.splitlines():
        name, _, comment = line.partition("#")
        path = ZOO / f"{name.strip()}.tflite"
        assert path.is_file(), f"{path.name} is not in the zoo"
        expected = sorted(ZOO_MARK.findall(comment))
        assert expected, f"no mark in {line!r}"
        models, _, problem = lint_file(str(path), Only(plan(block)))
        assert problem is None
        found = [(finding.severity, finding.code) for model in models for finding in model.findings]
        assert sorted(mark for mark in found if mark[1] == block.page.code) == expected
