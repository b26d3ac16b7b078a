"""The reference world of a run in which jobs answer to support: found, or simulated and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.models import Model, Result
from experiments.store.keys import key_of
from experiments.store.references import keep_reference, read_reference, references_of
from simulation.finished.names import MARKETS

if TYPE_CHECKING:
    import pandas as pd

Tell = Callable[[int], None]


def reference_key(model: Model, values: dict[str, Any], seed: int) -> str:
    """Return the key of a run without support, whatever its closure."""
    return key_of(model.name, values, seed, model.version(), model.inputs(values))


def reference_of(
    model: Model, values: dict[str, Any], seed: int, *, store: Path, tell: Tell
) -> pd.DataFrame | None:
    """Return what a run has to be compared with while it runs; None if nothing.

    Parameters
    ----------
    model : Model
    values : dict
        The whole configuration of the run.
    seed : int
    store : Path
        Where reference worlds are kept.
    tell : callable
        Told that no week is done yet; may raise to give up.
    """
    world = model.reference(values)
    if world is None or not model.has_support(values):
        return None
    key = reference_key(model, world, seed)
    found = read_reference(store, key)
    if found is not None:
        return found
    with references_of(store).alone_with(key, tell=tell):
        found = read_reference(store, key)
        if found is None:
            result = model.run(world, seed, people=False, tell=lambda weeks: tell(0))
            found = keep_if_reference(model, world, seed, result, store=store)
    return found


@contextmanager
def waited_for(
    model: Model, values: dict[str, Any], seed: int, *, store: Path, tell: Tell
) -> Iterator[None]:
    """Have runs with support wait for a run without any that is their reference world."""
    world = model.reference(values)
    if world is None or model.has_support(values):
        yield
        return
    key = reference_key(model, world, seed)
    # Where one of them has begun with that world already, this run does not wait for it.
    with references_of(store).alone_with(key, tell=tell, wait_seconds=0.0):
        yield


def keep_if_reference(
    model: Model, values: dict[str, Any], seed: int, result: Result, *, store: Path
) -> pd.DataFrame | None:
    """Keep what a run without support saw of hiring, for runs of the same world with support."""
    world = model.reference(values)
    if world is None or result.run is None or model.has_support(values):
        return None
    table = result.run.tables[MARKETS]
    keep_reference(store, reference_key(model, world, seed), table)
    return table
