"""The network behind samples 01 to 04, its data, and the conversion settings they share.

The task is synthetic so that every sample can be made again without a download: 16x16 grey images
of horizontal stripes, vertical stripes or a checkerboard, with noise, in the range -1 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

SIDE = 16
CLASSES = ("horizontal", "vertical", "checkerboard")


def make_repeatable() -> None:
    """Seed every random number generator and use only deterministic kernels."""
    keras.utils.set_random_seed(7)
    tf.config.experimental.enable_op_determinism()


def images(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `count` images [count,16,16,1] FLOAT32 in -1..1 and their class indices [count]."""
    random = np.random.default_rng(7)
    labels = random.integers(0, len(CLASSES), count)
    rows, columns = np.indices((SIDE, SIDE))
    patterns = np.stack([rows // 2 % 2, columns // 2 % 2, (rows // 2 + columns // 2) % 2])
    clean = patterns[labels] * 1.2 - 0.6
    noisy = np.clip(clean + random.normal(0, 0.3, clean.shape), -1, 1)
    return noisy[..., np.newaxis].astype(np.float32), labels


def convolutional(
    batch_size: int | None, activation: Callable = keras.activations.relu
) -> keras.Model:
    """Two convolutions and a dense layer; `activation` follows the second convolution."""
    image = keras.Input((SIDE, SIDE, 1), batch_size=batch_size, name="image")
    x = keras.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="conv1")(image)
    x = keras.layers.Conv2D(16, 3, strides=2, padding="same", name="conv2")(x)
    x = keras.layers.Activation(activation, name="activation")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    scores = keras.layers.Dense(len(CLASSES), activation="softmax", name="scores")(x)
    return keras.Model(image, {"scores": scores}, name="classifier")


def train(model: keras.Model) -> keras.Model:
    """Fit `model` to the synthetic images; a few seconds on one core."""
    x, labels = images(1024)
    model.compile(optimizer="adam", loss={"scores": "sparse_categorical_crossentropy"})
    model.fit(x, {"scores": labels}, epochs=3, batch_size=32, verbose=0)
    return model


def with_fixed_batch(model: keras.Model, build: Callable[[int], keras.Model]) -> keras.Model:
    """Return `build(1)`, the network for one image at a time, with the weights of `model`."""
    fixed = build(1)
    fixed.set_weights(model.get_weights())
    return fixed


def int8_converter(model: keras.Model) -> tf.lite.TFLiteConverter:
    """Return a converter set for full-integer INT8 with INT8 input and output."""
    calibration, _ = images(100)
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[np.newaxis]] for image in calibration)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return converter


def save(content: bytes, script: str) -> None:
    """Write `content` as model.tflite beside the script that made it, and say how large it is."""
    path = Path(script).with_name("model.tflite")
    path.write_bytes(content)
    print(f"{path}: {len(content)} bytes")
