"""A finding's identity that survives converting the model again.

Tensor and operator indices move when a model is converted again, and Keras counts layers up
(`conv2d_3` becomes `conv2d_7`). A fingerprint is made of what stays: the rule, the operator,
the names with their counters taken out. Findings that are alike in all of that are told apart
by their order.
"""

from __future__ import annotations

# `hashlib` would load OpenSSL, which costs more than linting a small model.
from _blake2 import blake2b

from tflint.lint.finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

#: What separates the components of a name; each may end in a counter such as `_7`.
_SEPARATORS = (";", "/", ":")
#: Characters of a name that count: a hostile file can give a million tensors a name of a megabyte.
_LENGTH = 1000


def stable_name(name: str) -> str:
    """A tensor name without the counters that converting again changes."""
    for separator in _SEPARATORS:
        if separator in name:
            return separator.join(stable_name(part) for part in name.split(separator))
    head, underscore, counter = name.rpartition("_")
    counted = underscore and counter.isdecimal() and counter.isascii()
    return head if counted else name


def with_fingerprints(findings: Collection[Finding]) -> tuple[Finding, ...]:
    """The findings of one model, each with its fingerprint: 16 hexadecimal digits."""
    if not findings:
        return ()
    seen: dict[str, int] = {}
    result = []
    for finding in findings:
        where = finding.location
        parts = (
            finding.code,
            where.op_name or "",
            stable_name((where.name or "")[:_LENGTH]),
            where.signature or "",
            where.metadata or "",
            where.path or "",
        )
        key = "\0".join(parts)
        nth = seen[key] = seen.get(key, -1) + 1
        text = f"{key}\0{nth}".encode("utf-8", "surrogatepass")
        result.append(finding._replace(fingerprint=blake2b(text, digest_size=8).hexdigest()))
    return tuple(result)
