"""What a configuration file says; imported where one was found."""

from __future__ import annotations

from tflint.config.layers import Layer
from tflint.lint.plan import Suppression
from tflint.record import NamedTuple


class Override(NamedTuple):
    """Options for some models."""

    models: tuple[str, ...]  #: globs
    layer: Layer


class ModelSuppression(NamedTuple):
    """A suppression and the models it is for."""

    model: str  #: glob
    suppression: Suppression


class File(NamedTuple):
    """A configuration file, checked."""

    path: str  #: as messages show it
    root: str  #: its folder, absolute: globs are relative to it
    layer: Layer
    overrides: tuple[Override, ...] = ()
    suppressions: tuple[ModelSuppression, ...] = ()
