"""One hard result, and how it is drawn in every format.

`python tests/report/refresh.py` writes tests/golden/ anew from these.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tflint.lint.finding import Finding
from tflint.lint.registry import RuleInfo
from tflint.lint.result import Facts, ModelResult, Problem, Result, Suppressed, Unused
from tflint.model.location import Location
from tflint.report import FORMATS, render

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
#: Everything a name could do to a terminal, a table, a page or a log.
HOSTILE = (
    "a\x1b[31mred\x1b]0;title\x07|b`c``<script>alert(1)</script>\n::error::x\r%0A\x00"
    '\u202egnp.exe\u202c\u200b\ud800[x](https://evil.example)@octocat #1 {0} ]]> \\ & "q"'
)
LONG = "model/block_13_expand_relu/Relu6;model/block_13_expand_BN/FusedBatchNormV3;" * 4


def info(code: str, name: str, family: str, severity: str, **more: Any) -> RuleInfo:
    values: dict[str, Any] = {
        "summary": f"summary of {code}",
        "confidence": "high",
        "since": "0.1.0",
        "why": f"consequence of {code}",
        "fix": f"remedy of {code}",
        "references": (),
        "security_severity": None,
        "data": False,
        "module": "",
        "levels": ("operator",),
        "operators": ("*",),
        "settings": (),
    }
    return RuleInfo(code=code, name=name, family=family, severity=severity, **(values | more))


RULES = {
    rule.code: rule
    for rule in (
        info("D001", "gpu-unsupported-op", "delegates", "error"),
        info("F002", "corrupt-flatbuffer", "file", "error", security_severity=7.5),
        info("H001", "dynamic-input-shape", "shapes", "warning", confidence="medium"),
        info(
            "O001",
            "flex-op",
            "operators",
            "error",
            references=(
                "tensorflow/tensorflow#40157",
                "google-ai-edge/LiteRT tflite/core/verifier.cc @ f67457790c9c",
                "https://ai.google.dev/edge/litert/models/ops_select",
            ),
        ),
        info("P001", "duplicate-buffers", "size", "info", data=True),
        info("Q002", "float-op-in-int8-model", "quantization", "error"),
        info("Q026", "output-mixed-range", "quantization", "warning"),
        info("S016", "trailing-or-appended-data", "security", "warning"),
    )
}


def page(code: str) -> str:
    """A rule's page."""
    return f"## What it finds\n\nThe page of {code}, with `code` {{braces}} and a [link](#x).\n"


def finding(code: str, message: str, where: Location, digits: int, **more: Any) -> Finding:
    """A finding as the engine hands it on, its page's `why` and `fix` filled in."""
    rule = RULES[code]
    values = {
        "name": rule.name,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "why": rule.why,
        "fix": rule.fix,
        "fingerprint": f"{digits:016x}",
    }
    return Finding(code, message, where, **(values | more))


def op(index: int, op_name: str, name: str, subgraph: int = 0) -> Location:
    return Location(subgraph=subgraph, operator=index, op_name=op_name, name=name)


def tensor(index: int, name: str, subgraph: int = 0) -> Location:
    return Location(subgraph=subgraph, tensor=index, name=name)


