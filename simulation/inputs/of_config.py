"""What a configuration names, loaded: its area, its path of demand, its values given by key."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation.categories import SECTORS
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import Area, load_area
from simulation.inputs.demand import demand_days, load_demand_path, resolve_demand_file
from simulation.inputs.shipped import shipped_area_folder
from simulation.inputs.years import Years, check_years


def area_of(config: Config) -> Area:
    """Load the area a configuration names.

    Raises
    ------
    InputError
        One line for each problem in its tables.
    """
    folder = config.area.folder
    return load_area(folder if folder is not None else shipped_area_folder(config.area.name))


def demand_of(config: Config) -> np.ndarray:
    """Return the index of desired jobs, float64 (weeks, n_sectors), 1 at the start.

    Raises
    ------
    InputError
        One line for each problem in its table, or if the run leaves its years.
    """
    if config.economy.file is None:
        return np.ones((config.weeks, len(SECTORS)))
    file = resolve_demand_file(config.economy.file)
    check_years(config, demand_years(config))
    return load_demand_path(file, start=config.start, n_weeks=config.weeks)


def demand_years(config: Config) -> list[Years]:
    """Return the years the table of demand speaks of; none where there is no table."""
    if config.economy.file is None:
        return []
    first, last = demand_days(resolve_demand_file(config.economy.file))
    give = "give every sector a point on or before the first day and one on or after the last"
    return [Years(f"economy.file {config.economy.file}", first, last, give)]


def with_parameters(config: Config, parameters: dict[str, Any]) -> Config:
    """Return a configuration with values given by key, `__` for the dot."""
    if not isinstance(config, Config):
        raise InputError(
            f"config must be a Config, got {type(config).__name__}; in mesa.batch_run give it in a"
            ' list: {"config": [config]}'
        )
    groups: dict[str, Any] = {}
    for key, value in parameters.items():
        group, _, name = key.partition("__")
        if name:
            groups.setdefault(group, {})[name] = value
        else:
            groups[group] = value
    return config.replace(**groups) if groups else config
