"""Make model.tflite: the classifier as full-integer INT8, batch fixed to 1."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import classifier

classifier.make_repeatable()
trained = classifier.train(classifier.convolutional(batch_size=None))
fixed = classifier.with_fixed_batch(trained, classifier.convolutional)
classifier.save(classifier.int8_converter(fixed).convert(), __file__)
