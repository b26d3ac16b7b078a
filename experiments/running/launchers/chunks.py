"""A chunk of works and how a machine elsewhere carries it out; only the store tells the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path

from experiments.errors import StoppedError
from experiments.running.launchers.launcher import Watch
from experiments.running.launchers.processes import Processes
from experiments.running.work import Failure, Work, try_work
from simulation.errors import SimulationError

_one_at_a_time = threading.Lock()
"""A worker process may have several threads; a run has the process to itself."""


@dataclass(frozen=True)
class Chunk:
    """Works that are carried out one after another.

    Attributes
    ----------
    works : tuple of Work
    store : Path or None
        Absolute.
    experiment : str
        What rows are listed under.
    directory : Path
        Where the command was given, for files are named from there.
    processes : int
        How many runs at a time.
    """

    works: tuple[Work, ...]
    store: Path | None
    experiment: str
    directory: Path
    processes: int = 1

    def of(self, works: Sequence[Work]) -> Chunk:
        """Return the chunk with other works."""
        return replace(self, works=tuple(works))


def carry_out_chunk(chunk: Chunk, is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Carry out the works of a chunk; what goes wrong with one is noted in the store.

    Raises
    ------
    SimulationError
        If nothing can be kept any more, such as on a full disk, or a run fails and there is no
        store to note it in.
    """

    def tell(weeks: int) -> None:
        if is_stopped():
            raise StoppedError

    with _one_at_a_time, chdir(chunk.directory):
        if chunk.processes > 1:
            _raise_what_cannot_be_noted(chunk, _side_by_side(chunk))
            return
        for work in chunk.works:
            if is_stopped():
                return
            failure = try_work(work, chunk.store, experiment=chunk.experiment, tell=tell)
            if failure is not None:
                _raise_what_cannot_be_noted(chunk, [failure])


def _side_by_side(chunk: Chunk) -> list[Failure]:
    """Carry out the works of a chunk in processes of this machine."""
    watch = Watch(on_progress=lambda weeks: None, on_finish=lambda work: None)
    return Processes(chunk.processes).launch(
        chunk.works, store=chunk.store, experiment=chunk.experiment, watch=watch
    )


def _raise_what_cannot_be_noted(chunk: Chunk, failures: Sequence[Failure]) -> None:
    """Say in the job's log, or in dask's answer, what no store can say."""
    mute = [failure for failure in failures if failure.ends_all or chunk.store is None]
    if mute:
        raise SimulationError("\n".join(line for failure in mute for line in failure.lines))
