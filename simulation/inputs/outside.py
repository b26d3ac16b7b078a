"""An area with an open gate: a ward more, where residents work and from where others come.

The ward outside has the jobs of residents who work outside and nobody else's, and the homes of
people like the area's own, so many that those in work hold the given share of the jobs inside.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from simulation.config import Config
from simulation.inputs.area import Area, gravity_commuting
from simulation.inputs.demand import demand_days, load_demand_path, resolve_demand_file
from simulation.inputs.geography import Chances
from simulation.inputs.schema import IDENTITIES
from simulation.inputs.years import Years, check_years

OUTSIDE = "outside"


def with_outside(area: Area, config: Config) -> Area:
    """Return an area with the ward outside as its last; the same area where the gate is closed.

    Parameters
    ----------
    area : Area
    config : Config
    """
    gate = config.gate
    if not gate.is_open:
        return area
    chances = area.commuting
    if chances is None:
        jobs = area.jobs.sum(axis=(1, 2))
        chances = gravity_commuting(
            area.positions_km, jobs, mean_commute_km=config.area.mean_commute_km
        )
    leave, held = gate.works_outside, gate.held_from_outside
    come = held / (1.0 - held) * (1.0 - leave)
    wards = pd.concat([area.wards, _ward(area, come, gate.distance_km)], ignore_index=True)
    jobs_outside = np.rint(area.jobs.sum(axis=0, keepdims=True) * leave).astype(np.int64)
    return replace(
        area,
        wards=wards,
        jobs=np.concatenate([area.jobs, np.maximum(jobs_outside, 1)]),
        commuting=_commuting(area, chances, leave),
    )


def _ward(area: Area, come: float, distance_km: float) -> pd.DataFrame:
    """Return the row of the ward outside: the area's residents, so many times."""
    total = area.wards.sum(numeric_only=True)
    residents = int(round(total["residents"] * come))
    row: dict[str, object] = {"code": OUTSIDE, "name": "Outside the area", "district": OUTSIDE}
    row |= {"priority": 0, "daf": 0, "residents": residents}
    row["easting"] = area.wards["easting"].mean()
    row["northing"] = area.wards["northing"].mean() + 1000.0 * distance_km
    for columns in IDENTITIES:
        shares = np.cumsum(total[list(columns)].to_numpy(np.float64))
        upto = np.rint(shares / shares[-1] * residents).astype(np.int64)
        row |= dict(zip(columns, np.diff(upto, prepend=0).tolist(), strict=True))
    return pd.DataFrame([row])


def _commuting(area: Area, chances: Chances, leave: float) -> Chances:
    """Return chances with a way out of every ward, and the ways in from outside."""
    n = area.n_wards
    going = chances.chance * np.repeat(area.wards["employed"], np.diff(chances.start))
    to = np.bincount(chances.work, going, minlength=n)
    come_to = np.flatnonzero(to)
    ends = chances.start[1:]
    work = np.concatenate([np.insert(chances.work, ends, n), come_to])
    out = np.insert(chances.chance * (1.0 - leave), ends, leave)
    start = chances.start + np.arange(n + 1)
    return Chances(
        np.append(start, work.size),
        work.astype(chances.work.dtype),
        np.concatenate([out, to[come_to] / to.sum()]),
    )


def demand_outside(config: Config, demand: np.ndarray) -> np.ndarray | None:
    """Return demand outside over that inside, float64 (weeks, n_sectors); None if it is the same.

    Parameters
    ----------
    config : Config
    demand : ndarray of float64, shape (weeks, n_sectors)
        Of the area.

    Raises
    ------
    InputError
        One line for each problem in its table, or if the run leaves its years.
    """
    if not config.gate.is_open or config.gate.file is None:
        return None
    check_years(config, outside_years(config))
    file = resolve_demand_file(config.gate.file)
    return load_demand_path(file, start=config.start, n_weeks=config.weeks) / demand


def outside_years(config: Config) -> list[Years]:
    """Return the years the table of demand outside speaks of; none where there is no table."""
    if not config.gate.is_open or config.gate.file is None:
        return []
    first, last = demand_days(resolve_demand_file(config.gate.file))
    give = "give every sector a point on or before the first day and one on or after the last"
    return [Years(f"gate.file {config.gate.file}", first, last, give)]
