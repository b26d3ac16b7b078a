"""Sets of people a verdict is given for: all, priority wards, the worst, groups, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from simulation.categories import CLIENT_GROUPS
from simulation.errors import InputError, did_you_mean
from simulation.results.period import EMPLOYED, EVERYBODY, LAID_OFF, TRAITS

ALL, PRIORITY, WORST, START, GROUP, OWN = "all", "priority", "worst", "start", "group", "own"
OUT_OF_WORK, IN_WORK = "out_of_work", "in_work"
USUAL = (ALL, PRIORITY, WORST, OUT_OF_WORK, IN_WORK, LAID_OFF)
"""Names of the sets every verdict may have, those of client groups apart."""
N_WORST, FEWEST_WARDS = 10, 20
"""The worst wards are told of where they are at most half of all."""
LAID_OFF_LABEL = "people laid off in a local closure"
WORST_LABEL = "the ten wards with the largest share on benefits"


class PeopleSet(NamedTuple):
    """Some people, by where they live and what they are on the first day."""

    name: str
    kind: str
    """`ALL`, `PRIORITY`, `WORST`, `START`, `GROUP` or `OWN`: sets of a kind are corrected
    together."""
    label: str
    """For a reader."""
    wards: tuple[str, ...] | None
    """Codes; None for everywhere."""
    groups: tuple[str, ...] = (EVERYBODY,)
    """Groups as the frame of a period has them, of one trait."""


def usual_sets(wards: pd.DataFrame, worst: Sequence[str]) -> list[PeopleSet]:
    """Return the sets every verdict has.

    Parameters
    ----------
    wards : DataFrame
        code, priority (0 or 1).
    worst : sequence of str
        Codes of the worst wards, from `worst_wards`; none leaves that set out.
    """
    priority = tuple(wards.loc[wards["priority"].astype(bool), "code"].astype(str))
    found = [PeopleSet(ALL, ALL, "all residents", None)]
    if 0 < len(priority) < len(wards):
        found.append(PeopleSet(PRIORITY, PRIORITY, "priority wards", priority))
    if worst:
        found.append(PeopleSet(WORST, WORST, WORST_LABEL, tuple(worst)))
    out_of_work = tuple(f"group:{group}" for group in CLIENT_GROUPS if group != EMPLOYED)
    found.append(PeopleSet(OUT_OF_WORK, START, OUT_OF_WORK_LABEL, None, out_of_work))
    found.append(PeopleSet(IN_WORK, START, LABELS[EMPLOYED], None, (f"group:{EMPLOYED}",)))
    for group in CLIENT_GROUPS:
        name = f"group:{group}"
        found.append(PeopleSet(name, GROUP, LABELS[group], None, (name,)))
    return found


OUT_OF_WORK_LABEL = "people out of work on the first day"
LABELS = {
    "jsa_under_6_months": "people on JSA for under 6 months",
    "jsa_6_to_12_months": "people on JSA for 6 to 12 months",
    "jsa_over_12_months": "people on JSA for over a year",
    "ib_esa": "people on incapacity benefit",
    "lone_parent": "lone parents on Income Support",
    "other_benefit": "people on other benefits",
    "no_benefit": "people out of work without benefit",
    EMPLOYED: "people in work on the first day",
}
"""Client groups of the first day, for a reader."""


def worst_wards(monthly: pd.DataFrame, benefits: Sequence[str]) -> list[str]:
    """Return the wards with the largest share of claimants in the first month.

    Parameters
    ----------
    monthly : DataFrame
        date, ward, group, outcome, value: of one arm, any number of seeds.
    benefits : sequence of str
        Outcomes that count as claiming.

    Returns
    -------
    list of str
        `N_WORST` codes, the worst first; none in an area of fewer than `FEWEST_WARDS`.
    """
    first = monthly[(monthly["date"] == monthly["date"].min()) & (monthly["ward"] != "all")]
    first = first[first["group"] == "all"].astype({"ward": str, "outcome": str})
    table = first.groupby(["ward", "outcome"])["value"].sum().unstack(fill_value=0.0)
    if len(table) < FEWEST_WARDS:
        return []
    claimants = table[[name for name in benefits if name in table]].sum(axis=1)
    share = (claimants / table["residents"]).sort_index()
    return [str(code) for code in share.sort_values(ascending=False, kind="stable").index[:N_WORST]]


def split_terms(name: str, terms: Sequence[str], groups: Sequence[str]) -> tuple[list[str], tuple]:
    """Part the terms of a set of one's own into places and groups of people.

    Parameters
    ----------
    name : str
        Of the set, for messages.
    terms : sequence of str
        Words for wards, or groups such as `lone_parent:1`, `age:16_24`, `group:ib_esa`.
    groups : sequence of str
        Those there are.

    Returns
    -------
    places : list of str
    groups : tuple of str
        Everybody if no group is named.

    Raises
    ------
    InputError
        If there is no such group, or groups are of more than one trait.
    """
    named = [term for term in terms if term.partition(":")[0] in TRAITS]
    problems = [
        f"sets.{name}: there is no group {term!r}; {did_you_mean(term, groups)}"
        for term in named
        if term not in groups
    ]
    if len({term.partition(":")[0] for term in named}) > 1:
        problems.append(
            f"sets.{name}: {', '.join(named)}; groups of one set must be of one kind, such as"
            " age:16_24 and age:25_34"
        )
    if problems:
        raise InputError(problems)
    return [term for term in terms if term not in named], tuple(named) or (EVERYBODY,)
