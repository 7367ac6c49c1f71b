"""Tensors, operators and constants to the words of their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tflint.model.options import options_table, usual_options
from tflint.sketch.constants import show, show_bytes, show_text
from tflint.sketch.elements import show_float
from tflint.sketch.fields import show_field, show_fields, show_list
from tflint.sketch.graph import QUANTIZATION, Defaults
from tflint.sketch.plan import Buffers, Opcodes, is_blank
from tflint.sketch.tokens import quote, written
from tflint.sketch.vocabulary import CUSTOM, is_plain_custom

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tflint.flatbuf import Table
    from tflint.model import Buffer, Operator, OperatorCode, Subgraph, Tensor
    from tflint.sketch.fields import Namer


class Style(NamedTuple):
    """How one model is written."""

    full: bool  #: whether long constants are written out
    defaults: Defaults
    buffers: Buffers
    opcodes: Opcodes
    names: tuple[dict[int, str], ...]  #: per subgraph: tensors that a name alone tells apart

    def namer(self, subgraph: int) -> Namer:
        """Writes the tensors of a subgraph by name, where that is the name of one only."""
        named = self.names[subgraph] if subgraph < len(self.names) else {}

        def name(index: int) -> str:
            return "-" if index == -1 else named.get(index, f"#{index}")

        return name


def unique_names(subgraph: Subgraph) -> dict[int, str]:
    """The written name of each tensor whose name no other tensor has."""
    places: dict[str, list[int]] = {}
    for tensor in subgraph.tensors:
        if tensor.name:
            places.setdefault(tensor.name, []).append(tensor.index)
    return {found[0]: written(name) for name, found in places.items() if len(found) == 1}


def show_name(name: str | None) -> str:
    """A name, or `-` where there is none."""
    return "-" if name is None else written(name)


def show_data(
    buffer: Buffer | None, tensor: Tensor | None, full: bool, padding: bool = False
) -> str:
    """What a buffer holds, as the tensor's values where there is one.

    Args:
        buffer: None says nothing.
        tensor: None for bytes without a type.
        full, padding: as in `show_text`.
    """
    if buffer is None:
        return ""
    if buffer.out_of_file:
        return f"external(offset={buffer.offset}, size={buffer.size})"
    outside = "external " if buffer.external else ""
    if tensor is None:
        return outside + show_text(buffer.data, full, padding)
    return outside + show(buffer.data, tensor.dtype, tensor.elements, full)


def show_tensor(style: Style, tensor: Tensor, role: str, jump: bool) -> str:
    """The declaration of a tensor, without its data."""
    name = tensor.table.string("name")
    shape, said = _shape(tensor, style.defaults)
    parts = [role, show_name(name), f"@{tensor.index}" if jump else "", shape, tensor.dtype]
    namer = style.namer(tensor.subgraph.index)
    table = tensor.table
    quantization = table.table("quantization")
    if is_blank(tensor):
        if (quantization is not None) != style.defaults.quantization:
            parts.append("quantization=" + ("none" if quantization is None else "{}"))
    elif quantization is not None:
        parts += _quantization(quantization, namer, style.full)
    parts += said
    if tensor.is_variable and role != "variable":
        parts.append("is_variable=true")
    given = style.buffers.tensors[tensor.subgraph.index, tensor.index].given
    if given is not None:
        parts.append(f"buffer={given}")
    for field in ("external_buffer", "sparsity", "variant_tensors"):
        text = show_field(table, field, namer, style.full)
        parts += [f"{field}={text}"] if text is not None else []
    return " ".join(filter(None, parts))


def show_operator(style: Style, operator: Operator) -> str:
    """An operator without its outputs."""
    namer = style.namer(operator.subgraph.index)
    code = operator.code
    name = operator.name if code is None else operator_name(code)
    inputs = ", ".join(namer(index) for index in operator.inputs)
    parts = [f"{name}({inputs})"]
    given = style.opcodes.given(operator)
    if given is not None:
        parts.append(f"opcode={given}")
    return " ".join([*parts, *_attributes(operator, namer, style.full)])


def operator_name(code: OperatorCode) -> str:
    """An operator code as the text names it: `CONV_2D.3`, `custom("a.b", version=2)`."""
    version = "" if code.version == 1 else f".{code.version}"
    if code.builtin != CUSTOM or code.custom is None:
        return code.name + version
    if is_plain_custom(code.custom):
        return code.custom + version
    given = "" if code.version == 1 else f", version={code.version}"
    return f"custom({quote(code.custom)}{given})"


def _shape(tensor: Tensor, defaults: Defaults) -> tuple[str, list[str]]:
    """The shape, and attributes for what it does not say."""
    shape, signature, ranked = tensor.shape, tensor.shape_signature, tensor.has_rank
    said = []
    text = show_shape(shape)
    if not shape and not ranked and defaults.has_rank:
        text, ranked = "[*]", defaults.has_rank
    if signature:
        open_ended = len(signature) == len(shape) and all(
            known == extent or (known, extent) == (-1, 1)
            for known, extent in zip(signature, shape, strict=True)
        )
        if open_ended and -1 in signature and -1 not in shape:
            text = show_shape(["?" if extent == -1 else extent for extent in signature])
        else:
            said.append(f"signature={show_shape(signature)}")
    if ranked != defaults.has_rank:
        said.append(f"has_rank={'true' if ranked else 'false'}")
    return text, said


def show_shape(extents: Iterable[int | str]) -> str:
    """`[1,8,8,3]`."""
    return "[" + ",".join(map(str, extents)) + "]"


def _quantization(table: Table, namer: Namer, full: bool) -> list[str]:
    """The attributes of a quantization that says something."""
    parts = []
    for short, field in QUANTIZATION.items():
        if short in ("scale", "min", "max"):
            text = _numbers([show_float(value) for value in table.numbers(field)])
        elif short == "zp":
            points = table.numbers(field)
            zeros = (0,) * len(table.numbers("scale"))
            text = _numbers([str(value) for value in points]) or "()"
            if points == zeros:
                text = None  # zero is what a scale without zero points means
        else:
            text = show_field(table, field, namer, full)
        if text is not None and not (short == "details_type" and table.union("details")):
            parts.append(f"{short}={text}")
    return parts


def _numbers(texts: list[str]) -> str | None:
    return texts[0] if len(texts) == 1 else show_list(texts)


def _attributes(operator: Operator, namer: Namer, full: bool) -> list[str]:
    """Options and further fields of an operator."""
    table = operator.table
    unions = ("builtin_options", "builtin_options_2")
    typed = [union for union in unions if table.scalar(f"{union}_type")]
    skip = [*unions, *(f"{union}_type" for union in unions), "opcode_index", "inputs", "outputs"]
    parts = []
    if len(typed) == 1 and table.union(typed[0]) is not None:
        parts += _options(operator, namer, full)
    elif typed:
        skip = skip[4:]  # anything else is written as it stands in the file
    elif operator.code is not None and usual_options(operator.name):
        parts.append("options=none")
    place = outside_options(operator)
    if place:
        skip += ["large_custom_options_offset", "large_custom_options_size"]
        parts.append(f"custom_options=external {show_bytes(operator.custom_options, full)}")
    elif table.scalar("large_custom_options_offset") and _has_none_inside(table):
        parts.append("custom_options=hex()")  # keeps those outside from being read
    return [*parts, *(f"{name}={text}" for name, text in show_fields(table, namer, full, skip))]


def _has_none_inside(table: Table) -> bool:
    """Whether an operator has custom options, and they are empty."""
    return table.has("custom_options") and not table.scalars("custom_options")


def _options(operator: Operator, namer: Namer, full: bool) -> list[str]:
    """The options table: its name where the operator's does not tell it, then its fields."""
    options = operator.options_table
    assert options is not None
    name = options.schema.name
    fields = show_fields(options, namer, full)
    raw = operator.code is None
    told = name == options_table(operator.name) and bool(fields or usual_options(operator.name))
    said = [f"options={name}"] if raw or not told else []
    return said + [f"{field}={text}" for field, text in fields]


def outside_options(operator: Operator) -> tuple[int, int] | None:
    """First byte and number of bytes of custom options after the flatbuffer; None without."""
    table = operator.table
    offset: int = table.scalar("large_custom_options_offset")
    size: int = table.scalar("large_custom_options_size")
    in_file = offset > 1 and size > 0 and offset + size <= len(operator.subgraph.model.data)
    return (offset, size) if in_file and not table.has("custom_options") else None
