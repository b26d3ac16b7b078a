"""Many runs on the cores of one machine; a killed worker loses nothing but its own run.

Workers are started afresh (spawn), one thread each. Each saves its run itself, under a name that
is there only when complete, so that whatever stops the whole leaves finished runs readable.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for_sentinel
from pathlib import Path
from typing import Any

from experiments.folders import replace_folder
from simulation.config import Config
from simulation.errors import InputError

THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
NOT_STARTED = -1
POLL_SECONDS = 0.5
KILLED = "its process was killed, twice; is there enough memory? (people_per_agent thins)"


@dataclass(frozen=True)
class Task:
    """One run to do: name, configuration, seed, folder, whether to keep who worked where."""

    name: str
    config: Config
    seed: int
    folder: Path
    people: bool = False


@dataclass(frozen=True)
class Failure:
    """A run that did not finish: its name, why, and whether the input is at fault."""

    name: str
    lines: tuple[str, ...]
    is_input: bool = False


class StoppedError(Exception):
    """The parent asked a worker to give up its run."""


_worker: dict[str, Any] = {}
"""What the parent shares with this worker process: weeks done of each task, and when to stop."""


def run_tasks(
    tasks: Sequence[Task],
    *,
    processes: int,
    on_progress: Callable[[list[int]], None],
    on_finish: Callable[[Task], None],
) -> list[Failure]:
    """Simulate and save every task; return those that failed.

    A task whose worker is killed is tried once more, alone, so that it takes no other with it.

    Parameters
    ----------
    tasks : sequence of Task
        In the order they are started.
    processes : int
        How many at a time, at least 1.
    on_progress : callable
        Told, a few times a second, the weeks done of each task; -1 is not started.
    on_finish : callable
        Told each task once its folder is complete.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C, once the workers have stopped; finished runs are there.
    """
    pool = _Pool(tasks, on_progress=on_progress, on_finish=on_finish)
    with one_thread_each():
        unfinished = pool.drain(list(range(len(tasks))), processes)
        while unfinished:
            begun = [i for i in unfinished if pool.weeks_done[i] != NOT_STARTED]
            # Workers that die before they begin leave no suspect: then every task is one.
            suspects = begun or unfinished
            for index in suspects:
                if pool.drain([index], 1):
                    pool.failures.append(Failure(tasks[index].name, (KILLED,)))
            rest = [index for index in unfinished if index not in suspects]
            unfinished = pool.drain(rest, processes)
    return pool.failures


class _Pool:
    """Executors over one list of tasks, and what the workers share."""

    def __init__(
        self,
        tasks: Sequence[Task],
        *,
        on_progress: Callable[[list[int]], None],
        on_finish: Callable[[Task], None],
    ) -> None:
        self.tasks, self.on_progress, self.on_finish = tasks, on_progress, on_finish
        self.context = multiprocessing.get_context("spawn")
        self.weeks_done = self.context.Array("q", [NOT_STARTED] * len(tasks), lock=False)
        # No locks: a worker that is killed while it holds one would stop all the others for ever.
        self.stop = self.context.Value("b", 0, lock=False)
        self.failures: list[Failure] = []

    def drain(self, indices: list[int], processes: int) -> list[int]:
        """Run some tasks in an executor of their own; return those lost with a killed worker."""
        if not indices:
            return []
        for index in indices:
            self.weeks_done[index] = NOT_STARTED
        executor = ProcessPoolExecutor(
            min(processes, len(indices)),
            mp_context=self.context,
            initializer=_start_worker,
            initargs=(self.weeks_done, self.stop),
        )
        try:
            futures = {
                executor.submit(_run_task, index, self.tasks[index]): index for index in indices
            }
            return self._collect(futures)
        except KeyboardInterrupt:
            self.stop.value = 1
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def _collect(self, futures: dict[Any, int]) -> list[int]:
        lost, waiting = [], set(futures)
        while waiting:
            done, waiting = wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    failure = future.result()
                except BrokenProcessPool:
                    lost.append(futures[future])
                    continue
                if failure is None:
                    self.on_finish(self.tasks[futures[future]])
                else:
                    self.failures.append(failure)
            self.on_progress(list(self.weeks_done))
        return sorted(lost)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Have processes that start meanwhile use one thread each."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _start_worker(weeks_done: Any, stop: Any) -> None:
    """Prepare a worker: Ctrl-C is the parent's business, and without a parent there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker.update(weeks_done=weeks_done, stop=stop)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_sentinel([parent.sentinel])
        os._exit(1)


def _run_task(index: int, task: Task) -> Failure | None:
    """Simulate and save one task in a worker; what goes wrong comes back as lines."""
    # Late: the workers import the model, the parent need not wait for it.
    from simulation.runner import simulate

    _worker["weeks_done"][index] = 0

    def tell(weeks: int) -> None:
        _worker["weeks_done"][index] = weeks
        if _worker["stop"].value:
            raise StoppedError

    try:
        run = simulate(task.config, task.seed, people=task.people, progress=tell)
        replace_folder(task.folder, run.save)
    except StoppedError:
        return Failure(task.name, ("stopped",))
    except InputError as error:
        return Failure(task.name, tuple(error.problems), is_input=True)
    except Exception as error:  # an error with arguments of its own may not survive the way back
        return Failure(task.name, (f"{type(error).__name__}: {error}",))
    return None
