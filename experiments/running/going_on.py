"""A run that goes on from a state kept before, and keeps its own: at forks, and now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

from experiments.models import History
from experiments.store.histories import histories_of
from experiments.store.kept_beside import KeptBeside
from experiments.store.keys import key_of

Fork = tuple[int, str]
"""A week after which others go other ways, and the key of the past until then."""
SECONDS = 120.0
"""A run that takes longer keeps its state so often, and is not lost when it is killed."""


def fork_key(model: str, seed: int, history: History, week: int, asked: Mapping[str, bool]) -> str:
    """Return the key of what a run is until a week; runs with the same are the same until then.

    Parameters
    ----------
    model : str
    seed : int
    history : History
    week : int
    asked : mapping
        What is written down besides: who worked where, every event.
    """
    values = {"weeks_done": week, "past": history.until(week), **asked}
    return key_of(model, values, seed, history.version, history.inputs)


class GoingOn:
    """What a run goes on from, and where its states are kept.

    Parameters
    ----------
    kept : KeptBeside
    key : str
        Of the run.
    forks : sequence of (int, str)
        Weeks after which its state is wanted by others too, and the keys there.

    Attributes
    ----------
    since : bytes or None
        The latest state there is.
    told : str
        What an interrupted run says of its own state, if it has kept one.
    """

    def __init__(self, kept: KeptBeside, key: str, forks: tuple[Fork, ...]) -> None:
        self._kept, self._key, self._forks = kept, key, forks
        self._told = perf_counter()
        self.since: bytes | None = None
        self.told = ""
        self.passed: Callable[[], None] = lambda: None

    @property
    def shares_more(self) -> bool:
        """Whether there is a fork the run will pass whose state is not kept yet."""
        return bool(self._forks) and not self._kept.has(self._forks[-1][1])

    def look(self) -> None:
        """Find the latest state: that of the run itself before it was killed, or of a fork."""
        # Its own is later than any it shares.
        keys = [self._key, *(key for _, key in reversed(self._forks))]
        self.since = next((data for key in keys if (data := self._kept.read(key))), None)

    def keep(self, week: int, state: Callable[[], bytes]) -> None:
        """Keep the state after a week, if it is that of a fork or it is time."""
        for at, key in self._forks:
            if at == week and not self._kept.has(key):
                self._kept.keep(key, state())
        if self._forks and week == self._forks[-1][0]:
            self.passed()
        if perf_counter() - self._told > SECONDS:
            self._kept.keep(self._key, state())
            self._told = perf_counter()
            self.told = f"; the same command goes on after week {week}"


@contextmanager
def going_on(
    store: Path, key: str, forks: tuple[Fork, ...], *, tell: Callable[[int], None]
) -> Iterator[GoingOn]:
    """Give what a run goes on from; of those with a past in common one at a time simulates it.

    When the run is done its own state is thrown away. While it waits for another it tells that no
    week is done.
    """
    kept = histories_of(store)
    run = GoingOn(kept, key, forks)
    with ExitStack() as alone:
        run.look()
        if run.shares_more:
            alone.enter_context(kept.alone_with(forks[0][1], tell=tell))
            run.look()
            run.passed = alone.close
            if not run.shares_more:
                alone.close()
        yield run
    kept.forget(key)


def forget_forks(store: Path, forks: set[Fork]) -> None:
    """Throw away the states of forks, which nobody needs any more."""
    kept = histories_of(store)
    for _, key in forks:
        kept.forget(key)
    kept.close()
