"""Make model.tflite: the classifier in FLOAT32, converted with its batch size left open."""

from __future__ import annotations

import sys
from pathlib import Path

import tensorflow as tf

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import classifier

classifier.make_repeatable()
trained = classifier.train(classifier.convolutional(batch_size=None))
classifier.save(tf.lite.TFLiteConverter.from_keras_model(trained).convert(), __file__)
