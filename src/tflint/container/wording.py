"""How sizes, names and bytes of untrusted files are written in messages."""

from __future__ import annotations

#: Longest name shown; a zip member's name may have 65,535 bytes.
MAX_NAME = 120


def size_text(count: int) -> str:
    """A number of bytes: `131 bytes`, `1.2 MiB`."""
    if count == 1:
        return "1 byte"
    if count < 1024:
        return f"{count} bytes"
    value = count / 1024
    for unit in ("KiB", "MiB", "GiB"):
        # 1023.95 would be printed as 1024.0 of the smaller unit.
        if value < 1023.95:
            return f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


def hex_text(data: bytes) -> str:
    """Bytes as `89 48 44 46`."""
    return data.hex(" ")


def printable(text: str) -> str:
    """`text` on one line: control, format and undecodable characters become escapes."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


def shorten(text: str, limit: int) -> str:
    """`text`, or its first `limit` - 1 characters and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def display_name(name: str) -> str:
    """A member's name for messages, safe to take for a relative path.

    Absolute prefixes, drive letters, `.` and `..` steps are left out, because a name from an
    archive may end up in a report that other programs resolve.
    """
    steps = name.replace("\\", "/").split("/")
    kept = [step for step in steps if step not in ("", ".", "..") and not step.endswith(":")]
    return shorten(printable("/".join(kept)), MAX_NAME) or "unnamed"


def reason(error: Exception) -> str:
    """What the system says of a failed call: `no such file or directory`."""
    return str(getattr(error, "strerror", None) or error).lower()