def hard_result() -> Result:
    """A result with everything a reporter has to get right."""
    islands = tuple(
        finding(
            "Q002",
            "computes in FLOAT32 between INT8 tensors; 1 of 64 operators, 0.3 % of MACs, adds "
            "DEQUANTIZE op[40] and QUANTIZE op[42]",
            op(41 + 3 * number, "SIN", f"head_{number}/Sin"),
            number,
            measured="FLOAT32",
            limit="INT8",
            why="SIN has no int8 kernel; TFLITE_BUILTINS_INT8 leaves it float without an error",
            fix="replace it in the model (2 alternatives: tflint explain Q002)",
            related=(op(40, "DEQUANTIZE", "head/dq"), op(42, "QUANTIZE", "head/q"))
            if number == 0
            else (),
        )
        for number in range(32)
    )
    flex = tuple(
        finding(
            "O001",
            f"Flex{name} runs only with the Select TF ops delegate",
            op(7 + number, f"Flex{name}", f"text/{name}", subgraph=number % 2),
            100 + number,
        )
        for number, name in enumerate(
            ("Erf", "ExtractImagePatches", "RandomStandardNormal", "Roll", "Cumprod", "Qr", "Svd")
        )
    )
    ranges = finding(
        "Q026",
        "one scale 2.65 holds boxes (0..640) and scores (0..1): scores keep 1 of 256 levels",
        tensor(171, "Identity"),
        200,
        measured="2.65",
        limit="0.0039",
        related=tuple(tensor(number, f"part_{number}") for number in range(5)),
    )
    duplicates = finding(
        "P001",
        "buffer 3 and buffer 9 hold the same 1.2 MiB",
        Location(buffer=9),
        300,
        fix=None,
        related=(Location(buffer=3),),
    )
    detector = ModelResult(
        "models/detector_int8.tflite",
        Facts(4_089_446, 64, 2, "full-integer int8 with float islands", "2.5.0"),
        (*islands, *flex, ranges, duplicates),
        (
            Suppressed(
                finding("O001", "FlexErf runs only there", op(3, "FlexErf", "erf"), 400),
                "the app links the Flex delegate | see `#12`",
            ),
            Suppressed(finding("Q026", "one scale for all", tensor(9, HOSTILE), 401), "baseline"),
        ),
        0.0123,
    )
    hostile = ModelResult(
        f"./odd dir/we|ird `{HOSTILE[:24]}é日本🎉 100%,;:#?\udcff.tflite",
        Facts(131, 1, 1, "float32", None),
        (
            finding(
                "O001",
                f"{HOSTILE} runs only with the Select TF ops delegate",
                op(0, HOSTILE, HOSTILE),
                500,
                measured="nan",
                limit=HOSTILE,
                fix=f"rename `{HOSTILE}`",
            ),
            finding("H001", "dimension 0 is -1", tensor(0, LONG), 501),
            finding(
                "H001",
                "dimension 1 of the input is not known before the model runs: "
                "shape signature [1,-1,224,3]",
                Location(signature="serving\tdefault", name="שלום עולם"),
                502,
            ),
            finding("H001", f"{LONG} is open", op(12, "日本語の演算子" * 6, "入力/テンソル"), 503),
            finding("S016", "1.2 KiB after the model", Location(metadata="<meta>|`x`"), 504),
        ),
        (),
        2.5,
    )
    bundle = ModelResult(
        "assets/face.task::face_detector.tflite",
        Facts(229_000, 164, 1, "fp16", "2.14.0"),
        (finding("D001", "gpu: operator not supported", op(57, "TOPK_V2", "post/TopK"), 600),),
    )
    twin = bundle._replace(path="assets/face.task::face_landmarks.tflite")
    cut = ModelResult(
        "cut.tflite",
        None,
        (
            finding(
                "F002",
                "vector of 16 FLOAT32 ends at byte 40248, the file ends at 40192",
                Location(offset=40184, path="subgraphs[0].tensors[7].quantization.scale"),
                700,
                measured="40248",
                limit="40192",
            ),
        ),
    )
    clean = ModelResult(
        "/data/clean model.tflite", Facts(9_800, 12, 1, "full-integer int8", "1.14.0"), ()
    )
    return Result(
        (detector, hostile, bundle, twin, cut, clean),
        unused=tuple(Unused("tflint-baseline.json", f"Q00{n} head/*|`x`") for n in range(7)),
        problems=(Problem("gone/<b>.tflite", "No such file or directory"),),
        seconds=3.0518,
    )


#: Each golden file and the arguments it is drawn with.
CASES: dict[str, dict[str, Any]] = {
    "hard.80.txt": {"form": "text", "width": 80},
    "hard.160.txt": {"form": "text", "width": 160},
    "hard.80.ansi": {"form": "text", "width": 80, "color": True},
    "hard.160.ansi": {"form": "text", "width": 160, "color": True},
    "hard.verbose.txt": {"form": "text", "width": 100, "verbosity": 1},
    "hard.verbose.ansi": {"form": "text", "width": 100, "verbosity": 1, "color": True},
    "hard.quiet.txt": {"form": "text", "width": 80, "verbosity": -1},
    "hard.concise.txt": {"form": "concise"},
    "hard.json": {"form": "json"},
    "hard.jsonl": {"form": "jsonl"},
    "hard.sarif": {"form": "sarif", "exit_code": 2},
    "hard.github.txt": {"form": "github"},
    "hard.gitlab.json": {"form": "gitlab"},
    "hard.junit.xml": {"form": "junit"},
    "hard.md": {"form": "markdown"},
}


def draw_case(case: str) -> str:
    """The hard result as the golden file `case` has it."""
    return render(hard_result(), rules=RULES, version="0.0.0", page=page, **CASES[case])


@pytest.fixture
def hard() -> Result:
    """The hard result."""
    return hard_result()


@pytest.fixture
def hostile() -> str:
    """A name with everything that names can do."""
    return HOSTILE


@pytest.fixture
def rules() -> dict[str, RuleInfo]:
    """The rules of the hard result."""
    return RULES


@pytest.fixture
def make() -> Callable[..., Finding]:
    """Makes a finding of one of those rules."""
    return finding


@pytest.fixture
def draw() -> Callable[..., str]:
    """Draws a result: `draw(result, "text", width=80)`."""

    def drawn(result: Result, form: str, **options: Any) -> str:
        return render(
            result, form, **({"rules": RULES, "version": "0.0.0", "page": page} | options)
        )

    return drawn


@pytest.fixture(params=CASES)
def golden(request: pytest.FixtureRequest) -> tuple[Path, str]:
    """Each golden file, and what belongs into it."""
    return GOLDEN / request.param, draw_case(request.param)


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    """The name of each format."""
    name: str = request.param
    return name
