"""The errors of this package: a damaged bundle, and a path that leads to no model."""

from __future__ import annotations


class BundleError(Exception):
    """A zip or LiteRT-LM bundle whose models cannot be read.

    Attributes:
        message: what is wrong, one clause.
        offset: byte offset in the file at which it was seen.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(f"byte {offset}: {message}")
        self.message = message
        self.offset = offset


class PathError(Exception):
    """A path from the command line that cannot be linted.

    Attributes:
        path: the path as given.
        message: what is wrong with it, one clause.
        hint: what to do instead; empty when there is nothing to suggest.
    """

    def __init__(self, path: str, message: str, hint: str = "") -> None:
        super().__init__(f"{path}: {message}{'; ' if hint else ''}{hint}")
        self.path = path
        self.message = message
        self.hint = hint


class NoModels(PathError):
    """A directory that was searched and holds no model: a notice rather than wrong usage."""
