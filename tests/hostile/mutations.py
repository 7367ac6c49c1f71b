"""Seeded damage to a model: a name and a number make the same mutant everywhere."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tflint._generated.schema import TABLES
from tflint.flatbuf import FormatError, Reader, Table
from tflint.flatbuf.reader import SCALAR, SCALARS, STRING, STRINGS, TABLE, UNION, WIDTH

#: Tables of one model whose places are listed: enough to reach every kind of table.
MOST_TABLES = 1500

#: Numbers at the edges of what fields hold, and a few that look harmless.
EXTREMES = (
    0, 1, 2, 3, 4, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFC, 0x7FFFFFFF,
    0x80000000, 0x80000001, 0xFFFFFFF0, 0xFFFFFFFE, 0xFFFFFFFF, 2**63, 2**64 - 8, 2**64 - 1,
)  # fmt: skip


class Place(NamedTuple):
    """A number that holds the file together."""

    kind: str  #: `scalar`, `offset`, `length`, `element`, `vtable` or `root`
    position: int
    width: int
    path: str


def places(data: bytes, most: int = MOST_TABLES) -> list[Place]:
    """The structural places of a sound model, in the order of a walk."""
    reader = Reader(memoryview(data), TABLES)
    found = [Place("root", 0, 4, "root")]
    pending = [reader.root("Model")]
    visited = 0
    while pending and visited < most:
        table = pending.pop()
        visited += 1
        found += _of_table(table, data)
        pending += _children(table)
    return found


def _of_table(table: Table, data: bytes) -> Iterator[Place]:
    path = table.path or "root"
    (back,) = struct.unpack_from("<i", data, table.pos)
    vtable = table.pos - back
    (size,) = struct.unpack_from("<H", data, vtable)
    yield Place("vtable", table.pos, 4, f"{path}->vtable")
    for at in range(vtable, vtable + size, 2):
        yield Place("vtable", at, 2, f"{path}->vtable+{at - vtable}")
    for slot, offset in enumerate(table.layout.offsets):
        if not offset:
            continue
        name, kind, of = table.schema.fields[slot][:3]
        at = table.pos + offset
        if kind == SCALAR:
            yield Place("scalar", at, WIDTH[of], f"{path}.{name}")
            continue
        yield Place("offset", at, 4, f"{path}.{name}")
        if kind in (TABLE, UNION):
            continue
        (step,) = struct.unpack_from("<I", data, at)
        (length,) = struct.unpack_from("<I", data, at + step)
        yield Place("length", at + step, 4, f"{path}.{name}->length")
        width = WIDTH[of] if kind == SCALARS else 1 if kind == STRING else 4
        for index in range(min(length, 4)):
            where = at + step + 4 + index * width
            yield Place("element", where, width, f"{path}.{name}[{index}]")


def _children(table: Table) -> Iterator[Table]:
    for slot, offset in enumerate(table.layout.offsets):
        name, kind = table.schema.fields[slot][:2]
        if not offset or kind in (SCALAR, SCALARS, STRING, STRINGS):
            continue
        if kind in (TABLE, UNION):
            child = table.table(name) if kind == TABLE else table.union(name)
            if child is not None:
                yield child
        else:
            for index in range(table.count(name)):
                yield table.item(name, index)


class Mutant(NamedTuple):
    """A damaged model and how it came about."""

    data: bytes
    seed: str  #: `mutant` with the same data, places and seed makes it again
    story: str  #: what was done, in order


def mutant(data: bytes, where: list[Place], seed: str) -> Mutant:
    """One to four seeded mutations of `data`.

    Args:
        data: a sound model.
        where: its structural places.
        seed: any text; the same text makes the same mutant.
    """
    chance = random.Random(seed)
    damaged, told = bytearray(data), []
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        change = chance.choices([one for one, _ in KINDS], [weight for _, weight in KINDS])[0]
        told.append(f"{change.__name__.strip('_')}: {change(damaged, where, chance)}")
    return Mutant(bytes(damaged), seed, "; ".join(told))


Change = Callable[[bytearray, list[Place], random.Random], str]


def _put(damaged: bytearray, place: Place, value: int) -> str:
    if place.position + place.width > len(damaged):
        return f"{place.path} is gone"
    raw = (value % (1 << 8 * place.width)).to_bytes(place.width, "little")
    damaged[place.position : place.position + place.width] = raw
    return f"{place.path} at byte {place.position} = {value}"


def _extreme(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """A field gets a value at the edge of its type, or one that fits the file's size."""
    near = len(damaged) + chance.choice((-9, -8, -4, -1, 0, 1, 4))
    return _put(damaged, chance.choice(where), chance.choice((*EXTREMES, near)))


