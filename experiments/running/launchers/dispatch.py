"""Works sent elsewhere in chunks, and sent again when their job died; the store tells what is done.

What a cluster says of its jobs is used for one thing only: a job that is no longer there, or gives
no sign of life, while some of its runs are not in the store, is lost. The first run it did not
finish may be what killed it and goes alone; the others go again together.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from experiments.running.launchers.launcher import NOT_STARTED, Watch
from experiments.running.launchers.queues import Queue, SilentError
from experiments.running.launchers.settings import ClusterSettings
from experiments.running.work import Failure, Work
from experiments.store import Store, StoreError
from experiments.store.failures import remove_failure
from simulation.files.listing import LIST

MOST_IN_VAIN = 10
"""Jobs sent again that end in a row without a single run: then it is not the runs."""


@dataclass
class _Job:
    """Works of a job that has been submitted, by number.

    `heard` and `gone` are readings of the monotonic clock: when it last gave a sign of life, and
    since when it is no longer there.
    """

    works: list[int]
    resent: int
    heard: float = math.inf
    gone: float = math.inf
    in_vain: bool = True


@dataclass
class _Parcel:
    """Works to be sent together, and how many times they were sent before."""

    works: list[int]
    resent: int = 0


@dataclass
class Dispatch:
    """One list of works on its way.

    Parameters
    ----------
    works : sequence of Work
    queue : Queue
    settings : ClusterSettings
    store : Path or None
    watch : Watch
    """

    works: Sequence[Work]
    queue: Queue
    settings: ClusterSettings
    store: Path | None
    watch: Watch
    left: dict[int, Work] = field(init=False)
    failures: list[Failure] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.left = dict(enumerate(self.works))
        self._folders = {index: _stamp(work.folder) for index, work in self.left.items()}
        self._opened = None if self.store is None else Store(self.store)
        self._weeks = [NOT_STARTED] * len(self.works)
        self._jobs: dict[str, _Job] = {}
        self._deaths = dict.fromkeys(self.left, 0)
        self._in_vain = 0
        self._n_done = 0
        self._answered = self._read = time.monotonic()

    def carry_out(self, *, runs_per_job: int) -> list[Failure]:
        """Send everything, wait until it is done or has failed, and return what failed.

        Whatever ends the waiting, no job is left behind.
        """
        numbers = list(self.left)
        self._parcels = deque(
            _Parcel(numbers[start : start + runs_per_job])
            for start in range(0, len(numbers), runs_per_job)
        )
        self._forget_failures()
        try:
            while self.left:
                self._send()
                time.sleep(self.settings.poll_seconds)
                if self._collect():
                    self._look_for_the_lost()
        finally:
            self.queue.close()
        return self.failures

    def _forget_failures(self) -> None:
        """Take away notes of earlier tries, so that one that is found is of this."""
        if self._opened is not None:
            keys = {work.key for work in self.works}
            for failed in self._opened.failures():
                if failed.key in keys:
                    remove_failure(self._opened.folder, failed.key)

    def _send(self) -> None:
        """Submit as many parcels as may be in the queue, those that are still to do."""
        parcels: list[_Parcel] = []
        while self._parcels and len(self._jobs) + len(parcels) < self.queue.most_jobs:
            parcel = self._parcels.popleft()
            parcel.works = [index for index in parcel.works if index in self.left]
            if parcel.works:
                parcels.append(parcel)
        if not parcels:
            return
        try:
            names = self.queue.submit([[self.left[i] for i in parcel.works] for parcel in parcels])
        except SilentError as error:
            self._parcels.extendleft(reversed(parcels))
            self._be_patient(self._answered, f"{self.queue.name} gives no answer: {error}")
            return
        for name, parcel in zip(names, parcels, strict=True):
            self._jobs[name] = _Job(parcel.works, parcel.resent)

    def _collect(self) -> bool:
        """Take off the list what is done and what failed by itself, if the store can be read."""
        try:
            keys = set() if self._opened is None else self._opened.keys()
            noted = [] if self._opened is None else self._opened.failures()
        except StoreError as error:  # A shared disk has its moments; runs and jobs go on.
            self._be_patient(self._read, str(error))
            return False
        self._read = time.monotonic()
        failed = {run.key: Failure(run.name, run.lines, run.is_input) for run in noted}
        ended = set()
        for index, work in self.left.items():
            if self._is_done(index, work, keys):
                ended.add(index)
                self._n_done += 1
                self._weeks[index] = work.weeks
                self.watch.on_finish(work)
            elif work.key in failed:
                ended.add(index)
                self.failures.append(failed[work.key])
        for index in ended:
            del self.left[index]
        for job in self._jobs.values():
            if ended & set(job.works):
                job.heard, job.in_vain = time.monotonic(), False
                self._in_vain = 0
        self.watch.on_progress(self._weeks)
        return True

    def _is_done(self, index: int, work: Work, keys: Collection[str]) -> bool:
        is_kept = self._opened is None or work.key in keys
        return is_kept and (
            work.folder is None or _stamp(work.folder) not in (None, self._folders[index])
        )

    def _look_for_the_lost(self) -> None:
        """Find jobs that have ended, or seem to hang, and send again what they left."""
        now = time.monotonic()
        try:
            running = self.queue.running(self._jobs)
        except SilentError as error:
            self._be_patient(self._answered, f"{self.queue.name} gives no answer: {error}")
            return
        if self._jobs:
            self._answered = now
        for name, job in list(self._jobs.items()):
            if not any(index in self.left for index in job.works):
                if name not in running:
                    del self._jobs[name]
                continue
            if name in running:
                job.gone = math.inf
                job.heard = min(job.heard, now) if running[name] else math.inf
                # A run may take as long as a job is allowed to.
                if now - job.heard > 60 * self.settings.minutes:
                    self.queue.cancel([name])
                    self._lose(name, job)
                continue
            job.gone = min(job.gone, now)
            if now - job.gone >= self.settings.grace_seconds:
                self._lose(name, job)

    def _be_patient(self, since: float, trouble: str) -> None:
        """Bear with trouble for as long as the settings say."""
        if time.monotonic() - since > 60 * self.settings.silence_minutes:
            self._give_up([trouble])

    def _lose(self, name: str, job: _Job) -> None:
        """Send again what a dead job left: the run it was at alone, the others together."""
        del self._jobs[name]
        suspect, *others = [index for index in job.works if index in self.left]
        if job.in_vain and job.resent:
            self._in_vain += 1
        words = self.queue.last_words(name)
        if self._in_vain >= MOST_IN_VAIN:
            self._give_up([f"{self._in_vain} jobs in a row ended with no run done", *words])
            return
        if others:
            self._parcels.appendleft(_Parcel(others, job.resent + 1))
        self._deaths[suspect] += 1
        if self._deaths[suspect] <= self.settings.resubmit:
            self._parcels.append(_Parcel([suspect], job.resent + 1))
            return
        work = self.left.pop(suspect)
        n_deaths = self._deaths[suspect]
        what = "its job ended before it was done" + (f", {n_deaths} times" if n_deaths > 1 else "")
        self.failures.append(Failure(work.name, (what, *words)))

    def _give_up(self, lines: Sequence[str]) -> None:
        """End the whole: nothing more is sent."""
        n_works = len(self.works)
        kept = f"{self._n_done} of {n_works} runs are done; the same command goes on from there"
        self.failures.append(Failure(self.queue.name, (*lines, kept)))
        self.left.clear()


def _stamp(folder: Path | None) -> tuple[int, int] | None:
    """Return what changes when a run's folder is replaced, None if there is none."""
    try:
        status = None if folder is None else (folder / LIST).stat()
    except FileNotFoundError:
        return None
    return None if status is None else (status.st_ino, status.st_mtime_ns)
