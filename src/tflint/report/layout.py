"""Lines of the text format: columns, wrapping, styles. What is written is `text`'s business."""

from __future__ import annotations

from tflint.report.paint import Paint, clip, columns, wrap
from tflint.report.phrases import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tflint.model.location import Location

#: Columns before a finding's message, and before the text behind a label such as `why`.
BODY, VALUE = 10, 16
#: Prose is not wrapped wider than this, however wide the terminal is.
MEASURE = 100


class Layout:
    """The lines written so far.

    Args:
        width: columns of the terminal.
        color: whether to style.
        whole: names of any length are written out, on as many lines as they need.
    """

    def __init__(self, width: int, *, color: bool, whole: bool) -> None:
        self.width = width
        self.measure = min(width, MEASURE)
        self.paint = Paint(color)
        self.whole = whole
        self.lines: list[str] = []

    def line(self, text: str = "") -> None:
        """A line as it is."""
        self.lines.append(text)

    def title(self, path: str, state: str, facts: str) -> None:
        """A model's path, its state in a word, and its facts, below where they do not fit."""
        text, used = self.paint("strong", path), columns(path)
        if state:
            text += "  " + self.paint("good", state)
            used += 2 + len(state)
        if facts and used + 3 + columns(facts) <= self.width:
            text += "   " + self.paint("faint", facts)
            facts = ""
        self.line(text)
        for line in wrap(facts, self.width - 2):
            self.line("  " + self.paint("faint", line))

    def head(self, style: str, code: str, name: str, field: int, where: Location | str) -> None:
        """A finding's first line; what does not fit of its place goes to the next one.

        Args:
            style: the severity, also written out.
            field: columns for the name.
        """
        name = name.ljust(field)
        text = f"  {self.paint(style, f'{style:<7}')} {self.paint('strong', code)} {name}"
        room = self.width - BODY - len(code) - 1 - len(name) - 3
        full = short = where if isinstance(where, str) else place(where)
        if not isinstance(where, str):
            short = place(where._replace(name=None, path=None))
        start = next((one for one in (full, short) if columns(one) <= room), "")
        style = "faint" if isinstance(where, str) else "place"
        self.line(f"{text}   {self.paint(style, start)}" if start else text.rstrip())
        rest = full[len(start) :].strip()
        if rest:
            self._fit(" " * BODY, BODY, rest)

    def prose(self, indent: int, text: str) -> None:
        """Text of any length."""
        for line in wrap(text, self.measure - indent):
            self.line(" " * indent + line)

    def labelled(self, label: str, text: str, style: str = "faint", url: str | None = None) -> None:
        """Prose behind a label."""
        lead = self._label(label, style)
        for line in wrap(text, self.measure - VALUE):
            self.line(lead + (self.paint.link(line, url) if url else line))
            lead = " " * VALUE

    def places(self, label: str, where: Iterable[Location]) -> None:
        """Places behind one label."""
        lead = self._label(label, "faint")
        for one in where:
            self._fit(lead, VALUE, place(one))
            lead = " " * VALUE

    def aside(self, indent: int, text: str) -> None:
        """A faint remark on one line."""
        self.line(" " * indent + self.paint("faint", clip(text, self.width - indent)))

    def entry(self, label: str, text: str) -> None:
        """A line of the last ones, behind the label of the first of its kind."""
        lead = self.paint("warning", label) + " " * (8 - len(label))
        self.line(lead + clip(text, self.width - 8))

    def last(self, plain: str, styled: str, remarks: str, right: str) -> None:
        """The last line: `styled`, which reads `plain`, remarks, and `right` at the edge.

        Without room, remarks and `right` go to lines of their own.
        """
        if columns(plain + remarks) > self.measure:
            self.line(styled)
            *above, plain = wrap(remarks, self.measure)
            self.lines += above
            styled = plain
        else:
            plain, styled = plain + remarks, styled + remarks
        gap = self.measure - columns(plain) - len(right)
        if gap < 2:
            self.line(styled)
            styled, gap = "", self.measure - len(right)
        self.line(styled + " " * gap + self.paint("faint", right))

    def _label(self, label: str, style: str) -> str:
        return " " * BODY + self.paint(style, label) + " " * (VALUE - BODY - len(label))

    def _fit(self, lead: str, indent: int, text: str) -> None:
        """A name or place behind `lead`: as much as fits one line, or all of it."""
        room = self.width - indent
        for line in wrap(text, room) if self.whole else [clip(text, room)]:
            self.line(lead + self.paint("place", line))
            lead = " " * indent
