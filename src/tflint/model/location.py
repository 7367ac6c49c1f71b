"""Where something is in a model, and how that is written."""

from __future__ import annotations

from tflint.record import NamedTuple


class Location(NamedTuple):
    """One place. The narrowest part that is set is what the location is about."""

    subgraph: int | None = None
    operator: int | None = None  #: index in the subgraph's execution order
    tensor: int | None = None
    buffer: int | None = None
    signature: str | None = None
    metadata: str | None = None
    op_name: str | None = None  #: `CONV_2D`, or the name of a custom operator
    name: str | None = None  #: of the tensor, or of the operator's first output
    offset: int | None = None  #: byte in the file
    path: str | None = None  #: fields walked to it: `subgraphs[0].tensors[7].name`

    @property
    def route(self) -> str:
        """`subgraph[0].op[12]`: unique in the file, and what a user types to get there."""
        parts = []
        if self.subgraph is not None:
            parts.append(f"subgraph[{self.subgraph}]")
        if self.operator is not None:
            parts.append(f"op[{self.operator}]")
        if self.tensor is not None:
            parts.append(f"tensor[{self.tensor}]")
        if self.buffer is not None:
            parts.append(f"buffer[{self.buffer}]")
        if self.signature is not None:
            parts.append(f"signature[{self.signature}]")
        if self.metadata is not None:
            parts.append(f"metadata[{self.metadata}]")
        if not parts and self.offset is not None:
            parts.append(f"byte[{self.offset}]")
        return ".".join(parts) or "model"

    def __str__(self) -> str:
        """`subgraph[0].op[12] CONV_2D "conv1/Relu"`."""
        parts = [self.route]
        if self.op_name is not None:
            parts.append(self.op_name)
        if self.name:
            parts.append(f'"{self.name}"')
        if self.offset is not None and parts[0].startswith("byte["):
            parts[0] = f"byte {self.offset}"
        if self.path:
            parts.append(self.path)
        return " ".join(parts)
