"""Lifetimes and arena by hand; tests/differential asks the interpreter."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tflint.model import Model
from tflint.model.memory import MICRO_ALIGNMENT, Arena, Lifetime, arena

Make = Callable[[str], Model]


def arena_of(model: Model, alignment: int = 64) -> Arena:
    return arena(model.subgraphs[0], alignment)


def lifetime(found: Arena, tensor: int) -> Lifetime:
    (life,) = (life for life in found.lifetimes if life.tensor == tensor)
    return life


CHAIN = """\
    subgraph
      input x [64] FLOAT32
      a [128] FLOAT32 = MyOp(x)
      b [32] FLOAT32 = MyOp(a)
      c [256] FLOAT32 = MyOp(b)
      y [16] FLOAT32 = MyOp(c)
      output y
    """


def test_lifetimes_of_a_chain(sketch: Make) -> None:
    found = arena_of(sketch(CHAIN))
    assert [(life.size, life.first, life.last, life.kept) for life in found.lifetimes] == [
        (256, 0, 3, True),  # the input is never overwritten
        (512, 0, 1, False),
        (128, 1, 2, False),
        (1024, 2, 3, False),
        (64, 3, 3, True),
    ]
    assert (found.peak_bytes, found.peak_operator) == (256 + 128 + 1024, 2)
    # c behind x, b behind c; a where b and c are later; y where b was.
    assert found.size == 256 + 1024 + 128
    assert (found.persistent, found.dynamic, found.heap) == (0, (), ())


def test_what_is_read_twice_lives_longer(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [16] FLOAT32
          a [16] FLOAT32 = MyOp(x)
          b [16] FLOAT32 = MyOp(a)
          c [16] FLOAT32 = MyOp(b, a)
          output c
        """)
    assert lifetime(arena_of(model), 1)[2:5] == (0, 2, False)


def test_what_nothing_reads_is_never_freed(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [16] FLOAT32
          (a [16] FLOAT32, unread [16] FLOAT32) = MyOp(x)
          b [16] FLOAT32 = MyOp(a)
          c [16] FLOAT32 = MyOp(b)
          output c
        """)
    assert lifetime(arena_of(model), 2)[2:5] == (0, 2, True)


def test_constants_take_no_memory(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [4,16] FLOAT32
          const w [1000,16] FLOAT32 = fill(0)
          y [4,1000] FLOAT32 = FULLY_CONNECTED(x, w)
          output y
        """)
    assert arena_of(model).size == 4 * 16 * 4 + 4 * 4000


def test_variables_and_unpacked_constants_persist(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [10] FLOAT32
          variable state [10] FLOAT32
          const h [10] FLOAT16 = fill(0)
          w [10] FLOAT32 = DEQUANTIZE(h)
          y [10] FLOAT32 = MyOp(x, state, w)
          output y
        """)
    found = arena_of(model)
    assert found.persistent == 64 + 40
    assert {life.tensor for life in found.lifetimes} == {0, 4}
    assert found.size == 64 + 40


def test_heap_tensors_are_listed_and_not_counted(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [1,4] FLOAT32 signature=[-1,4]
          input s [4] STRING
          r [] RESOURCE = VAR_HANDLE()
          shape [2] INT32 = SHAPE(x)
          const one [1] INT32 = 1
          begin [1] INT32 = STRIDED_SLICE(shape, one, one, one)
          y [1,4] FLOAT32 signature=[-1,4] = MyOp(x)
          output y
        """)
    found = arena_of(model)
    assert found.heap == (1, 2, 3, 5)
    assert found.dynamic == (0, 6)
    assert found.size == 64 + 16


