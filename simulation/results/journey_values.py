"""Outcomes of the journeys of one run: jobs, distance travelled, drop-out, waits and losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.categories import STAGES
from simulation.results.journeys import CODE, COLUMNS, NOBODY, STARTS, Record, journeys, read_record
from simulation.results.treated import treated_people, treated_person

if TYPE_CHECKING:
    from simulation.finished.run import Run

NO_CLIENTS = pd.DataFrame(columns=list(COLUMNS))
RETURN_WEEKS = 52
EARLY_WEEKS = 26
BEGINNINGS = tuple(name for name in STARTS if name != "job_entry")


def quotient(name: str, part: float, whole: float, *, factor: float = 1.0) -> dict[str, float]:
    """One quotient by name; nothing where there is nothing to divide by."""
    return {name: factor * part / whole} if whole > 0 else {}


def journey_values(run: Run) -> dict[str, float]:
    """Compute the outcomes of journeys; names as in `support`.

    Parameters
    ----------
    run : Run
        Without clients there are counts of zero and no shares.
    """
    clients = run.tables.get("clients", NO_CLIENTS)
    weight = float(run.config.people_per_agent)
    record = read_record(clients)
    frame = journeys(clients, record)
    event = record.event
    begun = weight * (~frame["is_in_work"]).sum()

    def number(name: str) -> float:
        return weight * float((event == CODE[name]).sum())

    jobs = number("job_entry")
    went_on = weight * (frame["week_action_planning"] >= 0).sum()
    served = weight * frame["was_served"].sum()
    reached_services = weight * (frame["week_services"] >= 0).sum()
    parked = reached_services - served
    values = {
        "engaged": begun,
        "in_work_clients": weight * frame["is_in_work"].sum(),
        "served": served,
        "job_entries": jobs,
        **{f"sustained_{w}_weeks": number(f"sustained_{w}_weeks") for w in (13, 26, 52)},
        "levels_gained": number("training_completed"),
        "progress_without_job": weight * _progress_without_job(record, frame),
        "lost_at_hand_over": number("lost_at_hand_over"),
        "left_waiting": number("left_waiting"),
        "assessed_again": number("assessed_again"),
    }
    again = record.rows[event == CODE["assessed_again"]]
    values["assessed_again_gbp"] = float(clients["cost_gbp"].to_numpy()[again].sum())
    lifted = weight * float(((event == CODE["barrier_lifted"]) & (record.journey >= 0)).sum())
    values |= quotient("went_on_share", went_on, begun, factor=100.0)
    values |= quotient("parked_share", parked, reached_services, factor=100.0)
    values |= quotient("job_entry_share", jobs, begun, factor=100.0)
    values |= quotient("barriers_lifted_per_served", lifted, served)
    returns = _returns(frame, treated_people(run), n_weeks=run.config.weeks)
    return values | _losses(clients, record) | returns


def _progress_without_job(record: Record, frame: pd.DataFrame) -> int:
    """Count journeys without a job in which a barrier was lifted or a level gained."""
    steps = np.isin(record.event, [CODE["barrier_lifted"], CODE["training_completed"]])
    moved = np.zeros(len(frame), np.bool_)
    moved[record.journey[steps & (record.journey >= 0)]] = True
    return int((moved & (frame["job_week"] < 0).to_numpy()).sum())


def _losses(clients: pd.DataFrame, record: Record) -> dict[str, float]:
    """Drop-out and waits by stage, and losses at hand-overs."""
    values: dict[str, float] = {}
    stage_at = clients["stage"].to_numpy()[record.rows]
    dropped = record.event == CODE["dropped_out"]
    stage_begun = np.zeros(len(CODE), np.int64)
    for name in BEGINNINGS:
        stage_begun[CODE[name]] = STARTS[name]
    begun = stage_begun[record.event]
    wait = _waits(record, begun > 0)
    for number, stage in enumerate(STAGES, start=1):
        starts = begun == number
        left = float((dropped & (stage_at == number)).sum())
        values |= quotient(f"drop_out_share_{stage}", left, float(starts.sum()), factor=100.0)
        if number > 1:
            total = float(wait[starts & ~record.is_entry].sum())
            n_starts = float((starts & ~record.is_entry).sum())
            values |= quotient(f"mean_wait_{stage}", total, n_starts)
    lost = float((record.event == CODE["lost_at_hand_over"]).sum())
    passed = float(_passed_on(clients, record, begun > 0))
    return values | quotient("lost_at_hand_over_share", lost, lost + passed, factor=100.0)


def _waits(record: Record, is_start: np.ndarray) -> np.ndarray:
    """Weeks from the last wait (or job entry) since the previous start; 0 if there was none."""
    place = np.arange(record.event.size)
    is_wait = np.isin(record.event, [CODE["waiting"], CODE["job_entry"]])
    before = np.maximum.accumulate(np.where(is_wait, place, NOBODY))
    started = np.maximum.accumulate(np.where(is_start, place, NOBODY))
    last_start = np.append(NOBODY, started[:-1])[: place.size]
    waited = is_start & (before > last_start)
    return np.where(waited, record.week - record.week[before], 0) if place.size else place


def _passed_on(clients: pd.DataFrame, record: Record, is_start: np.ndarray) -> int:
    """Count starts at another provider than the one before, within a journey."""
    provider = clients["provider"].to_numpy()[record.rows[is_start]]
    journey = record.journey[is_start]
    return int(((provider[1:] != provider[:-1]) & (journey[1:] == journey[:-1])).sum())


def _returns(frame: pd.DataFrame, treated: pd.DataFrame, *, n_weeks: int) -> dict[str, float]:
    """Revolving door: engaged again within a year, jobs lost within half a year."""
    slot, week = frame["person"].to_numpy(), frame["week"].to_numpy()
    who = treated_person(treated, slot, week)
    end_week, end = frame["end_week"].to_numpy(), frame["end"].astype(str).to_numpy()
    ended = (end_week >= 0) & (end_week < n_weeks - RETURN_WEEKS) & (end != "left_area")
    again = np.zeros(len(frame), np.bool_)
    is_same = (slot[1:] == slot[:-1]) & (who[1:] == who[:-1])
    soon = (week[1:] - end_week[:-1] <= RETURN_WEEKS) & is_same
    again[:-1] = soon
    job_week = frame["job_week"].to_numpy()
    followed = (job_week >= 0) & (job_week < n_weeks - EARLY_WEEKS)
    lost = followed & (end == "job_lost") & (end_week - job_week < EARLY_WEEKS)
    return quotient(
        "re_engaged_share", float((ended & again).sum()), float(ended.sum()), factor=100.0
    ) | quotient("jobs_lost_early_share", float(lost.sum()), float(followed.sum()), factor=100.0)
