"""A configuration file is held strictly against the options."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from tflint.config import ConfigError, load
from tflint.config.validate import profile_problems

Write = Callable[[str], str]


def problems(write: Write, text: str) -> list[str]:
    write(text)
    with pytest.raises(ConfigError) as caught:
        load()
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("selct = ['Q']", "1: no option `selct`; did you mean `select`?"),
        ("extend_ignore = ['Q']", "1: no option `extend_ignore`; did you mean `extend-ignore`?"),
        ("disable = ['Q']", "1: no option `disable`; did you mean `ignore`?"),
        ("overides = []", "1: no option `overides`; did you mean `overrides`?"),
        ("zzz = 1", "1: no option `zzz`"),
        ("select = 'Q'", '1: `select`: expected a list of strings, got a string: write ["Q"]'),
        ("ignore = 3", "1: `ignore`: expected a list of strings, got an integer"),
        ("ignore = [3]", "1: `ignore`: expected a list of strings, one item is an integer"),
        ("ignore = ['']", "1: `ignore`: expected a list of strings, one item is empty"),
        ("data = 'no'", "1: `data`: expected true or false, got a string"),
        ("jobs = true", "1: `jobs`: expected an integer, got a boolean"),
        ("jobs = -1", "1: `jobs`: expected an integer from 0, got -1"),
        ("jobs = 1.5", "1: `jobs`: expected an integer, got a float"),
        ("format = 2026-01-01", "1: `format`: expected a string, got a date or time"),
        ("baseline = ' '", "1: `baseline`: expected a text, got an empty one"),
        (
            "fail-on = 'eror'",
            "1: `fail-on`: expected error, warning, info or never, got `eror`; "
            "did you mean `error`?",
        ),
        ("profile = 'x'", "1: `profile`: expected default, got `x`"),
        ("targets = ['gpu']", "1: `targets`: no target `gpu`; there is runtime:VERSION"),
        (
            "targets = ['runtim:2.14']",
            "1: `targets`: no target `runtim:2.14`; did you mean `runtime`?",
        ),
        (
            "targets = ['runtime:new']",
            "1: `targets`: expected runtime:VERSION, such as runtime:2.14, got `runtime:new`",
        ),
        ("\nignore = [\n 'Q',\n 'Q99',\n]", "4: `ignore`: no rule `Q99`; "),
        ("select = ['flex-opp']", "1: `select`: no rule `flex-opp`; did you mean `flex-op`?"),
        ("severity = 'error'", '1: `severity`: expected a table, such as Q001 = "error"'),
        (
            "[severity]\nQ001 = 'eror'",
            "2: `severity.Q001`: expected error, warning or info, got `eror`; "
            "did you mean `error`?",
        ),
        ("[severity]\nQ99 = 'error'", "2: `severity.Q99`: no rule `Q99`; "),
        ("overrides = 1", "1: `overrides`: expected tables that begin with [[overrides]]"),
        ("[overrides]\nx = 1", "1: `overrides`: expected tables that begin with [[overrides]]"),
        ("[[overrides]]\nselect = ['Q']", "1: `models` is missing: the models it is for; "),
        (
            "[[overrides]]\nmodels = []",
            "2: `models`: expected at least one pattern, got an empty list",
        ),
        (
            "[[overrides]]\nmodels = ['a']\nfail-on = 'info'",
            "3: no option `fail-on` in [[overrides]]; it is the same for every model and stands "
            "at the top of the file",
        ),
        ("[[suppress]]\nrule = 'Q001'", "1: `reason` is missing: why the finding is all right"),
        (
            "[[suppress]]\nrule = 'Q001'\nreason = ''",
            "3: `reason`: expected a text, got an empty one",
        ),
        (
            "[[suppress]]\nrule = 'Q'\nreason = 'x'",
            "2: `rule`: expected the code or name of one rule; `Q` selects 3",
        ),
        (
            "[[suppress]]\nrule = 'Q001'\nreason = 'x'\nmodels = 'y'",
            "4: no option `models` in [[suppress]]; did you mean `model`?",
        ),
        (
            "[[suppress]]\nrule = 'Q001'\nreason = 'x'\n[[suppress]]\nrule = 'Q9'\nreason = 'x'",
            "5: `rule`: no rule `Q9`",
        ),
    ],
)
def test_problem_with_its_line(text: str, expected: str, toml: Write) -> None:
    (problem,) = problems(toml, text)
    assert problem.startswith(f"tflint.toml:{expected}")


def test_every_problem_is_named(toml: Write) -> None:
    text = "selct = []\njobs = 'x'\n[[suppress]]\nrule = 'Q001'\n"
    assert [problem.partition(": ")[0] for problem in problems(toml, text)] == [
        "tflint.toml:1",
        "tflint.toml:2",
        "tflint.toml:3",
    ]


def test_lines_of_a_pyproject(project: pathlib.Path) -> None:
    (project / "pyproject.toml").write_text(
        "[project]\nname = 'x'\njobs = 1\n\n[tool.tflint]\nselect = [\n  'Q',\n]\njobs = 'x'\n"
        "[[tool.tflint.suppress]]\nrule = 'Q001'\nreason = 'x'\nmodl = 'x'\n"
    )
    with pytest.raises(ConfigError) as caught:
        load()
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        "pyproject.toml:9",
        "pyproject.toml:13",
    ]


def test_what_a_file_may_say(toml: Write) -> None:
    toml(
        "select = ['Q', 'flex-op']\nignore = ['q012']\ntargets = ['runtime:2.14.0']\n"
        "fail-on = 'never'\nmin-severity = 'warning'\nformat = 'sarif'\nbaseline = 'b.json'\n"
        "allowed-custom-ops = ['Mine']\ndata = false\njobs = 3\n[severity]\nQ = 'info'\n"
    )
    config = load()
    assert (config.fail_on, config.min_severity, config.format) == ("never", "warning", "sarif")
    assert (config.baseline, config.jobs) == ("b.json", 3)
    plan = config.plan("m.tflite")
    assert plan.rules == ("O001", "Q001", "Q002")
    assert plan.severities == {"Q001": "info", "Q002": "info", "Q012": "info"}
    assert plan.settings.targets == ("runtime:2.14.0",)
    assert plan.settings.allowed_custom_ops == {"Mine"}
    assert plan.settings.data is False


def test_paths_are_relative_to_the_file(
    project: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "tflint.toml").write_text("baseline = 'ci/b.json'")
    (project / "sub").mkdir()
    monkeypatch.chdir(project / "sub")
    assert load().baseline == "../ci/b.json"


def test_profiles_are_held_against_the_same_table() -> None:
    good = {"description": "x", "select": ["Q"], "fail-on": "info", "severity": {"Q": "info"}}
    assert profile_problems("p", good) == ()
    assert profile_problems("p", {"jobs": 3, "select": ["Z"]}) == (
        "profile p: no option `jobs`",
        "profile p: `select`: no rule `Z`; `tflint rules` lists them",
    )
