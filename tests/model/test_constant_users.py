"""Which operators a constant reaches."""

from __future__ import annotations

from collections.abc import Callable

from tflint.model import Model
from tflint.model.constant_users import users_of


def test_operators_that_hand_values_on_are_followed(sketch: Callable[[str], Model]) -> None:
    model = sketch(
        """
        model
          subgraph "main"
            input x [1,4] FLOAT32
            const c [4] FLOAT32 = fill(1)
            const s [2] INT32 = 1 4
            r [1,4] FLOAT32 = RESHAPE(c, s)
            y [1,4] FLOAT32 = ADD(x, r)
            z [1,4] FLOAT32 = MUL(y, c)
            output z
            output r
        """
    )
    subgraph = model.subgraphs[0]
    constant = next(tensor for tensor in subgraph.tensors if tensor.name == "c")
    found = {None if op is None else op.name for op in users_of(constant)}
    assert found == {None, "ADD", "MUL"}


def test_a_constant_that_nothing_reads_has_no_users(sketch: Callable[[str], Model]) -> None:
    model = sketch(
        """
        model
          subgraph "main"
            input x [1,4] FLOAT32
            const c [4] FLOAT32 = fill(1)
            y [1,4] FLOAT32 = RELU(x)
            output y
        """
    )
    constant = next(tensor for tensor in model.subgraphs[0].tensors if tensor.name == "c")
    assert users_of(constant) == []
