"""A progress bar over many runs: runs done, and person-weeks a second."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType

from tqdm import tqdm

from experiments.parallel import Task


class Progress:
    """Context manager for `run_tasks`: a bar on a terminal, else a line for each run.

    Parameters
    ----------
    tasks : sequence of Task
    people : int
        Agents in each run.
    """

    def __init__(self, tasks: Sequence[Task], *, people: int) -> None:
        self.people, self.n_tasks, self.n_finished = people, len(tasks), 0
        total = sum(task.config.weeks for task in tasks) * people
        self.bar = tqdm(
            total=total,
            unit=" person-weeks",
            unit_scale=True,
            disable=None,
            desc=self._runs(),
            dynamic_ncols=True,
        )

    def _runs(self) -> str:
        return f"{self.n_finished}/{self.n_tasks} runs"

    def update(self, weeks_done: Sequence[int]) -> None:
        """Move the bar to where the weeks done of every task add up to."""
        done = sum(max(weeks, 0) for weeks in weeks_done) * self.people
        self.bar.update(done - self.bar.n)

    def finish(self, task: Task) -> None:
        """Count a finished run."""
        self.n_finished += 1
        self.bar.set_description(self._runs())
        if self.bar.disable:
            print(f"  {self._runs()}: {task.name}", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bar.close()
