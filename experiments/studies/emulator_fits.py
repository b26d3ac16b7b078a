"""The two kinds of emulator: a Gaussian process that knows the noise, and boosted trees.

Heavy to import (scikit-learn), so import late.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Kernel, Matern, WhiteKernel

from experiments.sensitivity.noise import centred

TUNED_ON = 400
JITTER = 1e-6

Predict = Callable[[np.ndarray], np.ndarray]


def noise_at_points(Y: np.ndarray) -> np.ndarray | None:
    """Give the variance chance adds to each mean over seeds; None with one seed.

    Few replicates tell the noise of a point badly: its own estimate is weighed against that of
    all points together as if the latter were of four replicates more.
    """
    n_seeds = Y.shape[1]
    if n_seeds == 1:
        return None
    own = centred(Y).var(axis=1, ddof=1)
    return ((n_seeds - 1) * own + 4 * own.mean()) / (n_seeds + 3) / n_seeds


def features(unit: np.ndarray, choices: Sequence[int] | None) -> np.ndarray:
    """Give a column a number and a column for each of unordered choices."""
    columns = []
    for ix, column in enumerate(unit.T):
        n_choices = choices[ix] if choices else 0
        if n_choices:
            chosen = np.minimum((column * n_choices).astype(int), n_choices - 1)
            columns.append(np.eye(n_choices)[chosen])
        else:
            columns.append(column[:, None])
    return np.hstack(columns)


def fit_process(
    points: np.ndarray, seen: np.ndarray, noise: np.ndarray | None, seed: int
) -> Predict:
    """Fit a Gaussian process with a Matern kernel that has a length for each column.

    Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, sections 2.2, 4.2, 5.4;
    noise that differs from point to point as in Ankenman, Nelson and Staum 2010, Operations
    Research 58:371-382. Lengths are tuned on at most `TUNED_ON` points, the fit is to all.
    """
    centre, spread = seen.mean(), seen.std()
    y = (seen - centre) / spread
    alpha = np.full(len(y), JITTER) if noise is None else noise / spread**2 + JITTER
    lengths = np.full(points.shape[1], 0.5)
    kernel: Kernel = ConstantKernel(1.0, (1e-2, 1e3)) * Matern(lengths, (5e-2, 1e2), nu=2.5)
    if noise is None:
        kernel = kernel + WhiteKernel(1e-2, (1e-8, 1.0))
    some = np.random.default_rng([seed, 4]).permutation(len(y))[:TUNED_ON]
    with warnings.catch_warnings():
        # A factor that does nothing sends its length to the bound, which is no failure.
        warnings.simplefilter("ignore", ConvergenceWarning)
        tuned = GaussianProcessRegressor(
            kernel, alpha=alpha[some], n_restarts_optimizer=1, random_state=seed
        ).fit(points[some], y[some])
    whole = GaussianProcessRegressor(tuned.kernel_, alpha=alpha, optimizer=None).fit(points, y)
    return lambda asked: centre + spread * whole.predict(asked)


def fit_trees(points: np.ndarray, seen: np.ndarray, noise: np.ndarray | None, seed: int) -> Predict:
    """Fit boosted trees, points of little noise weighing more.

    Friedman 2001, Annals of Statistics 29:1189-1232, on histograms of each column.
    """
    weights = None if noise is None or not noise.all() else noise.mean() / noise
    trees = HistGradientBoostingRegressor(
        max_iter=400,
        learning_rate=0.06,
        max_leaf_nodes=15,
        min_samples_leaf=int(np.clip(len(seen) // 60, 4, 20)),
        early_stopping=False,
        random_state=seed,
    ).fit(points, seen, sample_weight=weights)
    return trees.predict


FITS: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray | None, int], Predict]] = {
    "gaussian_process": fit_process,
    "boosted_trees": fit_trees,
}
