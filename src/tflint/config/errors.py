"""The one error of this package."""

from __future__ import annotations


class ConfigError(Exception):
    """A configuration that cannot be used.

    Attributes:
        problems: one line each, with file and line where they are known:
            ``tflint.toml:3: no option `selct`; did you mean `select`?``
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
