"""`tflint.load` and `tflint.lint`."""

from __future__ import annotations

import doctest
import pathlib
import zipfile

import pytest

import tflint
from tflint import api
from tflint.config import ConfigError
from tflint.container import BundleError
from tflint.flatbuf import FormatError
from tflint.lint.result import Result
from tflint.sketch import build

#: What the examples in the docstrings talk about.
DOCUMENTED = """
model
  subgraph "main"
    input image [1,4] FLOAT32
    a [1,4] FLOAT32 = RELU(image)
    b [1,4] FLOAT32 = FlexErf(a)
    output b
"""


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


@pytest.fixture
def bundle(models: pathlib.Path, flex_model: bytes, clean_model: bytes) -> str:
    with zipfile.ZipFile("b.task", "w") as archive:
        archive.writestr("flex.tflite", flex_model)
        archive.writestr("deep/clean.tflite", clean_model)
    return "b.task"


def test_examples_of_the_docstrings(folder: pathlib.Path) -> None:
    (folder / "model.tflite").write_bytes(build(DOCUMENTED))
    for subject in (api, api.load, api.lint):
        results = doctest.DocTestRunner()
        for test in doctest.DocTestFinder(recurse=False).find(subject, globs={}):
            assert test.examples
            results.run(test)
        assert results.failures == 0


def test_load(models: pathlib.Path, clean_model: bytes) -> None:
    model = tflint.load(models / "clean.tflite")
    assert model.name == str(models / "clean.tflite")
    assert model.size == len(clean_model)
    assert model.subgraphs[0].operators[0].name == "CONV_2D"


def test_model_outlives_its_file(models: pathlib.Path) -> None:
    """Nothing keeps the file open that the model does not need."""
    model = tflint.load("clean.tflite")
    (models / "clean.tflite").unlink()
    tensors = [tensor.name for tensor in model.subgraphs[0].tensors]
    assert len(tensors) == model.subgraphs[0].tensor_count > 0


def test_load_from_a_bundle(bundle: str, clean_model: bytes) -> None:
    model = tflint.load("b.task::deep/clean.tflite")
    assert (model.name, model.size) == ("b.task::deep/clean.tflite", len(clean_model))
    with pytest.raises(
        ValueError,
        match=r"b\.task holds 2 models, name one: "
        r"b\.task::flex\.tflite, b\.task::deep/clean\.tflite",
    ):
        tflint.load(bundle)
    with pytest.raises(ValueError, match=r"b\.task holds no model nix, only b\.task::flex"):
        tflint.load("b.task::nix")


def test_load_of_a_bundle_with_one_model(models: pathlib.Path, flex_model: bytes) -> None:
    with zipfile.ZipFile("one.task", "w") as archive:
        archive.writestr("flex.tflite", flex_model)
    assert tflint.load("one.task").name == "one.task::flex.tflite"


def test_load_of_a_file_named_like_a_member(models: pathlib.Path, flex_model: bytes) -> None:
    (models / "a::b").write_bytes(flex_model)
    assert tflint.load("a::b").name == "a::b"


def test_load_refuses(models: pathlib.Path, clean_model: bytes) -> None:
    with pytest.raises(FileNotFoundError):
        tflint.load("nix.tflite")
    with pytest.raises(IsADirectoryError):
        tflint.load(models)
    (models / "page.tflite").write_bytes(b"<!doctype html><html>")
    with pytest.raises(ValueError, match=r"page\.tflite is no TFLite model: .*HTML"):
        tflint.load("page.tflite")
    (models / "cut.tflite").write_bytes(clean_model[:1000])
    with pytest.raises(FormatError, match="byte "):
        tflint.load("cut.tflite")
    (models / "cut.task").write_bytes(b"PK\x03\x04" + b"\xff" * 40)
    with pytest.raises(BundleError):
        tflint.load("cut.task")


def test_lint_of_paths(bundle: str, models: pathlib.Path) -> None:
    assert "O001" in codes(tflint.lint(models / "flex.tflite"))
    assert "O001" not in codes(tflint.lint("clean.tflite"))
    result = tflint.lint(models, select=["O001"])
    assert [
        (model.path.rpartition("b.task")[2], len(model.findings)) for model in result.models
    ] == [
        ("::flex.tflite", 1),
        ("::deep/clean.tflite", 0),
        (str(models / "clean.tflite"), 0),
        (str(models / "flex.tflite"), 1),
    ]
    assert len(tflint.lint("*.tflite").models) == 2


