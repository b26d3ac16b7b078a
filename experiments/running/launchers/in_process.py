"""One run after another in the process that was started: for small sweeps and for debugging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from experiments.running.launchers.launcher import NOT_STARTED, TELL_SECONDS, Watch
from experiments.running.launchers.settings import LauncherSettings
from experiments.running.work import Failure, Work, try_work


@dataclass(frozen=True)
class InProcess:
    """The launcher without processes of its own."""

    def at_once(self, n_works: int) -> int:
        """Return 1."""
        return 1

    def launch(
        self, works: Sequence[Work], *, store: Path | None, experiment: str, watch: Watch
    ) -> list[Failure]:
        """Carry out all works and return those that failed."""
        done = [NOT_STARTED] * len(works)
        failures: list[Failure] = []
        told = monotonic()
        for index, work in enumerate(works):

            def tell(weeks: int, index: int = index) -> None:
                nonlocal told
                done[index] = weeks
                if monotonic() - told > TELL_SECONDS:
                    told = monotonic()
                    watch.on_progress(done)

            failure = try_work(work, store, experiment=experiment, tell=tell)
            if failure is None:
                done[index] = work.weeks
                watch.on_finish(work)
                continue
            failures.append(failure)
            if failure.ends_all:
                break
        watch.on_progress(done)
        return failures


def make_launcher(settings: LauncherSettings) -> InProcess:
    """Return the launcher; it takes no settings."""
    return InProcess()
