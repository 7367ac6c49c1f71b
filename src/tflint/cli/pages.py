"""Markdown at a terminal: the part of it that rule pages are written in."""

from __future__ import annotations

import re

from tflint.report.paint import Paint, columns
from tflint.report.phrases import reference_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Prose is not wrapped wider than this, however wide the terminal is.
PROSE = 88
#: Columns before code.
CODE = 4

_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\S*)")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"(\s*)([-*+]|\d+[.)])\s+(.*)")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|(?<![\w*])\*(?P<soft>[^*\s][^*]*)\*(?![\w*])"
    r"|\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)"
    r"|(?P<url>https://[^\s)>,]+[^\s)>,.;:])"
    r"|(?P<thread>\b[\w.-]+/[\w.-]+#\d+\b)"
)
_CELL = re.compile(r"(?<!\\)\|")
#: The mark of a sketch line that a rule reports: `# error: Q002, warning: O006`.
_MARK = re.compile(r"#\s*((?:(?:error|warning|info): \w+(?:, )?)+)\s*$")


def draw(text: str, width: int, paint: Paint) -> str:
    """Markdown as lines for a terminal: headings, wrapped prose, code, lists, tables, links."""
    drawing = _Drawing(min(width, PROSE), paint)
    lines: list[str] = []
    for block in _blocks(text.splitlines()):
        drawn = drawing.block(block)
        if lines and not (drawing.tight and lines[-1]):
            lines.append("")
        lines += drawn
    return "".join(f"{line}\n" for line in lines)


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Headings, fenced code, tables, list items and paragraphs, without the blank lines."""
    block: list[str] = []
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if fence:
            block.append(line)
            if line.strip() == fence:
                yield block
                block, fence = [], ""
            continue
        starts = opening or _HEADING.match(line) or _ITEM.match(line)
        other = block and line.startswith("|") != block[0].startswith("|")
        if block and (starts or other or not line.strip()):
            yield block
            block = []
        if opening:
            fence = opening[1]
        if line.strip():
            block.append(line)
        if block and not fence and _HEADING.match(line):
            yield block
            block = []
    if block:
        yield block


class _Drawing:
    def __init__(self, width: int, paint: Paint) -> None:
        self.width = width
        self.paint = paint
        #: Whether the last block goes on a list that the one before it began.
        self.tight = False
        self._list = ""

    def block(self, block: list[str]) -> list[str]:
        heading = _HEADING.match(block[0])
        item = _ITEM.match(block[0])
        kind = "" if item is None else "bullet" if item[2] in "-*+" else "number"
        self.tight = kind == self._list != ""
        self._list = kind
        if heading:
            return self._heading(len(heading[1]), heading[2])
        if _FENCE.match(block[0]):
            return "\n".join(map(self._code, block[1:-1])).strip("\n").split("\n")
        if block[0].startswith("|"):
            return self._table(block)
        if item:
            indent = " " * (len(item[1]) + 2)
            bullet = "•" if kind == "bullet" else item[2]
            words = " ".join([item[3], *(line.strip() for line in block[1:])])
            return self._prose(words, f"{indent}{bullet} ", " " * (len(indent) + len(bullet) + 1))
        if block[0].startswith(">"):
            words = " ".join(line.lstrip("> ") for line in block)
            return self._prose(words, "  │ ", "  │ ")
        return self._prose(" ".join(line.strip() for line in block), "", "")

    def _heading(self, level: int, text: str) -> list[str]:
        drawn = self.paint("strong", _plain(text))
        if level == 1:
            return [drawn, self.paint("faint", "─" * min(columns(_plain(text)), self.width))]
        return [drawn]

    def _prose(self, text: str, first: str, rest: str) -> list[str]:
        lines, lead, line, used = [], first, "", columns(first)
        for word, size in self._words(text):
            if line and used + 1 + size > self.width:
                lines.append(lead + line)
                lead, line, used = rest, "", columns(rest)
            line = f"{line} {word}" if line else word
            used += size + (1 if line != word else 0)
        return [*lines, lead + line]

    def _words(self, text: str) -> Iterator[tuple[str, int]]:
        """The words of a text, styled, each with its columns: escapes have none."""
        word, size = "", 0
        for shown, styled in self._pieces(text):
            if shown.isspace():
                if word:
                    yield word, size
                word, size = "", 0
            else:
                word += styled
                size += columns(shown)
        if word:
            yield word, size

    def _pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """Words, parts of words and the spaces between: as seen, and with escapes."""
        end = 0
        for match in _INLINE.finditer(text):
            yield from self._split(text[end : match.start()])
            yield from self._span(match)
            end = match.end()
        yield from self._split(text[end:])

    def _span(self, match: re.Match[str]) -> Iterator[tuple[str, str]]:
        kind, paint = match.lastgroup, self.paint
        if kind == "target":
            words, target = match["text"], match["target"]
            url = reference_url(target)
            if paint.on and url:
                for shown, _ in self._split(_plain(words)):
                    yield shown, shown if shown.isspace() else paint.link(shown, url)
            else:
                yield from self._split(f"{words} ({target})")
        elif kind in ("url", "thread"):
            yield match[0], paint.link(match[0], reference_url(match[0]) or match[0])
        elif paint.on:
            style = "fix" if kind == "code" else "strong"
            yield from self._split(match[kind or 0], style)
        else:
            yield from self._split(match[0])

    def _split(self, text: str, style: str = "") -> Iterator[tuple[str, str]]:
        for piece in re.findall(r"\s+|\S+", text):
            yield piece, self.paint(style, piece) if style and not piece.isspace() else piece

    def _code(self, line: str) -> str:
        mark = _MARK.search(line)
        if mark is None:
            return (" " * CODE + line).rstrip()
        severity = mark[1].partition(":")[0]
        return " " * CODE + line[: mark.start()] + self.paint(severity, line[mark.start() :])

    def _table(self, block: list[str]) -> list[str]:
        """A table whose columns are as wide as their widest cell; it is not wrapped."""
        rows = [[cell.strip() for cell in _CELL.split(line.strip().strip("|"))] for line in block]
        rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
        widths = [
            max(columns(_plain(row[i])) if i < len(row) else 0 for row in rows)
            for i in range(max(map(len, rows)))
        ]
        lines = []
        for number, row in enumerate(rows):
            cells = [
                _plain(cell) + " " * (width - columns(_plain(cell)))
                for cell, width in zip(row, widths, strict=False)
            ]
            line = "  " + "  ".join(cells).rstrip()
            lines.append(self.paint("strong", line) if number == 0 else line)
        return lines


def _plain(text: str) -> str:
    """Inline Markdown as it reads without its marks."""
    return _INLINE.sub(
        lambda match: next(filter(None, match.group("code", "strong", "soft", "text", 0))), text
    ).replace("\\|", "|")
