"""Findings of one rule that say the same, told once: for the formats that people read."""

from __future__ import annotations

from tflint.record import NamedTuple
from tflint.report.phrases import count, kind, safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tflint.lint.finding import Finding
    from tflint.model.location import Location

#: Places listed in full; the others are only named.
PLACES = 5
#: Related places listed for one finding.
RELATED = 3
#: Kinds of places with a plural in -s, of which one model has several.
COUNTED = ("tensor", "operator", "buffer", "signature", "subgraph")


class Group(NamedTuple):
    """Findings of one rule and severity with the same consequence and remedy."""

    listed: tuple[Finding, ...]  #: to be drawn in full, never empty
    rest: tuple[Finding, ...]  #: to be named only

    @property
    def first(self) -> Finding:
        """The one whose place comes first."""
        return self.listed[0]

    @property
    def size(self) -> int:
        """How many findings it holds."""
        return len(self.listed) + len(self.rest)

    @property
    def common_message(self) -> bool:
        """Whether all of them have the same message."""
        first = self.first
        return all(
            (one.message, one.confidence) == (first.message, first.confidence)
            for one in self.listed + self.rest
        )

    @property
    def places(self) -> str:
        """What it is about, counted: `32 operators`, `2 places` for places of several kinds."""
        kinds = {kind(one.location) for one in self.listed + self.rest}
        noun = kinds.pop() if len(kinds) == 1 else "place"
        return count(self.size, noun if noun in COUNTED else "place")

    def named(self, limit: int) -> str:
        """The places of `rest`, as many as fit `limit` characters: `op[8], op[9], …`."""
        text = ""
        prefix = self._common_subgraph()
        for finding in self.rest:
            route = safe(finding.location.route).removeprefix(prefix)
            longer = f"{text}, {route}" if text else route
            if len(longer) > limit - 3:
                return f"{text}, …" if text else "…"
            text = longer
        return text

    def _common_subgraph(self) -> str:
        """What every route of the group begins with, if they are all in one subgraph."""
        subgraphs = {one.location.subgraph for one in self.listed + self.rest}
        return f"subgraph[{self.first.location.subgraph}]." if len(subgraphs) == 1 else ""


def grouped(findings: Iterable[Finding], *, every: bool = False) -> list[Group]:
    """Groups in order of their first finding; with `every`, all places are listed in full."""
    groups: dict[tuple[str | None, ...], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.code, one.severity, one.why, one.fix), []).append(one)
    cut = None if every else PLACES
    return [
        Group(tuple(members[:cut]), tuple(members[len(members) if cut is None else cut :]))
        for members in groups.values()
    ]


def related(finding: Finding, *, every: bool = False) -> tuple[tuple[Location, ...], int]:
    """The related places to list, and how many are left out."""
    places = finding.related if every else finding.related[:RELATED]
    return places, len(finding.related) - len(places)
