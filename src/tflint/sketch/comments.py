"""Comments that say something: marks of expected findings, and settings."""

from __future__ import annotations

import re
import shlex

from tflint.sketch.errors import SketchError
from tflint.sketch.tokens import Comment, clip, tokenize

_SETTINGS = "settings:"
_MARKED = re.compile(r"(error|warning|info)\s*:")
_MARK = re.compile(r"(error|warning|info)\s*:\s*([A-Z][0-9]{3})")


def read_marks(text: str) -> list[tuple[int, str, str]]:
    """Line, severity and code of every mark: `# error: O001, warning: Q002`."""
    found = []
    for comment in tokenize(text)[1]:
        if _MARKED.match(comment.text):
            found += [(comment.line, *_mark(comment, part)) for part in comment.text.split(",")]
    return found


def _mark(comment: Comment, part: str) -> tuple[str, str]:
    match = _MARK.fullmatch(part.strip())
    if match is None:
        raise SketchError(
            comment.line, f"expected a mark such as error: O001, found {clip(part.strip())!r}"
        )
    return match.group(1), match.group(2)


def read_settings(text: str) -> list[tuple[str, str]]:
    """Name and value of every setting on the first line: `# settings: target=runtime:2.14`."""
    found: list[tuple[str, str]] = []
    for at, comment in enumerate(tokenize(text)[1]):
        if not comment.text.startswith(_SETTINGS):
            continue
        if at or text[: text.index("#")].strip():
            raise SketchError(comment.line, "settings belong on the first line")
        try:
            words = shlex.split(comment.text[len(_SETTINGS) :])
        except ValueError as error:
            raise SketchError(comment.line, f"settings: {str(error).lower()}") from None
        for word in words:
            name, equals, value = word.partition("=")
            if not (name and equals):
                raise SketchError(comment.line, f"expected name=value, found {clip(word)!r}")
            found.append((name, value))
    return found
