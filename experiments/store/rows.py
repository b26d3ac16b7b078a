"""A run as a row: what it is, what came of it, and its two tables in a file.

A file holds runs and their months in one schema. The rows of runs stand in the first row group
and the rows of months in those after it, so that either is read without the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.store.keys import KEY_LENGTH, canonical

MONTH = "month."
"""Put before the names of columns of months, which may be any."""
DATE, GROUP = f"{MONTH}date", f"{MONTH}group"
TEXT = pa.string()
RUN_SCHEMA = pa.schema(
    [
        ("key", TEXT),
        ("model", TEXT),
        ("seed", pa.int64()),
        ("code_version", TEXT),
        ("defaults", TEXT),
        ("changes", TEXT),
        ("inputs", TEXT),
        ("outcomes", pa.map_(TEXT, pa.float64())),
        ("experiment", TEXT),
        ("seconds", pa.float64()),
        ("n_people", pa.int64()),
        ("host", TEXT),
        ("finished", TEXT),
        ("commit", TEXT),
        ("versions", TEXT),
    ]
)
CONTENT = ("key", "model", "seed", "code_version", "changes", "inputs")
"""Columns of a run that are text or a number and a function of its key; so are three more."""
MONTH_SCHEMA = pa.schema([("key", TEXT), (DATE, pa.timestamp("ms")), (GROUP, TEXT)])


@dataclass(frozen=True)
class Row:
    """One run. The fields down to `months` are a function of its key, the rest circumstances.

    Attributes
    ----------
    key : str
        From `keys.key_of`.
    model : str
        Name in `MODELS`.
    seed : int
    code_version : str
        Of results.
    defaults : mapping
        All values of the model as it is shipped, nested.
    changes : mapping
        Flat dotted name and value of what differs from them.
    inputs : mapping of str to str
        Path and digest of each file of the user's.
    outcomes : mapping of str to float
        Those the run has; NaN counts as not having it.
    months : DataFrame or None
        date, group, and a float column for each monthly outcome; None for a model without.
    experiment : str
        Which study, sweep or comparison first did it.
    seconds : float
    n_people : int
        Agents.
    host, finished, commit : str
        Machine, time in UTC as ISO 8601, commit of the source.
    versions : mapping of str to str
        Of Python and the libraries.
    """

    key: str
    model: str
    seed: int
    code_version: str
    defaults: Mapping[str, Any]
    changes: Mapping[str, Any]
    inputs: Mapping[str, str]
    outcomes: Mapping[str, float]
    months: pd.DataFrame | None
    experiment: str
    seconds: float
    n_people: int
    host: str
    finished: str
    commit: str
    versions: Mapping[str, str]


def run_table(row: Row) -> pa.Table:
    """Return the one row of a run in `RUN_SCHEMA`."""
    outcomes = {name: float(value) for name, value in row.outcomes.items()}
    values = {
        "key": row.key,
        "model": row.model,
        "seed": int(row.seed),
        "code_version": row.code_version,
        "defaults": canonical(row.defaults),
        "changes": canonical(row.changes),
        "inputs": canonical(row.inputs),
        "outcomes": sorted((name, x) for name, x in outcomes.items() if not np.isnan(x)),
        "experiment": row.experiment,
        "seconds": float(row.seconds),
        "n_people": int(row.n_people),
        "host": row.host,
        "finished": row.finished,
        "commit": row.commit,
        "versions": canonical(row.versions),
    }
    return pa.table({name: [value] for name, value in values.items()}, schema=RUN_SCHEMA)


def month_table(row: Row) -> pa.Table:
    """Return the months of a run by date and group: key, date, group, outcomes by name.

    Raises
    ------
    ValueError
        If date or group is missing, an outcome is no number, or a month of a group is there twice.
    """
    if row.months is None:
        return MONTH_SCHEMA.empty_table()
    frame = row.months
    if not {"date", "group"} <= set(frame.columns):
        raise ValueError(f"months of run {row.key}: columns date and group are needed")
    if "key" in frame.columns:
        raise ValueError(f"months of run {row.key}: no outcome may be called key")
    if frame.duplicated(["date", "group"]).any():
        raise ValueError(f"months of run {row.key}: a month of a group is there twice")
    frame = frame.assign(group=frame["group"].astype(str)).sort_values(["date", "group"])
    outcomes = sorted(set(frame.columns) - {"date", "group"})
    dates = pd.to_datetime(frame["date"]).to_numpy("datetime64[ms]")
    columns = {
        "key": pa.array([row.key] * len(frame), TEXT),
        DATE: pa.array(dates, pa.timestamp("ms")),
        GROUP: pa.array(frame["group"].tolist(), TEXT),
    }
    for name in outcomes:
        # NaN and no value are the same here, for other runs of a file may lack the outcome.
        columns[MONTH + name] = pa.array(frame[name].to_numpy(np.float64), from_pandas=True)
    return pa.table(columns)


def row_of(run: Mapping[str, Any], months: pa.Table) -> Row:
    """Return the run that `run_table` and `month_table` made tables of.

    Parameters
    ----------
    run : mapping
        Its columns by name.
    months : Table
        Its months alone.
    """
    texts = {name: json.loads(run[name]) for name in ("defaults", "changes", "inputs", "versions")}
    frame = month_frame(months).drop(columns="key") if months.num_rows else None
    outcomes = dict(run["outcomes"])
    return Row(**{**run, **texts, "outcomes": outcomes, "months": frame})


def month_frame(months: pa.Table) -> pd.DataFrame:
    """Return months as a frame: key, date, group, and the outcomes that any of them has."""
    kept = [name for name in months.column_names if months[name].null_count < months.num_rows]
    kept = list(dict.fromkeys([*MONTH_SCHEMA.names, *kept]))
    return months.select(kept).to_pandas().rename(columns=lambda name: name.removeprefix(MONTH))


def content_digest(run: Mapping[str, Any], months: pa.Table) -> str:
    """Return a digest of what is a function of the key; circumstances do not count.

    Parameters
    ----------
    run : mapping
        Columns of a run by name.
    months : Table
        Its months alone, by date and group.
    """
    digest = hashlib.sha256(canonical({name: run[name] for name in CONTENT}).encode())
    digest.update(run["defaults"].encode())
    for name, value in sorted(run["outcomes"]):
        digest.update(f"\n{name}={float(value).hex()}".encode())
    for name in sorted(set(months.column_names) - {"key"}):
        column = months[name]
        if column.null_count == months.num_rows:
            continue
        digest.update(f"\n{name}:".encode())
        if pa.types.is_floating(column.type):
            digest.update(column.to_numpy().astype("<f8").tobytes())
        else:
            digest.update(canonical(column.cast(TEXT).to_pylist()).encode())
    return digest.hexdigest()[:KEY_LENGTH]
