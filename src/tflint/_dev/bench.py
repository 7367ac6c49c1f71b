"""`make bench`: what a run costs, as ratios measured side by side in one go.

Every command runs as a process of its own, in turns (one round of all, then the next), so that
a busy moment of the machine falls on all of them alike. Times are the median of the rounds;
memory is the peak resident set of the process, mapped file pages included.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import NamedTuple

from tflint._dev import bench_models

#: Limits on the whole process, as ratios to bare Python, and on its peak memory in MiB.
LIMITS = {"tflint --no-data": (5.0, 24.0), "tflint": (10.0, 60.0)}
#: Operators of the chains whose cost per operator is compared.
CHAINS = (1_000, 10_000, 50_000, 200_000)
#: Peak memory in MiB allowed for a 3 GB file whose weights are not read.
EXTERNAL_LIMIT = 60.0

#: Runs a program and writes its peak memory in KiB to the file named first. The kernel's account
#: of a child (`ru_maxrss`) begins with the memory of the process that started it; VmHWM does not.
_MEASURED = """
import sys
report, program, *sys.argv[1:] = sys.argv[1:]
try:
    exec(program)
finally:
    with open("/proc/self/status") as status, open(report, "w") as file:
        file.write(next(line for line in status if line.startswith("VmHWM")).split()[1])
"""
_TFLINT = """
import sys
from tflint.cli.main import main
sys.exit(main())
"""
_WALK = """
import sys, tflite
model = tflite.Model.GetRootAs(open(sys.argv[1], "rb").read(), 0)
for s in range(model.SubgraphsLength()):
    graph = model.Subgraphs(s)
    for i in range(graph.TensorsLength()):
        tensor = graph.Tensors(i)
        tensor.Name(), tensor.Type()
        [tensor.Shape(j) for j in range(tensor.ShapeLength())]
        quantization = tensor.Quantization()
        if quantization is not None:
            [quantization.Scale(j) for j in range(quantization.ScaleLength())]
            [quantization.ZeroPoint(j) for j in range(quantization.ZeroPointLength())]
    for i in range(graph.OperatorsLength()):
        op = graph.Operators(i)
        model.OperatorCodes(op.OpcodeIndex()).BuiltinCode()
        [op.Inputs(j) for j in range(op.InputsLength())]
        [op.Outputs(j) for j in range(op.OutputsLength())]
"""
_LITERT = """
import sys
from ai_edge_litert.interpreter import Interpreter
Interpreter(model_path=sys.argv[1]).allocate_tensors()
"""
_ANALYZER = """
import sys, tensorflow as tf
tf.lite.experimental.Analyzer.analyze(model_path=sys.argv[1])
"""


class Cost(NamedTuple):
    """One run of one command."""

    seconds: float
    mebibytes: float


def timed(program: str, *arguments: str) -> float:
    """Seconds that a Python program takes, start of the interpreter included.

    Raises:
        RuntimeError: it was killed or its exit code is above 1 (1 is findings).
    """
    command = [sys.executable, "-I", "-c", program, *arguments]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    started = time.perf_counter()
    code = subprocess.run(command, env=environment, capture_output=True).returncode
    seconds = time.perf_counter() - started
    if code not in (0, 1):
        raise RuntimeError(f"exit code {code}: {program} {arguments}")
    return seconds


def peak(program: str, *arguments: str) -> float:
    """Peak memory of a Python program in MiB; NaN where the system does not tell (not Linux)."""
    if not os.path.exists("/proc/self/status"):
        return float("nan")
    with tempfile.NamedTemporaryFile("r", prefix="tflint-bench-") as report:
        timed(_MEASURED, report.name, program, *arguments)
        return int(report.read()) / 1024


def in_turns(programs: dict[str, Sequence[str]], rounds: int) -> dict[str, Cost]:
    """The median time and the peak memory of each program with its arguments, run in turns."""
    memory = {name: peak(*program) for name, program in programs.items()}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            seconds[name].append(timed(*program))
    return {name: Cost(statistics.median(found), memory[name]) for name, found in seconds.items()}


def tflint(*arguments: str) -> tuple[str, ...]:
    """The program of tflint's console script, and its arguments."""
    return (_TFLINT, "--isolated", *arguments)


