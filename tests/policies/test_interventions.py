"""Interventions: who gets a place, what it does, what it costs, what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import numpy as np
import pytest

from experiments import configure
from experiments.words.choices import choices_of
from simulation.agents.clients import Calls, Clients, Support, client_group
from simulation.agents.columns import CHILDCARE_BIT, TRANSPORT_BIT, Flows, Jobs, People, new_columns
from simulation.agents.commuting import Commuting
from simulation.agents.contracts import Contract, Eligibility
from simulation.agents.providers import Providers
from simulation.categories import (
    BARRIERS,
    CLIENT_EVENTS,
    CLIENT_GROUPS,
    SECTORS,
    STAGES,
    State,
)
from simulation.config import Config
from simulation.errors import InputError
from simulation.labour import economy
from simulation.model import LabourMarket
from simulation.policies.interventions import (
    Helped,
    Interventions,
    new_interventions,
)
from simulation.policies.interventions.places import Pace
from simulation.policies.tariffs import Terms
from simulation.register import INTERVENTIONS
from simulation.streams import Stream, uniforms
from simulation.support.set_up import GivenSupport
from tests.small_areas import make_area

SEED = 11
NAMES = tuple(Config().interventions.model_dump())
JOURNEY_ONLY = ("outreach", "single_point_of_access", "tracking_system")
WITHOUT_JOURNEY = tuple(name for name in NAMES if name not in JOURNEY_ONLY)
NEW_SLOT = 16 * 52
GROUP = {name: number for number, name in enumerate(CLIENT_GROUPS)}


def small_area(*residents: int):
    """An area in memory; ward 0 is the only priority ward."""
    area = make_area(list(residents))
    area.wards["daf"] = 0
    return area


@dataclass
class Stage:
    """People and jobs of a first day that stand still, and the interventions that act on them."""

    engine: Interventions
    people: People
    jobs: Jobs
    support: Support
    clients: Clients
    calls: Calls
    flows: Flows
    commuting: Commuting
    config: Config
    area: object

    def week(self, week: int) -> Helped:
        """Let the interventions act for a week."""
        return self.engine.run(
            week,
            self.people,
            self.jobs,
            self.support,
            self.clients,
            self.calls,
            np.uint64(SEED),
            self.flows,
            self.people,
            self.commuting,
        )

    def covered(self, which: int = 0) -> np.ndarray:
        """Rows of those covered, sorted."""
        return np.flatnonzero(self.engine.until[which] >= 0)

    def draws(self, rows, name: str, week: int) -> np.ndarray:
        """The four words of people's draws of a week, by the generator of streams."""
        ids = self.people.id[rows]
        number = INTERVENTIONS[name].number
        return uniforms(SEED, Stream.INTERVENTIONS, ids, week=week, pair=number)

    def groups(self) -> np.ndarray:
        """Everyone's client group."""
        rows = range(self.people.id.size)
        return np.array([client_group(self.people, row) for row in rows])


def stage(*, residents=(900, 600), has_journey=False, people_per_agent=1, **interventions) -> Stage:
    """A still market with interventions given by their parameters; all named are active."""
    chosen = {name: {"active": True, **terms} for name, terms in interventions.items()}
    config = Config(weeks=520, beyond="hold", people_per_agent=people_per_agent).replace(
        interventions=chosen
    )
    area = small_area(*residents)
    model = LabourMarket(config.replace(interventions=Config().interventions), SEED, area=area)
    n = model.people.id.size
    engine = new_interventions(config, area, n_people=n, has_journey=has_journey)
    return Stage(
        engine,
        model.people,
        model.jobs,
        new_columns(Support, n),
        new_columns(Clients, n),
        Calls(
            np.zeros(area.n_wards), np.ones(area.n_wards), np.zeros((len(chosen) + 1, area.n_wards))
        ),
        model.recorder.new_flows(),
        model.rates.commuting,
        config,
        area,
    )


def run_model(weeks=60, *, residents=(900, 600), seed=SEED, **interventions) -> LabourMarket:
    """A market run to its end."""
    chosen = {name: {"active": True, **terms} for name, terms in interventions.items()}
    config = Config(weeks=weeks, start=date(2009, 6, 1)).replace(interventions=chosen)
    model = LabourMarket(config, seed, area=small_area(*residents))
    while model.running:
        model.step()
    return model


def same(first, second) -> bool:
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        for a, b in zip(first, second, strict=True)
    )


# Places


def test_every_intervention_without_places_leaves_a_run_as_it_is_to_the_last_bit():
    without = run_model()
    idle = run_model(**{name: {"places": 0} for name in WITHOUT_JOURNEY})
    interventions = idle.support_system.interventions
    assert set(interventions.names) == set(WITHOUT_JOURNEY)
    assert interventions.first_week == tuple(sorted(interventions.first_week))
    assert same(without.people, idle.people)
    assert same(without.jobs, idle.jobs)


@pytest.mark.parametrize(("places", "people_per_agent"), [(100, 1), (7, 1), (520, 3), (1000, 1)])
def test_places_of_each_week_are_the_integer_part_of_the_running_total(places, people_per_agent):
    scene = stage(
        people_per_agent=people_per_agent,
        residents=(3000, 3000),
        employer_brokerage={"places": places, "weeks": 1},
    )
    helped = [scene.week(week).row.size for week in range(60)]
    due = [floor(Fraction(places * week, 52 * people_per_agent)) for week in range(61)]
    assert helped == list(np.diff(due))
    assert sum(helped) * people_per_agent <= Fraction(places * 60, 52)


def test_places_go_to_the_lowest_tickets_among_the_eligible():
    scene = stage(
        level_2={"places": 520, "groups": ["ib_esa", "lone_parent"], "wards": ["W1"], "min_age": 30}
    )
    people = scene.people
    eligible = (
        np.isin(scene.groups(), [GROUP["ib_esa"], GROUP["lone_parent"]])
        & (people.ward == 1)
        & (people.age_weeks >= 30 * 52)
        & (people.qualification <= 1)
    )
    for week in range(3):
        rows = np.flatnonzero(eligible & (scene.engine.until[0] < 0))
        expected = rows[np.argsort(scene.draws(rows, "level_2", week)[:, 0])][:10]
        assert set(scene.week(week).row) == set(expected)


