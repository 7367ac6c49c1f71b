"""`python -m tflint._dev`: the entry point of the development tools."""

from __future__ import annotations

from tflint._dev.main import main

if __name__ == "__main__":
    raise SystemExit(main())
