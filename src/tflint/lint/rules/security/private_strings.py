"""S017 private-strings: see rules/security/S017-private-strings.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S017")

#: What a path into somebody's home directory begins with.
HOMES = ("/usr/local/google/home/", "/home/", "/Users/", ":\\Users\\", ":/Users/")
#: Bytes of a metadata buffer that are searched.
MOST_READ = 1 << 20
#: Characters besides letters and digits in the name of a user, and in a mail address.
NAMELIKE, MAILLIKE = "._-", "._-+%"


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    found: dict[str, list[Location]] = {}
    for place, text in _texts(model):
        for private in _private(text):
            found.setdefault(private, []).append(place)
    for private, places in found.items():
        where = "" if len(places) == 1 else f", in {len(places)} places"
        kind = "mail address" if "@" in private else "path of a home directory"
        yield rule.finding(
            places[0], f"{kind} {private!r}{where}", measured=private, related=tuple(places[1:8])
        )


def _texts(model: Model) -> Iterator[tuple[Location, str]]:
    if model.description:
        yield model.location, model.description
    for entry in model.metadata:
        yield entry.location, entry.name
        yield entry.location, str(entry.data[:MOST_READ], "latin-1")
    for signature in model.signatures:
        yield signature.location, signature.key
    for subgraph in model.subgraphs:
        yield subgraph.location, subgraph.name
        # Names are searched together first: nearly always there is nothing to find.
        names = "\n".join(tensor.name for tensor in subgraph.tensors)
        if "@" in names or any(home in names for home in HOMES):
            for tensor in subgraph.tensors:
                yield tensor.location, tensor.name


def _private(text: str) -> Iterator[str]:
    for home in HOMES:
        at = text.find(home)
        while at >= 0:
            end = _end(text, at + len(home), NAMELIKE)
            # `net/home/dense` is a name scope, no path; `/home/x` inside a longer path was found.
            if end > at + len(home) and (":" in home or not _continues(text, at)):
                yield text[at - (":" in home and at > 0) : end]
            at = text.find(home, at + 1)
    at = text.find("@")
    while at >= 0:
        start = at
        while start and (text[start - 1].isalnum() or text[start - 1] in MAILLIKE):
            start -= 1
        end = _end(text, at + 1, NAMELIKE)
        host, dot, top = text[at + 1 : end].rstrip(NAMELIKE).rpartition(".")
        if start < at and host and dot and top.isascii() and top.isalpha() and len(top) > 1:
            yield text[start : at + 1 + len(host) + 1 + len(top)]
        at = text.find("@", at + 1)


def _continues(text: str, at: int) -> bool:
    """Whether the character before belongs to a name, so that no path begins here."""
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in NAMELIKE)


def _end(text: str, at: int, extra: str) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in extra):
        at += 1
    return at