def test_another_intervention_moves_nobodys_ticket():
    alone = stage(debt_advice={"places": 260})
    beside = stage(debt_advice={"places": 260}, employer_brokerage={"places": 2600})
    which = beside.engine.names.index("debt_advice")
    for week in range(5):
        alone.week(week)
        beside.week(week)
    assert np.array_equal(alone.covered(), beside.covered(which))


def test_places_are_taken_between_the_dates_only_and_cover_outlasts_them():
    terms = {"places": 520, "weeks": 4, "start": date(2006, 5, 15), "end": date(2006, 5, 29)}
    scene = stage(employer_brokerage=terms)
    helped = [scene.week(week).row.size for week in range(8)]
    days = [date(2006, 5, 1) + timedelta(weeks=week) for week in range(8)]
    assert helped == [10 if terms["start"] <= day < terms["end"] else 0 for day in days]
    assert scene.covered().size == 0
    assert (scene.support.broker == 0).all()


@pytest.mark.parametrize(
    ("terms", "who"),
    [
        ({"groups": ["ib_esa"]}, lambda scene: scene.people.state == State.IB_ESA),
        ({"wards": "priority"}, lambda scene: scene.people.ward == 0),
        ({"wards": ["W1"]}, lambda scene: scene.people.ward == 1),
        ({"wards": ["Town"]}, lambda scene: scene.people.ward >= 0),
        ({"max_age": 25}, lambda scene: scene.people.age_weeks < 25 * 52),
        ({"min_age": 50}, lambda scene: scene.people.age_weeks >= 50 * 52),
        ({"max_qualification": 0}, lambda scene: scene.people.qualification == 0),
    ],
)
def test_only_the_eligible_are_helped_and_all_of_them_if_places_suffice(terms, who):
    scene = stage(employer_brokerage={"places": 520_000, **terms})
    out_of_work = scene.people.state != State.EMPLOYED
    scene.week(0)
    assert np.array_equal(scene.covered(), np.flatnonzero(who(scene) & out_of_work))


def test_a_place_costs_its_unit_cost_for_the_people_an_agent_stands_for():
    scene = stage(people_per_agent=3, debt_advice={"places": 1560, "unit_cost_gbp": 250.5})
    helped = scene.week(0)
    assert helped.row.size == 10
    assert (helped.pence == 25_050 * 3).all()
    assert scene.engine.most_pence(0, 52) == (1560 * 25_050,)


def test_a_budget_buys_as_many_places_as_it_pays_for_over_the_time_they_are_offered():
    terms = {"budget_gbp": 10_100.0, "unit_cost_gbp": 100.0, "start": date(2007, 5, 7)}
    scene = stage(debt_advice=terms | {"end": date(2007, 7, 16)})
    first, weeks = 53, 10
    assert scene.engine.most_pence(0, first) == (0,)
    assert scene.engine.most_pence(first, first + weeks) == (101 * 10_000,)
    assert scene.engine.most_pence(first + weeks, 520) == (0,)
    by_week = [scene.engine.most_pence(week, week + 1)[0] for week in range(first, first + weeks)]
    assert max(by_week) - min(by_week) == 10_000  # evenly, to one place


def test_places_per_thousand_follow_the_residents_of_the_wards_served():
    scene = stage(residents=(900, 600), debt_advice={"places_per_1000": 40.0, "wards": ["W1"]})
    assert scene.engine.paces == [Pace(24, 52)]
    scene = stage(residents=(900, 600), debt_advice={"places_per_1000": 40.0})
    assert scene.engine.paces == [Pace(60, 52)]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"budget_gbp": 5.0, "places_per_1000": 1.0}, "give places_per_1000 or budget_gbp, not"),
        ({"budget_gbp": 5.0, "places": 9}, "give budget_gbp or places, not both"),
        ({"places_per_1000": 5.0, "places": 9}, "give places_per_1000 or places, not both"),
        ({"budget_gbp": 5.0, "unit_cost_gbp": 0.0}, "unit_cost_gbp is 0"),
        ({"budget_gbp": -5.0}, "greater than or equal to 0"),
    ],
)
def test_a_budget_that_means_nothing_is_refused(terms, says):
    with pytest.raises(InputError, match=says):
        stage(debt_advice=terms)


def test_the_first_place_is_on_the_persons_record():
    scene = stage(employer_brokerage={"places": 520, "weeks": 2})
    first = scene.week(4).row
    scene.week(5)
    assert (scene.clients.treated_week[first] == 4).all()
    assert (scene.clients.treated_week >= 0).sum() == 20


def test_cover_ends_when_a_slot_begins_again_with_another_person():
    scene = stage(childcare={"places": 52_000})
    scene.week(0)
    row = scene.covered()[0]
    scene.people.age_weeks[row] = NEW_SLOT
    scene.people.state[row] = State.INACTIVE_NO_BENEFIT
    scene.people.workless_weeks[row], scene.people.sector[row] = 0, -1
    scene.week(1)
    assert scene.engine.until[0, row] == -1
    assert not scene.people.barriers[row] & CHILDCARE_BIT
    assert scene.clients.treated_week[row] == -1


# What a place does


def test_brokerage_brings_applications_until_the_weeks_are_over():
    terms = {"places": 520, "weeks": 3, "p_broker": 0.25, "fit": 0.5, "end": date(2006, 5, 8)}
    scene = stage(employer_brokerage=terms)
    rows = np.sort(scene.week(0).row)
    for week in range(1, 4):
        expected = 0.25 if week <= 3 else 0.0
        assert scene.support.broker[rows] == pytest.approx(expected)
        assert scene.support.fit[rows] == pytest.approx(2.0 * expected)
        scene.week(week)
    assert same(scene.support, new_columns(Support, scene.people.id.size))


