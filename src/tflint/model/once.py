"""Facts that are computed once and kept on the object they are about."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _Subject = TypeVar("_Subject")
    _Fact = TypeVar("_Fact")


def once(compute: Callable[[_Subject], _Fact]) -> Callable[[_Subject], _Fact]:
    """Makes `compute(subject)` run once per subject, which must have a `__dict__`.

    Model and Subgraph have one. The fact lives as long as the subject does.
    """
    key = f"_{compute.__module__}.{compute.__name__}"

    def cached(subject: _Subject) -> _Fact:
        facts: dict[str, Any] = subject.__dict__
        try:
            fact: _Fact = facts[key]
        except KeyError:
            fact = facts[key] = compute(subject)
        return fact

    cached.__doc__ = compute.__doc__
    cached.__name__ = compute.__name__
    cached.__module__ = compute.__module__
    return cached


if TYPE_CHECKING:
    from functools import cached_property as cached_property
else:

    class cached_property:  # noqa: N801 - it stands for the one of functools
        """`functools.cached_property`, without what importing `functools` costs every run."""

        def __init__(self, compute):
            self.compute = compute
            self.__doc__ = compute.__doc__

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, subject, owner=None):
            if subject is None:
                return self
            value = subject.__dict__[self.name] = self.compute(subject)
            return value
