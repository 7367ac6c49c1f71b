"""From command-line paths to files: files as given, directories searched, globs expanded."""

from __future__ import annotations

import os
import stat

from tflint.container.errors import NoModels, PathError
from tflint.container.wording import printable, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Endings of files that hold models, compared without regard to case.
SUFFIXES = (".tflite", ".lite", ".task", ".litertlm")

#: Endings that make a directory stand where a model should: `org.tensorflow.lite` is a Java
#: package, `model.tflite/` is a mistake.
DIRECTORY_SUFFIXES = (".tflite", ".litertlm")

STDIN = "-"

#: Names compared for a suggestion; a directory of a million files is not worth the wait.
_MAX_NAMES = 2000


def expand(
    paths: Iterable[str], problem: Callable[[PathError], None] | None = None
) -> Iterator[tuple[str, bool]]:
    """The files to lint and whether each was named on the command line.

    Files are taken as given, whatever they are called. Directories are searched for `SUFFIXES`
    in order of name, following links to directories once each, without hidden files and
    directories. A directory called `x.tflite` comes back itself, for `open_source` to refuse,
    and is searched too. A pattern with `*`, `?`, `[]` or `**` that names no file is expanded.
    `-` stands for standard input. No file comes twice.

    Args:
        paths: as given on the command line.
        problem: is handed each `PathError`, and the search goes on; by default it is raised.

    Raises:
        PathError: a path does not exist, cannot be read, or a pattern matches nothing.
        NoModels: a directory holds no model.
    """
    given = list(paths)
    explicit = {os.path.normpath(path) for path in given if path}
    seen: set[str] = set()
    for path in given:
        try:
            for found in _expand(path, problem):
                key = found if found == STDIN else os.path.normpath(found)
                if key not in seen:
                    seen.add(key)
                    yield found, key in explicit
        except PathError as error:
            if problem is None:
                raise
            problem(error)


def _expand(path: str, problem: Callable[[PathError], None] | None) -> Iterator[str]:
    if path == STDIN:
        yield path
        return
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        if not any(c in path for c in "*?["):
            raise _missing(path, error) from None
        found = False
        for match in _glob(path, problem):
            found = True
            yield match
        if not found:
            raise PathError(printable(path), "the pattern matches no file") from None
        return
    if not stat.S_ISDIR(mode):
        yield path
        return
    found = False
    for file in _search(path, problem):
        found = True
        yield file
    if not found:
        hint = ""
        if os.path.exists(os.path.join(path, "saved_model.pb")):
            hint = "it is a TensorFlow SavedModel; convert it with tf.lite.TFLiteConverter"
        raise NoModels(printable(path), f"no {', '.join(SUFFIXES)} file in it", hint)


def _search(root: str, problem: Callable[[PathError], None] | None) -> Iterator[str]:
    """The models below `root`, and `root` itself when it is called like one."""
    if root.rstrip("/" + os.sep).lower().endswith(DIRECTORY_SUFFIXES):
        yield root
    for path, directory in _walk(root, None, False, problem):
        if path.lower().endswith(DIRECTORY_SUFFIXES if directory else SUFFIXES):
            yield path


