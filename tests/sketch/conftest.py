"""What the tests of the sketch share: models as comparable facts, and the example."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from tflint.model import Model
from tflint.model.operator import decode_all

if TYPE_CHECKING:
    from collections.abc import Callable

CONVOLUTION = """\
model description="made by hand"
metadata min_runtime_version "2.5.0" size=16

subgraph main
  input image [?,8,8,3] INT8 scale=0.0078125 zp=-1
  const w [4,3,3,3] INT8 scale=(0.1,0.2,0.3,0.4) = fill(3)
  const b [4] INT32 scale=(0.00078125,0.0015625,0.00234375,0.003125) = 1 2 3 4
  y [?,8,8,4] INT8 scale=0.5 zp=-128 = CONV_2D.3(image, w, b) stride_w=1 stride_h=1 padding=SAME
  const axis [] INT32 = 3
  (
    p [?,8,8,2] INT8 scale=0.5 zp=-128,
    q [?,8,8,2] INT8 scale=0.5 zp=-128
  ) = SPLIT.2(axis, y) num_splits=2
  output p q

signature serving_default inputs(image=image) outputs(first=p, second=q)
"""


@pytest.fixture(scope="session")
def convolution() -> str:
    """A small valid model: a convolution and a split, full-integer, with a signature."""
    return CONVOLUTION


@pytest.fixture(scope="session")
def read() -> Callable[[bytes], Model]:
    """A model from bytes that FlatBuffers' verifier accepts."""

    def read(data: bytes) -> Model:
        model = Model(memoryview(data), "sketch")
        assert not model.verification.refused, model.verification.errors
        return model

    return read


@pytest.fixture(scope="session")
def facts() -> Callable[[Model], Any]:
    """Every field of every table, comparable with ==.

    NaN equals NaN. Where bytes after the flatbuffer begin is no fact, since it depends on how the
    writer laid the flatbuffer out; the bytes themselves are.
    """

    def facts(model: Model) -> Any:
        tables = _comparable(decode_all(model.root))
        for index, table in enumerate(tables["buffers"]):
            buffer = model.buffer(index)
            assert buffer is not None
            if buffer.external and not buffer.out_of_file:
                table["offset"] = bytes(buffer.data)
        for subgraph, fields in zip(model.subgraphs, tables["subgraphs"], strict=True):
            for operator, table in zip(subgraph.operators, fields["operators"], strict=True):
                start, size = (table[f"large_custom_options_{of}"] for of in ("offset", "size"))
                if start > 1 and start + size <= model.size:
                    table["large_custom_options_offset"] = bytes(operator.custom_options)
        return tables

    return facts


def _comparable(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, dict):
        return {name: _comparable(field) for name, field in value.items()}
    if isinstance(value, tuple) and value and not isinstance(value[0], int | str):
        return tuple(map(_comparable, value))
    return value
