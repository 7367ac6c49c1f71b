"""Linting files in several processes, results in the order of the files.

Imported only for `-j` above 1: the machinery costs more than linting a small model.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children

from tflint.lint.plan import PlanSource
from tflint.lint.result import Problem
from tflint.lint.run import STDIN, Outcome, lint_file


def outcomes_in_parallel(paths: Sequence[str], config: PlanSource, jobs: int) -> Iterator[Outcome]:
    """One outcome per path, in order.

    A worker that is killed, mostly for want of memory, takes the pool with it: the files that
    are left are then linted one process each, so that the one that kills is named.
    """
    done = 0
    with _workers(min(jobs, len(paths))) as pool:
        # Workers have no terminal: standard input is read here.
        pending = [
            None if path == STDIN else pool.submit(lint_file, path, config) for path in paths
        ]
        try:
            for path, future in zip(paths, pending, strict=True):
                outcome = lint_file(path, config) if future is None else future.result()
                done += 1
                yield outcome
        except BrokenProcessPool:
            pass
    for path in paths[done:]:
        yield _alone(path, config)


def _alone(path: str, config: PlanSource) -> Outcome:
    if path == STDIN:
        return lint_file(path, config)
    with _workers(1) as pool:
        try:
            return pool.submit(lint_file, path, config).result()
        except BrokenProcessPool:
            message = "the process linting it was killed, mostly for want of memory"
            return (), frozenset(), Problem(path, message)


@contextmanager
def _workers(number: int) -> Iterator[ProcessPoolExecutor]:
    """A pool that ends at once when the run is interrupted.

    Ctrl-C reaches the workers, too: it ends them, without the traceback that Python would print
    for each. The pool's own way out would be to wait for every file that is still pending.
    """
    pool = ProcessPoolExecutor(
        number, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL)
    )
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            child.terminate()
        raise
    pool.shutdown()
