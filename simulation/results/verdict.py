"""The verdict over the whole period: what every two arms differ by, for whom, and in which order.

Outcomes are those of `simulation.results.period`, added up over the people of a set; what they are
net of is the other arm of the same seed. How sure: `simulation.results.pairwise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from simulation.results.pairwise import FEWEST, METHODS, NONE, NOUGHT, Pairs, compare_pairs, holm
from simulation.results.sets import PeopleSet
from simulation.results.unit_costs import ratio_interval

LEVEL = 0.05
HEADLINE = "work_years"
COST = "cost_per_year_gbp"


class PeriodOutcome(NamedTuple):
    """An outcome of the verdict."""

    label: str
    unit: str
    better: int
    """1 if more is better, -1 if less is, 0 if neither says anything."""


OUTCOMES = {
    HEADLINE: PeriodOutcome("years of work", "years of work", 1),
    "claimant_years": PeriodOutcome("years on out-of-work benefits", "years on benefits", -1),
    "sustained_jobs": PeriodOutcome("jobs kept for half a year", "jobs", 1),
    "spend_gbp": PeriodOutcome("public spending", "GBP", 0),
    COST: PeriodOutcome("cost of an additional year of work", "GBP", -1),
    "work_end": PeriodOutcome("people in work at the end: what is left", "people", 1),
}
COUNTED = tuple(name for name in OUTCOMES if name != COST)
"""Those that are counted run by run; the cost is a quotient of two of them."""
VERDICT = (
    "set", "kind", "outcome", "unit", "arm", "against", "estimate", "low", "high", "p", "order",
    "n_seeds", "method",
)  # fmt: skip
ORDER = ("set", "kind", "outcome", "arm", "first", "last", "ahead_of", "level_with", "behind")
MORE, LESS, TIE, BY_DEFINITION, UNKNOWN = "more", "less", "tie", "by definition", "not known"
NOT_RANKED = "not ranked"
NOT_CLEAR = "not bounded: the additional years may be nought"
MORE_THAN_SUPPORT = "not told: it differs from the baseline in more than support"
A_QUOTIENT = "Fieller's interval of a quotient, paired by seed"
LINEARISED = "difference of two quotients, linearised, paired by seed"


def set_values(
    period: pd.DataFrame, sets: Sequence[PeopleSet], arms: Sequence[str]
) -> NDArray[np.float64]:
    """Add up a period over the people of each set.

    Parameters
    ----------
    period : DataFrame
        arm, seed and the columns of `simulation.results.period.period`; all arms, the same seeds.
    sets : sequence of PeopleSet
    arms : sequence of str

    Returns
    -------
    ndarray of float64, shape (n_sets, n_counted, n_seeds, n_arms)
        Outcomes in the order of `COUNTED`; zero where nobody of a set lives. Rounded to a
        millionth: what is less comes of the order of adding up, and must not look like an effect.
    """
    seeds = sorted(period["seed"].unique())
    found = np.zeros((len(sets), len(COUNTED), len(seeds), len(arms)))
    arm = pd.Index(arms).get_indexer(pd.Index(period["arm"].astype(str)))
    cell = np.searchsorted(seeds, period["seed"]) * len(arms) + arm
    groups, wards = (period[name].astype("category").cat for name in ("group", "ward"))
    values = [period[name].to_numpy(np.float64) for name in COUNTED]
    for number, each in enumerate(sets):
        chosen = groups.categories.isin(each.groups)[groups.codes] & (arm >= 0)
        if each.wards is not None:
            chosen &= wards.categories.isin(each.wards)[wards.codes]
        for row, column in enumerate(values):
            total = np.bincount(cell[chosen], column[chosen], minlength=len(seeds) * len(arms))
            found[number, row] = total.round(6).reshape(len(seeds), len(arms))
    return found


def verdict(
    values: NDArray[np.float64],
    sets: Sequence[PeopleSet],
    arms: Sequence[str],
    *,
    hardly: Sequence[str] = (),
    in_other_worlds: Sequence[str] = (),
) -> pd.DataFrame:
    """Compare every two arms in every outcome of every set.

    Parameters
    ----------
    values : ndarray of float64, shape (n_sets, n_counted, n_seeds, n_arms)
        From `set_values`.
    sets : sequence of PeopleSet
    arms : sequence of str
        The baseline first.
    hardly : sequence of str
        Arms that hardly happened, from `simulation.results.dose.hardly_happened`: nothing of an
        outcome may decide which they are.
    in_other_worlds : sequence of str
        Arms that differ from the baseline in more than support: what was spent in them did not
        bring all of their years more, and they have no cost.

    Returns
    -------
    DataFrame
        Columns `VERDICT`: `arm` less `against`, with its 95 per cent interval. `p` is corrected by
        Holm for all pairs and all sets of a kind in that outcome; `order` is `MORE` or `LESS` where
        that is at most 0.05, else `TIE`; `BY_DEFINITION` where one arm cannot have the outcome,
        `UNKNOWN` where there is no interval or nothing to compare. An arm that hardly happened is
        tested against the baseline alone; its other pairs are `NOT_RANKED`, have no `p` and do not
        count among the comparisons that are corrected for. A cost against the baseline is
        the quotient of spending and years of work less the baseline's; between two other arms it is
        the difference of these.
    """
    counted = _counted_rows(compare_pairs(values), arms)
    costs = [row for own in values for row in _cost_rows(own, arms, in_other_worlds)]
    of_set = np.repeat(np.arange(len(sets)), len(costs) // len(sets))
    names = ["arm", "against", "estimate", "low", "high", "p", "method"]
    cost = pd.DataFrame(costs, columns=names).assign(place=of_set, outcome=COST)
    table = pd.concat([counted, cost], ignore_index=True)
    for column in ("name", "kind"):
        table[column] = np.array([getattr(each, column) for each in sets], object)[table["place"]]
    table["unit"] = table["outcome"].map({name: each.unit for name, each in OUTCOMES.items()})
    table = table.rename(columns={"name": "set"}).assign(n_seeds=values.shape[-2])
    aside = (table["against"] != arms[0]) & table[["arm", "against"]].isin(hardly).any(axis=1)
    table.loc[aside, "p"] = np.nan
    family = table.groupby(["outcome", "kind"])["p"]
    table["p"] = family.transform(lambda p: holm(p.to_numpy()))
    told = np.where(table["estimate"] > 0, MORE, LESS)
    order = np.where(table["p"] <= LEVEL, told, TIE)
    nought = np.where(table["method"] == METHODS[NOUGHT], BY_DEFINITION, UNKNOWN)
    order = np.where(table["p"].isna(), nought, order)
    table["order"] = np.where(aside, NOT_RANKED, order)
    key = table["place"] * len(OUTCOMES) + table["outcome"].map(list(OUTCOMES).index)
    return table.iloc[np.argsort(key, kind="stable")][list(VERDICT)].reset_index(drop=True)


def _counted_rows(pairs: Pairs, arms: Sequence[str]) -> pd.DataFrame:
    """Lay out what was counted run by run, set by set and outcome by outcome."""
    shape = pairs.estimate.shape
    place, outcome, pair = (each.ravel() for each in np.indices(shape))
    names, methods = np.array(arms, object), np.array(list(METHODS.values()), object)
    return pd.DataFrame(
        {
            "place": place,
            "outcome": np.array(COUNTED, object)[outcome],
            "arm": names[pairs.arm[pair]],
            "against": names[pairs.against[pair]],
            **{name: getattr(pairs, name).ravel() for name in ("estimate", "low", "high", "p")},
            "method": methods[pairs.method.ravel()],
        }
    )


def _cost_rows(
    values: NDArray[np.float64], arms: Sequence[str], in_other_worlds: Sequence[str]
) -> list[tuple]:
    """Divide spending by years of work, each less the baseline's.

    Parameters
    ----------
    values : ndarray, shape (n_counted, n_seeds, n_arms)
    arms, in_other_worlds : sequence of str

    Returns
    -------
    list of tuple
        arm, against, estimate, low, high, p, method: every pair once.
    """
    n_seeds = values.shape[-2]
    spend, years = (
        values[COUNTED.index(name)] - values[COUNTED.index(name)][:, :1]
        for name in ("spend_gbp", HEADLINE)
    )
    spent = {number for number in range(1, len(arms)) if np.any(spend[:, number])}
    untold = {number for number in spent if arms[number] in in_other_worlds}
    costs = {
        number: ratio_interval(spend[:, number], years[:, number])
        for number in sorted(spent - untold)
        if n_seeds >= FEWEST
    }
    bounded = {
        number
        for number, cost in costs.items()
        if np.isfinite(cost.high) and np.isfinite(cost.low) and cost.value > 0
    }
    rows = []
    for arm, against in [(i, j) for i in range(1, len(arms)) for j in range(i)]:
        if against == 0 and arm in costs:
            cost = costs[arm]
            number = cost.value if arm in bounded else np.nan
            method = A_QUOTIENT if arm in bounded else cost.note or NOT_CLEAR
            found = (number, cost.low, cost.high, np.nan, method)
        elif {arm, against} <= bounded:
            found = _cost_difference(spend, years, arm, against)
        elif {arm, against} & untold:
            found = (np.nan, np.nan, np.nan, np.nan, MORE_THAN_SUPPORT)
        elif against == 0 or n_seeds < FEWEST:
            why = METHODS[NONE] if n_seeds < FEWEST else "nothing was spent more"
            found = (np.nan, np.nan, np.nan, np.nan, why)
        else:
            found = (np.nan, np.nan, np.nan, np.nan, NOT_CLEAR)
        rows.append((arms[arm], arms[against], *found))
    return rows


def _cost_difference(
    spend: NDArray[np.float64], years: NDArray[np.float64], arm: int, against: int
) -> tuple[float, float, float, float, str]:
    """Compare two quotients by their linear parts, seed by seed (delta method).

    Returns
    -------
    tuple
        estimate, low, high, p, method.
    """
    n_seeds = len(spend)
    mean_spend, mean_years = spend.mean(axis=0), years.mean(axis=0)
    cost = mean_spend[[arm, against]] / mean_years[[arm, against]]
    linear = (spend[:, [arm, against]] - cost * years[:, [arm, against]]) / mean_years[
        [arm, against]
    ]
    estimate = float(cost[0] - cost[1])
    error = float(np.std(linear[:, 0] - linear[:, 1], ddof=1) / np.sqrt(n_seeds))
    half = float(stats.t.ppf(1 - LEVEL / 2, n_seeds - 1)) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = float(2 * stats.t.sf(np.abs(np.float64(estimate) / error), n_seeds - 1))
    return estimate, estimate - half, estimate + half, p, LINEARISED


def order_of(table: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """Say of each arm between which places it may stand, the best being the first.

    Parameters
    ----------
    table : DataFrame
        From `verdict`; outcomes of which neither more nor less is better have no order.
    arms : sequence of str
        Those to put in order.

    Returns
    -------
    DataFrame
        Columns `ORDER`. `ahead_of`, `level_with`, `behind`: names of arms, separated by `|`; an arm
        that cannot be compared is in none. `first`, `last`: places that are possible, 1 the best.
        No rows for outcomes in which fewer than two of the arms can be compared.
    """
    rows = []
    ranked = table[table["arm"].isin(arms) & table["against"].isin(arms)]
    ranked = ranked[ranked["order"].isin((MORE, LESS, TIE))]
    for (name, kind, outcome), own in ranked.groupby(["set", "kind", "outcome"], sort=False):
        better = OUTCOMES[str(outcome)].better
        if better == 0:
            continue
        signs = own["order"].map({MORE: better, LESS: -better, TIE: 0})
        sides = {
            (row.arm, row.against): sign for row, sign in zip(own.itertuples(), signs, strict=True)
        }
        sides |= {(against, arm): -sign for (arm, against), sign in sides.items()}
        known = [arm for arm in arms if any(arm == first for first, _ in sides)]
        for arm in known:
            by_sign = {
                sign: [other for other in known if sides.get((arm, other)) == sign]
                for sign in (1, 0, -1)
            }
            places = (1 + len(by_sign[-1]), len(known) - len(by_sign[1]))
            lists = ("|".join(by_sign[sign]) for sign in (1, 0, -1))
            rows.append((name, kind, outcome, arm, *places, *lists))
    return pd.DataFrame(rows, columns=list(ORDER))
