"""Which operators run which subgraphs."""

from __future__ import annotations

from collections.abc import Callable

from tflint._generated.schema import TABLES
from tflint.flatbuf.reader import DEPRECATED
from tflint.model import Model
from tflint.model.calls import (
    CALLS,
    callees_first,
    calls,
    calls_of,
    cycles,
    entry_points,
    reachable,
)

Make = Callable[[str], Model]

#: Fields of options that name subgraphs.
NAMES_SUBGRAPHS = ("subgraph", "called_computations")


def test_every_option_that_names_a_subgraph_is_known() -> None:
    """A newer schema with another such option must not go unnoticed."""
    in_schema = {
        field[0]
        for table, fields in TABLES.items()
        for field in fields
        if table.endswith("Options")
        and field[1] != DEPRECATED
        and any(part in field[0] for part in NAMES_SUBGRAPHS)
    }
    assert in_schema == {role for roles in CALLS.values() for role in roles}


def chain(*edges: tuple[int, int], count: int) -> str:
    """A sketch of `count` subgraphs, each with one CALL per edge that begins at it."""
    lines = []
    for index in range(count):
        lines += [f"subgraph s{index}", "  input x [1] FLOAT32"]
        lines += [
            f"  y{to} [1] FLOAT32 = CALL(x) subgraph={to}" for start, to in edges if start == index
        ]
    return "\n".join(lines) + "\n"


def test_while_and_if_name_two_subgraphs_each(sketch: Make) -> None:
    model = sketch("""\
        subgraph main
          input x [1] FLOAT32
          input c [1] BOOL
          y [1] FLOAT32 = WHILE(x) cond_subgraph_index=1 body_subgraph_index=2
          z [1] FLOAT32 = IF(c, y) then_subgraph_index=2 else_subgraph_index=3
          output z
        subgraph cond
        subgraph body
        subgraph unused
        """)
    found = [(call.operator.name, call.role, call.subgraph) for call in calls(model)]
    assert found == [
        ("WHILE", "cond_subgraph_index", 1),
        ("WHILE", "body_subgraph_index", 2),
        ("IF", "then_subgraph_index", 2),
        ("IF", "else_subgraph_index", 3),
    ]
    assert calls_of(model.subgraphs[0].operators[1]) == calls(model)[2:]


def test_case_names_a_list(sketch: Make) -> None:
    model = sketch("""\
        subgraph main
          input i [] INT32
          y [1] FLOAT32 = STABLEHLO_CASE(i) branch_subgraph_indices=(1,2,9)
        subgraph a
        subgraph b
        """)
    assert [call.subgraph for call in calls(model)] == [1, 2, 9]
    assert reachable(model) == {0, 1, 2}


def test_models_without_calls_have_none(sketch: Make) -> None:
    model = sketch("subgraph\n  input x [1] FLOAT32\n  y [1] FLOAT32 = NEG(x)\n")
    assert calls(model) == ()
    assert reachable(model) == {0}
    assert cycles(model) == ()
    assert calls_of(model.subgraphs[0].operators[0]) == ()


def test_a_model_without_subgraphs(sketch: Make) -> None:
    model = sketch("model\n")
    assert (entry_points(model), reachable(model), callees_first(model)) == ((), frozenset(), ())


def test_signatures_are_entry_points(sketch: Make) -> None:
    model = sketch(
        chain((2, 3), count=5)
        + "signature enc subgraph=2 inputs(x=x)\nsignature other subgraph=2 inputs(x=x)\n"
    )
    assert entry_points(model) == (0, 2)
    assert reachable(model) == {0, 2, 3}


def test_callees_come_first(sketch: Make) -> None:
    order = callees_first(sketch(chain((0, 1), (0, 2), (2, 3), (1, 3), count=5)))
    assert sorted(order) == [0, 1, 2, 3, 4]
    assert order.index(3) < order.index(2) < order.index(0)
    assert order.index(3) < order.index(1) < order.index(0)


def test_cycles_are_found_with_all_their_members(sketch: Make) -> None:
    model = sketch(chain((0, 1), (1, 2), (2, 1), (2, 3), (3, 3), (4, 0), count=5))
    assert cycles(model) == ((1, 2), (3,))


def test_an_index_out_of_range_leads_nowhere(sketch: Make) -> None:
    model = sketch(chain((0, 7), (0, 2**32 - 1), count=1))
    assert [call.subgraph for call in calls(model)] == [7, 2**32 - 1]
    assert reachable(model) == {0}
    assert cycles(model) == ()


def test_a_long_chain_needs_no_deep_stack(sketch: Make) -> None:
    count = 3000
    model = sketch(chain(*((i, i + 1) for i in range(count - 1)), count=count))
    assert len(reachable(model)) == count
    assert callees_first(model) == tuple(reversed(range(count)))
    assert cycles(model) == ()


def test_real_control_flow(shared: Make) -> None:
    model = shared("regenerated/while_if.tflite")
    assert reachable(model) == {0, 1, 2, 3, 4}
    model = shared("sdpa_composite")
    assert [(call.operator.name, call.subgraph) for call in calls(model)] == [
        ("STABLEHLO_COMPOSITE", 1)
    ]
