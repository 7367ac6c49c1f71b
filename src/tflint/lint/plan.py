"""What to run on a model: the configuration, boiled down for the engine."""

from __future__ import annotations

from tflint.lint.context import Settings
from tflint.lint.finding import Finding
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol
else:
    Protocol = object


class Suppression(NamedTuple):
    """A finding the user has answered in the configuration."""

    rule: str  #: code or name
    location: str  #: glob over the route (`subgraph[0].op[3]`) or the tensor name; `*` for all
    reason: str
    source: str  #: the file and entry it stands in, for the report of unused ones


class Plan(NamedTuple):
    """What to run on one model and how to call it."""

    rules: tuple[str, ...]  #: codes, sorted
    severities: Mapping[str, str] = {}  #: severity by code, where it differs from the page
    settings: Settings = Settings()
    suppressions: tuple[Suppression, ...] = ()


class PlanSource(Protocol):
    """The configuration, as the runner sees it. Must survive pickling."""

    def plan(self, path: str) -> Plan:
        """The plan for the model at `path`: per-model overrides applied.

        Args:
            path: as displayed; `bundle.task::name` inside a bundle.
        """
        ...


def matches(suppression: Suppression, finding: Finding) -> bool:
    """Whether a suppression answers a finding."""
    if suppression.rule not in (finding.code, finding.name):
        return False
    if suppression.location == "*":
        return True
    from fnmatch import fnmatchcase

    # Routes hold brackets, which a glob would read as a set of characters.
    pattern = suppression.location.replace("[", "[[]")
    return fnmatchcase(finding.location.route, pattern) or (
        finding.location.name is not None and fnmatchcase(finding.location.name, pattern)
    )
