"""Where the configuration comes from: the nearest file upwards, and what was given for the run."""

from __future__ import annotations

import os

from tflint.config.layers import Config, layer, merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

#: Files looked for in each folder; the first that is for tflint counts.
NAMES = ("tflint.toml", "pyproject.toml")


def load(
    paths: Sequence[str] = (),
    *,
    file: str | None = None,
    isolated: bool = False,
    given: Mapping[str, Any] | None = None,
    giver: str = "command line",
) -> Config:
    """The configuration of a run.

    Args:
        paths: what is linted; without a configuration file in the current directory or above
            it, the nearest one from the first path upwards counts.
        file: the configuration file, in place of the search.
        isolated: no file is looked for.
        given: checked options by key that are stronger than the file.
        giver: where those come from, for `Config.origin`.

    Raises:
        ConfigError: a file cannot be opened or is wrong.
    """
    found = None
    if file is not None or not isolated:
        found = file if file is not None else find(paths)
    above = (layer(giver, given),) if given else ()
    if found is None:
        return merge(None, above)
    from tflint.config.validate import read_file

    return merge(read_file(found), above)


def find(paths: Sequence[str] = ()) -> str | None:
    """The nearest configuration file: from the current directory upwards, then from `paths[0]`.

    The current directory comes first so that every run in a project, over whichever of its
    models, has the same configuration.
    """
    here = os.getcwd()
    starts = [here]
    if paths and paths[0] != "-":
        first = os.path.abspath(paths[0])
        starts.append(first if os.path.isdir(first) else os.path.dirname(first))
    looked: set[str] = set()
    for start in starts:
        folder = start
        while folder not in looked:
            looked.add(folder)
            for name in NAMES:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and _is_ours(path):
                    return shown(path, here)
            folder = os.path.dirname(folder)
    return None


def _is_ours(path: str) -> bool:
    """Whether a file is for tflint: a pyproject.toml without our table is passed over."""
    if not path.endswith("pyproject.toml"):
        return True
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return False
    if b"tflint" not in content:
        return False
    # tomllib costs as much as linting a small model; most files that say tflint without this
    # table name it as a dependency.
    import re

    if not re.search(
        rb"^[ \t]*[\[\"']*(?:[ \t\w\"'-]+\.)*[ \t\"']*tflint\b", content, re.MULTILINE
    ):
        return False
    from tflint.config.read import has_table

    return has_table(content)


def shown(path: str, here: str) -> str:
    """A path as messages show it: from the current directory where that is not longer."""
    try:
        relative = os.path.relpath(path, here)
    except ValueError:  # another drive on Windows
        return path
    return relative if len(relative) <= len(path) else path
