"""S016 appended-data: see rules/security/S016-appended-data.md."""

from __future__ import annotations

from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model
from tflint.model.metadata import BadMetadata, archive
from tflint.model.sizes import breakdown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("S016")

#: Bytes that a writer may leave between the model and its archive.
PADDING = 16
#: Bytes compared at a time.
STEP = 1 << 20
#: Names of files that are run, or run code when they are opened.
RUNNABLE = (
    ".apk",
    ".bat",
    ".cmd",
    ".com",
    ".dex",
    ".dll",
    ".dylib",
    ".exe",
    ".jar",
    ".js",
    ".pickle",
    ".pkl",
    ".ps1",
    ".py",
    ".pyc",
    ".sh",
    ".so",
    ".vbs",
)


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    sizes = breakdown(model)
    foreign = sizes.appended - sizes.zip
    start = model.size - sizes.appended
    if foreign >= PADDING:
        empty = _is_zero(model.data[start : start + foreign])
        yield rule.finding(
            Location(offset=start),
            f"{foreign} bytes {'of zeros ' if empty else ''}follow the model at byte {start}, "
            "which nothing in it refers to",
            measured=foreign,
            limit=0,
            severity="info" if empty else "",
            why="padding, as for a flash partition: the download is larger" if empty else None,
        )
    if not sizes.zip:
        return
    files = archive(model)
    if isinstance(files, BadMetadata):
        return
    named = [entry.name for entry in files if entry.name.lower().endswith(RUNNABLE)]
    if named:
        yield rule.finding(
            Location(offset=model.size - sizes.zip),
            f"{named[0]!r} in the zip archive behind the model is a file that can be run",
            measured=len(named),
            limit=0,
            why="the file is a valid zip archive too: what unpacks or opens it gets this file",
        )


def _is_zero(data: memoryview) -> bool:
    return not any(any(data[at : at + STEP]) for at in range(0, len(data), STEP))
