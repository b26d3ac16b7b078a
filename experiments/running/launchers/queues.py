"""What a launcher of chunks asks of a cluster: four things, whatever the cluster is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from experiments.running.work import Work
from simulation.errors import SimulationError


class SilentError(SimulationError):
    """The cluster gives no answer."""


class Queue(Protocol):
    """What carries out chunks of works elsewhere."""

    name: str

    @property
    def most_jobs(self) -> int:
        """How many jobs may be in the queue at a time."""

    def submit(self, chunks: Sequence[Sequence[Work]]) -> list[str]:
        """Hand over chunks and return the name of the job of each.

        Raises
        ------
        InputError
            If the cluster refuses them.
        SilentError
            If it cannot take them now.
        """

    def running(self, jobs: Collection[str]) -> dict[str, bool]:
        """Return the jobs that have not ended, and whether each runs or waits.

        Raises
        ------
        SilentError
            If the cluster does not say.
        """

    def cancel(self, jobs: Collection[str]) -> None:
        """Have some jobs stopped."""

    def close(self) -> None:
        """Have all jobs stopped."""

    def last_words(self, job: str) -> list[str]:
        """Return what is known of how a job ended, a line each."""
