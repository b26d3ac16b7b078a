"""The core team's allocation: a linear programme over places, solved with HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from simulation.categories import Stage
from simulation.errors import SimulationError
from simulation.policies.regimes.supply import LEAST, Pairs, sums_by_zone

PLACEMENT = Stage.PLACEMENT - 1
"""Its column in tables by stage."""
SEGMENTS = 4
"""Parts of a cell's journeys, each worth less than the one before."""


@dataclass(frozen=True)
class Task:
    """What the core team can decide and what binds it.

    Attributes
    ----------
    need, uncovered : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Starts a year, in people: all, and those without a place so far.
    pairs : Pairs
        Providers by zone.
    candidates : ndarray of bool, shape (n_pairs, n_stages)
        Those that may get places.
    quality : ndarray of float64, shape (n_pairs, n_stages)
    cost : ndarray of float64, shape (n_providers, n_stages)
        Pence a place.
    load : ndarray of float64, shape (n_stages,)
        Places on a caseload that a start a year fills.
    free : ndarray of float64, shape (n_providers,)
        Clients at a time.
    money_pence : float
    jobs : ndarray of float64, shape (n_zones, n_client_groups)
        Weighted jobs expected of a start of placement.
    diminishing : float
        Part of that lost from the first to the last of a cell.
    claimant_of_zone : ndarray of int64, shape (n_zones,)
        Who wants its money back: a district, or a ward group.
    least_pence : ndarray of float64, shape (n_claimants,)
        To be spent for each of them, if it can be.
    """

    need: np.ndarray
    uncovered: np.ndarray
    pairs: Pairs
    candidates: np.ndarray
    quality: np.ndarray
    cost: np.ndarray
    load: np.ndarray
    free: np.ndarray
    money_pence: float
    jobs: np.ndarray
    diminishing: float
    claimant_of_zone: np.ndarray
    least_pence: np.ndarray


class _Rows:
    """Rows of a sparse system, gathered term by term."""

    def __init__(self) -> None:
        self.terms: list[tuple[np.ndarray, ...]] = []
        self.bounds: list[np.ndarray] = []

    def limit(self, bounds: np.ndarray) -> np.ndarray:
        """Open rows with these bounds and return their numbers."""
        first = sum(each.size for each in self.bounds)
        self.bounds.append(np.ravel(bounds).astype(np.float64))
        return first + np.arange(self.bounds[-1].size)

    def add(self, rows: np.ndarray, columns: np.ndarray, values: np.ndarray | float) -> None:
        """Add terms; the three are broadcast together."""
        self.terms.append(tuple(map(np.ravel, np.broadcast_arrays(rows, columns, values))))

    def system(self, n_columns: int) -> tuple[coo_array, np.ndarray]:
        """Return matrix and bounds."""
        rows, columns, values = (np.concatenate(each) for each in zip(*self.terms, strict=True))
        bounds = np.concatenate(self.bounds)
        shape = (bounds.size, n_columns)
        return coo_array((values, (rows, columns)), shape=shape).tocsr(), bounds


class _Columns:
    """Numbers of the variables: places by cell, awards by provider, parts of journeys, slack."""

    def __init__(self, task: Task) -> None:
        self.pair, self.stage = np.nonzero(task.candidates)
        self.zone, self.provider = task.pairs.zone[self.pair], task.pairs.provider[self.pair]
        delivered = np.zeros((task.need.shape[0], 1, task.need.shape[2]), bool)
        delivered[self.zone, 0, self.stage] = True
        self.cell = np.nonzero((task.uncovered > LEAST) & delivered)
        is_provided = delivered & (task.need > LEAST)
        self.journey = np.nonzero(is_provided.any(axis=2))
        self.binding = is_provided[self.journey]
        sizes = (
            self.cell[0].size,
            self.pair.size,
            self.journey[0].size * SEGMENTS,
            task.least_pence.size,
        )
        ends = np.cumsum(sizes)
        self.cells, self.awards, parts, self.slack = (
            np.arange(end - size, end) for end, size in zip(ends, sizes, strict=True)
        )
        self.parts = parts.reshape(self.journey[0].size, SEGMENTS)
        self.n = int(ends[-1])


