"""Targets: what was promised, what happened, and whose doing it was; from frames of finished runs.

Parts by paired runs, for an arm and a seed: what the arm changes is its change less the baseline's
of the same seed; luck is the baseline's less its mean over seeds; the economy is that mean less the
mean of the baseline under a steady economy; new rules of benefits are that less the mean of the
same with the rules of the first day; what is left was under way. The parts add up to what was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.categories import BENEFITS
from simulation.inputs.target_tables import PER_CENT, Measure, Target, months_of
from simulation.results.paired import mean_interval

EVERYBODY, AREA = "all", "all"
WORST_SHARE, A_YEAR = 0.25, 12
"""National Indicator 153: neighbourhoods with more claimants than that, mean of the first year."""
VALUES = ("target", "arm", "seed", "before", "after")
PARTS = ("under_way", "rules", "economy", "luck", "arms_doing")
BY_SEED = (
    "target", "arm", "seed", "before", "after", "promised", "change", *PARTS, "is_met",
    "is_met_without_luck", "reward_gbp",
)  # fmt: skip
TABLE = (
    "target", "label", "unit", "arm", "n_seeds", "before", "promised", "change", "change_low",
    "change_high", "under_way", "rules", "economy", "arms_doing", "arms_doing_low",
    "arms_doing_high", "luck_sd", "share_met", "share_by_luck", "reward_gbp", "reward_offered_gbp",
)  # fmt: skip


class Place(NamedTuple):
    """Whom a level is of: wards with all their people, or groups of people of the whole area."""

    wards: tuple[str, ...] | None = None
    """Codes; None for the area as a whole."""
    groups: tuple[str, ...] = (EVERYBODY,)


def level(
    monthly: pd.DataFrame, measure: Measure, place: Place, period: tuple[str, str]
) -> pd.Series:
    """Return a measure over a period: people, mean of month ends, or per hundred.

    Parameters
    ----------
    monthly : DataFrame
        arm, seed, date, ward, group, outcome, value.
    measure : Measure
    place : Place
    period : (str, str)
        First and last month, as 2006-08.

    Returns
    -------
    Series of float64
        Index (arm, seed); no rows where the frame has no such months.
    """
    months = months_of(period)
    needed = {*measure.over, *measure.of}
    rows = monthly[monthly["date"].isin(months) & monthly["outcome"].isin(needed)]
    if place.wards is None:
        rows = rows[(rows["ward"] == AREA) & rows["group"].isin(place.groups)]
    else:
        rows = rows[rows["ward"].isin(place.wards) & (rows["group"] == EVERYBODY)]
    rows = rows.astype({"arm": str, "outcome": str})
    sums = rows.groupby(["arm", "seed", "outcome"])["value"].sum().unstack(fill_value=0)
    over = sums[list(measure.over)].sum(axis=1)
    if not measure.is_rate:
        return over / len(months)
    return 100.0 * over / sums[list(measure.of)].sum(axis=1)


def before_and_after(
    target: Target,
    own: tuple[pd.Series, pd.Series],
    other: tuple[pd.Series, pd.Series] | None = None,
) -> pd.DataFrame:
    """Return what a target is about at its baseline and at its date, run by run.

    Parameters
    ----------
    target : Target
    own, other : (Series, Series)
        Levels in the two periods by (arm, seed), of those the target is of, and of what they are
        compared with.

    Returns
    -------
    DataFrame
        Columns `VALUES`. Counts compared with other counts are growth in per cent less theirs;
        missing where they begin with nobody, as rates of nobody are.
    """
    before, after = own
    if other is not None and target.counts.is_rate:
        before, after = before - other[0], after - other[1]
    elif other is not None:
        growth = 100.0 * (after / before - other[1] / other[0])
        growth = growth.where((before > 0) & (other[0] > 0))
        before, after = 0.0 * growth.abs(), growth
    table = pd.DataFrame({"before": before, "after": after}).reset_index()
    return table.assign(target=target.name)[list(VALUES)]


def worst_in_first_year(monthly: pd.DataFrame) -> tuple[str, ...]:
    """Return the wards of NI 153: over 25 per cent claimants, mean of the first year and seeds.

    Parameters
    ----------
    monthly : DataFrame
        date, ward, group, outcome, value: of one arm, any number of seeds.
    """
    first = np.sort(monthly["date"].unique())[:A_YEAR]
    rows = monthly[(monthly["ward"] != AREA) & (monthly["group"] == EVERYBODY)]
    rows = rows[rows["date"].isin(first)].astype({"ward": str, "outcome": str})
    sums = rows.groupby(["ward", "outcome"])["value"].sum().unstack(fill_value=0)
    share = sums[list(BENEFITS)].sum(axis=1) / sums["residents"]
    return tuple(share.index[share > WORST_SHARE])


def by_seed(
    values: pd.DataFrame, targets: Sequence[Target], arms: Sequence[str], chain: Sequence[str]
) -> pd.DataFrame:
    """Part the change of every target in every run by whose doing it was.

    Parameters
    ----------
    values : DataFrame
        Columns `VALUES`; all arms and the reference arms, the same seeds.
    targets : sequence of Target
    arms : sequence of str
        The baseline first.
    chain : (str, str, str)
        The baseline; the baseline in a steady economy; that with the rules of the first day.

    Returns
    -------
    DataFrame
        Columns `BY_SEED`, in the units of the targets: `under_way` + `rules` + `economy` + `luck`
        + `arms_doing` is `change`. A target that is missing in a run is missing in all, for its
        parts are means over runs.
    """
    return pd.concat([_of_target(values, each, arms, chain) for each in targets], ignore_index=True)


def _of_target(
    values: pd.DataFrame, target: Target, arms: Sequence[str], chain: Sequence[str]
) -> pd.DataFrame:
    own = values[values["target"] == target.name].astype({"arm": str})
    before, after = (
        own.pivot(index="seed", columns="arm", values=name) for name in ("before", "after")
    )
    if (after - before).isna().any(axis=None):
        before, after = np.nan * before, np.nan * after
    change = after - before
    base, steady, frozen = (change[name] for name in chain)
    rows = []
    for arm in arms:
        table = pd.DataFrame(
            {
                "target": target.name,
                "arm": arm,
                "before": before[arm],
                "after": after[arm],
                "promised": _promised(target, before[arm]),
                "change": change[arm],
                "under_way": frozen.mean(),
                "rules": steady.mean() - frozen.mean(),
                "economy": base.mean() - steady.mean(),
                "luck": base - base.mean(),
                "arms_doing": change[arm] - base,
            }
        )
        kept = table["change"] / table["promised"]
        without_luck = (table["change"] - table["luck"]) / table["promised"]
        table["is_met"] = (kept >= 1.0).where(kept.notna())
        table["is_met_without_luck"] = (without_luck >= 1.0).where(kept.notna())
        paid = kept.clip(0.0, 1.0).mask(kept < target.reward_from, 0.0)
        table["reward_gbp"] = target.reward_gbp * paid
        rows.append(table.reset_index())
    return pd.concat(rows, ignore_index=True)[list(BY_SEED)]


def _promised(target: Target, before: pd.Series) -> pd.Series:
    """Return the promised change, run by run; a per cent of a gap closes or widens it."""
    if target.kind != PER_CENT or target.unit == "per cent":
        return pd.Series(target.change, index=before.index)
    return target.change / 100.0 * before.abs()


def table_of(seeds: pd.DataFrame, targets: Sequence[Target]) -> pd.DataFrame:
    """Average over seeds.

    Parameters
    ----------
    seeds : DataFrame
        From `by_seed`.
    targets : sequence of Target

    Returns
    -------
    DataFrame
        Columns `TABLE`, a row a target and arm. `luck_sd` is the standard deviation of luck over
        seeds, which has no mean; `share_met` and `share_by_luck` are shares of seeds in which the
        target was met, and in which that hung on luck; limits cover 95 per cent.
    """
    rows = []
    for target in targets:
        of_target = seeds[seeds["target"] == target.name]
        for arm, own in of_target.groupby("arm", sort=False):
            n_seeds = len(own)
            is_met, without_luck = (
                own[name].astype(float) for name in ("is_met", "is_met_without_luck")
            )
            change, arms_doing = (mean_interval(own[name]) for name in ("change", "arms_doing"))
            means = {name: float(own[name].mean()) for name in ("before", "promised", "under_way",
                     "rules", "economy", "reward_gbp")}  # fmt: skip
            rows.append(
                means
                | {
                    "target": target.name,
                    "label": target.label,
                    "unit": target.unit,
                    "arm": arm,
                    "n_seeds": n_seeds,
                    "change": float(change[0]),
                    "change_low": float(change[1]),
                    "change_high": float(change[2]),
                    "arms_doing": float(arms_doing[0]),
                    "arms_doing_low": float(arms_doing[1]),
                    "arms_doing_high": float(arms_doing[2]),
                    "luck_sd": float(own["luck"].std(ddof=1)) if n_seeds > 1 else np.nan,
                    "share_met": float(is_met.mean()),
                    "share_by_luck": float((is_met - without_luck).abs().mean()),
                    "reward_offered_gbp": target.reward_gbp,
                }
            )
    return pd.DataFrame(rows, columns=list(TABLE))
