"""The sound model that most hostile files are made from: LiteRT loads, allocates and runs it."""

from __future__ import annotations

import struct
from typing import Any

from assemble import Assembled, assemble

Spec = dict[str, Any]

CONV_2D, RELU = 3, 19


def quantized(scale: list[float], axis: int = 0) -> Spec:
    """Symmetric quantization parameters."""
    return {"scale": scale, "zero_point": [0] * len(scale), "quantized_dimension": axis}


def sound() -> Spec:
    """A quantized convolution and a RELU, with a signature and metadata."""
    weights = struct.pack("<8b", *range(8))
    return {
        "version": 3,
        "description": "hostile zoo",
        "operator_codes": [
            {"deprecated_builtin_code": CONV_2D, "builtin_code": CONV_2D, "version": 3},
            {"deprecated_builtin_code": RELU, "builtin_code": RELU, "version": 2},
        ],
        "buffers": [
            {},
            {"data": weights},
            {"data": struct.pack("<4i", 1, 2, 3, 4)},
            {"data": b"1.14.0".ljust(16, b"\0")},
        ],
        "subgraphs": [
            {
                "name": "main",
                "inputs": [0],
                "outputs": [4],
                "tensors": [
                    {"name": "image", "type": 9, "shape": [1, 2, 2, 2], **_q([0.5])},
                    {
                        "name": "weights",
                        "type": 9,
                        "shape": [4, 1, 1, 2],
                        "buffer": 1,
                        **_q([0.1, 0.2, 0.3, 0.4]),
                    },
                    {
                        "name": "bias",
                        "type": 2,
                        "shape": [4],
                        "buffer": 2,
                        **_q([0.05, 0.1, 0.15, 0.2]),
                    },
                    {"name": "conv", "type": 9, "shape": [1, 2, 2, 4], **_q([1.0])},
                    {"name": "relu", "type": 9, "shape": [1, 2, 2, 4], **_q([1.0])},
                ],
                "operators": [
                    {
                        "opcode_index": 0,
                        "inputs": [0, 1, 2],
                        "outputs": [3],
                        "builtin_options": (
                            "Conv2DOptions",
                            {"padding": 1, "stride_w": 1, "stride_h": 1},
                        ),
                    },
                    {"opcode_index": 1, "inputs": [3], "outputs": [4]},
                ],
            }
        ],
        "metadata": [{"name": "min_runtime_version", "buffer": 3}],
        "signature_defs": [
            {
                "signature_key": "serving_default",
                "subgraph_index": 0,
                "inputs": [{"name": "image", "tensor_index": 0}],
                "outputs": [{"name": "relu", "tensor_index": 4}],
            }
        ],
    }


def _q(scale: list[float]) -> Spec:
    return {"quantization": quantized(scale)}


def made() -> Assembled:
    """The sound model, laid out."""
    return assemble(sound())
