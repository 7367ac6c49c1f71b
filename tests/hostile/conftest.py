"""What the tests against hostile input share."""

from __future__ import annotations

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
for folder in (HERE, HERE / "zoo"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
