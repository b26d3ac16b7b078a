"""Emulators: a cheap stand-in for the model, tested on points it has not seen.

Heavy to import (scikit-learn), so import late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from experiments.sensitivity.noise import centred, joined, noise_share, unusable
from experiments.sensitivity.problem import Problem
from experiments.sensitivity.sobol import Parts, Sobol
from experiments.studies.emulator_fits import FITS, Predict, features, noise_at_points
from simulation.errors import InputError

KINDS = tuple(FITS)
FOLDS = 5
LEAST_POINTS = 20
MOST_POINTS = 4000
AT_ONCE = 4096
REFUSED, DOUBTFUL = 0.5, 0.8


@dataclass(frozen=True)
class Emulator:
    """A fitted stand-in for one outcome, with what it gets wrong.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    n_seeds : int
        Replicates of each point it was fitted to.
    q2 : float
        Share of the variance of means over seeds explained at points left out of the fit; chance
        in those means counts against it.
    rmse : float
        Root mean squared error at points left out, in the unit of the outcome.
    noise_share : float
        Of the variance of means over seeds; NaN with one seed.
    predictions : pandas.DataFrame
        point, seen, predicted: each point by the fit that left it out.
    """

    kind: str
    n_seeds: int
    q2: float
    rmse: float
    noise_share: float
    predictions: pd.DataFrame
    whole: Predict
    refits: tuple[Predict, ...]

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Give the expected outcome at points of the unit cube, float64 (n_points,)."""
        return _in_parts(self.whole, unit)

    @property
    def flag(self) -> str:
        """Say whether it may be used: empty if it explains enough."""
        if self.q2 < REFUSED:
            return f"emulator refused: explains {self.q2:.2f} of unseen points, needs {REFUSED}"
        return f"emulator explains only {self.q2:.2f} of unseen points" * (self.q2 < DOUBTFUL)


def fit_emulator(
    unit: np.ndarray,
    Y: np.ndarray,
    *,
    kind: str,
    choices: Sequence[int] | None = None,
    blocks: np.ndarray | None = None,
    seed: int = 1,
) -> Emulator:
    """Fit a stand-in for one outcome and test it by leaving out each fold of points in turn.

    Parameters
    ----------
    unit : ndarray of float64 (n_points, n_factors)
        From 0 to 1.
    Y : ndarray of float64 (n_points, n_seeds)
        With a Gaussian process, the replicate variance is the noise it is told of; with one seed
        it estimates the noise itself.
    kind : str
        One of `KINDS`.
    choices : sequence of int, optional
        Number of choices of each factor, 0 for a number; choices have no order.
    blocks : ndarray of int (n_points,), optional
        Points to leave out together: base rows or trajectories, whose points differ in one
        factor only and would tell on each other.
    seed : int, optional

    Returns
    -------
    Emulator

    Raises
    ------
    InputError
        Unknown kind, too few or too many points, missing or constant outcomes.
    """
    Y = np.asarray(Y, dtype=np.float64)
    Y = Y[:, None] if Y.ndim == 1 else Y
    _check(kind, unit, Y)
    seen, noise = Y.mean(axis=1), noise_at_points(Y)
    points = features(unit, choices)
    fit = FITS[kind]
    labels = np.arange(len(unit)) if blocks is None else np.asarray(blocks)
    rng = np.random.default_rng([seed, 3])
    # Labels drawn anew: folds must not follow the order of the design.
    shuffled = rng.permutation(labels.max() + 1)[labels]
    folds = GroupKFold(min(FOLDS, len(np.unique(labels))))
    predicted, refits = np.empty_like(seen), []
    # One thread: fits are small, and threads that wait for each other take many times as long.
    with threadpool_limits(1):
        for kept, left in folds.split(points, groups=shuffled):
            refit = fit(points[kept], seen[kept], None if noise is None else noise[kept], seed)
            predicted[left] = _in_parts(refit, points[left])
            refits.append(_on_unit(refit, choices))
        whole = fit(points, seen, noise, seed)
    error = seen - predicted
    return Emulator(
        kind=kind,
        n_seeds=Y.shape[1],
        q2=float(1 - (error**2).sum() / ((seen - seen.mean()) ** 2).sum()),
        rmse=float(np.sqrt((error**2).mean())),
        noise_share=float(noise_share(Y)["noise_share"]),
        predictions=pd.DataFrame(
            {"point": np.arange(len(seen)), "seen": seen, "predicted": predicted}
        ),
        whole=_on_unit(whole, choices),
        refits=tuple(refits),
    )


