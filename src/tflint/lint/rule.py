"""What a rule is made of: the vocabulary of `lint/rules/<family>/<name>.py`.

A rule module makes one `Rule` and registers generator functions on the levels it needs:

    rule = Rule("O001")

    @rule.op("CUSTOM")
    def check(op: Operator, ctx: Context) -> Iterator[Finding]:
        if op.is_flex:
            yield rule.finding(op, f"{op.label} runs only in the Select TF ops delegate")

A check never prints, reads files, looks at argv, changes the model, imports another rule, or
raises for a bad model.
"""

from __future__ import annotations

from tflint.lint.finding import Finding
from tflint.model.location import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Protocol, TypeVar

    from tflint.lint.context import Context
    from tflint.model import Model, Operator, Subgraph, Tensor

    ModelCheck = Callable[[Model, Context], Iterator[Finding]]
    SubgraphCheck = Callable[[Subgraph, Context], Iterator[Finding]]
    OperatorCheck = Callable[[Operator, Context], Iterator[Finding]]
    TensorCheck = Callable[[Tensor, Context], Iterator[Finding]]
    _Check = TypeVar("_Check", bound=Callable[..., Iterator[Finding]])

    class Located(Protocol):
        """Anything in a model that a finding can be about."""

        @property
        def location(self) -> Location: ...


#: Operator name that stands for every operator.
ANY_OPERATOR = "*"


class Rule:
    """One rule and its checks.

    Args:
        code: `Q002`; the page of that code holds everything else about the rule.
        data: whether its checks read constants (weights); `--no-data` skips those rules.
        needs: operator names; the rule has nothing to say about a model without any of them, and
            is not imported for it.
    """

    __slots__ = (
        "code",
        "data",
        "model_checks",
        "needs",
        "op_checks",
        "subgraph_checks",
        "tensor_checks",
    )

    def __init__(self, code: str, *, data: bool = False, needs: Iterable[str] = ()) -> None:
        self.code = code
        self.data = data
        self.needs = tuple(sorted(needs))
        self.model_checks: list[ModelCheck] = []
        self.subgraph_checks: list[SubgraphCheck] = []
        self.tensor_checks: list[TensorCheck] = []
        self.op_checks: list[tuple[tuple[str, ...], OperatorCheck]] = []

    def model(self, check: _Check) -> _Check:
        """Registers a check that runs once per model."""
        self.model_checks.append(check)
        return check

    def subgraph(self, check: _Check) -> _Check:
        """Registers a check that runs once per subgraph."""
        self.subgraph_checks.append(check)
        return check

    def tensor(self, check: _Check) -> _Check:
        """Registers a check that runs once per tensor."""
        self.tensor_checks.append(check)
        return check

    def op(self, *names: str) -> Callable[[_Check], _Check]:
        """Registers a check for operators of these names; without names, for every operator."""

        def register(check: _Check) -> _Check:
            self.op_checks.append((names or (ANY_OPERATOR,), check))
            return check

        return register

    def finding(
        self,
        where: Located | Location,
        message: str,
        *,
        measured: object = None,
        limit: object = None,
        why: str | None = None,
        fix: str | None = None,
        related: tuple[Located | Location, ...] = (),
        severity: str = "",
        confidence: str = "",
    ) -> Finding:
        """A finding of this rule.

        Args:
            where: what it is about; exactly one place.
            message: what is wrong, with the measured value and the limit.
            measured, limit: the same two alone, for machines.
            why: the consequence, where it says more than the page's `why`.
            fix: what to do, where it says more than the page's `fix`.
            related: other places a reader should look at.
            severity, confidence: where they differ from the page's.
        """
        return Finding(
            self.code,
            message,
            _place(where),
            severity=severity,
            confidence=confidence,
            measured=_text(measured),
            limit=_text(limit),
            why=why,
            fix=fix,
            related=tuple(_place(place) for place in related),
        )


def _place(where: Located | Location) -> Location:
    return where if isinstance(where, Location) else where.location


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
