"""What a rule says about one place in a model."""

from __future__ import annotations

from tflint.model.location import Location
from tflint.record import NamedTuple

#: From most to least severe. `error`: the model fails or gives wrong results where it is meant to
#: run. `warning`: it probably costs accuracy, speed or portability. `info`: worth knowing.
SEVERITIES = ("error", "warning", "info")
#: Rank of each severity, 0 the most severe.
RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
#: How sure a rule is that what it sees is a problem.
CONFIDENCES = ("high", "medium", "low")


class Finding(NamedTuple):
    """One finding. Rules make it with `Rule.finding`; the engine fills in what the page says.

    Text is lower-case at the start and has no final dot.
    """

    code: str  #: `Q002`
    message: str  #: what is wrong, with measured value and limit
    location: Location
    name: str = ""  #: `float-op-in-int8-model`
    severity: str = ""  #: one of `SEVERITIES`, after profile and configuration
    confidence: str = "high"  #: one of `CONFIDENCES`
    measured: str | None = None  #: the offending value alone, for machines
    limit: str | None = None  #: what it is held against, for machines
    why: str | None = None  #: the consequence
    fix: str | None = None  #: what to do
    related: tuple[Location, ...] = ()  #: other places a reader should look at
    fingerprint: str = ""  #: stable identity, see `lint.fingerprint`
