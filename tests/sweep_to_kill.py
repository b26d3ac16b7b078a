"""A real sweep of short runs in two processes, for `test_killing` to start and to kill."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.running.work import Work, make_work
from experiments.store import Store

N_WORKS = 140
SECONDS_A_RUN = 0.1
"""Long enough for the sweep to be under way still when the last blow falls."""


def works() -> list[Work]:
    """Return the works of the sweep, with noise, so that a wrong seed or point would show."""
    return [
        make_work(
            "ishigami",
            {"x1": number / N_WORKS, "noise": 1.0, "sleep": SECONDS_A_RUN},
            number % 4,
            name=f"point {number}",
        )
        for number in range(N_WORKS)
    ]


def sweep(folder: Path) -> int:
    """Carry out what is not done yet, as commands do; return how many runs that were."""
    launcher = LauncherSettings(name="processes", processes=2)
    store = Store(folder, create=True)
    return run_works(works(), store=store, launcher=launcher, experiment="it", out=io.StringIO())


if __name__ == "__main__":
    sweep(Path(sys.argv[1]))
