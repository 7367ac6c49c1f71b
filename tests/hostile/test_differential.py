"""tflint against LiteRT: what it refuses to load is an error, what it loads is none.

The exceptions are few, and each has its reason here and in README.md.
"""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Iterator

import pytest
from litert import Answer, LiteRT
from make_zoo import CASES
from mutations import Place, mutable, mutant, places
from registry import UNASKED, Case
from sound import made

from tflint import sketch
from tflint._dev.rule_pages import pages
from tflint.lint.context import Settings
from tflint.lint.finding import Finding
from tflint.lint.registry import rules
from tflint.lint.run import lint_one, plan_for_all
from tflint.model import Model

pytestmark = pytest.mark.oracle
pytest.importorskip("ai_edge_litert", reason="asks LiteRT: needs the extra `quantize`")
if not hasattr(os, "fork"):
    pytest.skip("asks LiteRT in forks", allow_module_level=True)

ROOT = pathlib.Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "models" / "real"
PLAN = plan_for_all(sorted(rules()), Settings())

#: Mutants compared.
MUTATIONS = int(os.environ.get("TFLINT_DIFFERENTIAL", "400"))

#: Models above this size are left to the other tests.
LARGEST = 20_000

#: Errors of files that LiteRT loads and allocates all the same, and why they are errors.
LOADS_ALL_THE_SAME = {
    "F002": "vtables of 0 or 2 bytes, elements that point to themselves: no writer makes them",
    "F007": "an output of the subgraph that is -1: Invoke reads outside the list of tensors; and "
    "subgraphs that nothing calls",
    "F009": "an output that is a constant: Invoke writes into the read-only file",
    "F010": "Invoke fails, or computes with memory that nobody wrote",
    "F013": "string constants: reading them leaves the buffer",
    "F015": "offset and size that wrap around 2^64: Invoke reads outside the file",
    "F016": "the scales of a blockwise quantization in a tensor that does not exist",
    "F017": "a kernel takes the scales for another dimension than they were made for",
    "F018": "a kernel that unpacks the tensor reads and writes outside it",
    "F020": "running the signature fails, the subgraph itself runs",
    "F026": "LiteRT reads a name up to its first zero byte only",
}

FENCE = re.compile(r"^```sketch\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SKETCHES = [
    (page.code, match[1])
    for page in pages(str(ROOT / "rules"))
    if page.family == "file"
    for match in FENCE.finditer(page.body)
]
ASKED = [case for case in CASES.values() if case.litert != UNASKED]


@pytest.fixture(scope="module")
def litert() -> Iterator[LiteRT]:
    with LiteRT() as server:
        yield server


def _findings(data: bytes) -> tuple[Finding, ...]:
    return lint_one(Model(memoryview(data), "mutant"), PLAN)[0].findings


def _errors(found: tuple[Finding, ...], family: str = "") -> list[str]:
    """The codes of errors, all or of one family."""
    return sorted(
        {one.code for one in found if one.severity == "error" and one.code.startswith(family)}
    )


@pytest.mark.parametrize("case", ASKED, ids=[case.name for case in ASKED])
def test_litert_does_what_the_zoo_says(case: Case, litert: LiteRT, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "case.tflite"
    path.write_bytes(case.make())
    assert litert.ask(path).did == case.litert


@pytest.mark.parametrize(
    ("code", "text"), SKETCHES, ids=[f"{code}-{i}" for i, (code, _) in enumerate(SKETCHES)]
)
def test_litert_agrees_with_the_examples_of_the_pages(
    code: str, text: str, litert: LiteRT, tmp_path: pathlib.Path
) -> None:
    """A marked error does not load or has its reason; what is not marked as one loads."""
    path = tmp_path / "example.tflite"
    path.write_bytes(sketch.build(text))
    answer = litert.ask(path)
    marked = {severity for _, severity, _ in sketch.marks(text)}
    if "error" in marked:
        assert answer.did != "loaded" or code in LOADS_ALL_THE_SAME
    elif not _says_otherwise(code, marked, answer):
        assert answer.did == "loaded"


def _says_otherwise(code: str, marked: set[str], answer: Answer) -> bool:
    """Whether the page of the rule tells that LiteRT does not load this example."""
    if code == "F022" and marked == {"warning"}:
        return not answer.loaded  # a newer LiteRT may load it
    if code == "F008" and marked == {"warning"}:
        return answer.did == "crashed"  # only the newest kernels skip what is left out
    return "unresolved custom op" in answer.message


def _sources() -> Iterator[tuple[str, bytes]]:
    yield "sound", bytes(made())
    paths = [*sorted(ROOT.glob("samples/*/model.tflite"))]
    if SHARED.is_dir():
        paths += [one for one in sorted(SHARED.iterdir()) if one.stat().st_size <= LARGEST]
    for path in paths:
        data = path.read_bytes()
        if data[4:8] == b"TFL3" and mutable(data):
            yield f"{path.parent.name}/{path.name}", data


@pytest.fixture(scope="module")
def sources(
    litert: LiteRT, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, bytes, list[Place]]]:
    """Models that LiteRT loads, with their structural places."""
    path = tmp_path_factory.mktemp("sources") / "source.tflite"
    found = []
    for name, data in _sources():
        path.write_bytes(data)
        if litert.ask(path).loaded:
            found.append((name, data, places(data)))
    return found


@pytest.mark.slow
def test_litert_and_tflint_agree_on_mutants(
    sources: list[tuple[str, bytes, list[Place]]], litert: LiteRT, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "mutant.tflite"
    disagreements = []
    for number in range(MUTATIONS):
        name, data, where = sources[number % len(sources)]
        case = mutant(data, where, f"differential {name}:{number}")
        if case.data[4:8] != b"TFL3":
            continue  # what such a file is, is the container's question
        path.write_bytes(case.data)
        answer, found = litert.ask(path), _findings(case.data)
        told = (case.seed, case.story, answer, sorted({one.code for one in found}))
        if not answer.loaded and not _errors(found):
            if not any(one.code == "F022" for one in found):
                disagreements.append(("refused, no error", *told))
        elif answer.did == "loaded" and not set(_errors(found, "F")) <= set(LOADS_ALL_THE_SAME):
            disagreements.append(("loaded, an error", *told))
    assert not disagreements, "\n".join(map(str, disagreements))
