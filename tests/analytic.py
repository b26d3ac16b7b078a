"""Functions with known sensitivity indices, on the unit cube, and those indices by formula.

Ishigami and Homma 1990 with a = 7, b = 0.1; Sobol's g-function as in Saltelli et al. 2010;
Morris 1991 (Technometrics 33:161-174, section 5).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import prod

import numpy as np

A, B = 7.0, 0.1
G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])

_V1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
_V2 = A**2 / 8
_V13 = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
_V = _V1 + _V2 + _V13
ISHIGAMI = {
    ("S1", "x1", ""): _V1 / _V,
    ("S1", "x2", ""): _V2 / _V,
    ("S1", "x3", ""): 0.0,
    ("ST", "x1", ""): (_V1 + _V13) / _V,
    ("ST", "x2", ""): _V2 / _V,
    ("ST", "x3", ""): _V13 / _V,
    ("S2", "x1", "x2"): 0.0,
    ("S2", "x1", "x3"): _V13 / _V,
    ("S2", "x2", "x3"): 0.0,
}

_PART = 1 / (3 * (1 + G) ** 2)
_WHOLE = np.prod(1 + _PART) - 1
SOBOL_G = {
    **{("S1", f"x{i + 1}", ""): _PART[i] / _WHOLE for i in range(len(G))},
    **{
        ("ST", f"x{i + 1}", ""): _PART[i] * np.prod(1 + np.delete(_PART, i)) / _WHOLE
        for i in range(len(G))
    },
    **{
        ("S2", f"x{i + 1}", f"x{j + 1}"): _PART[i] * _PART[j] / _WHOLE
        for i, j in combinations(range(len(G)), 2)
    },
}


def names(n: int) -> tuple[str, ...]:
    """x1, x2, ..."""
    return tuple(f"x{i + 1}" for i in range(n))


def ishigami(unit: np.ndarray) -> np.ndarray:
    """Of the first three columns."""
    x1, x2, x3 = np.pi * (2 * unit[:, :3].T - 1)
    return np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)


def sobol_g(unit: np.ndarray) -> np.ndarray:
    """Of eight columns."""
    return np.prod((np.abs(4 * unit - 2) + G) / (1 + G), axis=1)


def morris_1991(unit: np.ndarray) -> np.ndarray:
    """Of twenty columns; coefficients drawn at random by Morris are +1 and -1 by turns."""
    w = 2 * (unit - 0.5)
    w[:, [2, 4, 6]] = 2 * (1.1 * unit[:, [2, 4, 6]] / (unit[:, [2, 4, 6]] + 0.1) - 0.5)
    y = np.zeros(len(unit))
    for i in range(20):
        y += (20.0 if i < 10 else (-1.0) ** (i + 1)) * w[:, i]
    for i, j in combinations(range(20), 2):
        y += (-15.0 if j < 6 else (-1.0) ** (i + j)) * w[:, i] * w[:, j]
    for i, j, k in combinations(range(5), 3):
        y -= 10 * w[:, i] * w[:, j] * w[:, k]
    return y + 5 * prod(w[:, i] for i in range(4))


def noisy(
    function: Callable[[np.ndarray], np.ndarray],
    unit: np.ndarray,
    *,
    n_seeds: int,
    noise: float = 0.0,
    common: float = 0.0,
    slope: float = 0.0,
    seed: int = 1,
) -> np.ndarray:
    """Outcomes (n_points, n_seeds): noise of each run, of each seed, and a seed's own slope."""
    rng = np.random.default_rng(seed)
    shape = (len(unit), n_seeds)
    tilt = slope * np.sqrt(12) * (unit[:, :1] - 0.5) * rng.normal(size=n_seeds)
    chance = noise * rng.normal(size=shape) + common * rng.normal(size=n_seeds)
    return function(unit)[:, None] + tilt + chance


def noise_of_live_columns(unit: np.ndarray, n_seeds: int) -> np.ndarray:
    """Noise that is the same to the last bit wherever the given columns are the same."""
    mixed = (unit * np.linspace(1e4, 2e4, unit.shape[1])).sum(axis=1)
    return np.sin(mixed[:, None] * (1 + np.arange(n_seeds)))