def test_brokerage_ends_with_a_job():
    scene = stage(employer_brokerage={"places": 520})
    row = scene.week(0).row[0]
    scene.people.state[row] = State.EMPLOYED
    scene.week(1)
    assert scene.engine.until[0, row] == -1
    assert scene.support.broker[row] == 0


def test_several_interventions_add_up_for_a_person_who_is_covered_by_all():
    every = {"places": 520_000, "groups": ["jsa_under_6_months"]}
    scene = stage(
        employer_brokerage={**every, "p_broker": 0.3, "fit": 0.0},
        redundancy_response={**every, "p_broker": 0.2, "within_weeks": 520},
        wage_subsidy={**every, "fit": 0.7},
        level_2={**every, "lock_in": 0.4},
    )
    for week in range(3):
        scene.week(week)
    both = scene.covered(0)[np.isin(scene.covered(0), scene.covered(3))]
    assert both.size > 0
    assert scene.support.broker[both] == pytest.approx(1 - 0.7 * 0.8)
    assert scene.support.fit[both] == pytest.approx(0.7)
    course = scene.covered(scene.engine.names.index("level_2"))
    assert scene.support.search[course] == pytest.approx(0.4)


def test_the_support_of_clients_is_added_to_and_not_replaced():
    scene = stage(has_journey=True, employer_brokerage={"places": 520, "p_broker": 0.5, "fit": 0})
    scene.clients.stage[:] = 4
    scene.support.broker[:] = 0.2
    rows = scene.week(0).row
    assert scene.support.broker[rows] == pytest.approx(1 - 0.8 * 0.5)


def test_a_work_trial_takes_time_then_counts_until_it_is_forgotten():
    scene = stage(work_trial={"places": 520, "weeks": 3, "end": date(2006, 5, 8)})
    journey = scene.config.journey
    rows = scene.week(0).row
    assert (scene.support.trial_week[rows] == 3).all()
    for week in range(1, 3 + journey.trial_memory_weeks + 2):
        assert scene.support.search[rows] == pytest.approx(journey.lock_in if week <= 3 else 1.0)
        assert scene.support.fit[rows] == pytest.approx(journey.trial_fit if week > 3 else 0.0)
        scene.week(week)
    assert (scene.support.fit == 0).all()
    assert scene.covered().size == 0


def test_nobody_in_a_course_begins_another():
    terms = {"places": 520_000, "max_qualification": 1}
    scene = stage(level_2=terms, sector_routeway=terms, work_trial={"places": 520_000})
    scene.week(0)
    level_2, routeway, trial = (
        scene.covered(scene.engine.names.index(name)) for name in scene.engine.names
    )
    names = dict(zip(scene.engine.names, (level_2, routeway, trial), strict=True))
    assert not np.isin(names["level_2"], names["sector_routeway"]).any()
    assert not np.isin(names["work_trial"], names["level_2"]).any()


@pytest.mark.parametrize("name", ["level_2", "in_work_training"])
def test_a_course_raises_the_qualification_of_those_who_complete_it(name):
    scene = stage(**{name: {"places": 5200, "weeks": 5, "p_complete": 0.6}})
    before, ability = scene.people.qualification.copy(), scene.people.ability.copy()
    rows = scene.week(0).row
    assert (before[rows] <= 1).all()
    for week in range(1, 6):
        assert np.array_equal(scene.people.qualification, before)
        scene.week(week)
    completed = rows[scene.draws(rows, name, 5)[:, 1] < 0.6]
    before[completed] += 1
    assert np.array_equal(scene.people.qualification, before)
    ability[completed] = np.minimum(ability[completed] + Config().journey.training_gain, 1.0)
    assert np.array_equal(scene.people.ability, ability)


def test_who_finds_work_during_a_course_gains_nothing_by_it():
    scene = stage(level_2={"places": 520, "weeks": 5, "p_complete": 1.0})
    rows = scene.week(0).row
    before = scene.people.qualification[rows].copy()
    scene.people.state[rows] = State.EMPLOYED
    for week in range(1, 6):
        scene.week(week)
    assert np.array_equal(scene.people.qualification[rows], before)


def test_basic_skills_lifts_that_barrier_and_no_other():
    bit = 1 << BARRIERS.index("basic_skills")
    scene = stage(basic_skills={"places": 520, "weeks": 2, "p_complete": 1.0})
    before = scene.people.barriers.copy()
    rows = scene.week(0).row
    assert (before[rows] & bit).all()
    scene.week(1)
    scene.week(2)
    assert np.array_equal(scene.people.barriers[rows], before[rows] & ~np.uint8(bit))


def test_a_routeway_makes_people_of_its_sector():
    scene = stage(
        sector_routeway={"places": 520, "weeks": 2, "p_complete": 1.0, "sector": "retail"}
    )
    retail = SECTORS.index("retail")
    rows = scene.week(0).row
    assert (scene.people.sector[rows] != retail).all()
    scene.week(1)
    scene.week(2)
    assert (scene.people.sector[rows] == retail).all()


def test_condition_management_mends_health_by_chance_and_gives_confidence():
    terms = {"places": 2600, "weeks": 2, "p_mend": 0.4, "confidence_gain": 0.5}
    scene = stage(condition_management=terms)
    health, confidence = scene.people.health.copy(), scene.people.confidence.copy()
    rows = scene.week(0).row
    assert (health[rows] > 0).all()
    assert (scene.people.state[rows] == State.IB_ESA).all()
    scene.week(1)
    scene.week(2)
    mended = scene.draws(rows, "condition_management", 2)[:, 1] < 0.4
    assert np.array_equal(scene.people.health[rows], health[rows] - mended)
    assert scene.people.confidence[rows] == pytest.approx(0.5 + 0.5 * confidence[rows])


