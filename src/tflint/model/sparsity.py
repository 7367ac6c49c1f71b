"""Sparse constants: how the stored values are placed in the dense tensor.

A tensor of rank n with k block dimensions is stored as a tree of n + k levels, outermost first.
A dense level holds every index; a sparse one (CSR) holds for each node of the level above a
segment of explicit indices (google-ai-edge/LiteRT tflite/converter/schema/schema.fbs,
SparsityParameters; tflite/core/tools/verifier.cc, VerifyAndCountSparseElements).
"""

from __future__ import annotations

from tflint.model.names import enum_name
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.flatbuf import Table
    from tflint.model.tensor import Tensor


class Level(NamedTuple):
    """One level of the tree."""

    format: str  #: `DENSE`, `SPARSE_CSR`, or `DimensionType_7`
    dense_size: int  #: extent of a dense level
    segments: memoryview | None  #: start of each node's indices, and the end; None for dense
    indices: memoryview | None  #: explicit indices; None for dense


class Sparsity(NamedTuple):
    """The sparsity parameters of one constant."""

    traversal_order: tuple[int, ...]  #: dimension of each level; n and above are block dimensions
    block_map: tuple[int, ...]  #: the original dimension that each block dimension divides
    levels: tuple[Level, ...]


class BadSparsity(NamedTuple):
    """Parameters that do not describe the tensor."""

    problem: str  #: the measured value and the limit it breaks, one clause


def sparsity(tensor: Tensor) -> Sparsity | None:
    """The decoded parameters; None for a dense tensor. Vectors are views, not copies."""
    table = tensor.sparsity
    if table is None:
        return None
    levels = tuple(
        _level(table.item("dim_metadata", index)) for index in range(table.count("dim_metadata"))
    )
    return Sparsity(table.numbers("traversal_order"), table.numbers("block_map"), levels)


def _level(table: Table) -> Level:
    return Level(
        enum_name("DimensionType", table.scalar("format")),
        table.scalar("dense_size"),
        _values(table, "array_segments"),
        _values(table, "array_indices"),
    )


def _values(table: Table, field: str) -> memoryview | None:
    """The index vector of a union of three widths: 32, 16 or 8 bits."""
    vector = table.union(field)
    return None if vector is None else vector.scalars("values")


def stored_elements(tensor: Tensor) -> int | BadSparsity:
    """How many values the constant's buffer must hold, or why that cannot be told.

    A dense tensor stores all its elements.
    """
    found = sparsity(tensor)
    if found is None:
        return tensor.elements
    extents = _extents(found, tensor.shape)
    if isinstance(extents, BadSparsity):
        return extents
    elements = 1
    for dimension, level in zip(found.traversal_order, found.levels, strict=True):
        extent = extents[dimension]
        if level.format == "DENSE":
            if level.dense_size != extent:
                return BadSparsity(
                    f"dense level of {level.dense_size} for dimension {dimension} of {extent}"
                )
            elements *= extent
            continue
        counted = _count(level, dimension, extent, elements)
        if isinstance(counted, BadSparsity):
            return counted
        elements = counted
    return elements


def _extents(found: Sparsity, shape: tuple[int, ...]) -> list[int] | BadSparsity:
    """The extent of each original and block dimension."""
    rank, total = len(shape), len(found.traversal_order)
    if len(found.levels) != total:
        return BadSparsity(f"{len(found.levels)} levels for {total} entries of traversal order")
    if total < rank or len(found.block_map) != total - rank:
        return BadSparsity(
            f"{total} levels and {len(found.block_map)} block dimensions for rank {rank}"
        )
    order = found.traversal_order
    if sorted(order[:rank]) != list(range(rank)) or sorted(order[rank:]) != list(
        range(rank, total)
    ):
        return BadSparsity(f"traversal order {list(order)} is no permutation of the dimensions")
    extents = [*shape, *(0 for _ in found.block_map)]
    for position, mapped in enumerate(found.block_map):
        size = found.levels[rank + position].dense_size
        if size <= 0 or not 0 <= mapped < rank:
            return BadSparsity(f"block dimension {position} has size {size} and maps to {mapped}")
        extents[order[rank + position]] = size
        extents[mapped] //= size
    return extents


def _count(level: Level, dimension: int, extent: int, nodes: int) -> int | BadSparsity:
    """Nodes below a sparse level that has `nodes` nodes above it."""
    segments, indices = level.segments, level.indices
    if segments is None or indices is None:
        return BadSparsity(f"{level.format} level of dimension {dimension} lacks its indices")
    if len(segments) != nodes + 1:
        return BadSparsity(
            f"{len(segments)} segments of dimension {dimension} for {nodes} nodes above"
        )
    before = 0
    for start in segments:
        if start < before:
            return BadSparsity(f"segments of dimension {dimension} fall from {before} to {start}")
        before = start
    if before != len(indices):
        return BadSparsity(
            f"segments of dimension {dimension} end at {before} of {len(indices)} indices"
        )
    for index in indices:
        if not 0 <= index < extent:
            return BadSparsity(f"index {index} in dimension {dimension} of extent {extent}")
    return len(indices)
