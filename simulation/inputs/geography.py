"""Where wards lie and who commutes where: projection, distances, gravity."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.errors import InputError

EARTH_RADIUS_M = 6_371_008.8
OWN_WARD_KM = 1.0
"""Distance travelled within one's own ward; urban wards are two to three kilometres across."""
FARTHEST_MEANS = 20.0
"""Beyond so many mean commutes nobody works: the weight, exp(-40), is below rounding."""


class Chances(NamedTuple):
    """Who can work where, sparse: k pairs of a home ward and a work ward, home by home."""

    start: np.ndarray
    """int64 (n_wards + 1,), first pair of each home ward."""
    work: np.ndarray
    """int32 (k,), work ward, rising within a home ward."""
    chance: np.ndarray
    """float64 (k,), above 0; those of a home ward sum to one."""

    def of(self, home: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the work wards of a home ward and their chances."""
        pairs = slice(self.start[home], self.start[home + 1])
        return self.work[pairs], self.chance[pairs]


def chances_of_flows(
    home: np.ndarray, work: np.ndarray, people: np.ndarray, *, n_wards: int
) -> Chances:
    """Return the chances of each work ward; a ward nobody leaves works at home.

    Parameters
    ----------
    home, work : ndarray of int, shape (k,)
        Rows of wards; no pair twice.
    people : ndarray, shape (k,)
        At least 0; pairs without people are left out.
    n_wards : int
    """
    leaving = np.bincount(home, people, minlength=n_wards)
    idle, going = np.flatnonzero(leaving == 0), people > 0
    leaving[idle] = 1.0
    home, work = np.append(home[going], idle), np.append(work[going], idle)
    chance = np.append(people[going], np.ones(idle.size)) / leaving[home]
    order = np.lexsort((work, home))
    start = np.append(0, np.cumsum(np.bincount(home, minlength=n_wards)))
    return Chances(start, work[order].astype(np.int32), chance[order])


def project_to_metres(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Project degrees to metres east and north of the middle of the points (equirectangular).

    Over a city region of 50 km from north to south the error is under one per cent of a distance.

    Parameters
    ----------
    longitude, latitude : ndarray of float64, shape (n,)
        Degrees, WGS84.

    Returns
    -------
    tuple of ndarray of float64, shape (n,)
        Easting and northing in metres; zero at the mean longitude and latitude.
    """
    longitude, latitude = np.asarray(longitude, float), np.asarray(latitude, float)
    middle = np.radians(latitude.mean())
    easting = EARTH_RADIUS_M * np.cos(middle) * np.radians(longitude - longitude.mean())
    northing = EARTH_RADIUS_M * np.radians(latitude - latitude.mean())
    return easting, northing


def distances_km(positions_km: np.ndarray, home: int, to: np.ndarray) -> np.ndarray:
    """Return the straight-line distance from one ward to others.

    Parameters
    ----------
    positions_km : ndarray of float64, shape (n, 2)
        Kilometres east and north.
    home : int
        Row of the ward.
    to : ndarray of int, shape (k,)
        Rows of the others, perhaps itself.

    Returns
    -------
    ndarray of float64, shape (k,)
        Kilometres; `OWN_WARD_KM` to the ward itself.
    """
    east, north = (positions_km[home] - positions_km[to]).T
    return np.where(to == home, OWN_WARD_KM, np.hypot(east, north))


def gravity_commuting(
    positions_km: np.ndarray, jobs_per_ward: np.ndarray, *, mean_commute_km: float
) -> Chances:
    """Return the chance of working in each ward given the ward lived in, by gravity.

    The weight of a workplace ward is its jobs times `exp(-distance / scale)` with
    `scale = mean_commute_km / 2`: over an even plain of jobs, distances then follow a gamma
    distribution with shape 2 whose mean is `mean_commute_km`. Workplaces that are `FARTHEST_MEANS`
    mean commutes farther than the nearest have no chance.

    Parameters
    ----------
    positions_km : ndarray of float64, shape (n, 2)
        Kilometres east and north.
    jobs_per_ward : ndarray, shape (n,)
        Jobs in each ward, at least one in all.
    mean_commute_km : float
        Mean distance to work in kilometres, above zero.

    Returns
    -------
    Chances

    Raises
    ------
    InputError
        If the distance is not positive or there are no jobs.
    """
    if not mean_commute_km > 0:
        raise InputError(
            f"mean_commute_km must be > 0, got {mean_commute_km}; set area.mean_commute_km"
        )
    jobs = np.asarray(jobs_per_ward, float)
    if not jobs.sum() > 0:
        raise InputError("gravity_commuting needs jobs in at least one ward; jobs.csv has none")
    rows = [
        _gravity_of_ward(positions_km, jobs, home, mean_commute_km) for home in range(jobs.size)
    ]
    work, chance = (np.concatenate(column) for column in zip(*rows, strict=True))
    start = np.cumsum([0, *(places.size for places, _ in rows)])
    return Chances(start, work, chance)


def _gravity_of_ward(
    positions_km: np.ndarray, jobs: np.ndarray, home: int, mean_commute_km: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the work wards of one home ward and their chances, by gravity."""
    exponent = -2.0 * distances_km(positions_km, home, np.arange(jobs.size)) / mean_commute_km
    reachable = np.where(jobs > 0, exponent, -np.inf)
    # Relative to the nearest workplace, so that a remote ward does not underflow to 0 / 0.
    relative = reachable - reachable.max()
    weight = np.where(relative < -2.0 * FARTHEST_MEANS, 0.0, jobs * np.exp(relative))
    places = np.flatnonzero(weight)
    return places.astype(np.int32), weight[places] / weight.sum()
