"""A model to text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tflint.model.model import IDENTIFIER, SCHEMA_VERSION
from tflint.sketch.constants import show_bytes, show_text
from tflint.sketch.fields import pairs, show_field, show_fields
from tflint.sketch.graph import Defaults
from tflint.sketch.layout import subgraph_lines
from tflint.sketch.plan import differing, plan_buffers, plan_defaults, plan_opcodes, raw_opcodes
from tflint.sketch.statements import (
    Style,
    operator_name,
    outside_options,
    show_data,
    show_name,
    unique_names,
)
from tflint.sketch.tokens import quote, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tflint.model import Model, Subgraph


def print_model(model: Model, full: bool) -> str:
    """The text of a model; long constants only when `full`."""
    return "\n".join(_Printer(model, full).lines()) + "\n"


class _Printer:
    def __init__(self, model: Model, full: bool) -> None:
        self.model = model
        buffers, own = plan_buffers(model)
        defaults = plan_defaults(model, own)
        opcodes = plan_opcodes(model, defaults.builtin_code)
        names = tuple(unique_names(subgraph) for subgraph in model.subgraphs)
        self.style = Style(full, defaults, buffers, opcodes, names)

    def lines(self) -> Iterator[str]:
        yield self.header()
        defaults = _defaults(self.style.defaults)
        if defaults:
            yield f"defaults {defaults}"
        if self.style.opcodes.listed:
            yield from self.opcode_lines()
        yield from self.metadata_lines()
        yield from (self.buffer_line(number) for number in self.style.buffers.lines)
        for subgraph in self.model.subgraphs:
            yield ""
            yield from self.subgraph(subgraph)
        signatures = range(self.model.root.count("signature_defs"))
        if signatures:
            yield ""
            yield from (self.signature(index) for index in signatures)
        appended = self.appended()
        if appended:
            yield f"appended {show_bytes(appended, self.style.full)}"

    # The model.

    def header(self) -> str:
        model, root = self.model, self.model.root
        parts = ["model"]
        if model.version != SCHEMA_VERSION:
            parts.append(f"version={model.version}")
        if model.identifier != IDENTIFIER:
            known = model.identifier.isalnum() and model.identifier.isascii()
            parts.append(f"identifier={quote(model.identifier.decode()) if known else 'none'}")
        names = ("description", "metadata_buffer", "external_buffer_groups", "external_buffers")
        for name in names:
            text = show_field(root, name, str, self.style.full)
            parts += [f"{name}={text}"] if text is not None else []
        if self.style.buffers.total is not None:
            parts.append(f"buffers={self.style.buffers.total}")
        return " ".join(parts)

    def opcode_lines(self) -> Iterator[str]:
        for code, table in zip(self.model.operator_codes, raw_opcodes(self.model), strict=True):
            names = differing(code, table, self.style.defaults.builtin_code)
            texts = {"custom_code": quote(table.string("custom_code") or "")}
            for name in names:
                texts.setdefault(name, str(table.scalar(name)))
            given = [(name, texts[name]) for name in names]
            yield " ".join(filter(None, ["opcode", operator_name(code), pairs(given)]))

    def metadata_lines(self) -> Iterator[str]:
        root = self.model.root
        for index, held in enumerate(self.style.buffers.metadata):
            name = root.item("metadata", index).string("name")
            parts = ["metadata", show_name(name)]
            if held.given is not None:
                parts.append(f"buffer={held.given}")
            if held.fills:
                buffer = self.model.metadata[index].buffer_index
                parts.append(show_data(self.model.buffer(buffer), None, self.style.full, True))
            yield " ".join(parts)

    def buffer_line(self, number: int) -> str:
        """A buffer whose bytes belong to no tensor, or that says where they lie and has them."""
        full, buffer = self.style.full, self.model.buffer(number)
        parts = [f"buffer {number}"]
        if buffer is not None and buffer.external:
            parts.append(show_data(buffer, None, full))
        else:
            table = self.model.root.item("buffers", number)
            parts.append(pairs(show_fields(table, str, full, ("data",))))
            stored = table.scalars("data")
            if stored is not None:
                parts.append(show_text(stored, full))
        return " ".join(filter(None, parts))

    def appended(self) -> memoryview:
        """What follows the flatbuffer and the buffers outside it; empty when only zeros do."""
        model = self.model
        end = model.verification.end
        for index in range(model.buffer_count):
            buffer = model.buffer(index)
            if buffer is not None and buffer.external and not buffer.out_of_file:
                end = max(end, buffer.offset + buffer.size)
        for subgraph in model.subgraphs:
            for operator in subgraph.operators:
                place = outside_options(operator)
                end = max(end, sum(place)) if place else end
        rest = bytes(model.data[end:])
        # Zeros before it are what aligns it, and not told from the end of the flatbuffer.
        return memoryview(rest.lstrip(b"\0"))

    def signature(self, index: int) -> str:
        table = self.model.root.item("signature_defs", index)
        key, subgraph = table.string("signature_key"), table.scalar("subgraph_index")
        parts = ["signature", show_name(key)]
        if subgraph:
            parts.append(f"subgraph={subgraph}")
        namer = self.style.namer(subgraph)
        for side in ("inputs", "outputs"):
            entries = [table.item(side, at) for at in range(table.count(side))]
            texts = [
                f"{show_name(entry.string('name'))}={namer(entry.scalar('tensor_index'))}"
                for entry in entries
            ]
            if texts:
                parts.append(f"{side}({', '.join(texts)})")
        return " ".join(parts)

    # Subgraphs.

    def subgraph(self, subgraph: Subgraph) -> Iterator[str]:
        name = subgraph.table.string("name")
        parts = ["subgraph"] + ([] if name is None else [written(name)])
        debug = subgraph.table.scalar("debug_metadata_index")
        if debug != -1:
            parts.append(f"debug_metadata_index={debug}")
        yield " ".join(parts)
        yield from (f"  {line}" for line in subgraph_lines(self.style, subgraph))


def _defaults(defaults: Defaults) -> str:
    parts = []
    if not defaults.has_rank:
        parts.append("has_rank=false")
    if defaults.quantization:
        parts.append("quantization={}")
    if defaults.own_buffer:
        parts.append("buffer=own")
    if not defaults.builtin_code:
        parts.append("builtin_code=0")
    return " ".join(parts)
