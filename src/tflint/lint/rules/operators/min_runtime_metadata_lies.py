"""O007 min-runtime-metadata-lies: see rules/operators/O007-min-runtime-metadata-lies.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Model
from tflint.model.metadata import MIN_RUNTIME_VERSION, min_runtime_version
from tflint.model.runtime import oldest_runtime, parse_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O007")

#: Runtimes before this one are of 2019 and earlier: whether a model runs there is of no interest.
OLDEST_IN_USE = (2, 0, 0)


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    promised = min_runtime_version(model)
    if not isinstance(promised, str) or not promised:
        return
    needed = oldest_runtime(model)
    if needed.version is None or needed.deciding is None:
        return
    try:
        wrong = parse_version(promised) < parse_version(needed.version)
    except ValueError:
        return
    if not wrong or parse_version(needed.version) <= OLDEST_IN_USE:
        return
    entry = model.metadata_entry(MIN_RUNTIME_VERSION)
    name, version = needed.deciding
    yield rule.finding(
        entry if entry is not None else model,
        f"the metadata promises runtime {promised}, and {name} version {version} exists since "
        f"{needed.version}",
        measured=promised,
        limit=needed.version,
    )
