"""A progress bar over many runs: runs done, and person-weeks a second."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TextIO

import numpy as np
from tqdm import tqdm

from experiments.models import LABOUR_MARKET
from experiments.running.work import Work
from simulation.compile import is_compiled

LINE_SECONDS = 2.0
COMPILING = "compiling the model's loops, once for all; this takes a minute or two"


def tell_of_compiling(out: TextIO) -> None:
    """Say why nothing seems to happen in the first run after an installation or an edit."""
    if not is_compiled():
        print(COMPILING, file=out, flush=True)


class Progress:
    """Context manager for a launcher: a bar on a terminal, else a line now and then.

    Parameters
    ----------
    works : sequence of Work
    out : file, optional
        Where the bar is drawn; by default standard error.
    """

    def __init__(self, works: Sequence[Work], *, out: TextIO | None = None) -> None:
        self.out = sys.stderr if out is None else out
        self.people = np.array([work.n_people for work in works], np.int64)
        self.n_works, self.n_finished = len(works), 0
        self.told = -math.inf
        if any(work.model == LABOUR_MARKET for work in works):
            tell_of_compiling(self.out)
        total = sum(work.weeks * work.n_people for work in works)
        self.bar = tqdm(
            total=total,
            unit=" person-weeks",
            unit_scale=True,
            file=self.out,
            disable=None,
            desc=self._runs(),
            dynamic_ncols=True,
        )

    def _runs(self) -> str:
        return f"{self.n_finished}/{self.n_works} runs"

    def update(self, weeks_done: Sequence[int]) -> None:
        """Move the bar to where the weeks done of every work add up to."""
        weeks = np.maximum(np.asarray(weeks_done, np.int64), 0)
        self.bar.update(int(weeks @ self.people) - self.bar.n)

    def finish(self, work: Work) -> None:
        """Count a finished run."""
        self.n_finished += 1
        self.bar.set_description(self._runs(), refresh=False)
        is_due = time.monotonic() - self.told > LINE_SECONDS or self.n_finished == self.n_works
        if self.bar.disable and is_due:
            # Not a line a run where thousands take a moment each.
            self.told = time.monotonic()
            print(f"  {self._runs()}: {work.name}", file=self.out, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bar.close()
