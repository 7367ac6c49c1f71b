"""Tokens to values: numbers, words, lists, tables, tensor references, constant data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tflint.sketch.errors import SketchError, did_you_mean
from tflint.sketch.syntax import (
    Attribute,
    Bytes,
    Data,
    Fields,
    Items,
    Number,
    Ref,
    Text,
    Value,
    Word,
)
from tflint.sketch.tokens import (
    BYTES,
    END,
    INDEX,
    NAME,
    NEWLINE,
    NUMBER,
    PUNCT,
    STRING,
    Token,
    clip,
)
from tflint.sketch.vocabulary import DATA_WORDS, VALUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

#: Most bytes of constants in one sketch: enough for real models, no danger to the machine.
MAX_BYTES = 256 << 20
#: Deepest nesting of lists and tables in a value; the schema needs four.
MAX_DEPTH = 16


class Budget:
    """What is left of the bytes one sketch may hold."""

    def __init__(self) -> None:
        self.left = MAX_BYTES

    def spend(self, count: int, line: int) -> None:
        """Takes `count` bytes; raises `SketchError` when there are not as many left."""
        if count > self.left:
            raise SketchError(
                line, f"constants of more than {MAX_BYTES >> 20} MiB, the most a sketch may hold"
            )
        self.left -= count


class Cursor:
    """A position in the tokens of a sketch."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.budget = Budget()

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def following(self) -> Token:
        """The token after the next."""
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def next(self) -> Token:
        found = self.tokens[self.at]
        if found.kind != END:
            self.at += 1
        return found

    def is_punct(self, text: str) -> bool:
        return self.token.kind == PUNCT and self.token.text == text

    def accept(self, text: str) -> bool:
        """Whether the next token is this punctuation; then it is passed."""
        if self.is_punct(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str, where: str) -> Token:
        if not self.is_punct(text):
            raise self.unexpected(f"{text} {where}")
        return self.next()

    def unexpected(self, expected: str) -> SketchError:
        return SketchError(self.token.line, f"expected {expected}, found {describe(self.token)}")

    def ends(self) -> bool:
        return self.token.kind in (NEWLINE, END)

    def end_line(self, expected: str) -> None:
        if not self.ends():
            raise self.unexpected(expected)
        self.next()


def describe(token: Token) -> str:
    """A token as messages name it."""
    if token.kind in (NEWLINE, END):
        return "the end of the line"
    if token.kind == STRING:
        return f'"{clip(token.text)}"'
    return clip(token.text)


def whole(cursor: Cursor, what: str, low: int, high: int) -> int:
    """A whole number between `low` and `high`."""
    if cursor.token.kind != NUMBER:
        raise cursor.unexpected(f"the {what}")
    token = cursor.next()
    return bounded(token.text, what, low, high, token.line)


def bounded(text: str, what: str, low: int, high: int, line: int) -> int:
    """The whole number that `text` stands for, between `low` and `high`."""
    try:
        value = int(text)
    except ValueError:
        raise SketchError(line, f"{what} {clip(text) or '?'} is no whole number") from None
    if not low <= value <= high:
        raise SketchError(line, f"{what} {clip(text)}, expected {low} to {high}")
    return value


def name(cursor: Cursor, what: str) -> str | None:
    """A name; None for `-`."""
    if cursor.accept("-"):
        return None
    if cursor.token.kind not in (NAME, STRING):
        raise cursor.unexpected(what)
    return cursor.next().text


def reference(cursor: Cursor) -> Ref:
    """A tensor by name, by `#index`, or `-` for the optional tensor that is left out."""
    token = cursor.token
    if token.kind == INDEX:
        cursor.next()
        number = bounded(token.text[1:], "tensor index", -(2**31), 2**32 - 1, token.line)
        return Ref(None, number, token.line)
    if cursor.accept("-"):
        return Ref(None, -1, token.line)
    if token.kind not in (NAME, STRING):
        raise cursor.unexpected("a tensor: its name, #index, or - for none")
    cursor.next()
    return Ref(token.text, 0, token.line)


def is_attribute(cursor: Cursor) -> bool:
    """Whether `name=` comes next."""
    following = cursor.following
    return cursor.token.kind == NAME and following.kind == PUNCT and following.text == "="


def attributes(cursor: Cursor, depth: int = 0) -> tuple[Attribute, ...]:
    """`name=value` as often as it comes."""
    found: list[Attribute] = []
    seen: set[str] = set()
    while is_attribute(cursor):
        token = cursor.next()
        cursor.next()
        if token.text in seen:
            raise SketchError(token.line, f"{token.text} is given twice")
        seen.add(token.text)
        found.append(Attribute(token.text, value(cursor, depth), token.line))
        if depth:
            cursor.accept(",")
    return tuple(found)


def value(cursor: Cursor, depth: int = 0) -> Value:
    """The value of an attribute."""
    token = cursor.token
    if depth > MAX_DEPTH:
        raise SketchError(token.line, f"values nest more than {MAX_DEPTH} deep")
    if token.kind == NUMBER:
        cursor.next()
        return Number(token.text, token.line)
    if token.kind == STRING:
        cursor.next()
        return Text(token.text, token.line)
    if is_raw(cursor):
        return Bytes(raw(cursor), False, token.line)
    if token.kind == INDEX or cursor.is_punct("-"):
        return reference(cursor)
    if token.kind == NAME:
        cursor.next()
        if token.text == "external" and is_raw(cursor):
            return Bytes(raw(cursor), True, token.line)
        if cursor.is_punct("{"):
            return _fields(cursor, token.text, depth)
        return Word(token.text, token.line)
    if cursor.is_punct("{"):
        return _fields(cursor, None, depth)
    if cursor.is_punct("(") or cursor.is_punct("["):
        return _items(cursor, depth)
    raise cursor.unexpected("a value")


