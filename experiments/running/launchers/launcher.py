"""What every launcher is, and whom it tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from experiments.running.work import Failure, Work

NOT_STARTED = -1
"""Weeks done of a work that nobody has begun."""
TELL_SECONDS = 0.1
"""How long between two tidings of progress, at least."""


@dataclass
class Watch:
    """Whom a launcher tells how far it is.

    Attributes
    ----------
    on_progress : callable
        Told, now and then, the weeks done of each work in their order; `NOT_STARTED` is not begun.
    on_finish : callable
        Told each work once it is kept.
    """

    on_progress: Callable[[Sequence[int]], None]
    on_finish: Callable[[Work], None]


class Launcher(Protocol):
    """Carries out works, each of which is kept as it finishes."""

    def at_once(self, n_works: int) -> int | None:
        """Return how many of so many works are done at a time; None if only the cluster knows."""

    def launch(
        self, works: Sequence[Work], *, store: Path | None, experiment: str, watch: Watch
    ) -> list[Failure]:
        """Carry out all works and return those that failed.

        Raises
        ------
        KeyboardInterrupt
            After Ctrl-C, once nothing runs any more.
        """
