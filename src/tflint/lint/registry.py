"""Every rule's facts, without importing any rule.

The index is generated from the rule pages and modules, so that a run imports only the modules
of rules that are selected and can apply to the model at hand.
"""

from __future__ import annotations

from importlib import import_module

from tflint._generated.rule_index import RULES
from tflint.lint.rule import Rule
from tflint.record import NamedTuple


class RuleInfo(NamedTuple):
    """What a rule's page and module say about it."""

    code: str
    name: str
    family: str  #: folder of its page: `quantization`
    summary: str  #: one line, lower-case start, no final dot
    severity: str
    confidence: str
    since: str  #: version of tflint that brought it
    why: str  #: default consequence of its findings
    fix: str  #: default remedy of its findings
    references: tuple[str, ...]  #: `owner/repo#n`, `owner/repo path @ revision` or a URL
    security_severity: float | None  #: 0 to 10, as GitHub code scanning reads it
    data: bool  #: whether it reads constants
    module: str  #: import path; empty for findings of the loader and the engine
    levels: tuple[str, ...]  #: `model`, `subgraph`, `operator`, `tensor`
    operators: tuple[str, ...]  #: operator names it can apply to; empty for no operator check
    settings: tuple[tuple[str, object], ...]  #: converter settings that mend it
    needs: tuple[str, ...] = ()  #: operators without which it has nothing to say; empty for none


#: What `rules` has made.
_known: dict[str, RuleInfo] = {}


def rules() -> dict[str, RuleInfo]:
    """Every rule by code, in order of code."""
    if not _known:
        _known.update((code, RuleInfo(*fields)) for code, fields in RULES.items())
    return _known


def load(info: RuleInfo) -> Rule:
    """Imports a rule's module and returns its rule."""
    rule: Rule = import_module(info.module).rule
    return rule


def page(code: str) -> str:
    """The rule's page as Markdown, without front matter."""
    from tflint._generated.rule_pages import PAGES

    text: str = PAGES[code]
    return text
