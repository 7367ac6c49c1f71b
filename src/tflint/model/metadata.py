"""What the metadata entries of a model say.

An entry is a name and a buffer; what the buffer holds depends on the name. Each is checked before
it is read, and what is damaged gives a `BadMetadata`, never an exception.
"""

from __future__ import annotations

from tflint._generated.schema import TABLES
from tflint.flatbuf import Reader, verify
from tflint.model.names import enum_name
from tflint.model.once import once
from tflint.model.operator import decode_all
from tflint.model.sizes import breakdown
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tflint.container.bundle import Entry
    from tflint.flatbuf import Table
    from tflint.model.model import Model

MIN_RUNTIME_VERSION = "min_runtime_version"
CONVERSION_METADATA = "CONVERSION_METADATA"
TFLITE_METADATA = "TFLITE_METADATA"
OFFLINE_MEMORY_ALLOCATION = "OfflineMemoryAllocation"
LITERT_STAMP = "LiteRtStamp"

#: Names that writers use, and what the buffer of each holds.
KNOWN = {
    MIN_RUNTIME_VERSION: "oldest runtime for the model, 16 bytes (converter)",
    CONVERSION_METADATA: "how the model was converted (TensorFlow converter)",
    TFLITE_METADATA: "what inputs and outputs mean, for the Task Library and code generators",
    OFFLINE_MEMORY_ALLOCATION: "where tensors lie in the arena (TensorFlow Lite Micro)",
    LITERT_STAMP: "the chip an NPU program was compiled for (LiteRT)",
    "NPU_BYTE_CODE": "an NPU program (LiteRT before dispatch operators)",
    "debug_metadata": "source locations of operators (converter)",
    "keep_stablehlo_constant": "constants keep their StableHLO types (converter)",
    "model_control_dependencies": "order among operators with side effects (converter)",
    "reduced_precision_support": "reduced precision the model is meant for, such as fp16",
    "signature_defs_metadata": "signatures of models before schema version 3a",
    "vela_version": "version of the Ethos-U compiler",
}

#: Longest text of an entry that is read as text, such as a version.
_MAX_TEXT = 1024


class BadMetadata(NamedTuple):
    """An entry that cannot be read."""

    name: str  #: of the entry
    problem: str  #: what is wrong, with the limit it breaks, one clause


class Conversion(NamedTuple):
    """How the model was converted (tflite/converter/schema/conversion_metadata.fbs)."""

    tensorflow_version: str  #: empty when not written
    api_version: int  #: 1 or 2, of the converter; 0 when not written
    model_type: str  #: `TF_SAVED_MODEL`, `KERAS_MODEL`, `JAX`, ...; `NONE` when not written
    model_hash: int
    optimization_modes: tuple[str, ...]  #: `PTQ_FULL_INTEGER`, `PTQ_FLOAT16`, ...
    allow_custom_ops: bool
    enable_select_tf_ops: bool
    force_select_tf_ops: bool
    sparsity_block_sizes: tuple[tuple[int, ...], ...]


class Stamp(NamedTuple):
    """The chip a program was compiled for (google-ai-edge/LiteRT litert/core/build_stamp.cc)."""

    manufacturer: str
    model: str


class OfflinePlan(NamedTuple):
    """Where the tensors of a subgraph lie (tensorflow/tflite-micro docs/memory_management.md)."""

    version: int
    subgraph: int
    offsets: tuple[int, ...]  #: byte in the arena per tensor; -1 where the runtime chooses


class AssociatedFile(NamedTuple):
    """A file the metadata speaks of; its content is in the zip archive behind the model."""

    name: str
    description: str
    type: str  #: `TENSOR_AXIS_LABELS`, `VOCABULARY`, ...; `UNKNOWN` when not written
    locale: str


class ProcessUnit(NamedTuple):
    """One step before or after the model: normalization, tokenization, score calibration."""

    kind: str  #: schema name of its options, such as `NormalizationOptions`; empty without any
    options: dict[str, Any]  #: by field name, as the schema names them


class TensorInfo(NamedTuple):
    """What an input or output means."""

    name: str
    description: str
    dimension_names: tuple[str, ...]
    content: str  #: schema name of its content, such as `ImageProperties`; empty without any
    properties: dict[str, Any]  #: of the content, by field name: `color_space`
    process_units: tuple[ProcessUnit, ...]
    minimum: tuple[float, ...]  #: smallest values of the data, one or one per channel
    maximum: tuple[float, ...]
    files: tuple[AssociatedFile, ...]


