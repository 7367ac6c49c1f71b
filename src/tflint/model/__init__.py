"""The immutable view of a model: facts, never opinions.

A `Model` holds subgraphs, a `Subgraph` tensors and operators. Everything is read from the file
when asked for. Facts derived from several of them have modules of their own, computed once per
model or subgraph: `scheme`, `cost`, `memory`, `sizes`, `metadata`, `flex`, `flexbuffer`, `calls`,
`runtime`, `strings`, `sparsity`.
"""

from __future__ import annotations

from tflint.model.location import Location
from tflint.model.model import Model, Signature
from tflint.model.operator import Operator, OperatorCode
from tflint.model.quantization import Quantization
from tflint.model.subgraph import Subgraph
from tflint.model.tensor import Buffer, Tensor

__all__ = [
    "Buffer",
    "Location",
    "Model",
    "Operator",
    "OperatorCode",
    "Quantization",
    "Signature",
    "Subgraph",
    "Tensor",
]
