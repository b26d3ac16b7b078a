"""Robust decisions: which policy does best in how many futures, and what each could cost to regret.

Regret of a policy in a future is how much worse it does there than the best policy there. The
policy whose largest regret is least is the minimax choice (Savage 1951); a policy that is seldom
best but never far from it may be worth more than one that is best on average (Lempert, Popper and
Bankes 2003, Shaping the next one hundred years, RAND MR-1626).

The best of several noisy means looks better than it is, so that every regret is too large by
chance alone. Each regret therefore has an interval and a floor: what it would show if all policies
did alike and only luck differed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.studies.pairs import check_factor, level_texts, same_text, seed_tables
from simulation.errors import InputError
from simulation.report.pen import unit_of_difference
from simulation.results.paired import ONE_SEED_NOTE, mean_interval

DECISION_COLUMNS = (
    "policy",
    "outcome",
    "unit",
    "regret_unit",
    "better",
    "n_futures",
    "n_seeds",
    "best",
    "best_or_tied",
    "mean",
    "worst",
    "worst_in",
    "mean_regret",
    "mean_regret_low",
    "mean_regret_high",
    "mean_regret_floor",
    "largest_regret",
    "largest_regret_low",
    "largest_regret_high",
    "largest_regret_floor",
    "largest_regret_in",
    "is_minimax",
    "minimax_share",
    "note",
)
SIGN = {"higher": 1.0, "lower": -1.0}
NOT_MEASURED_NOTE = "not in every future; not compared"


@dataclass(frozen=True)
class Outlook:
    """One outcome of every policy in every future, all measured on the same seeds.

    Attributes
    ----------
    policies, futures : tuple of str
        Names, in the order of the design.
    goodness : ndarray of float64, shape (n_policies, n_futures, n_seeds)
        The outcome, with its sign turned where lower is better, of the seeds that have it in every
        run of these policies.
    """

    policies: tuple[str, ...]
    futures: tuple[str, ...]
    goodness: NDArray[np.float64]


def robust_table(
    points: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    policies: str,
    outcome: str,
    better: str,
    unit: str = "",
    level: float = 0.95,
    resamples: int = 4000,
    seed: int = 1,
) -> pd.DataFrame:
    """Compare policies over futures: how often best, how bad at worst, how much to regret.

    Parameters
    ----------
    points : DataFrame
        Index `point`, one column a factor: every policy in every future.
    runs : DataFrame
        point, seed and one float64 column an outcome.
    policies : str
        The factor that is ours to choose; a combination of all others is a future.
    outcome : str
    better : str
        "higher" or "lower".
    unit : str
        Of the outcome.
    level : float
        Coverage of the intervals.
    resamples : int
        Draws of the luck of seeds for the intervals of regret.
    seed : int
        Of these draws.

    Returns
    -------
    DataFrame
        Columns `DECISION_COLUMNS`, one row a policy in the order of the design. `best` counts
        futures where its mean is best, equals included; `best_or_tied` those where the interval of
        its paired difference from the best mean spans nothing (NaN for one seed). `mean` is over
        futures alike, `worst` the worst mean. Regrets are differences of the outcome, never below
        0; `floor` is the regret expected if all policies did alike. `minimax_share` is the share
        of draws in which the policy's largest regret is least. A policy that lacks the outcome in
        some future has a note and is not compared.

    Raises
    ------
    InputError
        When there is no such factor or outcome, `better` is neither word, or a policy was not run
        in every future.
    """
    if better not in SIGN:
        raise InputError(f"better of {outcome}: {better!r}; allowed: higher, lower")
    outlook, without = outlook_of(
        points, runs, policies=policies, outcome=outcome, sign=SIGN[better]
    )
    blank = dict.fromkeys(DECISION_COLUMNS, np.nan) | {
        "outcome": outcome, "unit": unit, "regret_unit": unit_of_difference(unit),
        "better": better, "n_futures": len(outlook.futures), "n_seeds": outlook.goodness.shape[2],
        "worst_in": "", "largest_regret_in": "", "note": "", "is_minimax": False,
    }  # fmt: skip
    records = {name: blank | {"policy": name, "note": NOT_MEASURED_NOTE} for name in without}
    if outlook.policies:
        own = _columns(outlook, sign=SIGN[better], level=level, resamples=resamples, seed=seed)
        note = _note(outlook.goodness.shape[2], n_seeds=runs["seed"].nunique())
        for place, name in enumerate(outlook.policies):
            values = {column: each[place] for column, each in own.items()}
            records[name] = blank | {"policy": name, "note": note} | values
    order = dict.fromkeys(map(same_text, points[policies]))
    return pd.DataFrame([records[name] for name in order], columns=list(DECISION_COLUMNS))


def outlook_of(
    points: pd.DataFrame, runs: pd.DataFrame, *, policies: str, outcome: str, sign: float = 1.0
) -> tuple[Outlook, tuple[str, ...]]:
    """Lay an outcome out by policy, future and seed; name the policies that lack it.

    Raises
    ------
    InputError
        As `robust_table`.
    """
    check_factor(points, policies, where="policies")
    table = seed_tables(points, runs, [outcome])[outcome]
    others = [name for name in points.columns if name != policies]
    own = list(map(same_text, points[policies]))
    futures = [
        ", ".join(f"{name}={value}" for name, value in zip(others, text, strict=True))
        for text in level_texts(points, others)
    ]
    names, worlds = list(dict.fromkeys(own)), list(dict.fromkeys(futures))
    cube = np.full((len(names), len(worlds), table.shape[1]), np.nan)
    there = np.zeros(cube.shape[:2], np.bool_)
    for row, (policy, future) in enumerate(zip(own, futures, strict=True)):
        place = names.index(policy), worlds.index(future)
        if not there[place]:
            cube[place], there[place] = table[row], True
    if not there.all():
        policy, future = np.argwhere(~there)[0]
        raise InputError(
            f"policies {policies}: {names[policy]} was not run with {worlds[future]}; every policy"
            " has to meet every future, so use method=factorial or grid"
        )
    has = np.isfinite(cube)
    compared = has.any(axis=2).all(axis=1)
    complete = has[compared].all(axis=(0, 1))
    compared &= complete.any()
    without = tuple(name for name, is_there in zip(names, compared, strict=True) if not is_there)
    kept = tuple(name for name in names if name not in without)
    return Outlook(kept, tuple(worlds), sign * cube[compared][:, :, complete]), without


def regrets(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give how much worse each policy does than the best there; (..., n_policies, n_futures)."""
    return means.max(axis=-2, keepdims=True) - means


