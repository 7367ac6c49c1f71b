"""The writer, read back by a reader of other authors: the `tflite` package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import tflite

from tflint import sketch
from tflint._generated.schema import TABLES, UNIONS
from tflint.flatbuf.reader import SCALAR, SCALARS, STRING
from tflint.model.operator import decode_all
from tflint.sketch.values import RANGES
from tflint.sketch.writer import ALIGNMENT, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tflint.model import Model

#: Options tables and fields that are newer than the package.
NEWER = {"StablehloCaseOptions", "quant_spec", "StableHLOCompositeOptions.version"}


def test_the_example_as_the_package_reads_it(convolution: str) -> None:
    data = sketch.build(convolution)
    assert tflite.Model.ModelBufferHasIdentifier(data, 0)
    model = tflite.Model.GetRootAs(data, 0)
    assert model.Version() == 3
    assert model.Description() == b"made by hand"
    subgraph = model.Subgraphs(0)
    tensors = {subgraph.Tensors(i).Name(): subgraph.Tensors(i) for i in range(6)}
    image, w, b = tensors[b"image"], tensors[b"w"], tensors[b"b"]
    assert image.ShapeAsNumpy().tolist() == [1, 8, 8, 3]
    assert image.ShapeSignatureAsNumpy().tolist() == [-1, 8, 8, 3]
    assert image.HasRank()
    assert image.Type() == tflite.TensorType.INT8
    assert image.Quantization().ScaleAsNumpy().tolist() == [0.0078125]
    assert image.Quantization().ZeroPointAsNumpy().tolist() == [-1]
    assert w.Quantization().ScaleLength() == w.Quantization().ZeroPointLength() == 4
    assert model.Buffers(w.Buffer()).DataAsNumpy().tolist() == [3] * 108
    assert model.Buffers(b.Buffer()).DataAsNumpy().view("<i4").tolist() == [1, 2, 3, 4]
    conv, split = subgraph.Operators(0), subgraph.Operators(1)
    assert conv.InputsAsNumpy().tolist() == [0, 1, 2]
    assert split.OutputsAsNumpy().tolist() == [5, 6]
    code = model.OperatorCodes(conv.OpcodeIndex())
    assert (code.BuiltinCode(), code.DeprecatedBuiltinCode(), code.Version()) == (3, 3, 3)
    assert conv.BuiltinOptionsType() == tflite.BuiltinOptions.Conv2DOptions
    options = tflite.Conv2DOptions()
    options.Init(conv.BuiltinOptions().Bytes, conv.BuiltinOptions().Pos)
    assert (options.StrideW(), options.StrideH(), options.Padding()) == (1, 1, tflite.Padding.SAME)
    assert options.DilationWFactor() == 1
    assert model.Metadata(0).Name() == b"min_runtime_version"
    stored = model.Buffers(model.Metadata(0).Buffer()).DataAsNumpy().tobytes()
    assert stored == b"2.5.0".ljust(16, b"\0")
    signature = model.SignatureDefs(0)
    assert signature.SignatureKey() == b"serving_default"
    assert [signature.Outputs(i).TensorIndex() for i in (0, 1)] == [5, 6]


def written(field: Any) -> str:
    """A value of a field, as a sketch writes it, that is not its default."""
    name, kind, of, default, _ = field
    if kind == STRING:
        return f'{name}="text"'
    one = "true" if of == "?" else "0.5" if of == "f" else str(min(RANGES[of][1], 99))
    if kind == SCALARS:
        return f"{name}=({one},{one})"
    assert kind == SCALAR
    return f"{name}={'false' if default is True else one}"


@pytest.mark.parametrize("union", ["BuiltinOptions", "BuiltinOptions2"])
def test_every_options_table_can_be_written(union: str, read: Callable[[bytes], Model]) -> None:
    for number, table in enumerate(UNIONS[union]):
        if not table:
            continue
        fields = [field for field in TABLES[table] if field[0]]
        options = " ".join(map(written, fields))
        data = sketch.build(f"MyOp() options={table} {options}")
        operator = read(data).subgraphs[0].operators[0]
        assert operator.options_type == table
        defaults = {field[0]: field[3] for field in fields if field[1] == SCALAR}
        for name, value in operator.options.items():
            assert value not in (None, (), defaults.get(name)), (table, name)
        if table in NEWER:
            continue
        theirs = tflite.Model.GetRootAs(data, 0).Subgraphs(0).Operators(0)
        assert getattr(theirs, f"{union}Type")() == number
        decoded = getattr(tflite, table)()
        decoded.Init(getattr(theirs, union)().Bytes, getattr(theirs, union)().Pos)
        for name, kind, of, default, _ in fields:
            accessor = "".join(word.capitalize() for word in name.split("_"))
            if {name, f"{table}.{name}"} & NEWER:
                continue
            if kind == SCALARS:
                length = getattr(decoded, f"{accessor}Length")()
                found = [getattr(decoded, accessor)(at) for at in range(length)]
                assert found == [1 if of == "?" else 0.5 if of == "f" else 99] * 2
            elif kind == STRING:
                assert getattr(decoded, accessor)() == b"text"
            else:
                assert getattr(decoded, accessor)() != default


def test_vectors_are_aligned_as_the_schema_forces_them(read: Callable[[bytes], Model]) -> None:
    data = sketch.build(
        "const a [3] INT8 = 1 2 3\n"
        "const b [5] INT8 details=CustomQuantization{custom=hex(00ff)} = seq\n"
        "const c [1] INT8 sparsity={dim_metadata=({array_segments=Uint8Vector{values=(1,2,3)}"
        " array_indices=Uint16Vector{values=(1,2,3)}})} = 7\n"
    )
    model = read(data)
    tables = {
        "Buffer": [model.root.item("buffers", index) for index in (1, 2, 3)],
        "CustomQuantization": [],
        "Uint8Vector": [],
        "Uint16Vector": [],
    }
    b, c = model.subgraphs[0].tensors[1:]
    quantization, sparsity = b.table.table("quantization"), c.sparsity
    assert quantization is not None
    assert sparsity is not None
    level = sparsity.item("dim_metadata", 0)
    for found in (
        quantization.union("details"),
        level.union("array_segments"),
        level.union("array_indices"),
    ):
        assert found is not None
        tables[found.schema.name].append(found)
    for (table, field), alignment in ALIGNMENT.items():
        assert tables[table]
        for found in tables[table]:
            start = found.vector_start(field)
            assert start is not None
            assert start % alignment == 0


def test_what_decode_all_gives_can_be_written(
    convolution: str, read: Callable[[bytes], Model], facts: Callable[[Model], Any]
) -> None:
    model = read(sketch.build(convolution))
    assert facts(read(write(decode_all(model.root)))) == facts(model)


def test_unnamed_enum_values_can_be_written(read: Callable[[bytes], Model]) -> None:
    fields = {"tensors": ({"type": "TYPE_-5"}, {"type": "TYPE_100"}, {"type": "INT8"})}
    model = read(write({"subgraphs": (fields,)}))
    assert [tensor.dtype for tensor in model.subgraphs[0].tensors] == [
        "TYPE_-5",
        "TYPE_100",
        "INT8",
    ]


def test_only_the_writer_imports_flatbuffers() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from tflint import sketch; from tflint.model import Model;"
        "parsed = sketch.parse('x [1] INT8');"
        "assert not {'flatbuffers', 'numpy'} & set(sys.modules), 'parse';"
        "model = Model(memoryview(bytes.fromhex(sys.argv[1])), '');"
        "print(sketch.text(model));"
        "assert not {'flatbuffers', 'numpy', 'json', 'logging'} & set(sys.modules), 'text'"
    )
    data = sketch.build("x [1] INT8").hex()
    done = subprocess.run(
        [sys.executable, "-c", program, data], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "x [1] INT8" in done.stdout
