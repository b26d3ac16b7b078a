"""What a list of works would take: runs, those there already, seconds, disk."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.errors import StoppedError
from experiments.models import model_named
from experiments.running.forks import weeks_of, with_forks
from experiments.running.launchers import LauncherSettings, make_launcher
from experiments.running.work import Work
from experiments.store import Store
from experiments.store.keys import canonical
from simulation.finished.names import MARKETS
from simulation.report.pen import disk_size, duration, plural

if TYPE_CHECKING:
    import pandas as pd

    from experiments.models import Model

SIMILAR = 2.0
"""Runs whose agents times weeks differ by less than this factor tell how long one takes."""
MEASURED_WEEKS = 8
MEASURED_SECONDS = 10.0
MEASURED_POINTS = 3
"""Configurations measured, from the first to the last: a baseline may take half of the others."""
MOST_LOOKED_AT = 10_000
SECONDS_TO_KEEP = 0.006
"""Of a run, besides simulating it: 2,048 runs of a function took 12 seconds of one core."""
BYTES_A_RUN, BYTES_A_WEEK = 4_600, 13
"""Of a run of the labour market in a packed store: 5 kB at 26 weeks, 8 kB at 260."""
FOLDER_BYTES, FOLDER_BYTES_A_WEEK, FOLDER_BYTES_AN_AGENT = 55_000, 400, 22
"""Of a whole run with support: 220 kB of 4,000 agents and 104 weeks, 2.1 MB of 78,000 and 52."""


@dataclass(frozen=True)
class Plan:
    """What is to be done and what it takes.

    Attributes
    ----------
    n_runs, n_kept : int
        All, and those that are there already.
    people, weeks : (int, int)
        Least and most agents and weeks of a run.
    seconds : float or None
        Of a run still to do, on average; None where nothing is known.
    basis : str
        Where the seconds come from.
    launcher : str
    at_once : int or None
        Runs at a time; None where only the cluster knows.
    store_bytes, folder_bytes : int or None
        More disk in the store and in the folder of outputs; None where there is none.
    """

    n_runs: int
    n_kept: int
    people: tuple[int, int]
    weeks: tuple[int, int]
    seconds: float | None
    basis: str
    launcher: str
    at_once: int | None
    store_bytes: int | None
    folder_bytes: int | None

    @property
    def n_missing(self) -> int:
        """Runs still to do."""
        return self.n_runs - self.n_kept

    @property
    def wall_seconds(self) -> float | None:
        """Time until all is done and kept."""
        if self.seconds is None or self.at_once is None:
            return None
        in_turn = math.ceil(self.n_missing / max(self.at_once, 1))
        return (self.seconds + SECONDS_TO_KEEP) * in_turn

    def times(self, factor: float, *, basis: str) -> Plan:
        """Return the plan of so many times as many runs of the same kind, told by `basis`."""

        def more(count: int | None) -> int | None:
            return None if count is None else round(count * factor)

        return replace(
            self,
            n_runs=round(self.n_runs * factor),
            n_kept=round(self.n_kept * factor),
            basis=f"{self.basis}; {basis}".removeprefix("; "),
            store_bytes=more(self.store_bytes),
            folder_bytes=more(self.folder_bytes),
        )

    def line(self) -> str:
        """Return the plan in one line."""
        kept = f", {self.n_kept} kept from before" if self.n_kept else ""
        return f"{self._size()}{kept}{self._estimate()}"

    def _size(self) -> str:
        runs = plural(self.n_runs, "run")
        weeks = _range(self.weeks)
        if self.people == self.weeks == (1, 1):
            return runs  # of a function that has neither
        return f"{runs} of {_range(self.people)} agents over {weeks} week{'s' * (weeks != '1')}"

    def _estimate(self) -> str:
        if not self.n_missing or self.seconds is None:
            return ""
        wall = self.wall_seconds
        all_of_it = "" if wall is None else f": {_about(wall)}"
        return f"; {_about(self.seconds)} a run, {self._rate()}{all_of_it}"

    def _rate(self) -> str:
        return "at once as the cluster can" if self.at_once is None else f"{self.at_once} at a time"

    def text(self) -> str:
        """Return the plan in full, a line each subject."""
        lines = [
            self._size(),
            f"{self.n_kept} are there already, {self.n_missing} are to do",
        ]
        if self.n_missing:
            known = "" if self.seconds is None else f"{_about(self.seconds)} a run: "
            lines.append(f"{known}{self.basis}")
            wall = self.wall_seconds
            total = "" if wall is None else f", {_about(wall)} in all"
            lines.append(f"{self._rate()} (launcher={self.launcher}){total}")
            lines.append(f"disk: {self._disk()}")
        return "\n".join([*lines, "nothing has been kept or written (--plan)"])

    def _disk(self) -> str:
        known = "unknown" if self.store_bytes is None else f"about {disk_size(self.store_bytes)}"
        parts = [f"{known} in the store"]
        if self.folder_bytes is not None:
            parts.append(f"about {disk_size(self.folder_bytes)} in the folders of output=")
        return ", ".join(parts)


def distinct(works: Sequence[Work]) -> list[Work]:
    """Return works without those that are there already earlier in the list."""
    return list({(work.key, work.folder): work for work in works}.values())


def missing_of(
    works: Sequence[Work], store: Store | None, is_done: Callable[[Work], bool] | None = None
) -> list[Work]:
    """Return the works still to do: by default those whose key is not in the store."""
    if is_done is not None:
        return [work for work in works if not is_done(work)]
    keys = set() if store is None else store.keys()
    return [work for work in works if work.key not in keys]


def plan_of(
    works: Sequence[Work],
    *,
    store: Store | None,
    launcher: LauncherSettings,
    missing: Sequence[Work] | None = None,
    measure: bool = False,
    is_kept: bool = True,
) -> Plan:
    """Work out what works would take.

    Parameters
    ----------
    works : sequence of Work
        At least one; what is there twice counts once.
    store : Store or None
        Where runs are kept, and known from.
    launcher : LauncherSettings
    missing : sequence of Work, optional
        Those that are not done yet; by default those whose key is not in the store.
    measure : bool
        Whether to run a few weeks of some of the works where the store has no similar run.
    is_kept : bool
        Whether there will be a store, in which runs share the past they have in common.

    Raises
    ------
    InputError
        If there is no such launcher, or what it needs is not installed.
    """
    works = distinct(works)
    missing = missing_of(works, store) if missing is None else missing
    seconds, basis = _seconds(missing, store, measure=measure, is_kept=is_kept)
    people, weeks = [work.n_people for work in works], [work.weeks for work in works]
    return Plan(
        n_runs=len(works),
        n_kept=len(works) - len(missing),
        people=(min(people), max(people)),
        weeks=(min(weeks), max(weeks)),
        seconds=seconds,
        basis=basis,
        launcher=launcher.name,
        at_once=make_launcher(launcher).at_once(len(missing)),
        store_bytes=sum(BYTES_A_RUN + BYTES_A_WEEK * work.weeks for work in missing),
        folder_bytes=_folder_bytes(works, missing),
    )


def _seconds(
    missing: Sequence[Work], store: Store | None, *, measure: bool, is_kept: bool
) -> tuple[float | None, str]:
    """Return how long a missing run takes on average, and how that is known."""
    if not missing:
        return None, ""
    agent_weeks = [each.n_people * each.weeks for each in missing]
    if store is not None and (known := _known(missing, store)) is not None:
        rate, basis = known
        return rate * float(np.mean(agent_weeks)), basis
    if not measure:
        return None, "no similar run in the store"
    measured = _measured(missing)
    basis = f"no similar run in the store; {measured.basis}"
    reference = measured.reference
    if is_kept:
        # Runs of one seed share a reference world, and weeks before they differ.
        reference *= len({each.seed for each in missing}) / len(missing)
        forked = with_forks(missing)
        own = [each.n_people * weeks for each, weeks in zip(forked, weeks_of(forked), strict=True)]
        if sum(own) < sum(agent_weeks):
            shared = 1 - sum(own) / sum(agent_weeks)
            basis += f"; weeks that runs have in common, {shared:.0%}, once"
            agent_weeks = own
    return measured.rate * float(np.mean(agent_weeks)) + reference, basis


def _known(missing: Sequence[Work], store: Store) -> tuple[float, str] | None:
    """Return seconds of an agent's week in similar runs of the store; None if there are none."""
    known = store.seconds(missing[0].model)
    size = (known["n_people"] * known["weeks"]).to_numpy(np.float64)
    middle = float(np.median([each.n_people * each.weeks for each in missing]))
    similar = (size < middle * SIMILAR) & (size > middle / SIMILAR)
    if not similar.any():
        return None
    rate = float(np.median(known["seconds"].to_numpy(np.float64)[similar] / size[similar]))
    return rate, f"median of {int(similar.sum())} similar runs in the store"


