"""What a run found: the only thing reporters and exit codes look at."""

from __future__ import annotations

from tflint.lint.finding import RANK, Finding
from tflint.record import NamedTuple


class Facts(NamedTuple):
    """A model in one line."""

    size: int  #: bytes
    operators: int
    subgraphs: int
    scheme: str  #: `full-integer int8`, see `model.scheme`
    oldest_runtime: str | None  #: `2.14.0`; None when an operator is unknown to every runtime


class Suppressed(NamedTuple):
    """A finding the user has answered, and how."""

    finding: Finding
    reason: str  #: the reason given in the configuration, or `baseline`


class ModelResult(NamedTuple):
    """One model."""

    path: str  #: as the user would type it; `bundle.task::name` inside a bundle
    facts: Facts | None  #: None when the file could not be read as a model
    findings: tuple[Finding, ...]  #: most severe first, then by location
    suppressed: tuple[Suppressed, ...] = ()
    seconds: float = 0.0

    def count(self, severity: str) -> int:
        """Findings of one severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


class Unused(NamedTuple):
    """A baseline entry or suppression that matched nothing."""

    source: str  #: the file it stands in
    what: str  #: code and location, or the pattern


class Problem(NamedTuple):
    """A path that could not be looked at: the exit code is 2, whatever else was found."""

    path: str
    message: str


class Result(NamedTuple):
    """A whole run."""

    models: tuple[ModelResult, ...]
    min_severity: str = "info"  #: findings below are counted and not shown
    unused: tuple[Unused, ...] = ()
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every model that is not suppressed."""
        return tuple(finding for model in self.models for finding in model.findings)

    def shown(self, finding: Finding) -> bool:
        """Whether the finding is at or above `min_severity`."""
        return RANK[finding.severity] <= RANK[self.min_severity]

    def count(self, severity: str) -> int:
        """Findings of one severity over all models."""
        return sum(model.count(severity) for model in self.models)

    def reaches(self, fail_on: str) -> bool:
        """Whether a finding is at or above `fail_on`; never for `never`."""
        limit = RANK.get(fail_on, -1)
        return any(RANK[finding.severity] <= limit for finding in self.findings)
