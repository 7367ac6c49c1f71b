"""Q002 float-op-in-int8-model: see rules/quantization/Q002-float-op-in-int8-model.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model, Operator, Subgraph
from tflint.model.calls import reachable
from tflint.model.cost import macs
from tflint.model.dtypes import FLOATING
from tflint.model.scheme import BOUNDARY, FLOAT, domain, float_share, scheme
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("Q002")

#: Operators that the TensorFlow 2.21 converter leaves in float with TFLITE_BUILTINS_INT8 and
#: without an error, measured with one of each after a convolution, and what computes the same
#: with operators that it does quantize.
LEFT_FLOAT = {
    "CAST": "",
    "CONV_3D": "",
    "COS": "",
    "CUMSUM": "a matrix product with a triangle of ones",
    "ELU": "",
    "FLOOR": "",
    "LOCAL_RESPONSE_NORMALIZATION": "",
    "NEG": "0 - x or x * -1",
    "POW": "x * x for each power of 2",
    "SIN": "",
    "SQUARE": "x * x",
}
#: Operators that it does quantize; older converters and other quantizers leave them float.
QUANTIZED_TODAY = frozenset(
    {
        "ABS",
        "DEPTH_TO_SPACE",
        "DIV",
        "EXP",
        "GELU",
        "LEAKY_RELU",
        "LOG",
        "LOG_SOFTMAX",
        "MINIMUM",
        "MIRROR_PAD",
        "PRELU",
        "REDUCE_MAX",
        "REDUCE_PROD",
        "RSQRT",
        "SQRT",
        "SQUARED_DIFFERENCE",
        "TILE",
        "TOPK_V2",
    }
)
#: Targets without float arithmetic: what stays in float does not run there.
INTEGER_ONLY = ("edgetpu", "ethos-u")
#: Names of operators that a message lists.
NAMED = 5
#: Further operators, and converters, that a finding points to.
RELATED = 8


class Island(NamedTuple):
    """Operators that compute in float between quantized ones."""

    operators: tuple[Operator, ...]  #: in execution order
    entries: tuple[Operator, ...]  #: that convert quantized values into what it reads
    exits: tuple[Operator, ...]  #: that convert what it makes into quantized values


@rule.subgraph
def check(subgraph: Subgraph, ctx: Context) -> Iterator[Finding]:
    model = subgraph.model
    if subgraph.index not in reachable(model) or not _mostly_integer(model):
        return
    alike: dict[tuple[str, ...], list[Island]] = {}
    for island in islands(subgraph):
        alike.setdefault(tuple(op.label for op in island.operators), []).append(island)
    for group in alike.values():
        yield _finding(group, model, ctx)


def _mostly_integer(model: Model) -> bool:
    found = scheme(model)
    if not found.float_operators or found.integer_operators <= found.float_operators:
        return False
    floating, total = float_share(model)
    return 2 * floating <= total


def islands(subgraph: Subgraph) -> list[Island]:
    """The groups of connected float operators that quantized values flow into and out of.

    Float operators that only the model's inputs flow into, such as a spectrogram, or that only its
    outputs come from, such as the decoding of boxes, are meant to be float.
    """
    floats = [op for op in subgraph.operators if domain(op) == FLOAT]
    group = {op.index: op.index for op in floats}

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for op in floats:
        for tensor in op.outputs:
            for reader in subgraph.consumers(tensor):
                if reader.index in group:
                    group[root(reader.index)] = root(op.index)
    members: dict[int, list[Operator]] = {}
    for op in floats:
        members.setdefault(root(op.index), []).append(op)
    found = []
    for operators in members.values():
        entries = _unique(
            maker
            for op in operators
            for tensor in op.inputs
            if (maker := subgraph.producer(tensor)) is not None and domain(maker) == BOUNDARY
        )
        exits = _unique(
            reader
            for op in operators
            for tensor in op.outputs
            for reader in subgraph.consumers(tensor)
            if domain(reader) == BOUNDARY
        )
        if entries and exits:
            found.append(Island(tuple(operators), entries, exits))
    return found


def _unique(operators: Iterator[Operator]) -> tuple[Operator, ...]:
    return tuple(dict.fromkeys(operators))


def _finding(group: list[Island], model: Model, ctx: Context) -> Finding:
    """One finding for all islands of the same operators."""
    found = scheme(model)
    operators = [op for island in group for op in island.operators]
    names = list(dict.fromkeys(op.label for op in group[0].operators))
    _, total = float_share(model)
    own = sum(macs(op) or 0 for op in operators)
    share = f"{100 * own / total:.2g} % of MACs" if own and total else "no MACs"
    integer_only = found.io == "integer" or any(
        target.startswith(INTEGER_ONLY) for target in ctx.settings.targets
    )
    kind = _float_type(operators[0])
    places = f" in {len(group)} places" if len(group) > 1 else ""
    return rule.finding(
        operators[0],
        f"{_listed(names)} {'computes' if len(names) == 1 else 'compute'} in {kind} between "
        f"{found.activations} tensors{places}; {len(operators)} of {model.operator_count} "
        f"operators, {share}, {_converters(group)}",
        measured=kind,
        limit=found.activations,
        severity="error" if integer_only else "",
        why=_why(names),
        fix=_fix(names),
        related=(*operators[1:RELATED], *_converting(group)[:RELATED]),
    )


def _listed(names: list[str]) -> str:
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _float_type(op: Operator) -> str:
    for tensor in (*op.output_tensors, *op.input_tensors):
        if tensor is not None and tensor.dtype in FLOATING:
            return tensor.dtype
    return "FLOAT32"


def _converting(group: list[Island]) -> list[Operator]:
    return [op for island in group for op in (*island.entries, *island.exits)]


def _converters(group: list[Island]) -> str:
    """`adds DEQUANTIZE op[40] and QUANTIZE op[42]`, or counts when there are many."""
    converters = _converting(group)
    if len(converters) <= 3:
        named = [f"{op.label} op[{op.index}]" for op in converters]
        return f"adds {', '.join(named[:-1])} and {named[-1]}"
    return f"adds {len(converters)} conversions"


def _why(names: list[str]) -> str | None:
    left = [name for name in names if name in LEFT_FLOAT]
    if not left:
        return None
    verb, them = ("has", "it") if len(left) == 1 else ("have", "them")
    return (
        f"{_listed(left)} {verb} no INT8 form in the converter: TFLITE_BUILTINS_INT8 leaves {them} "
        "float without an error"
    )


def _fix(names: list[str]) -> str | None:
    steps = [f"write {name} as {LEFT_FLOAT[name]}" for name in names if LEFT_FLOAT.get(name)]
    replace = [name for name in names if LEFT_FLOAT.get(name) == ""]
    if replace:
        steps.append(f"replace {_listed(replace)} in the model")
    if steps:
        return "; ".join(steps) + "; then quantize again"
    if all(name in QUANTIZED_TODAY for name in names):
        return (
            f"quantize again with a current converter: TensorFlow 2.21 quantizes {_listed(names)}"
        )
    return None
