"""What the rules say about the runtime, asked of the runtime."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest

from tflint import sketch
from tflint._dev.rule_pages import pages
from tflint.lint.rules.quantization import fixed_scale_op_violated, same_scale_op_mismatch

pytest.importorskip("ai_edge_litert", reason="asks the LiteRT interpreter: extra `quantize`")

pytestmark = pytest.mark.oracle

BOOK = pathlib.Path(__file__).parents[2] / "rules"

#: One operator with input scale 0.01 and output scale 0.02: constants, output shape, call.
COPIES = {
    "AVERAGE_POOL_2D": ("", "[1,2,2,8]", "AVERAGE_POOL_2D.2(x) {pool}"),
    "BATCH_TO_SPACE_ND": (
        "const k [2] INT32 = 1 1; const q [2,2] INT32 = 0 0 0 0",
        "[1,4,4,8]",
        "BATCH_TO_SPACE_ND.2(x, k, q)",
    ),
    "BROADCAST_TO": ("const k [4] INT32 = 1 4 4 8", "[1,4,4,8]", "BROADCAST_TO.3(x, k)"),
    "CONCATENATION": ("", "[1,4,4,16]", "CONCATENATION.2(x, x) axis=3"),
    "DEPTH_TO_SPACE": ("", "[1,8,8,2]", "DEPTH_TO_SPACE(x) block_size=2"),
    "DYNAMIC_UPDATE_SLICE": (
        "const k [4] INT32 = 0 0 0 0",
        "[1,4,4,8]",
        "DYNAMIC_UPDATE_SLICE(x, x, k)",
    ),
    "EXPAND_DIMS": ("const k [] INT32 = 0", "[1,1,4,4,8]", "EXPAND_DIMS(x, k)"),
    "GATHER": ("const k [2] INT32 = 0 1", "[1,4,4,2]", "GATHER.2(x, k) axis=3"),
    "GATHER_ND": ("const k [1,1] INT32 = 0", "[1,4,4,8]", "GATHER_ND.2(x, k)"),
    "MAXIMUM": ("const k [] INT8 scale=0.02 zp=0 = 5", "[1,4,4,8]", "MAXIMUM.2(x, k)"),
    "MAX_POOL_2D": ("", "[1,2,2,8]", "MAX_POOL_2D.2(x) {pool}"),
    "MINIMUM": ("const k [] INT8 scale=0.02 zp=0 = 127", "[1,4,4,8]", "MINIMUM.2(x, k)"),
    "MIRROR_PAD": (
        "const k [4,2] INT32 = 0 0 1 1 1 1 0 0",
        "[1,6,6,8]",
        "MIRROR_PAD.2(x, k) mode=REFLECT",
    ),
    "PACK": ("", "[1,1,4,4,8]", "PACK.2(x) values_count=1"),
    "PAD": ("const k [4,2] INT32 = 0 0 0 0 0 0 0 0", "[1,4,4,8]", "PAD.2(x, k)"),
    "PADV2": (
        "const k [4,2] INT32 = 0 0 0 0 0 0 0 0; const v [] INT8 scale=0.02 zp=0 = 0",
        "[1,4,4,8]",
        "PADV2.2(x, k, v)",
    ),
    "REDUCE_MAX": ("const k [1] INT32 = 3", "[1,4,4]", "REDUCE_MAX.2(x, k)"),
    "REDUCE_MIN": ("const k [1] INT32 = 3", "[1,4,4]", "REDUCE_MIN.2(x, k)"),
    "RESHAPE": ("const k [2] INT32 = 1 128", "[1,128]", "RESHAPE(x, k)"),
    "RESIZE_BILINEAR": ("const k [2] INT32 = 8 8", "[1,8,8,8]", "RESIZE_BILINEAR.3(x, k)"),
    "RESIZE_NEAREST_NEIGHBOR": (
        "const k [2] INT32 = 8 8",
        "[1,8,8,8]",
        "RESIZE_NEAREST_NEIGHBOR.2(x, k)",
    ),
    "REVERSE_V2": ("const k [1] INT32 = 1", "[1,4,4,8]", "REVERSE_V2(x, k)"),
    "SELECT": ("const k [1,4,4,8] BOOL = fill(true)", "[1,4,4,8]", "SELECT(k, x, x)"),
    "SELECT_V2": ("const k [1,4,4,8] BOOL = fill(true)", "[1,4,4,8]", "SELECT_V2(k, x, x)"),
    "SLICE": (
        "const k [4] INT32 = 0 0 0 0; const q [4] INT32 = 1 2 2 8",
        "[1,2,2,8]",
        "SLICE.2(x, k, q)",
    ),
    "SPACE_TO_BATCH_ND": (
        "const k [2] INT32 = 1 1; const q [2,2] INT32 = 0 0 0 0",
        "[1,4,4,8]",
        "SPACE_TO_BATCH_ND.2(x, k, q)",
    ),
    "SPACE_TO_DEPTH": ("", "[1,2,2,32]", "SPACE_TO_DEPTH.2(x) block_size=2"),
    "SPLIT": ("const k [] INT32 = 3", "[1,4,4,8]", "SPLIT.2(k, x) num_splits=1"),
    "SPLIT_V": (
        "const k [1] INT32 = 8; const a [] INT32 = 3",
        "[1,4,4,8]",
        "SPLIT_V.2(x, k, a) num_splits=1",
    ),
    "SQUEEZE": ("", "[4,4,8]", "SQUEEZE(x)"),
    "STRIDED_SLICE": (
        "const k [4] INT32 = 0 0 0 0; const q [4] INT32 = 1 4 4 8; const z [4] INT32 = 1 2 2 1",
        "[1,2,2,8]",
        "STRIDED_SLICE.2(x, k, q, z)",
    ),
    "TILE": ("const k [4] INT32 = 1 1 1 2", "[1,4,4,16]", "TILE.3(x, k)"),
    "TRANSPOSE": ("const k [4] INT32 = 0 2 1 3", "[1,4,4,8]", "TRANSPOSE.2(x, k)"),
    "UNPACK": ("", "[4,4,8]", "UNPACK.2(x) num=1"),
}
POOL = "filter_width=2 filter_height=2 stride_w=2 stride_h=2 padding=VALID"


def allocated(data: bytes) -> Any:
    """An interpreter of the plain kernels, ready to run.

    Raises:
        RuntimeError, ValueError: the model is refused.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        model_content=data,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    interpreter.allocate_tensors()
    return interpreter


