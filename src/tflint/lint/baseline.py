"""Findings accepted as they are: new ones fail, old ones do not, and the file says which is which.

The file is JSON: `{"version": 1, "models": {PATH: [{"code", "fingerprint", "location",
"message"}]}}`. Paths are relative to the baseline's folder, with forward slashes. Location and
message are for the reader; only code and fingerprint are compared.
"""

from __future__ import annotations

import os

from tflint.lint.finding import Finding
from tflint.lint.result import ModelResult, Result, Suppressed, Unused
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

#: Version of the file format.
VERSION = 1
#: The reason given for a finding that the baseline holds.
REASON = "baseline"


class BaselineError(ValueError):
    """A baseline file that cannot be used; the message says why."""


class Baseline(NamedTuple):
    """A baseline file."""

    path: str
    entries: dict[str, dict[str, dict[str, str]]]  #: by model path, then by fingerprint


def read(path: str) -> Baseline:
    """Reads a baseline file.

    Raises:
        OSError: it cannot be opened.
        BaselineError: it is not a baseline file of a version this tflint reads.
    """
    import json

    with open(path, "rb") as file:
        content = file.read()
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: not JSON: {error}") from None
    if not isinstance(document, dict) or "version" not in document:
        raise BaselineError(f"{path}: not a tflint baseline: no `version`")
    if document["version"] != VERSION:
        raise BaselineError(
            f"{path}: baseline version {document['version']}, this tflint reads {VERSION}"
        )
    models = document.get("models")
    if not isinstance(models, dict):
        raise BaselineError(f"{path}: not a tflint baseline: no `models`")
    entries = {model: _entries(path, model, listed) for model, listed in models.items()}
    return Baseline(path, entries)


def _entries(path: str, model: str, listed: Any) -> dict[str, dict[str, str]]:
    if not isinstance(listed, list):
        raise BaselineError(f"{path}: entries of {model} are not a list")
    found = {}
    for entry in listed:
        if not isinstance(entry, dict) or not all(
            isinstance(entry.get(key), str) for key in ("code", "fingerprint")
        ):
            raise BaselineError(f"{path}: an entry of {model} lacks `code` or `fingerprint`")
        found[entry["fingerprint"]] = entry
    return found


def apply(result: Result, baseline: Baseline) -> Result:
    """Moves the findings the baseline holds to `suppressed`; entries that match none are unused.

    Entries of models that were not part of this run are left alone.
    """
    models, unused = [], []
    for model in result.models:
        entries = dict(baseline.entries.get(_key(model.path, baseline.path), {}))
        kept, suppressed = [], list(model.suppressed)
        for finding in model.findings:
            entry = entries.get(finding.fingerprint)
            if entry is not None and entry["code"] == finding.code:
                del entries[finding.fingerprint]
                suppressed.append(Suppressed(finding, REASON))
            else:
                kept.append(finding)
        models.append(model._replace(findings=tuple(kept), suppressed=tuple(suppressed)))
        unused += [
            Unused(baseline.path, f"{entry['code']} {model.path}:{entry.get('location', '')}")
            for entry in entries.values()
        ]
    return result._replace(models=tuple(models), unused=(*result.unused, *unused))


def render(result: Result, path: str, present: Baseline | None = None) -> str:
    """The text of a baseline file at `path` that holds every finding of the result.

    Findings that were accepted before stay; those suppressed by the configuration do not enter.

    Args:
        result: the run, with the present baseline applied.
        path: where the text is to be written.
        present: the baseline at `path` now: its entries for models outside this run stay.
    """
    import json

    models: dict[str, list[dict[str, str]]] = {}
    for key, entries in (present.entries if present else {}).items():
        models[key] = list(entries.values())
    for model in result.models:
        accepted = [*model.findings, *_baselined(model)]
        models[_key(model.path, path)] = [_entry(finding) for finding in accepted]
    models = {key: entries for key, entries in models.items() if entries}
    document = {"version": VERSION, "models": dict(sorted(models.items()))}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _baselined(model: ModelResult) -> Iterable[Finding]:
    return (item.finding for item in model.suppressed if item.reason == REASON)


def _entry(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "fingerprint": finding.fingerprint,
        "location": finding.location.route,
        "message": finding.message,
    }


def _key(model: str, baseline: str) -> str:
    """A model's path relative to the baseline's folder, with forward slashes."""
    folder = os.path.dirname(os.path.abspath(baseline))
    try:
        return os.path.relpath(os.path.abspath(model), folder).replace(os.sep, "/")
    except ValueError:  # another drive on Windows
        return model.replace(os.sep, "/")
