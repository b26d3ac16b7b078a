"""Flows that keep given stocks as they are, as near as can be to flows from elsewhere.

The six hazards of a country cannot hold in a weak region: at its stocks more would come into work
than leave it. The nearest that can, h_ij exp(l_j - l_i), makes a state more or less attractive and
changes nothing else. The l are those at which the convex sum of all flows and of `ageing` times l
is least (matrix balancing), so there is one such set, or none.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize


def stationary_hazards(
    hazards: np.ndarray, stocks: np.ndarray, ageing: np.ndarray | None = None
) -> np.ndarray:
    """Return hazards h_ij exp(l_j - l_i) under which no stock changes.

    Parameters
    ----------
    hazards : ndarray of float64, shape (n, n)
        Chance of moving from row to column in a period; the diagonal is passed over.
    stocks : ndarray of float64, shape (n,)
        In any unit.
    ageing : ndarray of float64, shape (n,), optional
        What each stock gains in a period by people who grow into or out of the working age, in the
        unit of `stocks`; adds up to nought.

    Returns
    -------
    ndarray of float64, shape (n, n)
        Nought on the diagonal.
    """
    flows = np.asarray(stocks, dtype=np.float64)[:, None] * hazards
    np.fill_diagonal(flows, 0.0)
    scale = flows.sum()
    flows, gain = flows / scale, np.zeros(len(stocks)) if ageing is None else ageing / scale

    def moved(pull: np.ndarray) -> np.ndarray:
        return flows * np.exp(pull[None, :] - pull[:, None])

    def total(pull: np.ndarray) -> tuple[float, np.ndarray]:
        now = moved(pull)
        return now.sum() + gain @ pull, now.sum(axis=0) - now.sum(axis=1) + gain

    found = minimize(total, np.zeros(len(stocks)), jac=True, method="BFGS", options={"gtol": 1e-10})
    return moved(found.x) * scale / np.asarray(stocks)[:, None]
