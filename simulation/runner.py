"""A run is a pure function of (config, seed); its results carry what it takes to repeat it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pandas as pd

from simulation.config import Config
from simulation.config.programme import needs_reference, reference_of
from simulation.errors import InputError, cut
from simulation.finished.names import (
    EMPLOYERS,
    FIRST_DAY,
    GROUPS,
    JOBS,
    LOST_WORK,
    MARKETS,
    PEOPLE,
)
from simulation.finished.run import Run
from simulation.histories.whole import WholeRun
from simulation.inputs.area import Area
from simulation.inputs.users_files import file_digests
from simulation.labour.thinning import thinning_text
from simulation.model import LabourMarket, forget_model
from simulation.provenance import code_version, commit, versions
from simulation.record.people import PeopleRecord
from simulation.register import own_digests
from simulation.support.beyond import held

Keep = Callable[[int, Callable[[], bytes]], None]
"""Told the weeks done, and given a function that returns the state of the run then."""
WARD_COLUMNS = ["code", "name", "district", "easting", "northing", "priority", "residents"]


def simulate(
    config: Config,
    seed: int,
    *,
    events: bool = False,
    people: bool = False,
    progress: Callable[[int], None] | None = None,
    area: Area | None = None,
    reference: pd.DataFrame | None = None,
    since: bytes | None = None,
    keep: Keep | None = None,
) -> Run:
    """Simulate one labour market.

    Parameters
    ----------
    config : Config
    seed : int
        0 to 2**64 - 1; the same seed gives two configurations the same luck. Commands and stores
        take 0 to 2**63 - 1.
    events : bool
        Whether to keep every change of state or job of every person.
    people : bool
        Whether to keep who worked where every half year, for comparing pairs of runs.
    progress : callable, optional
        Called with the number of weeks done after each.
    area : Area, optional
        The area the configuration names, if it is loaded already.
    reference : DataFrame, optional
        The frame `markets` of the same run without support, to which jobs are compared where they
        answer to what support does (docs/closure.md); it is simulated first if it is left out.
    since : bytes, optional
        The state after some weeks, as `keep` was given it, of this run or of one that was the same
        until then (docs/histories.md): the weeks before are not simulated again.
    keep : callable, optional
        Called after each week but the last with the number of weeks done and a function that
        returns the state there and then.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the configuration, the seed, the area or the economy cannot be used, or `since` is the
        state of a run with another past.
    BooksError
        If an accounting identity does not hold; a defect.
    """
    if not isinstance(config, Config):
        raise InputError(f"config must be a Config, got {type(config).__name__} {cut(config)}")
    began = time.perf_counter()
    inputs = file_digests(config) | own_digests(config.own)
    if reference is None and needs_reference(config):
        still = None if progress is None else partial(_waits, progress)
        world = simulate(reference_of(config), seed, progress=still, area=area)
        reference = world.tables[MARKETS]
    model = LabourMarket(config, seed, events=events, area=area, reference=reference)
    record = PeopleRecord(model.residents, model.area, config.weeks) if people else None
    whole = WholeRun(model, record)
    try:
        if since is not None:
            whole.go_on_from(since)
        first_week = model.week
        while model.running:
            model.step()
            if record is not None:
                record.add_week(model.residents, model.newcomers, model.week - 1)
            if progress is not None:
                progress(model.week)
            if keep is not None and model.running:
                keep(model.week, whole.state)
        recorder = model.recorder
        manifest = {
            "config": config.model_dump(mode="json"),
            "seed": int(seed),
            "inputs": inputs,
            "held": held(config, model.area),
            "thinning": thinning_text(model.area, config),
            "n_people": int(model.residents.id.size),
            "n_employers": int(model.jobs.ward.size),
            "ni153_wards": [str(code) for code in model.area.wards["code"][model.area.ni153]],
            "versions": versions(),
            "commit": commit(),
            "code_version": code_version(),
            "seconds": time.perf_counter() - began,
            "seconds_by_phase": dict(model.seconds),
        }
        if first_week:
            manifest["went_on_from_week"] = first_week
        return Run(
            config=config,
            seed=int(seed),
            monthly=recorder.monthly(),
            flows=recorder.flow_table(),
            wards=model.area.wards[WARD_COLUMNS].copy(),
            manifest=manifest,
            events=None if recorder.events is None else recorder.events.event_table(),
            tables=_tables(model, record),
        )
    finally:
        forget_model(model)


def _waits(progress: Callable[[int], None], week: int) -> None:
    """Tell that no week is done yet, while the reference world is simulated."""
    progress(0)


def _tables(model: LabourMarket, record: PeopleRecord | None) -> dict[str, pd.DataFrame]:
    """Return the frames of groups, of support and of people of a finished model."""
    support = model.support_system
    tables = {
        GROUPS: model.recorder.by_group(),
        MARKETS: model.closure.table(),
        **support.tables(model.residents),
    }
    lost_work = model.lost_work.table()
    if not lost_work.empty:
        tables[LOST_WORK] = lost_work
    if (kept := model.recorder.events) is not None:
        tables[FIRST_DAY] = kept.first_day()
        tables[EMPLOYERS] = kept.employer_table(model.jobs)
        tables[JOBS] = kept.job_table(model.recorder.months, model.recorder.weight)
    if record is not None:
        tables[PEOPLE] = record.table()
        trial = support.interventions.trial_of
        if trial is not None and trial.offered is not None:
            tables[PEOPLE] = tables[PEOPLE].assign(**trial.offered._asdict())
    return tables
