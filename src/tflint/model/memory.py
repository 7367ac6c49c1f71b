"""How much memory the tensors of a subgraph take while it runs.

Lifetimes and placement follow LiteRT's planner: tensors are placed largest first, each in the
tightest gap left by those alive at the same time (google-ai-edge/LiteRT tflite/arena_planner.cc
and tflite/simple_memory_arena.cc). It plans for the shapes in the file and for the CPU kernels
alone; memory that kernels ask for themselves, such as im2col, is not in the file and not counted.
"""

from __future__ import annotations

from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tflint.model.subgraph import Subgraph

#: Tensors begin at multiples of this (tflite/util.h, kDefaultTensorAlignment).
ALIGNMENT = 64
#: The same in TensorFlow Lite Micro (tensorflow/tflite-micro, kMicroArenaBufferAlignment).
MICRO_ALIGNMENT = 16
#: Types that live outside the arena, on the heap (tflite/core/subgraph.cc,
#: SetTensorParametersReadWrite).
HEAP = frozenset({"STRING", "RESOURCE", "VARIANT"})
#: Operators that may write their first output over an input, and over which
#: (`inplace_operator` of the registrations in tflite/kernels).
IN_PLACE = {
    "ADD": 2,
    "SUB": 2,
    "MUL": 2,
    "DIV": 2,
    "SOFTMAX": 1,
    "DYNAMIC_UPDATE_SLICE": 1,
    "RESHAPE": 1,
    "SQUEEZE": 1,
    "EXPAND_DIMS": 1,
    "BITCAST": 1,
}
#: Those of them that leave the data as it is, so that further readers do no harm.
_UNMODIFIED = frozenset({"RESHAPE", "SQUEEZE", "EXPAND_DIMS", "BITCAST"})
#: Operators whose output is worked out when the model is loaded, and then kept on the heap
#: (SetTensorToPersistentRo in tflite/kernels): always, or when all inputs are known by then.
_FOLDED = frozenset({"SHAPE", "RANK"})
_FOLDED_IF_KNOWN = frozenset(
    {
        "BROADCAST_ARGS",
        "CONCATENATION",
        "GATHER",
        "MUL",
        "RANGE",
        "REDUCE_PROD",
        "RESHAPE",
        "STRIDED_SLICE",
        "TILE",
    }
)
#: Operators that keep the unpacked form of a constant between invocations
#: (tflite/kernels/dequantize.cc, densify.cc).
_UNPACKING = frozenset({"DEQUANTIZE", "DENSIFY"})
#: Larger inputs only are shared by operators that change them (arena_planner.cc,
#: kScalarTensorBytes).
_SCALAR_BYTES = 4
#: Comparisons after which placement is given up; real models need a few per tensor.
_WORK = 20_000_000


class Lifetime(NamedTuple):
    """When one tensor needs memory, and how much."""

    tensor: int
    size: int  #: bytes
    first: int  #: operator that writes it; 0 for inputs
    last: int  #: last operator that reads it; the last of all when it is never freed
    kept: bool  #: never freed: inputs, outputs, and what nothing reads
    shared_with: int | None  #: tensor whose memory it uses, which lives as long as both


class Arena(NamedTuple):
    """The memory of one subgraph's run-time tensors."""

    size: int | None  #: bytes of the planned arena; None when there are too many to place
    peak_bytes: int  #: most bytes alive at once: no plan can take less
    peak_operator: int | None  #: the operator at which that is; None without tensors
    #: Bytes kept between invocations, in an arena of their own: variables, and constants that
    #: DEQUANTIZE or DENSIFY unpack.
    persistent: int
    lifetimes: tuple[Lifetime, ...]  #: of tensors in the arena, in order of their first use
    dynamic: tuple[int, ...]  #: those with a shape unknown until run time, counted as in the file
    #: Tensors that are not in an arena and not counted: strings, resources, types of unknown
    #: width, and shape arithmetic that is done when the model is loaded.
    heap: tuple[int, ...]


def arena(subgraph: Subgraph, alignment: int = ALIGNMENT) -> Arena:
    """Lifetimes and planned size of the arena of one subgraph.

    Args:
        subgraph: its operators run in the order of the file.
        alignment: bytes each tensor is aligned to, `ALIGNMENT` or `MICRO_ALIGNMENT`.
    """
    plans = _arenas(subgraph)
    if alignment not in plans:
        plans[alignment] = _plan(subgraph, alignment)
    return plans[alignment]


@once
def _arenas(subgraph: Subgraph) -> dict[int, Arena]:
    return {}


