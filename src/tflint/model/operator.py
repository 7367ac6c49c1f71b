"""Operators: their code, version, options and operands."""

from __future__ import annotations

from tflint._generated.schema import UNIONS
from tflint.flatbuf import Table
from tflint.flatbuf.reader import SCALAR, SCALARS, STRING, STRINGS, TABLE, TABLES
from tflint.model.location import Location
from tflint.model.names import enum_name
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tflint.model.subgraph import Subgraph
    from tflint.model.tensor import Tensor

#: Operators of the Flex delegate are custom operators whose name begins with this
#: (google-ai-edge/LiteRT tflite/util.h, kFlexCustomCodePrefix).
FLEX_PREFIX = "Flex"


class OperatorCode(NamedTuple):
    """One entry of the model's table of operator codes."""

    position: int
    builtin: int  #: the larger of the two codes in the file, as the schema prescribes
    name: str  #: `CONV_2D`, `CUSTOM`, `BUILTIN_250` for a code this schema lacks
    custom: str | None  #: name of a custom operator
    version: int
    deprecated_builtin: int  #: the 8-bit code that readers before 2020 use

    @property
    def label(self) -> str:
        """The name a user knows it by: the custom name for custom operators."""
        return self.custom or self.name if self.name == "CUSTOM" else self.name


def operator_code(index: int, table: Table) -> OperatorCode:
    """Reads an entry; `builtin_code` was added when codes passed 127, so the larger wins."""
    deprecated, builtin = table.scalar("deprecated_builtin_code"), table.scalar("builtin_code")
    code = max(deprecated, builtin)
    return OperatorCode(
        index,
        code,
        enum_name("BuiltinOperator", code),
        table.string("custom_code"),
        table.scalar("version"),
        deprecated,
    )


class Operator:
    """One operator of a subgraph.

    Attributes:
        subgraph: the subgraph it belongs to.
        index: its position in the execution order.
        inputs: tensor indices; -1 stands for an optional input that is left out.
        outputs: tensor indices.
        code: its operator code, or None when the index is out of range.
        code_index: index into the model's operator codes.
    """

    __slots__ = ("code", "code_index", "index", "inputs", "outputs", "subgraph", "table")

    def __init__(self, subgraph: Subgraph, index: int, table: Table) -> None:
        self.subgraph = subgraph
        self.index = index
        self.table = table
        self.code_index: int = table.scalar("opcode_index")
        codes = subgraph.model.operator_codes
        self.code = codes[self.code_index] if self.code_index < len(codes) else None
        self.inputs: tuple[int, ...] = table.numbers("inputs")
        self.outputs: tuple[int, ...] = table.numbers("outputs")

    def __repr__(self) -> str:
        return f"<Operator {self.location}>"

    @property
    def name(self) -> str:
        """`CONV_2D`, `CUSTOM`, `BUILTIN_250`; `OPCODE_n` when its code index is out of range."""
        return self.code.name if self.code else f"OPCODE_{self.code_index}"

    @property
    def label(self) -> str:
        """As `name`, but the custom name for custom operators."""
        return self.code.label if self.code else self.name

    @property
    def version(self) -> int:
        """Version of the operator; 1 when its code index is out of range."""
        return self.code.version if self.code else 1

    @property
    def location(self) -> Location:
        first = self.output(0)
        return Location(
            subgraph=self.subgraph.index,
            operator=self.index,
            op_name=self.label,
            name=first.name if first else None,
        )

    @property
    def is_custom(self) -> bool:
        return self.name == "CUSTOM"

    @property
    def is_flex(self) -> bool:
        """Whether the Select TF ops delegate must run it."""
        return self.is_custom and self.label.startswith(FLEX_PREFIX)

    def input(self, position: int) -> Tensor | None:
        """The tensor at an input position; None when left out, missing or out of range."""
        if position >= len(self.inputs):
            return None
        return self.subgraph.tensor(self.inputs[position])

    def output(self, position: int) -> Tensor | None:
        """The tensor at an output position; None when missing or out of range."""
        if position >= len(self.outputs):
            return None
        return self.subgraph.tensor(self.outputs[position])

    @property
    def input_tensors(self) -> tuple[Tensor | None, ...]:
        """One per input position; None where left out or out of range."""
        return tuple(self.subgraph.tensor(index) for index in self.inputs)

    @property
    def output_tensors(self) -> tuple[Tensor | None, ...]:
        """One per output position; None where out of range."""
        return tuple(self.subgraph.tensor(index) for index in self.outputs)

    @property
    def intermediates(self) -> tuple[int, ...]:
        """Tensor indices of intermediate results that carry quantization (LSTM)."""
        found: tuple[int, ...] = self.table.numbers("intermediates")
        return found

    @property
    def options_type(self) -> str | None:
        """Schema name of the options table, such as `Conv2DOptions`; None without options.

        `BuiltinOptions_130` for a type this schema lacks.
        """
        for field in ("builtin_options", "builtin_options_2"):
            code = self.table.scalar(field + "_type")
            if code:
                union = "BuiltinOptions" if field == "builtin_options" else "BuiltinOptions2"
                known = UNIONS[union]
                return known[code] if code < len(known) else f"{union}_{code}"
        return None

    @property
    def options_table(self) -> Table | None:
        """The options table; None when absent or of a type this schema lacks."""
        return self.table.union("builtin_options") or self.table.union("builtin_options_2")

    def option(self, name: str, default: Any = None) -> Any:
        """One decoded option: a number, bool, tuple, string, or the name of an enum value.

        Args:
            name: field of the options table, as in the schema: `stride_h`.
            default: what to return when the file has no options or they lack that field.
        """
        table = self.options_table
        if table is None or name not in table.schema.slots:
            return default
        return decode(table, name)

    @property
    def options(self) -> dict[str, Any]:
        """Every option by field name, defaults included; empty without options."""
        table = self.options_table
        return {} if table is None else decode_all(table)

    @property
    def custom_options(self) -> memoryview:
        """A custom operator's option bytes, without copying; empty when there are none.

        They lie outside the flatbuffer when there are none inside and
        `large_custom_options_offset` is above 1
        (google-ai-edge/LiteRT tflite/core/interpreter_builder.cc, ParseNodes).
        """
        found = self.table.scalars("custom_options")
        if found is not None:
            return found
        offset: int = self.table.scalar("large_custom_options_offset")
        size: int = self.table.scalar("large_custom_options_size")
        data = self.subgraph.model.data
        if offset > 1 and offset + size <= len(data):
            return data[offset : offset + size]
        return memoryview(b"")


def decode(table: Table, name: str) -> Any:
    """A field of any table as plain data: enum names, tuples, nested dicts."""
    field, kind, of, _, enum = table.schema.fields[table.schema.slots[name]]
    if kind == SCALAR:
        value = table.scalar(field)
        return enum_name(enum, value) if enum else value
    if kind == STRING:
        return table.string(field)
    if kind == SCALARS:
        values = table.numbers(field)
        return tuple(enum_name(enum, value) for value in values) if enum else values
    if kind == STRINGS:
        return table.strings(field)
    if kind == TABLE:
        child = table.table(field)
        return None if child is None else decode_all(child)
    if kind == TABLES:
        return tuple(decode_all(table.item(field, i)) for i in range(table.count(field)))
    child = table.union(field)
    return None if child is None else decode_all(child)


def decode_all(table: Table) -> dict[str, Any]:
    """Every named field of a table as plain data."""
    return {field[0]: decode(table, field[0]) for field in table.schema.fields if field[0]}
