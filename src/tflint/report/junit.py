"""JUnit XML: a suite for each model, a test case for each finding, or one that passes.

Findings at or above `--fail-on` fail, so that the report and the exit code agree; the others pass
with their text as output. Suppressed findings are skipped tests.
"""

from __future__ import annotations

from tflint.lint.finding import RANK
from tflint.report.phrases import certainty, place, safe, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tflint.lint.finding import Finding
    from tflint.lint.result import ModelResult, Problem, Result
    from tflint.report import Options


def render(result: Result, options: Options) -> str:
    """The document. Characters that XML cannot hold are escaped as in every other format."""
    limit = RANK.get(options.fail_on, -1)
    suites = [_suite(result, model, limit) for model in result.models]
    suites += [_problem(problem) for problem in result.problems]
    total = {key: sum(suite[0][key] for suite in suites) for key in ("tests", "failures", "errors")}
    head = _attributes(name="tflint", **total, time=f"{result.seconds:.3f}")
    body = "".join(text for _, text in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{head}>\n{body}</testsuites>\n'


def _suite(result: Result, model: ModelResult, limit: int) -> tuple[dict[str, int], str]:
    findings = shown(result, model)
    failures = sum(1 for one in findings if RANK[one.severity] <= limit)
    cases = [_case(model.path, one, failing=RANK[one.severity] <= limit) for one in findings]
    cases += [_skipped(model.path, one.finding, one.reason) for one in model.suppressed]
    if not findings:
        cases.append(_testcase(model.path, "no findings", ""))
    numbers = {"tests": len(cases), "failures": failures, "errors": 0}
    skipped = len(model.suppressed)
    time = f"{model.seconds:.3f}"
    head = _attributes(name=model.path, **numbers, skipped=skipped, time=time)
    return numbers, f"  <testsuite{head}>\n{''.join(cases)}  </testsuite>\n"


def _case(path: str, finding: Finding, *, failing: bool) -> str:
    lines = [place(finding.location), certainty(finding)]
    lines += [f"also {place(other)}" for other in finding.related]
    lines += [f"why: {safe(finding.why)}"] if finding.why else []
    lines += [f"fix: {safe(finding.fix)}"] if finding.fix else []
    text = _escape("\n".join(lines))
    if not failing:
        return _testcase(path, _name(finding), f"      <system-out>{text}</system-out>\n")
    head = _attributes(type=finding.severity, message=certainty(finding))
    return _testcase(path, _name(finding), f"      <failure{head}>{text}</failure>\n")


def _skipped(path: str, finding: Finding, reason: str) -> str:
    return _testcase(path, _name(finding), f"      <skipped{_attributes(message=reason)}/>\n")


def _problem(problem: Problem) -> tuple[dict[str, int], str]:
    numbers = {"tests": 1, "failures": 0, "errors": 1}
    error = f"      <error{_attributes(type='unreadable', message=problem.message)}/>\n"
    case = _testcase(problem.path, "read the file", error)
    head = _attributes(name=problem.path, **numbers, skipped=0, time="0.000")
    return numbers, f"  <testsuite{head}>\n{case}  </testsuite>\n"


def _name(finding: Finding) -> str:
    return f"{finding.code} {finding.name} {finding.location.route}"


def _testcase(path: str, name: str, inner: str) -> str:
    head = _attributes(classname=path, name=name, file=path)
    return (
        f"    <testcase{head}>\n{inner}    </testcase>\n" if inner else f"    <testcase{head}/>\n"
    )


def _attributes(**values: object) -> str:
    return "".join(f' {key}="{_escape(safe(str(one)))}"' for key, one in values.items())


def _escape(text: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(char, entity)
    return text