def _plan(subgraph: Subgraph, alignment: int) -> Arena:
    lives = _lives(subgraph)
    end = max(subgraph.operator_count - 1, 0)
    placed = [life for life in lives.found if life.shared_with is None and life.size]
    peak, at = _peak(placed, end + 1)
    dynamic = []
    for life in lives.found:
        tensor = subgraph.tensor(life.tensor)
        if tensor is not None and tensor.is_dynamic:
            dynamic.append(life.tensor)
    return Arena(
        _place(placed, end, alignment),
        peak,
        at if placed else None,
        _stacked(lives.persistent, alignment),
        tuple(lives.found),
        tuple(dynamic),
        tuple(lives.heap),
    )


class _Lives(NamedTuple):
    found: list[Lifetime]
    persistent: list[Lifetime]
    heap: list[int]


def _lives(subgraph: Subgraph) -> _Lives:
    """The lifetimes, as `ArenaPlanner::PlanAllocations` finds them."""
    count, operators = subgraph.tensor_count, subgraph.operators
    end = max(len(operators) - 1, 0)
    places = _Places(subgraph)
    uses = [0] * count
    keep = {index for index in (*subgraph.inputs, *subgraph.outputs) if 0 <= index < count}
    for operator in operators:
        for index in operator.inputs:
            if 0 <= index < count:
                uses[index] += 1
    for index in keep:
        uses[index] += 1
    shared = _shared(subgraph, places, uses, keep)
    first = {index: 0 for index in subgraph.inputs if 0 <= index < count}
    for tensor in subgraph.tensors:
        if tensor.is_variable:
            first[tensor.index] = 0
            keep.add(tensor.index)
    for operator in operators:
        for index in operator.outputs:
            if 0 <= index < count:
                first.setdefault(index, operator.index)
    last: dict[int, int] = {}
    for operator in operators:
        for index in operator.inputs:
            if 0 <= index < count:
                at = shared.get(index, index)
                # Read before it is written frees nothing.
                if first.get(at, end) <= operator.index:
                    last[at] = operator.index
    lives = _Lives([], [], [])
    for index, start in first.items():
        place = places.of(index)
        if place == ON_HEAP:
            lives.heap.append(index)
        elif place in (IN_ARENA, PERSISTENT):
            base = shared.get(index)
            kept = index in keep or (base is None and index not in last)
            life = Lifetime(
                index,
                places.size(index),
                start,
                end if kept else last.get(index, start),
                kept,
                base,
            )
            (lives.found if place == IN_ARENA else lives.persistent).append(life)
    lives.found.sort(key=lambda life: (life.first, life.tensor))
    lives.heap.sort()
    return lives


#: Where the memory of a tensor is.
IN_ARENA, PERSISTENT, ON_HEAP, IN_FILE = range(4)


class _Places:
    """Where each tensor of a subgraph lives, and how many bytes it takes."""

    def __init__(self, subgraph: Subgraph) -> None:
        self.subgraph = subgraph
        self._known: dict[int, int] = {}
        for operator in subgraph.operators:
            name, outputs = operator.name, operator.outputs
            if name in _UNPACKING and outputs and self._all(operator.inputs[:1], IN_FILE):
                self._put(outputs[0], PERSISTENT)
            elif name in _FOLDED or (
                name in _FOLDED_IF_KNOWN and self._all(operator.inputs, IN_FILE, ON_HEAP)
            ):
                for index in outputs:
                    self._put(index, ON_HEAP)

    def _all(self, indices: tuple[int, ...], *places: int) -> bool:
        return all(self.of(index) in places for index in indices)

    def _put(self, index: int, place: int) -> None:
        if self.of(index) == IN_ARENA:
            self._known[index] = place

    def of(self, index: int) -> int:
        """One of the four places; `IN_FILE` for constants, and for tensors that do not exist."""
        place = self._known.get(index)
        if place is None:
            tensor = self.subgraph.tensor(index)
            if tensor is None or tensor.is_constant:
                place = IN_FILE
            elif tensor.is_variable:
                place = PERSISTENT
            elif tensor.dtype in HEAP or tensor.stored_bytes is None:
                place = ON_HEAP
            else:
                place = IN_ARENA
            self._known[index] = place
        return place

    def size(self, index: int) -> int:
        """Bytes of the tensor, 0 when unknown."""
        tensor = self.subgraph.tensor(index)
        return (tensor.stored_bytes or 0) if tensor is not None else 0


