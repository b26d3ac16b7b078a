"""One run of a store for reading: what was changed, what came of it, how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.models import LABOUR_MARKET, MODELS, Model
from experiments.models.values import with_changes
from experiments.store import Row
from experiments.store.frames import leaf
from experiments.words.repeat import repeat_command
from simulation.errors import InputError
from simulation.report.pen import duration, figure, plain, value_text


def run_text(row: Row) -> str:
    """Return all there is to say of a run, to print."""
    model = MODELS.get(row.model)
    parts = [
        f"run {row.key}\n{row.model}, seed {row.seed}, first done for {row.experiment}",
        _titled("Changed from the defaults", _changes(row)) or "All values are the defaults.",
        _titled("Outcomes", _outcomes(row, model)),
        _titled("Your files it read, and their digests", dict(row.inputs)),
        _titled("Circumstances", _circumstances(row)),
        _again(row, model),
    ]
    return "\n\n".join(part for part in parts if part)


def _titled(title: str, rows: Mapping[str, str]) -> str:
    width = max(map(len, rows), default=0)
    lines = [f"  {name:<{width}}  {text}".rstrip() for name, text in rows.items()]
    return "\n".join([title, *lines]) if lines else ""


def _changes(row: Row) -> dict[str, str]:
    """Return by name the value and the default; of one that is not among the defaults, no more."""
    return {
        name: plain(
            f"{value_text(value)}  (default {value_text(leaf(row.defaults, name)) or 'none'})"
        )
        for name, value in row.changes.items()
    }


def _outcomes(row: Row, model: Model | None) -> dict[str, str]:
    """Return by label the value with its unit; by name where the model is not known any more."""
    units = {} if model is None else model.units()
    labels = {} if model is None else model.labels()
    named = {name: labels.get(name, name) for name in row.outcomes}
    order = [name for name in labels if name in named]
    order += [name for name in named if name not in labels]
    texts = {name: plain(figure(row.outcomes[name], units.get(name, ""))) for name in order}
    width = max(map(len, texts.values()), default=0)
    return {
        f"{named[name]} ({name})" if named[name] != name else name: (
            f"{texts[name]:>{width}} {units.get(name, '')}"
        )
        for name in order
    }


def _circumstances(row: Row) -> dict[str, str]:
    versions = ", ".join(f"{name} {version}" for name, version in row.versions.items())
    return {
        "finished": f"{row.finished} on {row.host}",
        "took": f"{duration(row.seconds)} for {row.n_people:,} agents",
        "code version": f"{row.code_version} (commit {row.commit})",
        "versions": versions,
    }


def _again(row: Row, model: Model | None) -> str:
    """Return the command that does the run again, and whether it would give the same."""
    if row.model != LABOUR_MARKET or model is None:
        return (
            f"The model {row.model} has no command of its own: the study {row.experiment} runs it."
        )
    try:
        values: dict[str, Any] = with_changes(row.defaults, row.changes)
        command = repeat_command(values, row.seed)
        now = model.inputs(values)
    except (InputError, OSError) as error:
        return f"It cannot be repeated as things are: {str(error).splitlines()[0]}"
    if command is None:
        return "No words of a command line give exactly this configuration; repeat it from Python."
    if row.code_version != model.version():
        return f"Again, with code of another version, so that figures may differ\n{command}"
    if dict(row.inputs) != now:
        return f"Again, with other tables than those it read, so that figures may differ\n{command}"
    return f"Again, the same to the last bit\n{command}"
