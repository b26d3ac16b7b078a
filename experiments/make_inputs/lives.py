"""Simulate the lives of the first day: `conf/population/lives.csv`.

    python -m experiments.make_inputs.lives FILE

A steady market is simulated for ten years and asked what people of each state and age have been
through. It begins with the lives shipped before, so that the command, given again and again, ends
at lives that the rates of the model keep (`docs/decisions/steady.md`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from simulation.agents.columns import People
from simulation.categories import AGE_BAND_STARTS, AGE_LEAVES, N_STATES, START_WEEKS, WEEKS_PER_YEAR
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.labour.economy import WEEKS_PER_QUARTER
from simulation.labour.first_day import JSA_DURATIONS, Lives, duration_of, ward_ability
from simulation.labour.rates import turnover_of_residents
from simulation.model import LabourMarket

STEADY = Config(weeks=520, people_per_agent=5, beyond="hold").replace(
    economy={"name": "steady", "file": None}, benefits={"frozen": True}
)
SEED = 7
PER_GROUP = 160
KEYS = ["state", "duration", "age_band"]
CLOCKS = ["weeks_in_state", "weeks_since_job", "workless_weeks"]


def lives_of(people: People, shift: np.ndarray) -> pd.DataFrame:
    """Return a row a person, with the columns of the file; `shift` of ability, by home ward."""
    columns = {name: getattr(people, name) for name in Lives._fields if hasattr(people, name)}
    table = pd.DataFrame({"state": people.state, **columns}).astype({"is_long_claim": int})
    table["duration"] = duration_of(people.state, people.weeks_in_state)
    ages = WEEKS_PER_YEAR * np.array(AGE_BAND_STARTS[1:])
    table["age_band"] = np.searchsorted(ages, people.age_weeks, "right")
    table["kept"] = people.employability / np.maximum(people.ability, 1e-9)
    table["ability"] -= shift[people.ward]
    table["has_worked"] = (people.sector >= 0).astype(int)
    return table[[*KEYS, *Lives._fields[1:]]]


def weights_of(table: pd.DataFrame, states: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Return each row's weight: states keep their number on the first day, and so do ages.

    Parameters
    ----------
    table : DataFrame
    states : ndarray of float64, shape (7, 4)
        People on the first day, by state and age band.
    ages : ndarray of float64, shape (196,)
        People by quarter of a year of age from 16 in a population that does not change.
    """
    made = np.zeros(states.shape)
    np.add.at(made, (table["state"], table["age_band"]), 1.0)
    share = np.divide(states, made, out=np.zeros(made.shape), where=made > 0.0)
    weight = share[table["state"], table["age_band"]]
    quarter = (table["age_weeks"].to_numpy() - START_WEEKS) // WEEKS_PER_QUARTER
    by_quarter = np.bincount(quarter, weight, minlength=ages.size)
    factor = np.divide(ages, by_quarter, out=np.zeros(ages.size), where=by_quarter > 0.0)
    return weight * factor[quarter]


def steady_ages(area: Area) -> np.ndarray:
    """Return people by quarter of a year of age, if those of a band leave at the area's rates."""
    leave, arrive = turnover_of_residents(area)
    ages, entering = [], 0.0
    limits = [*AGE_BAND_STARTS, AGE_LEAVES]
    for band, (first, last) in enumerate(zip(limits, limits[1:], strict=False)):
        entering += arrive[band]
        for _ in range(4 * (last - first)):
            left = entering * np.exp(-leave[band] / 4)
            ages.append(0.5 * (entering + left) / 4)
            entering = left
    return np.array(ages)


def chosen(table: pd.DataFrame, weight: np.ndarray) -> pd.DataFrame:
    """Return `PER_GROUP` rows of each group in the order of age.

    They lie at even steps of the weight in the order of years of age and, in a year, of time in
    the state, so that both are met with little chance. Ages are then those at the steps.
    """
    table = table.assign(weight=weight, year=table["age_weeks"] // WEEKS_PER_YEAR)
    table = table.sort_values([*KEYS, "year", "weeks_in_state"], kind="stable")
    steps = (np.arange(PER_GROUP) + 0.5) / PER_GROUP
    parts = []
    for _, group in table.groupby(KEYS):
        reached = group["weight"].cumsum() / group["weight"].sum()
        rows = group.iloc[np.searchsorted(reached, steps)].sort_values("age_weeks", kind="stable")
        by_age = group.sort_values("age_weeks")
        reached = by_age["weight"].cumsum() / by_age["weight"].sum()
        first = np.searchsorted(reached, np.arange(PER_GROUP) / PER_GROUP)
        parts.append(rows.assign(age_weeks=by_age["age_weeks"].to_numpy()[first]))
    rows = pd.concat(parts).drop(columns=["weight", "year"])
    adult = rows["age_weeks"] - START_WEEKS
    return rows.assign(**{clock: np.minimum(rows[clock], adult) for clock in CLOCKS})


def import_lives(output: Path, config: Config = STEADY) -> pd.DataFrame:
    """Write the lives of a steady market into a file.

    Parameters
    ----------
    output : Path
    config : Config

    Returns
    -------
    DataFrame
    """
    model = LabourMarket(config, SEED)
    first = lives_of(model.people, np.zeros(model.area.n_wards))
    states = np.zeros((N_STATES, len(AGE_BAND_STARTS)))
    np.add.at(states, (first["state"], first["age_band"]), 1.0)
    while model.running:
        model.step()
    table = lives_of(model.people, ward_ability(model.area, config))
    table = table[table["weeks_in_state"].lt(JSA_DURATIONS[-1]) | table["duration"].eq(0)]
    table = chosen(table, weights_of(table, states, steady_ages(model.area)))
    table.to_csv(output, index=False, float_format="%.3f", lineterminator="\n")
    return table


if __name__ == "__main__":
    import_lives(Path(sys.argv[1]))
