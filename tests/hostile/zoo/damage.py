"""Broken bytes: cut short, wrong offsets, wrong lengths, wrong alignment."""

from __future__ import annotations

from collections.abc import Callable

from assemble import assemble
from registry import CASES, CRASHED, LOADED, NOT_ALLOCATED, REFUSED, Case, case
from sound import Spec, made, sound


def _cut(name: str, path: str, extra: int, note: str) -> None:
    """Registers the sound model cut off `extra` bytes behind the place `path` names."""
    CASES[name] = Case(
        name, lambda: made().cut(path, extra), ("F002",), REFUSED, f"cut off {note}", False
    )


_cut("cut-in-root", "*", 6, "in the root table")
_cut("cut-in-operator-codes", "*operator_codes", 6, "in the list of operator codes")
_cut("cut-in-subgraph", "*subgraphs[0]", 8, "in the subgraph's table")
_cut("cut-in-tensors", "*subgraphs[0].tensors", 10, "in the list of tensors")
_cut("cut-in-tensor", "*subgraphs[0].tensors[2]", 9, "in the table of a tensor")
_cut("cut-in-name", "*subgraphs[0].tensors[2].name", 6, "in the name of a tensor")
_cut("cut-before-terminator", "*signature_defs[0].outputs[0].name", 8, "before a string's zero")
_cut("cut-in-shape", "*subgraphs[0].tensors[3].shape", 10, "in a shape")
_cut("cut-in-scales", "*subgraphs[0].tensors[1].quantization.scale", 12, "in a list of scales")
_cut("cut-in-operator", "*subgraphs[0].operators[1]", 5, "in the table of an operator")
_cut("cut-in-options", "*subgraphs[0].operators[0].builtin_options", 6, "in options")
_cut("cut-in-data", "*buffers[2].data", 12, "in the data of a buffer")
_cut("cut-in-signature", "*signature_defs[0]", 5, "in a signature")
_cut("cut-in-metadata", "*metadata", 3, "in the list of metadata")


def _overwritten(
    name: str, path: str, code: str, *values: int, note: str, litert: str = REFUSED
) -> None:
    """Registers the sound model with numbers overwritten from the place `path` names on."""
    CASES[name] = Case(
        name, lambda: bytes(made().put(path, code, *values)), ("F002",), litert, note, False
    )


_overwritten("root-zero", "root", "I", 0, note="the root offset points to itself")
_overwritten("root-in-header", "root", "I", 4, note="the root table lies in the identifier")
_overwritten("root-past-end", "root", "I", 1 << 20, note="the root lies past the end")
_overwritten("root-at-last-byte", "root", "I", 0xFFFFFFFF, note="the root offset is 2^32 - 1")
_overwritten("root-odd", "root", "I", 13, note="the root table is misaligned")

_OP = "*subgraphs[0].operators[0]"
_overwritten("vtable-before-file", _OP, "i", 1 << 30, note="a vtable 1 GiB before its table")
_overwritten("vtable-past-end", _OP, "i", -(1 << 30), note="a vtable 1 GiB after its table")
_overwritten("vtable-extreme", _OP, "i", -(1 << 31), note="a vtable offset of -2^31")
_overwritten(
    "vtable-is-table",
    _OP,
    "i",
    0,
    note="a table that is its own vtable, of 0 bytes",
    litert=NOT_ALLOCATED,
)

_TENSORS = "*subgraphs[0].tensors"
_overwritten("length-tensors", _TENSORS, "I", 0xFFFFFFFF, note="2^32 - 1 tensors")
_overwritten(
    "length-wraps", _TENSORS, "I", 0x40000001, note="a length whose byte size wraps at 2^32"
)
_overwritten("length-shape", f"{_TENSORS}[0].shape", "I", 0xFFFFFFFF, note="2^32 - 1 extents")
_overwritten("length-name", f"{_TENSORS}[1].name", "I", 0xFFFFFFFF, note="a name of 2^32 - 1 bytes")
_overwritten("length-data", "*buffers[1].data", "I", 0xFFFFFFFF, note="data of 2^32 - 1 bytes")

_NAME = "subgraphs[0].tensors[3].name"
_overwritten("offset-zero", _NAME, "I", 0, note="an offset to itself")
_overwritten("offset-backwards", _NAME, "I", 0xFFFFFF00, note="an offset that points back")
_overwritten("offset-2gib", _NAME, "I", 0x80000000, note="an offset of 2 GiB")
_overwritten("offset-past-end", _NAME, "I", 1 << 20, note="an offset past the end")
_overwritten(
    "offset-element", "subgraphs[0].tensors[4]", "I", 1 << 20, note="an element past the end"
)
_overwritten(
    "offset-operator-code",
    "operator_codes[1]",
    "I",
    0,
    note="a list element that is itself",
    litert=NOT_ALLOCATED,
)


@case("F002", litert=REFUSED)
def vtable_odd() -> bytes:
    """A vtable of an odd number of bytes."""
    file = made()
    return bytes(file.put("~subgraphs[0].operators[0]", "H", 11))


@case("F002", litert=NOT_ALLOCATED)
def vtable_too_small() -> bytes:
    """A vtable of 2 bytes."""
    file = made()
    return bytes(file.put("~subgraphs[0].operators[0]", "H", 2))


