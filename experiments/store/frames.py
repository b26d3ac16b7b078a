"""Runs as a frame: a column for each parameter that any of them changes, one for each outcome."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.models import MODELS, model_named
from experiments.store.keys import canonical

FIXED = (
    "key",
    "model",
    "seed",
    "code_version",
    "experiment",
    "seconds",
    "n_people",
    "host",
    "finished",
    "commit",
)
"""Columns every run has, as they stand in the files."""


def runs_table(runs: pa.Table, also: Collection[str] = ()) -> pa.Table:
    """Return runs with what they change and what came of them in columns of their own.

    Parameters
    ----------
    runs : Table
        In `RUN_SCHEMA`.
    also : collection of str
        Names wanted besides: of parameters no run changes, the default; of outcomes no run has,
        null; others are left out.

    Returns
    -------
    Table
        `FIXED`, then parameters by name (int64, float64, bool or text; the default where a run
        does not change one), then outcomes by name (float64, null where a run has none). Where a
        name is taken already, "parameter." or "outcome." stands before it.
    """
    columns = {name: runs[name] for name in FIXED}
    for name, values in _parameters(runs, also).items():
        columns[_parameter_column(name)] = _typed(values)
    names, outcomes = outcome_values(runs)
    for place, name in enumerate(names):
        own = name if name not in columns else f"outcome.{name}"
        columns[own] = pa.array(outcomes[:, place], from_pandas=True)
    for name in sorted(set(also) - columns.keys()):
        if name in _known_outcomes(runs["model"].unique().to_pylist()):
            columns[name] = pa.nulls(runs.num_rows, pa.float64())
    return pa.table(columns)


def _known_outcomes(models: Iterable[str]) -> set[str]:
    """Return the names of all outcomes that runs of some models can have."""
    return {name for model in models if model in MODELS for name in model_named(model).units()}


def outcome_values(runs: pa.Table) -> tuple[list[str], np.ndarray]:
    """Return the names of all outcomes of some runs, sorted, and float64 (runs, outcomes).

    An outcome a run does not have is NaN.
    """
    chunks = runs["outcomes"].chunks
    parts = [_entries(chunk) for chunk in chunks]
    names = sorted({name for given, *_ in parts for name in given})
    place = {name: number for number, name in enumerate(names)}
    values = np.full((runs.num_rows, len(names)), np.nan)
    first = 0
    for chunk, (given, rows, codes, items) in zip(chunks, parts, strict=True):
        columns = np.array([place[name] for name in given], dtype=np.int64)
        values[first + rows, columns[codes]] = items
        first += len(chunk)
    return names, values


def _entries(chunk: pa.MapArray) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Return the names in use, and for each entry its row, the number of its name, its value."""
    offsets = chunk.offsets.to_numpy()
    used = slice(offsets[0], offsets[-1])
    rows = np.repeat(np.arange(len(chunk)), np.diff(offsets))
    keys = chunk.keys
    if not pa.types.is_dictionary(keys.type):
        keys = keys.dictionary_encode()
    codes = keys.indices.to_numpy(zero_copy_only=False)[used]
    is_used = np.bincount(codes, minlength=len(keys.dictionary)) > 0
    numbers, renumbered = np.flatnonzero(is_used), np.cumsum(is_used) - 1
    names = keys.dictionary.take(pa.array(numbers)).to_pylist()
    return names, rows, renumbered[codes], chunk.items.to_numpy(zero_copy_only=False)[used]


def parameter_columns(runs: pa.Table) -> list[str]:
    """Return the names of the columns that `runs_table` has for parameters."""
    names = {name for each in _parsed(runs["changes"]) for name in each}
    return [_parameter_column(name) for name in sorted(names)]


def _parameter_column(name: str) -> str:
    return f"parameter.{name}" if name in FIXED else name


def _parameters(runs: pa.Table, also: Collection[str] = ()) -> dict[str, list[Any]]:
    """Return the values of every parameter that a run changes or that is wanted, of all runs."""
    changes = _parsed(runs["changes"])
    defaults = _parsed(runs["defaults"])
    distinct = {id(each): each for each in defaults}
    wanted = {name for name in also for each in distinct.values() if _is_parameter(each, name)}
    names = sorted({name for each in changes for name in each} | wanted)
    usual = {place: [leaf(each, name) for name in names] for place, each in distinct.items()}
    pairs = list(zip(changes, [usual[id(each)] for each in defaults], strict=True))
    return {
        name: [change.get(name, values[number]) for change, values in pairs]
        for number, name in enumerate(names)
    }


def _parsed(texts: pa.ChunkedArray) -> list[dict[str, Any]]:
    """Return JSON texts as mappings, each distinct one read once."""
    encoded = pa.table({"texts": texts}).unify_dictionaries()["texts"].combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    # One long text is read faster than many short ones.
    values = json.loads(f"[{','.join(encoded.dictionary.to_pylist())}]")
    return [values[code] for code in encoded.indices.to_pylist()]


def leaf(nested: Mapping[str, Any], name: str) -> Any:
    """Return the value at a dotted name, None if there is none."""
    value: Any = nested
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return nested.get(name)
        value = value[part]
    return value


def _is_parameter(defaults: Mapping[str, Any], name: str) -> bool:
    """Whether a name is that of one value, which may be null."""
    group, _, last = name.rpartition(".")
    inside = leaf(defaults, group) if group else defaults
    return isinstance(inside, Mapping) and not isinstance(inside.get(last, {}), Mapping)


def _typed(values: Sequence[Any]) -> pa.Array:
    """Return values as a column of their common type; of mixed types, or lists, as JSON text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int}:
        return pa.array(values, pa.int64())
    if kinds <= {int, float}:
        floats = [None if value is None else float(value) for value in values]
        return pa.array(floats, pa.float64())
    if kinds == {str}:
        return pa.array(values, pa.string())
    texts = (
        None if each is None else each if isinstance(each, str) else canonical(each)
        for each in values
    )
    return pa.array(texts, pa.string())


def duration_frame(runs: pa.Table) -> pd.DataFrame:
    """Return n_people, weeks and seconds of runs; weeks is 1 for a model that has none."""
    pairs = zip(_parsed(runs["changes"]), _parsed(runs["defaults"]), strict=True)
    weeks = [change.get("weeks", default.get("weeks", 1)) for change, default in pairs]
    return pd.DataFrame(
        {
            "n_people": runs["n_people"].to_numpy(),
            "weeks": np.array(weeks, dtype=np.float64),
            "seconds": runs["seconds"].to_numpy(),
        }
    )


def outcome_frame(runs: pa.Table, keys: Iterable[str], names: Sequence[str]) -> pd.DataFrame:
    """Return some outcomes of some runs: index key in the order given, float64 columns.

    What a run does not have, or a key that is not among the runs, is NaN.
    """
    given, values = outcome_values(runs)
    found = pd.DataFrame(values, columns=given, index=pd.Index(runs["key"].to_pylist(), name="key"))
    wanted = pd.Index(list(keys), name="key", dtype=found.index.dtype)
    return found.reindex(index=wanted, columns=list(names)).astype(np.float64)