class _Measured(NamedTuple):
    """What the first weeks of some works tell."""

    rate: float
    """Seconds of an agent's week, without reference worlds."""
    reference: float
    """Seconds that reference worlds take, a run; 0 if none needs one."""
    basis: str


def _measured(missing: Sequence[Work]) -> _Measured:
    """Run the first weeks of a few works, and each reference world they need once."""
    # Late: whether loops are compiled only Numba knows.
    from simulation.compile import is_compiled

    points = _spread(missing)
    # The first run after an edit compiles loops for minutes, which no run has to wait for again.
    compiles = not is_compiled()
    worlds: dict[str, tuple[float, pd.DataFrame | None]] = {}
    rates, waits, n_weeks = [], [], 0
    for work in points:
        model = model_named(work.model)
        values = model.complete(work.changes)
        seconds, table = 0.0, None
        if work.has_support and (world := model.reference(values)) is not None:
            key = canonical([work.model, world, work.seed])
            if key not in worlds:
                worlds[key] = _reference(model, world, work.seed, compiles=compiles)
            seconds, table = worlds[key]
        for _ in range(1 + compiles):
            weeks, whole = _first_weeks(model, values, work.seed, table)
        rates.append(whole / (work.n_people * work.weeks))
        waits.append(seconds)
        n_weeks = max(n_weeks, weeks)
    of = points[0].name if len(points) == 1 else f"{len(points)} configurations"
    basis = f"measured over {n_weeks} weeks of {of}"
    return _Measured(float(np.mean(rates)), float(np.mean(waits)), basis)


