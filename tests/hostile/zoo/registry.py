"""What a hostile file is: how it is made, and what has to be said about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

#: What LiteRT 2.3.0 does with a file: it raises while loading, loads it and raises in
#: AllocateTensors, loads and allocates it, or takes the process down. It is not asked about files
#: that cost it minutes or gigabytes.
REFUSED, NOT_ALLOCATED, LOADED = "refused", "not allocated", "loaded"
CRASHED, UNASKED = "crashed", "unasked"


class Case(NamedTuple):
    """One hostile file.

    Attributes:
        name: of the file, without `.tflite`.
        make: writes it; two calls give the same bytes.
        codes: the findings of family F it must get: all of them and no other.
        litert: what LiteRT does with it.
        note: what is wrong with it, one line.
        large: whether it is too big to be committed; tests make it when they need it.
    """

    name: str
    make: Callable[[], bytes]
    codes: tuple[str, ...]
    litert: str
    note: str
    large: bool


CASES: dict[str, Case] = {}


def case(
    *codes: str, litert: str, large: bool = False
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Registers a function whose name, with dashes, names the file and whose docstring says why."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        name = make.__name__.replace("_", "-")
        if name in CASES:
            raise ValueError(f"two cases are called {name}")
        note = (make.__doc__ or "").strip().splitlines()[0]
        CASES[name] = Case(name, make, codes, litert, note, large)
        return make

    return register
