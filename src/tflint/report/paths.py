"""Paths of models as other programs want them, and what tells findings apart there."""

from __future__ import annotations

import os

from tflint.container.members import SEPARATOR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.lint.finding import Finding


def split_member(path: str) -> tuple[str, str]:
    """The file and the name of the model inside it, empty for a file that is the model."""
    file, _, member = path.partition(SEPARATOR)
    return file, member


def repository_path(file: str) -> str:
    """A path as repository hosts match it: slashes only, without `./` in front."""
    path = file.replace(os.sep, "/")
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path


def uri(file: str) -> tuple[str, bool]:
    """A file as an RFC 3986 reference, percent-encoded, and whether it is relative."""
    from urllib.parse import quote

    path = repository_path(file)
    encoded = quote(os.fsencode(path), safe="/")
    if path.startswith("/"):
        return f"file://{encoded}", False
    if os.path.isabs(file):
        return f"file:///{encoded}", False
    return encoded, True


def identity(finding: Finding, scope: str) -> str:
    """A finding's fingerprint within `scope`, 16 hexadecimal digits.

    Args:
        scope: what the fingerprint alone does not say: the path, or the member of a bundle.
    """
    if not scope:
        return finding.fingerprint
    from hashlib import blake2b

    text = f"{scope}\0{finding.fingerprint}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=8).hexdigest()
