"""How far a run over many models is, for terminals."""

from __future__ import annotations

import sys
from time import monotonic

from tflint.cli.diagnostics import Diagnostics
from tflint.container.wording import printable
from tflint.report.paint import clip, terminal_width

#: Seconds before anything is shown: most runs are over by then.
DELAY = 0.4
#: Seconds between two changes of the line.
INTERVAL = 0.1


class Progress:
    """A line with the number of files done and the last of them.

    Args:
        total: files of the run.
    """

    def __init__(self, total: int, say: Diagnostics) -> None:
        self.total = total
        self.finished = 0
        self._say = say
        self._next = monotonic() + DELAY
        self._width = terminal_width(sys.stderr)

    def done(self, path: str) -> None:
        """Notes that a file is done."""
        self.finished += 1
        now = monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL
        text = f"{self.finished}/{self.total}  {printable(path)}"
        # The last column stays free: some terminals break the line once it is filled.
        self._say.status(clip(text, self._width - 1))
