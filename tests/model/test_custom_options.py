"""Where a custom operator's options lie."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tflint.model import Model

Make = Callable[[str], Model]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", b""),
        ("custom_options=hex(0102)", b"\x01\x02"),
        ("large_custom_options_offset=4 large_custom_options_size=4", b"TFL3"),
        # Options inside the flatbuffer count first, as in the interpreter.
        (
            "custom_options=hex(0102) large_custom_options_offset=4 large_custom_options_size=4",
            b"\x01\x02",
        ),
        # 1 is a placeholder of the writer, and what lies outside the file is not there.
        ("large_custom_options_offset=1 large_custom_options_size=4", b""),
        ("large_custom_options_offset=4 large_custom_options_size=99999", b""),
    ],
)
def test_options(sketch: Make, fields: str, expected: bytes) -> None:
    model = sketch(f"subgraph\n  input x [1] FLOAT32\n  y [1] FLOAT32 = MyOp(x) {fields}\n")
    assert bytes(model.subgraphs[0].operators[0].custom_options) == expected
