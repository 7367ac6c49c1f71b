"""How a model represents numbers: float32, fp16, dynamic-range, full-integer, ...

What decides is what the operators compute with, not which types occur: an operator works in the
float domain when its run-time operands are floating, in the integer domain when they are
quantized. QUANTIZE and DEQUANTIZE, and any operator with both kinds of run-time operands, lie on
the boundary. Constants only say how weights are stored.
"""

from __future__ import annotations

from tflint.model.calls import CALLS, entry_points, reachable
from tflint.model.dtypes import FLOATING, QUANTIZED_RANGE
from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.model import Model
    from tflint.model.operator import Operator
    from tflint.model.subgraph import Subgraph
    from tflint.model.tensor import Tensor

#: Custom operators that hold a compiled program, and the compiler that puts them there.
COMPILED = {
    "edgetpu-custom-op": "Edge TPU",  # google-coral/edgetpu, edgetpu_compiler
    "ethos-u": "Ethos-U",  # ethos-u-vela
    "DISPATCH_OP": "LiteRT NPU",  # google-ai-edge/LiteRT litert/core/build_stamp.h
    "NPU_OP": "LiteRT NPU",  # its name before dispatch operators
    "NeutronGraph": "eIQ Neutron",  # NXP neutron-converter
    "vsi-npu": "VeriSilicon NPU",  # VeriSilicon/tflite-vx-delegate
}

FLOAT, INTEGER, BOUNDARY = "float", "integer", "boundary"
LOOKUP, STORAGE, PLAIN = "lookup", "storage", "plain"
#: Weights stored as integers that a float operator multiplies as they are.
HYBRID = "hybrid"
#: Run in any domain, since they read the shape and not the values.
_SHAPE_ONLY = frozenset({"SHAPE", "RANK"})
_CONVERSIONS = frozenset({"QUANTIZE", "DEQUANTIZE"})
#: Of a constant, they make another form of it: DENSIFY of a sparse one.
_UNPACKING = _CONVERSIONS | {"DENSIFY"}
#: Accumulator types: what biases are stored in, never weights.
_BIAS = frozenset({"INT32", "INT64"})
#: Builtin operators that move values and may have constants that are no weights.
_NO_WEIGHTS = frozenset({"CUSTOM", "PAD", "PADV2", "MIRROR_PAD"})


class Scheme(NamedTuple):
    """The quantization scheme of a model."""

    #: `float32`, `fp16`, `dynamic-range`, `weight-only`, `full-integer`, `int16x8`, `mixed`,
    #: `integer` (integers without scales), `other` (strings, conversions only), `empty`,
    #: `compiled`.
    kind: str
    activations: str  #: type most operators compute with, as in the schema; empty without any
    weights: str  #: type that most weights are stored in; empty without any
    #: `float`, `integer`, `mixed`, or `none` when no input or output is a real number. Of the
    #: subgraphs an application can run; types without a scale are integers.
    io: str
    label: str  #: one phrase for people: `full-integer int8, float I/O`
    integer_operators: int  #: that compute with quantized values
    float_operators: int  #: that compute with floating values
    boundary_operators: int  #: that convert between the two


class _Count(dict[str, int]):
    """How often each name occurred; 0 for those that did not."""

    def __missing__(self, name: str) -> int:
        return 0


class _Tally:
    """What the operators of the reachable subgraphs compute with."""

    def __init__(self) -> None:
        self.domains = _Count()
        #: Operators by the type of their first output.
        self.activations = {FLOAT: _Count(), INTEGER: _Count()}
        #: Elements by type, of weights that integer operators use.
        self.integer_weights = _Count()
        #: Elements by type, of weights that float operators use: as they are, quantized in a
        #: float operator, or behind DEQUANTIZE or in a table.
        self.float_weights = {PLAIN: _Count(), HYBRID: _Count(), STORAGE: _Count()}
        self.plain_types = _Count()


@once
def scheme(model: Model) -> Scheme:
    """The scheme of the model, from the subgraphs that can run."""
    compiled = next(
        (COMPILED[code.custom] for code in model.operator_codes if code.custom in COMPILED), None
    )
    tally = _Tally()
    for index in sorted(reachable(model)):
        _count(model.subgraphs[index], tally)
    io, inputs, outputs = _io(model)
    domains = tally.domains
    integers, floats = domains[INTEGER], domains[FLOAT]
    kind, activations, weights = _kind(tally)
    if compiled is not None:
        kind, label = "compiled", f"compiled for {compiled}"
    else:
        label = _label(kind, activations, weights, floats)
        if kind in {"full-integer", "int16x8", "mixed"}:
            label += _io_label(activations, inputs, outputs)
    return Scheme(kind, activations, weights, io, label, integers, floats, domains[BOUNDARY])


