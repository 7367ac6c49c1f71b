"""Every real model, read as the LiteRT interpreter reads it.

Its answers were recorded (tensors and operators, after construction of the interpreter): models
it cannot construct have none.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any

from tflint.model import Model, Subgraph, Tensor

#: numpy's names of element types, where they are not the schema's in lower case.
NUMPY = {"STRING": "bytes", "RESOURCE": "object"}


def recorded(folder: pathlib.Path) -> list[tuple[pathlib.Path, dict[str, Any]]]:
    """Each model with the interpreter's dump, where there is one."""
    found = []
    for path in sorted((folder / "oracle").glob("*.json")):
        row = json.loads(path.read_text())
        if row["interpreter_plain"]["stage"] != "construct":
            found.append((folder / "real" / row["file"], row["interpreter_plain"]))
    return found


def opened(path: pathlib.Path) -> Model:
    model = Model(memoryview(path.read_bytes()), path.name)
    assert not model.verification.errors
    return model


def describe(tensor: Tensor) -> list[Any]:
    """A tensor as the dump has it."""
    quantization = tensor.quantization
    return [
        tensor.index,
        tensor.name,
        list(tensor.shape),
        list(tensor.shape_signature or tensor.shape),
        tensor.dtype,
        list(quantization.scales) if quantization else [],
        list(quantization.zero_points) if quantization else [],
        quantization.axis if quantization else 0,
        tensor.sparsity is not None,
    ]


def differences(subgraph: Subgraph, dump: list[list[Any]]) -> list[tuple[list[Any], list[Any]]]:
    """Tensors read otherwise than recorded; the dump may go on with temporaries of kernels."""
    assert len(dump) >= subgraph.tensor_count
    found = []
    for tensor, theirs in zip(subgraph.tensors, dump, strict=False):
        ours = describe(tensor)
        ours[4] = NUMPY.get(tensor.dtype, tensor.dtype.lower())
        if ours != theirs:
            found.append((ours, theirs))
    return found


def test_tensors_of_every_real_model(shared_models: pathlib.Path) -> None:
    models = recorded(shared_models)
    assert len(models) == 108
    for path, dump in models:
        model = opened(path)
        assert len(dump["tensors"]) == len(model.subgraphs)
        for subgraph, tensors in zip(model.subgraphs, dump["tensors"], strict=True):
            assert differences(subgraph, tensors) == [], path.name


def test_operators_of_every_real_model(shared_models: pathlib.Path) -> None:
    for path, dump in recorded(shared_models):
        operators = [
            [operator.label, list(operator.inputs), list(operator.outputs)]
            for operator in opened(path).subgraphs[0].operators
        ]
        assert operators == dump["ops"], path.name


def test_inputs_outputs_and_signatures(shared_models: pathlib.Path) -> None:
    for path, dump in recorded(shared_models):
        model = opened(path)
        io = dump["io"]
        assert list(model.subgraphs[0].inputs) == io["inputs"], path.name
        assert list(model.subgraphs[0].outputs) == io["outputs"], path.name
        signatures = {
            signature.key: {
                "inputs": sorted(tensor.name for tensor in signature.inputs),
                "outputs": sorted(tensor.name for tensor in signature.outputs),
            }
            for signature in model.signatures
        }
        theirs = {
            key: {side: sorted(names) for side, names in entry.items()}
            for key, entry in io["signatures"].items()
        }
        assert signatures == theirs, path.name


def test_models_that_are_not_constructed_are_refused_for_the_same(
    shared_models: pathlib.Path,
) -> None:
    """What the interpreter says of the four it does not construct, in our words."""
    reasons = {}
    for path in sorted((shared_models / "oracle").glob("*.json")):
        row = json.loads(path.read_text())
        if row["interpreter_plain"]["stage"] == "construct":
            reasons[row["file"]] = row["interpreter_plain"]["error"]
    assert len(reasons) == 4
    for name, reason in reasons.items():
        data = (shared_models / "real" / name).read_bytes()
        model = Model(memoryview(data), name)
        if "identifier" in reason:
            assert model.identifier != b"TFL3"
        elif "schema version" in reason:
            assert model.version == 2
        else:
            assert reason == "ValueError: No subgraph in the model.\n"
            assert model.subgraphs == ()