def test_alignment_of_the_micro_runtime(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [5] INT8
          a [5] INT8 = MyOp(x)
          y [5] INT8 = MyOp(a)
          output y
        """)
    assert arena_of(model).size == 64 + 64 + 5
    assert arena_of(model, MICRO_ALIGNMENT).size == 16 + 16 + 5
    assert arena_of(model) is arena_of(model)


@pytest.mark.parametrize(
    ("line", "shared"),
    [
        ("b [64] FLOAT32 = ADD(a, k)", 1),
        ("b [64] FLOAT32 = ADD(k, a)", 1),
        ("b [64] FLOAT32 = SOFTMAX(a)", 1),
        ("b [8,8] FLOAT32 = RESHAPE(a, r)", 1),
        # Another size, an operator that cannot, inputs and outputs of the subgraph.
        ("b [32] FLOAT32 = ADD(a, k)", None),
        ("b [64] FLOAT32 = MAXIMUM(a, k)", None),
        ("b [64] FLOAT32 = ADD(x, k)", None),
    ],
)
def test_outputs_over_inputs(sketch: Make, line: str, shared: int | None) -> None:
    model = sketch(f"""\
        subgraph
          input x [64] FLOAT32
          a [64] FLOAT32 = MyOp(x)
          const k [64] FLOAT32 = fill(0)
          const r [2] INT32 = 8 8
          {line}
          y [64] FLOAT32 = MyOp(b)
          output y
        """)
    found = arena_of(model)
    assert lifetime(found, 4).shared_with == shared
    if shared:
        assert lifetime(found, 1)[2:5] == (0, 2, False)


def test_a_changed_input_is_not_shared_when_it_is_read_again(sketch: Make) -> None:
    text = """\
        subgraph
          input x [64] FLOAT32
          a [64] FLOAT32 = MyOp(x)
          b [64] FLOAT32 = {}(a{})
          y [64] FLOAT32 = MyOp(a, b)
          output y
        """
    assert lifetime(arena_of(sketch(text.format("SOFTMAX", ""))), 2).shared_with is None
    reshaped = arena_of(sketch(text.format("SQUEEZE", "")))
    assert lifetime(reshaped, 2).shared_with == 1
    assert lifetime(reshaped, 1).last == 2


def test_an_empty_subgraph(sketch: Make) -> None:
    found = arena_of(sketch("subgraph\n"))
    assert found == Arena(0, 0, None, 0, (), (), ())


def test_indices_out_of_range_are_ignored(sketch: Make) -> None:
    model = sketch("subgraph\n  input #-1\n  (#99) = ADD(#77, #-5)\n  output #4\n")
    assert arena_of(model).size == 0


def test_an_operator_that_writes_what_it_reads(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [16] FLOAT32
          a [16] FLOAT32 = MyOp(x)
          (a) = RESHAPE(a)
          output a
        """)
    assert lifetime(arena_of(model), 1).shared_with is None
    model = sketch("""\
        subgraph
          input x [16] FLOAT32
          a [16] FLOAT32 = MyOp(x)
          b [16] FLOAT32 = RESHAPE(a)
          (a) = RESHAPE(b)
          y [16] FLOAT32 = MyOp(a)
          output y
        """)
    found = arena_of(model)
    assert [lifetime(found, tensor).shared_with for tensor in (1, 2)] == [None, 1]
    assert found.size == 3 * 64


def test_a_tensor_read_before_it_is_written(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [16] FLOAT32
          a [16] FLOAT32 = MyOp(b)
          b [16] FLOAT32 = MyOp(x)
          output a
        """)
    assert lifetime(arena_of(model), 2)[2:5] == (1, 1, True)


def overlap(one: Lifetime, other: Lifetime) -> bool:
    return one.first <= other.last and other.first <= one.last


def planned_slowly(found: Arena, alignment: int) -> int:
    """SimpleMemoryArena::Allocate as it is written: one list of all tensors, sorted by offset."""
    active: list[tuple[int, Lifetime]] = []
    high = 0
    lives = [life for life in found.lifetimes if life.shared_with is None]
    for life in sorted(
        lives,
        key=lambda one: (
            (-1, one.tensor) if one.first == 0 and one.kept else (0, -one.size, one.first)
        ),
    ):
        best, fit, current = None, None, 0
        for offset, other in active:
            if not overlap(life, other):
                continue
            aligned = -(-current // alignment) * alignment
            if aligned + life.size <= offset and (fit is None or offset - aligned < fit):
                best, fit = aligned, offset - current
            current = max(current, offset + other.size)
            if fit == 0:
                break
        if best is None:
            best = -(-current // alignment) * alignment
        active.append((best, life))
        active.sort(key=lambda item: item[0])
        high = max(high, best + life.size)
    return high


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_of_random_graphs(sketch: Make, seed: int) -> None:
    """The tree of lifetimes finds the same neighbours as a list of all tensors."""
    chance = random.Random(seed)
    lines, names = ["subgraph", "  input x [100] FLOAT32"], ["x"]
    for index in range(60):
        read = ", ".join(chance.sample(names[-8:], min(len(names), chance.randint(1, 3))))
        lines.append(f"  t{index} [{chance.randint(1, 400)}] INT8 = MyOp({read})")
        names.append(f"t{index}")
    lines.append("  output t59 t30")
    found = arena_of(sketch("\n".join(lines) + "\n"))
    assert found.size == planned_slowly(found, 64)
    assert found.size >= found.peak_bytes


def test_a_long_chain_is_planned_quickly(sketch: Make) -> None:
    """No cost that grows with the square of the number of operators."""
    lines = ["subgraph", "  input t0 [100] INT8"]
    lines += [f"  t{i + 1} [100] INT8 = MyOp(t{i})" for i in range(5000)]
    found = arena_of(sketch("\n".join(lines) + "\n  output t5000\n"))
    # The input for good, and two of the others at a time.
    assert found.size == 128 + 128 + 100
