"""`make new-rule` writes a page and a module that fit the rule book."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tflint._dev.new_rule import new_rule, next_code
from tflint._dev.rule_pages import pages

BOOK = Path(__file__).parents[2] / "rules"


@pytest.fixture
def checkout(tmp_path) -> Path:
    shutil.copytree(BOOK, tmp_path / "rules")
    return tmp_path


def test_the_page_and_the_module_are_written_under_the_next_code(checkout, capsys):
    code = next_code(str(checkout / "rules"), "quantization")
    assert new_rule(str(checkout), "quantization", "new-problem") == 0
    page = checkout / f"rules/quantization/{code}-new-problem.md"
    module = checkout / "src/tflint/lint/rules/quantization/new_problem.py"
    assert capsys.readouterr().out.splitlines() == [
        str(path.relative_to(checkout)) for path in (page, module)
    ]
    compile(module.read_text(), str(module), "exec")
    assert code in {page.code for page in pages(str(checkout / "rules"))}
    assert f'Rule("{code}")' in module.read_text()


def test_codes_of_retired_rules_are_not_given_again(checkout):
    (checkout / "rules/retired.toml").write_text('Q900 = "was wrong"\n')
    assert next_code(str(checkout / "rules"), "quantization") == "Q901"


@pytest.mark.parametrize("name", ["Not-Kebab", "under_score", "-x", "rule-crashed"])
def test_bad_and_taken_names_are_refused(checkout, name, capsys):
    assert new_rule(str(checkout), "tool", name) == 2
    assert name in capsys.readouterr().err
