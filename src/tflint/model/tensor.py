"""Tensors and the buffers that hold constants."""

from __future__ import annotations

from math import prod

from tflint.flatbuf import Table
from tflint.model.dtypes import BITS, packed_bytes
from tflint.model.location import Location
from tflint.model.names import enum_name
from tflint.model.quantization import Quantization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.model import Model
    from tflint.model.subgraph import Subgraph


class Buffer:
    """Bytes that tensors or metadata entries refer to by index.

    Attributes:
        index: position in the model's list of buffers.
        offset, size: where the bytes lie when they are stored outside the flatbuffer
            (files over 2 GB); 0 otherwise.
    """

    __slots__ = ("_table", "index", "model", "offset", "size")

    def __init__(self, model: Model, index: int, table: Table) -> None:
        self.model = model
        self.index = index
        self._table = table
        self.offset: int = table.scalar("offset")
        self.size: int = table.scalar("size")

    @property
    def external(self) -> bool:
        """Whether the bytes lie outside the flatbuffer.

        The interpreter takes an offset and size above 1 for that; 1 is a placeholder of the
        writer (google-ai-edge/LiteRT tflite/core/interpreter_builder.cc, ParseTensors).
        """
        return self.offset > 1 and self.size > 1 and not self._table.has("data")

    @property
    def out_of_file(self) -> bool:
        """Whether an external buffer reaches past the end of the file."""
        return self.external and self.offset + self.size > len(self.model.data)

    @property
    def data(self) -> memoryview:
        """The bytes, without copying; empty when there are none or they lie out of the file."""
        if self.external:
            if self.out_of_file:
                return memoryview(b"")
            return self.model.data[self.offset : self.offset + self.size]
        found = self._table.scalars("data")
        return memoryview(b"") if found is None else found

    @property
    def position(self) -> int | None:
        """Byte in the file at which the data begins; None when there is none."""
        if self.external:
            return self.offset
        return self._table.vector_start("data")

    @property
    def location(self) -> Location:
        return Location(buffer=self.index, offset=self.position)


class Tensor:
    """One tensor.

    Attributes:
        subgraph: the subgraph it belongs to.
        index: its position there.
        name: as written; empty when absent.
        shape: extent per dimension; () for a scalar or an unknown rank (see `has_rank`).
        dtype: schema name of the element type; `TYPE_n` for one this schema lacks.
        buffer_index: index of its buffer; 0 means it has no constant data.
        is_variable: whether it keeps its value from one invocation to the next.
    """

    __slots__ = (
        "_quantization",
        "buffer_index",
        "dtype",
        "index",
        "is_variable",
        "name",
        "shape",
        "subgraph",
        "table",
    )

    def __init__(self, subgraph: Subgraph, index: int, table: Table) -> None:
        self.subgraph = subgraph
        self.index = index
        self.table = table
        self.name: str = table.string("name") or ""
        self.shape: tuple[int, ...] = table.numbers("shape")
        self.dtype: str = enum_name("TensorType", table.scalar("type"))
        self.buffer_index: int = table.scalar("buffer")
        self.is_variable: bool = table.scalar("is_variable")
        self._quantization: Quantization | None | bool = False

    def __repr__(self) -> str:
        return f"<Tensor {self.location} {self.shape_text} {self.dtype}>"

    @property
    def location(self) -> Location:
        return Location(subgraph=self.subgraph.index, tensor=self.index, name=self.name)

    @property
    def shape_signature(self) -> tuple[int, ...]:
        """The shape with -1 for dimensions unknown until run time; empty when all are known."""
        found: tuple[int, ...] = self.table.numbers("shape_signature")
        return found

    @property
    def has_rank(self) -> bool:
        """Whether `shape` () is known to be a scalar rather than of unknown rank."""
        return bool(self.table.scalar("has_rank"))

    @property
    def is_dynamic(self) -> bool:
        """Whether a dimension is unknown until run time, as far as the file says."""
        return -1 in self.shape_signature

    @property
    def shape_text(self) -> str:
        """`[1,224,224,3]`, with -1 where the signature has it."""
        return "[" + ",".join(map(str, self.shape_signature or self.shape)) + "]"

    @property
    def elements(self) -> int:
        """Number of elements of `shape`; a negative extent counts as 0."""
        return prod(max(extent, 0) for extent in self.shape)

    @property
    def stored_bytes(self) -> int | None:
        """Bytes its elements take when stored; None for types without a fixed width."""
        return packed_bytes(self.dtype, self.elements)

    @property
    def bits(self) -> int | None:
        """Bits of one element; None for types without a fixed width."""
        return BITS.get(self.dtype)

    @property
    def quantization(self) -> Quantization | None:
        """Scale and zero point, or None when the file gives neither scales nor details."""
        found = self._quantization
        if isinstance(found, bool):
            table = self.table.table("quantization")
            found = Quantization(table) if table is not None else None
            if found is not None and not found.scales and found.details is None:
                found = None
            self._quantization = found
        return found

    @property
    def calibration(self) -> Quantization | None:
        """The quantization table even when it holds no scale, such as min and max alone."""
        table = self.table.table("quantization")
        return Quantization(table) if table is not None else None

    @property
    def sparsity(self) -> Table | None:
        """The sparsity parameters of a sparse constant, or None."""
        return self.table.table("sparsity")

    @property
    def buffer(self) -> Buffer | None:
        """Its buffer, or None when the index is out of range."""
        return self.subgraph.model.buffer(self.buffer_index)

    @property
    def data(self) -> memoryview:
        """The constant's bytes as stored, without copying; empty for what is not a constant."""
        buffer = self.buffer
        return memoryview(b"") if buffer is None else buffer.data

    @property
    def is_constant(self) -> bool:
        """Whether the file holds its value."""
        return self.buffer_index != 0 and len(self.data) > 0
