"""Files of about a megabyte that unfold into something huge."""

from __future__ import annotations

import struct

from assemble import Shared, assemble
from registry import LOADED, NOT_ALLOCATED, REFUSED, UNASKED, case
from sound import Spec, sound

#: Elements of the one long vector and references to it: together far beyond what fits anywhere.
LONG, MANY = 100_000, 20_000


def _many_tensors(tensor: Spec, count: int = MANY) -> bytes:
    """The sound model with `count` more tensors that are all like `tensor`."""
    spec = sound()
    spec["subgraphs"][0]["tensors"] += [dict(tensor) for _ in range(count)]
    return bytes(assemble(spec))


@case("F002", litert=REFUSED, large=True)
def subgraphs_explode() -> bytes:
    """One subgraph of 100,000 times one tensor, 100,000 times: ten billion tensors."""
    spec = sound()
    body = Shared({"tensors": [Shared({"name": "t"})] * LONG})
    spec["subgraphs"] = [body] * LONG
    return bytes(assemble(spec))


@case("F002", litert=UNASKED, large=True)
def operators_shared() -> bytes:
    """400,000 references to one operator, in a file that has no room for so many."""
    spec = sound()
    spec["subgraphs"][0]["operators"] += [Shared({"inputs": [], "outputs": []})] * 400_000
    return bytes(assemble(spec))


