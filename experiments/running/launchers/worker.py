"""What happens in a worker process: it carries out batches of works and ends with its parent."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from experiments.errors import StoppedError
from experiments.running.work import STOPPED, Failure, Work, try_work

THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)


@dataclass(frozen=True)
class Shared:
    """Memory that parent and workers share.

    Attributes
    ----------
    weeks_done : array of int64
        Of each work; -1 is not started.
    finished : array of int8
        Which works are done and kept.
    stop : int8
        1 asks the workers to give up what they do.
    """

    weeks_done: Any
    finished: Any
    stop: Any


@dataclass
class _Worker:
    shared: Shared
    store: Path | None
    experiment: str


_worker: list[_Worker] = []
"""The one of this process, once it is started."""


def one_thread_each() -> AbstractContextManager[None]:
    """Have processes that start meanwhile use one thread each."""
    return environment(dict.fromkeys(THREAD_VARIABLES, "1"))


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Have processes that start meanwhile find variables in their environment."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def without_main() -> Iterator[None]:
    """Have processes that start meanwhile leave the user's script alone.

    A process that is spawned runs the script it came from once more; one that calls `compare`
    outside `if __name__ == "__main__"` would have each worker start workers of its own.
    """
    main = vars(sys.modules["__main__"])
    place = main.pop("__file__", None)
    try:
        yield
    finally:
        if place is not None:
            main["__file__"] = place


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Have processes that start meanwhile never hear Ctrl-C, not while they import either."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start_worker(shared: Shared, store: Path | None, experiment: str) -> None:
    """Prepare a worker of runs."""
    follow_parent()
    _worker[:] = [_Worker(shared, store, experiment)]


def follow_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it: without a parent there is no work."""
    # Python looks for garbage before it ends: half a second, through all the compiler made.
    atexit.register(gc.freeze)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def carry_out_batch(batch: Sequence[tuple[int, Work]]) -> tuple[list[Failure], float]:
    """Carry out some works, each kept as it finishes; return those that failed, and the seconds."""
    began = time.perf_counter()
    worker = _worker[0]
    failures = []
    for index, work in batch:
        if worker.shared.stop.value:
            break
        failure = _carry_out_one(index, work, worker)
        if failure is not None and failure.lines != STOPPED:
            failures.append(failure)
            if failure.ends_all:
                worker.shared.stop.value = 1
    return failures, time.perf_counter() - began


def _carry_out_one(index: int, work: Work, worker: _Worker) -> Failure | None:
    shared = worker.shared
    shared.weeks_done[index] = 0

    def tell(weeks: int) -> None:
        shared.weeks_done[index] = weeks
        if shared.stop.value:
            raise StoppedError

    failure = try_work(work, worker.store, experiment=worker.experiment, tell=tell)
    if failure is None:
        shared.weeks_done[index] = work.weeks
        shared.finished[index] = 1
    return failure
