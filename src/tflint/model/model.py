"""The model: what one TFLite flatbuffer says, without judgement."""

from __future__ import annotations

from tflint._generated.schema import TABLES
from tflint.flatbuf import Reader, Table, Verification, verify
from tflint.model.location import Location
from tflint.model.once import cached_property
from tflint.model.operator import OperatorCode, operator_code
from tflint.model.subgraph import Subgraph
from tflint.model.tensor import Buffer, Tensor
from tflint.record import NamedTuple

#: The file identifier at bytes 4 to 8.
IDENTIFIER = b"TFL3"
#: The only schema version the interpreter loads (google-ai-edge/LiteRT tflite/version.h).
SCHEMA_VERSION = 3


class SignatureTensor(NamedTuple):
    """A named input or output of a signature."""

    name: str
    tensor_index: int
    tensor: Tensor | None  #: None when the index is out of range


class Signature(NamedTuple):
    """A callable entry point: a subgraph whose inputs and outputs have names."""

    position: int
    key: str
    subgraph_index: int
    inputs: tuple[SignatureTensor, ...]
    outputs: tuple[SignatureTensor, ...]

    @property
    def location(self) -> Location:
        return Location(signature=self.key or str(self.position))


class MetadataEntry(NamedTuple):
    """A named buffer of extra data."""

    position: int
    name: str
    buffer_index: int
    data: memoryview  #: empty when the buffer index is out of range

    @property
    def location(self) -> Location:
        return Location(metadata=self.name)


class Model:
    """One model, read lazily from its bytes.

    Args:
        data: the file, or the part of a bundle, from the flatbuffer's first byte.
        name: how messages name it: a path, or `bundle.task::name`.

    Everything but `verification`, `identifier` and `data` raises `flatbuf.FormatError` where the
    file is broken; after a verification without refused invariants nothing does.
    """

    def __init__(self, data: memoryview, name: str) -> None:
        self.data = data
        self.name = name
        self.reader = Reader(data, TABLES)

    def __repr__(self) -> str:
        return f"<Model {self.name}>"

    @property
    def location(self) -> Location:
        return Location()

    @property
    def size(self) -> int:
        """Bytes of the file, or of the part of a bundle."""
        return len(self.data)

    @property
    def identifier(self) -> bytes:
        """Bytes 4 to 8: `TFL3` in nearly every file; some writers leave it out."""
        return bytes(self.data[4:8])

    @cached_property
    def verification(self) -> Verification:
        """What a walk over everything reachable found. Costs about 4 microseconds a table."""
        return verify(self.reader, "Model")

    @cached_property
    def root(self) -> Table:
        """The schema's `Model` table."""
        return self.reader.root("Model")

    @property
    def version(self) -> int:
        """Schema version; the interpreter loads only `SCHEMA_VERSION`."""
        found: int = self.root.scalar("version")
        return found

    @property
    def description(self) -> str:
        """Free text of the writer, such as `MLIR Converted.`; empty when absent."""
        return self.root.string("description") or ""

    @cached_property
    def operator_codes(self) -> tuple[OperatorCode, ...]:
        """The operator codes that operators refer to by index."""
        root = self.root
        return tuple(
            operator_code(index, root.item("operator_codes", index))
            for index in range(root.count("operator_codes"))
        )

    @cached_property
    def subgraphs(self) -> tuple[Subgraph, ...]:
        """Every subgraph; the first is the default entry point."""
        root = self.root
        return tuple(
            Subgraph(self, index, root.item("subgraphs", index))
            for index in range(root.count("subgraphs"))
        )

    @cached_property
    def buffer_count(self) -> int:
        """Number of buffers; buffer 0 is empty by convention."""
        return self.root.count("buffers")

    def buffer(self, index: int) -> Buffer | None:
        """The buffer at `index`; None when out of range."""
        if not 0 <= index < self.buffer_count:
            return None
        found = self._buffers[index]
        if found is None:
            found = self._buffers[index] = Buffer(self, index, self.root.item("buffers", index))
        return found

    @cached_property
    def _buffers(self) -> list[Buffer | None]:
        return [None] * self.buffer_count

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """Every signature, in order of the file."""
        root = self.root
        return tuple(
            self._signature(index, root.item("signature_defs", index))
            for index in range(root.count("signature_defs"))
        )

    def _signature(self, index: int, table: Table) -> Signature:
        subgraph_index: int = table.scalar("subgraph_index")
        in_range = subgraph_index < len(self.subgraphs)
        subgraph = self.subgraphs[subgraph_index] if in_range else None

        def tensors(field: str) -> tuple[SignatureTensor, ...]:
            entries = (table.item(field, i) for i in range(table.count(field)))
            return tuple(
                SignatureTensor(
                    entry.string("name") or "",
                    entry.scalar("tensor_index"),
                    subgraph.tensor(entry.scalar("tensor_index")) if subgraph else None,
                )
                for entry in entries
            )

        key = table.string("signature_key") or ""
        return Signature(index, key, subgraph_index, tensors("inputs"), tensors("outputs"))

    @cached_property
    def metadata(self) -> tuple[MetadataEntry, ...]:
        """Every metadata entry; a name may occur twice."""
        root = self.root
        entries = []
        for index in range(root.count("metadata")):
            entry = root.item("metadata", index)
            buffer_index: int = entry.scalar("buffer")
            buffer = self.buffer(buffer_index)
            data = memoryview(b"") if buffer is None else buffer.data
            entries.append(MetadataEntry(index, entry.string("name") or "", buffer_index, data))
        return tuple(entries)

    def metadata_entry(self, name: str) -> MetadataEntry | None:
        """The first metadata entry of that name."""
        return next((entry for entry in self.metadata if entry.name == name), None)

    @cached_property
    def operator_count(self) -> int:
        """Operators in all subgraphs."""
        return sum(subgraph.operator_count for subgraph in self.subgraphs)
