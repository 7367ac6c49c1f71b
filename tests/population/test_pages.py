"""The rule book as a population: every page has the same form, every code its one meaning."""

from __future__ import annotations

import ast
import pathlib
import re
import tomllib
from collections import Counter

import pytest

from tflint import sketch
from tflint._dev.rule_pages import FAMILIES, REQUIRED, Page, pages
from tflint.config.validate import profile_problems
from tflint.lint.finding import CONFIDENCES, SEVERITIES

ROOT = pathlib.Path(__file__).parents[2]
BOOK = ROOT / "rules"
MODULES = ROOT / "src" / "tflint" / "lint" / "rules"

SECTIONS = ["What it finds", "Why it matters", "Example", "Instead", "How to fix", "Limits"]
THREAD = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+#[1-9][0-9]*")
SOURCE = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+ [\w./-]+ @ [\w.-]+")
ADDRESS = re.compile(r"https://[^\s]+")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Attributes of tf.lite.TFLiteConverter that a page may name under `[settings]`.
SETTING = re.compile(r"(target_spec\.)?_?[a-z][a-z0-9_]*")

PAGES = pages(str(BOOK))
#: Rules whose findings a module makes; the loader and the engine make the others'.
CHECKED = [page for page in PAGES if page.module]

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
every_check = pytest.mark.parametrize("page", CHECKED, ids=lambda page: page.code)


def section(page: Page, title: str) -> str:
    """The text of one section."""
    return re.split(r"^## .*$", page.body, flags=re.MULTILINE)[1 + SECTIONS.index(title)]


def examples(page: Page, title: str) -> list[tuple[str, str]]:
    """Kind and text of the executed blocks of a section."""
    return re.findall(r"^```(sketch|zoo)\n(.*?)^```$", section(page, title), re.DOTALL | re.M)


def module_of(page: Page) -> pathlib.Path:
    return MODULES / page.family / f"{page.meta['name'].replace('-', '_')}.py"


def marked(page: Page, kind: str, text: str) -> bool:
    if kind == "zoo":
        return f": {page.code}" in text
    return any(code == page.code for _, _, code in sketch.marks(text))


def test_there_are_pages() -> None:
    assert len(PAGES) >= 10


@every_page
def test_front_matter_is_complete_and_valid(page: Page) -> None:
    meta = page.meta
    for key in REQUIRED:
        assert meta[key] != "" or key in ("why", "fix"), f"{key} is empty"
    assert re.fullmatch(FAMILIES[page.family] + r"[0-9]{3}", page.code)
    assert KEBAB.fullmatch(meta["name"])
    assert page.path == f"{page.family}/{page.code}-{meta['name']}.md"
    assert meta["severity"] in SEVERITIES
    assert meta["confidence"] in CONFIDENCES
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", meta["since"])
    if "security-severity" in meta:
        assert 0 <= meta["security-severity"] <= 10
    for setting in meta.get("settings", {}):
        assert SETTING.fullmatch(setting), setting


@every_page
def test_texts_read_like_messages(page: Page) -> None:
    for key in ("summary", "why", "fix"):
        text = page.meta[key]
        assert text == text.strip()
        assert "\n" not in text
        assert not text.endswith("."), f"{key} ends with a dot"
        first = text.split()[0] if text else "a"
        # Names of operators, types and functions keep their capitals; `8-bit` begins with a digit.
        named = first == "Invoke" or re.search(r"[A-Z_(`]", first[1:])
        assert named or first[0].islower() or first[0].isdigit(), f"{key}: {first}"


@every_page
def test_sections_stand_in_order(page: Page) -> None:
    assert re.findall(r"^## (.*)$", page.body, re.MULTILINE) == SECTIONS
    for title in SECTIONS:
        assert section(page, title).strip(), f"{title} is empty"


@every_page
def test_references_can_be_followed(page: Page) -> None:
    for reference in page.meta["references"]:
        forms = (THREAD, SOURCE, ADDRESS)
        assert any(form.fullmatch(reference) for form in forms), reference
    assert len(set(page.meta["references"])) == len(page.meta["references"])


@every_check
def test_a_rule_cites_its_sources(page: Page) -> None:
    assert page.meta["references"]


@every_check
def test_a_rule_has_failing_and_passing_examples(page: Page) -> None:
    failing, passing = examples(page, "Example"), examples(page, "Instead")
    assert failing, "no executed block under Example"
    assert passing, "no executed block under Instead"
    for kind, text in failing:
        assert marked(page, kind, text), "a block under Example without a mark of this rule"
    for kind, text in passing:
        assert not marked(page, kind, text), "a block under Instead with a mark of this rule"


@every_check
def test_a_page_tells_every_severity(page: Page) -> None:
    """A finding whose severity is not the page's must not puzzle who looks it up."""
    marks = {
        severity
        for _, text in examples(page, "Example")
        for severity in re.findall(rf"(error|warning|info): {page.code}", text)
    }
    assert page.meta["severity"] in marks
    for node in ast.walk(ast.parse(module_of(page).read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "severity":
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and part.value in SEVERITIES:
                    assert re.search(rf"\b{part.value}\b", page.body), f"{part.value} is not told"


@every_check
def test_the_module_holds_its_own_rule_only(page: Page) -> None:
    path = module_of(page)
    assert path.is_file(), f"{path} is missing"
    source = path.read_text(encoding="utf-8")
    made = re.findall(r'\bRule\(\s*"([A-Z][0-9]{3})"', source)
    assert made == [page.code]
    document = ast.get_docstring(ast.parse(source))
    assert document is not None
    assert document.startswith(f"{page.code} {page.meta['name']}")
    assert page.path in document


def test_every_module_has_a_page() -> None:
    named = {module_of(page).relative_to(MODULES).as_posix() for page in CHECKED}
    found = {
        path.relative_to(MODULES).as_posix()
        for path in MODULES.glob("*/*.py")
        if path.name != "__init__.py"
    }
    assert found == named


def test_codes_names_and_summaries_are_unique() -> None:
    for key in ("code", "name", "summary"):
        counted = Counter(page.meta[key] for page in PAGES)
        assert [value for value, count in counted.items() if count > 1] == []


def test_no_code_or_name_comes_back() -> None:
    path = BOOK / "retired.toml"
    retired = tomllib.loads(path.read_text(encoding="utf-8"))
    codes = {page.code for page in PAGES}
    names = {page.meta["name"] for page in PAGES}
    for code, entry in retired.items():
        assert re.fullmatch(r"[A-Z][0-9]{3}", code)
        assert set(entry) == {"name", "until", "successor"}, code
        assert code not in codes
        assert entry["name"] not in names
        assert entry["successor"] == "" or entry["successor"] in codes


def test_nothing_else_lies_among_the_pages() -> None:
    for family in FAMILIES:
        folder = BOOK / family
        for path in folder.iterdir() if folder.is_dir() else ():
            assert path.suffix == ".md", path


@pytest.mark.parametrize("path", sorted((BOOK / "profiles").glob("*.toml")), ids=lambda p: p.stem)
def test_a_profile_is_valid_and_described(path: pathlib.Path) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert profile_problems(path.stem, table) == ()
    description = table["description"]
    assert description
    assert not description.endswith(".")


def test_the_profiles_are_there() -> None:
    found = {path.stem for path in (BOOK / "profiles").glob("*.toml")}
    assert {"default", "mcu", "mobile", "release", "strict"} <= found
