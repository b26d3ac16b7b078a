"""What the ward tables must add up to: totals by group of wards, from the evidence.

Where the evidence tells priority wards from the rest there are two groups, or else one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.make_inputs.area.raking import round_whole
from experiments.make_inputs.area.sources import Sources, claimant_count, of
from simulation.categories import LEVELS, State

ALL, PRIORITY = 0, 1
MAIN = (State.JSA, State.IB_ESA, State.LONE_PARENT)


@dataclass(frozen=True)
class Targets:
    """Totals the wards are fitted to.

    Attributes
    ----------
    group : ndarray of int64, shape (n_wards,)
        Group of every ward.
    residents : ndarray of int64, shape (n_groups,)
        People aged 16-64.
    states : ndarray of int64, shape (n_groups, 7)
        People by labour-market state.
    qualifications : ndarray of int64, shape (n_groups, 5), or None
        People by highest qualification; None where there is no evidence.
    minority : float or None
        Share of people who are not white.
    """

    group: np.ndarray
    residents: np.ndarray
    states: np.ndarray
    qualifications: np.ndarray | None
    minority: float | None


def find_targets(
    sources: Sources, wards: pd.DataFrame, *, priority: np.ndarray, census: pd.DataFrame
) -> Targets:
    """Work out the totals the wards are fitted to.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    wards : DataFrame
        From `read_wards`.
    priority : ndarray of int64, shape (n_wards,)
        One for priority wards.
    census : DataFrame
        Qualification shares by ward, for what the evidence does not split; columns qual_0..4.

    Returns
    -------
    Targets
        Whole numbers.
    """
    split = "priority_residents" in sources.recipe["evidence"]
    group = priority if split else np.zeros(len(wards), np.int64)
    residents = _residents(sources, wards, split=split)
    states = _states(sources, wards, residents=residents, split=split)
    known = "no_qualifications" in sources.recipe["evidence"]
    return Targets(
        group=group,
        residents=residents,
        states=states,
        qualifications=_qualifications(sources, residents, census=census) if known else None,
        minority=sources.target("minority") / 100.0 if known else None,
    )


def _residents(sources: Sources, wards: pd.DataFrame, *, split: bool) -> np.ndarray:
    """Return residents by group: the rest and the priority wards, or all."""
    if not split:
        return np.array([round(wards["people"].sum())])
    total = round(sources.target("residents"))
    priority = round(total * sources.target("priority_residents") / 100.0)
    return np.array([total - priority, priority])


def jsa_level(sources: Sources, wards: pd.DataFrame) -> float:
    """Return the number of people on JSA in the area in the month it starts from.

    With district counts: those of some districts, taken to all by modelled unemployment and to
    the month by the region's claimant count. Without: the region's claimant count by the area's
    share of the region's unemployed in the Census 2001.
    """
    now = claimant_count(sources, sources.recipe["month"])
    if "jsa" not in sources.recipe:
        region = sources.table("wards")["c2001_unemployed"].sum()
        return now * wards["unemployed_2001"].sum() / region
    counts = district_jsa(sources)
    unemployed = modelled_unemployment(sources)
    covered = unemployed[counts.index].sum() / unemployed.sum()
    then = claimant_count(sources, sources.recipe["jsa"]["count_date"])
    return counts.sum() / covered * now / then


def district_jsa(sources: Sources) -> pd.Series:
    """Return the counts of JSA of the districts that have one at the date of the recipe."""
    counts = sources.table("district_jsa")
    here = counts["area"].isin(sources.districts) & (counts["geo_level"] == "LA")
    dated = counts["date"] == sources.recipe["jsa"]["count_date"]
    return counts[here & dated].set_index("area")["jsa_claimants"]


def modelled_unemployment(sources: Sources) -> pd.Series:
    """Return modelled unemployment by district in the period of the recipe (people)."""
    rows = sources.table("district_unemployment")
    rows = rows[rows["PeriodLabel"] == sources.recipe["jsa"]["unemployment_period"]]
    counts = rows.set_index("AreaName")["UnemploymentCount"]
    for district in sources.districts:
        of(counts, district, f"{sources.path('district_unemployment')}: AreaName")
    return counts.loc[sources.districts]


def _states(
    sources: Sources, wards: pd.DataFrame, *, residents: np.ndarray, split: bool
) -> np.ndarray:
    """Return people by group and state."""
    total = residents.sum()
    not_in_work = total * (1.0 - sources.target("employment_rate") / 100.0)
    claimants = not_in_work / sources.target("claimants_ratio")
    whole = np.zeros(len(State))
    whole[State.JSA] = jsa_level(sources, wards)
    # The employment domain of the 2010 index counts JSA, IB, SDA and ESA together.
    sick_or_jsa = total * np.average(wards["employment"], weights=wards["people"])
    whole[State.IB_ESA] = sick_or_jsa - whole[State.JSA]
    rest = claimants - sick_or_jsa
    lone, other = sources.target("mix_lone_parent"), sources.target("mix_other_benefit")
    whole[State.LONE_PARENT] = rest * lone / (lone + other)
    whole[State.OTHER_BENEFIT] = rest * other / (lone + other)
    seeking = _seeking(sources, whole, claimants)
    if not split:
        rows = _complete(whole[None, :], np.array([not_in_work]), seeking=seeking)
    else:
        rows = _split_groups(sources, whole, residents=residents, seeking=seeking)
    rows[:, State.EMPLOYED] = residents - rows[:, 1:].sum(axis=1)
    return np.stack([round_whole(row, n) for row, n in zip(rows, residents, strict=True)])


def _seeking(sources: Sources, whole: np.ndarray, claimants: float) -> float:
    """Return how many seek work without claiming: unemployed less those who claim."""
    assumed = sources.recipe["assumptions"]
    if "seeking_per_jsa" in assumed:
        return whole[State.JSA] * assumed["seeking_per_jsa"]
    among_jsa = assumed["unemployed_share_of_jsa"] * whole[State.JSA]
    among_others = assumed["unemployed_share_of_other_claimants"] * (claimants - whole[State.JSA])
    return modelled_unemployment(sources).sum() - among_jsa - among_others


def _split_groups(
    sources: Sources, whole: np.ndarray, *, residents: np.ndarray, seeking: float
) -> np.ndarray:
    """Give priority wards what the evidence says they have and the others the rest."""
    mix = np.zeros(len(State))
    for state in (State.JSA, State.IB_ESA, State.LONE_PARENT, State.OTHER_BENEFIT):
        mix[state] = sources.target(f"mix_{state.name.lower()}")
    claimants = sources.target("priority_main_claimants") / mix[list(MAIN)].sum() * mix.sum()
    rows = np.zeros((2, len(State)))
    rows[PRIORITY] = claimants * mix / mix.sum()
    not_in_work = residents.sum() * (1.0 - sources.target("employment_rate") / 100.0)
    outside = not_in_work / sources.target("claimants_ratio") - claimants
    rows[ALL] = whole - rows[PRIORITY]
    # Lone parents and others outside are what is left there, in the proportion of the mix.
    pair = [State.LONE_PARENT, State.OTHER_BENEFIT]
    left = outside - rows[ALL, State.JSA] - rows[ALL, State.IB_ESA]
    rows[ALL, pair] = left * mix[pair] / mix[pair].sum()
    in_priority = residents[PRIORITY] * sources.target("priority_not_in_work") / 100.0
    return _complete(rows, np.array([not_in_work - in_priority, in_priority]), seeking=seeking)


def _complete(rows: np.ndarray, not_in_work: np.ndarray, *, seeking: float) -> np.ndarray:
    """Fill in those without benefit; seekers are the same share of them in every group."""
    without = not_in_work - rows.sum(axis=1)
    rows[:, State.SEEKING_NO_BENEFIT] = seeking * without / without.sum()
    rows[:, State.INACTIVE_NO_BENEFIT] = without - rows[:, State.SEEKING_NO_BENEFIT]
    return rows


def _qualifications(sources: Sources, residents: np.ndarray, *, census: pd.DataFrame) -> np.ndarray:
    """Return people by group and highest qualification.

    The evidence gives none and level 2 or above for all, none and level 3 or above for the
    priority wards; levels between are split as the Census 2011 has them.
    """
    share = census.to_numpy().sum(axis=0)
    none = sources.target("no_qualifications") / 100.0
    above = sources.target("level_2_or_above") / 100.0
    whole = np.zeros(len(LEVELS))
    whole[0], whole[1] = none, 1.0 - none - above
    whole[2:] = above * share[2:] / share[2:].sum()
    whole *= residents.sum()
    none = sources.target("priority_no_qualifications") / 100.0
    above = sources.target("priority_level_3_or_above") / 100.0
    priority = np.zeros(len(LEVELS))
    priority[0] = none
    priority[1:3] = (1.0 - none - above) * whole[1:3] / whole[1:3].sum()
    priority[3:] = above * whole[3:] / whole[3:].sum()
    priority *= residents[PRIORITY]
    rows = np.stack([whole - priority, priority])
    return np.stack([round_whole(row, n) for row, n in zip(rows, residents, strict=True)])
