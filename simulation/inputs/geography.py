"""Where wards lie and who commutes where: projection, distances, gravity."""

from __future__ import annotations

import numpy as np

from simulation.errors import InputError

EARTH_RADIUS_M = 6_371_008.8
OWN_WARD_KM = 1.0
"""Distance travelled within one's own ward; urban wards are two to three kilometres across."""


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


def distances_km(positions_km: np.ndarray) -> np.ndarray:
    """Return the straight-line distance between every two wards.

    Parameters
    ----------
    positions_km : ndarray of float64, shape (n, 2)
        Kilometres east and north.

    Returns
    -------
    ndarray of float64, shape (n, n)
        Kilometres; `OWN_WARD_KM` on the diagonal.
    """
    difference = positions_km[:, None, :] - positions_km[None, :, :]
    distances = np.hypot(difference[..., 0], difference[..., 1])
    np.fill_diagonal(distances, OWN_WARD_KM)
    return distances


def gravity_commuting(
    positions_km: np.ndarray, jobs_per_ward: np.ndarray, *, mean_commute_km: float
) -> np.ndarray:
    """Return the chance of working in each ward given the ward lived in, by gravity.

    The weight of a workplace ward is its jobs times `exp(-distance / scale)` with
    `scale = mean_commute_km / 2`: over an even plain of jobs, distances then follow a gamma
    distribution with shape 2 whose mean is `mean_commute_km`.

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
    ndarray of float64, shape (n, n)
        Row i sums to one.

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
    exponent = -2.0 * distances_km(positions_km) / mean_commute_km
    reachable = np.where(jobs > 0, exponent, -np.inf)
    # Relative to the nearest workplace, so that a remote ward does not underflow to 0 / 0.
    weight = jobs * np.exp(reachable - reachable.max(axis=1, keepdims=True))
    return weight / weight.sum(axis=1, keepdims=True)
