"""Profile, file, overrides and command line put together."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from tflint.config import Config, load
from tflint.lint.plan import Suppression

Write = Callable[[str], str]

ALL = "F001 O001 O006 P001 Q001 Q002 Q012"


def codes(config: Config, path: str = "m.tflite") -> str:
    return " ".join(config.plan(path).rules)


@pytest.mark.parametrize(
    ("file", "given", "expected"),
    [
        ("", {}, ALL),
        ("ignore = ['Q', 'O']", {}, "F001 P001"),
        ("select = ['Q']", {}, "Q001 Q002 Q012"),
        # `select` starts over, so that it means the same in every project.
        ("ignore = ['Q001']", {"select": ["Q"]}, "Q001 Q002 Q012"),
        ("select = ['O']\nextend-select = ['F']", {"select": ["P"]}, "P001"),
        # `ignore` takes the place of the file's, `extend-ignore` adds to it.
        ("ignore = ['Q', 'O']", {"ignore": ["F"]}, "O001 O006 P001 Q001 Q002 Q012"),
        ("ignore = ['Q', 'O']", {"extend-ignore": ["F"]}, "P001"),
        ("extend-ignore = ['Q', 'O']", {"ignore": ["F"]}, "P001"),
        # The stronger place decides, however narrow the weaker one's selector is.
        ("ignore = ['P001']", {"extend-select": ["P001"]}, ALL),
        ("ignore = ['P001']", {"extend-select": ["size"]}, ALL),
        ("select = ['Q001']", {"ignore": ["Q"]}, ""),
        # Within one place the narrower selector does.
        (
            "select = ['ALL']\nignore = ['Q']\nextend-select = ['Q002']",
            {},
            "F001 O001 O006 P001 Q002",
        ),
        ("", {"select": ["Q"], "ignore": ["bad-scale"]}, "Q001 Q002"),
    ],
)
def test_rules(file: str, given: dict[str, Any], expected: str, toml: Write) -> None:
    toml(file)
    assert codes(load(given=given)) == expected


def test_profile_is_below_the_file(toml: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = {
        "description": "for a test",
        "ignore": ["O"],
        "fail-on": "warning",
        "min-severity": "warning",
        "targets": ["runtime:2.5"],
        "severity": {"Q": "warning", "Q001": "error"},
    }
    monkeypatch.setattr("tflint._generated.profiles.PROFILES", {"mcu": profile})
    toml("profile = 'mcu'\nmin-severity = 'error'\nignore = ['P']\n[severity]\nQ012 = 'info'")
    config = load()
    assert (config.profile, config.fail_on, config.min_severity) == ("mcu", "warning", "error")
    # The profile's `ignore` stays: it is what the profile is about.
    assert codes(config) == "F001 Q001 Q002 Q012"
    plan = config.plan("m")
    assert plan.severities == {"Q001": "error", "Q002": "warning", "Q012": "info"}
    assert plan.settings.targets == ("runtime:2.5",)
    assert config.origin("fail-on") == "profile mcu"
    assert config.origin("min-severity") == "tflint.toml"
    assert config.origin("jobs") == "default"
    assert load(given={"fail-on": "info"}).origin("fail-on") == "command line"
    assert load(given={"profile": "default"}).fail_on == "error"


def test_profile_named_default_is_in_force_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tflint._generated.profiles.PROFILES", {"default": {"fail-on": "info"}})
    assert load(isolated=True).fail_on == "info"


def test_overrides_are_between_file_and_command_line(toml: Write) -> None:
    toml(
        "ignore = ['P']\ndata = false\n"
        "[[overrides]]\nmodels = ['legacy/**']\nextend-ignore = ['Q']\ndata = true\n"
        "severity.O001 = 'info'\n"
        "[[overrides]]\nmodels = ['legacy/new.tflite']\nextend-select = ['Q002']\n"
    )
    config = load()
    assert codes(config, "other.tflite") == "F001 O001 O006 Q001 Q002 Q012"
    assert codes(config, "legacy/a/old.tflite") == "F001 O001 O006"
    assert codes(config, "legacy/new.tflite") == "F001 O001 O006 Q002"
    assert config.plan("other.tflite").settings.data is False
    assert config.plan("legacy/x.tflite").settings.data is True
    assert config.plan("legacy/x.tflite").severities == {"O001": "info"}
    assert config.plan("other.tflite").severities == {}
    stronger = load(given={"select": ["Q"], "data": False})
    assert codes(stronger, "legacy/x.tflite") == "Q001 Q002 Q012"
    assert stronger.plan("legacy/x.tflite").settings.data is False


def test_suppressions_go_with_their_models(toml: Write) -> None:
    toml(
        "\n[[suppress]]\nrule = 'flex-op'\nreason = 'linked'\n"
        "[[suppress]]\nrule = 'q002'\nmodel = 'a*.tflite'\nlocation = 'head/*'\nreason = 'cpu'\n"
    )
    config = load()
    everywhere = Suppression("O001", "*", "linked", "tflint.toml:2")
    head = Suppression("Q002", "head/*", "cpu", "tflint.toml:5")
    assert config.plan("b.tflite").suppressions == (everywhere,)
    assert config.plan("sub/ab.tflite").suppressions == (everywhere, head)


def test_survives_pickling(toml: Write) -> None:
    """Worker processes get it that way."""
    toml("ignore = ['P']\n[severity]\nQ = 'info'\n[[overrides]]\nmodels = ['a*']\nselect = ['Q']")
    config = load(given={"targets": ["runtime:2.14"]})
    copy = pickle.loads(pickle.dumps(config))
    assert copy == config
    for path in ("a.tflite", "b.tflite"):
        assert copy.plan(path) == config.plan(path)


def test_jobs_zero_is_one_per_cpu() -> None:
    assert load(isolated=True, given={"jobs": 3}).processes == 3
    assert load(isolated=True, given={"jobs": 0}).processes >= 1
