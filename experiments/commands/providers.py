"""`pathfinder providers`: the provider market of an area, to look at and to change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from experiments.files.folders import check_file
from experiments.files.replacing import replace_file
from experiments.words.application import Job
from experiments.words.composition import Seed, split_mapping
from simulation.config import Group
from simulation.errors import InputError, SimulationError
from simulation.inputs.area import Area
from simulation.inputs.of_config import area_of
from simulation.inputs.provider_tables import read_market
from simulation.support.market import market_table


class ProvidersSettings(Group):
    """What `pathfinder providers` takes besides the parameters of the model."""

    seed: Seed = 1
    output: str | None = None
    overwrite: bool = False


def execute(mapping: dict[str, Any], job: Job) -> None:
    """Print what the market is like and, if asked, write it to a table that can be read back.

    Raises
    ------
    InputError
        If a table cannot be used or the file cannot be written.
    """
    config, settings = split_mapping(mapping, ProvidersSettings)
    path = None if settings.output is None else Path(settings.output).expanduser()
    if path is not None:
        _check_output(path, overwrite=settings.overwrite)
    area = area_of(config)
    market = market_table(config.providers, area, settings.seed)
    print(describe(market, area))
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, lambda temporary: _write(market, temporary, area))
        print(f"\nProviders: {path}\nUse it: pathfinder run regime=NAME providers.table={path}")


def _check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse a file that is there, or could not be read back by its name."""
    if path.suffix != ".csv":
        raise InputError(f"output={path}: must end in .csv")
    check_file(path, overwrite=overwrite)


def _write(market: pd.DataFrame, path: Path, area: Area) -> None:
    """Write the table and read it back, to be sure that it is the market it came from."""
    market.to_csv(path, index=False)
    try:
        pd.testing.assert_frame_equal(read_market(path, area), market, check_dtype=False)
    except AssertionError as error:
        raise SimulationError(f"the table is not read back as it was written: {error}") from error


def describe(market: pd.DataFrame, area: Area) -> str:
    """Return the market by type of provider as a table to print."""
    by_type = market.groupby("type", sort=False).agg(
        providers=("id", "size"),
        advisers=("advisers", "sum"),
        quality=("quality", "mean"),
        trust=("trust", "mean"),
        records=("shares_records", "sum"),
        primes=("can_be_prime", "sum"),
    )
    width = max(map(len, by_type.index), default=0) + 2
    heads = ("providers", "advisers", "quality", "trust", "share records", "can be prime")
    lines = [
        f"{len(market)} providers in {area.name}",
        " " * (width + 2) + "".join(f"{head:>15}" for head in heads),
    ]
    lines += [
        f"  {row.Index:<{width}}{row.providers:>15,}{row.advisers:>15,.1f}{row.quality:>15.2f}"
        f"{row.trust:>15.2f}{row.records:>15,}{row.primes:>15,}"
        for row in by_type.itertuples()
    ]
    return "\n".join(lines)
