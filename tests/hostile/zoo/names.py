"""Names made to break a terminal, a reader or a report."""

from __future__ import annotations

from assemble import assemble
from registry import LOADED, REFUSED, case
from sound import sound


def _named(name: str | bytes) -> bytes:
    spec = sound()
    spec["subgraphs"][0]["tensors"][3]["name"] = name
    return bytes(assemble(spec))


@case("F026", litert=LOADED)
def name_not_utf8() -> bytes:
    """A tensor's name in Latin-1."""
    return _named("Ausgabe größer".encode("latin-1"))


@case("F026", litert=REFUSED)
def signature_not_utf8() -> bytes:
    """A signature key that is not UTF-8: the Python interpreter raises while loading."""
    spec = sound()
    spec["signature_defs"][0]["signature_key"] = b"serving\xff"
    return bytes(assemble(spec))


@case("F026", litert=LOADED)
def custom_name_not_utf8() -> bytes:
    """A custom operator, used by none, whose name is no UTF-8."""
    spec = sound()
    spec["operator_codes"].append(
        {"deprecated_builtin_code": 32, "builtin_code": 32, "custom_code": b"Op\xc3\x28"}
    )
    return bytes(assemble(spec))


@case("F026", litert=LOADED)
def utf8_overlong_and_surrogates() -> bytes:
    """Names with an overlong slash, a lone surrogate and a code point above U+10FFFF."""
    spec = sound()
    for tensor, name in zip(
        spec["subgraphs"][0]["tensors"],
        (b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff", b"ok"),
        strict=True,
    ):
        tensor["name"] = name
    return bytes(assemble(spec))


@case(litert=LOADED)
def name_with_nul() -> bytes:
    """A name with a zero byte in the middle."""
    return _named(b"conv\0hidden")


@case(litert=LOADED)
def name_with_escapes() -> bytes:
    """A name that would clear a terminal, set its title and turn its text around."""
    return _named("\x1b[2J\x1b]0;owned\x07\u202egnirts\u202c\r\n::error::injected\x9b31m")


@case(litert=LOADED)
def name_like_markup() -> bytes:
    """A name that would be markup in a report."""
    return _named('<script>alert(1)</script>]]>|`code`|"quoted"&amp;{{7*7}}%s')


@case(litert=LOADED)
def names_empty() -> bytes:
    """No tensor has a name."""
    spec = sound()
    for tensor in spec["subgraphs"][0]["tensors"]:
        del tensor["name"]
    return bytes(assemble(spec))


@case(litert=LOADED)
def names_equal() -> bytes:
    """Tensors, subgraph and metadata entries that all have one name."""
    spec = sound()
    spec["subgraphs"][0]["name"] = "x"
    for tensor in spec["subgraphs"][0]["tensors"]:
        tensor["name"] = "x"
    spec["metadata"] = [{"name": "x", "buffer": 3}] * 5
    return bytes(assemble(spec))


@case(litert=LOADED, large=True)
def name_of_a_megabyte() -> bytes:
    """A tensor's name of 1 MB."""
    return _named("long/" * (1 << 18))
