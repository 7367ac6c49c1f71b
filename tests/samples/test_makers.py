"""The scripts beside the samples make the samples, and LiteRT says of them what their pages say."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FOLDERS = sorted(path.parent.name for path in SAMPLES.glob("*/make_model.py"))


def structure(content: bytes) -> list[object]:
    """Returns what a conversion decides: operators, and each tensor's name, type and shapes.

    Not the weights: they come from a training whose last bits differ between processors.
    """
    import tflite

    model = tflite.Model.GetRootAs(content, 0)
    facts: list[object] = []
    for at in range(model.OperatorCodesLength()):
        code = model.OperatorCodes(at)
        facts.append((code.BuiltinCode(), code.CustomCode(), code.Version()))
    graph = model.Subgraphs(0)
    facts.extend(graph.Operators(at).OpcodeIndex() for at in range(graph.OperatorsLength()))
    for at in range(graph.TensorsLength()):
        tensor = graph.Tensors(at)
        shape = [tensor.Shape(axis) for axis in range(tensor.ShapeLength())]
        signature = [tensor.ShapeSignature(axis) for axis in range(tensor.ShapeSignatureLength())]
        facts.append((tensor.Name(), tensor.Type(), shape, signature))
    return facts


@pytest.mark.convert
@pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed"
)
@pytest.mark.parametrize("name", [name for name in FOLDERS if not name.startswith("05-")])
def test_script_makes_the_model(name: str, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / name, tmp_path / name)
    shutil.copy(SAMPLES / "classifier.py", tmp_path)
    made = tmp_path / name / "model.tflite"
    made.unlink()
    ran = subprocess.run(
        [sys.executable, str(made.with_name("make_model.py"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    committed = (SAMPLES / name / "model.tflite").read_bytes()
    assert structure(made.read_bytes()) == structure(committed)
    assert made.stat().st_size == len(committed)


def test_damaged_sample_is_the_beginning_of_the_clean_one() -> None:
    """What make_model.py of sample 05 does, seen from its result."""
    whole = (SAMPLES / "01-clean-int8" / "model.tflite").read_bytes()
    damaged = (SAMPLES / "05-damaged-file" / "model.tflite").read_bytes()
    assert whole.startswith(damaged)
    assert len(damaged) == len(whole) * 6 // 10


VERDICTS = {
    "01-clean-int8": None,
    "02-float-op-in-int8": None,
    "03-flex-op": r"Select TensorFlow op\(s\), included in the given model",
    "04-dynamic-batch": None,
    "05-damaged-file": "The model is not a valid Flatbuffer buffer",
}


@pytest.mark.oracle
@pytest.mark.parametrize("name", FOLDERS)
def test_runtime_agrees_with_the_page(name: str) -> None:
    pytest.importorskip("ai_edge_litert")
    program = (
        "import sys; from ai_edge_litert.interpreter import Interpreter; "
        "Interpreter(sys.argv[1]).allocate_tensors()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(SAMPLES / name / "model.tflite")],
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = VERDICTS[name]
    if verdict is None:
        assert ran.returncode == 0, ran.stderr
    else:
        assert ran.returncode != 0
        assert re.search(verdict, ran.stderr), ran.stderr
