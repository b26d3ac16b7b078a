"""Circles that stand for wards: sized by residents, near their place, none over another.

The method is Dorling's (Area Cartograms: Their Use and Creation, 1996): circles push each other
apart and are drawn back towards where they belong, until none overlap.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from simulation.errors import InputError

COVER = 0.35
"""Share of the box around the area that the circles fill together before they are moved."""


def circle_radii(positions_km: ArrayLike, residents: ArrayLike) -> NDArray[np.float64]:
    """Radii whose areas are in proportion to residents and fill part of the map.

    Parameters
    ----------
    positions_km : array_like, shape (n, 2)
        East and north of the ward centres, kilometres.
    residents : array_like, shape (n,)
        People, above zero.

    Returns
    -------
    float64 array, shape (n,)
        Kilometres.

    Raises
    ------
    InputError
        When shapes differ, a position is not finite or residents are not above zero.
    """
    places = np.asarray(positions_km, dtype=np.float64)
    people = np.asarray(residents, dtype=np.float64)
    if places.shape != (len(people), 2):
        raise InputError(f"positions_km must have shape ({len(people)}, 2), got {places.shape}")
    if not np.isfinite(places).all() or not (people > 0).all():
        raise InputError("a cartogram needs a finite position and residents > 0 for every ward")
    spans = np.ptp(places, axis=0)
    box = max(spans[0], 0.3 * spans[1], 1.0) * max(spans[1], 0.3 * spans[0], 1.0)
    return np.sqrt(COVER * box * people / people.sum() / np.pi)


def relax_circles(
    positions_km: ArrayLike, radii: ArrayLike, *, gap: float = 0.06, n_rounds: int = 1500
) -> NDArray[np.float64]:
    """Move circles apart until none overlap, staying near their places.

    Parameters
    ----------
    positions_km : array_like, shape (n, 2)
        Kilometres.
    radii : array_like, shape (n,)
        Kilometres, as `circle_radii` gives them.
    gap : float
        Least free space between two circles, as a share of the mean radius.
    n_rounds : int
        The pull towards home fades to nothing over the first half; the second half only
        separates and stops when no two overlap.

    Returns
    -------
    float64 array, shape (n, 2)
        Centres, kilometres; the same input gives the same output.
    """
    home = np.asarray(positions_km, dtype=np.float64)
    sizes = np.asarray(radii, dtype=np.float64)
    return _relaxed(home.tobytes(), sizes.tobytes(), gap, n_rounds).copy()


@lru_cache(maxsize=8)
def _relaxed(places: bytes, radii: bytes, gap: float, n_rounds: int) -> NDArray[np.float64]:
    """Work out `relax_circles` once an area, however many maps are drawn of it."""
    home, sizes = np.frombuffer(places).reshape(-1, 2), np.frombuffer(radii)
    space = gap * sizes.mean()
    number = np.arange(len(home))
    # Two wards at one place need some direction to part in: a golden-angle spiral gives each one.
    angle = number * np.pi * (3.0 - np.sqrt(5.0))
    centres = home + 1e-6 * sizes.mean() * np.column_stack([np.cos(angle), np.sin(angle)])
    for step in range(n_rounds):
        pull = 0.08 * max(0.0, 1.0 - 2.0 * step / n_rounds)
        one, other = _near(centres, 2.0 * sizes.max() + space)
        offset = centres[one] - centres[other]
        distance = np.hypot(offset[:, 0], offset[:, 1])
        overlap = np.maximum(sizes[one] + sizes[other] + space - distance, 0.0)
        if pull == 0.0 and overlap.max(initial=0.0) < 0.5 * space:
            break
        # The smaller of two circles gives way more.
        share = sizes[other] ** 2 / (sizes[one] ** 2 + sizes[other] ** 2)
        push = 0.5 * (overlap * share / distance)[:, None] * offset
        pushed = [np.bincount(one, axis, minlength=len(home)) for axis in push.T]
        centres = centres + np.column_stack(pushed) + pull * (home - centres)
    return centres


def _near(centres: NDArray[np.float64], reach: float) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Return all pairs within reach, each both ways, in one order on every machine."""
    pairs = cKDTree(centres).query_pairs(reach, output_type="ndarray")
    both = np.concatenate([pairs, pairs[:, ::-1]])
    one, other = both[np.lexsort(both.T[::-1])].T
    return one, other
