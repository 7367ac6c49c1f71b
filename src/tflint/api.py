"""The Python interface: `tflint.load` for facts, `tflint.lint` for findings.

    >>> import tflint
    >>> model = tflint.load("model.tflite")
    >>> model.operator_count
    2
    >>> result = tflint.lint(model, select=["operators"])
    >>> [finding.code for finding in result.findings]
    ['O001']

Nothing is printed, and configuration files are read only where one is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from time import perf_counter

from tflint.config import Config, ConfigError
from tflint.config import load as _load_config
from tflint.config.options import BY_KEY
from tflint.config.values import checked
from tflint.container import NoModels, PathError, members, open_source
from tflint.container.members import SEPARATOR
from tflint.lint.result import Result
from tflint.model import Model
from tflint.model.model import SCHEMA_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["ConfigError", "lint", "load"]


def load(path: str | os.PathLike[str]) -> Model:
    """Opens a model and checks that every part of it can be read.

    The file is mapped, not read: opening a large model costs little, and the map is let go of
    with the last object that was taken from the model.

        >>> import tflint
        >>> model = tflint.load("model.tflite")
        >>> subgraph = model.subgraphs[0]
        >>> [tensor.name for tensor in subgraph.input_tensors]
        ['image']
        >>> subgraph.operators[0].name
        'RELU'

    Args:
        path: a `.tflite` file, or a bundle (`.task`, `.litertlm`, zip) that holds one model;
            `bundle.task::name` is a model in a bundle that holds several.

    Returns:
        The model. Nothing that is asked of it raises for what the file holds.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is no TFLite model, the message says what it is instead; or a bundle
            with several models or without the one named, the message names those it has.
        tflint.flatbuf.FormatError: it is a damaged model.
        tflint.container.BundleError: it is a damaged bundle.
    """
    name = os.fspath(path)
    file, _, wanted = name.partition(SEPARATOR)
    if not wanted or os.path.exists(name):
        file, wanted = name, ""
    names = []
    chosen = None
    with open_source(file) as source:
        for member in members(source, file):
            names.append(member.name)
            if member.name == name or not (wanted or chosen):
                chosen = member
    if chosen is None:
        raise ValueError(f"{file} holds no model {wanted}, only {', '.join(names)}")
    if len(names) > 1 and not wanted:
        raise ValueError(f"{file} holds {len(names)} models, name one: {', '.join(names)}")
    return _checked_model(Model(chosen.data, chosen.name))


def lint(
    path: str | os.PathLike[str] | Model,
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    extend_select: Iterable[str] | None = None,
    extend_ignore: Iterable[str] | None = None,
    profile: str | None = None,
    targets: Iterable[str] | None = None,
    allowed_custom_ops: Iterable[str] | None = None,
    data: bool | None = None,
    config: str | os.PathLike[str] | None = None,
    jobs: int = 1,
) -> Result:
    """Lints a model, a bundle, or every model in a directory.

        >>> import tflint
        >>> result = tflint.lint("model.tflite", targets=["runtime:2.14"])
        >>> result.count("error")
        1
        >>> finding = result.findings[0]
        >>> finding.code, finding.name, finding.severity
        ('O001', 'flex-op', 'error')
        >>> finding.location.route
        'subgraph[0].op[1]'
        >>> tflint.lint("model.tflite", ignore=["O001"]).reaches("error")
        False

    Args:
        path: a file, directory or pattern as on the command line, or a model from `load`.
        select, ignore, extend_select, extend_ignore: rules by code, prefix, name or family,
            or `ALL`; by default every rule runs.
        profile: named set of rules, severities and targets to start from.
        targets: where the model will run: `runtime:2.14`.
        allowed_custom_ops: custom operators the application registers.
        data: False does not read the values of constants.
        config: a configuration file (`tflint.toml` or `pyproject.toml`); the arguments above
            are stronger. None reads no file.
        jobs: processes to lint several files with; 0 for one per CPU.

    Returns:
        The result of the run: findings by model, most severe first. A file that is no model
        or is damaged has a finding that says so.

    Raises:
        OSError: the path, or a file below it, cannot be opened.
        ConfigError: a rule, target, profile or the configuration file is wrong.
    """
    given = {
        "select": select,
        "ignore": ignore,
        "extend-select": extend_select,
        "extend-ignore": extend_ignore,
        "profile": profile,
        "targets": targets,
        "allowed-custom-ops": allowed_custom_ops,
        "data": data,
    }
    settings = _load_config(
        file=None if config is None else os.fspath(config),
        isolated=config is None,
        given=_given(given),
        giver="call",
    )
    if isinstance(path, Model):
        return _lint_model(path, settings)
    return _lint_path(os.fspath(path), settings, jobs)


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that were given, checked."""
    values = {}
    problems = []
    for key, value in arguments.items():
        if value is None:
            continue
        if not isinstance(value, (str, bool)):
            value = list(value)
        try:
            values[key] = checked(BY_KEY[key], value)
        except ValueError as error:
            problems.append(f"`{key.replace('-', '_')}`: {error}")
    if problems:
        raise ConfigError(*problems)
    return values


def _lint_model(model: Model, config: Config) -> Result:
    from tflint.lint.run import lint_one

    started = perf_counter()
    result, _ = lint_one(model, config.plan(model.name))
    seconds = perf_counter() - started
    return Result((result._replace(seconds=seconds),), config.min_severity, seconds=seconds)


def _lint_path(path: str, config: Config, jobs: int) -> Result:
    from tflint.container.discover import expand
    from tflint.lint.run import lint_paths

    def problem(error: PathError) -> None:
        if not isinstance(error, NoModels):
            raise FileNotFoundError(str(error))

    files = [file for file, _ in expand([path], problem)]
    result = lint_paths(files, config, jobs=config._replace(jobs=jobs).processes)
    if result.problems:
        raise OSError("; ".join(f"{one.path}: {one.message}" for one in result.problems))
    return result._replace(min_severity=config.min_severity)


def _checked_model(model: Model) -> Model:
    """The model, if LiteRT's verifier would let it pass."""
    verification = model.verification
    if not verification.refused and model.version == SCHEMA_VERSION:
        return model
    from tflint.container.sniff import identify

    kind = identify(model.data)
    if kind is not None:
        raise ValueError(f"{model.name} is no TFLite model: {kind.sentence}")
    for error in verification.errors:
        if error.refused:
            raise error
    return model