def _walk(
    root: str, depth: int | None, hidden: bool, problem: Callable[[PathError], None] | None
) -> Iterator[tuple[str, bool]]:
    """Files and directories below `root` in order of name, and whether each is a directory.

    A directory comes before what it holds. One that was visited already, over a link, comes
    but is not entered again.

    Args:
        root: where to begin; `""` is the current directory, whose files come without prefix.
        depth: how many levels to look at; None for all.
        hidden: whether names that begin with a dot come too.
        problem: see `expand`.
    """
    visited: set[tuple[int, int]] = set()
    # Reversed, so that `pop` takes them in order: (path, is a directory, levels left).
    waiting: list[tuple[str, bool, int | None]] = [(root, True, depth)]
    while waiting:
        path, directory, left = waiting.pop()
        if path != root:
            yield path, directory
        if not directory or left == 0:
            continue
        try:
            status = os.stat(path or ".")
            # Windows reports inode 0 for file systems without them.
            if status.st_ino and (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            with os.scandir(path or ".") as listing:
                entries = sorted(listing, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            failed = PathError(printable(path), f"cannot be searched: {reason(error)}")
            if problem is None:
                raise failed from None
            problem(failed)
            continue
        below = None if left is None else left - 1
        for entry in entries:
            if not hidden and entry.name.startswith("."):
                continue
            child = os.path.join(path, entry.name)
            if os.path.isdir(child):
                waiting.append((child, True, below))
            elif entry.is_symlink() or entry.is_file():
                # A link that leads nowhere is worth a report; a socket or a pipe is not.
                waiting.append((child, False, below))


def _glob(pattern: str, problem: Callable[[PathError], None] | None) -> Iterator[str]:
    """The files a pattern matches; a directory it matches is searched.

    A pattern that ends in a name without a dot (`models/*`, `models/**`) takes only models, any
    other takes what it matches (`models/*.bin`).
    """
    parts = pattern.replace(os.sep, "/").split("/")
    fixed = 0
    while fixed < len(parts) - 1 and not any(c in parts[fixed] for c in "*?["):
        fixed += 1
    root = "/".join(parts[:fixed]) + ("/" if fixed and not parts[0] else "")
    wanted = [part for part in parts[fixed:] if part]
    if root and not os.path.isdir(root):
        return
    models_only = "." not in wanted[-1]
    hidden = any(part.startswith(".") for part in wanted)
    depth = None if "**" in wanted else len(wanted)
    skip = len(root.rstrip("/")) + 1 if root else 0
    for path, directory in _walk(root, depth, hidden, problem):
        if not _matches(path[skip:].replace(os.sep, "/").split("/"), wanted):
            continue
        if not directory:
            if not models_only or path.lower().endswith(SUFFIXES):
                yield path
        elif wanted[-1] != "**":
            yield from _search(path, problem)


def _matches(names: list[str], pattern: list[str]) -> bool:
    """Whether the components of a path match those of a pattern, `**` any number of them.

    As in a shell, a wildcard at the start of a component does not stand for a dot.
    """
    from fnmatch import fnmatch

    # The components of the pattern that may come next, all alternatives at once.
    states = _skip_stars({0}, pattern)
    for name in names:
        following = set()
        for state in states:
            if state == len(pattern):
                continue
            part = pattern[state]
            if name.startswith(".") and not part.startswith("."):
                continue
            if part == "**":
                following.add(state)
            elif fnmatch(name, part):
                following.add(state + 1)
        states = _skip_stars(following, pattern)
    return len(pattern) in states


def _skip_stars(states: set[int], pattern: list[str]) -> set[int]:
    """`states`, and those reached by letting `**` stand for nothing."""
    reached = set(states)
    for state in states:
        while state < len(pattern) and pattern[state] == "**":
            state += 1
            reached.add(state)
    return reached


def _missing(path: str, error: OSError | ValueError) -> PathError:
    shown = printable(path) or '""'
    if not path:
        return PathError(shown, "an empty path")
    if isinstance(error, ValueError):
        return PathError(shown, "the path holds a null byte")
    if os.path.islink(path):
        return PathError(shown, f"a link to {printable(os.readlink(path))}, which does not exist")
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return PathError(shown, f"cannot be opened: {reason(error)}")
    return PathError(shown, "no such file or directory", _suggestion(path))


def _suggestion(path: str) -> str:
    """What was probably meant: the nearest name where the path stops existing."""
    import difflib
    from itertools import islice

    base, name = os.path.split(path.rstrip("/" + os.sep))
    rest = ""
    while base and not os.path.exists(base):
        rest = os.path.join(name, rest) if rest else name
        base, name = os.path.split(base)
    try:
        with os.scandir(base or ".") as listing:
            names = sorted(entry.name for entry in islice(listing, _MAX_NAMES))
    except OSError:
        return ""
    near = difflib.get_close_matches(name, names, 1)
    near = near or [other for other in names if os.path.splitext(other)[0] == name]
    return f"did you mean {printable(os.path.join(base, near[0]))}" if near else ""
