"""Lines of a sketch to one model: buffers, operator codes, subgraphs, signatures, metadata."""

from __future__ import annotations

from typing import Any, NamedTuple

from tflint.model.location import Location
from tflint.model.names import enum_name
from tflint.sketch.constants import encode
from tflint.sketch.errors import SketchError
from tflint.sketch.graph import (
    Defaults,
    Graph,
    elements,
    given_buffer,
    operator_table,
    tensor_table,
)
from tflint.sketch.literals import Budget, bounded
from tflint.sketch.numbering import MAX_BUFFERS, Numbering, OpcodeKey, opcode_fields
from tflint.sketch.syntax import (
    Attribute,
    Data,
    Document,
    Fields,
    MetadataLine,
    Number,
    OperatorName,
    Ref,
    SignatureLine,
    TensorLine,
    Text,
    Word,
)
from tflint.sketch.tokens import clip, raw_bytes
from tflint.sketch.values import RANGES, convert_fields, no_tensor, unknown, whole_number

#: Fields of the schema's Model that are attributes of the `model` line under their own name.
MODEL = (
    "version",
    "description",
    "metadata_buffer",
    "external_buffer_groups",
    "external_buffers",
)
_DEFAULTS = ("has_rank", "quantization", "buffer", "builtin_code")


class Placed(NamedTuple):
    """Bytes to be stored after the flatbuffer."""

    holder: dict[str, Any]  #: fields of the table that says where
    offset: str  #: its field for the first byte in the file
    size: str  #: its field for the number of bytes
    data: bytes


class Sketch(NamedTuple):
    """A parsed sketch: one model as plain data, and which line declares what."""

    model: dict[str, Any]  #: as `tflint.model.operator.decode_all` gives it
    identifier: bytes | None  #: None for a file without
    outside: tuple[Placed, ...]  #: constants stored after the flatbuffer
    appended: bytes  #: what follows everything else
    lines: dict[str, int]  #: line by `Location.route`: `subgraph[0].op[1]`, `model`

    def line_of(self, location: Location) -> int | None:
        """The line that declares the narrowest place of a location; None when no line does."""
        at = location
        if at.tensor is not None:
            at = Location(subgraph=at.subgraph, tensor=at.tensor)
        elif at.operator is not None:
            at = Location(subgraph=at.subgraph, operator=at.operator)
        elif at.buffer is not None:
            at = Location(buffer=at.buffer)
        elif at.signature is not None:
            at = Location(signature=at.signature)
        elif at.metadata is not None:
            at = Location(metadata=at.metadata)
        else:
            at = Location(subgraph=at.subgraph)
        return self.lines.get(at.route)

    def build(self) -> bytes:
        """The model file."""
        from tflint.sketch.writer import write

        return write(self.model, self.identifier, self.outside, self.appended)


def assemble(document: Document) -> Sketch:
    """The model that a sketch describes.

    Raises:
        SketchError: a name, value or number that means nothing here.
    """
    return _Assembly(document).run()


