"""Indices of a model too slow for them, by an emulator that has learnt some of its points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.sensitivity.noise import unusable
from experiments.sensitivity.problem import INDEX_COLUMNS
from experiments.studies.factors import Factor
from experiments.studies.preparation import Study
from simulation.report.pen import unit_of_difference

PREDICTION_COLUMNS = ("outcome", "unit", "point", "seen", "predicted")
MOST_SIZES = 3
"""Numbers of points whose indices are compared, halved each time."""


def emulate(study: Study, outcomes: Mapping[str, NDArray[np.float64]]) -> dict[str, pd.DataFrame]:
    """Learn each outcome and return Sobol indices of what was learnt.

    Parameters
    ----------
    study : Study
        Of a design that fills the range of all factors.
    outcomes : mapping of str to ndarray of float64 (n_points, n_seeds)

    Returns
    -------
    dict of str to DataFrame
        indices, from all points; convergence, from halves and quarters of them too, `samples` being
        the number of points; predictions: each point's mean and what was predicted of it by an
        emulator that had not seen it.
    """
    # Late: scikit-learn is slow to import, and only emulators need it.
    from experiments.studies.emulator import emulated_indices, fit_emulator

    settings, units = study.settings, study.model.units()
    found: list[pd.DataFrame] = []
    predicted: list[pd.DataFrame] = []
    for name, Y in outcomes.items():
        of_outcome = {"outcome": name, "unit": units[name]}
        for n_points in sizes(len(Y)):
            if n_points < len(Y) and unusable(Y[:n_points]):
                continue
            emulator = fit_emulator(
                study.design.unit[:n_points],
                Y[:n_points],
                kind=settings.emulator,
                choices=n_choices(study.factors),
                seed=settings.design_seed,
            )
            indices = emulated_indices(
                emulator,
                study.problem,
                samples=settings.emulator_samples,
                seed=settings.design_seed,
            )
            found.append(with_units(indices, name, units[name]).assign(samples=n_points))
        predicted.append(emulator.predictions.assign(**of_outcome))
    if not found:
        empty = pd.DataFrame(columns=list(INDEX_COLUMNS))
        none = pd.DataFrame(columns=list(PREDICTION_COLUMNS))
        return {"indices": empty, "convergence": empty, "predictions": none}
    whole = pd.concat(found, ignore_index=True)[list(INDEX_COLUMNS)]
    last = whole["samples"] == len(study.design.points)
    return {
        "indices": whole[last].reset_index(drop=True),
        "convergence": whole,
        "predictions": pd.concat(predicted, ignore_index=True)[list(PREDICTION_COLUMNS)],
    }


def with_units(indices: pd.DataFrame, outcome: str, unit: str) -> pd.DataFrame:
    """Return indices with outcome and unit: that of a difference of it, or a share of variance."""
    kinds = dict.fromkeys(("mu", "mu_star", "sigma"), unit_of_difference(unit))
    kinds |= dict.fromkeys(("S1", "ST", "S2"), "share of variance")
    return indices.assign(outcome=outcome, unit=indices["index"].map(kinds).fillna("-"))


def n_choices(factors: Sequence[Factor]) -> list[int]:
    """Return how many values without an order each factor has, 0 for numbers."""
    return [len(factor.choices) if factor.is_categorical else 0 for factor in factors]


def sizes(n_points: int) -> list[int]:
    """Return numbers of points to learn from, each half the next, none too few to learn from."""
    from experiments.studies.emulator import LEAST_POINTS

    halves = [n_points >> power for power in range(MOST_SIZES)]
    return [size for size in halves[::-1] if size >= LEAST_POINTS or size == n_points]
