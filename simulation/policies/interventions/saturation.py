"""Whom a trial offers a place: a share of the people of each ward, the rest being its controls.

The design is that of two levels, or randomised saturation: shares are dealt to wards by lot, and in
each ward people are drawn by its share (Crepon et al. 2013, Quarterly Journal of Economics 128).
"""

from __future__ import annotations

import numpy as np

from simulation.streams import Stream, uniforms

OF_WARDS = 2**32 - 1
"""Stands for the week in the draws of wards, which no run reaches."""
WORD = 3
"""Of the draws of week 0; the other words are the place's own."""


def ward_saturations(
    saturations: tuple[float, ...], n_wards: int, *, seed: int, number: int
) -> np.ndarray:
    """Return the share of each ward: wards in the order of a draw are dealt the shares in turn.

    Parameters
    ----------
    saturations : tuple of float
        At least one.
    n_wards : int
    seed : int
    number : int
        The intervention's own.

    Returns
    -------
    ndarray of float64, shape (n_wards,)
    """
    wards = np.arange(n_wards)
    lots = uniforms(seed, Stream.INTERVENTIONS, wards, week=OF_WARDS, pair=number)[:, 0]
    share = np.empty(n_wards)
    share[np.argsort(lots, kind="stable")] = np.resize(saturations, n_wards)
    return share


def is_offered(share: np.ndarray, people: np.ndarray, *, seed: int, number: int) -> np.ndarray:
    """Return who is offered a place, bool (n,), by the share of each one's ward, for good."""
    return uniforms(seed, Stream.INTERVENTIONS, people, pair=number)[:, WORD] < share
