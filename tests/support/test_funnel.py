"""What plans learn of journeys, against the formulas."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.agents.clients import GROUP_EMPLOYED
from simulation.categories import N_STAGES
from simulation.support.funnel import expected_journeys, learn
from simulation.support.records import EVENT, N_EVENTS, tally

FIRST = expected_journeys((1.0, 0.5, 0.4, 0.2, 0.1), (2.0, 3.0, 16.0, 14.0, 18.0))
NOBODY = np.zeros((N_EVENTS, N_STAGES + 1), np.int64)


def counts_of(**events: tuple[int, int]) -> np.ndarray:
    """Counts of events, each with the stage it is noted in."""
    counts = NOBODY.copy()
    for name, (stage, number) in events.items():
        counts[EVENT[name], stage] = number
    return counts


def test_before_anybody_is_seen_the_first_idea_holds():
    for weight in (0.0, 500.0):
        learnt = learn(FIRST, NOBODY, np.zeros(5), weight, 0.25)
        np.testing.assert_allclose(learnt.progression, FIRST.progression)
        np.testing.assert_allclose(learnt.occupied_weeks, FIRST.occupied_weeks)


def test_a_chance_to_go_on_is_the_mean_of_its_beta_distribution():
    """30 went on to a plan, 60 left, 10 found a job first: Beta(0.5 w, 0.5 w) after 30 and 70."""
    counts = counts_of(engaged=(1, 110), assessed=(2, 30), did_not_go_on=(1, 60), job_entry=(1, 10))
    for weight in (0.0, 40.0, 1e9):
        learnt = learn(FIRST, counts, np.array([330.0, 0, 0, 0, 0]), weight, 0.25)
        p = (0.5 * weight + 30) / (weight + 100)
        assert learnt.progression[1] == pytest.approx(p)
        assert learnt.progression[2] == pytest.approx(p * 0.8)
        weeks = (2.0 * weight + 330) / (weight + 100)
        assert learnt.occupied_weeks[0] == pytest.approx(weeks)


def test_stays_obey_littles_law_on_a_steady_flow():
    """Clients in a stage at a time are those who come to it a week times the weeks they stay.

    Each of 50 weeks 8 begin placement: 4 find a job after 6 weeks and begin aftercare 4 weeks
    later, 2 drop out after 12, 2 complete after 26. 2 more find one in their tenth week of
    services, wait 8 weeks as placed and leave. 20 begin services; the others stay for 15 weeks.
    """
    n = 50
    counts = counts_of(
        service_started=(3, 20 * n),
        placement_started=(4, 8 * n),
        aftercare_started=(5, 4 * n),
        left_waiting=(4, 2 * n),
        completed=(4, 2 * n),
    )
    counts[EVENT["job_entry"], 3:5] = 2 * n, 4 * n
    counts[EVENT["dropped_out"], 3:5] = 10 * n, 2 * n
    at_a_time = np.array([0.0, 0.0, 2 * 10 + 18 * 15, 4 * 10 + 2 * 12 + 2 * 26 + 2 * 8, 0.0])
    stays = learn(FIRST, counts, at_a_time * n, 0.0, 0.25).occupied_weeks
    assert stays[2] * 20 == pytest.approx(at_a_time[2])
    assert stays[3] * (8 + 2) == pytest.approx(at_a_time[3])


def test_who_left_for_want_of_a_place_wanted_to_go_on():
    """30 began services, 50 waited for them in vain, 20 dropped out: demand is 80 of 100."""
    counts = counts_of(assessed=(2, 100), service_started=(3, 30), dropped_out=(2, 20))
    counts[EVENT["left_waiting"], 2] = 50
    learnt = learn(FIRST, counts, np.zeros(5), 40.0, 0.25)
    p = (0.8 * 40 + 80) / (40 + 100)
    assert learnt.progression[2] == pytest.approx(learnt.progression[1] * p)
    counts = counts_of(left_waiting=(4, 6), completed=(4, 14))
    assert learn(FIRST, counts, np.zeros(5), 0.0, 0.25).progression[4] == pytest.approx(6 / 20)


def test_parked_clients_reach_services_and_those_in_work_are_not_counted():
    event = np.array([EVENT["parked"], EVENT["service_started"], EVENT["service_started"]])
    counts = tally(event, np.array([3, 3, 3]), np.array([0, 1, GROUP_EMPLOYED]))
    assert counts.sum() == 2
    learnt = learn(FIRST, counts, np.zeros(5), 0.0, 0.25)
    assert learnt.progression[2] == FIRST.progression[1]


def test_plans_learn_what_services_cost_when_some_are_ready_for_work():
    """Of 100 starts 40 cost a quarter: 70 full services; before that each is full."""
    counts = counts_of(service_started=(3, 90), parked=(3, 10), ready_for_work=(3, 40))
    for weight in (0.0, 100.0):
        parts = learn(FIRST, counts, np.zeros(5), weight, 0.25).parts
        np.testing.assert_allclose(parts, [1, 1, (weight + 70) / (weight + 100), 1, 1])
    assert (learn(FIRST, NOBODY, np.zeros(5), 0.0, 0.25).parts == 1.0).all()
