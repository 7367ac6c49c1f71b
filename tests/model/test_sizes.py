"""Where the bytes of a file go: every byte counted once."""

from __future__ import annotations

import io
import pathlib
import zipfile
from collections.abc import Callable

from tflint.model import Model
from tflint.model.sizes import breakdown
from tflint.sketch import build

Make = Callable[[str], Model]


def total(model: Model) -> int:
    found = breakdown(model)
    assert min(found[:6]) >= 0
    return sum(found[:6])


def test_weights_by_type_and_operator(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [1,4] FLOAT32
          const w [2,4] FLOAT32 = fill(1)
          const h [4] FLOAT16 = fill(1)
          const b [10] INT8 = fill(1)
          u [4] FLOAT32 = DEQUANTIZE(h)
          y [1,2] FLOAT32 = FULLY_CONNECTED(x, w)
          z [1,4] FLOAT32 = MUL(x, u)
        """)
    found = breakdown(model)
    assert found.weights == 32 + 8 + 10
    assert found.by_dtype == {"FLOAT32": 32, "INT8": 10, "FLOAT16": 8}
    # fp16 constants count for the operator behind DEQUANTIZE; b is read by nothing.
    assert found.by_operator == {"FULLY_CONNECTED": 32, "": 10, "MUL": 8}
    assert (found.metadata, found.unused, found.custom, found.appended) == (0, 0, 0, 0)
    assert total(model) == model.size


def test_metadata_custom_options_and_unused_buffers(sketch: Make) -> None:
    model = sketch("""\
        model
        metadata note "twelve bytes"
        buffer 3 hex(0102030405)
        subgraph
          input x [1] FLOAT32
          y [1] FLOAT32 = MyOp(x) custom_options=hex(00112233445566778899)
        """)
    found = breakdown(model)
    assert (found.metadata, found.unused, found.custom) == (12, 5, 10)
    assert found.unused_buffers == (3,)
    assert total(model) == model.size


def test_a_buffer_that_tensors_share_counts_once(sketch: Make) -> None:
    model = sketch("""\
        subgraph
          input x [8] FLOAT32
          const a [8] FLOAT32 = fill(1)
          const b [8] FLOAT32 buffer=1
          y [8] FLOAT32 = ADD(x, a)
          z [8] FLOAT32 = MUL(x, b)
        """)
    assert breakdown(model).by_operator == {"ADD": 32}
    assert total(model) == model.size


def test_appended_zip_and_rubbish() -> None:
    plain = build("subgraph\n  input x [1] FLOAT32\n")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("labels.txt", "cat\ndog\n")
    data = archive.getvalue()

    def of(tail: bytes) -> tuple[int, int]:
        model = Model(memoryview(plain + tail), "m")
        assert total(model) == len(plain + tail)
        return breakdown(model).appended, breakdown(model).zip

    assert of(b"") == (0, 0)
    assert of(b"\0" * 15) == (0, 0)  # padding
    assert of(b"x" * 16) == (16, 0)
    assert of(data) == (len(data), len(data))
    assert of(b"\0\0" + data) == (len(data) + 2, len(data))
    assert of(b"PK\x03\x04" + b"x" * 40) == (44, 0)
    assert of(data + b"x" * 70000) == (len(data) + 70000, 0)


def test_external_buffers_are_counted_behind_the_flatbuffer(shared: Make) -> None:
    model = shared("mnv2_float_dyn_aeq_dynamic_w8")
    found = breakdown(model)
    assert (found.external, found.appended) == (394032, 0)
    assert found.by_dtype == {"INT8": 394848, "FLOAT32": 9376, "INT32": 8}
    assert total(model) == model.size


def test_a_compiled_program_behind_the_flatbuffer(shared: Make) -> None:
    found = breakdown(shared("simple_add_op_qc_v75_precompiled"))
    assert found.external == 29368
    assert found.custom == 29368 + 142
    assert found.appended == 0


def test_every_shared_model_adds_up(shared_models: pathlib.Path) -> None:
    for path in sorted(shared_models.glob("re*/*")):
        model = Model(memoryview(path.read_bytes()), path.name)
        if not model.verification.refused:
            assert total(model) == model.size, path.name
            assert sum(breakdown(model).by_dtype.values()) == breakdown(model).weights
            assert sum(breakdown(model).by_operator.values()) == breakdown(model).weights
