"""A configuration file, held strictly against the option table."""

from __future__ import annotations

import os

from tflint.config.errors import ConfigError
from tflint.config.file import File, ModelSuppression, Override
from tflint.config.layers import layer
from tflint.config.options import OPTIONS, OVERRIDE, PATH, SEVERITY, SUPPRESS, Option
from tflint.config.read import Document, read
from tflint.config.values import check_selectors, checked, suggestion
from tflint.lint.plan import Suppression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

#: Keys that hold tables.
OVERRIDES, SUPPRESSIONS = "overrides", "suppress"

_BY_MODEL = tuple(option for option in OPTIONS if option.model)
_FILE_KEYS = (*(option.key for option in OPTIONS), SEVERITY.key, OVERRIDES, SUPPRESSIONS)


def read_file(path: str) -> File:
    """Reads and checks a configuration file.

    Raises:
        ConfigError: with one line for everything that is wrong in it.
    """
    return _Check(read(path)).file()


def profile_problems(name: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a profile of the rule book: one line each."""
    allowed = tuple(option for option in OPTIONS if option.profile)
    check = _Check(Document(f"profile {name}", "", (), dict(table)))
    described = {key: value for key, value in table.items() if key != "description"}
    check.options(described, allowed, ())
    return tuple(check.problems)


class _Check:
    """One pass over a file; gathers every problem."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[str] = []

    def file(self) -> File:
        document = self.document
        entries = {key: document.table.get(key, []) for key in (OVERRIDES, SUPPRESSIONS)}
        plain = {key: value for key, value in document.table.items() if key not in entries}
        root = os.path.dirname(os.path.abspath(document.path))
        values = self.options(plain, OPTIONS, (), known=_FILE_KEYS)
        overrides = tuple(self._overrides(entries[OVERRIDES]))
        suppressions = tuple(self._suppressions(entries[SUPPRESSIONS]))
        if self.problems:
            raise ConfigError(*self.problems)
        return File(document.path, root, layer(document.path, values), overrides, suppressions)

    def problem(self, message: str, *keys: str | int, item: str | None = None) -> None:
        self.problems.append(f"{self.document.where(*keys, item=item)}: {message}")

    def options(
        self,
        table: Mapping[str, Any],
        allowed: Iterable[Option],
        keys: tuple[str | int, ...],
        *,
        known: Iterable[str] | None = None,
        severity: bool = True,
    ) -> dict[str, Any]:
        """The checked values of a table.

        Args:
            table: what the file says.
            allowed: the options that may stand in it.
            keys: that lead to the table.
            known: every key that may stand in it, for suggestions.
            severity: whether `[severity]` may.
        """
        by_key = {option.key: option for option in allowed}
        names = [*by_key, SEVERITY.key] if severity else list(by_key)
        values: dict[str, Any] = {}
        for key, value in table.items():
            if severity and key == SEVERITY.key:
                values[key] = self._severity(value, (*keys, key))
            elif key not in by_key:
                self.problem(self._unknown(key, known or names, keys), *keys, key)
            else:
                try:
                    values[key] = checked(by_key[key], value)
                except ValueError as error:
                    item = next((one for one in _strings(value) if f"`{one}`" in str(error)), None)
                    self.problem(f"`{key}`: {error}", *keys, key, item=item)
                else:
                    if by_key[key].kind == PATH:
                        values[key] = os.path.join(os.path.dirname(self.document.path), value)
        for option in by_key.values():
            if option.required and option.key not in table:
                self.problem(f"`{option.key}` is missing: {option.help}", *keys)
        return values

    def _unknown(self, key: str, known: Iterable[str], keys: tuple[str | int, ...]) -> str:
        hint = suggestion(key, known)
        if not hint and keys and key in _FILE_KEYS:
            hint = "; it is the same for every model and stands at the top of the file"
        if not hint and key in ("unselect", "exclude", "disable"):
            hint = "; did you mean `ignore`?"
        place = f" in [[{keys[0]}]]" if keys else ""
        return f"no option `{key}`{place}{hint}"

    def _severity(self, table: Any, keys: tuple[str | int, ...]) -> dict[str, str]:
        if not isinstance(table, dict):
            self.problem('`severity`: expected a table, such as Q001 = "error"', *keys)
            return {}
        values = {}
        for selector, severity in table.items():
            try:
                check_selectors([selector])
                values[selector] = checked(SEVERITY, severity)
            except ValueError as error:
                self.problem(f"`severity.{selector}`: {error}", *keys, selector)
        return values

    def _entries(self, name: str, value: Any) -> Iterable[tuple[int, dict[str, Any]]]:
        if not isinstance(value, list):
            self.problem(f"`{name}`: expected tables that begin with [[{name}]]", name)
            return
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                yield index, entry
            else:
                self.problem(f"`{name}`: expected tables that begin with [[{name}]]", name)

    def _overrides(self, value: Any) -> Iterable[Override]:
        for index, entry in self._entries(OVERRIDES, value):
            values = self.options(entry, (*OVERRIDE, *_BY_MODEL), (OVERRIDES, index))
            models = values.pop("models", ())
            yield Override(models, layer(f"{self.document.path} [[{OVERRIDES}]]", values))

    def _suppressions(self, value: Any) -> Iterable[ModelSuppression]:
        for index, entry in self._entries(SUPPRESSIONS, value):
            keys = (SUPPRESSIONS, index)
            values = self.options(entry, SUPPRESS, keys, severity=False)
            if len(values) < len(entry) or not {"rule", "reason"} <= values.keys():
                continue
            model = values.get("model", "*")
            yield ModelSuppression(
                model,
                Suppression(
                    values["rule"],
                    values.get("location", "*"),
                    values["reason"],
                    self.document.entry(SUPPRESSIONS, index),
                ),
            )


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
