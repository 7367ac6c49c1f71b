"""A model as a small readable text, both ways.

    subgraph main
      input x [1,4] FLOAT32
      const w [2,4] FLOAT32 = fill(0.5)
      y [1,2] FLOAT32 = FULLY_CONNECTED(x, w, -)
      output y

Rule pages, tests and bug reports are written in it. The grammar is in docs/sketch.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tflint.sketch.errors import SketchError

if TYPE_CHECKING:
    from tflint.model import Model
    from tflint.sketch.assemble import Sketch as Sketch

__all__ = ["Sketch", "SketchError", "build", "marks", "parse", "settings", "text"]


def __getattr__(name: str) -> object:
    if name == "Sketch":
        from tflint.sketch.assemble import Sketch

        return Sketch
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def text(model: Model, *, data: bool = False) -> str:
    """A model as a sketch.

    Args:
        model: any model whose verification has no refused invariant.
        data: whether long constants are written out, so that `build` makes an equal model;
            else they are `data(sha1, n bytes)`, which reads back as zeros.

    Raises:
        FormatError: the file is broken (`tflint.flatbuf`).
    """
    from tflint.sketch.printer import print_model

    return print_model(model, data)


def parse(text: str) -> Sketch:
    """The model a sketch describes, and which of its lines declares what.

    Raises:
        SketchError: the text is no sketch; says the line and what was expected there.
    """
    from tflint.sketch.assemble import assemble
    from tflint.sketch.parser import parse_document

    return assemble(parse_document(text))


def build(text: str) -> bytes:
    """The model file that a sketch describes.

    Raises:
        SketchError: the text is no sketch; says the line and what was expected there.
    """
    return parse(text).build()


def marks(text: str) -> list[tuple[int, str, str]]:
    """Line, severity and code of every finding that the text expects.

    `# error: O001, warning: Q002` at the end of a line are two.

    Raises:
        SketchError: a mark of another form.
    """
    from tflint.sketch.comments import read_marks

    return read_marks(text)


def settings(text: str) -> list[tuple[str, str]]:
    """Name and value of every setting on a first line such as `# settings: allow-custom=MyOp`.

    Raises:
        SketchError: settings elsewhere, or one that is not name=value.
    """
    from tflint.sketch.comments import read_settings

    return read_settings(text)
