"""Who lost work in a local closure, against every event of the run."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import configure
from simulation import simulate
from simulation.categories import AFTER_WEEKS
from simulation.finished.shown import lost_work_lines
from simulation.model import LabourMarket, forget_model

CLOSURE = "economy.events=[{kind: closure, ward: M2, sector: manufacturing, jobs: 60,"
WEEK = 10


def config(*words: str, weeks: int = 70):
    date = "2006-07-12"  # in week 10
    return configure("area=two_towns", f"weeks={weeks}", CLOSURE + f" date: {date}}}]", *words)


@pytest.fixture(scope="module")
def run():
    return simulate(config(), 4, events=True)


def test_whole_workplaces_close_until_so_many_have_lost_their_jobs():
    model = LabourMarket(config(), 4)
    here = (model.jobs.ward == list(model.area.wards["code"]).index("M2")) & (
        model.jobs.sector == 0
    )
    while model.week < WEEK:
        model.step()
    before = model.jobs.filled.reshape(-1, 5).sum(axis=1)
    model.step()
    closed = here & (model.jobs.local == 0.0)
    partly = here & (model.jobs.local > 0.0) & (model.jobs.local < 1.0)
    assert closed.sum() >= 1 and partly.sum() <= 1
    assert before[closed].sum() + before[partly].sum() >= 60 >= before[closed].sum()
    assert (model.jobs.filled.reshape(-1, 5).sum(axis=1)[closed] == 0).all()
    lost = model.lost_work.table()
    forget_model(model)
    # Some quit or retire in the very week, before anybody is laid off.
    assert 0.8 * before[closed].sum() <= len(lost) <= before[closed].sum()


def test_everybody_has_an_event_that_ends_a_job_and_the_state_events_lead_to(run):
    lost, events = run.tables["lost_work"], run.events
    assert len(lost) > 20 and (lost["week"] == WEEK).all() and lost["person"].is_unique
    for row in lost.itertuples():
        own = events[events["person"] == row.person]
        # The job ended in that week; whoever found another by its end only changed employers.
        assert (own["week"] == WEEK).any()
        for after in AFTER_WEEKS:
            found = getattr(row, f"state_after_{after}")
            if WEEK + after >= run.config.weeks:
                assert found is np.nan
            elif found != "left":
                last = own[own["week"] <= WEEK + after].iloc[-1]
                assert found == last["to_state"], (row.person, after)


def test_it_is_told_in_short_and_adds_up(run):
    first, *rest = lost_work_lines(run.tables["lost_work"], run.wards, run.config)
    assert f"{len(run.tables['lost_work'])} people lost work" in first
    shares = run.tables["lost_work"]["state_after_26"].value_counts(normalize=True)
    assert f"after 26 weeks {100 * shares['employed']:.0f} per cent are in work" in rest[1]
    assert len(rest) == 3  # the run ends before two years are over


def test_a_run_without_closures_has_no_such_frame():
    assert "lost_work" not in simulate(configure("area=two_towns", "weeks=4"), 4).tables


def test_support_does_not_change_which_workplaces_close():
    alone, helped = (
        LabourMarket(config(*words, weeks=12), 4) for words in ((), ("regime=aligned",))
    )
    for model in (alone, helped):
        while model.running:
            model.step()
    np.testing.assert_array_equal(alone.jobs.local == 0.0, helped.jobs.local == 0.0)
    forget_model(alone)
    forget_model(helped)