class SubgraphInfo(NamedTuple):
    """What a subgraph does."""

    name: str
    description: str
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    input_process_units: tuple[ProcessUnit, ...]
    output_process_units: tuple[ProcessUnit, ...]
    files: tuple[AssociatedFile, ...]


class ModelInfo(NamedTuple):
    """The TFLite metadata (mediapipe/tasks/metadata/metadata_schema.fbs)."""

    identifier: bytes  #: bytes 4 to 8 of the entry: `M001`
    name: str
    description: str
    version: str
    author: str
    license: str
    min_parser_version: str
    subgraphs: tuple[SubgraphInfo, ...]
    files: tuple[AssociatedFile, ...]  #: of the model as a whole

    @property
    def all_files(self) -> tuple[AssociatedFile, ...]:
        """Every file that is spoken of anywhere, in order."""
        found = list(self.files)
        for subgraph in self.subgraphs:
            found += subgraph.files
            for tensor in (*subgraph.inputs, *subgraph.outputs):
                found += tensor.files
        return tuple(found)


def text(model: Model, name: str) -> str | BadMetadata | None:
    """The text of an entry without the zeros behind it; None when there is no such entry."""
    entry = model.metadata_entry(name)
    if entry is None:
        return None
    if len(entry.data) > _MAX_TEXT:
        return BadMetadata(name, f"{len(entry.data)} bytes, at most {_MAX_TEXT} of text expected")
    try:
        return str(entry.data, "utf-8").rstrip("\0")
    except UnicodeDecodeError as error:
        return BadMetadata(name, f"not UTF-8 from its byte {error.start} on")


def min_runtime_version(model: Model) -> str | BadMetadata | None:
    """What the converter wrote as oldest runtime; None without the entry.

    Empty when the converter knew none: it found no builtin operator. 16 bytes, the rest zeros
    (google-ai-edge/LiteRT tflite/converter/tools/versioning/runtime_version.cc).
    """
    return text(model, MIN_RUNTIME_VERSION)


@once
def conversion(model: Model) -> Conversion | BadMetadata | None:
    """The conversion metadata; None without the entry."""
    root = verified(model, CONVERSION_METADATA, "ConversionMetadata")
    if root is None or isinstance(root, BadMetadata):
        return root
    environment, options = root.table("environment"), root.table("options")
    modes: tuple[str, ...] = ()
    blocks: tuple[tuple[int, ...], ...] = ()
    if options is not None:
        values = options.numbers("model_optimization_modes")
        modes = tuple(enum_name("ModelOptimizationMode", value) for value in values)
        blocks = tuple(block.numbers("values") for block in _items(options, "sparsity_block_sizes"))
    return Conversion(
        (environment.string("tensorflow_version") or "") if environment else "",
        environment.scalar("api_version") if environment else 0,
        enum_name("ModelType", environment.scalar("model_type") if environment else 0),
        environment.scalar("model_hash") if environment else 0,
        modes,
        bool(options and options.scalar("allow_custom_ops")),
        bool(options and options.scalar("enable_select_tf_ops")),
        bool(options and options.scalar("force_select_tf_ops")),
        blocks,
    )


def verified(model: Model, name: str, root: str) -> Table | BadMetadata | None:
    """The flatbuffer in an entry, when nothing in it is broken; None without the entry.

    Args:
        model: the model with the entry.
        name: of the entry.
        root: schema name of the flatbuffer's root table.
    """
    entry = model.metadata_entry(name)
    if entry is None:
        return None
    reader = Reader(entry.data, TABLES)
    verification = verify(reader, root)
    if verification.refused:
        first = next(error for error in verification.errors if error.refused)
        return BadMetadata(name, f"no {root} flatbuffer: {first}")
    return reader.root(root)


@once
def tflite_metadata(model: Model) -> ModelInfo | BadMetadata | None:
    """What the model's inputs and outputs mean; None without the entry."""
    entry = model.metadata_entry(TFLITE_METADATA)
    root = verified(model, TFLITE_METADATA, "ModelMetadata")
    if entry is None or root is None or isinstance(root, BadMetadata):
        return root if isinstance(root, BadMetadata) else None
    return ModelInfo(
        bytes(entry.data[4:8]),
        root.string("name") or "",
        root.string("description") or "",
        root.string("version") or "",
        root.string("author") or "",
        root.string("license") or "",
        root.string("min_parser_version") or "",
        tuple(_subgraph(table) for table in _items(root, "subgraph_metadata")),
        _files(root),
    )