def _items(cursor: Cursor, depth: int) -> Items:
    opened = cursor.next()
    close = ")" if opened.text == "(" else "]"
    items = []
    while not cursor.accept(close):
        items.append(value(cursor, depth + 1))
        cursor.accept(",")
    return Items(tuple(items), opened.line)


def _fields(cursor: Cursor, table: str | None, depth: int) -> Fields:
    line = cursor.next().line
    found = attributes(cursor, depth + 1)
    cursor.expect("}", "or a field as name=value")
    return Fields(table, found, line)


def is_raw(cursor: Cursor) -> bool:
    """Whether bytes come next: `hex(..)`, `bytes(..)`, `data(..)`."""
    token, following = cursor.token, cursor.following
    zeros = token.kind == NAME and token.text == "bytes"
    return token.kind == BYTES or (zeros and following.kind == PUNCT and following.text == "(")


def raw(cursor: Cursor) -> bytes:
    """The bytes that come next; zeros where the text leaves them out."""
    token = cursor.next()
    if token.kind == NAME:
        cursor.expect("(", "after bytes")
        size = whole(cursor, "number of bytes", 0, MAX_BYTES)
        cursor.expect(")", "to close bytes()")
    elif token.omitted:
        size = bounded(token.text, "number of bytes", 0, MAX_BYTES, token.line)
    else:
        cursor.budget.spend(len(token.data), token.line)
        return token.data
    cursor.budget.spend(size, token.line)
    return bytes(size)


def starts_data(cursor: Cursor) -> bool:
    """Whether what comes next is the data of a constant rather than an operator."""
    token = cursor.token
    return token.kind in (NUMBER, STRING, BYTES) or (
        token.kind == NAME and token.text in DATA_WORDS
    )


def data(cursor: Cursor) -> Data:
    """The data of a constant: what follows `=`."""
    token = cursor.token
    if token.kind == NAME and token.text == "external":
        cursor.next()
        if cursor.is_punct("("):
            return _placed(cursor, token.line)
        return data_inside(cursor)._replace(outside=True, line=token.line)
    return data_inside(cursor)


def _placed(cursor: Cursor, line: int) -> Data:
    """`external(offset=.., size=..)`: where the bytes lie, in this file or not."""
    cursor.expect("(", "after external")
    found = {item.name: item.value for item in attributes(cursor, 1)}
    cursor.expect(")", "to close external(offset=.., size=..)")
    numbers = []
    for key in ("offset", "size"):
        item = found.pop(key, None)
        if not isinstance(item, Number):
            raise SketchError(line, f"external() without {key}=")
        numbers.append(item)
    for key in found:
        raise SketchError(line, f"external() takes offset and size, not {key}")
    return Data("at", tuple(numbers), b"", True, line)


def data_inside(cursor: Cursor) -> Data:
    """Data without the word `external`."""
    token = cursor.token
    line = token.line
    if is_raw(cursor):
        return Data("raw", (), raw(cursor), False, line)
    if token.kind == STRING:
        texts = []
        while cursor.token.kind == STRING:
            texts.append(Text(cursor.next().text, line))
        return Data("strings", tuple(texts), b"", False, line)
    if token.kind == NUMBER or (token.kind == NAME and token.text in VALUE_WORDS):
        return Data("values", _values(cursor), b"", False, line)
    if token.kind != NAME or token.text not in _FORMS:
        known = {*_FORMS, "bytes", "hex"}
        suggestion = did_you_mean(token.text, known) if token.kind == NAME else ""
        raise SketchError(
            line,
            f"expected data (numbers, strings, fill(), seq, random(), bytes(), hex(), same()), "
            f"found {describe(token)}{suggestion}",
        )
    cursor.next()
    return _FORMS[token.text](cursor, line)


def _values(cursor: Cursor) -> tuple[Number | Word, ...]:
    found: list[Number | Word] = []
    while True:
        token = cursor.token
        if token.kind == NUMBER:
            found.append(Number(token.text, token.line))
        elif token.kind == NAME and token.text in VALUE_WORDS:
            found.append(Word(token.text, token.line))
        else:
            return tuple(found)
        cursor.next()


def _arguments(cursor: Cursor, form: str) -> tuple[Number | Word, ...]:
    cursor.expect("(", f"after {form}")
    found: list[Number | Word] = []
    while not cursor.accept(")"):
        more = _values(cursor)
        if not more:
            raise cursor.unexpected(f"a number or ) in {form}()")
        found.extend(more)
        cursor.accept(",")
    return tuple(found)


def _counted(form: str, low: int, high: int, usage: str) -> Callable[[Cursor, int], Data]:
    """A reader of `form` with `low` to `high` numbers."""

    def read(cursor: Cursor, line: int) -> Data:
        found = _arguments(cursor, form) if low or cursor.is_punct("(") else ()
        if not low <= len(found) <= high:
            raise SketchError(line, f"{form}() with {len(found)} values, expected {usage}")
        return Data(form, found, b"", False, line)

    return read


def _same(cursor: Cursor, line: int) -> Data:
    cursor.expect("(", "after same")
    found = reference(cursor)
    cursor.expect(")", "to close same()")
    return Data("same", (found,), b"", False, line)


_FORMS: dict[str, Callable[[Cursor, int], Data]] = {
    "fill": _counted("fill", 1, 1, "fill(value)"),
    "seq": _counted("seq", 0, 2, "seq, seq(start) or seq(start, step)"),
    "random": _counted("random", 0, 1, "random or random(seed)"),
    "same": _same,
}
