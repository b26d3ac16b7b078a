"""Workers of dask.distributed: those of a scheduler that is running, or some on this machine.

dask brings chunks to workers and starts workers that died; whether a run is done only the store
tells, as with every launcher of chunks.
"""

from __future__ import annotations

import contextlib
import logging
import math
import secrets
import signal
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client, Future, LocalCluster, Worker
from distributed.security import Security

from experiments.running.launchers.chunks import Chunk, carry_out_chunk
from experiments.running.launchers.dispatch import Dispatch
from experiments.running.launchers.launcher import Watch
from experiments.running.launchers.processes import available_cores
from experiments.running.launchers.queues import SilentError
from experiments.running.launchers.settings import DaskSettings, LauncherSettings
from experiments.running.launchers.worker import one_thread_each, without_main
from experiments.running.work import Failure, Work
from simulation.errors import InputError

MOST_JOBS = 1000
CONNECT_SECONDS = 20
LONGEST_LINE = 300
_stopped: set[str] = set()
"""In a worker: launches whose runs are to be given up."""


@dataclass(frozen=True)
class Dask:
    """The launcher `dask`."""

    settings: LauncherSettings

    def at_once(self, n_works: int) -> int | None:
        """Return how many of so many works are done at a time; None with workers of others."""
        if self.settings.dask.scheduler is not None:
            return None
        return max(min(self.settings.dask.workers or available_cores(), n_works), 1)

    def launch(
        self, works: Sequence[Work], *, store: Path | None, experiment: str, watch: Watch
    ) -> list[Failure]:
        """Carry out all works on workers and return those that failed.

        Raises
        ------
        InputError
            If no scheduler answers at the address.
        KeyboardInterrupt
            After Ctrl-C, once the workers are told to stop.
        """
        settings = self.settings.dask
        chunk = Chunk((), store and store.resolve(), experiment, Path.cwd())
        with _client(settings, n_workers=self.at_once(len(works))) as client:
            dispatch = Dispatch(works, DaskQueue(client, chunk), settings, store, watch)
            # A few runs are shared out among all workers, not given to the first.
            share = math.ceil(len(works) / max(len(client.nthreads()), 1))
            return dispatch.carry_out(runs_per_job=min(self.settings.runs_per_job, share))


@dataclass
class DaskQueue:
    """Tasks of one launch with a scheduler.

    Parameters
    ----------
    client : Client
    chunk : Chunk
        What all chunks share.
    """

    client: Client
    chunk: Chunk
    name: str = "dask"
    most_jobs: int = MOST_JOBS
    launch: str = field(default_factory=lambda: secrets.token_hex(4))
    futures: dict[str, Future] = field(default_factory=dict)

    def submit(self, chunks: Sequence[Sequence[Work]]) -> list[str]:
        """Submit tasks and return their keys."""
        self._check()
        new: dict[str, Future] = {}
        for works in chunks:
            key = f"pathfinder-{self.launch}-{len(self.futures) + len(new)}"
            new[key] = self.client.submit(
                on_worker, self.chunk.of(works), self.launch, key=key, pure=False
            )
        self.futures |= new
        return list(new)

    def running(self, jobs: Collection[str]) -> dict[str, bool]:
        """Return which tasks have not ended, and whether each is with a worker."""
        self._check()
        pending = [job for job in jobs if self.futures[job].status == "pending"]
        try:
            busy = {key for keys in self.client.processing().values() for key in keys}
        except (OSError, TimeoutError) as error:
            raise SilentError(str(error)) from error
        return {job: job in busy for job in pending}

    def cancel(self, jobs: Collection[str]) -> None:
        """Take tasks back; what a worker is at, it finishes."""
        if self.client.status == "running":
            self.client.cancel([self.futures[job] for job in jobs])

    def close(self) -> None:
        """Take all tasks back, and have workers give up the runs they are at."""
        self.cancel([job for job, future in self.futures.items() if not future.done()])
        if self.client.status == "running":
            # A worker that is dying at this moment cannot be told, and need not be.
            self.client.run(stop, self.launch, on_error="ignore")

    def last_words(self, job: str) -> list[str]:
        """Return the error a task ended with, if there was one."""
        future = self.futures[job]
        if future.status != "error":
            return [f"dask says: {future.status}"]
        error = future.exception()
        line = " ".join(f"{type(error).__name__}: {error}".split())
        return [line[:LONGEST_LINE]]

    def _check(self) -> None:
        if self.client.status != "running":
            raise SilentError(f"the connection to the scheduler is {self.client.status}")


def on_worker(chunk: Chunk, launch: str) -> None:
    """Carry out a chunk, until the launch it belongs to is stopped."""
    carry_out_chunk(chunk, lambda: launch in _stopped)


def stop(launch: str) -> None:
    """Have this worker give up the runs of a launch."""
    _stopped.add(launch)


def dask_setup(worker: Worker) -> None:
    """Have a worker of our own leave Ctrl-C to its parent; dask calls this by name."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make_launcher(settings: LauncherSettings) -> Dask:
    """Return the launcher."""
    return Dask(settings)


def _certificate() -> Security:
    """Return a certificate of this launch alone, held in memory.

    Whoever talks to a scheduler can have its workers run any code, and on a login node every user
    reaches 127.0.0.1: without the certificate nobody is listened to.
    """
    try:
        return Security.temporary()
    except ImportError as error:
        raise InputError(
            "launcher=dask needs the package cryptography, which is not installed:"
            " pip install 'pathfinder-labour[dask]'"
        ) from error


@contextlib.contextmanager
def _client(settings: DaskSettings, *, n_workers: int | None) -> Iterator[Client]:
    """Connect to the scheduler, or to one of our own with so many workers of one thread each."""
    if settings.scheduler is not None:
        try:
            client = Client(settings.scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(
                f"launcher.dask.scheduler={settings.scheduler}: no scheduler answers there; start"
                " one with `dask scheduler`, workers with `dask worker ADDRESS --nthreads 1`"
            ) from error
        with client:
            yield client
        return
    # Workers that are started again later take their environment from this process.
    with (
        one_thread_each(),
        without_main(),
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            protocol="tls",
            security=_certificate(),
            memory_limit=None,
            preload=[__name__],
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client
