"""Residents of every ward by state, qualification, age and ethnicity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.make_inputs.area.raking import rake, round_rows, round_whole
from experiments.make_inputs.area.sources import Sources
from experiments.make_inputs.area.targets import Targets, district_jsa, modelled_unemployment
from simulation.categories import STATES, State
from simulation.errors import InputError
from simulation.inputs.schema import AGE_COLUMNS, ETHNICITY_COLUMNS, QUALIFICATION_COLUMNS


def tilt(wards: pd.DataFrame, measure: str) -> np.ndarray:
    """Return a measure as standard scores around the mean of the ward's constituency.

    Returns
    -------
    ndarray of float64, shape (n_wards,)
        In standard deviations of all wards of the area.
    """
    inside = wards.groupby("constituency")[measure].transform("mean")
    return ((wards[measure] - inside) / wards[measure].std()).to_numpy()


def census_shares(
    wards: pd.DataFrame, constituencies: pd.DataFrame, assumptions: dict
) -> dict[str, pd.DataFrame]:
    """Spread the Census 2011 margins of constituencies over their wards.

    Ages 25-34 take a third of those aged 30-44, 50-64 two thirds of those aged 45-59.
    Apprenticeships count as level 2, other qualifications as level 1. Within a constituency
    odds are tilted by the ward's skills or deprivation (see the recipe's assumptions).

    Parameters
    ----------
    wards : DataFrame
        From `read_wards`.
    constituencies : DataFrame
        From `read_constituencies`.
    assumptions : dict
        Of the recipe.

    Returns
    -------
    dict of DataFrame
        `qualifications`, `ages`, `ethnicities`: one row a ward, shares that sum to one.
    """
    here = constituencies.loc[wards["constituency"]].reset_index(drop=True)
    levels = pd.DataFrame(
        {
            "qual_0": here["qual_none"],
            "qual_1": here["qual_level_1"] + here["qual_other"],
            "qual_2": here["qual_level_2"] + here["qual_apprentice"],
            "qual_3": here["qual_level_3"],
            "qual_4": here["qual_level_4"],
        }
    )
    young = here[["age_16_to_17", "age_18_to_19", "age_20_to_24"]].sum(axis=1)
    ages = pd.DataFrame(
        {
            "age_16_24": young,
            "age_25_34": here["age_25_to_29"] + here["age_30_to_44"] / 3,
            "age_35_49": here["age_30_to_44"] * 2 / 3 + here["age_45_to_59"] / 3,
            "age_50_64": here["age_45_to_59"] * 2 / 3 + here["age_60_to_64"],
        }
    )
    groups = here[[f"ethnicity_{name.removeprefix('eth_')}" for name in ETHNICITY_COLUMNS]].copy()
    groups.columns = ETHNICITY_COLUMNS
    by_level = -assumptions["skills_tilt_of_qualification"] * np.arange(5)
    by_age = -assumptions["deprivation_tilt_of_age"] * np.arange(4)
    by_group = assumptions["deprivation_tilt_of_ethnicity"] * (np.arange(5) > 0)
    tilted = {
        "qualifications": levels * np.exp(np.outer(tilt(wards, "skills"), by_level)),
        "ages": ages * np.exp(np.outer(tilt(wards, "deprivation"), by_age)),
        "ethnicities": groups * np.exp(np.outer(tilt(wards, "deprivation"), by_group)),
    }
    return {key: table.div(table.sum(axis=1), axis=0) for key, table in tilted.items()}


def ward_people(
    sources: Sources,
    wards: pd.DataFrame,
    *,
    constituencies: pd.DataFrame,
    shares: dict[str, pd.DataFrame],
    targets: Targets,
) -> pd.DataFrame:
    """Fit residents by state, qualification, age and ethnicity to the targets.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    wards, constituencies, shares
        From `read_wards`, `read_constituencies` and `census_shares`.
    targets : Targets
        From `find_targets`.

    Returns
    -------
    DataFrame
        One row a ward: residents, seven states, five qualifications, four age bands, five
        ethnicities; whole numbers, each breakdown adding up to the residents.
    """
    residents = np.zeros(len(wards), np.int64)
    for group, total in enumerate(targets.residents):
        inside = targets.group == group
        residents[inside] = round_whole(wards.loc[inside, "people"].to_numpy(), int(total))
    seeds = state_seeds(
        sources,
        wards,
        constituencies=constituencies,
        residents=residents,
        totals=targets.states.sum(axis=0),
    )
    states = _fit(seeds, residents, targets.group, targets.states, what="states")
    people = {key: table.to_numpy() * residents[:, None] for key, table in shares.items()}
    levels = people["qualifications"]
    if targets.qualifications is None:
        levels = round_rows(levels)
    else:
        levels = _fit(levels, residents, targets.group, targets.qualifications, what="levels")
    blocks = {
        STATES: states,
        QUALIFICATION_COLUMNS: levels,
        AGE_COLUMNS: round_rows(people["ages"]),
        ETHNICITY_COLUMNS: _ethnicities(people["ethnicities"], residents, targets.minority),
    }
    frames = [pd.DataFrame(block, columns=list(names)) for names, block in blocks.items()]
    return pd.concat([pd.DataFrame({"residents": residents}), *frames], axis=1)


def _ethnicities(people: np.ndarray, residents: np.ndarray, minority: float | None) -> np.ndarray:
    """Fit ethnicities to the share that is not white, where it is known."""
    if minority is None:
        return round_rows(people)
    total = int(residents.sum())
    others = round_whole(people[:, 1:].sum(axis=0), round(total * minority))
    margin = np.concatenate([[total - others.sum()], others])[None, :]
    return _fit(people, residents, np.zeros_like(residents), margin, what="ethnicities")


def _fit(
    seeds: np.ndarray, residents: np.ndarray, group: np.ndarray, totals: np.ndarray, *, what: str
) -> np.ndarray:
    """Fit the wards of each group to their residents and the group's totals, in whole people."""
    fitted = np.zeros(seeds.shape, np.int64)
    for index, margin in enumerate(totals):
        inside = group == index
        table = rake(seeds[inside], [[0], [1]], [residents[inside], margin], what=what)
        fitted[inside] = round_rows(_exact_rows(table, residents[inside]))
    return fitted


