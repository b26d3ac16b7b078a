"""The tables a run of the labour market reads: loaded once a process, checked before it runs."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import Area, load_area
from simulation.inputs.local_events import parse_local_events
from simulation.inputs.of_config import demand_of
from simulation.inputs.users_files import area_folder, digest
from simulation.labour import hiring_rules
from simulation.labour.dated_rates import dated_rates
from simulation.support.set_up import set_up_support

AREAS_KEPT = 4


@lru_cache(maxsize=AREAS_KEPT)
def _loaded(folder: str, content: str) -> Area:
    """Return the area of a folder with this content, loaded once a process."""
    return load_area(folder)


def loaded_area(config: Config) -> Area:
    """Return the area a configuration names; loaded once while its files do not change.

    Raises
    ------
    InputError
        One line for each problem in its tables.
    """
    folder = area_folder(config)
    return _loaded(str(folder), digest(folder))


def check_map(config: Config) -> None:
    """Read the area, and see that its map has an outline of every ward, which only reports draw.

    Raises
    ------
    InputError
        One line for each problem.
    """
    area = loaded_area(config)
    if config.area.boundaries is not None:
        # Late: Matplotlib is slow to import, and only outlines need it.
        from simulation.report.figures.boundaries import read_outlines

        read_outlines(Path(config.area.boundaries).expanduser(), area.wards["code"])


def check_tables(config: Config) -> None:
    """Read every table a run needs.

    Raises
    ------
    InputError
        One line a problem.
    """
    area = loaded_area(config)
    problems: list[str] = []
    for check in (
        partial(hiring_rules.rule_named, config.hiring.rule),
        partial(demand_of, config),
        partial(dated_rates, config),
        partial(
            parse_local_events,
            config.economy.events,
            wards=area.wards,
            start=config.start,
            n_weeks=config.weeks,
        ),
        partial(set_up_support, config, area, n_people=0, seed=np.uint64(0)),
        partial(check_map, config),
    ):
        try:
            check()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
