"""Constants that steer an operator: axes, indices, shapes, strides."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.tensor import Tensor

#: `memoryview.cast` code of the types that axes, indices and shapes come in.
_CODES = {"INT32": "i", "INT64": "q", "INT16": "h", "INT8": "b", "UINT8": "B", "UINT32": "I"}


def integers(tensor: Tensor | None) -> memoryview[int] | None:
    """The integers a constant holds, without copying, in order.

    None when the tensor is absent, sparse, not a constant, not of an integer type, or when its
    data is not of the length its shape takes.
    """
    if tensor is None or tensor.sparsity is not None:
        return None
    code = _CODES.get(tensor.dtype)
    if code is None or not tensor.is_constant:
        return None
    data = tensor.data
    if len(data) != tensor.stored_bytes:
        return None
    values: memoryview[int] = data.cast(code)  # type: ignore[call-overload]
    return values
