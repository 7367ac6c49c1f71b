"""Bytes to bounds-checked tables: a FlatBuffers reader that trusts nothing.

It knows the FlatBuffers wire format and no schema: the schema is a table of
fields handed in by the caller (`tflint._generated.schema` holds TFLite's).
Format: https://flatbuffers.dev/internals/
"""

from __future__ import annotations

from tflint.flatbuf.errors import INVARIANTS, FormatError
from tflint.flatbuf.reader import Reader, Table
from tflint.flatbuf.verify import Verification, verify

__all__ = [
    "INVARIANTS",
    "FormatError",
    "Reader",
    "Table",
    "Verification",
    "verify",
]
