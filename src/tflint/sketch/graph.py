"""One subgraph of a sketch: which tensor a name means, and the tables of tensors and operators."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from tflint._generated.schema import TABLES, UNIONS
from tflint.flatbuf.reader import SCALARS
from tflint.model.names import enum_name
from tflint.model.options import options_table, usual_options
from tflint.sketch.errors import SketchError, did_you_mean
from tflint.sketch.syntax import (
    Attribute,
    Bytes,
    Fields,
    ListLine,
    OperatorLine,
    Ref,
    SubgraphLine,
    TensorLine,
    Value,
    Word,
)
from tflint.sketch.tokens import clip, written
from tflint.sketch.values import convert, convert_fields, no_tensor, unknown, whole_number
from tflint.sketch.vocabulary import CUSTOM

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Fields of the quantization that are attributes of the tensor, by their name in a sketch.
QUANTIZATION = {
    "scale": "scale",
    "zp": "zero_point",
    "axis": "quantized_dimension",
    "min": "min",
    "max": "max",
    "details": "details",
    "details_type": "details_type",
}
#: Fields of the tensor that are attributes, by their name in a sketch.
TENSOR = {
    "signature": "shape_signature",
    "has_rank": "has_rank",
    "is_variable": "is_variable",
    "buffer": "buffer",
    "external_buffer": "external_buffer",
    "sparsity": "sparsity",
    "variant_tensors": "variant_tensors",
}
#: Fields of the operator that are attributes under their own name.
OPERATOR = tuple(
    field[0]
    for field in TABLES["Operator"]
    if field[0] not in ("opcode_index", "inputs", "outputs")
)
_OPTIONS = tuple(name for name in OPERATOR if name.startswith("builtin_options"))


class Defaults(NamedTuple):
    """What holds for a tensor or operator code that does not say otherwise."""

    has_rank: bool = True
    quantization: bool = False  #: whether a tensor without scale has an empty quantization table
    own_buffer: bool = False  #: whether a tensor without data has a buffer of its own
    builtin_code: bool = True  #: whether operator codes below 128 are in the newer field as well


class Graph:
    """A subgraph whose tensors are numbered.

    Attributes:
        tensors: the declared tensors, by index.
        operators: the operators, in order.
        inputs, outputs: tensor indices.
    """

    def __init__(self, lines: SubgraphLine) -> None:
        self.line = lines.line
        self.name = lines.name
        self.attributes = lines.attributes
        self.operators = [line for line in lines.body if isinstance(line, OperatorLine)]
        numbered = list(_numbered(lines))
        self.tensors = _in_order(numbered)
        self._named: dict[str, list[int]] = {}
        for index, tensor in numbered:
            if tensor.name is not None:
                self._named.setdefault(tensor.name, []).append(index)
        self._index = {id(tensor): index for index, tensor in numbered}
        self.inputs: list[int] = []
        self.outputs: list[int] = []
        for line in lines.body:
            if isinstance(line, ListLine):
                listed = self.inputs if line.role == "input" else self.outputs
                listed += [self.tensor(ref) for ref in line.tensors]
            elif isinstance(line, TensorLine) and line.role == "input":
                self.inputs.append(self._index[id(line)])
            elif isinstance(line, OperatorLine):
                self.inputs += [
                    self._index[id(output)]
                    for output in line.outputs
                    if isinstance(output, TensorLine) and output.role == "input"
                ]

    def tensor(self, ref: Ref) -> int:
        """The index of the tensor that a reference means."""
        if ref.name is None:
            if not -(2**31) <= ref.number < 2**31:
                raise SketchError(ref.line, f"tensor index #{ref.number}, beyond 32 bits")
            return ref.number
        found = self._named.get(ref.name, [])
        if len(found) == 1:
            return found[0]
        title = clip(written(ref.name))
        if found:
            choices = " or ".join(f"#{index}" for index in found[:3])
            raise SketchError(
                ref.line, f"{len(found)} tensors are called {title}; say which: {choices}"
            )
        raise SketchError(
            ref.line, f"no tensor {title} in this subgraph{did_you_mean(ref.name, self._named)}"
        )

    def output_indices(self, line: OperatorLine) -> list[int]:
        """The tensors an operator writes."""
        return [
            self._index[id(output)] if isinstance(output, TensorLine) else self.tensor(output)
            for output in line.outputs
        ]


def _numbered(lines: SubgraphLine) -> Iterator[tuple[int, TensorLine]]:
    """Each declared tensor with its index: the one after the tensor above, unless it is given."""
    index = -1
    for line in lines.body:
        declared = line.outputs if isinstance(line, OperatorLine) else (line,)
        for tensor in declared:
            if isinstance(tensor, TensorLine):
                index = index + 1 if tensor.at is None else tensor.at
                yield index, tensor


def _in_order(numbered: list[tuple[int, TensorLine]]) -> list[TensorLine]:
    places: dict[int, TensorLine] = {}
    for index, tensor in numbered:
        if index in places:
            raise SketchError(
                tensor.line, f"tensor {index} is declared on line {places[index].line} already"
            )
        places[index] = tensor
    for index in range(len(places)):
        if index not in places:
            line = max(tensor.line for at, tensor in numbered if at > index)
            raise SketchError(line, f"no tensor {index}, but tensors of a higher index")
    return [places[index] for index in range(len(places))]


def elements(tensor: TensorLine) -> int:
    """Elements of the shape; a negative extent counts as 0."""
    return prod(max(extent, 0) for extent in tensor.shape)


def given_buffer(tensor: TensorLine) -> int | None:
    """The buffer number that the line names; None without."""
    for item in tensor.attributes:
        if item.name == "buffer":
            return whole_number("Tensor", "buffer", item)
    return None


def tensor_table(
    graph: Graph, tensor: TensorLine, buffer: int, defaults: Defaults
) -> dict[str, Any]:
    """The fields of one tensor."""
    table: dict[str, Any] = {
        "shape": tensor.shape,
        "type": tensor.dtype,
        "buffer": buffer,
        "name": tensor.name,
        "has_rank": tensor.ranked and defaults.has_rank,
        "shape_signature": tensor.signature,
        "is_variable": tensor.role == "variable",
    }
    quantization: dict[str, Any] = {}
    whole: Attribute | None = None
    for item in tensor.attributes:
        if item.name in QUANTIZATION:
            field = QUANTIZATION[item.name]
            quantization |= convert(
                "QuantizationParameters", field, item.value, graph.tensor, item.name
            )
        elif item.name == "quantization":
            whole = item
        elif item.name not in TENSOR:
            known = (*QUANTIZATION, "quantization", *TENSOR)
            raise unknown("a tensor", item, known)
        elif item.name != "buffer":
            table |= convert("Tensor", TENSOR[item.name], item.value, graph.tensor, item.name)
    if "scale" in quantization:
        # As nearly all tensors are meant; LiteRT refuses scales without zero points.
        quantization.setdefault("zero_point", (0,) * len(quantization["scale"]))
    if whole is not None:
        if quantization:
            raise SketchError(whole.line, "quantization= next to attributes of the quantization")
        table["quantization"] = _whole_quantization(whole.value, graph)
    elif quantization or defaults.quantization:
        table["quantization"] = quantization
    return table


def _whole_quantization(value: Value, graph: Graph) -> dict[str, Any] | None:
    if isinstance(value, Word) and value.text == "none":
        return None
    if not isinstance(value, Fields) or value.table not in (None, "QuantizationParameters"):
        raise SketchError(value.line, "quantization expects none or its fields in {}")
    return convert_fields("QuantizationParameters", value.fields, graph.tensor)


def operator_table(
    graph: Graph, line: OperatorLine
) -> tuple[dict[str, Any], Bytes | None, int | None]:
    """The fields of one operator but its code; external custom options; the raw code index."""
    table: dict[str, Any] = {
        "inputs": tuple(graph.tensor(ref) for ref in line.inputs),
        "outputs": tuple(graph.output_indices(line)),
    }
    outside: Bytes | None = None
    opcode: int | None = line.name.number
    own: list[Attribute] = []
    options: list[Attribute] = []
    chosen: Attribute | None = None
    for item in line.attributes:
        value = item.value
        if item.name == "options":
            chosen = item
        elif item.name == "opcode":
            opcode = whole_number("Operator", "opcode_index", item)
        elif item.name == "custom_options" and isinstance(value, Bytes) and value.outside:
            outside = value
        elif item.name in OPERATOR:
            own.append(item)
        else:
            options.append(item)
    table |= convert_fields("Operator", tuple(own), graph.tensor)
    if any(item.name in _OPTIONS for item in own):
        for item in options if chosen is None else [chosen]:
            raise SketchError(item.line, f"{item.name} next to {_OPTIONS[0]} fields")
    else:
        table |= _options(line, chosen, tuple(options))
    return table, outside, opcode


def _options(
    line: OperatorLine, chosen: Attribute | None, given: tuple[Attribute, ...]
) -> dict[str, Any]:
    """The options table of an operator, with its union's type."""
    operator = enum_name("BuiltinOperator", line.name.code)
    raw = line.name.number is not None
    if chosen is not None:
        table = _chosen_table(chosen)
    elif raw:
        table = None
    else:
        table = options_table(operator) if given else usual_options(operator)
    if table is None:
        if given:
            known = (*OPERATOR, "options")
            owner = "a custom operator" if line.name.code == CUSTOM else line.name.text
            raise unknown(owner, given[0], known)
        return {}
    union = "builtin_options" if table in UNIONS["BuiltinOptions"] else "builtin_options_2"
    kinds = UNIONS["BuiltinOptions" if union == "builtin_options" else "BuiltinOptions2"]
    owner = table if raw or line.name.code == CUSTOM else operator
    fields = convert_fields(table, given, no_tensor, owner)
    for name, kind, code, _, _ in TABLES[table]:
        if kind == SCALARS and code in "iqfI":
            # LiteRT refuses most operators whose list of sizes is absent, not one that is empty.
            fields.setdefault(name, ())
    return {f"{union}_type": kinds.index(table), union: fields}


def _chosen_table(chosen: Attribute) -> str | None:
    known = [name for name in (*UNIONS["BuiltinOptions"], *UNIONS["BuiltinOptions2"]) if name]
    if not isinstance(chosen.value, Word):
        raise SketchError(chosen.line, "options expects none or the name of an options table")
    table = chosen.value.text
    if table == "none":
        return None
    if table not in known:
        raise SketchError(
            chosen.line, f"no options table {clip(table)}{did_you_mean(table, known)}"
        )
    return table