def _nudge(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """A field is off by a little."""
    place = chance.choice(where)
    held = int.from_bytes(damaged[place.position : place.position + place.width], "little")
    return _put(damaged, place, held + chance.choice((-16, -4, -2, -1, 1, 2, 4, 16)))


def _word(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """A field gets noise."""
    return _put(damaged, chance.choice(where), chance.getrandbits(64))


def _swap(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """Two fields of one width change places."""
    one = chance.choice(where)
    other = chance.choice([place for place in where if place.width == one.width])
    a, b, width = one.position, other.position, one.width
    if max(a, b) + width > len(damaged):
        return "nothing, the place is gone"
    damaged[a : a + width], damaged[b : b + width] = damaged[b : b + width], damaged[a : a + width]
    return f"{one.path} and {other.path}"


def _point(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """An offset leads to where another offset leads, or to a table's vtable."""
    offsets = [place for place in where if place.kind == "offset" and place.width == 4]
    one, other = chance.choice(offsets), chance.choice(offsets)
    if max(one.position, other.position) + 4 > len(damaged):
        return "nothing, the place is gone"
    (step,) = struct.unpack_from("<I", damaged, other.position)
    return _put(damaged, one, other.position + step - one.position)


def _flip(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """One to eight bits anywhere."""
    count = chance.randint(1, 8)
    for _ in range(count if damaged else 0):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return f"{count} bits"


def _truncate(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """The end is missing, from a structural place or from anywhere."""
    at = chance.choice(where).position + chance.randint(0, 8)
    if chance.random() < 0.5:
        at = chance.randrange(len(damaged) + 1)
    del damaged[at:]
    return f"to {at} bytes"


def _insert(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """Bytes are pushed in and move all that follows."""
    at, count = chance.choice(where).position, chance.choice((1, 2, 4, 8, 64))
    damaged[at:at] = chance.randbytes(count)
    return f"{count} bytes at {at}"


def _remove(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """Bytes are cut out and all that follows moves."""
    at, count = chance.choice(where).position, chance.choice((1, 2, 4, 8, 64))
    del damaged[at : at + count]
    return f"{count} bytes at {at}"


def _copy(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """A block is overwritten with another."""
    source, target = chance.choice(where).position, chance.choice(where).position
    count = chance.choice((4, 8, 16, 64, 256))
    block = damaged[source : source + count]
    damaged[target : target + len(block)] = block
    return f"{len(block)} bytes from {source} to {target}"


def _blank(damaged: bytearray, where: list[Place], chance: random.Random) -> str:
    """A block becomes zeros or ones, as a bad sector leaves it."""
    at, count = chance.choice(where).position, chance.choice((4, 16, 64, 512))
    block = damaged[at : at + count]
    damaged[at : at + len(block)] = chance.choice((b"\0", b"\xff")) * len(block)
    return f"{len(block)} bytes at {at}"


#: Each kind of damage and how often it is done.
KINDS: tuple[tuple[Change, int], ...] = (
    (_extreme, 6),
    (_nudge, 4),
    (_word, 3),
    (_swap, 2),
    (_point, 3),
    (_flip, 3),
    (_truncate, 2),
    (_insert, 1),
    (_remove, 1),
    (_copy, 2),
    (_blank, 1),
)


def mutable(data: bytes) -> bool:
    """Whether the file is a sound model, whose places can be listed."""
    try:
        return bool(places(data, 1))
    except (FormatError, struct.error):
        return False
