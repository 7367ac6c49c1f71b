"""Writes tests/golden/ anew: `PYTHONPATH=src python tests/report/refresh.py`. Read the diff."""

from __future__ import annotations

from conftest import CASES, GOLDEN, draw_case

if __name__ == "__main__":
    for stale in GOLDEN.glob("hard.*"):
        stale.unlink()
    for name in CASES:
        (GOLDEN / name).write_bytes(draw_case(name).encode())
        print(f"wrote tests/golden/{name}")
