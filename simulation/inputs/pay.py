"""The path of pay in general: a dated index, from a shipped table or the user's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandera.pandas as pa

from simulation.config import Config
from simulation.inputs.columns import day, measure
from simulation.inputs.csv_files import read_table
from simulation.inputs.shipped import resolve_file
from simulation.inputs.years import Years, check_years

TABLE = pa.DataFrameSchema({"date": day(), "index": measure(1e-3, 1e6)}, strict=True)


def pay_index_of(config: Config) -> np.ndarray:
    """Return pay in general by week over that of the first day, float64 (weeks,).

    Between dated points it moves in a straight line by day; 1 throughout without a table.

    Raises
    ------
    InputError
        One line for each problem in the table, or if the run leaves its years.
    """
    if config.employers.pay_path is None:
        return np.ones(config.weeks)
    check_years(config, pay_years(config))
    days, levels = _points(config)
    first = config.start.toordinal()
    weeks = np.interp(first + 7 * np.arange(config.weeks), days, levels)
    return weeks / np.interp(first, days, levels)


def pay_years(config: Config) -> list[Years]:
    """Return the years the table of pay speaks of; none where there is no table."""
    if config.employers.pay_path is None:
        return []
    days, _ = _points(config)
    first, last = (date.fromordinal(int(each)) for each in days[[0, -1]])
    name = f"employers.pay_path {config.employers.pay_path}"
    return [Years(name, first, last, "give a table with points on or before and after its days")]


def _points(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the days, as ordinals, and the levels of the table."""
    file: Path = resolve_file(str(config.employers.pay_path), group="pay", suffix=".csv")
    table = read_table(file.parent, file.name, TABLE)
    table.refuse(file.parent)
    days = table.frame["date"].map(lambda text: date.fromisoformat(text).toordinal()).to_numpy()
    for line in table.frame.index[1:][np.diff(days) <= 0]:
        table.add(f"row {line}, column date: dates must increase")
    table.refuse(file.parent)
    return days, table.frame["index"].to_numpy(np.float64)