def _exact_rows(table: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Remove what rounding of floating numbers left of the difference to the row totals."""
    return table * (totals / table.sum(axis=1))[:, None]


def state_seeds(
    sources: Sources,
    wards: pd.DataFrame,
    *,
    constituencies: pd.DataFrame,
    residents: np.ndarray,
    totals: np.ndarray,
) -> np.ndarray:
    """Return where people in each state probably live, before fitting to groups of wards.

    JSA and IB/ESA share the ward's claimants of 2008: first unemployment of 2001 (in each
    district scaled to its later level, where known) against health. Lone parents follow low
    income and lone-parent households, others low income. Those without benefit follow the
    Census 2011 students, home-makers and other inactive; seekers lie halfway (geometric mean)
    between residents and JSA. The employed are the remainder.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    wards, constituencies
        From `read_wards` and `read_constituencies`.
    residents : ndarray of int64, shape (n_wards,)
        People.
    totals : ndarray of int64, shape (7,)
        People of the area by state.

    Returns
    -------
    ndarray of float64, shape (n_wards, 7)
        People; columns add up to `totals`.

    Raises
    ------
    InputError
        If a ward has nobody left to be employed.
    """
    here = constituencies.loc[wards["constituency"]]
    rate = sources.recipe["assumptions"]["health_tilt_of_ib"]
    sick = residents * np.exp(rate * wards["health"].to_numpy() / wards["health"].std())
    claiming = residents * wards["employment"].to_numpy()
    margin = totals[[State.JSA, State.IB_ESA]].astype(float)
    pair = np.column_stack([_unemployed(sources, wards), sick])
    pair = pair / pair.sum(axis=0) * margin
    rows = claiming * margin.sum() / claiming.sum()
    pair = rake(pair, [[0], [1]], [rows, margin], what="JSA against IB")
    poor = residents * wards["income"].to_numpy()
    idle = here[["economically_inactive_student", "looking_after_home", "economic_inactive_other"]]
    seeds = np.zeros((len(wards), len(State)))
    seeds[:, State.JSA], seeds[:, State.IB_ESA] = pair[:, 0], pair[:, 1]
    seeds[:, State.LONE_PARENT] = poor * here["household_lone_dependents"].to_numpy()
    seeds[:, State.OTHER_BENEFIT] = poor
    seeds[:, State.SEEKING_NO_BENEFIT] = np.sqrt(pair[:, 0] * residents)
    seeds[:, State.INACTIVE_NO_BENEFIT] = residents * idle.sum(axis=1).to_numpy()
    seeds[:, 1:] *= totals[1:] / seeds[:, 1:].sum(axis=0)
    seeds[:, State.EMPLOYED] = residents - seeds.sum(axis=1)
    if (seeds <= 0).any():
        raise InputError("a ward has more people out of work than residents; check the data files")
    return seeds


def _unemployed(sources: Sources, wards: pd.DataFrame) -> np.ndarray:
    """Return the unemployed of 2001 by ward, each district scaled to its later level."""
    before = wards["unemployed_2001"].to_numpy(float)
    if "jsa" not in sources.recipe:
        return before
    level = modelled_unemployment(sources)
    counts = district_jsa(sources)
    # Counted districts keep their counts; the others are put on the same footing.
    level = level * counts.sum() / level[counts.index].sum()
    level.loc[counts.index] = counts
    by_district = wards.groupby("district")["unemployed_2001"].transform("sum").to_numpy()
    return before / by_district * wards["district"].map(level).to_numpy()
