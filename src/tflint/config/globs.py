"""Does a glob of the configuration mean a model?"""

from __future__ import annotations

import os

from tflint.container.members import SEPARATOR


def matches(pattern: str, path: str, root: str) -> bool:
    """Whether the model at `path` is one that `pattern` means.

    A pattern without a slash is for the file name, any other for the path from `root`, the
    folder of the configuration file. `*` also stands for slashes, `**/` for nothing as well.
    `bundle.task::*` is for the models in a bundle by name; a pattern without `::` is for every
    model in the files it means.

    Args:
        pattern: as in the configuration, with forward slashes.
        path: as displayed: a path from the current directory, `bundle.task::name`, or `-`.
        root: an absolute path.
    """
    from fnmatch import fnmatchcase

    file, inside, member = path.partition(SEPARATOR)
    wanted, colons, wanted_member = pattern.partition(SEPARATOR)
    if colons and not (inside and fnmatchcase(member, wanted_member)):
        return False
    if "/" not in wanted:
        return fnmatchcase(os.path.basename(file), wanted)
    try:
        relative = os.path.relpath(os.path.abspath(file), root)
    except ValueError:  # another drive on Windows
        relative = os.path.abspath(file)
    relative = relative.replace(os.sep, "/")
    wanted = wanted.removeprefix("./")
    return fnmatchcase(relative, wanted) or fnmatchcase(relative, wanted.replace("**/", ""))
