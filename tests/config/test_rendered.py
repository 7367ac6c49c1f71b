"""What is made from the option table agrees with what the validator does."""

from __future__ import annotations

import json
import pathlib
import tomllib
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from tflint._dev.configuration import example, render_page, render_schema
from tflint.cli.options import CHECK
from tflint.config import ConfigError, load
from tflint.config.options import FORMATS, OPTIONS
from tflint.report import FORMATS as REPORTS

ROOT = pathlib.Path(__file__).parents[2]
Write = Callable[[str], str]


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(render_schema())
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_files_are_fresh() -> None:
    schema = ROOT / "src" / "tflint" / "schema" / "config.schema.json"
    assert schema.read_text(encoding="utf-8") == render_schema()
    page = render_page(str(ROOT / "rules"))
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == page


def test_example_is_complete_and_good(toml: Write, validator: Any) -> None:
    """Every option is in it, the schema takes it, and the validator does."""
    text = example().replace("dynamic-input-shape", "flex-op")
    table = tomllib.loads(text)
    assert set(table) == {option.key for option in OPTIONS} | {"severity", "overrides", "suppress"}
    validator.validate(table)
    toml(text)
    assert load().plan("detector.tflite").suppressions[0].rule == "Q002"


GOOD = [
    "",
    "select = []",
    "select = ['ALL']\nignore = ['Q']",
    "profile = 'default'",
    "targets = ['runtime:2.14', 'runtime:1.5.0']",
    "jobs = 0",
    "data = false",
    "baseline = 'x'",
    "allowed-custom-ops = ['A', 'B']",
    "severity = {}",
    "severity.Q001 = 'info'",
    "overrides = []",
    "[[overrides]]\nmodels = ['a']",
    "[[overrides]]\nmodels = ['a']\ndata = false\nseverity.Q = 'error'",
    "[[suppress]]\nrule = 'Q001'\nreason = 'x'",
]
BAD = [
    "selct = []",
    "select = 'Q'",
    "select = [1]",
    "select = ['']",
    "targets = ['gpu']",
    "targets = ['runtime:x']",
    "targets = ['runtime:2.1.0.0']",
    "fail-on = 'eror'",
    "min-severity = 'never'",
    "format = 'xml'",
    "jobs = -1",
    "jobs = true",
    "jobs = 1.5",
    "data = 1",
    "baseline = ''",
    "severity = []",
    "severity.Q001 = 'never'",
    "overrides = {}",
    "[[overrides]]\nselect = ['Q']",
    "[[overrides]]\nmodels = []",
    "[[overrides]]\nmodels = ['a']\nfail-on = 'error'",
    "[[overrides]]\nmodels = ['a']\nreason = 'x'",
    "[[suppress]]\nrule = 'Q001'",
    "[[suppress]]\nreason = 'x'",
    "[[suppress]]\nrule = 'Q001'\nreason = ' '",
    "[[suppress]]\nrule = 'Q001'\nreason = 'x'\nselect = ['Q']",
]


@pytest.mark.parametrize("text", GOOD)
def test_schema_and_validator_take_the_same(text: str, toml: Write, validator: Any) -> None:
    assert validator.is_valid(tomllib.loads(text))
    toml(text)
    load().plan("a")


@pytest.mark.parametrize("text", BAD)
def test_schema_and_validator_refuse_the_same(text: str, toml: Write, validator: Any) -> None:
    assert not validator.is_valid(tomllib.loads(text))
    toml(text)
    with pytest.raises(ConfigError):
        load()


def test_every_option_with_a_flag_is_on_the_command_line() -> None:
    assert {option for option in OPTIONS if option.flags} <= set(CHECK)


def test_every_format_is_drawn() -> None:
    assert tuple(REPORTS) == FORMATS