@case(litert=NOT_ALLOCATED, large=True)
def operators_empty() -> bytes:
    """50,000 operators without operands."""
    spec = sound()
    empty = {"opcode_index": 1, "inputs": [], "outputs": []}
    spec["subgraphs"][0]["operators"] += [dict(empty) for _ in range(LONG // 2)]
    return bytes(assemble(spec))


@case("F002", litert=UNASKED, large=True)
def operators_share_operands() -> bytes:
    """20,000 operators that share one list of 100,000 inputs."""
    spec = sound()
    inputs = Shared([0] * LONG)
    spec["subgraphs"][0]["operators"] += [
        {"opcode_index": 1, "inputs": inputs, "outputs": []} for _ in range(MANY)
    ]
    return bytes(assemble(spec))


@case("F009", "F020", litert=UNASKED, large=True)
def readers_of_one_tensor() -> bytes:
    """50,000 operators that read one tensor, fifty of them writing each output."""
    spec = sound()
    graph = spec["subgraphs"][0]
    first = len(graph["tensors"])
    graph["tensors"] += [{"shape": [1], "type": 0, "name": "y"} for _ in range(1000)]
    graph["tensors"].append({"shape": [1], "type": 0, "name": "x"})
    graph["inputs"].append(first + 1000)
    graph["operators"] += [
        {"opcode_index": 1, "inputs": [first + 1000], "outputs": [first + index % 1000]}
        for index in range(LONG // 2)
    ]
    return bytes(assemble(spec))


@case("F002", litert=UNASKED, large=True)
def scales_shared() -> bytes:
    """20,000 tensors that share one list of 100,000 scales: two billion of them."""
    shared = Shared({"scale": [0.5] * LONG, "zero_point": [0] * LONG, "quantized_dimension": 0})
    return _many_tensors({"shape": [LONG], "type": 9, "quantization": shared})


@case("F002", litert=UNASKED, large=True)
def scales_vectors_shared() -> bytes:
    """The same with a quantization table of its own for each tensor."""
    scales, zeros = Shared([0.5] * LONG), Shared([0] * LONG)
    return _many_tensors(
        {
            "shape": [LONG],
            "type": 9,
            "quantization": {"scale": scales, "zero_point": zeros, "quantized_dimension": 0},
        }
    )


@case("F002", litert=UNASKED, large=True)
def shapes_shared() -> bytes:
    """20,000 tensors that share one shape of 100,000 dimensions."""
    return _many_tensors({"shape": Shared([1] * LONG), "type": 9})


@case("F002", litert=UNASKED, large=True)
def names_shared() -> bytes:
    """20,000 tensors that share one name of 500 KB: ten gigabytes of names."""
    return _many_tensors({"shape": [1], "type": 9, "name": Shared("long/" * LONG)})


@case(litert=LOADED, large=True)
def strings_shared() -> bytes:
    """20,000 string tensors with buffers of their own that share the bytes of 100,000 strings."""
    spec = sound()
    header = 4 * (LONG + 2)
    data = Shared(struct.pack(f"<{LONG + 2}I", LONG, *[header] * (LONG + 1)))
    graph = spec["subgraphs"][0]
    for _ in range(MANY):
        graph["tensors"].append({"shape": [LONG], "type": 5, "buffer": len(spec["buffers"])})
        spec["buffers"].append({"data": data})
    return bytes(assemble(spec))


@case("F002", litert=UNASKED, large=True)
def sparsity_shared() -> bytes:
    """2,000 sparse constants of different shapes that share 100,000 indices."""
    spec = sound()
    indices = ("Int32Vector", {"values": [*range(LONG)]})
    segments = ("Int32Vector", {"values": [0, LONG]})
    sparse = Shared(
        {
            "traversal_order": [0, 1],
            "dim_metadata": [
                {"format": 0, "dense_size": 1},
                {"format": 1, "array_segments": segments, "array_indices": indices},
            ],
        }
    )
    number = len(spec["buffers"])
    spec["buffers"].append({"data": bytes(LONG)})
    spec["subgraphs"][0]["tensors"] += [
        {"shape": [1, LONG + index], "type": 9, "buffer": number, "sparsity": sparse}
        for index in range(2000)
    ]
    return bytes(assemble(spec))


@case(litert=LOADED, large=True)
def buffers_alike() -> bytes:
    """20,000 buffers with the same 40 bytes, and a tensor for each."""
    spec = sound()
    graph = spec["subgraphs"][0]
    for _ in range(MANY):
        graph["tensors"].append({"shape": [40], "type": 9, "buffer": len(spec["buffers"])})
        spec["buffers"].append({"data": Shared(bytes(40))})
    return bytes(assemble(spec))


@case(litert=LOADED, large=True)
def constants_shared() -> bytes:
    """20,000 buffers, each with a tensor, that share a megabyte of floats: 20 GB to read."""
    spec = sound()
    graph, data = spec["subgraphs"][0], Shared(bytes(1 << 20))
    for _ in range(MANY):
        graph["tensors"].append({"shape": [1 << 18], "buffer": len(spec["buffers"])})
        spec["buffers"].append({"data": data})
    return bytes(assemble(spec))


@case(litert=LOADED, large=True)
def buffer_shared() -> bytes:
    """20,000 tensors that share one buffer of a megabyte of floats."""
    spec = sound()
    number = len(spec["buffers"])
    spec["buffers"].append({"data": bytes(1 << 20)})
    spec["subgraphs"][0]["tensors"] += [{"shape": [1 << 18], "buffer": number} for _ in range(MANY)]
    return bytes(assemble(spec))


@case(litert=UNASKED, large=True)
def custom_options_shared() -> bytes:
    """5,000 Flex operators that share a megabyte of options."""
    spec = sound()
    graph, data = spec["subgraphs"][0], Shared(b"\x0a" * (1 << 20))
    spec["operator_codes"].append(
        {"deprecated_builtin_code": 32, "builtin_code": 32, "custom_code": "FlexErf"}
    )
    graph["operators"] += [
        {"opcode_index": 2, "inputs": [4], "outputs": [], "custom_options": data}
        for _ in range(5000)
    ]
    return bytes(assemble(spec))


@case("F002", litert=LOADED, large=True)
def signatures_many() -> bytes:
    """300 signatures that share one list of 1,000 inputs."""
    spec = sound()
    inputs = Shared([Shared({"name": "image", "tensor_index": 0})] * 1000)
    spec["signature_defs"] += [
        {"signature_key": f"s{index}", "inputs": inputs} for index in range(300)
    ]
    return bytes(assemble(spec))


@case(litert=LOADED, large=True)
def metadata_many() -> bytes:
    """50,000 metadata entries of one name and buffer."""
    spec = sound()
    spec["metadata"] += [{"name": Shared("TFLITE_METADATA"), "buffer": 3} for _ in range(LONG // 2)]
    return bytes(assemble(spec))
