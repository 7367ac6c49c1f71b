"""O006 op-version-too-new: see rules/operators/O006-op-version-too-new.md."""

from __future__ import annotations

from tflint._generated.runtime_versions import REGISTERED
from tflint.lint.context import Context
from tflint.lint.finding import Finding
from tflint.lint.rule import Rule
from tflint.model import Location, Model, Operator, OperatorCode
from tflint.model.once import once
from tflint.model.runtime import min_runtime, parse_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

rule = Rule("O006")

#: What lowers the version that the converter writes, where a setting was seen to do it.
LOWERED = {
    ("FULLY_CONNECTED", 12): "convert with "
    "_experimental_disable_per_channel_quantization_for_dense_layers = True: version 9, with one "
    "weight scale per tensor",
}


@rule.model
def check(model: Model, ctx: Context) -> Iterator[Finding]:
    for target in ctx.target("runtime"):
        try:
            limit = parse_version(target)
        except ValueError:
            continue
        for code in model.operator_codes:
            # What no runtime has a kernel for is O008's, whatever the target is.
            if code.name in REGISTERED:
                yield from _judge(model, code, target, limit)


def _judge(
    model: Model, code: OperatorCode, target: str, limit: tuple[int, ...]
) -> Iterator[Finding]:
    since = min_runtime(code.name, code.version)
    if since is not None and parse_version(since) <= limit:
        return
    users = _users(model).get(code.position, [])
    place: Operator | Location = users[0] if users else model.location
    if since is None:
        newest = REGISTERED[code.name][1]
        message = (
            f"no runtime that tflint knows has {code.name} version {code.version}: the newest is "
            f"{newest}, and the target is {target}"
        )
    else:
        message = (
            f"{code.name} version {code.version} needs runtime {since}, the target is {target}"
        )
    if len(users) > 1:
        message += f"; {len(users)} operators"
    yield rule.finding(
        place,
        message,
        measured=since,
        limit=target,
        related=tuple(users[1:8]),
        fix=LOWERED.get((code.name, code.version)),
    )


@once
def _users(model: Model) -> dict[int, list[Operator]]:
    """The operators of each code; the interpreter refuses a code even when there are none."""
    users: dict[int, list[Operator]] = {}
    for subgraph in model.subgraphs:
        for op in subgraph.operators:
            users.setdefault(op.code_index, []).append(op)
    return users
