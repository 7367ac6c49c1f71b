"""The lines of a subgraph: in which order tensors and operators come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tflint.sketch.statements import Style, show_data, show_operator, show_tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tflint.model import Operator, Subgraph

#: Columns beyond which the outputs of an operator get a line each.
WIDTH = 100


class Declared(NamedTuple):
    """A tensor declared here."""

    tensor: int
    role: str
    jump: bool  #: whether its index is not the one after the tensor above


class Listed(NamedTuple):
    """Inputs that are declared elsewhere, or nowhere."""

    tensors: tuple[int, ...]


class Written(NamedTuple):
    """An operator with its outputs: declared here, or an index when declared elsewhere."""

    operator: Operator
    outputs: tuple[Declared | int, ...]


def subgraph_lines(style: Style, subgraph: Subgraph) -> Iterator[str]:
    """The lines below a `subgraph` line.

    Tensors that no operator writes come in order of their index, or each before the first operator
    that reads it, whichever needs fewer indices said: the first suits files of today's converter.
    """
    by_index = _Order(style, subgraph).entries(True)
    by_use = _Order(style, subgraph).entries(False)
    chosen = by_index if _jumps(by_index) < _jumps(by_use) else by_use
    return _lines(style, subgraph, chosen)


def _jumps(entries: list[Declared | Listed | Written]) -> int:
    """Tensors whose index the text must say."""
    count = 0
    for entry in entries:
        outputs = entry.outputs if isinstance(entry, Written) else (entry,)
        count += sum(isinstance(output, Declared) and output.jump for output in outputs)
    return count


class _Order:
    """Puts the lines of a subgraph in order."""

    def __init__(self, style: Style, subgraph: Subgraph) -> None:
        self.subgraph = subgraph
        self.declared: set[int] = set()
        self.last = -1
        holdings = style.buffers.tensors
        self.holdings = [holdings[subgraph.index, index] for index in range(subgraph.tensor_count)]
        written = {index for operator in subgraph.operators for index in operator.outputs}
        inputs = set(subgraph.inputs)
        # What no operator writes, and what has data, needs a line of its own.
        self.alone = {
            index
            for index, held in enumerate(self.holdings)
            if index not in written or index in inputs or held.fills or held.same is not None
        }

    def entries(self, by_index: bool) -> list[Declared | Listed | Written]:
        found: list[Declared | Listed | Written] = list(self.inputs())
        waiting = sorted(self.alone, reverse=True)
        for operator in self.subgraph.operators:
            if not by_index:
                read = [index for index in operator.inputs if index in self.alone]
                found += self.constants(read)
            new = [index for index in operator.outputs if self.is_new(index)]
            while by_index and new and waiting and waiting[-1] < min(new):
                found += self.constants([waiting.pop()])
            outputs = tuple(
                self.declare(index, "") if self.is_new(index) else index
                for index in operator.outputs
            )
            found.append(Written(operator, outputs))
        return found + list(self.constants(sorted(self.alone)))

    def is_new(self, index: int) -> bool:
        """Whether an output is declared where it is written."""
        in_range = 0 <= index < self.subgraph.tensor_count
        return in_range and index not in self.alone and index not in self.declared

    def inputs(self) -> Iterator[Declared | Listed]:
        for index in self.subgraph.inputs:
            if 0 <= index < self.subgraph.tensor_count and index not in self.declared:
                yield self.declare(index, "input")
            else:
                yield Listed((index,))

    def declare(self, index: int, role: str) -> Declared:
        jump = index != self.last + 1
        self.last = index
        self.declared.add(index)
        return Declared(index, role, jump)

    def constants(self, indices: list[int]) -> Iterator[Declared]:
        """Declares those that are not yet."""
        for index in indices:
            if index not in self.declared:
                tensor = self.subgraph.tensor(index)
                assert tensor is not None
                held = self.holdings[index]
                elsewhere = tensor.is_constant and held.given is not None
                filled = held.fills or held.same is not None or elsewhere
                role = "variable" if tensor.is_variable else "const" if filled else ""
                yield self.declare(index, role)


def _lines(
    style: Style, subgraph: Subgraph, entries: list[Declared | Listed | Written]
) -> Iterator[str]:
    namer = style.namer(subgraph.index)
    for entry in entries:
        if isinstance(entry, Listed):
            yield " ".join(["input", *map(namer, entry.tensors)])
        elif isinstance(entry, Declared):
            yield _alone(style, subgraph, entry)
        else:
            outputs = [
                _declaration(style, subgraph, output)
                if isinstance(output, Declared)
                else namer(output)
                for output in entry.outputs
            ]
            yield _outputs(outputs) + show_operator(style, entry.operator)
    if subgraph.outputs:
        yield " ".join(["output", *map(namer, subgraph.outputs)])


def _declaration(style: Style, subgraph: Subgraph, entry: Declared) -> str:
    tensor = subgraph.tensor(entry.tensor)
    assert tensor is not None
    return show_tensor(style, tensor, entry.role, entry.jump)


def _alone(style: Style, subgraph: Subgraph, entry: Declared) -> str:
    """A tensor on a line of its own, with its data."""
    line = _declaration(style, subgraph, entry)
    held = style.buffers.tensors[subgraph.index, entry.tensor]
    if held.fills:
        tensor = subgraph.tensor(entry.tensor)
        assert tensor is not None
        return f"{line} = {show_data(tensor.buffer, tensor, style.full)}"
    if held.same is not None:
        return f"{line} = same({style.namer(subgraph.index)(held.same)})"
    return line


def _outputs(texts: list[str]) -> str:
    """The outputs of an operator, up to the equals sign."""
    if not texts:
        return ""
    if len(texts) == 1:
        return f"{texts[0]} = "
    if sum(map(len, texts)) > WIDTH:
        return "(\n    " + ",\n    ".join(texts) + "\n  ) = "
    return f"({', '.join(texts)}) = "
