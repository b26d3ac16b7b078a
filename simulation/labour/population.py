"""From an area's tables to one row a person: the fit, then what each brings to the first day."""

from __future__ import annotations

import numpy as np

from simulation.agents.columns import People, check_fits, new_columns
from simulation.categories import State
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.inputs.margins import TOLERANCE, fit_to_margins
from simulation.inputs.rounding import round_to_counts
from simulation.inputs.schema import (
    AGE_COLUMNS,
    ETHNICITY_COLUMNS,
    QUALIFICATION_COLUMNS,
    STATE_COLUMNS,
)
from simulation.labour.first_day import bring_to_first_day, load_lives, start_rates
from simulation.labour.linkage import advantages
from simulation.streams import check_seed

MARGINS = [
    list(columns)
    for columns in (STATE_COLUMNS, AGE_COLUMNS, ETHNICITY_COLUMNS, QUALIFICATION_COLUMNS)
]
"""Columns of `wards.csv` for each characteristic, in the order of the fitted table."""


def fit_table(area: Area) -> np.ndarray:
    """Return people by ward, state, age band, ethnicity and qualification.

    The area's joint table is fitted to each ward's margins.

    Parameters
    ----------
    area : Area

    Returns
    -------
    ndarray of float64, shape (n_wards, 7, 4, 5, 5)

    Raises
    ------
    InputError
        If the joint table leaves no way to meet the margins.
    """
    seed = np.moveaxis(area.joint, -1, 0)[None]
    seed = np.repeat(seed, area.n_wards, axis=0)
    margins = [area.wards[names].to_numpy(np.float64) for names in MARGINS]
    indices = [[0, dimension] for dimension in range(1, 5)]
    try:
        table, largest = fit_to_margins(seed, indices, margins)
    except ValueError as error:
        raise InputError(f"area {area.name}: the margins of wards.csv disagree: {error}") from error
    if not largest < TOLERANCE:
        raise InputError(
            f"area {area.name}: joint.csv cannot be fitted to the margins of wards.csv"
            f" (largest error {largest:.1f} people); give every combination some weight"
        )
    return table


def agents_by_cell(area: Area, people_per_agent: int, *, has_outside: bool = False) -> np.ndarray:
    """Return whole agents by ward, state, age band, ethnicity and qualification.

    Parameters
    ----------
    area : Area
    people_per_agent : int
    has_outside : bool
        Whether the last ward is outside the area: it is rounded by itself, so that residents are
        the same with and without it.

    Returns
    -------
    ndarray of int64, shape (n_wards, 7, 4, 5, 5)
        The fitted table over `people_per_agent`, rounded so that its counts are kept.

    Raises
    ------
    InputError
        If the tables cannot be fitted.
    """
    table = fit_table(area) / people_per_agent
    if not has_outside:
        return round_to_counts(table)
    return np.concatenate([round_to_counts(table[:-1]), round_to_counts(table[-1:])])


def build_people(area: Area, config: Config, *, seed: int) -> People:
    """Return the area's residents of working age on the first day, employers not yet set.

    Parameters
    ----------
    area : Area
    config : Config
    seed : int

    Returns
    -------
    People
        Sorted by ward and state; `id` is the row.

    Raises
    ------
    InputError
        If the tables cannot be fitted or `people_per_agent` leaves nobody.
    """
    check_fits(f"area {area.name}: wards", area.n_wards, np.uint16)
    counts = agents_by_cell(area, config.people_per_agent, has_outside=config.gate.is_open)
    check_fits(f"area {area.name}: people", int(counts.sum()), np.int32)
    ward, state, band, ethnicity, qualification = (
        index.astype(np.uint16) for index in np.unravel_index(np.arange(counts.size), counts.shape)
    )
    cells = np.repeat(np.arange(counts.size, dtype=np.int32), counts.ravel())
    if cells.size == 0:
        raise InputError(
            f"people_per_agent={config.people_per_agent} leaves nobody in area {area.name};"
            f" it has {int(area.wards['residents'].sum())} residents"
        )
    people = new_columns(People, cells.size)
    people.id[:] = np.arange(cells.size)
    people.ward[:] = ward[cells]
    people.state[:] = state[cells]
    people.ethnicity[:] = ethnicity[cells]
    people.qualification[:] = qualification[cells]
    people.has_searched[:] = people.state != State.INACTIVE_NO_BENEFIT
    advantage = advantages(
        people,
        band[cells],
        is_outside=people.ward >= area.n_wards - config.gate.is_open,
        correlation=config.population.barrier_correlation,
        seed=seed,
    )
    rates = start_rates(area, config)
    bring_to_first_day(people, band[cells], advantage, check_seed(seed), rates, load_lives())
    return people
