"""From paths to results: what is opened, what is found inside, what is suppressed."""

from __future__ import annotations

import os
import sys
import zipfile
from io import BytesIO
from typing import NamedTuple

import pytest

from tflint.lint.plan import Plan, Suppression
from tflint.lint.registry import rules
from tflint.lint.run import lint_paths
from tflint.sketch import build

FLEX = """
model
  subgraph "main"
    input x [1,4] FLOAT32
    y [1,4] FLOAT32 = FlexErf(x)
    z [1,4] FLOAT32 = FlexTan(y)
    output z
"""


class Everything(NamedTuple):
    """A configuration that runs every rule on every model."""

    suppressions: tuple[Suppression, ...] = ()
    codes: tuple[str, ...] = tuple(rules())

    def plan(self, path: str) -> Plan:
        return Plan(self.codes, suppressions=self.suppressions)


def only(result):
    (model,) = result.models
    return model


@pytest.fixture
def flex(tmp_path) -> str:
    path = tmp_path / "flex.tflite"
    path.write_bytes(build(FLEX))
    return str(path)


def routes(model, code: str) -> list[str]:
    return [finding.location.route for finding in model.findings if finding.code == code]


def test_a_model_gets_findings_facts_and_fingerprints(flex):
    model = only(lint_paths([flex], Everything()))
    assert routes(model, "O001") == ["subgraph[0].op[0]", "subgraph[0].op[1]"]
    assert model.facts is not None
    assert (model.facts.operators, model.facts.subgraphs) == (2, 1)
    assert model.facts.size == os.path.getsize(flex)
    assert all(len(finding.fingerprint) == 16 for finding in model.findings)


def test_findings_are_sorted_most_severe_first(flex):
    severities = [finding.severity for finding in only(lint_paths([flex], Everything())).findings]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_every_model_of_a_bundle_is_linted_under_its_own_name(tmp_path):
    path = tmp_path / "b.task"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.tflite", build(FLEX))
        archive.writestr("two.tflite", build(FLEX))
    result = lint_paths([str(path)], Everything())
    assert [model.path for model in result.models] == [f"{path}::one.tflite", f"{path}::two.tflite"]
    assert all(routes(model, "O001") for model in result.models)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.tflite", b"", "empty file"),
        ("page.tflite", b"<!DOCTYPE html><html><body>404</body></html>", "HTML"),
        (
            "weights.tflite",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n",
            "Git LFS pointer",
        ),
    ],
)
def test_what_is_no_model_gets_one_finding_that_says_what_it_is(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    model = only(lint_paths([str(path)], Everything()))
    (finding,) = model.findings
    assert (finding.code, finding.severity) == ("F001", "error")
    assert says in finding.message
    assert finding.fix
    assert model.facts is None


def test_what_is_no_model_is_told_whatever_is_selected(tmp_path):
    path = tmp_path / "empty.tflite"
    path.write_bytes(b"")
    selected = Everything(codes=("O001",))
    assert [finding.code for finding in only(lint_paths([str(path)], selected)).findings] == [
        "F001"
    ]


def test_a_directory_named_like_a_model_is_a_finding(tmp_path):
    path = tmp_path / "m.tflite"
    path.mkdir()
    (finding,) = only(lint_paths([str(path)], Everything())).findings
    assert finding.code == "F001"
    assert "a directory of 0 entries" in finding.message


def test_a_damaged_bundle_is_a_finding(tmp_path):
    path = tmp_path / "b.task"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.tflite", build(FLEX))
    path.write_bytes(path.read_bytes()[:-40])
    model = only(lint_paths([str(path)], Everything()))
    assert [finding.code for finding in model.findings] == ["F001"]


def test_a_path_that_cannot_be_opened_is_a_problem_and_the_others_are_linted(tmp_path, flex):
    missing = str(tmp_path / "missing.tflite")
    result = lint_paths([missing, flex], Everything())
    assert [problem.path for problem in result.problems] == [missing]
    assert [model.path for model in result.models] == [flex]


def test_standard_input_is_read(flex, monkeypatch):
    with open(flex, "rb") as file:
        content = file.read()
    stdin = type("Stdin", (), {"buffer": BytesIO(content)})()
    monkeypatch.setattr(sys, "stdin", stdin)
    assert routes(only(lint_paths(["-"], Everything())), "O001")


def test_a_model_without_identifier_is_read_all_the_same(tmp_path):
    path = tmp_path / "bare.tflite"
    data = bytearray(build(FLEX))
    data[4:8] = b"\0\0\0\0"
    path.write_bytes(data)
    model = only(lint_paths([str(path)], Everything()))
    assert routes(model, "O001"), "the model was read"


def test_suppressions_answer_by_rule_and_place_and_idle_ones_are_told(flex):
    one = Suppression("flex-op", "subgraph[0].op[1]", "the app links it", "tflint.toml suppress[0]")
    idle = Suppression("Q002", "*", "nothing", "tflint.toml suppress[1]")
    result = lint_paths([flex], Everything((one, idle)))
    model = only(result)
    assert routes(model, "O001") == ["subgraph[0].op[0]"]
    assert [item.reason for item in model.suppressed] == ["the app links it"]
    assert [item.source for item in result.unused] == ["tflint.toml suppress[1]"]


def test_a_suppression_may_name_the_tensor(flex):
    by_name = Suppression("O001", "y*", "known", "s")
    assert routes(only(lint_paths([flex], Everything((by_name,)))), "O001") == ["subgraph[0].op[1]"]


def test_several_processes_find_the_same_in_the_same_order(tmp_path, flex):
    paths = [flex]
    for index in range(5):
        path = tmp_path / f"m{index}.tflite"
        path.write_bytes(build(FLEX) if index % 2 else b"")
        paths.append(str(path))
    done: list[str] = []
    serial = lint_paths(paths, Everything())
    parallel = lint_paths(paths, Everything(), jobs=2, on_done=done.append)
    assert [m._replace(seconds=0) for m in parallel.models] == [
        m._replace(seconds=0) for m in serial.models
    ]
    assert done == paths


class Killer(NamedTuple):
    """A configuration that kills the process that lints one file, as the kernel does."""

    victim: str

    def plan(self, path: str) -> Plan:
        if path == self.victim and os.getpid() != int(os.environ["TFLINT_TEST_PARENT"]):
            os.kill(os.getpid(), 9)
        return Plan(("F002",))


def test_a_killed_worker_costs_its_own_file_only(tmp_path, flex, monkeypatch):
    monkeypatch.setenv("TFLINT_TEST_PARENT", str(os.getpid()))
    victim, other = tmp_path / "victim.tflite", tmp_path / "other.tflite"
    for path in (victim, other):
        path.write_bytes(build(FLEX))
    monkeypatch.setattr("tflint.lint.run._unused", lambda *_: ())
    result = lint_paths([flex, str(victim), str(other)], Killer(str(victim)), jobs=2)
    assert [problem.path for problem in result.problems] == [str(victim)]
    assert "killed" in result.problems[0].message
    assert [model.path for model in result.models] == [flex, str(other)]
