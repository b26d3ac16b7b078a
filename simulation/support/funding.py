"""Streams of funding: read from two tables, checked, placed in an area.

`NAME.csv` has a row a stream and `NAME_amounts.csv`, beside it, a row a planning year; the format
is documented in `docs/providers.md`. The shipped `bcbc` has the nine streams of the business plan
of the Birmingham, Coventry and Black Country City Strategy (June 2007). Its lines for 2007/08 add
up to 53.294 million pounds; the plan prints a total of 39.794 million. The lines are used.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from simulation.agents.contracts import Eligibility, FundingStream
from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.config import FundingConfig
from simulation.config.base import parse_day
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.inputs.columns import (
    day,
    flag,
    measure,
    several,
    split,
    text,
    unique_name,
    whole,
)
from simulation.inputs.csv_files import Table, read_table
from simulation.inputs.named_wards import ALLOWED as PLACES_ALLOWED
from simulation.inputs.named_wards import WardNames
from simulation.inputs.shipped import resolve_file, shipped_names
from simulation.policies.tariffs import tariff_names

OF_THE_AREA = "area"
"""Value of `funding.table` that means the shipped table with the name of the area."""
AMOUNTS_SUFFIX = "_amounts.csv"
LEAP_DAY = (2, 29)

STREAMS = pa.DataFrameSchema(
    {
        "stream": unique_name("a stream"),
        "funder": text(),
        "accountable_to": text(),
        "groups": several(CLIENT_GROUPS),
        "min_age": whole(16, 64),
        "max_age": whole(17, 65),
        "max_qualification": whole(0, 4),
        "minority_only": flag(),
        "where": text(),
        "stages": several(STAGES),
        "discretion": measure(0, 1),
        "terms": text(),
        "planning_month": whole(1, 12),
        "from": day(),
        "to": day(empty=True),
        "target_jobs": measure(0, 1e7),
        "is_capacity": flag(),
        "source": text(),
    },
    strict=True,
)
AMOUNTS = pa.DataFrameSchema(
    {
        "stream": text(),
        "from": day(),
        "amount_gbp": measure(0, 1e12),
        "is_assumption": flag(),
        "source": text(),
    },
    strict=True,
)


def load_streams(config: FundingConfig, area: Area) -> tuple[FundingStream, ...]:
    """Return the streams of funding of an area, every problem of both tables reported at once.

    Parameters
    ----------
    config : FundingConfig
    area : Area

    Returns
    -------
    tuple of FundingStream
        In the order of the table; amounts and targets times `config.scale`.

    Raises
    ------
    InputError
        One line a problem: file, row (line in the file), column, value, what is allowed.
    """
    folder, stem = _find(config.table, area.name)
    streams = read_table(folder, f"{stem}.csv", STREAMS)
    amounts = _read_amounts(folder, f"{stem}{AMOUNTS_SUFFIX}")
    wards = _check_streams(streams, area)
    _check_amounts(amounts, streams)
    problems = streams.problems + amounts.problems
    if problems:
        raise InputError([f"{folder}/{problem}" for problem in problems])
    return tuple(
        _stream(row, where, amounts.frame, config.scale)
        for (_, row), where in zip(streams.frame.iterrows(), wards, strict=True)
    )


def planning_years(stream: FundingStream) -> tuple[tuple[date, date, float], ...]:
    """Return first day, day after the last and amount in GBP of each planning year of a stream.

    A year lasts to the next one, to the same day a year later or to the end of the stream,
    whichever comes first.
    """
    starts = sorted(stream.amounts_gbp)
    years = []
    for start, following in zip(starts, [*starts[1:], date.max], strict=True):
        end = min(following, start.replace(year=start.year + 1), stream.end or date.max)
        years.append((start, end, stream.amounts_gbp[start]))
    return tuple(years)


def _find(table: str, area_name: str) -> tuple[Path, str]:
    """Return folder and name without ending of the table of streams."""
    names = shipped_names("funders", suffix=AMOUNTS_SUFFIX)
    if table == OF_THE_AREA:
        table = area_name
        if table not in names:
            raise InputError(
                f"funding.table: no streams are shipped for the area {table!r}; must be one of "
                f"{', '.join(names)} or the path of your own CSV (docs/providers.md)"
            )
    path = resolve_file(table, group="funders", suffix=".csv", shipped=names)
    return path.parent, path.stem


def _read_amounts(folder: Path, file: str) -> Table:
    """Return the table of planning years beside a table of streams."""
    if (folder / file).is_file():
        return read_table(folder, file, AMOUNTS)
    return Table(file, problems=[f"{file}: not found; must stand beside the table of streams"])


def _check_streams(table: Table, area: Area) -> list[np.ndarray]:
    """Check places, terms, dates and ages of the streams; return the wards of each row."""
    wards: list[np.ndarray] = []
    known = tariff_names()
    if not set(STREAMS.columns) <= set(table.frame):
        return wards
    names = WardNames(area.wards)
    for line, row in table.frame.iterrows():
        where, unknown = names.named(row["where"])
        wards.append(where)
        if not where.any():
            table.report(
                line, "where", row["where"] if unknown is None else unknown, PLACES_ALLOWED
            )
        if row["terms"] not in known and not Path(row["terms"]).expanduser().is_file():
            table.report(line, "terms", row["terms"], f"one of {', '.join(known)}, or a YAML file")
        start, end = parse_day(row["from"]), parse_day(row["to"])
        if start and (start.month, start.day) == LEAP_DAY:
            table.report(line, "from", start, "a day every year has")
        if start and end and end <= start:
            table.report(line, "to", end, f"after {start}, the first day, or nothing")
        ages = pd.to_numeric(row[["min_age", "max_age"]], errors="coerce")
        if ages["max_age"] <= ages["min_age"]:
            table.report(line, "max_age", row["max_age"], f"above min_age, {row['min_age']}")
    return wards


def _check_amounts(table: Table, streams: Table) -> None:
    """Check that planning years belong to a stream, lie within it and do not overlap."""
    if streams.problems or table.problems:
        return
    by_name = streams.frame.set_index("stream")
    for line, row in table.frame.iterrows():
        if row["stream"] not in by_name.index:
            table.report(line, "stream", row["stream"], f"a stream of {streams.file}")
            continue
        stream = by_name.loc[row["stream"]]
        start, first, end = (
            parse_day(cell) for cell in (row["from"], stream["from"], stream["to"])
        )
        if start is None or first is None:
            continue
        if start < first or (end is not None and start >= end):
            allowed = f"from {first} and before {end or 'any day'}, as {streams.file} has it"
            table.report(line, "from", start, allowed)
        elif start != first and (start.month, start.day) != (stream["planning_month"], 1):
            allowed = (
                f"{first} or the first of month {stream['planning_month']}, the planning month"
            )
            table.report(line, "from", start, allowed)
    repeated = table.frame.duplicated(["stream", "from"])
    for line, row in table.frame[repeated].iterrows():
        table.report(line, "from", row["from"], f"a year of {row['stream']} no other row has")
    for line in streams.frame.index[~streams.frame["stream"].isin(table.frame["stream"])]:
        value = streams.frame.at[line, "stream"]
        streams.report(line, "stream", value, f"a stream with a row in {table.file}")


def _stream(row: pd.Series, wards: np.ndarray, amounts: pd.DataFrame, scale: float):
    """Return the stream one checked row describes."""
    own = amounts[amounts["stream"] == row["stream"]].sort_values("from")
    return FundingStream(
        name=row["stream"],
        funder=row["funder"],
        accountable_to=row["accountable_to"],
        amounts_gbp={
            date.fromisoformat(start): amount * scale
            for start, amount in zip(own["from"], own["amount_gbp"].astype(float), strict=True)
        },
        eligibility=Eligibility(
            groups=split(row["groups"]),
            min_age=int(row["min_age"]),
            max_age=int(row["max_age"]),
            max_qualification=int(row["max_qualification"]),
            minority_only=bool(row["minority_only"]),
        ),
        wards=wards,
        stages=tuple(sorted(STAGES.index(stage) for stage in split(row["stages"]))),
        discretion=float(row["discretion"]),
        terms=row["terms"],
        target_jobs=float(row["target_jobs"]) * scale,
        is_capacity=bool(row["is_capacity"]),
        end=parse_day(row["to"]),
    )
