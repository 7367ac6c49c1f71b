"""Which line declares what, and what marks and settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tflint import sketch
from tflint.model import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from tflint.model import Model

TEXT = """\
# settings: target=runtime:2.14 allow-custom=MyOp allow-custom='a b'
model                                        # error: F001
metadata min_runtime_version "2.5.0"         # info: M002
subgraph main                                # warning: F003
  input x [1,4] FLOAT32
  const w [2,4] FLOAT32 = fill(0.5)          # a plain note
  (
    p [1,2] FLOAT32,                         # error: Q001
    q [1,2] FLOAT32
  ) = SPLIT(#9, x) num_splits=2              # error: O001, warning: Q002
  p = ADD(x, \\
    w)
  output p
subgraph body
  output #7
signature serving_default inputs(x=x)        # info: M001
signature - outputs(y=p)
buffer 9 hex(00)
"""


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (Location(), 2),
        (Location(offset=12, path="subgraphs[0]"), 2),
        (Location(metadata="min_runtime_version"), 3),
        (Location(subgraph=0, name="main"), 4),
        (Location(subgraph=1), 14),
        (Location(subgraph=0, tensor=0, name="x"), 5),
        (Location(subgraph=0, tensor=1), 6),
        (Location(subgraph=0, tensor=2), 8),
        (Location(subgraph=0, tensor=3), 9),
        (Location(subgraph=0, operator=0, op_name="SPLIT"), 10),
        (Location(subgraph=0, operator=0, tensor=3), 9),
        (Location(subgraph=0, operator=1), 11),
        (Location(buffer=1), 6),
        (Location(buffer=2), 3),
        (Location(buffer=9, offset=400), 18),
        (Location(signature="serving_default"), 16),
        (Location(signature="1"), 17),
        (Location(subgraph=2), None),
        (Location(buffer=5), None),
    ],
)
def test_the_line_of(location: Location, line: int | None) -> None:
    assert sketch.parse(TEXT).line_of(location) == line


def test_locations_of_the_built_model_have_lines(read: Callable[[bytes], Model]) -> None:
    parsed = sketch.parse(TEXT)
    model = read(parsed.build())
    places = [
        model,
        *model.metadata,
        *model.signatures,
        *model.subgraphs,
        *model.subgraphs[0].tensors,
        *model.subgraphs[0].operators,
    ]
    lines = [parsed.line_of(place.location) for place in places]
    assert lines == [2, 3, 16, 17, 4, 14, 5, 6, 8, 9, 10, 11]


def test_what_the_text_leaves_out_has_no_line() -> None:
    parsed = sketch.parse("x [1] INT8")
    assert parsed.line_of(Location()) is None
    assert parsed.line_of(Location(subgraph=0)) is None
    assert parsed.line_of(Location(subgraph=0, tensor=0)) == 1


def test_marks() -> None:
    assert sketch.marks(TEXT) == [
        (2, "error", "F001"),
        (3, "info", "M002"),
        (4, "warning", "F003"),
        (8, "error", "Q001"),
        (10, "error", "O001"),
        (10, "warning", "Q002"),
        (16, "info", "M001"),
    ]
    assert sketch.marks('x [1] INT8 = "# error: O001"  #1') == []


def test_settings() -> None:
    assert sketch.settings(TEXT) == [
        ("target", "runtime:2.14"),
        ("allow-custom", "MyOp"),
        ("allow-custom", "a b"),
    ]
    assert sketch.settings("x [1] INT8  # settings are below") == []
    assert sketch.settings("") == []
