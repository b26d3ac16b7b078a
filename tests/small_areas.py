"""Areas made in memory for tests: a few wards, whole-number margins that agree."""

import numpy as np
import pandas as pd

from simulation.categories import (
    AGE_BANDS,
    ETHNICITIES,
    LEVELS,
    SECTORS,
    SIZE_BANDS,
    STATES,
)
from simulation.inputs.area import Area
from simulation.inputs.geography import chances_of_flows

STATE_SHARES = np.array([0.66, 0.06, 0.09, 0.03, 0.04, 0.03, 0.09])


def split(total, shares):
    """Whole numbers in about these shares that add up to the total."""
    running = np.round(np.cumsum(np.asarray(shares, float)) / np.sum(shares) * total)
    return np.diff(running, prepend=0).astype(int)


def sparse(chances):
    """The chances of a table with a row for each home ward and a column for each work ward."""
    home, work = np.nonzero(chances)
    return chances_of_flows(home, work, chances[home, work], n_wards=len(chances))


def dense(chances):
    """The same as a table with a row for each home ward and a column for each work ward."""
    table = np.zeros((chances.start.size - 1,) * 2)
    for home, row in enumerate(table):
        work, chance = chances.of(home)
        row[work] = chance
    return table


def make_area(residents, *, commuting=None, shares=STATE_SHARES, priority=None, districts=None):
    """An area with one ward for each number of residents, 3 km apart along a line."""
    n = len(residents)
    columns = {
        "code": [f"W{ward}" for ward in range(n)],
        "name": [f"Ward {ward}" for ward in range(n)],
        "district": districts or ["Town"] * n,
        "easting": 3000.0 * np.arange(n),
        "northing": np.zeros(n),
        "priority": [int(ward == 0) for ward in range(n)] if priority is None else priority,
        "residents": residents,
    }
    for names, weights in (
        (STATES, shares),
        ([f"qual_{level}" for level in LEVELS], [0.3, 0.18, 0.17, 0.14, 0.21]),
        ([f"age_{band}" for band in AGE_BANDS], [0.19, 0.21, 0.32, 0.28]),
        ([f"eth_{name}" for name in ETHNICITIES], [0.8, 0.02, 0.11, 0.05, 0.02]),
    ):
        table = np.array([split(total, weights) for total in residents])
        columns |= {name: table[:, number] for number, name in enumerate(names)}
    wards = pd.DataFrame(columns)
    jobs = np.zeros((n, len(SECTORS), len(SIZE_BANDS)), dtype=np.int64)
    for ward, employed in enumerate(wards["employed"]):
        for sector, number in enumerate(split(employed, np.arange(9, 0, -1))):
            jobs[ward, sector] = split(number, [0.3, 0.3, 0.25, 0.15])
    joint = np.ones((len(AGE_BANDS), len(ETHNICITIES), len(LEVELS), len(STATES)))
    if commuting is not None:
        commuting = sparse(commuting)
    return Area(name="made", wards=wards, jobs=jobs, commuting=commuting, joint=joint)
