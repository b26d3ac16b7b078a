"""The cores of one machine; a killed worker loses nothing but the runs in flight.

Workers are started afresh (spawn), one thread each. Each keeps its run itself, under a name that
is there only when complete, so that whatever stops the whole leaves finished runs readable.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from experiments.running.launchers.launcher import NOT_STARTED, TELL_SECONDS, Watch
from experiments.running.launchers.settings import LauncherSettings
from experiments.running.launchers.worker import (
    Shared,
    carry_out_batch,
    deaf_to_interrupts,
    one_thread_each,
    start_worker,
    without_main,
)
from experiments.running.work import Failure, Work, note_failure

POLL_SECONDS = 0.5
BATCHES_A_WORKER = 2
"""One in hand and one waiting, so that no worker is idle while its result travels."""
BATCH_SECONDS = 0.25
MOST_A_BATCH = 100
KILLED = "its process was killed, twice; is there enough memory? (people_per_agent thins)"
NEVER_BEGAN = "not tried: worker processes end before they begin; is there enough memory?"


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Processes:
    """The launcher with worker processes: `processes` of them at a time."""

    processes: int

    def at_once(self, n_works: int) -> int:
        """Return how many of so many works are done at a time: one a process."""
        return max(min(self.processes, n_works), 1)

    def launch(
        self, works: Sequence[Work], *, store: Path | None, experiment: str, watch: Watch
    ) -> list[Failure]:
        """Carry out all works and return those that failed.

        A work whose worker is killed is tried once more, alone, so that it takes no other with it.

        Raises
        ------
        KeyboardInterrupt
            After Ctrl-C, once the workers have stopped; finished runs are kept.
        """
        if not works:
            return []
        with one_thread_each(), without_main():
            return _Pool(works, store=store, experiment=experiment, watch=watch).launch(
                self.processes
            )


class _Pool:
    """Executors over one list of works, and what the workers share with it."""

    def __init__(
        self, works: Sequence[Work], *, store: Path | None, experiment: str, watch: Watch
    ) -> None:
        self.works, self.store, self.experiment, self.watch = works, store, experiment, watch
        self.context = multiprocessing.get_context("spawn")
        # No locks: a worker that is killed while it holds one would stop all the others for ever.
        self.shared = Shared(
            self.context.Array("q", [NOT_STARTED] * len(works), lock=False),
            self.context.Array("b", len(works), lock=False),
            self.context.Value("b", 0, lock=False),
        )
        self.failures: list[Failure] = []
        self.waiting: deque[int] = deque(range(len(works)))
        self.run_seconds = BATCH_SECONDS
        self.told = 0.0

    def launch(self, processes: int) -> list[Failure]:
        """Carry out everything that waits, in executors rebuilt after a crash."""
        while self.waiting:
            lost = self._drain(processes)
            begun = [i for i in lost if self.shared.weeks_done[i] != NOT_STARTED]
            # Workers that die before they begin leave no suspect: then one work shows whether
            # any worker can begin at all.
            suspects = begun or lost[:1]
            later = [i for i in lost if i not in suspects] + list(self.waiting)
            for index in suspects:
                self._try_alone(index, later)
            self.waiting = deque(later)
        return self.failures

    def _try_alone(self, index: int, later: list[int]) -> None:
        """Carry out one work in a worker of its own; if that dies too, it is given up."""
        self.shared.weeks_done[index] = NOT_STARTED
        self.waiting = deque([index])
        lost: list[int] = []
        while self.waiting and not lost:
            lost = self._drain(1)
        if not lost:
            return
        failure = Failure(self.works[index].name, (KILLED,))
        if self.shared.weeks_done[index] == NOT_STARTED:
            failure = Failure(f"{self.works[index].name} and {len(later)} more", (NEVER_BEGAN,))
            later.clear()
        note_failure(self.works[index], failure, self.store)
        self.failures.append(failure)

    def _drain(self, processes: int) -> list[int]:
        """Carry out what waits in an executor of its own; return what a killed worker lost."""
        n_workers = min(processes, len(self.waiting))
        executor = ProcessPoolExecutor(
            n_workers,
            mp_context=self.context,
            initializer=start_worker,
            initargs=(self.shared, self.store, self.experiment),
        )
        in_flight: dict[Future, list[int]] = {}
        lost: list[int] = []
        try:
            is_broken = False
            while in_flight or (self.waiting and not is_broken):
                is_broken = is_broken or not self._submit(executor, in_flight, n_workers)
                done, _ = wait(in_flight, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    lost += self._collect(future, in_flight.pop(future))
                is_broken = is_broken or bool(lost)
                self._tell(at_once=not in_flight)
        except KeyboardInterrupt:
            self.shared.stop.value = 1
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
        return sorted(lost)

    def _submit(
        self, executor: ProcessPoolExecutor, in_flight: dict[Future, list[int]], n_workers: int
    ) -> bool:
        """Hand out batches, of many runs if they are short; return whether there were workers."""
        while self.waiting and len(in_flight) < BATCHES_A_WORKER * n_workers:
            share = -(-len(self.waiting) // (BATCHES_A_WORKER * n_workers))
            fitting = int(BATCH_SECONDS / max(self.run_seconds, 1e-9))
            size = max(1, min(fitting, share, MOST_A_BATCH))
            indices = [self.waiting.popleft() for _ in range(min(size, len(self.waiting)))]
            batch = [(index, self.works[index]) for index in indices]
            try:
                with deaf_to_interrupts():  # which starts a worker, if there are too few
                    future = executor.submit(carry_out_batch, batch)
                in_flight[future] = indices
            except BrokenProcessPool:
                self.waiting.extendleft(reversed(indices))
                return False
        return True

    def _collect(self, future: Future, indices: list[int]) -> list[int]:
        """Take the result of a batch; return the works a killed worker had not finished."""
        try:
            failures, seconds = future.result()
        except BrokenProcessPool:
            finished = [index for index in indices if self.shared.finished[index]]
            for index in finished:
                self.watch.on_finish(self.works[index])
            return [index for index in indices if not self.shared.finished[index]]
        self.run_seconds = seconds / len(indices)
        for index in indices:
            if self.shared.finished[index]:
                self.watch.on_finish(self.works[index])
        self.failures += failures
        if any(failure.ends_all for failure in failures):
            self.waiting.clear()
            self.shared.stop.value = 1
        return []

    def _tell(self, *, at_once: bool) -> None:
        if at_once or time.monotonic() - self.told > TELL_SECONDS:
            self.told = time.monotonic()
            self.watch.on_progress(list(self.shared.weeks_done))


def make_launcher(settings: LauncherSettings) -> Processes:
    """Return the launcher, by default with a worker for every core."""
    return Processes(settings.processes or available_cores())
