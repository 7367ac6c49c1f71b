"""Graphs that run in circles or nest without end, and options that unfold."""

from __future__ import annotations

from assemble import assemble
from registry import CRASHED, NOT_ALLOCATED, UNASKED, case
from sound import Spec

ADD, CUSTOM, IF, WHILE, CALL_ONCE, COMPOSITE = 0, 32, 118, 119, 129, 206


def _code(builtin: int, **more: object) -> Spec:
    return {"deprecated_builtin_code": min(builtin, 127), "builtin_code": builtin, **more}


def _tensors(count: int) -> list[Spec]:
    return [{"name": f"t{index}", "shape": [1], "type": 0} for index in range(count)]


def _passing(options: tuple[str, Spec]) -> Spec:
    """A subgraph of one operator from its input to its output."""
    return {
        "inputs": [0],
        "outputs": [1],
        "tensors": _tensors(2),
        "operators": [
            {"opcode_index": 0, "inputs": [0], "outputs": [1], "builtin_options": options}
        ],
    }


def _model(code: int, subgraphs: list[Spec]) -> bytes:
    return bytes(
        assemble(
            {
                "version": 3,
                "operator_codes": [_code(code)],
                "buffers": [{}],
                "subgraphs": subgraphs,
            }
        )
    )


def _while(cond: int, body: int) -> tuple[str, Spec]:
    return "WhileOptions", {"cond_subgraph_index": cond, "body_subgraph_index": body}


@case(litert=NOT_ALLOCATED)
def while_of_itself() -> bytes:
    """A WHILE whose condition and body are the subgraph it stands in."""
    return _model(WHILE, [_passing(_while(0, 0))])


@case(litert=CRASHED)
def while_in_a_circle() -> bytes:
    """Three subgraphs whose WHILE operators have each other as condition and body."""
    return _model(WHILE, [_passing(_while((i + 1) % 3, (i + 2) % 3)) for i in range(3)])


@case(litert=NOT_ALLOCATED)
def while_of_nothing() -> bytes:
    """A WHILE whose subgraphs do not exist, one of them with a negative index."""
    return _model(WHILE, [_passing(_while(7, -2))])


@case(litert=NOT_ALLOCATED)
def call_once_of_itself() -> bytes:
    """A CALL_ONCE of the subgraph it stands in."""
    return _model(CALL_ONCE, [_passing(("CallOnceOptions", {"init_subgraph_index": 0}))])


@case(litert=UNASKED, large=True)
def composites_deep() -> bytes:
    """Two thousand composite operators, each decomposed into the next."""
    spec = {
        "version": 3,
        "operator_codes": [_code(COMPOSITE), _code(ADD)],
        "buffers": [{}],
        "subgraphs": [],
    }
    for index in range(2000):
        spec["subgraphs"].append(
            {
                "inputs": [0],
                "outputs": [1],
                "tensors": _tensors(2),
                "operators": [
                    {
                        "opcode_index": 0,
                        "inputs": [0],
                        "outputs": [1],
                        "builtin_options_2": (
                            "StableHLOCompositeOptions",
                            {
                                "name": "deep",
                                "decomposition_subgraph_index": index + 1,
                                "composite_attributes": b"\0\0\x24\1",
                            },
                        ),
                    }
                ],
            }
        )
    spec["subgraphs"].append(
        {
            "inputs": [0],
            "outputs": [1],
            "tensors": _tensors(2),
            "operators": [{"opcode_index": 1, "inputs": [0, 0], "outputs": [1]}],
        }
    )
    return bytes(assemble(spec))


def _custom(name: str, options: bytes) -> bytes:
    spec = {
        "version": 3,
        "operator_codes": [_code(CUSTOM, custom_code=name)],
        "buffers": [{}],
        "subgraphs": [
            {
                "inputs": [0],
                "outputs": [1],
                "tensors": _tensors(2),
                "operators": [
                    {
                        "opcode_index": 0,
                        "inputs": [0],
                        "outputs": [1],
                        "custom_options": options,
                    }
                ],
            }
        ],
    }
    return bytes(assemble(spec))


@case(litert=NOT_ALLOCATED)
def flexbuffer_of_itself() -> bytes:
    """Options that are a FlexBuffers vector of one element, which is the vector."""
    # length 1, the element (an offset back to the vector's first element: itself), its type; then
    # the root offset, its type (vector, offsets of one byte) and its width.
    return _custom("Nested", bytes([1, 0, 0x28, 2, 0x28, 1]))


@case(litert=NOT_ALLOCATED)
def flexbuffer_deep() -> bytes:
    """Options that are FlexBuffers vectors, 10,000 levels deep."""
    level = b"".join(bytes([1, 3, 0x28]) for _ in range(10_000))
    return _custom("Nested", bytes([0]) + level + bytes([2, 0x28, 1]))


@case(litert=NOT_ALLOCATED)
def flex_noise() -> bytes:
    """A Flex operator whose NodeDef is noise."""
    return _custom("FlexErf", bytes((index * 89 + 7) % 256 for index in range(300)))


@case(litert=NOT_ALLOCATED)
def flex_nested() -> bytes:
    """A Flex operator whose NodeDef nests messages 2,000 deep."""
    message = b""
    for _ in range(2000):
        length = len(message)
        varint = bytearray()
        while length >= 128:
            varint.append(length & 127 | 128)
            length >>= 7
        varint.append(length)
        message = b"\x2a" + bytes(varint) + message
    return _custom("FlexErf", message[: 1 << 14])
