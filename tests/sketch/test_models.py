"""Real models: their text builds an equal model, and the runtime takes it as it took the original.

Models above 1 MiB are left to hand, for the time they take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tflint import sketch
from tflint.model import Model
from tflint.sketch.constants import SHOWN_BYTES

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

LIMIT = 1 << 20
#: Enough to tell one refusal from another.
REASON = 60


def intact(folder: pathlib.Path) -> Iterator[tuple[str, bytes, Model]]:
    """Every model of a folder that the verifier accepts."""
    for path in sorted(folder.iterdir()):
        if path.stat().st_size <= LIMIT:
            data = path.read_bytes()
            model = Model(memoryview(data), path.name)
            if not model.verification.refused:
                yield path.name, data, model


def without_long_data(value: Any) -> Any:
    """Facts with the length in place of everything that a short text may leave out."""
    if isinstance(value, dict):
        return {name: without_long_data(field) for name, field in value.items()}
    if isinstance(value, bytes) or (
        isinstance(value, tuple) and len(value) > SHOWN_BYTES and isinstance(value[0], int)
    ):
        return len(value)
    return tuple(map(without_long_data, value)) if isinstance(value, tuple) else value


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "at_least"), [("real", 90), ("regenerated", 110)])
def test_the_text_of_a_real_model_builds_an_equal_model(
    folder: str,
    at_least: int,
    shared_models: pathlib.Path,
    read: Callable[[bytes], Model],
    facts: Callable[[Model], Any],
) -> None:
    count = 0
    for name, _, model in intact(shared_models / folder):
        text = sketch.text(model, data=True)
        built = read(sketch.build(text))
        assert facts(built) == facts(model), name
        assert sketch.text(built, data=True) == text, name
        short = sketch.build(sketch.text(model))
        assert without_long_data(facts(read(short))) == without_long_data(facts(model)), name
        count += 1
    assert count >= at_least


def verdict(data: bytes, kept: list[bytes]) -> str:
    """What LiteRT says of a model: the number of tensors once allocated, or why it refuses."""
    interpreter = pytest.importorskip("ai_edge_litert.interpreter")
    kept.append(data)  # the interpreter reads the bytes in place
    try:
        loaded = interpreter.Interpreter(
            model_content=data,
            experimental_op_resolver_type=(
                interpreter.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
            ),
        )
    except ValueError as error:
        return f"not loaded: {str(error)[:REASON]}"
    try:
        loaded.allocate_tensors()
    except RuntimeError as error:
        return f"not allocated: {str(error)[-REASON:]}"
    return f"{len(loaded.get_tensor_details())} tensors"


@pytest.mark.oracle
@pytest.mark.slow
@pytest.mark.parametrize(("folder", "at_least"), [("real", 70), ("regenerated", 100)])
def test_the_runtime_takes_the_built_model_as_the_original(
    folder: str, at_least: int, shared_models: pathlib.Path
) -> None:
    kept: list[bytes] = []
    allocated = 0
    for name, data, model in intact(shared_models / folder):
        expected = verdict(data, kept)
        assert verdict(sketch.build(sketch.text(model, data=True)), kept) == expected, name
        allocated += expected.endswith("tensors")
    assert allocated >= at_least


@pytest.mark.oracle
def test_the_example_runs(convolution: str) -> None:
    import numpy as np

    litert = pytest.importorskip("ai_edge_litert.interpreter")
    data = sketch.build(convolution)
    interpreter = litert.Interpreter(model_content=data)
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner("serving_default")
    found = runner(image=np.full((1, 8, 8, 3), 1, np.int8))
    # In the middle 27 products of (1 + 1) * 3, plus the bias, times the scales.
    real = (162 + np.array([1, 2, 3, 4])) * 0.0078125 * np.array([0.1, 0.2, 0.3, 0.4])
    expected = np.round(real / 0.5) - 128
    middle = np.concatenate([found["first"][0, 4, 4], found["second"][0, 4, 4]])
    np.testing.assert_array_equal(middle, expected)
