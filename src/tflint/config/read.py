"""A configuration file's text and tables, and the line on which a key stands."""

from __future__ import annotations

import os
import tomllib

from tflint.config.errors import ConfigError
from tflint.container.wording import reason
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: Where the options stand in a pyproject.toml.
TABLE = ("tool", "tflint")


class Document(NamedTuple):
    """A configuration file."""

    path: str
    text: str
    prefix: tuple[str, ...]  #: keys that lead to the options
    table: dict[str, Any]  #: the options

    def where(self, *keys: str | int, item: str | None = None) -> str:
        """`path:line` of a key, or the path alone where the line is not found.

        Args:
            keys: from the options down; an integer is an entry of an array of tables.
            item: a string in the value of the key, on a line of its own perhaps.
        """
        line = line_of(self.text, (*self.prefix, *keys), item)
        return f"{self.path}:{line}" if line else self.path

    def entry(self, name: str, index: int) -> str:
        """`path:line` of an entry of an array of tables, found without reading TOML again."""
        header = f"[[{'.'.join((*self.prefix, name))}]]"
        found = [
            number
            for number, line in enumerate(self.text.splitlines(), 1)
            if line.strip().startswith(header)
        ]
        if len(found) == len(self.table[name]):
            return f"{self.path}:{found[index]}"
        return f"{self.path} [[{name}]] {index + 1}"


def read(path: str) -> Document:
    """Reads a configuration file.

    Raises:
        ConfigError: it cannot be opened, is not TOML in UTF-8, or is a pyproject.toml without
            a `[tool.tflint]` table.
    """
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be opened: {reason(error)}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8: byte {error.start}") from None
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(_syntax(path, text, error)) from None
    if os.path.basename(path) != "pyproject.toml":
        return Document(path, text, (), table)
    tool = table.get(TABLE[0])
    ours = tool.get(TABLE[1]) if isinstance(tool, dict) else None
    if not isinstance(ours, dict):
        raise ConfigError(f"{path}: no [tool.tflint] table in it")
    return Document(path, text, TABLE, ours)


def has_table(content: bytes) -> bool:
    """Whether the text of a pyproject.toml has options for tflint.

    One that cannot be read counts as having them, so that the error is shown and not passed over.
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return True
    tool = table.get(TABLE[0])
    return isinstance(tool, dict) and TABLE[1] in tool


def _syntax(path: str, text: str, error: Exception) -> str:
    message = str(error)
    message = message[:1].lower() + message[1:]
    what, found, place = message.rpartition(" (at ")
    if not found:
        return f"{path}: not TOML: {message}"
    line = place.removeprefix("line ").partition(",")[0]
    if not line.isdecimal():
        line = str(max(1, len(text.splitlines())))
        what = f"{what} at the end of the file"
    return f"{path}:{line}: not TOML: {what}"


def line_of(text: str, keys: Sequence[str | int], item: str | None = None) -> int | None:
    """The line, from 1, of the statement that first brings a key; None where none is found.

    tomllib tells no positions, but whole statements from the start of a file are TOML again:
    before the statement the key is not there, behind it it is.
    """
    lines = text.splitlines(keepends=True)
    name = next((key for key in reversed(keys) if isinstance(key, str)), None)
    if name is None:
        return None
    for begin, line in enumerate(lines):
        if name not in line or _holds(_parse(lines[:begin]), keys) is not False:
            continue
        end = begin + 1
        while (held := _holds(_parse(lines[:end]), keys)) is None and end < len(lines):
            end += 1
        if held:
            for number in range(begin, end) if item is not None else ():
                if f'"{item}"' in lines[number] or f"'{item}'" in lines[number]:
                    return number + 1
            return begin + 1
    return None


def _parse(lines: Sequence[str]) -> dict[str, Any] | None:
    """The tables of these lines; None where they end within a statement."""
    try:
        return tomllib.loads("".join(lines))
    except (ValueError, RecursionError):
        return None


def _holds(table: Any, keys: Sequence[str | int]) -> bool | None:
    """Whether a key is in a table; None for no table."""
    if table is None:
        return None
    for key in keys:
        if isinstance(key, int):
            if not isinstance(table, list) or key >= len(table):
                return False
        elif not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True