def _note(n_complete: int, *, n_seeds: int) -> str:
    notes = [ONE_SEED_NOTE] if n_complete == 1 else []
    notes += [f"{n_complete} of {n_seeds} seeds have it everywhere"] if n_complete < n_seeds else []
    return "; ".join(notes)


def _columns(
    outlook: Outlook, *, sign: float, level: float, resamples: int, seed: int
) -> dict[str, NDArray]:
    """Compute every column of the table, an array with one entry a policy each."""
    means = outlook.goodness.mean(axis=2)
    regret = regrets(means)
    worst, largest = means.argmin(axis=1), regret.argmax(axis=1)
    futures = np.array(outlook.futures, dtype=object)
    columns: dict[str, NDArray] = {
        "best": (regret == 0.0).sum(axis=1),
        "best_or_tied": _n_tied(outlook.goodness, level=level),
        "mean": sign * means.mean(axis=1),
        "worst": sign * means.min(axis=1),
        "worst_in": futures[worst],
        "mean_regret": regret.mean(axis=1),
        "largest_regret": regret.max(axis=1),
        "largest_regret_in": futures[largest],
        "is_minimax": regret.max(axis=1) == regret.max(axis=1).min(),
    }
    if outlook.goodness.shape[2] > 1:
        columns |= _luck(outlook, level=level, resamples=resamples, seed=seed)
    return columns


def _n_tied(goodness: NDArray[np.float64], *, level: float) -> NDArray[np.float64]:
    """Count futures in which the paired difference from the best policy may be nothing."""
    n_policies, n_futures, n_seeds = goodness.shape
    if n_seeds == 1:
        return np.full(n_policies, np.nan)
    best = goodness.mean(axis=2).argmax(axis=0)
    behind = goodness[best, np.arange(n_futures)] - goodness
    _, low, _ = mean_interval(np.moveaxis(behind, 2, 0).reshape(n_seeds, -1), level=level)
    return (low.reshape(n_policies, n_futures) <= 0.0).sum(axis=1).astype(np.float64)


def _luck(
    outlook: Outlook, *, level: float, resamples: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Draw what other seeds might have shown: intervals and floors of regret, minimax share."""
    draws = other_luck(outlook.goodness, resamples=resamples, seed=seed)
    means = outlook.goodness.mean(axis=2)
    drawn, alike = regrets(means + draws), regrets(draws)
    columns: dict[str, NDArray[np.float64]] = {}
    for name, reduce in (("mean_regret", np.mean), ("largest_regret", np.max)):
        estimate, sample = reduce(regrets(means), axis=1), reduce(drawn, axis=2)
        high = np.quantile(sample, 0.5 + level / 2, axis=0)
        # Luck makes regrets larger, never below 0: the lower end mirrors the upper one, so that
        # neither end claims what chance may have made.
        columns[f"{name}_low"] = np.maximum(2.0 * estimate - high, 0.0)
        columns[f"{name}_high"] = high
        columns[f"{name}_floor"] = reduce(alike, axis=2).mean(axis=0)
    largest = drawn.max(axis=2)
    is_least = largest == largest.min(axis=1, keepdims=True)
    columns["minimax_share"] = (is_least / is_least.sum(axis=1, keepdims=True)).mean(axis=0)
    return columns


def other_luck(goodness: NDArray[np.float64], *, resamples: int, seed: int) -> NDArray[np.float64]:
    """Draw errors of the means of seeds, all policies and futures together.

    Seeds are reweighted, not picked, since a few seeds picked with replacement vary too little:
    the draws are multivariate t with the covariance of the means, so that the interval of a single
    difference is that of Student's t.

    Parameters
    ----------
    goodness : ndarray of float64, shape (n_policies, n_futures, n_seeds)
        At least two seeds.
    resamples, seed : int

    Returns
    -------
    ndarray of float64, shape (resamples, n_policies, n_futures)
    """
    n_seeds = goodness.shape[2]
    generator = np.random.default_rng(seed)
    weights = generator.standard_normal((resamples, n_seeds))
    scale = np.sqrt((n_seeds - 1) / generator.chisquare(n_seeds - 1, resamples))
    rest = goodness - goodness.mean(axis=2, keepdims=True)
    errors = np.tensordot(weights * scale[:, None], rest, axes=(1, 2))
    return errors / np.sqrt(n_seeds * (n_seeds - 1))
