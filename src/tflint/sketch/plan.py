"""What a model's text need not say: defaults that fit it, buffers and operator codes in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tflint.sketch.constants import SHOWN_BYTES
from tflint.sketch.graph import Defaults
from tflint.sketch.numbering import Numbering, OpcodeKey, opcode_fields
from tflint.sketch.vocabulary import CUSTOM, PLACEHOLDER

if TYPE_CHECKING:
    from tflint.flatbuf import Table
    from tflint.model import Model, Operator, OperatorCode, Tensor

# What a buffer holds, for the text.
EMPTY, FILLED, ODD = range(3)


class Holding(NamedTuple):
    """How a tensor or metadata line says which buffer it has."""

    given: int | None = None  #: `buffer=N`, where counting does not give N
    fills: bool = False  #: whether the line has the data
    same: int | None = None  #: tensor of the subgraph that has the data


class Buffers(NamedTuple):
    """How the text says which buffer is whose."""

    tensors: dict[tuple[int, int], Holding]  #: by subgraph and tensor index
    metadata: tuple[Holding, ...]
    lines: tuple[int, ...]  #: buffers that need a line of their own
    total: int | None  #: `buffers=N`, where counting does not give the number of buffers
    numbers: int  #: how often a number is given


def buffer_state(model: Model, index: int) -> int:
    """Whether a buffer is empty, filled in a way a data form says, or neither."""
    buffer = model.buffer(index)
    if buffer is None:
        return EMPTY
    stored = model.root.item("buffers", index).scalars("data")
    if not (buffer.offset or buffer.size):
        if not stored:
            return EMPTY
    elif not buffer.external or stored:
        return ODD
    # Buffer 0 stands for "no data": whatever it holds belongs to no tensor.
    return FILLED if index else ODD


def plan_buffers(model: Model) -> tuple[Buffers, bool]:
    """The plan with the fewer numbers; and whether every tensor has a buffer of its own."""
    states = [buffer_state(model, index) for index in range(model.buffer_count)]
    plans = [_plan_buffers(model, states, own) for own in (False, True)]
    own = plans[1].numbers < plans[0].numbers
    return plans[own], own


def _plan_buffers(model: Model, states: list[int], own: bool) -> Buffers:
    numbering = Numbering(own)
    owners: dict[int, tuple[int, int] | None] = {}
    tensors: dict[tuple[int, int], Holding] = {}
    numbers = 0

    def hold(number: int, fills: bool) -> Holding:
        given = None if numbering.expected(fills) == number else number
        numbering.next(given, fills)
        return Holding(given, fills)

    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            number = tensor.buffer_index
            place = (subgraph.index, tensor.index)
            filled = number < len(states) and states[number] == FILLED
            owner = owners.get(number)
            if filled and owner is not None and owner[0] == subgraph.index:
                tensors[place] = Holding(same=owner[1])
            elif filled and owner is not None:
                repeats = len(tensor.data) <= SHOWN_BYTES
                numbering.next(number, repeats)
                tensors[place] = Holding(given=number, fills=repeats)
            else:
                tensors[place] = hold(number, filled)
                if filled:
                    owners[number] = place
            numbers += tensors[place].given is not None
    numbering.own = False
    metadata = []
    for entry in model.metadata:
        number = entry.buffer_index
        filled = number < len(states) and states[number] == FILLED and number not in owners
        if filled:
            owners[number] = None
            metadata.append(hold(number, True))
        else:
            numbering.next(number, False)
            metadata.append(Holding(given=number))
    lines = [
        number
        for number, state in enumerate(states)
        if state == ODD or (state == FILLED and number not in owners)
    ]
    for number in lines:
        numbering.made(number)
    total = None if numbering.count == model.buffer_count else model.buffer_count
    return Buffers(tensors, tuple(metadata), tuple(lines), total, numbers)


def plan_defaults(model: Model, own_buffer: bool) -> Defaults:
    """The defaults under which the fewest tensors and operator codes need to say something."""
    ranked = blank = empty = total = 0
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            total += 1
            ranked += tensor.has_rank
            if is_blank(tensor):
                blank += 1
                empty += tensor.table.has("quantization")
    older = newer = 0
    for code in raw_opcodes(model):
        if 0 < code.scalar("deprecated_builtin_code") < PLACEHOLDER:
            older += code.scalar("builtin_code") == 0
            newer += code.scalar("builtin_code") != 0
    return Defaults(
        has_rank=2 * ranked >= total,
        quantization=2 * empty > blank,
        own_buffer=own_buffer,
        builtin_code=newer >= older,
    )


def is_blank(tensor: Tensor) -> bool:
    """Whether the tensor's quantization, if there is a table for it, says nothing."""
    table = tensor.table.table("quantization")
    return table is None or not (
        table.scalar("details_type")
        or table.scalar("quantized_dimension")
        or any(table.numbers(name) for name in ("scale", "zero_point", "min", "max"))
    )


def raw_opcodes(model: Model) -> list[Table]:
    """The schema's operator codes."""
    root = model.root
    return [root.item("operator_codes", index) for index in range(root.count("operator_codes"))]


def opcode_key(code: OperatorCode) -> OpcodeKey:
    """What operators of this code have in common."""
    return OpcodeKey(code.builtin, code.custom if code.builtin == CUSTOM else None, code.version)


def differing(code: OperatorCode, table: Table, both: bool) -> list[str]:
    """The fields of an operator code that its name and version do not tell."""
    usual = opcode_fields(*opcode_key(code), both)
    actual = {name: table.scalar(name) for name in usual if name != "custom_code"}
    actual["custom_code"] = table.string("custom_code")
    return [name for name in usual if usual[name] != actual[name]]


class Opcodes(NamedTuple):
    """How the text says which operator code is which."""

    listed: bool  #: whether it lists them all
    first: dict[OpcodeKey, int]  #: the code that a name and version mean

    def given(self, operator: Operator) -> int | None:
        """`opcode=N`, where the operator's name and version mean another code."""
        if operator.code is None or self.first[opcode_key(operator.code)] == operator.code_index:
            return None
        return operator.code_index


def plan_opcodes(model: Model, both: bool) -> Opcodes:
    """Lists the codes unless they are those that the operators need, in the order of first use."""
    used: dict[int, None] = {}
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            if operator.code is not None:
                used.setdefault(operator.code_index)
    codes = model.operator_codes
    first: dict[OpcodeKey, int] = {}
    for index, code in enumerate(codes):
        first.setdefault(opcode_key(code), index)
    listed = (
        list(used) != list(range(len(codes)))
        or len(first) != len(codes)
        or any(
            differing(code, table, both)
            for code, table in zip(codes, raw_opcodes(model), strict=True)
        )
    )
    return Opcodes(listed, first)
