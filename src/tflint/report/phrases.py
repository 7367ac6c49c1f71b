"""Counts, facts and places in words, for the formats that people read."""

from __future__ import annotations

from tflint.container.wording import printable, shorten, size_text
from tflint.lint.finding import RANK, SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tflint.lint.finding import Finding
    from tflint.lint.result import Facts, ModelResult, Result
    from tflint.model.location import Location

#: Longest text taken from a result: a name may be as long as the file, and of many tensors.
MAX_TEXT = 2000


def safe(text: str) -> str:
    """Text of an untrusted file on one line, without controls, at most `MAX_TEXT` characters."""
    return shorten(printable(shorten(text, MAX_TEXT)), MAX_TEXT)


def count(number: int, noun: str) -> str:
    """`1 error`, `1,204 operators`, `3 info`."""
    plural = noun if number == 1 or noun == "info" else f"{noun}s"
    return f"{number:,} {plural}"


def visible(result: Result) -> list[str]:
    """The severities that are shown, most severe first."""
    return [one for one in SEVERITIES if RANK[one] <= RANK[result.min_severity]]


def tally(result: Result | ModelResult, severities: Iterable[str]) -> list[tuple[str, int, str]]:
    """Each severity, its count, and that in words; `info` only where there is any."""
    counts = [(severity, result.count(severity)) for severity in severities]
    return [(name, n, count(n, name)) for name, n in counts if n or name != "info"]


def hidden(result: Result) -> int:
    """Findings below the severity that is shown."""
    return sum(result.count(one) for one in SEVERITIES) - sum(map(result.count, visible(result)))


def remarks(result: Result) -> str:
    """What the counts leave out: ` (3 hidden below --min-severity warning, 2 suppressed)`."""
    suppressed = sum(len(model.suppressed) for model in result.models)
    notes = (
        (hidden(result), f"hidden below --min-severity {result.min_severity}"),
        (suppressed, "suppressed"),
        (len(result.problems), "path not read" if len(result.problems) == 1 else "paths not read"),
    )
    text = ", ".join(f"{number:,} {what}" for number, what in notes if number)
    return f" ({text})" if text else ""


def counts(result: Result) -> str:
    """`2 errors, 1 warning`, and what that leaves out."""
    return ", ".join(words for _, _, words in tally(result, visible(result))) + remarks(result)


def shown(result: Result, model: ModelResult) -> list[Finding]:
    """The findings of a model that are to be listed."""
    return [finding for finding in model.findings if result.shown(finding)]


def describe(facts: Facts | None) -> str:
    """A model's facts: `64 operators, 3.9 MiB, full-integer int8, runtime 2.5+`."""
    if facts is None:
        return "not readable as a model"
    operators = count(facts.operators, "operator")
    if facts.subgraphs > 1:
        operators += f" in {facts.subgraphs} subgraphs"
    runtime = "oldest runtime unknown"
    if facts.oldest_runtime is not None:
        runtime = f"runtime {facts.oldest_runtime.removesuffix('.0')}+"
    return ", ".join((operators, size_text(facts.size), safe(facts.scheme), runtime))


def overview(result: Result) -> str:
    """All models in one line; a single one with its facts."""
    models = result.models
    if len(models) == 1:
        facts = models[0].facts
        text = describe(facts).replace(", runtime ", ", loads on runtime ")
        return f"1 {'model' if facts else 'file'}, {text}"
    known = [model.facts for model in models if model.facts is not None]
    clean = sum(1 for model in models if not model.findings)
    states = [(clean, "clean"), (len(models) - clean, "with findings")]
    text = ", ".join(f"{number:,} {state}" for number, state in states if number)
    text = f"{count(len(models), 'model')}: {text}" if models else "0 models"
    if known:
        operators = count(sum(facts.operators for facts in known), "operator")
        text += f"; {operators}, {size_text(sum(facts.size for facts in known))}"
    return text


def duration(seconds: float) -> str:
    """`58 ms`, `2.1 s`, `3.5 min`."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 99.95 else f"{seconds / 60:.1f} min"


def place(location: Location) -> str:
    """A location on one line, safe to print: `subgraph[0].op[12] CONV_2D "conv1/Relu"`."""
    return safe(str(location))


def kind(location: Location) -> str:
    """What a location is about, by its narrowest part: `tensor`; `model` where none is set."""
    parts = ("tensor", "operator", "buffer", "signature", "metadata", "subgraph")
    return next((part for part in parts if getattr(location, part) is not None), "model")


def certainty(finding: Finding) -> str:
    """The message, followed by the confidence where that is not high."""
    text = safe(finding.message)
    return text if finding.confidence == "high" else f"{text} ({finding.confidence} confidence)"


def reference_url(reference: str) -> str | None:
    """Where a rule's reference leads: `owner/repo#n` and URLs; None for a path in a repository."""
    if reference.startswith("https://"):
        return reference
    name, _, number = reference.partition("#")
    if number.isdigit() and name.count("/") == 1:
        return f"https://github.com/{name}/issues/{number}"
    return None
