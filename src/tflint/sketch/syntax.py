"""What a sketch says, line by line: plain objects between the text and the model."""

from __future__ import annotations

from typing import NamedTuple


class Number(NamedTuple):
    """`3`, `-0.5`, `1e-3`; kept as text, because its type decides what it means."""

    text: str
    line: int


class Word(NamedTuple):
    """A bare name as a value: `SAME`, `true`, `nan`."""

    text: str
    line: int


class Text(NamedTuple):
    """A quoted string; bytes that are not UTF-8 are surrogates."""

    text: str
    line: int


class Bytes(NamedTuple):
    """`hex(00ff)`."""

    data: bytes
    outside: bool  #: `external hex(..)`: stored after the flatbuffer
    line: int


class Items(NamedTuple):
    """`(1,2)` or `[1,2]`."""

    items: tuple[Value, ...]
    line: int


class Fields(NamedTuple):
    """A table: `{format=DENSE dense_size=4}`, `Int32Vector{values=(0,2)}`."""

    table: str | None
    fields: tuple[Attribute, ...]
    line: int


class Ref(NamedTuple):
    """A tensor by name, or by raw index when `name` is None."""

    name: str | None
    number: int
    line: int


class Attribute(NamedTuple):
    """`name=value`."""

    name: str
    value: Value
    line: int


Value = Number | Word | Text | Bytes | Items | Fields | Ref


class Data(NamedTuple):
    """What a constant holds.

    `form` is one of `values`, `strings`, `fill`, `seq`, `random`, `raw`, `same`, `at`.
    """

    form: str
    values: tuple[Number | Word | Text | Ref, ...]
    raw: bytes
    outside: bool  #: stored after the flatbuffer
    line: int


class OperatorName(NamedTuple):
    """What stands before the parenthesis: `CONV_2D.3`, `FlexErf`, `custom("a.b")`, `OPCODE_9`."""

    code: int  #: value of BuiltinOperator
    custom: str | None
    version: int
    number: int | None  #: of `OPCODE_9`
    text: str
    line: int


class TensorLine(NamedTuple):
    """A declared tensor, on a line of its own or as an output of an operator."""

    line: int
    role: str  #: `input`, `const`, `variable` or ``
    name: str | None
    at: int | None  #: index after `@`
    shape: tuple[int, ...]
    signature: tuple[int, ...] | None  #: from `?` in the shape
    ranked: bool  #: False for `[*]`
    dtype: int
    attributes: tuple[Attribute, ...]
    data: Data | None


class OperatorLine(NamedTuple):
    """An operator with its outputs."""

    line: int
    outputs: tuple[Ref | TensorLine, ...]
    name: OperatorName
    inputs: tuple[Ref, ...]
    attributes: tuple[Attribute, ...]


class ListLine(NamedTuple):
    """`input a b` or `output a b`, of tensors declared elsewhere."""

    line: int
    role: str
    tensors: tuple[Ref, ...]


class SubgraphLine(NamedTuple):
    """A subgraph and the lines below it; line 0 when the text does not begin one."""

    line: int
    name: str | None
    attributes: tuple[Attribute, ...]
    body: tuple[TensorLine | OperatorLine | ListLine, ...]


class OpcodeLine(NamedTuple):
    """An entry of the table of operator codes."""

    line: int
    name: OperatorName
    attributes: tuple[Attribute, ...]


class BufferLine(NamedTuple):
    """A buffer that no tensor or metadata line fills."""

    line: int
    number: int
    attributes: tuple[Attribute, ...]
    data: Data | None


class MetadataLine(NamedTuple):
    """A metadata entry."""

    line: int
    name: str | None
    attributes: tuple[Attribute, ...]
    data: Data | None


class SignatureLine(NamedTuple):
    """A signature; its tensors belong to the subgraph it names."""

    line: int
    key: str | None
    subgraph: int
    inputs: tuple[tuple[str | None, Ref], ...]
    outputs: tuple[tuple[str | None, Ref], ...]


class Document(NamedTuple):
    """Every line of a sketch."""

    line: int  #: of the `model` line; 0 without
    attributes: tuple[Attribute, ...]  #: of the `model` line
    defaults: tuple[Attribute, ...]
    opcodes: tuple[OpcodeLine, ...]
    metadata: tuple[MetadataLine, ...]
    buffers: tuple[BufferLine, ...]
    signatures: tuple[SignatureLine, ...]
    appended: tuple[Data, ...]
    subgraphs: tuple[SubgraphLine, ...]