def _check(kind: str, unit: np.ndarray, Y: np.ndarray) -> None:
    """Refuse what cannot be fitted, every problem at once."""
    problems = []
    if kind not in KINDS:
        problems.append(f"emulator must be one of {', '.join(KINDS)}, got {kind!r}")
    if len(unit) != len(Y):
        problems.append(f"{len(unit)} points need outcomes of as many, got {len(Y)}")
    if len(unit) < LEAST_POINTS:
        problems.append(f"an emulator needs at least {LEAST_POINTS} points, got {len(unit)}")
    if kind == "gaussian_process" and len(unit) > MOST_POINTS:
        problems.append(
            f"a Gaussian process takes at most {MOST_POINTS} points, got {len(unit)}: "
            "set emulator=boosted_trees"
        )
    if trouble := unusable(Y):
        problems.append(f"an emulator needs an outcome at every point: {trouble}")
    if problems:
        raise InputError(problems)


def _on_unit(predict: Predict, choices: Sequence[int] | None) -> Predict:
    """Let a fit on features be asked for points of the unit cube."""
    return lambda unit: predict(features(unit, choices))


def _in_parts(predict: Predict, points: np.ndarray) -> np.ndarray:
    """Predict some thousands of points at a time: a process needs memory for each pair."""
    with threadpool_limits(1):
        return np.concatenate(
            [predict(points[start : start + AT_ONCE]) for start in range(0, len(points), AT_ONCE)]
        )


def emulated_indices(
    emulator: Emulator, problem: Problem, *, samples: int, seed: int, level: float = 0.95
) -> pd.DataFrame:
    """Give Sobol indices of the emulator, with the uncertainty of having fitted it.

    Parameters
    ----------
    emulator : Emulator
    problem : Problem
    samples : int
        Base rows of Saltelli's design, a power of two; runs of the emulator cost next to nothing.
    seed : int
    level : float, optional
        Of confidence.

    Returns
    -------
    pandas.DataFrame
        As `Method.analyse` gives it, with emulator_error = 1 - q2: the share of variance that no
        index accounts for, by which any of them may be off. Intervals join that of the design
        and the jackknife over folds. No figures from an emulator that explains too little.
    """
    method = Sobol()
    unit = method.sample(problem, samples, seed=seed)
    found = method.analyse(
        problem,
        unit,
        np.repeat(emulator.predict(unit)[:, None], 2, axis=1),
        samples=samples,
        seed=seed,
        level=level,
    )
    found = found.assign(n_seeds=emulator.n_seeds, emulator_error=1 - emulator.q2, floor=np.nan)
    if emulator.q2 < REFUSED:
        ends = ["value", "low", "high", "plain"]
        return found.assign(**dict.fromkeys(ends, np.nan), flag=emulator.flag)
    half = _refit_half_width(emulator, problem, unit, samples, level=level)
    low = found["value"] - np.hypot(found["value"] - found["low"], half)
    high = found["value"] + np.hypot(found["high"] - found["value"], half)
    flags = [joined(emulator.flag, flag) for flag in found["flag"]]
    return found.assign(low=low, high=high, flag=flags)


def _refit_half_width(
    emulator: Emulator, problem: Problem, unit: np.ndarray, samples: int, *, level: float
) -> np.ndarray:
    """Give half the width that refits without a fold add to each index (grouped jackknife)."""
    values = []
    for refit in emulator.refits:
        outcomes = centred(_in_parts(refit, unit)[:, None])
        values.append(Parts.of(outcomes, samples, len(problem.analysed)).values())
    n_folds = len(values)
    spread = np.std(values, axis=0) * np.sqrt(n_folds - 1)
    return stats.t.ppf(0.5 + level / 2, n_folds - 1) * spread
