"""Make model.tflite: as sample 01, but with a sine, which has no INT8 kernel."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import keras

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import classifier

classifier.make_repeatable()
with_sine = partial(classifier.convolutional, activation=keras.ops.sin)
fixed = classifier.with_fixed_batch(classifier.train(with_sine(None)), with_sine)
classifier.save(classifier.int8_converter(fixed).convert(), __file__)
