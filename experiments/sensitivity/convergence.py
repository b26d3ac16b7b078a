"""Whether indices have settled: the same indices from smaller designs within the design."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.sensitivity.method import Method
from experiments.sensitivity.problem import Problem


def convergence(
    method: Method,
    problem: Problem,
    unit: np.ndarray,
    Y: np.ndarray,
    *,
    samples: int,
    seed: int,
    level: float = 0.95,
) -> pd.DataFrame:
    """Analyse one outcome at every size of design that the design contains.

    Parameters
    ----------
    method : Method
    problem : Problem
    unit : ndarray of float64 (n_points, n_factors)
    Y : ndarray of float64 (n_points, n_seeds)
    samples : int
        Size of the whole design.
    seed : int
        Of the resamples.
    level : float, optional
        Of confidence.

    Returns
    -------
    pandas.DataFrame
        The tables of `analyse` below each other, smallest design first; `samples` tells them
        apart. Only the whole design for a method whose designs are not nested (efast).
    """
    found = []
    for size in method.prefixes(samples):
        points, outcomes = method.prefix(problem, unit, Y, size)
        found.append(
            method.analyse(problem, points, outcomes, samples=size, seed=seed, level=level)
        )
    return pd.concat(found, ignore_index=True)


def settled(found: pd.DataFrame) -> pd.DataFrame:
    """Say of each index whether the last doubling of the design left it where it was.

    Parameters
    ----------
    found : pandas.DataFrame
        From `convergence`, of one outcome.

    Returns
    -------
    pandas.DataFrame
        index, factor, other, change (of the value, from the last design but one to the last),
        settled (whether the last interval holds the value of the last but one); change is NaN
        and settled False with a single design.
    """
    sizes = sorted(found["samples"].unique())
    keys = ["index", "factor", "other"]
    last = found[found["samples"] == sizes[-1]].set_index(keys)
    if len(sizes) == 1:
        return last.assign(change=np.nan, settled=False)[["change", "settled"]].reset_index()
    before = found[found["samples"] == sizes[-2]].set_index(keys)["value"].reindex(last.index)
    within = (last["low"] <= before) & (before <= last["high"])
    return pd.DataFrame({"change": last["value"] - before, "settled": within}).reset_index()