def test_lint_of_a_model(models: pathlib.Path) -> None:
    model = tflint.load("flex.tflite")
    result = tflint.lint(model, select=["operators"])
    assert codes(result) == {"O001"}
    assert result.models[0].path == "flex.tflite"
    (by_path,) = tflint.lint("flex.tflite", select=["operators"]).models
    assert result.models[0].findings == by_path.findings
    assert result.models[0].facts == by_path.facts


def test_arguments_are_those_of_the_command_line(models: pathlib.Path) -> None:
    path = "flex.tflite"
    assert codes(tflint.lint(path, select=["O001"])) == {"O001"}
    assert "O001" not in codes(tflint.lint(path, ignore=["flex-op"]))
    assert codes(tflint.lint(path, select=["M001"], extend_select=("O001",))) == {"M001", "O001"}
    assert "M001" not in codes(tflint.lint(path, extend_ignore=["M"]))
    assert codes(tflint.lint(path, select=[])) == set()
    assert tflint.lint(path, targets=["runtime:2.14"], data=False, profile="default").findings


def test_configuration_is_read_only_where_it_is_named(models: pathlib.Path) -> None:
    (models / "tflint.toml").write_text("select = ['M001']\nmin-severity = 'error'\n")
    assert "O001" in codes(tflint.lint("flex.tflite"))
    result = tflint.lint("flex.tflite", config=models / "tflint.toml")
    assert codes(result) == {"M001"}
    assert result.min_severity == "error"
    assert codes(tflint.lint("flex.tflite", config="tflint.toml", select=["O001"])) == {"O001"}


def test_lint_refuses(models: pathlib.Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"flx\.tflite: .*did you mean flex\.tflite"):
        tflint.lint("flx.tflite")
    with pytest.raises(OSError, match="/dev/null: a device or socket"):
        tflint.lint("/dev/null")
    with pytest.raises(ConfigError, match=r"^`select`: no rule `Z1`"):
        tflint.lint("flex.tflite", select=["Z1"])
    with pytest.raises(ConfigError, match=r'^`extend_ignore`: .*write \["O001"\]$'):
        tflint.lint("flex.tflite", extend_ignore="O001")
    with pytest.raises(ConfigError, match=r"^nix\.toml: cannot be opened"):
        tflint.lint("flex.tflite", config="nix.toml")


def test_what_is_no_model_is_a_finding(models: pathlib.Path) -> None:
    (models / "page.tflite").write_bytes(b"<!doctype html><html>")
    result = tflint.lint("page.tflite")
    assert codes(result) == {"F001"}
    assert result.reaches("error")


def test_directory_without_models_has_an_empty_result(folder: pathlib.Path) -> None:
    assert tflint.lint(folder).models == ()


def test_name_is_shared_with_a_package(models: pathlib.Path, python) -> None:
    """`tflint.lint` is callable whatever was imported before."""
    for first in ("tflint.lint", "tflint.lint.result", "tflint.cli.main", "tflint.model"):
        program = (
            f"import {first}\nimport tflint\n"
            "assert tflint.lint('flex.tflite', select=['O001']).count('error') == 1\n"
            "from tflint.lint.finding import Finding\n"
            "assert tflint.lint('flex.tflite', select=['O001']).count('error') == 1\n"
            "from tflint import lint\n"
            "assert lint('flex.tflite', select=[]).findings == ()\n"
        )
        assert python("-c", program) == (0, "", "")


def test_import_is_lazy(python) -> None:
    """Importing the package costs nothing; asking for a function imports what it needs."""
    program = (
        "import sys, tflint\nassert 'tflint.api' not in sys.modules\n"
        "tflint.lint\nassert 'tflint.api' in sys.modules\n"
        "bad = {'numpy', 'json', 'pathlib', 'argparse', 'tomllib', 'multiprocessing'}\n"
        "assert not bad & set(sys.modules), bad & set(sys.modules)\n"
    )
    assert python("-S", "-c", program) == (0, "", "")