def _shared(subgraph: Subgraph, places: _Places, uses: list[int], keep: set[int]) -> dict[int, int]:
    """Outputs that are written over an input, as `ArenaPlanner::IdentifyInPlaceTensors` does."""
    count = subgraph.tensor_count
    shared: dict[int, int] = {}
    for operator in subgraph.operators:
        candidates = IN_PLACE.get(operator.name, 0)
        if not candidates or not operator.outputs:
            continue
        output = operator.outputs[0]
        if output in keep or not 0 <= output < count or places.of(output) != IN_ARENA:
            continue
        changes = operator.name not in _UNMODIFIED
        size = places.size(output)
        for index in operator.inputs[:candidates]:
            if index in keep or not 0 <= index < count or places.of(index) != IN_ARENA:
                continue
            if places.size(index) != size:
                continue
            if changes and (size <= _SCALAR_BYTES or uses[index] > 1):
                continue
            base = shared.get(index, index)
            if base != output and not (changes and uses[base] > 1):
                shared[output] = base
            break
    return shared


def _peak(placed: list[Lifetime], operators: int) -> tuple[int, int]:
    """Most bytes alive at one operator, and the first operator at which they are."""
    change = [0] * (operators + 1)
    for life in placed:
        change[life.first] += life.size
        change[life.last + 1] -= life.size
    peak = at = alive = 0
    for operator in range(operators):
        alive += change[operator]
        if alive > peak:
            peak, at = alive, operator
    return peak, at


def _order(life: Lifetime) -> tuple[int, int, int]:
    """Tensors alive throughout go first, by index; then the largest, then the earliest."""
    if life.first == 0 and life.kept:
        return (0, life.tensor, 0)
    return (1, -life.size, life.first)


def _stacked(lives: list[Lifetime], alignment: int) -> int:
    """Bytes of tensors that are never freed: they lie one behind the other."""
    total = 0
    for life in sorted(lives, key=_order):
        total = -(-total // alignment) * alignment + life.size
    return total


def _place(placed: list[Lifetime], end: int, alignment: int) -> int | None:
    """Bytes of the arena when each tensor gets the tightest gap (SimpleMemoryArena::Allocate)."""

    alive = _Overlaps(end + 1)
    high = work = 0
    for life in sorted(placed, key=_order):
        around = alive.during(life)
        work += len(around) + 1
        if work > _WORK:
            return None
        offset = _gap(around, life.size, alignment)
        alive.add(life, offset)
        high = max(high, offset + life.size)
    return high


def _gap(around: list[tuple[int, int]], size: int, alignment: int) -> int:
    """Offset of the tightest gap between the (offset, size) of tensors alive at the same time."""
    best = fit = -1
    current = 0
    for offset, taken in around:
        aligned = -(-current // alignment) * alignment
        if aligned + size <= offset and (fit < 0 or offset - aligned < fit):
            # The planner measures the gap it takes from the unaligned end, as here.
            best, fit = aligned, offset - current
        current = max(current, offset + taken)
        if fit == 0:
            break
    return best if best >= 0 else -(-current // alignment) * alignment


class _Overlaps:
    """Placed tensors, found by the operators during which they live.

    A binary tree over the operators, node n above nodes 2n and 2n + 1. A lifetime is kept at the
    few nodes that cover it exactly, so that those alive at one operator lie on one path to the
    root, and its beginning at every node above its first operator, so that those that begin
    within a range lie at the few nodes that cover the range.
    """

    def __init__(self, operators: int) -> None:
        self._leaves = 1
        while self._leaves < operators:
            self._leaves *= 2
        self._covering: dict[int, list[tuple[int, int]]] = {}
        self._beginning: dict[int, list[tuple[int, int]]] = {}

    def add(self, life: Lifetime, offset: int) -> None:
        entry = (offset, life.size)
        for node in self._cover(life.first, life.last):
            self._covering.setdefault(node, []).append(entry)
        for node in self._above(life.first):
            self._beginning.setdefault(node, []).append(entry)

    def during(self, life: Lifetime) -> list[tuple[int, int]]:
        """(offset, size) of every tensor alive during part of `life`, by offset."""
        found: list[tuple[int, int]] = []
        for node in self._above(life.first):
            found += self._covering.get(node, ())
        for node in self._cover(life.first + 1, life.last):
            found += self._beginning.get(node, ())
        found.sort()
        return found

    def _above(self, operator: int) -> Iterator[int]:
        """The leaf of an operator and every node above it."""
        node = operator + self._leaves
        while node:
            yield node
            node //= 2

    def _cover(self, first: int, last: int) -> Iterator[int]:
        """The fewest nodes whose leaves are exactly the operators `first` to `last`."""
        low, high = first + self._leaves, last + self._leaves + 1
        while low < high:
            if low & 1:
                yield low
                low += 1
            if high & 1:
                high -= 1
                yield high
            low //= 2
            high //= 2
