"""Markdown, read by a Markdown parser with tables and linkified addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from tflint.lint.finding import Finding
from tflint.lint.result import Facts, ModelResult, Result
from tflint.model.location import Location
from tflint.report.markdown import MAX_LENGTH, code, prose

Draw = Callable[..., str]
Make = Callable[..., Finding]


@pytest.fixture
def read() -> Callable[[str], str]:
    parser = MarkdownIt("gfm-like")
    return lambda text: str(parser.render(text))


def test_page_has_counts_table_and_folds(
    hard: Result, draw: Draw, read: Callable[[str], str]
) -> None:
    page = read(draw(hard, "markdown"))
    assert page.startswith(
        "<h3>tflint: 43 errors, 5 warnings, 1 info (2 suppressed, 1 path not read)</h3>"
    )
    assert page.count("<tr>") == 6
    assert all(row.count("<t") == 5 for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL))
    assert page.count("<details>") == page.count("</details>") == 5


def test_nothing_in_a_name_becomes_markup(
    hard: Result, draw: Draw, read: Callable[[str], str]
) -> None:
    page = read(draw(hard, "markdown"))
    tags = set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", page))
    assert tags == {
        *("h3", "p", "table", "thead", "tbody", "tr", "th", "td"),
        *("details", "summary", "code", "ul", "li", "br", "strong", "em"),
    }
    outside = re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL)
    assert "@octocat" not in outside
    assert "#1" not in outside
    assert "https://" not in outside
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "`",
        "a`b``c```d",
        "`tick first",
        "*bold* _it_ [l](http://x) <b> & ~~s~~ | $m$ \\",
        "&lt;b&gt;",
        "two `code` spans `here`",
        "odd ` number",
    ],
)
def test_text_comes_back(text: str, read: Callable[[str], str]) -> None:
    def visible(page: str) -> str:
        page = re.sub(r"<!-- -->|</?(p|code)>", "", page).strip()
        for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
            page = page.replace(entity, char)
        return page

    assert visible(read(code(text))) == text
    bare = str.maketrans("", "", "` ")
    assert visible(read(prose(text))).translate(bare) == text.translate(bare)


def test_names_in_backticks_are_code(read: Callable[[str], str]) -> None:
    assert read(prose("buffer of `a|<b>` is unused")) == (
        "<p>buffer of <code>a|&lt;b&gt;</code> is unused</p>\n"
    )


def test_a_comment_is_never_longer_than_github_takes(draw: Draw, make: Make) -> None:
    facts = Facts(9_800, 12, 1, "float32", "1.14.0")
    found = make("H001", "m" * 1000, Location(0, tensor=0, name="n" * 500), 1)
    result = Result(tuple(ModelResult(f"{n}.tflite", facts, (found,)) for n in range(100)))
    page = draw(result, "markdown")
    assert len(page) < MAX_LENGTH + 1000
    assert re.search(r"The findings of \d+ models do not fit here", page)


def test_a_clean_run_is_short(draw: Draw) -> None:
    model = ModelResult("a.tflite", Facts(9_800, 12, 1, "float32", "1.14.0"), ())
    assert draw(Result((model,)), "markdown") == (
        "### tflint: 0 errors, 0 warnings\n\n"
        "1 model, 12 operators, 9.6 KiB, float32, loads on runtime 1.14+\n"
    )
