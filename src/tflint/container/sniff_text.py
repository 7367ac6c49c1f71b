"""What kind of text a file is that should be a model."""

from __future__ import annotations

import re

#: What a text is: (kind, description, fix).
Kind = tuple[str, str, str]

_LFS = re.compile(r"version https://(?:git-lfs|hawser)\.github\.com/spec/v1\r?\n")
_LFS_OBJECT = re.compile(r"^oid sha256:([0-9a-f]{64})\r?\nsize ([0-9]{1,19})\r?$", re.MULTILINE)
# Groups that repeat are atomic `(?>...)*+`, so that no text takes more than linear time.
_HTML = re.compile(r"(?>\s*<!--.*?-->)*+\s*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_C_ARRAY = re.compile(
    r"\b(?:char|u?int8_t|byte|BYTE)\s+(\w+)\s*\[[^\]\n]{0,80}\]\s*+"
    r"(?>__attribute__\s*\(\([^;{]{0,120}\)\)\s*+|[A-Z_]\w*+(?:\([^()\n]{0,80}\))?\s*+)*+=\s*\{"
)
_C_MODEL = re.compile(r"0x54\s*,\s*0x46\s*,\s*0x4c\s*,\s*0x33\b", re.I)
_JSON = re.compile(r"\{\s*[\"}]|\[\s*(?:[\"{\[\]]|-?\d|true\b|false\b|null\b)")
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]{2}(?:[\s,]*(?:0x)?[0-9a-fA-F]{2}){15}[0-9a-fA-FxX,\s]*")
_HEX_DUMP = re.compile(r"0{7,8}(:?) +((?:[0-9a-f]{2} {1,2}){16}|(?:[0-9a-f]{4} ){8})")
_BASE64 = re.compile(r"[A-Za-z0-9+/\r\n]{16,}={0,2}\s*")

_SEPARATORS = dict.fromkeys(b" \t\r\n,")


def decode(head: bytes, whole: bool) -> tuple[str, str] | None:
    """`head` as text and the name of its encoding, or None when it is not text.

    Text has a byte order mark or is UTF-8, and holds no control characters but tab, line
    breaks, form feed and escape.

    Args:
        head: the first bytes of the file.
        whole: these are all bytes of the file, so that the last character cannot be cut.
    """
    import codecs

    encoding = "UTF-8"
    for mark, name in (
        (codecs.BOM_UTF32_LE, "UTF-32"),
        (codecs.BOM_UTF32_BE, "UTF-32"),
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
    ):
        if head.startswith(mark):
            encoding = name
            break
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head, whole)
    except UnicodeDecodeError:
        return None
    if any(c < " " and c not in "\t\n\r\f\x1b" or c == "\x7f" for c in set(text)):
        return None
    return text.removeprefix("\ufeff"), encoding


def classify(text: str, encoding: str, tail: bytes) -> Kind:
    """The kind of a text by its beginning `text` and the last bytes of its file.

    The description is empty for text of no known kind.
    """
    if _LFS.match(text):
        return _lfs_pointer(text)
    if encoding != "UTF-8":
        fix = "write the file as bytes; PowerShell's `>` turns them into text"
        return encoding.lower(), f"{encoding} text", fix
    if _HTML.match(text):
        fix = "download the file itself (on GitHub the Raw link), not the page that shows it"
        return "html", "an HTML page", fix
    start = text.lstrip()
    if start.startswith("<?xml"):
        return "xml", "an XML document, as servers answer for an error", "download the model again"
    if array := _C_ARRAY.search(text):
        holds = " that holds a TFLite model" if _C_MODEL.search(text, array.end()) else ""
        what = f"C source of the array `{array[1][:60]}`{holds}"
        return "c-array", what, "lint the .tflite that the array was made from"
    if found := _encoded(start):
        return found
    if _JSON.match(start) and tail.rstrip()[-1:] in (b"}", b"]"):
        return "json", "a JSON document", ""
    return "text", "", ""


def _lfs_pointer(text: str) -> Kind:
    from tflint.container.wording import size_text

    what = "a Git LFS pointer"
    if found := _LFS_OBJECT.search(text):
        # The same ten digits that `git lfs ls-files` prints.
        what += f" to {size_text(int(found[2]))}, oid {found[1][:10]}"
    return "git-lfs-pointer", what, "git lfs pull"


def _encoded(text: str) -> Kind | None:
    """Bytes written as hexadecimal digits or as base64."""
    if dump := _HEX_DUMP.match(text):
        model = _is_model(dump[2])
        what = f"a hex dump{' of a TFLite model' if model else ''}"
        # Only xxd's own form, with a colon, can be turned back by it.
        return "hex", what, "xxd -r FILE > model.tflite" if model and dump[1] else ""
    line = text[:4096]
    if _HEX.fullmatch(line):
        model = _is_model(re.sub("0[xX]", "", line))
        what = f"{'a TFLite model written as ' if model else ''}hexadecimal digits"
        return "hex", what, "xxd -r -p FILE > model.tflite" if model else ""
    if _BASE64.fullmatch(line):
        import base64

        digits = line.translate(_SEPARATORS)[:12]
        if len(digits) == 12 and base64.b64decode(digits)[4:8] == b"TFL3":
            return "base64", "a TFLite model in base64", "base64 -d FILE > model.tflite"
    return None


def _is_model(digits: str) -> bool:
    """Whether hexadecimal digits begin a file with the TFLite identifier."""
    return digits.translate(_SEPARATORS)[8:16].lower() == b"TFL3".hex()
