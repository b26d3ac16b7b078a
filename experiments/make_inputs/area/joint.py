"""The seed for the synthetic population: who, by age, ethnicity and level, is in which state.

Only its conditional structure matters. The microdata has neither benefits nor qualifications,
so both are read from what it has, by rules that stand here to be looked at.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.make_inputs.area.raking import rake, rake_parts
from experiments.make_inputs.area.sources import Sources, of
from simulation.categories import (
    AGE_BANDS,
    BENEFIT_STATES,
    ETHNICITIES,
    LEVELS,
    STATES,
    State,
)
from simulation.errors import InputError, cut
from simulation.inputs.schema import AGE_COLUMNS, ETHNICITY_COLUMNS, QUALIFICATION_COLUMNS

SHAPE = (len(AGE_BANDS), len(ETHNICITIES), len(LEVELS), len(STATES))

AGE_SHARES = {2: {0: 1.0}, 3: {1: 1.0}, 4: {2: 1.0}, 5: {2: 0.5, 3: 0.5}, 6: {3: 1.0}}
"""Census age code to age bands: 45-54 is halved between 35-49 and 50-64."""

STATE_SHARES = {
    1: {State.EMPLOYED: 1.0},
    2: {State.EMPLOYED: 1.0},
    3: {State.JSA: 0.65, State.SEEKING_NO_BENEFIT: 0.35},
    4: {State.EMPLOYED: 0.85, State.SEEKING_NO_BENEFIT: 0.15},
    5: {State.INACTIVE_NO_BENEFIT: 0.85, State.OTHER_BENEFIT: 0.15},
    6: {State.INACTIVE_NO_BENEFIT: 1.0},
    7: {State.INACTIVE_NO_BENEFIT: 0.75, State.OTHER_BENEFIT: 0.25},
    8: {State.IB_ESA: 0.85, State.OTHER_BENEFIT: 0.15},
    9: {State.INACTIVE_NO_BENEFIT: 0.5, State.OTHER_BENEFIT: 0.5},
}
"""Economic activity code to state; an approximation, as the census does not ask for benefits."""

LONE_PARENT_FAMILIES = (4, 5)
HOME_MAKER = 7

LEVEL_SHARES = {
    1: (0.08, 0.14, 0.20, 0.18, 0.40),
    2: (0.01, 0.03, 0.05, 0.09, 0.82),
    3: (0.04, 0.11, 0.18, 0.20, 0.47),
    4: (0.09, 0.20, 0.28, 0.19, 0.24),
    5: (0.20, 0.20, 0.28, 0.20, 0.12),
    6: (0.13, 0.18, 0.29, 0.22, 0.18),
    7: (0.15, 0.23, 0.30, 0.20, 0.12),
    8: (0.33, 0.26, 0.24, 0.10, 0.07),
    9: (0.36, 0.24, 0.22, 0.12, 0.06),
    -9: (0.50, 0.20, 0.15, 0.08, 0.07),
}
"""Occupation (now or last; -9 none) to highest qualification, assumed in place of data."""

STUDENT_LEVELS = (0.10, 0.20, 0.30, 0.34, 0.06)
STUDENT = 6
OUT_OF_WORK_TILT = np.array([1.6, 1.2, 1.0, 0.8, 0.6])
"""Within an occupation those out of work are less qualified; an assumption."""


def microdata_counts(sources: Sources) -> np.ndarray:
    """Count the region's people in the microdata by age, ethnicity, qualification and state.

    Returns
    -------
    ndarray of float64, shape (4, 5, 5, 7)
        People of the sample, in fractions where a code stands for several categories.
    """
    people = sources.table("microdata")
    keep = people["Region"] == sources.recipe["microdata_region"]
    keep &= people["Age"].isin(AGE_SHARES) & people["Economic Activity"].isin(STATE_SHARES)
    path = sources.path("microdata")
    keep &= people["Ethnic Group"].isin(range(1, len(ETHNICITY_COLUMNS) + 1))
    if not keep.any():
        region = sources.recipe["microdata_region"]
        raise InputError(f"{path}: nobody of region {cut(region)}, which the recipe asks for")
    keys = ["Age", "Ethnic Group", "Occupation", "Economic Activity", "Family Composition"]
    counts = np.zeros(SHAPE)
    for key, number in people[keep].groupby(keys).size().items():
        age, ethnicity, occupation, activity, family = key
        states = STATE_SHARES[activity]
        if activity == HOME_MAKER and family in LONE_PARENT_FAMILIES:
            states = {State.LONE_PARENT: 1.0}
        of_occupation = of(LEVEL_SHARES, occupation, f"{path}: Occupation")
        levels = np.array(STUDENT_LEVELS if activity == STUDENT else of_occupation)
        for band, of_age in AGE_SHARES[age].items():
            for state, of_state in states.items():
                mix = levels * OUT_OF_WORK_TILT if state in BENEFIT_STATES else levels
                share = number * of_age * of_state * mix / mix.sum()
                counts[band, ethnicity - 1, :, state] += share
    return counts


def smooth(counts: np.ndarray, pseudo_people: float) -> np.ndarray:
    """Add to each cell what independence of the four would put there.

    Parameters
    ----------
    counts : ndarray of float64, shape (4, 5, 5, 7)
        People of the sample.
    pseudo_people : float
        Added people per cell on average.

    Returns
    -------
    ndarray of float64, same shape
        Positive where every margin is.
    """
    share = np.ones(())
    for axis in range(counts.ndim):
        others = tuple(other for other in range(counts.ndim) if other != axis)
        share = np.multiply.outer(share, counts.sum(axis=others) / counts.sum())
    return counts + pseudo_people * counts.size * share


def age_by_state(sources: Sources, seed: np.ndarray, *, residents: pd.DataFrame) -> np.ndarray:
    """Fit age by state to the area's totals and to what is known of the ages of claimants.

    Shares aged over 50 of those on incapacity benefit and of all claimants, share under 25 of
    those on JSA. That of all claimants is known for priority wards and used for all.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    seed : ndarray of float64, shape (4, 7)
        Structure.
    residents : DataFrame
        From `ward_people`.

    Returns
    -------
    ndarray of float64, shape (4, 7)
        People.
    """
    claiming = np.isin(np.arange(len(STATES)), BENEFIT_STATES)
    ages, states = np.indices(seed.shape)
    totals = residents.sum()
    parts = [(states == code, float(totals[name])) for code, name in enumerate(STATES)]
    parts += [(ages == code, float(totals[name])) for code, name in enumerate(AGE_COLUMNS)]
    claimants = totals[[STATES[state] for state in BENEFIT_STATES]].sum()
    known = (
        ("ib_over_50", totals["ib_esa"], (ages == 3) & (states == State.IB_ESA)),
        ("jsa_under_25", totals["jsa"], (ages == 0) & (states == State.JSA)),
        ("claimants_over_50", claimants, (ages == 3) & claiming[states]),
    )
    for key, people, cells in known:
        parts.append((cells, float(people) * sources.target(key) / 100.0))
    return rake_parts(seed, parts, what="age by state")


def joint_array(sources: Sources, residents: pd.DataFrame) -> np.ndarray:
    """Return the seed fitted to the area's ages by state, ethnicities and qualifications.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    residents : DataFrame
        From `ward_people`.

    Returns
    -------
    ndarray of float64, shape (4, 5, 5, 7)
        People of the area.
    """
    seed = smooth(
        microdata_counts(sources), sources.recipe["assumptions"]["pseudo_people_per_joint_cell"]
    )
    ages = age_by_state(sources, seed.sum(axis=(1, 2)), residents=residents)
    total = residents.sum()
    # Ages by state were fitted by rounds; make the totals equal to the last digit.
    margins = [
        ages * (total["residents"] / ages.sum()),
        total[list(ETHNICITY_COLUMNS)].to_numpy(),
        total[list(QUALIFICATION_COLUMNS)].to_numpy(),
    ]
    return rake(seed, [[0, 3], [1], [2]], margins, what="joint")


def joint_table(joint: np.ndarray) -> pd.DataFrame:
    """Return the seed as the rows of `joint.csv`, in people to a hundredth."""
    index = pd.MultiIndex.from_product(
        [AGE_BANDS, ETHNICITIES, LEVELS, STATES],
        names=["age", "ethnicity", "qualification", "state"],
    )
    return pd.DataFrame({"people": joint.ravel().round(2)}, index=index).reset_index()
