"""A work: one run that is to be, and what it takes to carry it out and keep it.

A study is a list of works; a launcher carries out those whose key is not in the store.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from experiments.errors import StoppedError
from experiments.models import Result, model_named
from experiments.models.own_code import defect_text
from experiments.models.values import differences
from experiments.running.going_on import Fork, going_on
from experiments.running.references import (
    keep_if_reference,
    reference_key,
    reference_of,
    waited_for,
)
from experiments.store import Row, Store, StoreError
from experiments.store.keys import key_of
from simulation.errors import InputError, MachineError

if TYPE_CHECKING:
    from experiments.models import Model
    from simulation.finished.run import Run

Tell = Callable[[int], None]
"""Told the weeks done; may raise StoppedError to give up the run."""
STOPPED = ("stopped",)
"""Why a run was not finished when the whole was given up."""


@dataclass(frozen=True)
class Work:
    """One run to do.

    Attributes
    ----------
    model : str
        Name in `experiments.models.MODELS`.
    changes : mapping of str to Any
        By dotted key, the values that differ from the model's defaults.
    seed : int
    key : str
        32 hexadecimal digits; works with the same key have the same results. A run is refused if
        its tables or the code are no longer those the key was made of.
    name : str
        What the work is called in print.
    folder : Path or None
        Where the whole run is saved besides, with every frame.
    people : bool
        Whether the saved run has who worked where.
    n_people, weeks : int
        Size of the run, for progress and estimates.
    has_support : bool
        Whether there is a reference world without any (docs/closure.md).
    forks : tuple of (int, str)
        After how many weeks other works go other ways, and the key of the past until then.
    then : callable or None
        What is done with the saved run by whoever carried it out, such as measuring it.
    """

    model: str
    changes: Mapping[str, Any]
    seed: int
    key: str
    name: str
    folder: Path | None = None
    people: bool = False
    n_people: int = 1
    weeks: int = 1
    has_support: bool = False
    forks: tuple[Fork, ...] = ()
    then: Callable[[Run], None] | None = None


@dataclass(frozen=True)
class Failure:
    """A run that did not finish.

    Attributes
    ----------
    name : str
        The work's.
    lines : tuple of str
        Why.
    is_input : bool
        Whether the input is at fault.
    ends_all : bool
        Whether no other run could be kept either, such as on a full disk.
    """

    name: str
    lines: tuple[str, ...]
    is_input: bool = False
    ends_all: bool = False


def make_work(
    model: str,
    changes: Mapping[str, Any],
    seed: int,
    *,
    name: str,
    folder: Path | None = None,
    people: bool = False,
) -> Work:
    """Return the work of one run, its values brought to one form and its key computed.

    Raises
    ------
    InputError
        If there is no such model, or it has no such values; one line a problem.
    """
    chosen = model_named(model)
    values = chosen.complete(changes)
    work = work_of(chosen, values, chosen.inputs(values), seed, name=name)
    return replace(work, folder=folder, people=people)


def work_of(
    model: Model, values: dict[str, Any], inputs: dict[str, str], seed: int, *, name: str
) -> Work:
    """Return the work of one run with all values of its model and the digests of their files."""
    n_people, weeks = model.size(values)
    return Work(
        model=model.name,
        changes=differences(model.defaults(), values),
        seed=int(seed),
        key=key_of(model.name, values, int(seed), model.version(), inputs),
        name=name,
        n_people=n_people,
        weeks=weeks,
        has_support=model.has_support(values),
    )


def run_work(work: Work, store: Path | None, *, experiment: str, tell: Tell) -> None:
    """Carry out one work: simulate, add its row to the store, save its folder.

    What another sweep has put into the store meanwhile is not done again.

    Parameters
    ----------
    work : Work
    store : Path or None
        Folder of the store; None keeps nothing but the work's folder.
    experiment : str
        What the row shall be listed under.
    tell : callable
        Told the weeks done.

    Raises
    ------
    InputError, StoreError, MachineError, BooksError
        If the run cannot be done or not be kept.
    """
    kept = None if store is None else _opened(store)
    if work.folder is None and kept is not None and work.key in kept:
        return
    model = model_named(work.model)
    values = model.complete(work.changes)
    _check_unchanged(work, model, values)
    result, seconds = _simulated(work, model, values, store, tell)
    if work.folder is not None and result.run is not None:
        result.run.save(work.folder, overwrite=True)
        if work.then is not None:
            work.then(result.run)
    # Last, for whoever finds the row takes all else for done.
    if kept is not None:
        kept.add(_row(work, model, values, result, experiment=experiment, seconds=seconds))


def _simulated(
    work: Work, model: Model, values: dict[str, Any], store: Path | None, tell: Tell
) -> tuple[Result, float]:
    """Simulate, with a store beside the reference world and from a state that is kept there.

    Returns
    -------
    result : Result
    seconds : float
        That all its weeks take, those it had from another run too; 0 without a store.
    """
    simulate = partial(model.run, values, work.seed, people=work.people, tell=tell)
    if store is None:
        result = simulate()
        _check_unchanged(work, model, values)
        return result, 0.0
    reference = reference_of(model, values, work.seed, store=store, tell=tell)
    with waited_for(model, values, work.seed, store=store, tell=tell):
        with going_on(store, work.key, work.forks, tell=tell) as past:
            began = perf_counter()
            result = simulate(reference=reference, past=past)
            seconds = perf_counter() - began
        _check_unchanged(work, model, values)
        keep_if_reference(model, values, work.seed, result, store=store)
    manifest = {} if result.run is None else result.run.manifest
    if reference is not None:
        manifest["reference"] = reference_key(model, model.reference(values) or {}, work.seed)
    own_weeks = work.weeks - int(manifest.get("went_on_from_week", 0))
    return result, seconds * work.weeks / own_weeks


def _check_unchanged(work: Work, model: Model, values: dict[str, Any]) -> None:
    """Refuse a run whose tables or code are no longer those its key was made of.

    A worker reads both long after the work was made: minutes, or days in the queue of a cluster.

    Raises
    ------
    InputError
        In one line.
    """
    now = key_of(work.model, values, work.seed, model.version(), model.inputs(values))
    if now != work.key:
        raise InputError(
            "a table it reads, or the code, has changed since the runs were planned; the same"
            " command plans them anew"
        )


@cache
def _opened(folder: Path) -> Store:
    return Store(folder)


@cache
def _circumstances(model: str) -> tuple[str, str, dict[str, str]]:
    """Host, commit and versions of this process."""
    chosen = model_named(model)
    return platform.node(), chosen.commit(), chosen.versions()


def _row(
    work: Work,
    model: Model,
    values: dict[str, Any],
    result: Result,
    *,
    experiment: str,
    seconds: float,
) -> Row:
    host, commit, versions = _circumstances(work.model)
    return Row(
        key=work.key,
        model=work.model,
        seed=work.seed,
        code_version=model.version(),
        defaults=model.defaults(),
        changes=dict(work.changes),
        inputs=model.inputs(values),
        outcomes=result.outcomes,
        months=result.months,
        experiment=experiment,
        seconds=seconds,
        n_people=result.n_people,
        host=host,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=commit,
        versions=versions,
    )


def try_work(work: Work, store: Path | None, *, experiment: str, tell: Tell) -> Failure | None:
    """Carry out one work; what goes wrong is returned and noted in the store, never raised."""
    try:
        run_work(work, store, experiment=experiment, tell=tell)
    except StoppedError:
        return Failure(work.name, STOPPED)
    except InputError as error:
        failure = Failure(work.name, tuple(error.problems), is_input=True)
    except (StoreError, MachineError) as error:
        return Failure(work.name, tuple(str(error).splitlines()), ends_all=True)
    except Exception as error:  # an error with arguments of its own may not survive the way back
        failure = Failure(work.name, (defect_text(error),))
    else:
        return None
    note_failure(work, failure, store)
    return failure


def note_failure(work: Work, failure: Failure, store: Path | None) -> None:
    """Have the store tell, until the run is done, why it failed."""
    # Whoever asked for the run is told in any case, so a store that is full loses nothing here.
    with suppress(StoreError):
        if store is not None:
            _opened(store).fail(work.key, work.name, failure.lines, is_input=failure.is_input)
