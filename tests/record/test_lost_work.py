"""Who lost work in a local closure, against every event of the run."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import configure
from simulation import simulate
from simulation.categories import AFTER_WEEKS, SECTORS
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


def closing(*events: tuple[str, int]):
    """Some closures of jobs by sector, all in ward M2 on one day."""
    words = [
        f"{{kind: closure, ward: M2, sector: {sector}, jobs: {jobs}, date: 2006-07-12}}"
        for sector, jobs in events
    ]
    return configure("area=two_towns", f"weeks={WEEK + 2}", f"economy.events=[{','.join(words)}]")


def at_closure(*events: tuple[str, int]):
    """Return a model after the week of closures, and who worked in each cell before it."""
    model = LabourMarket(closing(*events), 4)
    while model.week < WEEK:
        model.step()
    before = model.jobs.filled.reshape(-1, 5).copy()
    model.step()
    return model, before


def of_sector(model: LabourMarket, sector: str) -> np.ndarray:
    ward = list(model.area.wards["code"]).index("M2")
    return (model.jobs.ward == ward) & (model.jobs.sector == SECTORS.index(sector))


def test_whole_workplaces_close_and_one_in_part_until_so_many_have_lost_their_jobs():
    model, before = at_closure(("manufacturing", 60))
    here = of_sector(model, "manufacturing")
    closed = here & (model.jobs.local == 0.0)
    partly = here & (model.jobs.local > 0.0) & (model.jobs.local < 1.0)
    assert closed.sum() >= 1 and partly.sum() <= 1
    size = before.sum(axis=1)
    assert size[closed].sum() + size[partly].sum() >= 60 >= size[closed].sum()
    assert (model.jobs.filled.reshape(-1, 5)[closed] == 0).all()
    lost = model.lost_work.table()
    forget_model(model)
    # Some quit or retire in the very week, before anybody is laid off.
    assert 0.8 * 60 <= len(lost) <= 60


def test_of_a_closure_smaller_than_every_workplace_so_many_lose_their_jobs_at_once():
    whole = LabourMarket(closing(("public", 1)), 4)
    sizes = whole.jobs.filled.reshape(-1, 5).sum(axis=1)[of_sector(whole, "public")]
    forget_model(whole)
    jobs = int(sizes[sizes > 0].min()) - 3
    assert jobs > 5
    model, before = at_closure(("public", jobs))
    lost = model.lost_work.table()
    here = of_sector(model, "public")
    assert not (model.jobs.local[here] == 0.0).any()
    [struck] = np.flatnonzero(model.jobs.local < 1.0)
    left = 1.0 - model.jobs.local[struck]
    assert left == pytest.approx(jobs / before[struck].sum())
    assert jobs - 2 <= len(lost) <= jobs
    # Its levels lose alike, to within one person.
    by_level = np.bincount(lost["level"], minlength=5)
    assert (by_level < before[struck] * left + 1).all()
    forget_model(model)


def test_two_closures_of_a_ward_in_one_week_have_their_own_people():
    model, before = at_closure(("retail", 20), ("health", 20), ("retail", 15))
    lost = model.lost_work.table()
    assert lost["person"].is_unique
    assert (lost.groupby("event").size() >= [17, 17, 12]).all()
    gone = before.sum(axis=1) - model.jobs.filled.reshape(-1, 5).sum(axis=1)
    assert gone[of_sector(model, "health")].sum() == pytest.approx(20, abs=4)
    assert gone[of_sector(model, "retail")].sum() == pytest.approx(35, abs=6)
    forget_model(model)


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