def test_permitted_work_restores_confidence_and_employability_at_a_part_of_the_pace_in_work():
    scene = stage(permitted_work={"places": 2600, "recovery": 0.4, "end": date(2006, 5, 8)})
    people, config = scene.people, scene.config.people
    before = People(*(column.copy() for column in people))
    rows = scene.week(0).row
    assert rows.size and (before.state[rows] == State.IB_ESA).all()
    for week in range(1, 10):
        scene.week(week)
    left = (1.0 - 0.4 * (1.0 - 0.5 ** (1.0 / config.recovery_weeks))) ** 10
    assert people.confidence[rows] == pytest.approx(1.0 - left * (1.0 - before.confidence[rows]))
    adult = np.maximum(people.age_weeks[rows] - 16.0 * 52, 1.0)
    ceiling = before.ability[rows] * (1.0 - config.scarring * before.workless_weeks[rows] / adult)
    lacking = np.maximum(ceiling - before.employability[rows], 0.0)
    gained = people.employability[rows] - before.employability[rows]
    assert gained == pytest.approx((1.0 - left) * lacking)
    assert (lacking > 0).any()
    # The claim goes on and nothing but these two is other.
    for name in set(People._fields) - {"confidence", "employability"}:
        assert np.array_equal(getattr(people, name), getattr(before, name)), name


def test_permitted_work_ends_with_the_claim_or_after_its_weeks():
    scene = stage(permitted_work={"places": 2600, "weeks": 4, "end": date(2006, 5, 8)})
    rows = scene.week(0).row
    found_work, rest = rows[:1], rows[1:]
    scene.people.state[found_work] = State.JSA
    covered = scene.engine.by_name["permitted_work"].until
    scene.week(1)
    assert (covered[found_work] == -1).all() and (covered[rest] == 4).all()
    for week in range(2, 5):
        scene.week(week)
    assert (covered[rest] == -1).all()


def training(**terms) -> tuple[Stage, np.ndarray, np.ndarray, Jobs]:
    """Those who begin a course for an opening each, the cells, and the jobs before they did."""
    scene = stage(
        pre_recruitment_training={"places": 2600, "weeks": 4, "end": date(2006, 5, 8)} | terms
    )
    jobs = scene.jobs
    jobs.desired[jobs.filled > 0] = jobs.filled[jobs.filled > 0] + 1
    jobs.openings[:] = np.maximum(jobs.desired - jobs.filled, 0)
    before = Jobs(*(column.copy() for column in jobs))
    rows = np.sort(scene.week(0).row)
    return scene, rows, scene.engine.by_name["pre_recruitment_training"].cell_of[rows], before


