"""Who can work where: chances of the work ward by home ward, places without a chance left out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from simulation.compile import kernel
from simulation.inputs.area import Area
from simulation.inputs.geography import OWN_WARD_KM, distances_km, gravity_commuting

GUIDE = 256
"""Equal parts of a uniform whose first pair is kept, a power of two: multiplying is exact."""


class Commuting(NamedTuple):
    """The k pairs of a home ward and a work ward with a chance, home by home (a sparse table)."""

    start: np.ndarray
    """int64 (n_wards + 1,), first pair of each home ward."""
    work: np.ndarray
    """int32 (k,), work ward."""
    chance: np.ndarray
    """float64 (k,), cumulative within a home ward; the last is exactly one."""
    chance_short: np.ndarray
    """The same for people whom transport holds back."""
    guide: np.ndarray
    """int32 (n_wards, 256), the first pair that a uniform in each part of (0, 1) can lead to.

    Looking on from there takes a step or two, whatever the pairs, and ends where a search of them
    all does (a guide table: Chen and Asau 1974, AIIE Transactions 6, 163-166).
    """
    guide_short: np.ndarray
    """The same for people whom transport holds back."""


def commuting_of(area: Area, mean_commute_km: float) -> Commuting:
    """Return the commuting of an area, by gravity where it has no table of it.

    People whom transport holds back weigh each place by exp(-2 distance / mean distance) more,
    which halves the mean of an exponential decay.

    Parameters
    ----------
    area : Area
    mean_commute_km : float
        Of commuting by gravity, above zero.

    Raises
    ------
    InputError
        If the distance is not positive or there are no jobs.
    """
    chances, positions = area.commuting, area.positions_km
    if chances is None:
        jobs = area.jobs.sum(axis=(1, 2))
        chances = gravity_commuting(positions, jobs, mean_commute_km=mean_commute_km)
    chance, short = np.empty(chances.chance.size), np.empty(chances.chance.size)
    for home in range(area.n_wards):
        work, own = chances.of(home)
        distance = distances_km(positions, home, work)
        # Summed over all wards in their order: another order would round otherwise.
        mean = np.zeros(area.n_wards)
        mean[work] = own * distance
        pairs = slice(chances.start[home], chances.start[home + 1])
        chance[pairs] = cumulated(own)
        short[pairs] = cumulated(own * np.exp(-2.0 * distance / mean.sum()))
    guides = [guide_to(chances.start, each) for each in (chance, short)]
    return Commuting(chances.start, chances.work, chance, short, *guides)


def cumulated(chances: ArrayLike) -> np.ndarray:
    """Return running totals along the last axis that end in exactly one."""
    totals = np.cumsum(np.asarray(chances, dtype=np.float64), axis=-1)
    return totals / totals[..., -1:]


def guide_to(start: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return the `guide` to cumulative chances that begin anew at each `start`."""
    guide = np.empty((start.size - 1, GUIDE), np.int32)
    parts = np.arange(GUIDE) / GUIDE
    for home, (first, last) in enumerate(zip(start[:-1], start[1:], strict=True)):
        guide[home] = first + np.searchsorted(chance[first:last], parts, "right")
    return guide


@kernel(each=True)
def work_ward(commuting: Commuting, is_short: bool, home: int, uniform: float) -> int:
    """Return the work ward a uniform in (0, 1) leads to, for who travels less far or not."""
    chance = commuting.chance_short if is_short else commuting.chance
    guide = commuting.guide_short if is_short else commuting.guide
    pair = guide[home, int(uniform * GUIDE)]
    while chance[pair] <= uniform:
        pair += 1
    return commuting.work[pair]


def chances_from(commuting: Commuting, home: int) -> np.ndarray:
    """Return the chance to commute from a ward to each, whatever the transport; float64 (n,)."""
    pairs = slice(commuting.start[home], commuting.start[home + 1])
    chances = np.zeros(commuting.start.size - 1)
    chances[commuting.work[pairs]] = np.diff(commuting.chance[pairs], prepend=0.0)
    return chances


@kernel(each=True)
def distance_between(positions_km: np.ndarray, home: int, work: int) -> float:
    """Return the kilometres between two wards, as `geography.distances_km` gives them."""
    if home == work:
        return OWN_WARD_KM
    east = positions_km[home, 0] - positions_km[work, 0]
    return math.hypot(east, positions_km[home, 1] - positions_km[work, 1])


@kernel
def mean_in_reach(commuting: Commuting, values: np.ndarray) -> np.ndarray:
    """Return the mean over each home ward's work wards of values by work ward, float64."""
    means = np.zeros(values.size)
    for home in range(values.size):
        before = 0.0
        for pair in range(commuting.start[home], commuting.start[home + 1]):
            means[home] += (commuting.chance[pair] - before) * values[commuting.work[pair]]
            before = commuting.chance[pair]
    return means
