"""Sparse constants: examples of the schema's own comments, and what LiteRT's verifier refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tflint.model import Model, Tensor
from tflint.model.sparsity import BadSparsity, sparsity, stored_elements

Make = Callable[[str], Model]


def tensor(sketch: Make, shape: str, parameters: str) -> Tensor:
    model = sketch(f"""\
        model
        subgraph
          const w {shape} FLOAT32 sparsity={{{parameters}}} = bytes(12)
        """)
    found = model.subgraphs[0].tensor(0)
    assert found is not None
    return found


CSR = (
    "traversal_order=(0,1) dim_metadata=({dense_size=4},"
    "{format=SPARSE_CSR array_segments=WIDTHVector{values=(0,1,1,2,3)}"
    " array_indices=WIDTHVector{values=(0,3,2)}})"
)


@pytest.mark.parametrize("width", ["Int32", "Uint16", "Uint8"])
def test_the_three_widths_of_indices_read_alike(sketch: Make, width: str) -> None:
    found = sparsity(tensor(sketch, "[4,4]", CSR.replace("WIDTH", width)))
    assert found is not None
    assert found.traversal_order == (0, 1)
    assert found.block_map == ()
    dense, sparse = found.levels
    assert (dense.format, dense.dense_size, dense.segments) == ("DENSE", 4, None)
    assert sparse.format == "SPARSE_CSR"
    assert sparse.segments is not None
    assert sparse.indices is not None
    assert (list(sparse.segments), list(sparse.indices)) == ([0, 1, 1, 2, 3], [0, 3, 2])


def test_a_dense_tensor_has_none_and_stores_all(sketch: Make) -> None:
    model = sketch("subgraph\n  const w [3,5] FLOAT32 = fill(1)\n")
    found = model.subgraphs[0].tensor(0)
    assert found is not None
    assert sparsity(found) is None
    assert stored_elements(found) == 15


def test_csr_stores_one_value_per_index(sketch: Make) -> None:
    assert stored_elements(tensor(sketch, "[4,4]", CSR.replace("WIDTH", "Uint8"))) == 3


def test_blocks_multiply_what_is_stored(sketch: Make) -> None:
    """A 4x4 tensor in blocks of 2x2, of which two of four are kept: 8 values."""
    found = tensor(
        sketch,
        "[4,4]",
        "traversal_order=(0,1,2,3) block_map=(0,1) dim_metadata=({dense_size=2},"
        "{format=SPARSE_CSR array_segments=Uint8Vector{values=(0,1,2)}"
        " array_indices=Uint8Vector{values=(0,1)}},{dense_size=2},{dense_size=2})",
    )
    assert stored_elements(found) == 8


@pytest.mark.parametrize(
    ("shape", "change", "problem"),
    [
        ("[4,4]", ("dense_size=4", "dense_size=3"), "dense level of 3 for dimension 0 of 4"),
        ("[4,4]", ("(0,1,1,2,3)", "(0,1,1,2)"), "4 segments of dimension 1 for 4 nodes above"),
        ("[4,4]", ("(0,1,1,2,3)", "(0,1,0,2,3)"), "segments of dimension 1 fall from 1 to 0"),
        ("[4,4]", ("(0,1,1,2,3)", "(0,1,1,2,2)"), "end at 2 of 3 indices"),
        ("[4,4]", ("(0,3,2)", "(0,4,2)"), "index 4 in dimension 1 of extent 4"),
        ("[4,4]", ("(0,1) ", "(0,0) "), "traversal order [0, 0] is no permutation"),
        ("[4,4]", ("(0,1) ", "(0,7) "), "traversal order [0, 7] is no permutation"),
        ("[4,4]", ("(0,1) ", "(0) "), "2 levels for 1 entries of traversal order"),
        ("[4,4,2]", ("", ""), "2 levels and 0 block dimensions for rank 3"),
        ("[4,4]", ("array_indices=Uint8Vector{values=(0,3,2)}", ""), "lacks its indices"),
        ("[4,4]", ("SPARSE_CSR", "9"), "lacks its indices"),
    ],
)
def test_bad_parameters_are_a_value(
    sketch: Make, shape: str, change: tuple[str, str], problem: str
) -> None:
    parameters = CSR.replace("WIDTH", "Uint8").replace(*change)
    if change[1] == "9":
        parameters = parameters.replace("array_segments=Uint8Vector{values=(0,1,1,2,3)}", "")
    found = stored_elements(tensor(sketch, shape, parameters))
    assert isinstance(found, BadSparsity)
    assert problem in found.problem


def test_a_block_of_size_zero_is_bad(sketch: Make) -> None:
    found = stored_elements(
        tensor(
            sketch,
            "[4]",
            "traversal_order=(0,1) block_map=(0) dim_metadata=({dense_size=2},{dense_size=0})",
        )
    )
    assert found == BadSparsity("block dimension 0 has size 0 and maps to 0")