def test_every_operator_of_the_tables_is_tried() -> None:
    tables = {*same_scale_op_mismatch.COPYING, *same_scale_op_mismatch.REFUSING}
    assert {*tables, "CONCATENATION", "PACK"} == set(COPIES)


@pytest.mark.parametrize("name", COPIES)
def test_an_operator_copies_stored_values_or_refuses_two_scales(name: str) -> None:
    constants, shape, call = COPIES[name]
    lines = "\n    ".join(part.strip() for part in constants.split(";"))
    data = sketch.build(
        f"""
        model
          subgraph main
            input x [1,4,4,8] INT8 scale=0.01 zp=0
            {lines}
            y {shape} INT8 scale=0.02 zp=0 = {call.format(pool=POOL)}
            output y
        """
    )
    if name not in same_scale_op_mismatch.COPYING:
        # The reductions look when they run, the others when they are prepared.
        with pytest.raises(RuntimeError, match="scale"):
            allocated(data).invoke()
        return
    interpreter = allocated(data)
    given, made = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    values = interpreter.get_tensor(given["index"])
    values[...] = 100
    interpreter.set_tensor(given["index"], values)
    interpreter.invoke()
    assert (interpreter.get_tensor(made["index"]) == 100).all()


@pytest.mark.parametrize(("name", "dtype"), fixed_scale_op_violated.FIXED)
def test_an_operator_takes_its_fixed_scale_and_no_other(name: str, dtype: str) -> None:
    scale, zero_point = fixed_scale_op_violated.FIXED[name, dtype]
    version = 3 if dtype == "INT16" and name == "LOGISTIC" else 2
    options = " beta=1.0" if name == "SOFTMAX" else ""

    def model(scale: float) -> bytes:
        return sketch.build(
            f"""
            model
              subgraph main
                input x [1,8] {dtype} scale=0.1 zp={128 if dtype == "UINT8" else 0}
                y [1,8] {dtype} scale={scale!r} zp={zero_point} = {name}.{version}(x){options}
                output y
            """
        )

    allocated(model(scale))
    with pytest.raises(RuntimeError, match="scale"):
        allocated(model(scale * 1.5))


#: Pages whose failing examples the interpreter refuses, and what it says.
REFUSED = {
    "O001": "Select TensorFlow op",
    "O004": "unresolved custom op",
    "O008": "Didn't find op for builtin opcode|out of range",
    "Q009": "zero_point",
    "Q019": "scale",
    "Q032": "quantization",
}
FIRST_EXAMPLE = re.compile(r"## Example\n.*?```sketch\n(.*?)```", re.DOTALL)
FIRST_PASSING = re.compile(r"## Instead\n.*?```sketch\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("code", REFUSED)
def test_the_failing_example_fails_and_the_passing_one_runs(code: str) -> None:
    page = next(page for page in pages(str(BOOK)) if page.code == code)
    failing, passing = FIRST_EXAMPLE.search(page.body), FIRST_PASSING.search(page.body)
    assert failing is not None
    assert passing is not None
    with pytest.raises((RuntimeError, ValueError), match=REFUSED[code]):
        allocated(sketch.build(failing[1]))
    if code != "O004":  # its passing example is a whole detection head, with options
        allocated(sketch.build(passing[1]))