def test_an_opening_of_ones_level_is_held_for_everyone_in_training_for_a_vacancy():
    scene, rows, cells, before = training(sectors=("retail", "public"))
    assert rows.size > 10
    assert np.array_equal(cells % 5, scene.people.qualification[rows])
    assert np.isin(
        scene.jobs.sector[cells // 5], [SECTORS.index("retail"), SECTORS.index("public")]
    ).all()
    held = np.bincount(cells, minlength=before.openings.size)
    assert np.array_equal(np.sort(scene.engine.held), np.sort(cells))
    assert np.array_equal(scene.jobs.openings, before.openings - held)
    assert (scene.jobs.openings >= 0).all()
    assert (scene.support.search[rows] == 0.5).all()


def test_no_place_is_given_without_an_opening_to_be_held():
    scene = stage(pre_recruitment_training={"places": 2600})
    scene.jobs.openings[:] = 0
    assert scene.week(0).row.size == 0
    assert scene.engine.held.size == 0


def test_who_completes_the_training_is_invited_and_the_opening_is_open_again():
    scene, rows, cells, before = training(p_complete=0.5)
    for week in range(1, 5):
        assert scene.engine.invited.row.size == 0
        scene.week(week)
    completes = scene.draws(rows, "pre_recruitment_training", 4)[:, 1] < 0.5
    invited = scene.engine.invited
    assert 0 < completes.sum() < rows.size
    assert np.array_equal(invited.row, rows[completes])
    assert np.array_equal(invited.cell, cells[completes])
    assert (invited.fit == scene.config.interventions.pre_recruitment_training.fit).all()
    assert np.array_equal(scene.jobs.openings, before.openings)
    assert scene.engine.held.size == 0
    scene.week(5)
    assert scene.engine.invited.row.size == 0


def test_nothing_happens_where_the_vacancy_is_gone_when_the_training_ends():
    scene, _, cells, before = training(p_complete=1.0)
    scene.jobs.desired[cells] = scene.jobs.filled[cells]
    scene.jobs.openings[cells] = 0
    for week in range(1, 5):
        scene.week(week)
    assert scene.engine.invited.row.size == 0
    assert (scene.jobs.openings[cells] == 0).all()
    assert scene.engine.held.size == 0


def test_who_finds_work_before_gives_the_opening_back():
    scene, rows, _, before = training()
    scene.people.state[rows] = State.EMPLOYED
    scene.week(1)
    assert scene.engine.invited.row.size == 0
    assert np.array_equal(scene.jobs.openings, before.openings)
    assert scene.engine.held.size == 0


def run_with_training(*, fit: float, seed: int = SEED, places: int = 2080, **groups: dict):
    """A market at its end, and the cell in which each person who was invited was hired, or -1."""
    terms = {"active": True, "places": places, "weeks": 2, "fit": fit, "p_complete": 1.0}
    config = Config(weeks=60, start=date(2009, 6, 1)).replace(
        interventions={"pre_recruitment_training": terms}, closure={"response": 0.0}, **groups
    )
    model = LabourMarket(config, seed, area=small_area(900, 600))
    hired, n_invited = np.full(model.people.id.size, -1), 0
    while model.running:
        model.step()
        invited = model.support_system.interventions.invited
        is_hired = model.people.cell[invited.row] == invited.cell
        hired[invited.row[is_hired]] = invited.cell[is_hired]
        n_invited += invited.row.size
    return model, hired, n_invited


@pytest.mark.parametrize(("fit", "are_hired"), [(20.0, True), (0.0, False)])
def test_the_invited_are_hired_if_they_are_suitable(fit, are_hired):
    _, hired, n_invited = run_with_training(fit=fit, hiring={"reservation": 18.0})
    assert n_invited > 50
    n_hired = np.count_nonzero(hired >= 0)
    assert n_hired > 0.5 * n_invited if are_hired else n_hired == 0


def test_most_of_the_places_that_training_leads_to_are_taken_from_others():
    """Jobs are given: who is hired first leaves less to those who would have been hired."""
    held, gained = 0, 0
    for seed in (11, 12, 13):
        alone, _, _ = run_with_training(fit=20.0, seed=seed, places=0)
        model, hired, _ = run_with_training(fit=20.0, seed=seed)
        held += np.count_nonzero((hired >= 0) & (model.people.cell == hired))
        gained += int(model.resident_states[State.EMPLOYED] - alone.resident_states[State.EMPLOYED])
    assert held > 100
    assert 0 < gained < 0.5 * held


def test_paid_childcare_takes_the_barrier_away_while_it_lasts():
    scene = stage(childcare={"places": 520, "weeks": 4, "end": date(2006, 5, 8)})
    before = scene.people.barriers.copy()
    rows = scene.week(0).row
    assert (before[rows] & CHILDCARE_BIT).all() and (scene.people.child_weeks[rows] >= 0).all()
    for week in range(1, 5):
        assert not (scene.people.barriers[rows] & CHILDCARE_BIT).any()
        scene.week(week)
    assert np.array_equal(scene.people.barriers, before)


def test_help_with_transport_lasts_for_some():
    scene = stage(transport={"places": 2600, "weeks": 2, "p_lasting": 0.5})
    rows = scene.week(0).row
    scene.week(1)
    assert not (scene.people.barriers[rows] & TRANSPORT_BIT).any()
    scene.week(2)
    is_free = scene.draws(rows, "transport", 2)[:, 1] < 0.5
    again = scene.engine.until[0, rows] > 2
    assert np.array_equal((scene.people.barriers[rows] & TRANSPORT_BIT) == 0, is_free | again)


def test_debt_advice_ends_debt_for_some_and_gives_all_confidence():
    bit = 1 << BARRIERS.index("debt")
    terms = {"places": 2600, "weeks": 2, "p_lift": 0.5, "confidence_gain": 0.25}
    scene = stage(debt_advice=terms)
    confidence = scene.people.confidence.copy()
    rows = scene.week(0).row
    scene.week(1)
    scene.week(2)
    lifted = scene.draws(rows, "debt_advice", 2)[:, 1] < 0.5
    assert np.array_equal((scene.people.barriers[rows] & bit) == 0, lifted)
    assert scene.people.confidence[rows] == pytest.approx(0.25 + 0.75 * confidence[rows])


def test_a_wage_subsidy_costs_nothing_until_its_holder_is_hired():
    terms = {"places": 520, "weeks": 5, "subsidy_weeks": 3, "fit": 0.9, "keep_factor": 0.5}
    scene = stage(wage_subsidy={**terms, "end": date(2006, 5, 8)})
    assert scene.week(0).row.size == 0
    rows = scene.covered()
    assert rows.size == 10
    assert scene.support.fit[rows] == pytest.approx(0.9)
    hired = rows[:4]
    scene.people.state[hired] = State.EMPLOYED
    assert np.array_equal(scene.week(1).row, hired)
    assert scene.support.keep[hired] == pytest.approx(0.5)
    assert (scene.support.fit[hired] == 0).all()
    for week in (2, 3, 4):
        assert scene.week(week).row.size == 0
    assert (scene.support.keep[hired] == 1).all()
    assert np.array_equal(scene.covered(), rows[4:])


def test_redundancy_response_reaches_those_who_have_just_lost_a_job():
    scene = stage(redundancy_response={"places": 520_000, "within_weeks": 10})
    people = scene.people
    just_lost = (people.sector >= 0) & (people.weeks_since_job <= 10)
    groups = np.isin(scene.groups(), [GROUP["jsa_under_6_months"], GROUP["no_benefit"]])
    scene.week(0)
    assert np.array_equal(scene.covered(), np.flatnonzero(just_lost & groups))


def test_places_for_closures_are_given_in_the_weeks_after_them():
    closures = [
        {"kind": kind, "ward": "W1", "sector": "retail", "jobs": 9, "date": day}
        for kind, day in (("closure", "2006-06-07"), ("opening", "2006-09-06"))
    ]
    terms = {"active": True, "closures_only": True, "within_weeks": 4, "places": 10}
    config = Config(weeks=52).replace(
        economy={"events": closures}, interventions={"redundancy_response": terms}
    )
    engine = new_interventions(config, small_area(900, 600), n_people=1500, has_journey=False)
    n_places = [engine.most_pence(week, week + 1)[0] // 30_000 for week in range(52)]
    assert n_places[5:9] == [2, 3, 2, 3]
    assert sum(n_places) == 10
    late = config.replace(interventions={"redundancy_response": {"start": date(2006, 9, 4)}})
    for idle in (late, config.replace(economy={"events": closures[1:]})):
        with pytest.raises(InputError, match="economy.events has no closure within 4 weeks"):
            new_interventions(idle, small_area(900, 600), n_people=1500, has_journey=False)


def test_a_compact_and_a_hub_back_people_for_their_own_vacancies_one_at_a_time():
    scene = stage(
        recruitment_compact={"places": 5200, "fit": 1.5, "wards": "all"},
        employment_hub={"places": 520_000, "site": "W1", "fit": 0.75, "p_broker": 0.1},
    )
    schemes = scene.engine.schemes
    scene.week(0)
    compact, hub = scene.covered(0), scene.covered(1)
    assert compact.size == 100
    assert not np.isin(compact, hub).any()
    assert (scene.support.scheme[compact] == 0).all()
    assert (scene.support.scheme[hub] == 1).all()
    assert scene.support.broker[hub] == pytest.approx(0.1)
    assert list(schemes.fit) == [1.5, 0.75]
    assert set(np.array(SECTORS)[schemes.sectors[0]]) == {"public", "health"}
    assert schemes.wards.tolist() == [[True, True, False], [False, True, False]]


# The journey


def test_what_only_changes_the_journey_is_idle_and_costs_nothing_without_one():
    scene = stage(**{name: {"places": 5200} for name in JOURNEY_ONLY})
    assert scene.engine.names == ()
    assert scene.engine.most_pence(0, 52) == ()
    assert scene.week(0).row.size == 0


def test_outreach_reaches_people_who_are_no_clients_until_they_are():
    scene = stage(
        has_journey=True, outreach={"places": 520, "engagement_factor": 3.0, "wards": "all"}
    )
    scene.clients.stage[::2] = 1
    rows = scene.week(0).row
    assert (scene.clients.stage[rows] == 0).all()
    assert scene.engine.journey.engagement[rows] == pytest.approx(3.0)
    assert scene.engine.journey.engagement.sum() == pytest.approx(
        scene.people.id.size + 2.0 * rows.size
    )
    scene.clients.stage[rows[0]] = 1
    scene.week(1)
    assert scene.engine.journey.engagement[rows[0]] == 1.0


def test_access_and_tracking_help_clients_while_they_are_clients():
    scene = stage(
        has_journey=True,
        single_point_of_access={"places": 520, "loss_factor": 0.25},
        tracking_system={"places": 1040},
    )
    scene.clients.stage[::3] = 2
    scene.week(0)
    access, tracking = scene.covered(0), scene.covered(1)
    assert (access.size, tracking.size) == (10, 20)
    assert (access % 3 == 0).all() and (tracking % 3 == 0).all()
    assert scene.engine.journey.loss[access] == pytest.approx(0.25)
    assert np.array_equal(np.flatnonzero(scene.engine.journey.shares_records), tracking)
    scene.clients.stage[:] = 0
    scene.week(1)
    assert (scene.engine.journey.loss == 1).all()
    assert not scene.engine.journey.shares_records.any()


EVERYTHING = np.ones((len(CLIENT_GROUPS), len(STAGES)))


def run_journeys(weeks=80, **interventions) -> tuple[LabourMarket, dict[str, int]]:
    """A market in which one provider engages and assesses and another does the rest."""
    chosen = {name: {"active": True, **terms} for name, terms in interventions.items()}
    config = Config(weeks=weeks).replace(interventions=chosen)
    area = small_area(1500)
    providers = Providers(
        wards=np.ones((2, 1), bool),
        stages=np.ones((2, 5), bool),
        quality=np.ones(2),
        kind=np.zeros(2, np.int8),
        trust=np.full(2, 0.2),
        capacity=np.full(2, 10**6, np.int32),
        unit_cost=np.full((2, 5), 100, np.int64),
        group_strength=np.ones((2, 8)),
        barrier_strength=np.ones((2, 8)),
        shares_records=np.zeros(2, bool),
        network=np.full(2, -1, np.int16),
        can_be_prime=np.zeros(2, bool),
        is_open=np.ones(2, bool),
        caseload=np.zeros(2, np.int32),
    )
    contracts = [
        Contract(
            stream="made",
            provider=provider,
            terms=Terms("unit", "unit"),
            wards=np.ones(1, bool),
            places=1e5 * EVERYTHING * np.isin(np.arange(5), stages),
            price_gbp=(1.0,) * 5,
            budget_pence=10**9,
            start=config.start,
            end=date(2030, 1, 1),
            eligibility=Eligibility(groups=CLIENT_GROUPS),
        )
        for provider, stages in ((0, (0, 1)), (1, (2, 3, 4)))
    ]
    given = GivenSupport(providers, np.full(2, 10**9, np.int64), contracts)
    model = LabourMarket(config, SEED, area=area, given=given)
    while model.running:
        model.step()
    records = model.support_system.caseload.records
    events = np.bincount(records.columns()["event"], minlength=len(CLIENT_EVENTS))
    return model, dict(zip(CLIENT_EVENTS, events.tolist(), strict=True))


def test_outreach_brings_clients_into_the_journey():
    _, plain = run_journeys()
    model, reached = run_journeys(
        outreach={"places": 2600, "engagement_factor": 8.0, "wards": "all"}
    )
    assert reached["engaged"] > 1.5 * plain["engaged"] > 0
    covered = model.support_system.interventions.covered[0]
    assert not (model.support_system.caseload.clients.stage[covered] > 0).any()


def test_under_one_roof_nobody_is_lost_between_providers():
    _, plain = run_journeys()
    _, together = run_journeys(single_point_of_access={"places": 520_000, "loss_factor": 0.0})
    assert plain["lost_at_hand_over"] > 0
    assert together["lost_at_hand_over"] == 0


def test_with_shared_records_nobody_is_assessed_again_and_fewer_are_lost():
    _, plain = run_journeys()
    _, tracked = run_journeys(tracking_system={"places": 520_000})
    assert plain["assessed_again"] > 0
    assert tracked["assessed_again"] == 0
    assert tracked["lost_at_hand_over"] < plain["lost_at_hand_over"]


def test_interventions_without_places_leave_every_journey_as_it_is():
    plain, _ = run_journeys(40)
    idle, _ = run_journeys(
        40, **({name: {"places": 0} for name in NAMES} | {"temporary_jobs": {**NOW, "places": 0}})
    )
    assert idle.support_system.interventions.names == NAMES
    assert same(plain.people, idle.people)
    without, caseload = plain.support_system.caseload, idle.support_system.caseload
    assert same(without.support, caseload.support)
    for name, before, after in zip(Clients._fields, without.clients, caseload.clients, strict=True):
        if name in ("contract", "job_contract"):
            # The contracts of interventions are signed first, so that others' numbers move up.
            before = np.where(before >= 0, before + len(NAMES), before)
        assert np.array_equal(before, after), name


# Temporary jobs and short-time working

NOW = {"start": None, "end": None, "groups": CLIENT_GROUPS[:3]}


def test_a_temporary_job_is_one_more_job_filled_by_the_person_it_is_for():
    scene = stage(temporary_jobs={**NOW, "places": 520, "weeks": 4})
    before = Jobs(*(column.copy() for column in scene.jobs))
    rows = scene.week(0).row
    cells = scene.people.cell[rows]
    ages = scene.people.age_weeks[rows]
    assert rows.size == 10 and (ages >= 18 * 52).all() and (ages < 25 * 52).all()
    assert (scene.people.state[rows] == State.EMPLOYED).all()
    made = np.bincount(cells, minlength=before.desired.size)
    for name in ("desired", "filled", "extra"):
        assert np.array_equal(getattr(scene.jobs, name) - getattr(before, name), made)
    assert np.array_equal(scene.jobs.openings, before.openings)
    assert np.array_equal(scene.jobs.open_since, before.open_since)
    assert set(np.array(SECTORS)[scene.jobs.sector[cells // 5]]) <= {"public", "health", "other"}
    assert (scene.support.temporary_until[rows] == 4).all()
    assert scene.flows.hires[:, 0].sum() == 10


def stand_still(scene: Stage, week: int) -> Helped:
    """Let a week pass in which people at work stay there."""
    scene.people.weeks_in_state[scene.people.state == State.EMPLOYED] += 1
    return scene.week(week)


def test_a_temporary_job_ends_in_a_claim_and_takes_the_extra_job_with_it():
    terms = {**NOW, "end": date(2006, 5, 8), "places": 520, "weeks": 4, "p_kept": 0.0}
    scene = stage(temporary_jobs=terms)
    filled, desired = scene.jobs.filled.copy(), scene.jobs.desired.copy()
    rows = scene.week(0).row
    for week in range(1, 4):
        stand_still(scene, week)
    assert scene.jobs.extra.sum() == 10
    stand_still(scene, 4)
    assert (scene.people.state[rows] == State.JSA).all()
    assert scene.jobs.extra.sum() == 0
    assert np.array_equal(scene.jobs.filled, filled)
    assert np.array_equal(scene.jobs.desired, desired)
    assert (scene.support.temporary_until == -1).all()
    assert scene.flows.separations[:, 0].sum() == 10


def test_who_is_liked_is_kept_on_where_there_is_a_vacancy():
    terms = {**NOW, "end": date(2006, 5, 8), "places": 1040, "weeks": 1, "p_kept": 1.0}
    scene = stage(temporary_jobs=terms)
    rows = scene.week(0).row
    cells = scene.people.cell[rows].copy()
    scene.jobs.desired[np.unique(cells)[::2]] += 1
    vacancies = (scene.jobs.desired - scene.jobs.filled).copy()
    stand_still(scene, 1)
    stayed = scene.people.state[rows] == State.EMPLOYED
    for cell in np.unique(cells):
        here = cells == cell
        assert stayed[here].sum() == min(here.sum(), max(vacancies[cell], 0))
    assert 0 < stayed.sum() < rows.size
    assert (scene.jobs.openings <= np.maximum(scene.jobs.desired - scene.jobs.filled, 0)).all()


def test_who_leaves_a_temporary_job_early_takes_the_extra_job_away():
    scene = stage(temporary_jobs={**NOW, "places": 520, "end": date(2006, 5, 8)})
    rows = scene.week(0).row
    scene.people.weeks_in_state[rows[1:]] += 1
    scene.week(1)
    assert scene.jobs.extra.sum() == 9
    assert scene.support.temporary_until[rows[0]] == -1


def test_the_books_of_a_run_balance_with_every_intervention_at_once():
    places = {name: {"places": 400} for name in WITHOUT_JOURNEY}
    places["temporary_jobs"] = {**NOW, "places": 400}
    model = run_model(80, residents=(2500, 1500), **places)
    engine = model.support_system.interventions
    covered = dict(zip(engine.names, engine.covered, strict=True))
    assert model.jobs.extra.sum() == covered["temporary_jobs"].size > 0
    assert model.jobs.kept.sum() == covered["short_time_working"].size > 0
    for which, rows in enumerate(covered.values()):
        assert np.array_equal(np.sort(rows), np.flatnonzero(engine.until[which] >= 0))


def surplus_stage(**terms) -> tuple[Stage, int]:
    """A still market in which one manufacturing cell has six people too many."""
    scene = stage(short_time_working={"places": 104, "weeks": 4, **terms})
    factory = np.repeat(scene.jobs.sector == SECTORS.index("manufacturing"), 5)
    scene.jobs.desired[:] = np.maximum(scene.jobs.desired, scene.jobs.filled)
    cell = int(np.argmax(np.where(factory, scene.jobs.filled, 0)))
    scene.jobs.desired[cell] = scene.jobs.filled[cell] - 6
    return scene, cell


def last_hired(scene: Stage, cell: int, n: int) -> list[int]:
    rows = [int(scene.jobs.head[cell])]
    while len(rows) < n:
        rows.append(int(scene.people.next[rows[-1]]))
    return rows


def test_short_time_working_keeps_jobs_of_the_last_hired_as_many_as_there_are_places():
    scene, cell = surplus_stage()
    expected = last_hired(scene, cell, 6)
    for week in range(3):
        assert scene.week(week).row.size == 2
    assert scene.jobs.kept[cell] == 6
    assert scene.jobs.desired[cell] == scene.jobs.filled[cell]
    assert np.array_equal(scene.covered(), np.sort(expected))
    assert (scene.support.keep[expected] == 0).all()


def test_no_more_jobs_are_kept_than_there_are_people_too_many():
    scene, cell = surplus_stage(places=5200)
    assert scene.week(0).row.size == 6
    assert scene.week(1).row.size == 0
    assert scene.jobs.kept.sum() == scene.jobs.kept[cell] == 6


def test_a_kept_job_is_left_to_the_establishment_in_the_end():
    scene, cell = surplus_stage(end=date(2006, 5, 8))
    scene.week(0)
    for week in range(1, 5):
        stand_still(scene, week)
    assert scene.jobs.kept[cell] == 0
    assert (scene.support.keep == 1).all()


@pytest.mark.parametrize("demand", [0.7, 1.0, 1.4])
def test_kept_jobs_count_as_wanted_only_while_there_are_people_too_many(demand):
    scene, _ = surplus_stage(places=5200)
    scene.week(0)
    jobs = scene.jobs
    no_change = economy.EconomyRates(0.0, 0.0, 0.0, 1, 1)
    economy.set_desired(
        jobs, np.full(9, demand), np.ones((jobs.ward.max() + 1, 5)), 0, np.uint64(SEED), no_change
    )
    plain = np.where(jobs.base > 0, np.floor(jobs.base * demand + jobs.rounding), jobs.desired)
    too_many = np.maximum(jobs.filled - plain, 0)
    assert jobs.kept.sum() == 6
    assert np.array_equal(jobs.desired, plain + np.minimum(jobs.kept, too_many))


def test_short_time_working_keeps_people_at_work_in_a_run():
    plain = run_model(60, residents=(2500, 1500))
    helped = run_model(60, residents=(2500, 1500), short_time_working={"places": 2000})
    assert sum(helped.collected["employed"]) > sum(plain.collected["employed"])


# Parameters, bad input and the command line


def lines_of(**interventions) -> list[str]:
    with pytest.raises(InputError) as caught:
        stage(**interventions)
    return caught.value.problems


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"places": -1}, "interventions.outreach.places: input should be greater than or equal"),
        (
            {"start": date(2009, 1, 1), "end": date(2008, 1, 1)},
            "interventions.outreach: end must be after start 2009-01-01, got 2008-01-01",
        ),
        ({"min_age": 40, "max_age": 30}, "max_age must be above min_age 40, got 30"),
        ({"groups": ["pensioners"]}, "got 'pensioners'"),
        ({"groups": []}, "interventions.outreach: groups must name at least one"),
        ({"unit_cost_gbp": -2}, "interventions.outreach.unit_cost_gbp: input should be greater"),
        ({"plaecs": 3}, "interventions.outreach.plaecs is not a parameter; did you mean places"),
    ],
)
def test_bad_values_are_refused_in_one_line_each(terms, said):
    lines = lines_of(outreach=terms)
    assert len(lines) == 1
    assert said in lines[0]


def test_unknown_wards_of_all_interventions_are_named_at_once():
    lines = lines_of(
        level_2={"wards": ["W0", "Twon"]},
        childcare={"wards": "W9"},
        employment_hub={"site": "Nowhere"},
    )
    assert len(lines) == 3
    assert "interventions.level_2.wards: 'Twon'" in lines[0] and "Town" in lines[0]
    assert "interventions.childcare.wards: 'W9'" in lines[1]
    assert "interventions.employment_hub.site: 'Nowhere'" in lines[2]


HELPED = {
    "childcare": CLIENT_GROUPS,
    "transport": CLIENT_GROUPS,
    "debt_advice": CLIENT_GROUPS,
    "single_point_of_access": CLIENT_GROUPS,
    "tracking_system": CLIENT_GROUPS,
    "in_work_training": ("employed",),
    "short_time_working": ("employed",),
    "permitted_work": ("ib_esa",),
}
"""Whom a place can do something for; all others help people out of work."""


def with_groups(name: str, groups: tuple[str, ...]) -> Interventions:
    """One intervention for some client groups."""
    config = Config().replace(interventions={name: {"active": True, "groups": groups}})
    return new_interventions(config, small_area(900), n_people=0, has_journey=True)


@pytest.mark.parametrize("name", NAMES)
def test_groups_a_place_does_nothing_for_are_refused_and_all_others_taken(name):
    helped = HELPED.get(name, CLIENT_GROUPS[:-1])
    idle = [group for group in CLIENT_GROUPS if group not in helped]
    assert np.array_equal(
        with_groups(name, helped).aids[0].who.groups, np.isin(CLIENT_GROUPS, helped)
    )
    if idle:
        with pytest.raises(InputError) as caught:
            with_groups(name, CLIENT_GROUPS)
        assert caught.value.problems == [
            f"interventions.{name}.groups: a place does nothing for {', '.join(idle)};"
            f" allowed: {', '.join(helped)}"
        ]


def test_the_registry_and_the_parameters_name_the_same_interventions_with_a_number_each():
    assert set(INTERVENTIONS) == set(NAMES)
    numbers = [kind.number for kind in INTERVENTIONS.values()]
    assert len(set(numbers)) == len(numbers) == 21
    assert Config().interventions.active_names() == ()


def test_replacing_one_value_deep_down_leaves_all_others():
    config = Config().replace(interventions={"outreach": {"active": True, "places": 500}})
    before = Config().interventions
    assert config.interventions.outreach.places == 500
    assert config.interventions.outreach.weeks == before.outreach.weeks
    assert config.interventions.level_2 == before.level_2
    twice = config.replace(interventions={"level_2": {"active": True}})
    assert twice.interventions.active_names() == ("outreach", "level_2")


def test_every_intervention_can_be_chosen_on_the_command_line():
    assert choices_of("interventions") == tuple(sorted(NAMES))
    assert configure(f"interventions=[{','.join(NAMES)}]").interventions.active_names() == tuple(
        NAMES
    )
    assert configure("interventions=childcare").interventions.active_names() == ("childcare",)


def test_several_interventions_are_chosen_and_changed_by_words():

    config = configure("interventions=[work_trial,outreach]", "interventions.outreach.places=500")
    assert config.interventions.active_names() == ("outreach", "work_trial")
    assert config.interventions.outreach.places == 500
    assert configure("interventions=[]").interventions.active_names() == ()
    places = configure("interventions.outreach.wards=[00CN,Coventry]").interventions.outreach.wards
    assert places == ("00CN", "Coventry")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("interventions=[outreech,work_trial]", "no such choice; did you mean outreach?"),
        ("interventions=outreech", "no such choice; did you mean outreach?"),
        ("interventions=[[outreach]]", "write interventions=NAME or interventions=[NAME,NAME]"),
        ("interventions=null", "write interventions=NAME or interventions=[NAME,NAME]"),
        ("interventions.outreech.places=3", "did you mean interventions.outreach.places"),
    ],
)
def test_unknown_interventions_are_refused_in_one_line_with_the_nearest(pathfinder, word, said):
    done = pathfinder("run", word)
    assert done.code == 2
    assert len(done.err) == 1
    assert said in done.err[0]
