"""Make model.tflite: sample 01 as a download that stopped after 60 % of the bytes."""

from __future__ import annotations

from pathlib import Path

here = Path(__file__).resolve().parent
whole = (here.parent / "01-clean-int8" / "model.tflite").read_bytes()
(here / "model.tflite").write_bytes(whole[: len(whole) * 6 // 10])
