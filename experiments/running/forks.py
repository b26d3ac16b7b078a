"""Works with a past in common: it is found which are the same run until when, before any is done.

Works of one model and seed form a tree: all that are alike at first, in them those that are alike
for longer. At each fork the state of the run is kept, and whoever comes later goes on from there
(docs/histories.md).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from experiments.models import History, model_named
from experiments.running.going_on import fork_key
from experiments.running.work import Work
from experiments.store.keys import canonical
from simulation.errors import InputError

LEAST_WEEKS = 8
"""Pasts shorter than that are simulated again sooner than read."""


def with_forks(works: Sequence[Work]) -> list[Work]:
    """Return works that know where their states are kept, whoever simulates a past before others.

    Works that share nothing stay as they are. Of those that share a past the first comes with the
    others' beginnings, and the rest go last.
    """
    forked = dict(enumerate(works))
    first: set[int] = set()
    histories: dict[Hashable, History] = {}
    for numbers in _alike(works):
        family = _Family([works[number] for number in numbers], histories)
        for number, forks in zip(numbers, family.forks(), strict=True):
            forked[number] = replace(works[number], forks=tuple(forks))
        leaders: set[Hashable] = set()
        for number in numbers:
            root = forked[number].forks[:1]
            if root and root not in leaders:
                leaders.add(root)
                first.add(number)
    later = [number for number, work in forked.items() if work.forks and number not in first]
    at_once = [number for number in forked if number not in set(later)]
    return [forked[number] for number in (*at_once, *later)]


def weeks_of(works: Sequence[Work]) -> list[int]:
    """Return how many weeks each of some forked works simulates itself, in their order."""
    kept: set[str] = set()
    own = []
    for work in works:
        since = max((week for week, key in work.forks if key in kept), default=0)
        own.append(work.weeks - since)
        kept |= {key for _, key in work.forks}
    return own


def _alike(works: Sequence[Work]) -> Iterable[list[int]]:
    """Give the numbers of works that may share a past: they differ in dated things at most."""
    groups: dict[Hashable, list[int]] = {}
    for number, work in enumerate(works):
        if (undated := _undated(work)) is not None:
            key = (work.model, work.seed, work.people, canonical(undated))
            groups.setdefault(key, []).append(number)
    return [numbers for numbers in groups.values() if len(numbers) > 1]


def _undated(work: Work) -> dict[str, Any] | None:
    """Return what matters from the first week on; None of a work that shares nothing, or fails."""
    model = model_named(work.model)
    try:
        return model.undated(model.complete(work.changes))
    except InputError:
        # It says what is wrong with it when its turn comes.
        return None


class _Family:
    """Works that may share a past, and the keys of their pasts week by week.

    Histories are by configuration, which other seeds have too.
    """

    def __init__(self, works: Sequence[Work], histories: dict[Hashable, History]) -> None:
        self._works = works
        self._histories = []
        for work in works:
            configuration = (work.model, canonical(work.changes))
            if configuration not in histories:
                histories[configuration] = _history(work)
            self._histories.append(histories[configuration])
        self.key = cache(self._key)

    def _key(self, number: int, week: int) -> str:
        work = self._works[number]
        asked = {"people": work.people or work.has_support, "events": False}
        return fork_key(work.model, work.seed, self._histories[number], week, asked)

    def forks(self) -> list[list[tuple[int, str]]]:
        """Return for each work the weeks after which its state is kept, and under which key."""
        found: list[list[tuple[int, str]]] = [[] for _ in self._works]
        waiting = [(0, list(range(len(self._works))))]
        while waiting:
            since, members = waiting.pop()
            for group in self._groups(members, since + LEAST_WEEKS):
                week = self._same_until(group, since + LEAST_WEEKS)
                for number in group:
                    found[number].append((week, self.key(number, week)))
                waiting.append((week, group))
        return found

    def _groups(self, members: Sequence[int], week: int) -> Iterator[list[int]]:
        """Give those of some works that are the same run until a week, where they are several."""
        groups: dict[str, list[int]] = {}
        for number in members:
            if week < self._works[number].weeks:
                groups.setdefault(self.key(number, week), []).append(number)
        yield from (group for group in groups.values() if len(group) > 1)

    def _same_until(self, group: Sequence[int], low: int) -> int:
        """Return for how many weeks all of a group are the same run."""
        high = min(self._works[number].weeks for number in group) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if len({self.key(number, middle) for number in group}) == 1:
                low = middle
            else:
                high = middle - 1
        return low


def _history(work: Work) -> History:
    model = model_named(work.model)
    return model.history(model.complete(work.changes))
