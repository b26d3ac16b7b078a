"""Moments of small made-up runs, each with an answer known beforehand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from simulation.categories import STATES, State
from simulation.errors import InputError
from simulation.results.moments.catalogue import MOMENTS, moment_named, moment_values
from simulation.results.moments.drawn import by_quarter, survival, ward_rates
from simulation.results.moments.history import History
from simulation.results.moments.lives import OPEN, Lives
from simulation.results.moments.periods import period_of
from simulation.results.moments.stationary import stationary_hazards

START = date(2007, 1, 1)
WEEKS = 209
RUN = (pd.Timestamp("2007-01-01"), pd.Timestamp("2010-12-01"))
E, JSA, IB, LP, SEEKS, IDLE = (
    State.EMPLOYED,
    State.JSA,
    State.IB_ESA,
    State.LONE_PARENT,
    State.SEEKING_NO_BENEFIT,
    State.INACTIVE_NO_BENEFIT,
)


def lives_of(people, changes):
    """Make first_day and events: people are (state, age, weeks in it), changes (week, person, to).

    A change may have an employer, a wage and an age as well.
    """
    states = pd.Index(STATES)
    first = pd.DataFrame(
        {
            "person": np.arange(len(people), dtype=np.int32),
            "ward": "A",
            "age_weeks": np.array([52 * age for _, age, _ in people], np.int16),
            "state": pd.Categorical.from_codes([each[0] for each in people], states),
            "weeks_in_state": np.array([each[2] for each in people], np.int16),
            "employer": np.array([0 if each[0] == E else -1 for each in people], np.int32),
            "level": np.array([0 if each[0] == E else -1 for each in people], np.int8),
            "wage_gbp": np.array([100.0 if each[0] == E else 0.0 for each in people]),
        }
    )
    state = [each[0] for each in people]
    rows = []
    for week, person, to, *more in sorted(changes, key=lambda each: each[0]):
        employer, wage, age = (*more, *(1, 100.0, None)[len(more) :])
        age = people[person][1] + (week + 1) // 52 if age is None else age
        at_work = to == E
        rows.append(
            (week, person, state[person], to, age, employer if at_work else -1,
             0 if at_work else -1, wage if at_work else 0.0)
        )  # fmt: skip
        state[person] = to
    names = ["week", "person", "from_state", "to_state", "age", "employer", "level", "wage_gbp"]
    events = pd.DataFrame(rows, columns=names)
    for column in ("from_state", "to_state"):
        events[column] = pd.Categorical.from_codes(events[column].astype(int), states)
    return events.astype({"age": np.int8, "week": np.int16, "person": np.int32}), first


def monthly_of(values, *, group="all", ward="all"):
    """Make months: outcomes by name, each a number or one a month from January 2007."""
    dates = pd.date_range(*RUN, freq="MS")
    frames = [
        pd.DataFrame({"date": dates, "ward": ward, "group": group, "outcome": name, "value": value})
        for name, value in values.items()
    ]
    return pd.concat(frames).astype({"value": float})


def history_of(people=((E, 30, 5),), changes=(), months=None, *, jobs=None, wards=None, more=()):
    events, first_day = lives_of(people, changes)
    employers = pd.DataFrame(
        {
            "employer": [0, 1, 2],
            "sector": pd.Categorical.from_codes(
                [0, 2, 2], pd.Index(["manufacturing", "construction", "retail"])
            ),
        }
    )
    monthly = monthly_of(months or {"employed": 1.0, "residents": 1.0})
    return History(
        pd.concat([monthly, *more]),
        pd.DataFrame({"code": ["A"], "district": ["Here"]}) if wards is None else wards,
        start=START,
        n_weeks=WEEKS,
        weight=1,
        kept={"events": events, "first_day": first_day, "employers": employers, "jobs": jobs},
    )


def value(history, name, period="2007"):
    found = moment_values(history, pd.Series([name]), pd.Series([period]))
    assert found["left_out"][0] == "" or np.isnan(found["model"][0])
    return found["model"][0]


# periods


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2008-02", "2008-02", "2008-02"),
        ("2008Q2", "2008-04", "2008-06"),
        ("2008", "2008-01", "2008-12"),
        ("2008-07..2009-06", "2008-07", "2009-06"),
        ("2008Q4..2009", "2008-10", "2009-12"),
        ("run", "2007-01", "2010-12"),
    ],
)
def test_a_period_is_read_as_whole_months(text, first, last):
    found = period_of(text, run=RUN)
    assert (f"{found.first:%Y-%m}", f"{found.last:%Y-%m}") == (first, last)
    assert found.first.day == found.last.day == 1


@pytest.mark.parametrize("text", ["", "2008-13", "2008Q5", "2009..2008", "2007..2008..2009", "May"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(InputError):
        period_of(text, run=RUN)


# stocks


def test_rates_of_vacancies_follow_from_months():
    months = {
        "employed": 1000.0,
        "residents": 1600.0,
        "vacancies_open": 20.0,
        "hires": 52.0,
        "layoffs": 4.0,
        "jsa": 50.0,
        "seeking_no_benefit": 30.0,
        "ib_esa": 60.0,
        "lone_parent": 10.0,
        "other_benefit": 40.0,
        "workless_over_12_months": 20.0,
    }
    history = history_of(months=months)
    assert value(history, "employment_rate") == pytest.approx(62.5)
    # 30 who seek, three quarters of 50 on JSA and 3 per cent of 110 on other benefits.
    assert value(history, "unemployment_rate") == pytest.approx(100 * 70.8 / 1070.8)
    assert value(history, "claimant_rate") == pytest.approx(10.0)
    assert value(history, "benefit_share:ib_esa") == pytest.approx(3.75)
    assert value(history, "open_vacancies") == pytest.approx(2.0)
    # 12 months of 52 hires over the 52 or 53 weeks that begin in 2007: a week each.
    assert value(history, "vacancy_weeks") == pytest.approx(20 / (12 * 52 / 53))
    assert value(history, "redundancies") == pytest.approx(12.0)
    assert value(history, "long_since_work") == pytest.approx(25.0)


def test_slopes_follow_from_months():
    n = 48
    tightness = np.exp(np.linspace(0.0, -1.2, n // 3).repeat(3))
    unemployed = 100.0 * np.exp(np.linspace(0.0, 0.5, n))
    months = {
        "vacancies_open": 50.0 * np.exp(np.linspace(0.0, -0.6, n)),
        "jsa": unemployed / 2,
        "seeking_no_benefit": unemployed / 2,
        "employed": 1000.0,
        "residents": 2000.0,
    }
    assert value(history_of(months=months), "beveridge_slope", "run") == pytest.approx(-1.2)
    assert value(history_of(months=months), "jsa_rise", "run") == pytest.approx(np.exp(0.5))
    # Weeks of vacancies are the 0.4th power of vacancies over unemployed.
    months |= {"jsa": 50.0, "seeking_no_benefit": 50.0, "vacancies_open": 100.0 * tightness}
    months["hires"] = months["vacancies_open"] / tightness**0.4
    assert value(history_of(months=months), "vacancy_elasticity", "run") == pytest.approx(0.4)


def test_drift_compares_the_last_three_months_with_the_first():
    jsa = np.full(48, 7.0)
    jsa[:3], jsa[-3:] = [9.0, 10.0, 11.0], [10.0, 11.0, 12.0]
    history = history_of(months={"jsa": jsa, "employed": 1.0, "residents": 1.0})
    assert value(history, "drift:jsa", "run") == pytest.approx(10.0)
    assert value(history, "drift:employed", "run") == 0.0


def test_a_district_is_its_wards_together():
    wards = pd.DataFrame({"code": ["A", "B", "C"], "district": ["Here", "Here", "There"]})
    none = {"jsa": 0.0, "ib_esa": 0.0, "lone_parent": 0.0, "other_benefit": 0.0}
    more = [
        monthly_of({**none, "seeking_no_benefit": seeking, "employed": 90.0}, ward=code)
        for code, seeking in (("A", 10.0), ("B", 30.0), ("C", 10.0))
    ]
    history = history_of(wards=wards, more=more)
    assert value(history, "unemployment_rate:Here") == pytest.approx(100 * 40 / 220)
    assert value(history, "unemployment_rate:There") == pytest.approx(10.0)


# lives

PEOPLE = [(E, 40, 10), (E, 40, 10), (JSA, 30, 3), (IDLE, 20, 50), (E, 63, 10)]
CHANGES = [
    (2, 0, JSA),  # out and in again within a quarter, at another employer
    (9, 0, E, 1),
    (3, 1, E, 2),  # from job to job
    (4, 1, E, 0),  # and back
    (5, 2, IDLE),
    (6, 3, SEEKS),
    (7, 3, E, 1),
    (8, 4, IDLE, 0, 0.0, 16),  # left at 65: somebody new
]


@pytest.mark.parametrize("ends", [[], [5]])
def test_a_run_too_short_for_a_window_has_none(ends):
    linked = Lives(*lives_of(PEOPLE, CHANGES)).linked(np.array(ends, int))
    assert [each.shape for each in linked] == [(0, 7), (0, 7, 7), (0,), (0, 7)]


def test_people_are_linked_from_the_end_of_one_window_to_that_of_the_next():
    lives = Lives(*lives_of(PEOPLE, CHANGES))
    linked = lives.linked(np.array([-1, 9, 22]))
    assert linked.stocks[0].tolist() == [2, 1, 0, 0, 0, 0, 1]
    flows = {(E, E): 1, (JSA, IDLE): 1, (IDLE, E): 1}
    for pair, n in flows.items():
        # Who went from job to job and back had changes too, and is where they were.
        assert linked.flows[0][pair] == n + (pair == (E, E))
    assert linked.flows[0].sum() == 4
    assert linked.job_changes.tolist() == [1, 0]
    assert linked.gone[0].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert linked.stocks[1].tolist() == [3, 0, 0, 0, 0, 0, 2]
    assert linked.flows[1].sum() == 0


def test_a_window_sees_what_happened_in_it_alone():
    lives = Lives(*lives_of(PEOPLE, CHANGES))
    linked = lives.linked(np.array([2, 3, 6]))
    assert linked.stocks[0].tolist() == [2, 2, 0, 0, 0, 0, 1]
    assert linked.job_changes.tolist() == [1, 1]
    assert linked.flows[1][IDLE, SEEKS] == linked.flows[1][JSA, IDLE] == 1


def quarter_people():
    """People of whom known numbers move between mid-February and mid-May 2007."""
    moves = [(E, JSA, 2), (E, IDLE, 1), (JSA, E, 3), (SEEKS, IB, 1), (IDLE, E, 2), (LP, SEEKS, 1)]
    stays = {E: 17, JSA: 4, SEEKS: 2, IDLE: 6, LP: 1}
    people, changes = [], []
    for begin, end, n in moves:
        for _ in range(n):
            changes.append((10, len(people), end))
            people.append((begin, 40, 5))
    for state, n in stays.items():
        people += [(state, 40, 5)] * n
    return people, changes


def test_hazards_are_flows_over_stocks_in_the_survey_s_three_states():
    history = history_of(*quarter_people())
    expected = {
        "unemployed_to_work": 3 / 10,
        "unemployed_to_inactive": 1 / 10,
        "inactive_to_work": 2 / 10,
        "inactive_to_unemployed": 1 / 10,
        "work_to_unemployed": 2 / 20,
        "work_to_inactive": 1 / 20,
        "entrants_from_inactivity": 2 / 5,
        "job_to_job": 0.0,
    }
    for name, share in expected.items():
        assert value(history, name, "2007Q2") == pytest.approx(share), name
        # From mid-May to mid-August nobody moves.
        assert value(history, "work_to_inactive", "2007Q3") == 0.0


def test_a_spell_goes_on_between_its_states_and_ends_outside_them():
    people = [(JSA, 30, 9), (E, 30, 9), (IDLE, 64, 9)]
    changes = [
        (3, 0, SEEKS),
        (5, 0, E),
        (20, 0, SEEKS),
        (4, 1, JSA),
        (8, 2, SEEKS),
        (12, 2, IDLE, 0, 0.0, 16),  # left at 65
        (30, 2, JSA, 0, 0.0, 16),
    ]
    spells = Lives(*lives_of(people, changes)).spells((JSA, SEEKS))
    assert spells.person.tolist() == [0, 0, 1, 2, 2]
    assert spells.start.tolist() == [-10, 20, 4, 8, 30]
    assert spells.end.tolist() == [5, OPEN, OPEN, 12, OPEN]
    assert spells.to.tolist() == [E, -1, -1, -1, -1]
    assert spells.age.tolist() == [30, 30, 30, 64, 16]


def test_somebody_new_in_a_slot_begins_a_spell_of_their_own():
    changes = [(5, 0, JSA, 0, 0.0, 16)]
    spells = Lives(*lives_of([(SEEKS, 64, 9)], changes)).spells((JSA, SEEKS))
    assert spells.start.tolist() == [-10, 5]
    assert spells.end.tolist() == [5, OPEN]


# claims


def claims(lengths, *, state=JSA, then=E, begin=10, age=30):
    """Make people who claim in one week, each for as many weeks; none for who goes on."""
    people, changes = [], []
    for person, weeks in enumerate(lengths):
        people.append((E, age, 5))
        changes.append((begin, person, state))
        if weeks is not None:
            changes.append((begin + weeks, person, then))
    return people, changes


def test_survival_and_hazards_of_claims():
    # Of 100, 48 are left after 13 weeks, 25 after 26, 10 after 52.
    lengths = [13] * 52 + [20] * 23 + [52] * 15 + [None] * 10
    history = history_of(*claims(lengths))
    assert value(history, "jsa_left_in_3_months") == 52.0
    assert value(history, "jsa_left_in_6_months") == 75.0
    assert value(history, "jsa_left_in_12_months") == 90.0
    ratio = (np.log(0.25 / 0.10) / 26) / (-np.log(0.48) / 13)
    assert value(history, "jsa_hazard_ratio") == pytest.approx(ratio)
    assert value(history, "jsa_left_in_12_months:25_49") == 90.0
    assert np.isnan(value(history, "jsa_left_in_12_months:18_24"))


def test_what_the_run_is_too_short_to_see_is_not_guessed():
    history = history_of(*claims([13], begin=WEEKS - 20))
    found = moment_values(history, pd.Series(["jsa_left_in_12_months"]), pd.Series(["2010"]))
    assert np.isnan(found["model"][0])
    assert "ends before it is known" in found["left_out"][0]


def test_stocks_by_duration_count_from_the_beginning_of_the_claim():
    # At the end of week 30, which is in July, claims of week 10 have lasted 20 weeks.
    people = [(JSA, 30, 5), (JSA, 30, 20), (JSA, 30, 31), (JSA, 24, 200), (E, 60, 5)]
    history = history_of(people, [(10, 4, JSA), (40, 0, SEEKS)])
    july = history.week_of(pd.Timestamp("2007-08-01")) - 1
    assert july == 30
    # Week 30 ends 31 weeks after the first day.
    assert history.under_way((JSA,), july)[0].tolist() == [36, 51, 62, 231, 20]
    assert value(history, "jsa_over_6_months", "2007-07") == pytest.approx(80.0)
    assert value(history, "jsa_over_12_months", "2007-07") == pytest.approx(40.0)
    assert value(history, "jsa_over_24_months:18_24", "2007-07") == pytest.approx(100.0)
    assert value(history, "jsa_over_6_months:50_64", "2007-07") == pytest.approx(0.0)
    # Who went on seeking without the benefit has been unemployed all the time.
    assert value(history, "unemployed_over_6_months", "2007-12") == pytest.approx(100.0)
    assert value(history, "jsa_over_6_months", "2007-12") == pytest.approx(100.0)


def test_ends_over_stock_and_where_they_lead():
    people = [(IB, 40, 300), (IB, 40, 200), (IB, 40, 10), (IB, 40, 10), (LP, 30, 10)]
    changes = [(20, 2, E), (20, 3, JSA), (40, 3, IB), (30, 4, E)]
    history = history_of(people, changes)
    assert value(history, "ib_ends") == pytest.approx(100 * 2 / 3)
    assert value(history, "ib_again") == pytest.approx(50.0)
    assert value(history, "jsa_then_ib") == pytest.approx(100.0)
    assert value(history, "jsa_ends_in_work") == pytest.approx(0.0)
    assert value(history, "lone_parent_ends_in_work") == pytest.approx(100.0)
    assert value(history, "lone_parent_again") == pytest.approx(0.0)
    assert value(history, "ib_over_5_years", "2007-12") == pytest.approx(100 / 3)


def test_a_claim_again_counts_within_a_year_and_of_the_same_person():
    people = [(IB, 40, 9), (IB, 40, 9), (IB, 40, 9), (E, 40, 9)]
    changes = [(10, 0, E), (62, 0, IB), (10, 1, E), (63, 1, IB), (10, 2, E), (12, 3, IB)]
    assert value(history_of(people, changes), "ib_again") == pytest.approx(100 / 3)


def test_repeat_claims_look_four_years_back():
    people = [(E, 30, 5)] * 4
    changes = [(2, 0, JSA), (9, 0, E), (0, 1, JSA), (1, 1, E), (8, 2, JSA), (9, 2, E)]
    changes += [(210, person, JSA) for person in range(4)]
    history = history_of(people, changes)
    # Claims that ended 201, 209 and 201 weeks before, and none.
    history.n_weeks = 222
    assert value(history, "jsa_repeat_claims", "2011-01") == pytest.approx(50.0)
    assert np.isnan(value(history, "jsa_repeat_claims", "2010-12"))


# pay and jobs


def test_pay_on_return_compares_with_the_last_job():
    people = [(E, 40, 9), (E, 40, 9), (E, 40, 9), (JSA, 40, 9), (E, 64, 9)]
    changes = [
        (6, 3, E, 1, 80.0),  # no job before it
        (3, 4, JSA),
        (4, 4, IDLE, 1, 0.0, 16),  # somebody new
        (6, 4, E, 1, 70.0, 16),
        (2, 0, E, 1, 200.0),
        (4, 0, JSA),
        (9, 0, E, 2, 180.0),
        (5, 1, JSA),
        (9, 1, E, 2, 81.0),  # the first day's job paid 100
        (2, 2, E, 1, 100.0),
        (3, 2, E, 0, 100.0),
        (4, 2, IDLE),
        (9, 2, E, 2, 160.0),
    ]
    expected = 100 * (np.cbrt(0.9 * 1.6 * 0.81) - 1)
    assert value(history_of(people, changes), "pay_on_return") == pytest.approx(expected)


def test_pay_of_new_hires_compares_first_and_last_twelve_months():
    hires = [4.0] * 12 + [7.0] * 24 + [5.0] * 12
    pay = [400.0] * 12 + [7.0] * 24 + [600.0] * 12
    history = history_of(months={"hires": hires, "pay_of_hires": pay})
    assert value(history, "pay_of_new_hires", "2007..2010") == pytest.approx(20.0)


def test_vacancies_by_sector_and_level_are_stocks_and_hires_of_their_own():
    dates = pd.date_range(*RUN, freq="MS")
    jobs = pd.DataFrame(
        [
            (day, sector, level, 100.0, 9.0, 4.0 if (sector, level) == ("retail", 0) else 1.0)
            for day in dates
            for sector in ("manufacturing", "retail")
            for level in (0, 1)
        ],
        columns=["date", "sector", "level", "filled", "vacancies", "vacancies_open"],
    )
    people = [(JSA, 40, 9)] * 53
    changes = [(week, week, E, 1) for week in range(53)]  # in retail, at level 0
    history = history_of(people, changes, jobs=jobs)
    assert value(history, "open_vacancies_of:retail") == pytest.approx(2.5)
    assert value(history, "open_vacancies_of:level_0") == pytest.approx(2.5)
    assert value(history, "open_vacancies_of:level_1") == pytest.approx(1.0)
    assert value(history, "open_vacancy_share:retail") == pytest.approx(100 * 5 / 7)
    assert value(history, "vacancy_weeks_of:retail") == pytest.approx(5.0)
    assert value(history, "vacancy_weeks_of:level_0") == pytest.approx(5.0)
    assert np.isnan(value(history, "vacancy_weeks_of:manufacturing"))


# names, and what cannot be told


def test_every_moment_has_a_unit_and_a_definition_of_its_own():
    assert len({each.definition for each in MOMENTS.values()}) == len(MOMENTS)
    assert all(each.unit and each.definition.endswith(".") for each in MOMENTS.values())


@pytest.mark.parametrize("name", ["jsa_rised", "jsa_over_6_months:18_25", "job_to_job:all"])
def test_a_moment_there_is_not_is_refused(name):
    with pytest.raises(InputError, match=name.partition(":")[0]):
        moment_named(name)


def test_months_and_events_that_are_not_there_are_said():
    history = history_of()
    history.has_events = False
    names = pd.Series(["job_to_job", "employment_rate", "unemployment_rate:Nowhere"])
    found = moment_values(history, names, pd.Series(["2007", "2012", "2007"]))
    assert found["model"].isna().all()
    assert "events=true" in found["left_out"][0]
    assert "2007-01 to 2010-12" in found["left_out"][1]
    assert "no district Nowhere" in found["left_out"][2]


# the stationary set


def test_stationary_hazards_keep_stocks_and_are_scaled_by_attraction():
    hazards = np.array([[0.0, 0.012, 0.020], [0.28, 0.0, 0.19], [0.058, 0.046, 0.0]])
    stocks = np.array([1.0, 0.10, 0.36])
    ageing = np.array([-0.003, 0.0, 0.003])
    found = stationary_hazards(hazards, stocks, ageing)
    flows = stocks[:, None] * found
    assert flows.sum(axis=0) - flows.sum(axis=1) + ageing == pytest.approx(0.0, abs=1e-9)
    # h exp(l_to - l_from): the product there and back is as it was, and so is that of a round.
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert found[a, b] * found[b, a] == pytest.approx(hazards[a, b] * hazards[b, a])
    rounds = [each[0, 1] * each[1, 2] * each[2, 0] for each in (found, hazards)]
    assert rounds[0] == pytest.approx(rounds[1])


def test_hazards_that_keep_the_stocks_stay_as_they_are():
    hazards = np.array([[0.0, 0.1, 0.1], [0.2, 0.0, 0.2], [0.4, 0.4, 0.0]])
    stocks = np.array([4.0, 2.0, 1.0])
    assert stationary_hazards(hazards, stocks) == pytest.approx(hazards)


# what pictures are drawn from


def test_survival_is_the_share_that_goes_on():
    history = history_of(*claims([13] * 52 + [20] * 23 + [52] * 15 + [None] * 10))
    found = survival(history)
    at = found["all"].loc[[0, 12, 13, 26, 52, 78]]
    assert at.tolist() == pytest.approx([100, 100, 48, 25, 10, 10])
    assert found["25_49"].equals(found["all"])


def test_quarters_of_the_model_stand_beside_the_data():
    months = {"employed": 900.0, "residents": 1500.0, "jsa": 60.0, "seeking_no_benefit": 40.0}
    months |= {"vacancies_open": 18.0, "hires": 10.0, "layoffs": 3.0}
    months |= {"ib_esa": 200.0, "lone_parent": 100.0, "other_benefit": 200.0}
    history = history_of(*quarter_people(), months=months)
    rows = pd.DataFrame(
        [("unemployment_rate", "2007Q2", 5.3), ("jsa_over_6_months", "2007-05", 31.0)],
        columns=["moment", "period", "data"],
    )
    found = by_quarter(history, rows).set_index(["moment", "period"])
    assert found.loc[("unemployment_rate", "2007Q2")].tolist() == pytest.approx([10.0, 5.3])
    assert found.loc[("jsa_over_6_months", "2007Q2"), "data"] == 31.0
    assert found.loc[("unemployed_to_work", "2007Q2"), "model"] == pytest.approx(0.3)
    assert np.isnan(found.loc[("unemployed_to_work", "2007Q2"), "data"])
    assert len(found.loc["redundancies"]) == 16


def test_wards_have_claimants_of_jsa_and_ib_over_residents():
    ward = monthly_of({"jsa": 4.0, "ib_esa": 6.0, "residents": 50.0, "lone_parent": 9.0}, ward="A")
    assert ward_rates(history_of(more=[ward]), "2008-08-01").to_dict() == {"A": 20.0}
