"""Which rules run: from codes, prefixes and names to a set of codes."""

from __future__ import annotations

from tflint.lint.registry import RuleInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Selects every rule.
ALL = "ALL"


class SelectionError(ValueError):
    """A selector that matches no rule."""


def resolve(selector: str, infos: Mapping[str, RuleInfo]) -> frozenset[str]:
    """The codes that a selector means: a code, a prefix of codes, a name, a family, or `ALL`.

    Raises:
        SelectionError: it matches nothing; the message suggests what was meant.
    """
    wanted = selector.strip()
    if wanted.upper() == ALL:
        return frozenset(infos)
    found = frozenset(
        code
        for code, info in infos.items()
        if wanted.lower() in (info.name, info.family)
        or (wanted and code.startswith(wanted.upper()))
    )
    if not found:
        raise SelectionError(f"no rule `{selector}`{_suggestion(wanted, infos)}")
    return found


def _suggestion(wanted: str, infos: Mapping[str, RuleInfo]) -> str:
    from difflib import get_close_matches

    known = [*infos, *(info.name for info in infos.values()), *_families(infos)]
    close = get_close_matches(wanted, known, 1) or get_close_matches(wanted.upper(), known, 1)
    return f"; did you mean `{close[0]}`?" if close else "; `tflint rules` lists them"


def _families(infos: Mapping[str, RuleInfo]) -> list[str]:
    return sorted({info.family for info in infos.values()})


def select(
    infos: Mapping[str, RuleInfo],
    *,
    select: Iterable[str] = (ALL,),
    ignore: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    extend_ignore: Iterable[str] = (),
) -> tuple[str, ...]:
    """The codes to run, sorted.

    A rule runs when the longest selector that matches it selects it: `--select Q --ignore Q0`
    leaves out Q001, `--ignore Q --select Q001` runs it. Between selectors of equal length
    ignoring wins.

    Args:
        infos: every rule by code.
        select, extend_select: what to run; `extend_select` adds to `select`.
        ignore, extend_ignore: what to leave out.

    Raises:
        SelectionError: a selector matches no rule.
    """
    verdicts: dict[str, tuple[int, bool]] = {}
    for chosen, selectors in (
        (True, (*select, *extend_select)),
        (False, (*ignore, *extend_ignore)),
    ):
        for selector in selectors:
            for code in resolve(selector, infos):
                weight = _weight(selector.strip(), infos[code])
                if weight >= verdicts.get(code, (-1, False))[0]:
                    verdicts[code] = (weight, chosen)
    return tuple(sorted(code for code, (_, chosen) in verdicts.items() if chosen))


def _weight(selector: str, info: RuleInfo) -> int:
    """How specific a selector is: `ALL` least, then a family, a prefix, a code or name."""
    if selector.upper() == ALL:
        return 0
    if selector.lower() == info.name:
        return len(info.code)
    return 1 if selector.lower() == info.family else len(selector)