def domain(operator: Operator) -> str:
    """What an operator computes with: `float`, `integer`, `boundary`, or none of them.

    `lookup` reads a constant table of quantized values, `storage` unpacks a constant, `plain`
    handles neither floating nor quantized values, or runs a subgraph.
    """
    return _values(operator.subgraph).domain(operator)


@once
def float_share(model: Model) -> tuple[int, int]:
    """MACs of float operators, and of all operators, in the subgraphs that can run.

    Operators of unknown cost count nothing.
    """
    from tflint.model.cost import macs

    floating = total = 0
    for index in reachable(model):
        for operator in model.subgraphs[index].operators:
            found = 0 if operator.name in CALLS else macs(operator) or 0
            total += found
            if found and domain(operator) == FLOAT:
                floating += found
    return floating, total


class _Values:
    """What is known of the tensors of one subgraph before it runs."""

    def __init__(self, subgraph: Subgraph) -> None:
        self.subgraph = subgraph
        self.count = subgraph.tensor_count
        #: Per tensor `float`, `integer`, None, or "" when not looked at yet.
        self._kinds: list[str | None] = [""] * self.count
        #: Per tensor 1 when its value is known only at run time.
        self.runtime = bytearray(self.count)
        #: The constant behind each tensor that only unpacks one.
        self.unpacked: dict[int, int] = {}
        for index in subgraph.inputs:
            if 0 <= index < self.count:
                self.runtime[index] = 1
        unpacking = []
        for operator in subgraph.operators:
            for index in operator.outputs:
                if 0 <= index < self.count:
                    self.runtime[index] = 1
            if operator.name in _UNPACKING and operator.inputs and operator.outputs:
                unpacking.append(operator)
        for operator in unpacking:
            source, result = operator.inputs[0], operator.outputs[0]
            if (
                0 <= source < self.count
                and 0 <= result < self.count
                and not self.runtime[source]
                and not self._is_variable(source)
            ):
                self.runtime[result] = 0
                self.unpacked[result] = self.unpacked.get(source, source)

    def _is_variable(self, index: int) -> bool:
        tensor = self.subgraph.tensor(index)
        return tensor is not None and tensor.is_variable

    def kind(self, index: int) -> str | None:
        """`float`, `integer` when quantized, or None."""
        if not 0 <= index < self.count:
            return None
        kind = self._kinds[index]
        if kind == "":
            tensor = self.subgraph.tensor(index)
            kind = None if tensor is None else _kind_of(tensor)
            self._kinds[index] = kind
        return kind

    def domain(self, operator: Operator) -> str:
        """As the function of that name."""
        name = operator.name
        if name in CALLS or name in _SHAPE_ONLY:
            return PLAIN
        kind, runtime = self.kind, self.runtime
        if name in _UNPACKING and operator.outputs and operator.outputs[0] in self.unpacked:
            return STORAGE
        if name in _CONVERSIONS:
            return BOUNDARY
        read = {
            kind(index) for index in operator.inputs if 0 <= index < self.count and runtime[index]
        }
        both = {kind(index) for index in operator.outputs}
        both |= read
        if FLOAT in both:
            return BOUNDARY if INTEGER in both else FLOAT
        if INTEGER not in both:
            return PLAIN
        if INTEGER not in read and any(kind(index) == INTEGER for index in operator.inputs):
            return LOOKUP
        return INTEGER


@once
def _values(subgraph: Subgraph) -> _Values:
    return _Values(subgraph)


def _kind_of(tensor: Tensor) -> str | None:
    if tensor.dtype in FLOATING:
        return FLOAT
    if tensor.dtype in QUANTIZED_RANGE and tensor.quantization is not None:
        return INTEGER
    return None


def _count(subgraph: Subgraph, tally: _Tally) -> None:
    values = _values(subgraph)
    for operator in subgraph.operators:
        found = values.domain(operator)
        tally.domains[found] += 1
        if found in (FLOAT, INTEGER):
            output = operator.output(0)
            if output is not None:
                tally.activations[found][output.dtype] += 1
            if operator.name not in _NO_WEIGHTS:
                _weigh(operator, found, values, tally)
        elif found == LOOKUP:
            for tensor in operator.input_tensors:
                if tensor is not None and values.kind(tensor.index) == INTEGER:
                    tally.float_weights[STORAGE][tensor.dtype] += tensor.elements
                    tally.integer_weights[tensor.dtype] += tensor.elements
        elif found == PLAIN:
            for tensor in (*operator.output_tensors, *operator.input_tensors):
                if tensor is not None:
                    tally.plain_types[tensor.dtype] += 1


