"""Make model.tflite: a patch classifier whose tf.image.extract_patches has no builtin operator."""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import classifier

PATCH = 4


class Patches(keras.layers.Layer):
    """Cut images [n,16,16,1] into patches [n,4,4,16]."""

    def call(self, images: tf.Tensor) -> tf.Tensor:
        return tf.image.extract_patches(
            images,
            sizes=[1, PATCH, PATCH, 1],
            strides=[1, PATCH, PATCH, 1],
            rates=[1, 1, 1, 1],
            padding="VALID",
        )


def patch_model(batch_size: int | None) -> keras.Model:
    """Cut the image into 4x4 patches, embed each one, classify all of them together."""
    image = keras.Input((classifier.SIDE, classifier.SIDE, 1), batch_size=batch_size, name="image")
    x = Patches(name="patches")(image)
    x = keras.layers.Dense(16, activation="relu", name="embedding")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    scores = keras.layers.Dense(len(classifier.CLASSES), activation="softmax", name="scores")(x)
    return keras.Model(image, {"scores": scores}, name="patch_classifier")


classifier.make_repeatable()
fixed = classifier.with_fixed_batch(classifier.train(patch_model(None)), patch_model)
converter = tf.lite.TFLiteConverter.from_keras_model(fixed)
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.TFLITE_BUILTINS,
    tf.lite.OpsSet.SELECT_TF_OPS,
]
classifier.save(converter.convert(), __file__)
