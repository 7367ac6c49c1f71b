"""`tflint.record.NamedTuple` behaves as `typing.NamedTuple` does."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from tflint import record


class Ours(record.NamedTuple):
    """A record."""

    x: int
    y: str = "why"
    z: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.x


class Theirs(typing.NamedTuple):
    """A record."""

    x: int
    y: str = "why"
    z: tuple[int, ...] = ()


@pytest.mark.parametrize("cls", [Ours, Theirs])
def test_construction_defaults_equality_and_unpacking(cls):
    assert cls(1) == cls(x=1) == (1, "why", ())
    assert cls(1, z=(2,)) == cls(1, "why", (2,))
    assert hash(cls(1)) == hash((1, "why", ()))
    x, y, z = cls(1)
    assert (x, y, z) == cls._make([1, "why", ()])
    assert cls(1)._replace(y="no")._asdict() == {"x": 1, "y": "no", "z": ()}
    assert cls._fields == ("x", "y", "z")
    assert repr(cls(1)) == f"{cls.__name__}(x=1, y='why', z=())"
    assert cls.__doc__ == "A record."
    match cls(3):
        case cls(x, y):
            assert (x, y) == (3, "why")


@pytest.mark.parametrize("cls", [Ours, Theirs])
@pytest.mark.parametrize(
    ("values", "named"), [((), {}), ((1, 2, 3, 4), {}), ((1,), {"x": 2}), ((1,), {"w": 2})]
)
def test_wrong_arguments_are_refused(cls, values, named):
    with pytest.raises(TypeError):
        cls(*values, **named)


@pytest.mark.parametrize("cls", [Ours, Theirs])
def test_it_is_immutable_and_has_no_dict(cls):
    one = cls(1)
    with pytest.raises(AttributeError):
        one.x = 2
    with pytest.raises(AttributeError):
        one.w = 2


def test_properties_pickling_and_copying():
    one = Ours(4, z=(1, 2))
    assert one.double == 8
    assert pickle.loads(pickle.dumps(one)) == one
    assert isinstance(pickle.loads(pickle.dumps(one)), Ours)
    assert copy.deepcopy(one) == one