def _items(table: Table, field: str) -> Iterator[Table]:
    return (table.item(field, index) for index in range(table.count(field)))


def _subgraph(table: Table) -> SubgraphInfo:
    return SubgraphInfo(
        table.string("name") or "",
        table.string("description") or "",
        tuple(_tensor(item) for item in _items(table, "input_tensor_metadata")),
        tuple(_tensor(item) for item in _items(table, "output_tensor_metadata")),
        _units(table, "input_process_units"),
        _units(table, "output_process_units"),
        _files(table),
    )


def _tensor(table: Table) -> TensorInfo:
    content, stats = table.table("content"), table.table("stats")
    properties = content.union("content_properties") if content else None
    return TensorInfo(
        table.string("name") or "",
        table.string("description") or "",
        table.strings("dimension_names"),
        (content.union_kind("content_properties") or "") if content else "",
        decode_all(properties) if properties else {},
        _units(table, "process_units"),
        stats.numbers("min") if stats else (),
        stats.numbers("max") if stats else (),
        _files(table),
    )


def _units(table: Table, field: str) -> tuple[ProcessUnit, ...]:
    found = []
    for unit in _items(table, field):
        options = unit.union("options")
        kind = unit.union_kind("options") or ""
        found.append(ProcessUnit(kind, decode_all(options) if options else {}))
    return tuple(found)


def _files(table: Table) -> tuple[AssociatedFile, ...]:
    return tuple(
        AssociatedFile(
            item.string("name") or "",
            item.string("description") or "",
            enum_name("AssociatedFileType", item.scalar("type")),
            item.string("locale") or "",
        )
        for item in _items(table, "associated_files")
    )


@once
def archive(model: Model) -> tuple[Entry, ...] | BadMetadata:
    """The files of the zip archive behind the model, in order; empty without an archive."""
    if not breakdown(model).zip:
        return ()
    from tflint.container.bundle import entries
    from tflint.container.errors import BundleError

    try:
        return tuple(entries(model.data))
    except BundleError as error:
        return BadMetadata("zip", error.message)


def file_content(model: Model, entry: Entry) -> memoryview | BadMetadata:
    """The bytes of a file of the archive, unpacked.

    Damaged files, and those that unpack to more than `FREE_INFLATED` bytes and `MAX_RATIO` times
    the model (both of container.bundle), are refused.
    """
    from tflint.container.bundle import FREE_INFLATED, MAX_RATIO, Budget, content
    from tflint.container.errors import BundleError

    try:
        return content(model.data, entry, Budget(FREE_INFLATED + MAX_RATIO * model.size))
    except BundleError as error:
        return BadMetadata(entry.name, error.message)


def litert_stamp(model: Model) -> Stamp | BadMetadata | None:
    """The chip of a compiled model; None without the entry. Two strings of fixed length."""
    entry = model.metadata_entry(LITERT_STAMP)
    if entry is None:
        return None
    if len(entry.data) > _MAX_TEXT:
        return BadMetadata(LITERT_STAMP, f"{len(entry.data)} bytes, two short names expected")
    # Versions of the stamp differ in the length of its two fields; the second begins behind the
    # zeros of the first.
    manufacturer = bytes(entry.data).partition(b"\0")[0]
    rest = bytes(entry.data[len(manufacturer) :]).lstrip(b"\0").partition(b"\0")[0]
    return Stamp(manufacturer.decode("utf-8", "replace"), rest.decode("utf-8", "replace"))


def offline_plan(model: Model) -> OfflinePlan | BadMetadata | None:
    """Where a compiler placed the tensors for TensorFlow Lite Micro; None without the entry."""
    entry = model.metadata_entry(OFFLINE_MEMORY_ALLOCATION)
    if entry is None:
        return None
    size = len(entry.data)
    if size < 12 or size % 4:
        return BadMetadata(OFFLINE_MEMORY_ALLOCATION, f"{size} bytes, 12 and 4 per tensor expected")
    version, subgraph, count, *offsets = entry.data.cast("i")
    if count != len(offsets):
        problem = f"{len(offsets)} offsets for the {count} tensors it counts"
        return BadMetadata(OFFLINE_MEMORY_ALLOCATION, problem)
    return OfflinePlan(version, subgraph, tuple(offsets))
