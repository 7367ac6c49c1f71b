"""Flex operators: the TensorFlow node in their custom options."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flatbuffers import flexbuffers
from hypothesis import given
from hypothesis import strategies as st

from tflint.model import Model
from tflint.model.flex import DATA_TYPES, BadNode, NodeDef, node_def, parse
from tflint.model.flexbuffer import decode

Make = Callable[[str], Model]


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def fixed32(number: int, value: bytes) -> bytes:
    return varint(number << 3 | 5) + value


def attribute(name: str, value: bytes) -> bytes:
    return field(5, field(1, name.encode()) + field(2, value))


def shape(*extents: int) -> bytes:
    return b"".join(field(2, field(1, extent)) for extent in extents)


ONE_AND_A_HALF = b"\x00\x00\xc0\x3f"

ATTRIBUTES: dict[str, tuple[bytes, object]] = {
    "string": (field(2, b"SAME"), b"SAME"),
    "int": (field(3, -7), -7),
    "zero": (field(3, 0), 0),
    "float": (fixed32(4, ONE_AND_A_HALF), 1.5),
    "true": (field(5, 1), True),
    "false": (field(5, 0), False),
    "type": (field(6, 1), "DT_FLOAT"),
    "reference": (field(6, 101), "DT_FLOAT_REF"),
    "newer": (field(6, 77), "DT_77"),
    "shape": (field(7, shape(2, -1, 0)), (2, -1, 0)),
    "scalar": (field(7, b""), ()),
    "unknown rank": (field(7, field(3, 1)), None),
    "tensor": (field(8, b"\x08\x01"), "<tensor>"),
    "function": (field(10, b"\x0a\x01f"), "<function>"),
    "nothing": (b"", None),
    "empty list": (field(1, b""), ()),
    "ints": (field(1, field(3, b"".join(map(varint, (1, -1, 300))))), (1, -1, 300)),
    "unpacked ints": (field(1, field(3, 5) + field(3, 6)), (5, 6)),
    "floats": (field(1, field(4, ONE_AND_A_HALF * 2)), (1.5, 1.5)),
    "bools": (field(1, field(5, b"\1\0")), (True, False)),
    "types": (field(1, field(6, b"\1\3")), ("DT_FLOAT", "DT_INT32")),
    "strings": (field(1, field(2, b"a") + field(2, b"b")), (b"a", b"b")),
    "shapes": (field(1, field(7, shape(3)) + field(7, shape(4, 5))), ((3,), (4, 5))),
}


def test_every_kind_of_attribute() -> None:
    data = (
        field(1, b"scope/node")
        + field(2, b"Op")
        + field(3, b"x:0")
        + field(3, b"^y")
        + field(4, b"/cpu:0")
        + b"".join(attribute(name, value) for name, (value, _) in ATTRIBUTES.items())
    )
    found = parse(memoryview(data))
    assert isinstance(found, NodeDef)
    assert found[:4] == ("scope/node", "Op", ("x:0", "^y"), "/cpu:0")
    assert found.attributes == {name: expected for name, (_, expected) in ATTRIBUTES.items()}


def test_data_types_are_tensorflows() -> None:
    types = pytest.importorskip("tensorflow.core.framework.types_pb2")
    known = {number: name for name, number in types.DataType.items() if number < 100}
    assert DATA_TYPES.items() <= known.items()


@given(st.binary(max_size=80))
def test_no_bytes_raise(data: bytes) -> None:
    parse(memoryview(data))


@given(st.data())
def test_no_damage_raises(data: st.DataObject) -> None:
    good = bytearray(
        field(2, b"Op")
        + b"".join(attribute(name, value) for name, (value, _) in ATTRIBUTES.items())
    )
    for _ in range(data.draw(st.integers(1, 3))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    parse(memoryview(bytes(good)))


def flex(sketch: Make, options: bytes, name: str = "FlexErf") -> NodeDef | BadNode | None:
    model = sketch(
        f"subgraph\n  input x [1] FLOAT32\n"
        f"  y [1] FLOAT32 = {name}(x) custom_options=hex({options.hex()})\n"
    )
    return node_def(model.subgraphs[0].operators[0])


def options(*values: object) -> bytes:
    return bytes(flexbuffers.Dumps(list(values)))


def test_options_are_a_name_and_a_node(sketch: Make) -> None:
    node = (field(1, b"n") + field(2, b"Erf")).decode("ascii")
    assert flex(sketch, options("Erf", node)) == NodeDef("n", "Erf", (), "", {})
    assert flex(sketch, options("Erf", node), "Erf") is None


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\0\0\0", "custom options are no FlexBuffer: root of width 0"),
        (options("Erf"), "custom options are not the operator's name and its NodeDef"),
        (bytes(flexbuffers.Dumps({"a": 1})), "custom options are not the operator's name"),
        (options("Erf", 5), "the second custom option is not a serialized NodeDef"),
        (options("Erf", "zzz"), "3 bytes that are no protobuf message"),
    ],
)
def test_other_options_are_a_value(sketch: Make, data: bytes, problem: str) -> None:
    found = flex(sketch, data)
    assert isinstance(found, BadNode)
    assert problem in found.problem


def test_flex_operators_of_real_models(shared: Make) -> None:
    (node,) = (
        node_def(operator)
        for operator in shared("regenerated/flex_erf").subgraphs[0].operators
        if operator.is_flex
    )
    assert node == NodeDef("", "Erf", ("",), "", {"T": "DT_FLOAT"})
    model = shared("whitespace_tokenizer_flex_delegate")
    nodes = [node_def(operator) for operator in model.subgraphs[0].operators if operator.is_flex]
    assert len(nodes) == 21
    for operator, node in zip(
        (operator for operator in model.subgraphs[0].operators if operator.is_flex),
        nodes,
        strict=True,
    ):
        assert isinstance(node, NodeDef)
        assert "Flex" + node.op == operator.label


def test_nodes_agree_with_tensorflow(shared: Make) -> None:
    node_def_pb2 = pytest.importorskip("tensorflow.core.framework.node_def_pb2")
    for name in ("whitespace_tokenizer_flex_delegate", "lstm_dynbatch_flex"):
        for subgraph in shared(name).subgraphs:
            for operator in subgraph.operators:
                found = node_def(operator)
                if found is None:
                    continue
                assert isinstance(found, NodeDef)
                options = decode(operator.custom_options, raw=True)
                assert isinstance(options, tuple)
                assert isinstance(options[1], memoryview)
                message = node_def_pb2.NodeDef.FromString(bytes(options[1]))
                assert (found.name, found.op) == (message.name, message.op)
                assert found.inputs == tuple(message.input)
                assert found.attributes.keys() == message.attr.keys()
                for key, attribute in message.attr.items():
                    kind = attribute.WhichOneof("value")
                    value = found.attributes[key]
                    if kind in {"i", "b", "f", "s"}:
                        assert value == getattr(attribute, kind)
                    elif kind == "type":
                        assert value == DATA_TYPES[attribute.type]