def allocate(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Return the places that give most weighted jobs for the money.

    The part of a cell's journeys that is provided is the least over its stages of places, those
    there already counted, over need: a journey with a stage missing leads nowhere. A whole cell
    is worth `jobs` for each start of placement it needs, its parts less and less in `SEGMENTS`
    steps. A place at a provider of quality q adds (q - 1) of the jobs that whole journeys in its
    zone give for the mean cost of such a place. Stages that nobody delivers in a zone do not
    bind. What a claimant gets short of `least_pence` costs more than any job is worth.

    Returns
    -------
    ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Starts a year, in people.
    ndarray of float64, shape (n_pairs, n_stages)
        Parts of those by provider, of each group alike.

    Raises
    ------
    SimulationError
        When the solver finds no optimum.
    """
    columns = _Columns(task)
    if not columns.cells.size or task.money_pence < 1.0:
        return np.zeros(task.need.shape), np.zeros(task.candidates.shape)
    matrix, bounds = _limits(task, columns)
    equal, zero = _balance(task, columns)
    upper = np.full(columns.n, np.inf)
    upper[columns.cells] = task.uncovered[columns.cell]
    upper[columns.parts] = 1.0 / SEGMENTS
    limits = {"A_ub": matrix, "b_ub": bounds, "A_eq": equal, "b_eq": zero}
    box = np.column_stack([np.zeros(columns.n), upper])
    solved = linprog(-_worth(task, columns), **limits, bounds=box, method="highs")
    if not solved.success:
        raise SimulationError(f"the pool's allocation has no optimum: {solved.message}")
    return _places(task, columns, np.maximum(solved.x, 0.0))


def _worth(task: Task, columns: _Columns) -> np.ndarray:
    """Weighted jobs of one unit of each variable."""
    worth = np.zeros(columns.n)
    zones, groups = columns.journey
    whole = task.need[zones, groups, PLACEMENT] * task.jobs[zones, groups]
    middles = (np.arange(SEGMENTS) + 0.5) / SEGMENTS
    worth[columns.parts] = whole[:, None] * (1.0 - task.diminishing * middles)
    bonus = _jobs_for_mean_cost(task, columns)[columns.zone, columns.stage]
    worth[columns.awards] = (task.quality[columns.pair, columns.stage] - 1.0) * bonus
    cheapest = task.cost[task.cost > 0].min(initial=np.inf)
    dearest = max(float(whole.sum()), float(task.jobs.max())) * 10.0
    worth[columns.slack] = -dearest / min(cheapest, task.money_pence)
    return worth


def _jobs_for_mean_cost(task: Task, columns: _Columns) -> np.ndarray:
    """Jobs that whole journeys give for what a place costs on average, by zone and stage."""
    n_candidates, total = np.zeros((2, task.need.shape[0], task.need.shape[2]))
    np.add.at(n_candidates, (columns.zone, columns.stage), 1.0)
    cost = task.cost[columns.provider, columns.stage]
    np.add.at(total, (columns.zone, columns.stage), cost)
    mean = np.divide(total, n_candidates, out=np.zeros_like(total), where=n_candidates > 0)
    jobs = (task.need[:, :, PLACEMENT] * task.jobs).sum(axis=1)
    whole = (task.need.sum(axis=1) * mean).sum(axis=1)
    ratio = np.divide(jobs, whole, out=np.zeros_like(jobs), where=whole > 0)
    return mean * ratio[:, None]


def _limits(task: Task, columns: _Columns) -> tuple[coo_array, np.ndarray]:
    """Limits: chain of stages, money, caseloads, fair shares."""
    rows = _Rows()
    zones, groups = columns.journey
    covered = (task.need - task.uncovered)[zones, groups]
    line, stage = np.nonzero(columns.binding)
    chain = rows.limit(covered[line, stage])
    need = task.need[zones[line], groups[line], stage]
    rows.add(chain[:, None], columns.parts[line], need[:, None])
    row_of_cell = np.zeros(task.need.shape, np.int64)
    row_of_cell[zones[line], groups[line], stage] = chain
    rows.add(row_of_cell[columns.cell], columns.cells, -1.0)
    cost = task.cost[columns.provider, columns.stage]
    rows.add(rows.limit(np.array([task.money_pence])), columns.awards, cost)
    caseload = rows.limit(task.free)
    rows.add(caseload[columns.provider], columns.awards, task.load[columns.stage])
    fair = rows.limit(-task.least_pence)
    rows.add(fair[task.claimant_of_zone[columns.zone]], columns.awards, -cost)
    rows.add(fair, columns.slack, -1.0)
    return rows.system(columns.n)


def _balance(task: Task, columns: _Columns) -> tuple[coo_array, np.ndarray]:
    """Awards to providers add up to the places of a zone and stage."""
    rows = _Rows()
    n_zones, _, n_stages = task.need.shape
    balance = rows.limit(np.zeros(n_zones * n_stages)).reshape(n_zones, n_stages)
    zone, _, stage = columns.cell
    rows.add(balance[zone, stage], columns.cells, 1.0)
    rows.add(balance[columns.zone, columns.stage], columns.awards, -1.0)
    return rows.system(columns.n)


def _places(task: Task, columns: _Columns, solution: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places by cell, and the parts of them by provider."""
    places = np.zeros(task.need.shape)
    places[columns.cell] = solution[columns.cells]
    awards = np.zeros(task.candidates.shape)
    awards[columns.pair, columns.stage] = solution[columns.awards]
    total = sums_by_zone(awards, task.pairs.zone)[task.pairs.zone]
    return places, np.divide(awards, total, out=np.zeros_like(awards), where=total > LEAST)
