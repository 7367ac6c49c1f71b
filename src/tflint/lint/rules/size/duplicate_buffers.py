"""P001 duplicate-buffers: see rules/size/P001-duplicate-buffers.md."""

from __future__ import annotations

from zlib import crc32

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Buffer, Location, Model, Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("P001", data=True)

#: Smallest buffer that counts. A converter writes equal axes, paddings and shapes by the dozen:
#: a buffer costs 20 to 40 bytes of table and padding, so merging them saves nothing to speak of.
SMALLEST = 64
#: Least saving worth a finding, in bytes and as a share of the file: below, the file would not
#: feel it.
LEAST_BYTES = 1024
LEAST_SHARE = 0.01
#: Groups of equal buffers that a finding names.
NAMED = 3
#: Different buffers of one length and checksum that a further one is compared with: more than two
#: do not happen unless someone makes them.
COLLISIONS = 8
#: Bytes compared in one go.
CHUNK = 1 << 20


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    groups = equal_buffers(model)
    saved = sum(len(group[0].data) * (len(group) - 1) for group in groups)
    if saved < LEAST_BYTES or saved < LEAST_SHARE * model.size:
        return
    groups.sort(key=lambda group: len(group[0].data) * (1 - len(group)))
    users = _users(model)
    copies = sum(len(group) - 1 for group in groups)
    examples = "; ".join(_described(group, users) for group in groups[:NAMED])
    more = f"; {len(groups) - NAMED} more groups" if len(groups) > NAMED else ""
    yield rule.finding(
        model,
        f"{_size(saved)} of {_size(model.size)} are {copies} "
        f"{'copy' if copies == 1 else 'copies'} of other buffers: {examples}{more}",
        measured=saved,
        limit=LEAST_BYTES,
        related=tuple(
            place
            for group in groups[:NAMED]
            for buffer in group[:8]
            for place in _places(buffer, users)
        ),
    )


def equal_buffers(model: Model) -> list[list[Buffer]]:
    """Groups of two or more buffers that hold the same bytes in different places."""
    by_length: dict[int, list[Buffer]] = {}
    places = set()
    for index in range(model.buffer_count):
        buffer = model.buffer(index)
        if buffer is None:
            continue
        length = len(buffer.data)
        # Buffers outside the flatbuffer may share their bytes: those are stored once.
        if length >= SMALLEST and (buffer.position, length) not in places:
            places.add((buffer.position, length))
            by_length.setdefault(length, []).append(buffer)
    groups: list[list[Buffer]] = []
    for candidates in by_length.values():
        if len(candidates) < 2:
            continue
        by_checksum: dict[int, list[list[Buffer]]] = {}
        for buffer in candidates:
            known = by_checksum.setdefault(_checksum(buffer.data), [])
            for group in known[:COLLISIONS]:
                if _equal(group[0].data, buffer.data):
                    group.append(buffer)
                    break
            else:
                known.append([buffer])
        groups += (group for known in by_checksum.values() for group in known if len(group) > 1)
    return groups


def _checksum(data: memoryview) -> int:
    checksum = 0
    for start in range(0, len(data), CHUNK):
        checksum = crc32(data[start : start + CHUNK], checksum)
    return checksum


def _equal(one: memoryview, other: memoryview) -> bool:
    # Comparing two views costs more than comparing two copies.
    return all(
        bytes(one[start : start + CHUNK]) == bytes(other[start : start + CHUNK])
        for start in range(0, len(one), CHUNK)
    )


def _users(model: Model) -> dict[int, list[Tensor]]:
    """The tensors of each buffer."""
    users: dict[int, list[Tensor]] = {}
    for subgraph in model.subgraphs:
        for tensor in subgraph.tensors:
            users.setdefault(tensor.buffer_index, []).append(tensor)
    return users


def _described(group: list[Buffer], users: dict[int, list[Tensor]]) -> str:
    names = [f'"{tensor.name}"' for buffer in group for tensor in users.get(buffer.index, ())[:1]]
    shown = " = ".join(names[:2] or (f"buffer[{group[0].index}]", f"buffer[{group[1].index}]"))
    more = f" and {len(group) - 2} more" if len(group) > 2 else ""
    return f"{_size(len(group[0].data))} in {shown}{more}"


def _places(buffer: Buffer, users: dict[int, list[Tensor]]) -> tuple[Location, ...]:
    tensors = users.get(buffer.index, ())
    return tuple(tensor.location for tensor in tensors[:1]) or (buffer.location,)


def _size(count: int) -> str:
    if count < 1 << 10:
        return f"{count} bytes"
    if count < 1 << 20:
        return f"{count / (1 << 10):.1f} KiB"
    return f"{count / (1 << 20):.1f} MiB"