class _Assembly:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.budget = Budget()
        self.lines: dict[str, int] = {}
        self.buffers: dict[int, dict[str, Any]] = {}
        self.filled: dict[int, int] = {}  # buffer number -> line
        self.contents: dict[int, tuple[bytes, bool]] = {}  # of tensors: bytes, whether outside
        self.outside: list[Placed] = []
        self.opcodes: list[dict[str, Any]] = []
        self.opcode_numbers: dict[OpcodeKey, int] = {}
        self.defaults = _defaults(document.defaults)
        self.numbering = Numbering(self.defaults.own_buffer)

    def run(self) -> Sketch:
        document = self.document
        self.place(Location(), document.line)
        for opcode in document.opcodes:
            self.opcode(opcode.name, opcode.attributes)
        graphs = [Graph(lines) for lines in document.subgraphs]
        subgraphs = tuple(self.subgraph(index, graph) for index, graph in enumerate(graphs))
        self.numbering.own = False  # metadata without data has no buffer to itself
        metadata = tuple(self.metadata(line) for line in document.metadata)
        for line in document.buffers:
            self.buffer_line(line.number, line.attributes, line.data, line.line)
        signatures = tuple(
            self.signature(index, line, graphs) for index, line in enumerate(document.signatures)
        )
        appended = b"".join(self.raw(data) for data in document.appended)
        model, identifier, count = self.header()
        model |= {
            "operator_codes": tuple(self.opcodes),
            "subgraphs": subgraphs,
            "buffers": self.buffer_tables(count),
            "metadata": metadata or None,
            "signature_defs": signatures or None,
        }
        return Sketch(model, identifier, tuple(self.outside), appended, self.lines)

    def place(self, location: Location, line: int) -> None:
        """Notes which line declares a place; the first line to do so."""
        if line:
            self.lines.setdefault(location.route, line)

    def header(self) -> tuple[dict[str, Any], bytes | None, int | None]:
        """Fields of the model line, the file identifier, and the number of buffers if given."""
        model: dict[str, Any] = {"version": 3}
        identifier: bytes | None = b"TFL3"
        count: int | None = None
        own: list[Attribute] = []
        for item in self.document.attributes:
            if item.name == "identifier":
                identifier = _identifier(item)
            elif item.name == "buffers":
                count = _count(item)
            elif item.name in MODEL:
                own.append(item)
            else:
                raise unknown("the model", item, (*MODEL, "identifier", "buffers"))
        model |= convert_fields("Model", tuple(own), no_tensor)
        return model, identifier, count

    # Operator codes.

    def opcode(self, name: OperatorName, given: tuple[Attribute, ...]) -> int:
        """Adds an operator code; returns its number."""
        if name.number is not None:
            raise SketchError(name.line, f"{name.text} names a number, not an operator")
        fields = opcode_fields(
            name.code, name.custom, name.version, self.defaults.builtin_code
        ) | convert_fields("OperatorCode", given, no_tensor, "an operator code")
        self.opcodes.append(fields)
        number = len(self.opcodes) - 1
        self.opcode_numbers.setdefault(OpcodeKey(name.code, name.custom, name.version), number)
        return number

    def opcode_index(self, name: OperatorName) -> int:
        key = OpcodeKey(name.code, name.custom, name.version)
        found = self.opcode_numbers.get(key)
        return self.opcode(name, ()) if found is None else found

    # Subgraphs.

    def subgraph(self, index: int, graph: Graph) -> dict[str, Any]:
        self.place(Location(subgraph=index), graph.line)
        numbers = self.buffer_numbers(graph)
        tensors = []
        for at, (tensor, number) in enumerate(zip(graph.tensors, numbers, strict=True)):
            self.place(Location(subgraph=index, tensor=at), tensor.line)
            if number:
                self.place(Location(buffer=number), tensor.line)
            tensors.append(tensor_table(graph, tensor, number, self.defaults))
        operators = []
        for at, line in enumerate(graph.operators):
            self.place(Location(subgraph=index, operator=at), line.line)
            fields, outside, opcode = operator_table(graph, line)
            if outside is not None:
                names = ("large_custom_options_offset", "large_custom_options_size")
                self.outside.append(Placed(fields, *names, outside.data))
            fields["opcode_index"] = self.opcode_index(line.name) if opcode is None else opcode
            operators.append(fields)
        return {
            "tensors": tuple(tensors),
            "inputs": tuple(graph.inputs),
            "outputs": tuple(graph.outputs),
            "operators": tuple(operators),
            "name": graph.name,
        } | self.subgraph_attributes(graph)

    def subgraph_attributes(self, graph: Graph) -> dict[str, Any]:
        known = ("debug_metadata_index",)
        for item in graph.attributes:
            if item.name not in known:
                raise unknown("a subgraph", item, known)
        return convert_fields("SubGraph", graph.attributes, no_tensor)

    def buffer_numbers(self, graph: Graph) -> list[int]:
        """The buffer of each tensor, in order; fills the buffers."""
        numbers: list[int] = []
        shared: list[int] = []
        for tensor in graph.tensors:
            given = given_buffer(tensor)
            data = tensor.data
            if data is not None and data.form == "same":
                if given is not None:
                    raise SketchError(tensor.line, "same() next to buffer=")
                shared.append(len(numbers))
                numbers.append(-1)
                continue
            if data is None and tensor.role == "const" and given is None:
                raise SketchError(tensor.line, "a const without data; write = and its values")
            number = self.number(given, data is not None, tensor.line)
            if data is not None:
                self.fill(number, tensor, data)
            numbers.append(number)
        for index in shared:
            numbers[index] = self.shared(graph, index, numbers)
        return numbers

    def shared(self, graph: Graph, index: int, numbers: list[int]) -> int:
        data = graph.tensors[index].data
        assert data is not None
        ref = data.values[0]
        assert isinstance(ref, Ref)
        target = graph.tensor(ref)
        if not 0 <= target < len(numbers):
            raise SketchError(ref.line, f"same(#{target}), but there is no such tensor")
        if numbers[target] < 0:
            raise SketchError(ref.line, "same() of a tensor that is itself the same as another")
        return numbers[target]

    # Buffers.

    def number(self, given: int | None, filled: bool, line: int) -> int:
        number = self.numbering.next(given, filled)
        if filled and number >= MAX_BUFFERS:
            raise SketchError(line, f"buffer number {number}, at most {MAX_BUFFERS - 1} expected")
        if given is None and self.numbering.count > MAX_BUFFERS:
            raise SketchError(line, f"more than {MAX_BUFFERS} buffers; give buffer=")
        return number

    def fill(self, number: int, tensor: TensorLine, data: Data) -> None:
        if data.form == "at":
            self.claim(number, tensor.line).update(_position(data))
            return
        dtype = enum_name("TensorType", tensor.dtype)
        found = encode(data, dtype, elements(tensor), self.budget.spend)
        if self.contents.get(number) == (found, data.outside):
            return  # the same bytes, for a tensor of another subgraph
        self.contents[number] = (found, data.outside)
        self.store(self.claim(number, tensor.line), found, data.outside)

    def claim(self, number: int, line: int) -> dict[str, Any]:
        """The fields of a buffer that this line fills."""
        if number in self.filled:
            raise SketchError(
                line,
                f"buffer {number} is filled on line {self.filled[number]}, with other bytes",
            )
        self.filled[number] = line
        self.place(Location(buffer=number), line)
        return self.buffers.setdefault(number, {})

    def store(self, fields: dict[str, Any], data: bytes, outside: bool) -> None:
        if outside:
            self.outside.append(Placed(fields, "offset", "size", data))
        else:
            fields["data"] = data

    def buffer_line(
        self, number: int, given: tuple[Attribute, ...], data: Data | None, line: int
    ) -> None:
        if number >= MAX_BUFFERS:
            raise SketchError(line, f"buffer number {number}, at most {MAX_BUFFERS - 1} expected")
        self.numbering.made(number)
        fields = self.claim(number, line)
        fields |= convert_fields("Buffer", given, no_tensor, "a buffer")
        if data is not None and data.form == "at":
            fields |= _position(data)
        elif data is not None:
            self.store(fields, self.raw(data), data.outside)

    def raw(self, data: Data) -> bytes:
        """Bytes of data that belongs to no tensor."""
        if data.form == "raw":
            return data.raw
        texts = [raw_bytes(value.text) for value in data.values if isinstance(value, Text)]
        if data.form == "strings" and len(texts) == 1:
            return texts[0]
        raise SketchError(data.line, "expected hex(), bytes() or one string: no type is known here")

    def buffer_tables(self, count: int | None) -> tuple[dict[str, Any], ...]:
        if count is None:
            count = self.numbering.count
        for number, line in self.filled.items():
            if number >= count:
                raise SketchError(line, f"buffer {number} is filled, but the model has {count}")
        return tuple(self.buffers.get(number, {}) for number in range(count))

    # Metadata and signatures.

    def metadata(self, line: MetadataLine) -> dict[str, Any]:
        self.place(Location(metadata=line.name or ""), line.line)
        given = {item.name: item for item in line.attributes}
        for item in line.attributes:
            if item.name not in ("buffer", "size"):
                raise unknown("metadata", item, ("buffer", "size"))
        if len(given) < len(line.attributes):
            raise SketchError(line.line, "an attribute is given twice")
        number = None
        if "buffer" in given:
            number = whole_number("Metadata", "buffer", given["buffer"])
        elif line.data is None:
            raise SketchError(line.line, "metadata without data; write a string or hex()")
        number = self.number(number, line.data is not None, line.line)
        if line.data is not None:
            fields = self.claim(number, line.line)
            if line.data.form == "at":
                fields |= _position(line.data)
            else:
                data = self.padded(self.raw(line.data), given.get("size"))
                self.store(fields, data, line.data.outside)
        return {"name": line.name, "buffer": number}

    def padded(self, data: bytes, size: Attribute | None) -> bytes:
        """Data with zeros behind it."""
        if size is None:
            return data
        text = size.value.text if isinstance(size.value, Number) else ""
        length = bounded(text, "size of the metadata", len(data), self.budget.left, size.line)
        self.budget.spend(length, size.line)
        return data.ljust(length, b"\0")

    def signature(self, index: int, line: SignatureLine, graphs: list[Graph]) -> dict[str, Any]:
        self.place(Location(signature=line.key or str(index)), line.line)
        graph = graphs[line.subgraph] if line.subgraph < len(graphs) else None

        def tensors(side: tuple[tuple[str | None, Ref], ...]) -> tuple[dict[str, Any], ...]:
            found = []
            for name, ref in side:
                if graph is None and ref.name is not None:
                    raise SketchError(ref.line, f"no subgraph {line.subgraph}; write #index")
                number = ref.number if ref.name is None or graph is None else graph.tensor(ref)
                if number < 0:
                    raise SketchError(ref.line, f"tensor index {number} in a signature")
                found.append({"name": name, "tensor_index": number})
            return tuple(found)

        return {
            "signature_key": line.key,
            "subgraph_index": line.subgraph,
            "inputs": tensors(line.inputs),
            "outputs": tensors(line.outputs),
        }


