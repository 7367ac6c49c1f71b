"""The models that `make bench` measures, made once under build/bench/."""

from __future__ import annotations

import os
import subprocess
import sys

import flatbuffers

#: Converts MobileNetV2 to full-integer int8 with untrained weights: size and structure are those
#: of the trained model, which a benchmark of reading does not tell apart.
_MOBILENET = """
import sys
import numpy as np, tensorflow as tf
tf.keras.utils.set_random_seed(7)
model = tf.keras.applications.MobileNetV2(input_shape=(224, 224, 3), weights=None)
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
data = np.random.default_rng(7).uniform(-1, 1, (4, 1, 224, 224, 3)).astype(np.float32)
converter.representative_dataset = lambda: ([sample] for sample in data)
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
open(sys.argv[1], "wb").write(converter.convert())
"""

#: Schema numbers used below: BuiltinOperator.ADD, BuiltinOptions.AddOptions, TensorType.INT8.
_ADD, _ADD_OPTIONS, _INT8 = 0, 11, 9


def mobilenet(folder: str) -> str:
    """MobileNetV2 224x224 int8 from the TensorFlow converter; about 4 MiB, 70 operators."""
    path = os.path.join(folder, "mobilenet_v2_int8.tflite")
    if not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        command = [sys.executable, "-c", _MOBILENET, path + ".tmp"]
        subprocess.run(command, check=True, capture_output=True)
        os.replace(path + ".tmp", path)
    return path


def chain(folder: str, operators: int) -> str:
    """A chain of `operators` ADDs between INT8 tensors."""
    path = os.path.join(folder, f"chain_{operators}.tflite")
    if not os.path.exists(path):
        _write(path, _chain(operators))
    return path


def external(folder: str, gigabytes: int) -> str:
    """A model whose one constant of `gigabytes` GB lies outside the flatbuffer; a sparse file."""
    path = os.path.join(folder, f"external_{gigabytes}gb.tflite")
    if not os.path.exists(path):
        size = gigabytes * 10**9
        offset = 4096
        data = _chain(64, (offset, size))
        assert len(data) <= 1 << 20
        offset = 1 << 20
        _write(path, _chain(64, (offset, size)))
        os.truncate(path, offset + size)
    return path


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".tmp", "wb") as file:
        file.write(data)
    os.replace(path + ".tmp", path)


def _chain(operators: int, constant: tuple[int, int] | None = None) -> bytes:
    """The flatbuffer; with `constant`, the offset and size of an external INT8 constant."""
    builder = flatbuffers.Builder(1 << 20)
    tensors = [_tensor(builder, f"layer_{i}/add", (1, 8), 0) for i in range(operators + 1)]
    if constant:
        tensors.append(_tensor(builder, "weights", (constant[1] // 1024, 1024), 1))
    builder.StartObject(0)
    options = builder.EndObject()
    steps = []
    for i in range(operators):
        inputs, outputs = _ints(builder, (i, i)), _ints(builder, (i + 1,))
        builder.StartObject(5)
        builder.PrependUOffsetTRelativeSlot(1, inputs, 0)
        builder.PrependUOffsetTRelativeSlot(2, outputs, 0)
        builder.PrependUint8Slot(3, _ADD_OPTIONS, 0)
        builder.PrependUOffsetTRelativeSlot(4, options, 0)
        steps.append(builder.EndObject())
    fields = [
        _offsets(builder, tensors),
        _ints(builder, (0,)),
        _ints(builder, (operators,)),
        _offsets(builder, steps),
    ]
    subgraph = _table(builder, fields)
    builder.StartObject(4)
    builder.PrependInt8Slot(0, _ADD, 0)
    code = builder.EndObject()
    buffers = [_table(builder, [])]
    if constant:
        builder.StartObject(3)
        builder.PrependUint64Slot(1, constant[0], 0)
        builder.PrependUint64Slot(2, constant[1] // 1024 * 1024, 0)
        buffers.append(builder.EndObject())
    codes = _offsets(builder, [code])
    subgraphs = _offsets(builder, [subgraph])
    listed = _offsets(builder, buffers)
    builder.StartObject(5)
    builder.PrependUint32Slot(0, 3, 0)
    for slot, offset in ((1, codes), (2, subgraphs), (4, listed)):
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    builder.Finish(builder.EndObject(), b"TFL3")
    return bytes(builder.Output())


def _tensor(builder: flatbuffers.Builder, name: str, shape: tuple[int, ...], buffer: int) -> int:
    text = builder.CreateString(name)
    extents = _ints(builder, shape)
    builder.StartVector(4, 1, 4)
    builder.PrependFloat32(0.5)
    scale = builder.EndVector()
    builder.StartVector(8, 1, 8)
    builder.PrependInt64(0)
    zero_point = builder.EndVector()
    builder.StartObject(4)
    builder.PrependUOffsetTRelativeSlot(2, scale, 0)
    builder.PrependUOffsetTRelativeSlot(3, zero_point, 0)
    quantization = builder.EndObject()
    builder.StartObject(5)
    builder.PrependUOffsetTRelativeSlot(0, extents, 0)
    builder.PrependInt8Slot(1, _INT8, 0)
    builder.PrependUint32Slot(2, buffer, 0)
    builder.PrependUOffsetTRelativeSlot(3, text, 0)
    builder.PrependUOffsetTRelativeSlot(4, quantization, 0)
    return int(builder.EndObject())


def _table(builder: flatbuffers.Builder, fields: list[int]) -> int:
    builder.StartObject(len(fields))
    for slot, offset in enumerate(fields):
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    return int(builder.EndObject())


def _ints(builder: flatbuffers.Builder, values: tuple[int, ...]) -> int:
    builder.StartVector(4, len(values), 4)
    for value in reversed(values):
        builder.PrependInt32(value)
    return int(builder.EndVector())


def _offsets(builder: flatbuffers.Builder, items: list[int]) -> int:
    builder.StartVector(4, len(items), 4)
    for item in reversed(items):
        builder.PrependUOffsetTRelative(item)
    return int(builder.EndVector())
