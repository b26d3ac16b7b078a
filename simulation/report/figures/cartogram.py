"""Circles that stand for wards: sized by residents, near their place, none over another.

The method is Dorling's (Area Cartograms: Their Use and Creation, 1996): circles push each other
apart and are drawn back towards where they belong, until none overlap.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    number = np.arange(len(home))
    # Two wards at one place need some direction to part in: a golden-angle spiral gives each one.
    angle = number * np.pi * (3.0 - np.sqrt(5.0))
    nudge = 1e-6 * sizes.mean() * np.column_stack([np.cos(angle), np.sin(angle)])
    centres = home + nudge
    wanted = sizes[:, None] + sizes[None, :] + gap * sizes.mean()
    np.fill_diagonal(wanted, 0.0)
    for step in range(n_rounds):
        pull = 0.08 * max(0.0, 1.0 - 2.0 * step / n_rounds)
        offset = centres[:, None] - centres[None]
        distance = np.hypot(offset[..., 0], offset[..., 1])
        np.fill_diagonal(distance, 1.0)
        overlap = np.maximum(wanted - distance, 0.0)
        if pull == 0.0 and overlap.max() < 0.5 * gap * sizes.mean():
            break
        # The smaller of two circles gives way more.
        share = sizes[None] ** 2 / (sizes[:, None] ** 2 + sizes[None] ** 2)
        push = 0.5 * (overlap * share / distance)[..., None] * offset
        centres = centres + push.sum(axis=1) + pull * (home - centres)
    return centres
