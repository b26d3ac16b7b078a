"""`pathfinder runs`: list, show, query, export and check the runs of a store."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.commands.runs_settings import (
    ExportSettings,
    FilterSettings,
    ListSettings,
    QuerySettings,
    ShowSettings,
    StoreSettings,
)
from experiments.commands.runs_text import (
    CHIEF,
    chosen_columns,
    line_width,
    short_keys,
    table_text,
)
from experiments.commands.table_files import FORMATS, table_path, write_table
from experiments.store import Store, StoreError
from experiments.words.application import Job
from experiments.words.composition import read_settings
from simulation.errors import InputError, did_you_mean


def execute_list(mapping: dict[str, Any], job: Job) -> None:
    """List runs, or those that failed.

    Raises
    ------
    InputError
        If there is no such store, column, experiment or model, or the condition is none.
    """
    settings = read_settings(mapping, ListSettings)
    store = _opened(settings)
    if settings.failed:
        print(_failures_text(store, settings))
    else:
        order = "order by finished desc, key" + _limit(settings.limit)
        sql, also = f"select * from runs {{}} {order}", settings.columns or ()
        print(_list_text(store, _filtered(store, settings, sql, also), settings))
    _report_damage(store)


def execute_show(mapping: dict[str, Any], job: Job) -> None:
    """Show one run.

    Raises
    ------
    InputError
        If there is no such run, or several begin with these digits.
    """
    # Late: only this command has to know the models and their outcomes.
    from experiments.commands.run_text import run_text

    settings = read_settings(mapping, ShowSettings)
    if not settings.key:
        raise InputError("key= is missing; give the first digits of a run's key: runs show 3f2a")
    store = _opened(settings)
    key = _key_of(store, settings)
    print(run_text(store.row(key)))
    _report_damage(store)


def execute_query(mapping: dict[str, Any], job: Job) -> None:
    """Answer one select, printed or written to a file.

    Raises
    ------
    InputError
        If the SQL is wrong or the file cannot be written.
    """
    settings = read_settings(mapping, QuerySettings)
    if not settings.sql:
        raise InputError('sql= is missing; give a select: runs query "select * from runs"')
    path = None
    if settings.output is not None:
        path = table_path(settings.output, overwrite=settings.overwrite)
    store = _opened(settings)
    frame = store.query(settings.sql)
    if path is not None:
        write_table(frame, path)
        print(f"{len(frame):,} rows: {path}")
    elif frame.empty:
        print("no rows")
    else:
        print(table_text(frame.head(settings.limit or len(frame)))[0])
        if settings.limit is not None and len(frame) > settings.limit:
            print(f"\n{settings.limit} of {len(frame):,} rows; limit= and output= give more")
    _report_damage(store)


def execute_export(mapping: dict[str, Any], job: Job) -> None:
    """Write runs or their months to a file.

    Raises
    ------
    InputError
        If the file cannot be written or a filter is wrong.
    """
    settings = read_settings(mapping, ExportSettings)
    if settings.output is None:
        raise InputError(f"output= is missing; give a file that ends in {' or '.join(FORMATS)}")
    path = table_path(settings.output, overwrite=settings.overwrite)
    store = _opened(settings)
    sql = (
        "select * from months where key in (select key from runs {}) order by key, date, group"
        if settings.months
        else "select * from runs {} order by finished, key"
    )
    frame = _filtered(store, settings, sql)
    write_table(frame, path)
    rows = "months of groups" if settings.months else "runs"
    print(f"{len(frame):,} {rows}, {len(frame.columns)} columns: {path}")
    _report_damage(store)


def execute_check(mapping: dict[str, Any], job: Job) -> None:
    """Read every file anew, set aside what is damaged, and pack the rest.

    Raises
    ------
    StoreError
        If any was damaged, a line each.
    """
    settings = read_settings(mapping, StoreSettings)
    store = _opened(settings)
    store.check()
    failed = len(store.failures())
    noted = f"; {failed} failed and have not been done since (runs list failed=true)"
    print(f"{settings.store}: {len(store):,} runs, all sound{noted if failed else ''}")
    if store.damaged():
        raise StoreError("\n".join(store.damaged()))


def _opened(settings: StoreSettings) -> Store:
    return Store(Path(settings.store).expanduser())


def _report_damage(store: Store) -> None:
    for line in store.damaged():
        print(line, file=sys.stderr)


def _limit(limit: int | None) -> str:
    return "" if limit is None else f" limit {limit}"


def _filtered(
    store: Store, settings: FilterSettings, sql: str, also: Collection[str] = ()
) -> pd.DataFrame:
    """Answer SQL with the condition put in; what is wrong with it is said of `where`."""
    condition = settings.condition(store)
    try:
        return store.query(sql.format(f"where {condition}"), also=also)
    except InputError as error:
        if settings.where is None:
            raise
        lines = [line.removeprefix("sql: ").partition(" in: ")[0] for line in error.problems]
        raise InputError(f"where={settings.where}: {line}" for line in lines) from error


def _list_text(store: Store, frame: pd.DataFrame, settings: ListSettings) -> str:
    """Return runs as a table, and in one line what it leaves out."""
    n_runs = len(store)
    if frame.empty:
        return f"none of the {n_runs:,} runs in {settings.store}" if n_runs else "no runs yet"
    frame = frame.copy()
    columns = settings.columns
    if columns is None:
        columns = chosen_columns(frame, store.parameters(), outcomes=CHIEF)
    elif unknown := [name for name in columns if name not in frame]:
        raise InputError(f"columns: there is no {name}; {_near(name, frame)}" for name in unknown)
    frame["key"] = short_keys(frame["key"].tolist(), store.keys())
    width = line_width() if settings.columns is None else None
    first = next((name for name in CHIEF if name in columns), None)
    text, n_hidden = table_text(frame[columns], width=width, keep=first)
    hidden = f"; {n_hidden} more columns: columns=[...] or runs export" if n_hidden else ""
    return f"{text}\n\n{len(frame):,} of {n_runs:,} runs in {settings.store}, newest first{hidden}"


def _near(name: str, frame: pd.DataFrame) -> str:
    more = f'there are {len(frame.columns)}: pathfinder runs query "describe runs"'
    return did_you_mean(name, frame.columns, cutoff=0.5, otherwise=more)


def _failures_text(store: Store, settings: ListSettings) -> str:
    """Return the runs that failed as a table.

    Raises
    ------
    InputError
        If a filter is given, for what failed has no outcomes.
    """
    filters = {
        "experiment": settings.done_for,
        "model": settings.model,
        "where": settings.where,
        "columns": settings.columns,
    }
    given = [name for name, value in filters.items() if value is not None]
    if given:
        raise InputError(f"{given[0]}= is for runs that were done; leave it out with failed=true")
    failures = store.failures()
    if not failures:
        return f"no run in {settings.store} has failed and not been done since"
    lines = []
    for each in failures[: settings.limit]:
        lines.append(f"{each.key[:8]}  {each.finished[:16].replace('T', ' ')}  {each.name}")
        lines += [f"          {line}" for line in each.lines]
    return "\n".join(lines)


def _key_of(store: Store, settings: ShowSettings) -> str:
    """Return the one key that begins with the digits given."""
    wanted, keys = str(settings.key).lower(), sorted(store.keys())
    found = [key for key in keys if key.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        few = ", ".join(short_keys(found[:4], keys))
        raise InputError(f"key={settings.key}: {len(found)} runs begin so, such as {few}")
    failed = [each for each in store.failures() if each.key.startswith(wanted)]
    if failed:
        why = "; ".join(failed[0].lines)
        raise InputError(f"key={settings.key}: the run {failed[0].name} failed: {why}")
    raise InputError(
        f"key={settings.key}: no run in store={settings.store} begins so; pathfinder runs list"
        " shows their keys"
    )