@case("F002", litert=REFUSED)
def vtable_huge() -> bytes:
    """A vtable of 65,534 bytes."""
    file = made()
    return bytes(file.put("~subgraphs[0].operators[0]", "H", 65534))


@case("F002", litert=REFUSED)
def vtable_field_past_end() -> bytes:
    """A field 65,532 bytes into its table."""
    file = made()
    return bytes(file.put_at(file.at["~subgraphs[0].operators[0]"] + 6, "H", 65532))


@case("F002", litert=REFUSED)
def vtable_in_strings() -> bytes:
    """A vtable in the middle of a name: text read as field offsets."""
    file = made()
    table = file.at["*subgraphs[0].operators[0]"]
    text = file.at["*subgraphs[0].tensors[1].name"] + 4
    return bytes(file.put_at(table, "i", table - text))


@case("F002", litert=REFUSED)
def string_without_terminator() -> bytes:
    """A name that is not followed by a zero."""
    file = made()
    return bytes(file.put_at(file.at["*subgraphs[0].tensors[0].name"] + 9, "B", 0x41))


@case("F002", litert=REFUSED)
def vector_misaligned() -> bytes:
    """A list of scales that begins at an odd byte."""
    file = made()
    at = file.at["subgraphs[0].tensors[1].quantization.scale"]
    (offset,) = memoryview(file.data)[at : at + 4].cast("I")
    return bytes(file.put_at(at, "I", offset + 1))


@case("F002", litert=REFUSED)
def only_header() -> bytes:
    """A root offset and the identifier, and nothing behind them."""
    return bytes(made().data[:8])


@case("F002", litert=REFUSED)
def half() -> bytes:
    """The first half of a model, as an interrupted copy leaves it."""
    data = bytes(made())
    return data[: len(data) // 2]


@case("F002", litert=NOT_ALLOCATED)
def padded_with_zeros() -> bytes:
    """The first half of a model, the rest zeros, as a sparse copy leaves it."""
    data = bytes(made())
    return data[: len(data) // 2] + bytes(len(data) - len(data) // 2)


@case(litert=LOADED)
def fields_share_bytes() -> bytes:
    """Two fields of one table at the same bytes: odd, but FlatBuffers accepts it."""
    spec = sound()
    spec["subgraphs"][0]["operators"][0]["mutating_variable_inputs"] = [0]
    file = assemble(spec)
    vtable = file.at["~subgraphs[0].operators[0]"]
    outputs = file.data[vtable + 8 : vtable + 10]
    return bytes(file.put_at(vtable + 18, "H", int.from_bytes(outputs, "little")))


def _union(kind: int) -> Callable[[], bytes]:
    return lambda: bytes(made().put("subgraphs[0].operators[0].builtin_options_type", "B", kind))


for _name, _kind, _codes, _note in (
    ("union-unknown", 250, ("F022", "F030"), "options of a type no schema has"),
    ("union-none", 0, (), "options without a type"),
    ("union-wrong", 11, ("F022", "F030"), "convolution options marked as those of CONCATENATION"),
):
    # LiteRT reads defaults for all three: a stride of 0, which the kernel refuses.
    CASES[_name] = Case(_name, _union(_kind), _codes, NOT_ALLOCATED, _note, False)


@case("F022", litert=LOADED)
def field_unknown() -> bytes:
    """A subgraph with a field that no schema has, as a newer writer leaves it."""
    spec = sound()
    file = assemble(spec)
    table, old = file.at["*subgraphs[0]"], file.at["~subgraphs[0]"]
    size = int.from_bytes(file.data[old : old + 2], "little")
    entries = file.data[old + 4 : old + size].ljust(2 * 12, b"\0") + b"\4\0"
    vtable = len(file.data)
    file.data += (4 + len(entries)).to_bytes(2, "little") + file.data[old + 2 : old + 4] + entries
    file.data += bytes(-len(file.data) % 4)
    return bytes(file.put_at(table, "i", table - vtable))


@case("F025", litert=CRASHED)
def nothing_in_root() -> bytes:
    """A version and nothing else: LiteRT looks for subgraphs without asking whether there are."""
    return bytes(assemble({"version": 3, "buffers": [{}]}))


@case("F029", litert=REFUSED)
def identifier_missing() -> bytes:
    """A sound model whose identifier is four zeros."""
    return bytes(assemble(sound(), identifier=bytes(4)))


@case("F029", litert=REFUSED)
def identifier_other() -> bytes:
    """A sound model with the identifier of a newer format."""
    return bytes(assemble(sound(), identifier=b"TFL4"))


@case("F028", litert=REFUSED)
def no_buffers() -> bytes:
    """A model without a list of buffers."""
    return bytes(assemble(_without("buffers")))


@case("F007", "F020", "F028", litert=REFUSED)
def no_tensors() -> bytes:
    """A subgraph without a list of tensors, under operators that use them."""
    spec = sound()
    del spec["subgraphs"][0]["tensors"]
    return bytes(assemble(spec))


@case("F028", litert=LOADED)
def no_operators() -> bytes:
    """A subgraph that hands its input on and has no list of operators."""
    spec = sound()
    graph = spec["subgraphs"][0]
    del graph["operators"]
    graph["outputs"] = [0]
    spec["signature_defs"][0]["outputs"][0]["tensor_index"] = 0
    return bytes(assemble(spec))


def _without(section: str) -> Spec:
    spec = sound()
    del spec[section]
    return spec