def compare_readers(model: str, rounds: int) -> bool:
    """Prints the whole-process cost of tflint beside other readers; says if limits hold."""
    fast = in_turns(
        {
            "python -I -c pass": ("pass",),
            "tflint --no-data": tflint("--no-data", model),
            "tflint": tflint(model),
            "tflite package, same facts": (_WALK, model),
            "LiteRT load and allocate": (_LITERT, model),
        },
        rounds,
    )
    slow = in_turns({"TensorFlow Analyzer": (_ANALYZER, model)}, min(rounds, 3))
    bare = fast["python -I -c pass"].seconds
    print(f"{os.path.basename(model)}, {os.path.getsize(model) / 2**20:.1f} MiB")
    print(f"  {'':28} {'ms':>8} {'x bare':>8} {'x tflint':>9} {'MiB':>7}   limit")
    good = True
    own = fast["tflint"].seconds
    for name, cost in {**fast, **slow}.items():
        ratio, limit = cost.seconds / bare, ""
        if name in LIMITS:
            most, memory = LIMITS[name]
            held = ratio <= most and cost.mebibytes <= memory
            good &= held
            limit = f"{most:g} x, {memory:g} MiB: {'held' if held else 'BROKEN'}"
        print(
            f"  {name:28} {cost.seconds * 1e3:8.1f} {ratio:8.1f} {cost.seconds / own:9.1f} "
            f"{cost.mebibytes:7.1f}   {limit}"
        )
    return good


def slope(folder: str) -> bool:
    """Prints the cost per operator from 1,000 to 200,000 operators."""
    print("cost per operator, chain of ADD, whole process less that of an empty chain")
    empty = in_turns({"": tflint(bench_models.chain(folder, 1))}, 5)[""].seconds
    costs = []
    for operators in CHAINS:
        model = bench_models.chain(folder, operators)
        cost = in_turns({"": tflint(model)}, 3 if operators < 100_000 else 1)[""]
        each = (cost.seconds - empty) / operators * 1e6
        costs.append(each)
        print(
            f"  {operators:>8,} operators {cost.seconds:8.2f} s {each:7.1f} us each"
            f" {cost.mebibytes:8.1f} MiB"
        )
    ratio = costs[-1] / costs[1]
    print(f"  slope: {ratio:.2f} times the cost each at {CHAINS[-1]:,} as at {CHAINS[1]:,}")
    return bool(ratio < 1.5)


def large_file(folder: str) -> bool:
    """Prints the memory for a 3 GB file with its weights outside the flatbuffer."""
    model = bench_models.external(folder, 3)
    cost = in_turns({"": tflint("--no-data", model)}, 3)[""]
    held = cost.mebibytes <= EXTERNAL_LIMIT
    print(
        f"3 GB file, external buffer, --no-data: {cost.seconds * 1e3:.0f} ms, "
        f"{cost.mebibytes:.1f} MiB, limit {EXTERNAL_LIMIT:g} MiB: {'held' if held else 'BROKEN'}"
    )
    return held


def expensive_rules(model: str, most: int = 5) -> None:
    """Prints the rules that cost most on a model, each run alone on a verified model."""
    from tflint.lint.engine import lint_model
    from tflint.lint.plan import Plan
    from tflint.lint.registry import rules
    from tflint.model import Model

    with open(model, "rb") as file:
        data = memoryview(file.read())
    costs = {}
    for code, info in rules().items():
        view = Model(data, model)
        view.verification  # noqa: B018 - paid before the clock starts
        lint_model(view, Plan((code,)))
        started = time.perf_counter()
        lint_model(view, Plan((code,)))
        costs[code, info.name] = time.perf_counter() - started
    print(f"the {most} most expensive of {len(costs)} rules on {os.path.basename(model)}")
    for (code, name), seconds in sorted(costs.items(), key=lambda item: -item[1])[:most]:
        print(f"  {code} {name:32} {seconds * 1e3:7.2f} ms")


def bench(folder: str, rounds: int) -> int:
    """Runs every benchmark; exit code 1 when a limit is broken."""
    mobilenet = bench_models.mobilenet(folder)
    good = compare_readers(mobilenet, rounds)
    print()
    good &= slope(folder)
    print()
    good &= large_file(folder)
    print()
    expensive_rules(mobilenet)
    return 0 if good else 1
