"""Subgraphs: tensors, operators in execution order, and who makes and uses each tensor."""

from __future__ import annotations

from tflint.flatbuf import Table
from tflint.model.location import Location
from tflint.model.operator import Operator
from tflint.model.tensor import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.model import Model


class Subgraph:
    """One subgraph. The first is the model; others are bodies of control flow or signatures.

    Attributes:
        model: the model it belongs to.
        index: its position there.
        name: as written; empty when absent.
        inputs, outputs: tensor indices.
    """

    def __init__(self, model: Model, index: int, table: Table) -> None:
        self.model = model
        self.index = index
        self.table = table
        self.name: str = table.string("name") or ""
        self.inputs: tuple[int, ...] = table.numbers("inputs")
        self.outputs: tuple[int, ...] = table.numbers("outputs")
        self.tensor_count = table.count("tensors")
        self.operator_count = table.count("operators")
        self._tensors: list[Tensor | None] = [None] * self.tensor_count
        self._operators: tuple[Operator, ...] | None = None
        self._producers: list[int] | None = None
        self._consumers: dict[int, tuple[Operator, ...]] | None = None

    def __repr__(self) -> str:
        return f"<Subgraph {self.index} {self.name!r}>"

    @property
    def location(self) -> Location:
        return Location(subgraph=self.index, name=self.name)

    def tensor(self, index: int) -> Tensor | None:
        """The tensor at `index`; None when out of range, as for -1, the optional input."""
        if not 0 <= index < self.tensor_count:
            return None
        found = self._tensors[index]
        if found is None:
            found = Tensor(self, index, self.table.item("tensors", index))
            self._tensors[index] = found
        return found

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """Every tensor, by index."""
        for index in range(self.tensor_count):
            self.tensor(index)
        return tuple(self._tensors)  # type: ignore[arg-type]

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Every operator, in execution order."""
        if self._operators is None:
            self._operators = tuple(
                Operator(self, index, self.table.item("operators", index))
                for index in range(self.operator_count)
            )
        return self._operators

    @property
    def input_tensors(self) -> tuple[Tensor | None, ...]:
        """One per input; None where the index is out of range."""
        return tuple(self.tensor(index) for index in self.inputs)

    @property
    def output_tensors(self) -> tuple[Tensor | None, ...]:
        """One per output; None where the index is out of range."""
        return tuple(self.tensor(index) for index in self.outputs)

    def producer(self, tensor: int) -> Operator | None:
        """The first operator that writes the tensor; None for inputs, constants and bad indices."""
        if self._producers is None:
            self._link()
        assert self._producers is not None
        if not 0 <= tensor < self.tensor_count or self._producers[tensor] < 0:
            return None
        return self.operators[self._producers[tensor]]

    def consumers(self, tensor: int) -> tuple[Operator, ...]:
        """The operators that read the tensor, in execution order, each once."""
        if self._consumers is None:
            self._link()
        assert self._consumers is not None
        return self._consumers.get(tensor, ())

    def _link(self) -> None:
        producers = [-1] * self.tensor_count
        consumers: dict[int, list[Operator]] = {}
        for operator in self.operators:
            for index in set(operator.inputs):
                if 0 <= index < self.tensor_count:
                    consumers.setdefault(index, []).append(operator)
            for index in operator.outputs:
                if 0 <= index < self.tensor_count and producers[index] < 0:
                    producers[index] = operator.index
        self._producers = producers
        self._consumers = {index: tuple(readers) for index, readers in consumers.items()}
