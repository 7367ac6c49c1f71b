"""From a path, or standard input, to the models inside it.

`source` maps a file, `members` finds the models in it (`bundle` for zip archives,
`litertlm` for LiteRT-LM files), `sniff` says what a file is that is not a model, and
`discover` turns command-line paths into files. Everything read here is untrusted: what is
wrong with a file is a `BundleError` or a `FileKind`, and nothing is ever unpacked to disk.
"""

from __future__ import annotations

from tflint.container.errors import BundleError, NoModels, PathError
from tflint.container.members import Member, members
from tflint.container.source import Source, open_source, read_stdin

__all__ = [
    "BundleError",
    "Member",
    "NoModels",
    "PathError",
    "Source",
    "members",
    "open_source",
    "read_stdin",
]