def _weigh(operator: Operator, found: str, values: _Values, tally: _Tally) -> None:
    """Adds the constants an operator computes with."""
    for index in operator.inputs:
        if not 0 <= index < values.count or values.runtime[index]:
            continue
        source = values.unpacked.get(index)
        tensor = operator.subgraph.tensor(index if source is None else source)
        if tensor is None or tensor.dtype in _BIAS:
            continue
        if found == INTEGER:
            if values.kind(index) == INTEGER:
                tally.integer_weights[tensor.dtype] += tensor.elements
        elif source is not None:
            tally.float_weights[STORAGE][tensor.dtype] += tensor.elements
        elif tensor.dtype in FLOATING:
            tally.float_weights[PLAIN][tensor.dtype] += tensor.elements
        elif values.kind(index) == INTEGER:
            tally.float_weights[HYBRID][tensor.dtype] += tensor.elements


def _kind(tally: _Tally) -> tuple[str, str, str]:
    """Kind, type of activations, type of weights."""
    domains = tally.domains
    integers, floats = domains[INTEGER], domains[FLOAT]
    activations = _most(tally.activations[INTEGER] if integers else tally.activations[FLOAT])
    if integers or (domains[LOOKUP] and not floats):
        weights = _most(tally.integer_weights)
        if floats:
            return "mixed", activations, weights
        if activations == "INT16" and weights == "INT8":
            return "int16x8", activations, weights
        return "full-integer", activations or weights, weights
    if floats:
        return _float_kind(tally, activations)
    if not domains:
        return "empty", "", ""
    types = tally.plain_types
    if "STRING" in types:
        return "other", "STRING", ""
    numbers = {dtype: n for dtype, n in types.items() if dtype in QUANTIZED_RANGE}
    return ("integer", _most(numbers), "") if numbers else ("other", _most(types), "")


def _float_kind(tally: _Tally, activations: str) -> tuple[str, str, str]:
    """The kind of a model that computes in floating point, by how most weights are stored."""
    total = _Count()
    compressed = []
    for how, weights in tally.float_weights.items():
        for dtype, elements in weights.items():
            total[dtype] += elements
            if elements and (how != PLAIN or dtype not in {"FLOAT32", "FLOAT64"}):
                compressed.append((elements, how, dtype))
    if not compressed:
        kind = "fp16" if activations in {"FLOAT16", "BFLOAT16"} else "float32"
        return kind, activations, _most(total)
    _, how, dtype = max(compressed)
    if dtype in FLOATING:
        return "fp16", activations, dtype
    return ("dynamic-range" if how == HYBRID else "weight-only"), activations, dtype


def _most(counter: dict[str, int]) -> str:
    """The most frequent entry, the first in the alphabet among equals; empty without any."""
    return min(counter, key=lambda entry: (-counter[entry], entry)) if counter else ""


def _io(model: Model) -> tuple[str, list[str], list[str]]:
    """What inputs and outputs hold, and the types of those that are real numbers."""
    held: list[list[str]] = [[], []]
    kinds: set[str] = set()
    for index in entry_points(model):
        subgraph = model.subgraphs[index]
        for side, tensors in enumerate((subgraph.input_tensors, subgraph.output_tensors)):
            for tensor in tensors:
                if tensor is None:
                    continue
                kind = _kind_of(tensor)
                if kind is not None:
                    held[side].append(tensor.dtype)
                    kinds.add(kind)
                elif tensor.dtype in QUANTIZED_RANGE:
                    kinds.add("index")
    if FLOAT in kinds:
        return ("mixed" if INTEGER in kinds else "float"), held[0], held[1]
    return ("integer" if kinds else "none"), held[0], held[1]


def _label(kind: str, activations: str, weights: str, floats: int) -> str:
    types = activations.lower()
    if kind == "mixed":
        return f"{types} with {floats} operator{'s' if floats > 1 else ''} in float"
    if kind == "full-integer":
        small = weights and weights != activations and activations
        return f"full-integer {types}" + (f" with {weights.lower()} weights" if small else "")
    if kind in {"dynamic-range", "weight-only"}:
        return f"{kind} {weights.lower()}"
    if kind == "fp16":
        return "bfloat16" if weights == "BFLOAT16" else "fp16"
    return f"unquantized {types}" if kind in {"integer", "other"} and types else kind


def _io_label(activations: str, inputs: list[str], outputs: list[str]) -> str:
    """`, float I/O` where inputs or outputs are of another type than the activations."""

    def side(types: list[str]) -> str:
        names = {"float" if dtype in FLOATING else dtype.lower() for dtype in types}
        return " and ".join(sorted(names))

    ins, outs = side(inputs), side(outputs)
    usual = {activations.lower(), ""}
    if ins in usual and outs in usual:
        return ""
    if ins == outs or not outs:
        return f", {ins} I/O" if outs else f", {ins} input"
    return f", {outs} output" if ins in usual else f", {ins} input, {outs or 'no'} output"