def _position(data: Data) -> dict[str, Any]:
    """Offset and size of `external(offset=.., size=..)`."""
    offset, size = (
        bounded(value.text, "external()", *RANGES["Q"], value.line)
        for value in data.values
        if isinstance(value, Number)
    )
    return {"offset": offset, "size": size}


def _identifier(item: Attribute) -> bytes | None:
    text = item.value.text if isinstance(item.value, Text | Word) else ""
    if text == "none":
        return None
    found = raw_bytes(text)
    if len(found) != 4:
        raise SketchError(item.line, f"identifier {clip(text)}, expected four bytes or none")
    return found


def _count(item: Attribute) -> int:
    text = item.value.text if isinstance(item.value, Number | Word) else ""
    return bounded(text, "number of buffers", 0, MAX_BUFFERS, item.line)


def _defaults(given: tuple[Attribute, ...]) -> Defaults:
    found = Defaults()
    for item in given:
        value = item.value
        text = value.text if isinstance(value, Word | Number) else ""
        if item.name == "has_rank" and text in ("true", "false"):
            found = found._replace(has_rank=text == "true")
        elif item.name == "quantization" and isinstance(value, Fields) and not value.fields:
            found = found._replace(quantization=True)
        elif item.name == "buffer" and text == "own":
            found = found._replace(own_buffer=True)
        elif item.name == "builtin_code" and text == "0":
            found = found._replace(builtin_code=False)
        elif item.name in _DEFAULTS:
            raise SketchError(
                item.line,
                "a default is has_rank=true or false, quantization={}, buffer=own, builtin_code=0",
            )
        else:
            raise unknown("a default", item, _DEFAULTS)
    return found
