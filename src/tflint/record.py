"""`NamedTuple`, as `typing` has it, for modules that every run imports.

`typing.NamedTuple` compiles code for each class: a quarter of a millisecond, forty times a run,
on top of importing `typing` itself. This one builds the class from its annotations. To a type
checker it *is* `typing.NamedTuple`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from operator import itemgetter

    class _Meta(type):
        """Turns annotated names into fields."""

        def __new__(cls, name, bases, namespace):
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace.pop(field) for field in fields if field in namespace}
            for position, field in enumerate(fields):
                namespace[field] = property(itemgetter(position))
            namespace.update(
                __slots__=(),
                _fields=fields,
                _field_defaults=defaults,
                __match_args__=fields,
            )
            return super().__new__(cls, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_Meta):
        """Base of immutable records with named fields; a tuple of their values."""

        def __new__(cls, *values, **named):
            if named or len(values) != len(cls._fields):
                values = _bound(cls, values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, **changes):
            return type(self)(**{**self._asdict(), **changes})

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            values = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({values})"

    def _bound(cls, values, named):
        """The values of all fields, from positional and named arguments and defaults."""
        fields = cls._fields
        if len(values) > len(fields):
            raise TypeError(f"{cls.__name__}: {len(values)} values for {len(fields)} fields")
        given = dict(zip(fields, values, strict=False))
        for name in named:
            if name in given or name not in fields:
                problem = "given twice" if name in given else "no field"
                raise TypeError(f"{cls.__name__}: {name}: {problem}")
        given = {**cls._field_defaults, **given, **named}
        missing = [name for name in fields if name not in given]
        if missing:
            raise TypeError(f"{cls.__name__}: missing {', '.join(missing)}")
        return tuple(given[name] for name in fields)
