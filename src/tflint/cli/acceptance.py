"""Writing the baseline."""

from __future__ import annotations

from tflint.cli.diagnostics import Diagnostics
from tflint.cli.output import Output
from tflint.lint.baseline import Baseline, apply, read, render
from tflint.lint.result import Result
from tflint.report.phrases import count


def write_baseline(result: Result, present: Baseline | None, path: str, say: Diagnostics) -> Result:
    """Writes a baseline with every finding of a result, and returns the result under it.

    Args:
        present: the baseline that stands at `path` now.

    Raises:
        Failure: the file cannot be written, or is a model of this run.
    """
    accepted = apply(result, present) if present else result
    with Output(path, [model.path for model in result.models]) as output:
        output.write(render(accepted, path, present))
    fresh = apply(result, read(path))
    old = sum(len(model.suppressed) for model in accepted.models)
    number = sum(len(model.suppressed) for model in fresh.models) - old
    say.note(f"wrote {path}: {count(number, 'finding')} more accepted")
    return fresh
