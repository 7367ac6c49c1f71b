"""tflint: inspect and lint TFLite/LiteRT flatbuffers.

The command line is `tflint`; from Python:

    import tflint

    model = tflint.load("model.tflite")      # facts: tflint.model.Model
    result = tflint.lint("model.tflite")     # findings: tflint.lint.result.Result
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.api import lint as lint
    from tflint.api import load as load

__version__ = "0.1.0"
__all__ = ["__version__", "lint", "load"]


def __getattr__(name: str) -> object:
    # PEP 562: importing any submodule runs this file, so it must import nothing itself.
    if name in {"lint", "load"}:
        from tflint import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
