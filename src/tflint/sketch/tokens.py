"""Text to tokens: names, numbers, quoted strings, tensor indices, bytes and punctuation."""

from __future__ import annotations

import re
from typing import NamedTuple

from tflint.sketch.errors import SketchError

# Token kinds.
NAME, NUMBER, STRING, INDEX, BYTES, PUNCT, NEWLINE, END = (
    "name", "number", "string", "index", "bytes", "punct", "newline", "end",
)  # fmt: skip

#: What a name looks like when it needs no quotes.
BARE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_/.:;-]*")

#: Longest number: far above any value of the schema, far below what is slow to convert.
MAX_DIGITS = 64

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r]+|\\[ \t\r]*\n)
  | (?P<newline>\n)
  | (?P<hex>hex\([0-9a-fA-F\s]*\))
  | (?P<omitted>data\([ ]*[0-9a-f]+[ ]*,[ ]*(?P<size>[0-9]+)[ ]+bytes[ ]*\))
  | (?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![A-Za-z0-9_.])
              |[-+](?:inf|nan)(?![A-Za-z0-9_]))
  | (?P<name>[A-Za-z_][A-Za-z0-9_/.:;-]*)
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<index>\#-?[0-9]+(?![A-Za-z0-9_.]))
  | (?P<comment>\#[^\n]*)
  | (?P<punct>[][(){},=@?*-])
    """,
    re.VERBOSE,
)
#: What is wrong where these words and a parenthesis are read as no more than a word.
_FORMS = {
    "hex": "hex() expects pairs of hexadecimal digits",
    "data": "data() expects a digest and a size, as data(3f2a, 64 bytes)",
}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_PAIRS = {"(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    """One token; the text of a string is without quotes and escapes."""

    kind: str
    text: str
    line: int
    data: bytes = b""  #: of BYTES
    omitted: bool = False  #: BYTES whose value the text leaves out: `data(3f2a, 64 bytes)`


class Comment(NamedTuple):
    """What follows a `#`, without it and without surrounding blanks."""

    line: int
    text: str
    alone: bool  #: whether nothing else is on its line


def tokenize(text: str) -> tuple[list[Token], list[Comment]]:
    """The tokens and the comments of a sketch.

    A line break inside brackets or after a backslash is no token.

    Raises:
        SketchError: a character no token begins with, a bad string or bytes, an open bracket.
    """
    tokens: list[Token] = []
    comments: list[Comment] = []
    opened: list[Token] = []
    line, at = 1, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at, line)
        at = match.end()
        kind = match.lastgroup or ""
        found = match.group()
        if kind == "size":  # the last group closed inside `omitted`
            kind = "omitted"
        if found in _FORMS and text.startswith("(", at):
            raise SketchError(line, _FORMS[found])
        if kind == "comment":
            alone = not tokens or tokens[-1].line != line
            comments.append(Comment(line, found[1:].strip(), alone))
        elif kind == "newline":
            if not opened and tokens and tokens[-1].kind != NEWLINE:
                tokens.append(Token(NEWLINE, "", line))
        elif kind != "space":
            token = _token(kind, match, line)
            if token.kind == PUNCT:
                _balance(token, opened)
            tokens.append(token)
        line += found.count("\n")
    if opened:
        raise SketchError(opened[-1].line, f"this {opened[-1].text} is never closed")
    tokens.append(Token(END, "", line))
    return tokens, comments


def _token(kind: str, match: re.Match[str], line: int) -> Token:
    found = match.group()
    if kind == "hex":
        digits = "".join(found[4:-1].split())
        if len(digits) % 2:
            raise SketchError(line, f"hex() of {len(digits)} digits, two per byte expected")
        return Token(BYTES, "hex()", line, bytes.fromhex(digits))
    if kind == "omitted":
        size = match.group("size")
        if len(size) > MAX_DIGITS:
            raise SketchError(line, f"number of {len(size)} digits, at most {MAX_DIGITS} expected")
        # The size stands in `text`: whoever wants the zeros checks it against the limit first.
        return Token(BYTES, size, line, omitted=True)
    if kind in (NUMBER, INDEX) and len(found) > MAX_DIGITS:
        raise SketchError(line, f"number of {len(found)} digits, at most {MAX_DIGITS} expected")
    if kind == STRING:
        return Token(STRING, _unquote(found[1:-1], line), line)
    return Token(kind, found, line)


def _balance(token: Token, opened: list[Token]) -> None:
    if token.text in _PAIRS:
        opened.append(token)
    elif token.text in ")]}":
        if not opened:
            raise SketchError(token.line, f"{token.text} closes nothing")
        expected = _PAIRS[opened[-1].text]
        if token.text != expected:
            raise SketchError(
                token.line,
                f"expected {expected} to close the {opened[-1].text} of line {opened[-1].line}, "
                f"found {token.text}",
            )
        opened.pop()


def _unreadable(text: str, at: int, line: int) -> SketchError:
    rest = text[at:].split("\n", 1)[0]
    if rest.startswith('"'):
        return SketchError(line, "this string has no closing quote")
    if rest[0] in "+-.#" or rest[0].isdigit():
        word = re.match(r"[^\s,()\[\]{}=]*", rest)
        return SketchError(line, f"expected a number, found {clip(word.group() if word else rest)}")
    return SketchError(line, f"unexpected character {rest[0]!r}")


def _unquote(text: str, line: int) -> str:
    """The string that a quoted text stands for; bytes that are not UTF-8 become surrogates."""
    if "\\" not in text:
        return _utf8(text, line).decode("utf-8", "surrogateescape")
    parts, at = [], 0
    for match in _ESCAPE.finditer(text):
        parts.append(_utf8(text[at : match.start()], line))
        code, letter = match.groups()
        if code is not None:
            parts.append(bytes.fromhex(code))
        elif letter in _ESCAPED:
            parts.append(_ESCAPED[letter].encode())
        else:
            raise SketchError(
                line, f'unknown escape \\{letter}, expected \\" \\\\ \\n \\t or \\xNN'
            )
        at = match.end()
    parts.append(_utf8(text[at:], line))
    return b"".join(parts).decode("utf-8", "surrogateescape")


def _utf8(text: str, line: int) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise SketchError(line, "this string has a character that UTF-8 cannot hold") from None


def raw_bytes(text: str) -> bytes:
    """The bytes of a string token."""
    return text.encode("utf-8", "surrogateescape")


def quote(text: str) -> str:
    """A string in quotes, so that `tokenize` reads it back."""
    parts = []
    for char in text:
        if char in '"\\':
            parts.append("\\" + char)
        elif char == "\n":
            parts.append("\\n")
        elif char == "\t":
            parts.append("\\t")
        elif char.isprintable():
            parts.append(char)
        else:
            parts.extend(f"\\x{byte:02x}" for byte in raw_bytes(char))
    return '"' + "".join(parts) + '"'


def written(name: str) -> str:
    """A name as a sketch writes it: quoted only when it must be."""
    return name if BARE_NAME.fullmatch(name) else quote(name)


def clip(text: str, limit: int = 40) -> str:
    """Text for a message, cut when it is long."""
    return text if len(text) <= limit else text[: limit - 3] + "..."
