"""Workflow commands of GitHub Actions: an annotation for each rule and model.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
GitHub shows the first 10 annotations of each kind in a step. So findings of one rule share one,
and where there are still more than 10, the counts come first; the log keeps every line.
"""

from __future__ import annotations

from tflint.lint.finding import RANK
from tflint.report.groups import Group, grouped
from tflint.report.paths import repository_path, split_member
from tflint.report.phrases import certainty, counts, place, safe, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.lint.result import Result
    from tflint.report import Options

KINDS = {"error": "error", "warning": "warning", "info": "notice"}
#: Annotations of one kind that GitHub shows for one step.
SHOWN = 10
#: Characters for the places that are only named.
NAMED = 200


def render(result: Result, options: Options) -> str:
    """The annotations, most severe first over all models, then the counts as a line of the log."""
    found = [
        (model.path, group) for model in result.models for group in grouped(shown(result, model))
    ]
    found.sort(key=lambda pair: RANK[pair[1].first.severity])
    lines = []
    kinds = [group.first.severity for _, group in found]
    crowded = next((kind for kind in KINDS if kinds.count(kind) > SHOWN), None)
    if crowded is not None:
        text = f"{counts(result)}\nGitHub shows {SHOWN} annotations of a kind; the log has them all"
        lines.append(command(KINDS[crowded], {"title": "tflint"}, text))
    for problem in result.problems:
        text = f"{safe(problem.path)}: {safe(problem.message)}"
        lines.append(command("error", {"title": "tflint cannot read a path"}, text))
    lines += [annotation(path, group) for path, group in found]
    return "".join(f"{line}\n" for line in [*lines, counts(result)])


def annotation(path: str, group: Group) -> str:
    """The command for a group. A binary file has one line, and no annotation without."""
    file, member = split_member(path)
    first = group.first
    text = [safe(member)] if member else []
    if group.common_message:
        text += [place(one.location) for one in group.listed]
        text += [f"and {len(group.rest):,} more: {group.named(NAMED)}"] if group.rest else []
        text.append(certainty(first))
    else:
        text += [f"{place(one.location)}: {certainty(one)}" for one in group.listed]
        text += [f"and {len(group.rest):,} more: {group.named(NAMED)}"] if group.rest else []
    text += [f"why: {safe(first.why)}"] if first.why else []
    text += [f"fix: {safe(first.fix)}"] if first.fix else []
    title = f"{first.code} {first.name}"
    if group.size > 1:
        title += f", {group.places}"
    properties = {"file": safe(repository_path(file)), "line": "1", "title": title}
    return command(KINDS[first.severity], properties, "\n".join(text))


def command(name: str, properties: dict[str, str], message: str) -> str:
    """`::name key=value,key=value::message`, escaped as the runner unescapes it."""
    settings = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {settings}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