def _spread(works: Sequence[Work]) -> list[Work]:
    """Return a few works that differ in more than their seeds, from the first to the last."""
    every = works[:: max(1, len(works) // MOST_LOOKED_AT)]
    points = list({canonical([each.model, each.changes]): each for each in every[::-1]}.values())
    places = np.linspace(0, len(points) - 1, min(MEASURED_POINTS, len(points)))
    return [points[::-1][int(place)] for place in places]


def _reference(
    model: Model, world: dict[str, Any], seed: int, *, compiles: bool
) -> tuple[float, pd.DataFrame | None]:
    """Simulate a reference world; return its seconds and what it saw of hiring."""
    if compiles:
        _first_weeks(model, world, seed)
    began = perf_counter()
    run = model.run(world, seed, people=False, tell=lambda weeks: None).run
    return perf_counter() - began, None if run is None else run.tables[MARKETS]


def _first_weeks(
    model: Model, values: dict[str, Any], seed: int, reference: pd.DataFrame | None = None
) -> tuple[int, float]:
    """Run the first weeks of a run; return how many, and the seconds the whole would take."""
    told: list[tuple[int, float]] = []
    began = perf_counter()

    def tell(weeks: int) -> None:
        told.append((weeks, perf_counter()))
        if weeks >= MEASURED_WEEKS or told[-1][1] - told[0][1] > MEASURED_SECONDS:
            raise StoppedError

    _, n_weeks = model.size(values)
    try:
        model.run(values, seed, people=False, tell=tell, reference=reference)
    except StoppedError:
        pass
    else:
        return n_weeks, perf_counter() - began
    (first, early), (last, late) = told[0], told[-1]
    a_week = (late - early) / (last - first) if last > first else early - began
    return last, early - began + a_week * (n_weeks - first)


def _folder_bytes(works: Sequence[Work], missing: Sequence[Work]) -> int | None:
    """Return the size of the folders to come, by one that is there or else by their runs' size."""
    placed = [work for work in missing if work.folder is not None]
    if not placed:
        return None
    there = next((each.folder for each in works if each.folder and each.folder.is_dir()), None)
    if there is None:
        return sum(
            FOLDER_BYTES + FOLDER_BYTES_A_WEEK * each.weeks + FOLDER_BYTES_AN_AGENT * each.n_people
            for each in placed
        )
    files = [path.stat().st_size for path in there.rglob("*") if path.is_file()]
    return len(placed) * sum(files)


def _about(seconds: float) -> str:
    text = duration(seconds)
    return text if text.startswith("under") else f"about {text}"


def _range(bounds: tuple[int, int]) -> str:
    low, high = bounds
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
