"""One function on many items, on all cores where that is quicker; results are in order.

For work on finished runs, such as measuring and drawing them: it needs no store, no progress and
no second try, which the launchers of runs have.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.queues import Queue
from time import perf_counter
from typing import Any, TypeVar

from experiments.running.launchers import LauncherSettings
from experiments.running.launchers.processes import available_cores
from experiments.running.launchers.worker import (
    deaf_to_interrupts,
    follow_parent,
    one_thread_each,
    without_main,
)

Found = TypeVar("Found")
START_SECONDS = 2.0
"""What processes cost before they are of use: they import pandas or matplotlib first."""
_of_process: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
"""In a worker: the function and what it takes besides an item."""


def processes_here(launcher: LauncherSettings) -> int:
    """Return how many processes of this machine a launcher's settings allow."""
    return 1 if launcher.name == "in_process" else launcher.processes or available_cores()


def side_by_side(
    function: Callable[..., Found],
    items: Sequence[Any],
    shared: tuple[Any, ...] = (),
    *,
    processes: int | None = None,
) -> list[Found]:
    """Call a function on each item: the first here, the others where they are done sooner.

    Parameters
    ----------
    function : callable
        Of a module, for processes find it by name; takes an item and what is shared.
    items : sequence
    shared : tuple
        Sent to each process once.
    processes : int, optional
        At most so many at a time; every core if left out.

    Returns
    -------
    list
        In the order of the items, the same for any number of processes.

    Raises
    ------
    Exception
        Whatever the function raises on the first item it raises on.
    """
    began = perf_counter()
    found = [function(item, *shared) for item in items[:1]]
    rest = items[1:]
    n_workers = min(processes or available_cores(), len(rest))
    seconds = (perf_counter() - began) * len(rest)
    if n_workers > 1 and seconds * (1 - 1 / n_workers) > START_SECONDS:
        found += _in_processes(function, rest, shared, n_workers)
    # What is left where there are no processes, or one was killed.
    return found + [function(item, *shared) for item in items[len(found) :]]


def _in_processes(
    function: Callable[..., Found], items: Sequence[Any], shared: tuple[Any, ...], n_workers: int
) -> list[Found]:
    """Return results up to the first that a killed process lost."""
    context = multiprocessing.get_context("spawn")
    # By a queue: what is given to a process with its start is waited for until it has imported.
    sent = context.Queue()
    sent.cancel_join_thread()
    for _ in range(n_workers):
        sent.put((function, shared))
    executor = ProcessPoolExecutor(
        n_workers, mp_context=context, initializer=_begin, initargs=(sent,)
    )
    found: list[Found] = []
    try:
        with one_thread_each(), without_main(), deaf_to_interrupts():
            futures: list[Future[Found]] = [executor.submit(_call, item) for item in items]
        for future in futures:
            found.append(future.result())
    except BrokenProcessPool:
        pass
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        sent.close()
    return found


def _begin(sent: Queue[tuple[Callable[..., Any], tuple[Any, ...]]]) -> None:
    follow_parent()
    _of_process[:] = [sent.get()]


def _call(item: Any) -> Any:
    function, shared = _of_process[0]
    return function(item, *shared)
