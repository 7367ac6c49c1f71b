"""Layers of options into one configuration: profile, file, override of a model, command line."""

from __future__ import annotations

import os

from tflint.config.options import BY_KEY
from tflint.lint.context import Settings
from tflint.lint.plan import Plan
from tflint.lint.registry import rules
from tflint.lint.select import resolve, select
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from tflint.config.file import File


class Layer(NamedTuple):
    """Options from one place. Hashable, so that plans can be kept by the layers they are of."""

    name: str  #: `tflint.toml`, `profile strict`, `command line`
    values: tuple[tuple[str, Any], ...] = ()  #: by key, checked; `severity` is pairs again

    def get(self, key: str) -> Any:
        """The value of an option; None where this place does not set it."""
        return next((value for name, value in self.values if name == key), None)


class Config(NamedTuple):
    """The configuration of a run. Immutable, and survives pickling.

    What may differ between models is in `plan`; the rest is a field.
    """

    file: File | None  #: the configuration file; None where none was found or asked for
    below: tuple[Layer, ...]  #: profile and file, weakest first
    above: tuple[Layer, ...]  #: command line or call; stronger than overrides
    profile: str
    fail_on: str
    min_severity: str
    format: str
    baseline: str | None
    jobs: int

    def plan(self, path: str) -> Plan:
        """What to run on the model at `path`, a path or `bundle.task::name`."""
        if self.file is None:
            return _plan(self.below + self.above)
        from tflint.config.globs import matches

        root = self.file.root
        between = tuple(
            override.layer
            for override in self.file.overrides
            if any(matches(glob, path, root) for glob in override.models)
        )
        plan = _plan(self.below + between + self.above)
        suppressions = tuple(
            one.suppression for one in self.file.suppressions if matches(one.model, path, root)
        )
        return plan._replace(suppressions=suppressions) if suppressions else plan

    @property
    def processes(self) -> int:
        """Processes to lint with: `jobs`, or one per CPU for 0."""
        if self.jobs:
            return self.jobs
        if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1

    def value(self, key: str) -> Any:
        """The value of an option for models without overrides."""
        return _value(self.below + self.above, key)

    def origin(self, key: str) -> str:
        """The place that sets an option; `default` where none does."""
        layers: tuple[Layer, ...] = self.below + self.above
        for one in layers[::-1]:
            if one.get(key) is not None:
                return one.name
        return "default"


def merge(file: File | None = None, above: Sequence[Layer] = ()) -> Config:
    """The configuration made of a file and of what was given for this run, strongest last."""
    given = ((file.layer,) if file else ()) + tuple(above)
    profile: str = _value(given, "profile")
    below = (profile_layer(profile), file.layer) if file else (profile_layer(profile),)
    layers = below + tuple(above)
    return Config(
        file=file,
        below=below,
        above=tuple(above),
        profile=profile,
        fail_on=_value(layers, "fail-on"),
        min_severity=_value(layers, "min-severity"),
        format=_value(layers, "format"),
        baseline=_value(layers, "baseline"),
        jobs=_value(layers, "jobs"),
    )


def profile_names() -> tuple[str, ...]:
    """Every profile. `default` is always one: without a file of that name it changes nothing."""
    from tflint._generated.profiles import PROFILES

    return tuple(sorted({"default", *PROFILES}))


def profile_layer(name: str) -> Layer:
    """The options a profile sets."""
    from tflint._generated.profiles import PROFILES

    table: Mapping[str, Any] = PROFILES.get(name, {})
    return layer(f"profile {name}", {key: table[key] for key in table if key != "description"})


def layer(name: str, values: Mapping[str, Any]) -> Layer:
    """Checked options as a layer: lists and tables become tuples."""
    pairs = []
    for key, value in values.items():
        if isinstance(value, list):
            value = tuple(value)
        elif isinstance(value, dict):
            value = tuple(value.items())
        pairs.append((key, value))
    return Layer(name, tuple(pairs))


def _value(layers: Sequence[Layer], key: str) -> Any:
    for one in reversed(layers):
        value = one.get(key)
        if value is not None:
            return value
    return BY_KEY[key].default


#: Plans made so far: most models of a run have the same layers.
_plans: dict[tuple[Layer, ...], Plan] = {}


def _plan(layers: tuple[Layer, ...]) -> Plan:
    if layers not in _plans:
        _plans[layers] = _made(layers)
    return _plans[layers]


def _made(layers: tuple[Layer, ...]) -> Plan:
    settings = Settings(
        targets=_value(layers, "targets"),
        allowed_custom_ops=frozenset(_value(layers, "allowed-custom-ops")),
        data=_value(layers, "data"),
    )
    return Plan(_rules(layers), _severities(layers), settings)


def _rules(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The codes to run.

    `select` starts over: nothing weaker layers say about rules counts any more. `ignore` takes
    the place of weaker layers' `ignore`, but not of the profile's. What a stronger layer selects,
    it selects whatever weaker ones ignore.
    """
    infos = rules()
    first = max((i for i, one in enumerate(layers) if one.get("select") is not None), default=-1)
    last_ignore = max(
        (i for i, one in enumerate(layers) if one.get("ignore") is not None), default=-1
    )
    on = set(infos) if first < 0 else set[str]()
    for index, one in enumerate(layers):
        if index < first:
            continue
        ignored: tuple[str, ...] = one.get("extend-ignore") or ()
        if index in (0, last_ignore):  # the profile is the first layer
            ignored += one.get("ignore") or ()
        added = select(
            infos,
            select=one.get("select") or (),
            extend_select=one.get("extend-select") or (),
            ignore=ignored,
        )
        on.difference_update(*(resolve(selector, infos) for selector in ignored))
        on.update(added)
    return tuple(sorted(on))


def _severities(layers: Sequence[Layer]) -> Mapping[str, str]:
    """Severity by code; in one layer the selector of the fewest rules counts."""
    infos = rules()
    found: dict[str, str] = {}
    for one in layers:
        pairs = [(resolve(name, infos), severity) for name, severity in one.get("severity") or ()]
        pairs.sort(key=lambda pair: -len(pair[0]))
        for codes, severity in pairs:
            found.update(dict.fromkeys(codes, severity))
    return found
