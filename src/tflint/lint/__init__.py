"""Judging a model: rules, the engine that runs them, and what they found.

`tflint.lint("model.tflite")` calls `tflint.api.lint`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tflint.lint.result import Result


class _Callable(ModuleType):
    """This package under the name it shares with the function.

    Importing any module below makes the package the attribute `lint` of `tflint`, in place of
    the function of the public interface.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Result:
        # By name: nothing down here depends on the interface above.
        result: Result = import_module("tflint.api").lint(*arguments, **options)
        return result


sys.modules[__name__].__class__ = _Callable
