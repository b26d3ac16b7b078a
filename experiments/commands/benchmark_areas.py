"""Areas of every size for measuring, made of the wards of shipped ones, each of its own size."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from simulation.config import AreaConfig
from simulation.inputs.area import Area, gravity_commuting, load_area
from simulation.inputs.geography import Chances, chances_of_flows
from simulation.inputs.shipped import shipped_area_folder

APART_M = 200_000.0
"""Metres from one copy to the next: nobody commutes and no provider works so far."""
GREAT_BRITAIN = {"bcbc": 20, "tyne_and_wear": 4, "two_towns": 1040}
"""Copies of shipped areas that make 38 million people of working age in some 10,600 wards."""
WARDS_TOGETHER = 150
"""Small copies share the names of their districts until they have so many wards."""

Part = tuple[Area, np.ndarray]
"""An area and the rows of its wards that are taken."""


def tile_area(area: Area, people: float) -> Area:
    """Return an area of about so many people: more wards or fewer, each of its own size.

    Copies of the area stand apart, unconnected; what is left over, and an area smaller than the
    given one, are wards spread evenly over it, with the commuting among them.

    Parameters
    ----------
    area : Area
    people : float
        Residents wanted.
    """
    residents = area.wards["residents"].to_numpy()
    copies, rest = divmod(people, residents.sum())
    spread = [np.linspace(0, area.n_wards - 1, n).astype(int) for n in range(area.n_wards + 1)]
    some = min(spread, key=lambda rows: abs(residents[rows].sum() - rest))
    parts = [np.arange(area.n_wards)] * int(copies) + ([some] if some.size else [])
    return join_parts([(area, rows) for rows in parts], like=area)


def great_britain() -> Area:
    """Return a made area as large as Great Britain; its name is that of the first in it."""
    areas = {name: load_area(shipped_area_folder(name)) for name in GREAT_BRITAIN}
    parts = [
        (areas[name], np.arange(areas[name].n_wards))
        for name, copies in GREAT_BRITAIN.items()
        for _ in range(copies)
    ]
    return join_parts(parts, like=next(iter(areas.values())))


def join_parts(parts: Sequence[Part], *, like: Area) -> Area:
    """Return the parts as one area with the name and the joint table of another."""
    wards = pd.concat(list(_wards_of(parts)), ignore_index=True)
    wards["code"] = [f"{code}-{number}" for number, code in enumerate(wards["code"])]
    return dataclasses.replace(
        like,
        wards=wards,
        jobs=np.concatenate([area.jobs[rows] for area, rows in parts]),
        commuting=_commuting_of(parts),
    )


def _wards_of(parts: Sequence[Part]) -> Iterator[pd.DataFrame]:
    """Yield the wards of each part at a place and, but for the first, in districts of its own."""
    n_before: dict[str, int] = {}
    for number, (area, rows) in enumerate(parts):
        together = n_before.get(area.name, 0) // WARDS_TOGETHER
        n_before[area.name] = n_before.get(area.name, 0) + rows.size
        own = f" {together + 1}" if together else ""
        here = area.wards.iloc[rows]
        yield here.assign(
            district=here["district"] + own, easting=here["easting"] + number * APART_M
        )


def _commuting_of(parts: Sequence[Part]) -> Chances:
    """Return the chances among the wards of each part, one part after the other."""
    by_area = {area.name: commuting_chances(area) for area, _ in parts}
    homes, works, weights = [], [], []
    first = 0
    for area, rows in parts:
        chances = by_area[area.name]
        place = np.full(area.n_wards, -1)
        place[rows] = np.arange(first, first + rows.size)
        home = np.repeat(place, np.diff(chances.start))
        stays = (home >= 0) & (place[chances.work] >= 0)
        homes.append(home[stays])
        works.append(place[chances.work[stays]])
        weights.append(chances.chance[stays])
        first += rows.size
    home, work, weight = (np.concatenate(column) for column in (homes, works, weights))
    return chances_of_flows(home, work, weight, n_wards=first)


def commuting_chances(area: Area) -> Chances:
    """Return the chances of each work ward by home ward, by gravity where there is no table."""
    if area.commuting is not None:
        return area.commuting
    jobs = area.jobs.sum(axis=(1, 2))
    mean = AreaConfig().mean_commute_km
    return gravity_commuting(area.positions_km, jobs, mean_commute_km=mean)
