"""Constants that steer operators."""

from __future__ import annotations

import pytest

from tflint import sketch
from tflint.model import Model, Tensor
from tflint.model.constants import integers


def tensor(line: str) -> Tensor:
    text = f'model\n  subgraph "main"\n    {line}\n    input x [1] FLOAT32\n    output x\n'
    model = Model(memoryview(sketch.parse(text).build()), "example")
    return next(t for t in model.subgraphs[0].tensors if t.name == "c")


@pytest.mark.parametrize("dtype", ["INT8", "INT16", "INT32", "INT64"])
def test_signed_integers_are_read(dtype: str) -> None:
    values = integers(tensor(f"const c [3] {dtype} = 1 -2 3"))
    assert values is not None
    assert values.tolist() == [1, -2, 3]


def test_an_unsigned_integer_is_not_negative() -> None:
    values = integers(tensor("const c [1] UINT8 = 255"))
    assert values is not None
    assert values.tolist() == [255]


@pytest.mark.parametrize(
    "line",
    [
        "const c [1] FLOAT32 = 1",
        "c [1] INT32",
        "variable c [1] INT32",
        "const c [2] INT32 = hex(00)",
    ],
)
def test_what_holds_no_whole_integers_gives_none(line: str) -> None:
    assert integers(tensor(line)) is None


def test_no_tensor_gives_none() -> None:
    assert integers(None) is None
