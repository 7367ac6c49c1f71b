"""Which operators run which subgraphs."""

from __future__ import annotations

from tflint.model.once import once
from tflint.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.model.model import Model
    from tflint.model.operator import Operator

#: Operators with subgraphs, and the options that name them. Each option holds one index or a list.
CALLS = {
    "CALL": ("subgraph",),
    "CALL_ONCE": ("init_subgraph_index",),
    "IF": ("then_subgraph_index", "else_subgraph_index"),
    "WHILE": ("cond_subgraph_index", "body_subgraph_index"),
    "STABLEHLO_CASE": ("branch_subgraph_indices",),
    "STABLEHLO_COMPOSITE": ("decomposition_subgraph_index",),
    "STABLEHLO_CUSTOM_CALL": ("called_computations",),
    "STABLEHLO_REDUCE": ("body_subgraph_index",),
    "STABLEHLO_REDUCE_WINDOW": ("body_subgraph_index",),
    "STABLEHLO_SCATTER": ("update_computation_subgraph_index",),
    "STABLEHLO_SORT": ("comparator_subgraph_index",),
    "STABLEHLO_WHILE": ("cond_subgraph_index", "body_subgraph_index"),
}


class Call(NamedTuple):
    """One operator naming one subgraph."""

    operator: Operator
    role: str  #: the option that names it: `body_subgraph_index`
    subgraph: int  #: as written; it may be out of range


@once
def calls(model: Model) -> tuple[Call, ...]:
    """Every call in the model, in order of subgraphs and operators."""
    roles = {code.position: CALLS[code.name] for code in model.operator_codes if code.name in CALLS}
    if not roles:
        return ()
    return tuple(
        call
        for subgraph in model.subgraphs
        for operator in subgraph.operators
        if operator.code_index in roles
        for call in _of(operator, roles[operator.code_index])
    )


def calls_of(operator: Operator) -> tuple[Call, ...]:
    """The calls of one operator; empty for most."""
    return tuple(_of(operator, CALLS.get(operator.name, ())))


def _of(operator: Operator, roles: tuple[str, ...]) -> list[Call]:
    found = []
    for role in roles:
        named = operator.option(role)
        for index in named if isinstance(named, tuple) else (named,):
            if isinstance(index, int):
                found.append(Call(operator, role, index))
    return found


@once
def entry_points(model: Model) -> tuple[int, ...]:
    """Subgraphs that an application can run: the first one and those with a signature."""
    count = len(model.subgraphs)
    named = {signature.subgraph_index for signature in model.signatures}
    return tuple(index for index in range(count) if index == 0 or index in named)


@once
def reachable(model: Model) -> frozenset[int]:
    """Subgraphs that running an entry point can run, entry points included."""
    below = _below(model)
    seen = set(entry_points(model))
    pending = list(seen)
    while pending:
        for index in below.get(pending.pop(), ()):
            if index not in seen:
                seen.add(index)
                pending.append(index)
    return frozenset(seen)


@once
def cycles(model: Model) -> tuple[tuple[int, ...], ...]:
    """Groups of subgraphs that call each other in a circle, each sorted; a self-call is a group.

    The kernels do not look for one: only CALL_ONCE refuses its own subgraph
    (google-ai-edge/LiteRT tflite/kernels/call_once.cc).
    """
    below = _below(model)
    return tuple(
        sorted(
            tuple(sorted(group))
            for group in _groups(model)
            if len(group) > 1 or group[0] in below.get(group[0], ())
        )
    )


@once
def callees_first(model: Model) -> tuple[int, ...]:
    """Every subgraph, each behind those it calls; within a cycle the order is arbitrary."""
    ordered = [index for group in _groups(model) for index in group]
    placed = set(ordered)
    return (*(i for i in range(len(model.subgraphs)) if i not in placed), *ordered)


@once
def _below(model: Model) -> dict[int, set[int]]:
    """The existing subgraphs that each subgraph calls directly."""
    count = len(model.subgraphs)
    below: dict[int, set[int]] = {}
    for operator, _, index in calls(model):
        if 0 <= index < count:
            below.setdefault(operator.subgraph.index, set()).add(index)
    return below


@once
def _groups(model: Model) -> list[list[int]]:
    """Strongly connected subgraphs, called groups before their callers.

    Tarjan's algorithm, without recursion: a file may chain a million subgraphs.
    """
    below = _below(model)
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    groups: list[list[int]] = []
    for root in below:
        if root in number:
            continue
        pending = [(root, iter(below[root]))]
        number[root] = low[root] = len(number)
        path.append(root)
        on_path.add(root)
        while pending:
            node, children = pending[-1]
            child = next(children, None)
            if child is None:
                pending.pop()
                if pending:
                    above = pending[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == number[node]:
                    at = len(path) - 1
                    while path[at] != node:
                        at -= 1
                    groups.append(path[at:])
                    on_path.difference_update(path[at:])
                    del path[at:]
            elif child not in number:
                number[child] = low[child] = len(number)
                path.append(child)
                on_path.add(child)
                pending.append((child, iter(below.get(child, ()))))
            elif child in on_path:
                low[node] = min(low[node], number[child])
    return groups
