"""Exact answers of the bare market against simulation: hiring alone, and the engine's two states.

Sources: Butters 1977 and Hall 1979 (urn and balls); Blanchard and Diamond 1994 (ranking);
Petrongolo and Pissarides 2001 (matching elasticities). Tolerances are two-sided, four standard
errors, unless the form itself is a limit, where it is said.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from simulation import Area, Config, LabourMarket, load_area, shipped_area_folder, simulate
from simulation.categories import State
from simulation.labour.hiring import clear
from simulation.streams import Stream, uniforms

STANDARD_ERRORS = 4.0
SEED = 20060501
MOST_SEEKERS = 20_000


def draws_of(stream: Stream, n_seekers: int, *, repeats: int) -> np.ndarray:
    """Return a uniform for each seeker of each market, float64 (repeats, n_seekers)."""
    people = np.arange(repeats)[:, None] * MOST_SEEKERS + np.arange(n_seekers)
    return uniforms(SEED, stream, people.ravel())[:, 0].reshape(people.shape)


def choices(n_seekers: int, n_vacancies: int, *, repeats: int) -> np.ndarray:
    """Return each seeker's uniform choice in each of many separate markets.

    Returns
    -------
    ndarray of int64, shape (repeats, n_seekers)
        Vacancies of market r are numbered from r x n_vacancies. Seeker k of market r has the
        same draw however many seekers or markets there are.
    """
    words = draws_of(Stream.VACANCY_CHOICE, n_seekers, repeats=repeats)
    markets = np.arange(repeats)[:, None]
    return markets * n_vacancies + (words * n_vacancies).astype(np.int64)


def tickets(n_seekers: int, *, repeats: int) -> np.ndarray:
    """Return each seeker's chance number in each market, float64 (repeats, n_seekers)."""
    return draws_of(Stream.INTERVIEW, n_seekers, repeats=repeats)


def hired_in(chosen: np.ndarray, score: np.ndarray, n_vacancies: int) -> np.ndarray:
    """Clear many separate markets at once; bool (repeats, n_seekers)."""
    openings = np.ones(n_vacancies * chosen.shape[0], np.int64)
    scores = np.broadcast_to(score, chosen.shape).ravel()
    return clear(chosen.ravel(), scores, openings).reshape(chosen.shape)


def urn_ball(n_seekers: int, n_vacancies: int) -> float:
    """Return expected hires: each vacancy that anybody chose takes one."""
    return n_vacancies * (1.0 - (1.0 - 1.0 / n_vacancies) ** n_seekers)


def is_near(values: np.ndarray, expected: float) -> bool:
    """Whether the mean of independent values is within four standard errors of what is expected."""
    error = np.std(values, ddof=1) / math.sqrt(np.size(values))
    return abs(np.mean(values) - expected) < STANDARD_ERRORS * error


# One: random selection


@pytest.mark.parametrize(("n_seekers", "n_vacancies"), [(50, 20), (100, 100), (7, 3), (30, 300)])
def test_random_selection_hires_as_urn_and_balls(n_seekers: int, n_vacancies: int) -> None:
    chosen = choices(n_seekers, n_vacancies, repeats=4000)
    hired = hired_in(chosen, tickets(n_seekers, repeats=4000), n_vacancies)
    assert is_near(hired.sum(axis=1), urn_ball(n_seekers, n_vacancies))


def test_the_formula_gives_the_figures_of_the_literature() -> None:
    assert urn_ball(50, 20) == pytest.approx(18.4611, abs=5e-5)
    assert urn_ball(100, 100) == pytest.approx(63.397, abs=5e-4)
    assert urn_ball(200_000, 100_000) == pytest.approx(100_000 * (1 - math.exp(-2)), rel=1e-5)


def test_under_random_selection_every_place_in_the_row_has_the_same_chance() -> None:
    n_seekers, n_vacancies, repeats = 50, 20, 8000
    chosen = choices(n_seekers, n_vacancies, repeats=repeats)
    hired = hired_in(chosen, tickets(n_seekers, repeats=repeats), n_vacancies)
    for seeker in (0, 1, 10, 25, 40, 49):
        assert is_near(hired[:, seeker], urn_ball(n_seekers, n_vacancies) / n_seekers)


# Two: strict ranking


def test_under_strict_ranking_chances_fall_by_one_vacancys_share_for_each_better_rival() -> None:
    n_seekers, n_vacancies = 50, 20
    duration = np.arange(n_seekers)
    hired = hired_in(choices(n_seekers, n_vacancies, repeats=8000), -duration, n_vacancies)
    assert hired[:, 0].all()
    for rivals in (1, 2, 5, 10, 20, 35, 49):
        assert is_near(hired[:, rivals], (1.0 - 1.0 / n_vacancies) ** rivals)


def test_ranking_changes_who_is_hired_and_not_how_many() -> None:
    n_seekers, n_vacancies, repeats = 50, 20, 2000
    chosen = choices(n_seekers, n_vacancies, repeats=repeats)
    ranked = hired_in(chosen, -np.arange(n_seekers), n_vacancies)
    random = hired_in(chosen, tickets(n_seekers, repeats=repeats), n_vacancies)
    assert np.array_equal(ranked.sum(axis=1), random.sum(axis=1))
    assert (ranked != random).any()
    assert is_near(ranked.sum(axis=1), urn_ball(n_seekers, n_vacancies))


# Three: the steady state of the queue

N_VACANCIES, PERIODS_BEFORE, PERIODS, PERIODS_DRAWN = 300, 2000, 6000, 100
BEYOND = 12


def share_beyond_under_ranking(slack: float) -> float:
    """Return the share of the stock beyond twelve periods by Blanchard and Diamond's recursion."""
    inflow = N_VACANCIES * (1.0 - math.exp(-slack))
    shorter = 0.0
    for _ in range(BEYOND):
        shorter += inflow - N_VACANCIES * (1.0 - math.exp(-shorter / N_VACANCIES))
    return 1.0 - shorter / (slack * N_VACANCIES)


def share_beyond_under_random(slack: float) -> float:
    """Return the same share where everyone's chance is hires over seekers."""
    return (1.0 - (1.0 - math.exp(-slack)) / slack) ** BEYOND


def simulated_share_beyond(slack: int, *, is_ranking: bool) -> float:
    """Let a market of constant vacancies run; whoever is hired is replaced by a newcomer."""
    n_seekers = slack * N_VACANCIES
    openings = np.ones(N_VACANCIES, np.int64)
    duration = np.zeros(n_seekers, np.int64)
    n_beyond = 0
    for period in range(PERIODS_BEFORE + PERIODS):
        if period % PERIODS_DRAWN == 0:
            # Many periods at a time: a draw costs little, a call more.
            people = np.arange(PERIODS_DRAWN * n_seekers)
            drawn = uniforms(SEED, Stream.SEARCH, people, week=period)
        if period >= PERIODS_BEFORE:
            n_beyond += int((duration >= BEYOND).sum())
        first = period % PERIODS_DRAWN * n_seekers
        words = drawn[first : first + n_seekers]
        choice = (words[:, 0] * N_VACANCIES).astype(np.int64)
        score = words[:, 1] - duration if is_ranking else words[:, 1]
        hired = clear(choice, score, openings)
        duration = np.where(hired, 0, duration + 1)
    return n_beyond / (PERIODS * n_seekers)


@pytest.mark.parametrize(("slack", "figure"), [(2, 0.067), (4, 0.361), (5, 0.473)])
def test_strict_ranking_makes_the_long_term_workless(slack: int, figure: float) -> None:
    expected = share_beyond_under_ranking(slack)
    assert expected == pytest.approx(figure, abs=5e-4)
    # The recursion is the limit of many vacancies; five per cent allows for 300.
    assert simulated_share_beyond(slack, is_ranking=True) == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(("slack", "figure"), [(2, 0.0011), (4, 0.034), (5, 0.070)])
def test_random_selection_makes_few_long_term_workless(slack: int, figure: float) -> None:
    expected = share_beyond_under_random(slack)
    assert expected == pytest.approx(figure, rel=0.02)
    assert simulated_share_beyond(slack, is_ranking=False) == pytest.approx(expected, rel=0.05)


# Four: two states, in the whole engine

SEPARATION, FINDING = 0.014, 0.28
N_PEOPLE = 40_000


def two_state_area(*, seeking: int) -> Area:
    """Return the bare market with as many people as a short run needs for precision."""
    area = load_area(shipped_area_folder("bare_market"))
    wards = area.wards.copy()
    wards[["residents", "qual_2", "age_25_34", "eth_white"]] = N_PEOPLE
    wards["employed"], wards["seeking_no_benefit"] = N_PEOPLE - seeking, seeking
    return dataclasses.replace(area, wards=wards)


def two_state_config(*, weeks: int) -> Config:
    """Return the configuration under which a person's weeks are a two-state Markov chain, exactly.

    Leaving work: job loss at one rate for all levels, without probation or quits; no claims. The
    engine lets who loses a job on Monday apply in the same week, so the chance to be out of work
    at the week's end is loss x (1 - f); the loss is set to s / (1 - f) for that to be s. The
    yearly rate is -52 ln(1 - loss), as the engine turns rates to weekly chances.

    Finding work: intensity f without regard to confidence or childcare, everyone looks for level
    2, at which all jobs are. An opening on the first day brings far more vacancies of that level
    than there are people, all open at once (a wait of one week is the least) and never paused, so
    that nobody competes, and each decided every week. Employers take everyone (their least
    suitability lies below any impression of an interview) and nobody refuses.

    Nobody leaves for age: all are 25 to 34 on the first day.
    """
    loss = SEPARATION / (1.0 - FINDING)
    opening = {
        "kind": "opening", "ward": "B1", "sector": "other", "jobs": 500_000, "date": "2006-05-01",
    }  # fmt: skip
    return Config.from_mapping(
        {
            "weeks": weeks,
            "area": {"name": "bare_market"},
            "economy": {"name": "steady", "file": None, "events": [opening], "shock_sd": 0.0},
            "employers": {
                "job_loss_rate": [-52.0 * math.log1p(-loss)] * 5,
                "probation_factor": 1.0,
                "quit_rate": [0.0] * 4,
                "posting_weeks": 1.0,
                "selection_weeks": 1.0,
                "pause_weeks": 0,
                "wage_spread": 0.0,
                "gap_spread": 0.0,
            },
            "search": {
                "voluntary": [0.0, 0.0, 0.0, 0.0, 0.0, FINDING, 0.0],
                "confidence_floor": 1.0,
                "childcare_factor": 1.0,
                "half_stop": 0.0,
                "own_sector": 0.0,
                "p_above": 0.0,
                "bump_down": 0.0,
                "benefit_markup": 0.0,
            },
            "hiring": {
                "rule": "random",
                "under_qualified": 0.0,
                "over_qualified": 0.0,
                "sector_experience": 0.0,
                "employability": 0.0,
                "barrier_penalty": 0.0,
                "health_penalty": [0.0] * 3,
                "attitude": [0.0] * 5,
                # The impression of an interview is at least ln(2**-33) = -22.9; its chance to be
                # below -20 is 2e-9.
                "reservation": -20.0,
                "reservation_slack": 0.0,
            },
            "benefits": {"p_claim": 0.0, "claim_rate": 0.0, "discouraged_rate": [0.0] * 4},
            "population": {"p_level_below": 0.0, "p_level_above": 0.0},
        }
    )


def unemployment(*, seeking: int, weeks: int) -> np.ndarray:
    """Return the share out of work at the start and at the end of each week."""
    config = two_state_config(weeks=weeks)
    model = LabourMarket(config, SEED, area=two_state_area(seeking=seeking))
    shares = [seeking / N_PEOPLE]
    while model.running:
        model.step()
        assert set(np.unique(model.people.state)) <= {State.EMPLOYED, State.SEEKING_NO_BENEFIT}
        shares.append(1.0 - int(model.states[State.EMPLOYED]) / N_PEOPLE)
    return np.array(shares)


def test_two_states_tend_to_separation_over_separation_plus_finding() -> None:
    weeks_before, weeks = 40, 160
    limit = SEPARATION / (SEPARATION + FINDING)
    assert limit == pytest.approx(0.0476, abs=5e-5)
    shares = unemployment(seeking=2000, weeks=weeks_before + weeks)[1 + weeks_before :]
    # Each person is a Markov chain with autocorrelation 1 - s - f.
    memory = 1.0 - SEPARATION - FINDING
    variance = limit * (1.0 - limit) / N_PEOPLE * (1.0 + memory) / (1.0 - memory) / weeks
    assert abs(shares.mean() - limit) < STANDARD_ERRORS * math.sqrt(variance)


@pytest.mark.parametrize("seeking", [0, 20_000])
def test_a_deviation_from_the_limit_shrinks_by_one_less_the_two_chances_a_week(
    seeking: int,
) -> None:
    limit = SEPARATION / (SEPARATION + FINDING)
    shrink = 1.0 - SEPARATION - FINDING
    assert math.log(0.5) / math.log(shrink) == pytest.approx(1.99, abs=0.005)
    shares = unemployment(seeking=seeking, weeks=12)
    start = seeking / N_PEOPLE
    for week in range(1, shares.size):
        expected = limit + (start - limit) * shrink**week
        # Whoever started in work is out of it with chance p_in, whoever started out with p_out.
        p_in, p_out = limit * (1.0 - shrink**week), limit + (1.0 - limit) * shrink**week
        variance = (1.0 - start) * p_in * (1.0 - p_in) + start * p_out * (1.0 - p_out)
        assert abs(shares[week] - expected) < STANDARD_ERRORS * math.sqrt(variance / N_PEOPLE)


# Five: the matching elasticity


def elasticity(slack: float) -> float:
    """Return the elasticity of hires with respect to seekers under random selection."""
    return slack / math.expm1(slack)


@pytest.mark.parametrize(("slack", "figure"), [(1.26, 0.5), (0.68, 0.7), (2.4, 0.24), (5.8, 0.02)])
def test_the_elasticity_of_matching_falls_with_slack(slack: float, figure: float) -> None:
    assert elasticity(slack) == pytest.approx(figure, abs=0.005)
    n_vacancies, repeats, step = 2000, 200, 0.05
    few, many = (round(slack * n_vacancies * (1.0 + sign * step)) for sign in (-1, 1))
    # The same draws for those in both markets: the difference is what the added seekers bring.
    chosen = choices(many, n_vacancies, repeats=repeats)
    score = tickets(many, repeats=repeats)
    with_few = hired_in(chosen[:, :few], score[:, :few], n_vacancies).sum(axis=1)
    with_many = hired_in(chosen, score, n_vacancies).sum(axis=1)
    middle = urn_ball(round(slack * n_vacancies), n_vacancies)
    # Exact in the limit; with 2,000 vacancies and steps of a twentieth within 0.2 per cent.
    gain = (with_many - with_few) / middle / (2.0 * step)
    assert is_near(gain, elasticity(slack))


# Six: selection


def waiting_share(per_decision: float) -> float:
    """Return the chance that a decision finds nobody, by suitable applicants in the time of it.

    Applicants come at an even rate and the time to a decision is exponential, so that their
    number is geometric. The elasticity of an opening's life with respect to openings per seeker
    is this chance too: life is the time to a decision over 1 - 1 / (1 + m), and m is as seekers
    per opening.
    """
    return 1.0 / (1.0 + per_decision)


@pytest.mark.parametrize("per_decision", [0.5, 1.5, 4.0])
def test_the_elasticity_of_an_openings_life_is_the_share_of_decisions_that_find_nobody(
    per_decision: float,
) -> None:
    step = 1e-4
    lives = [1.0 / (1.0 - waiting_share(per_decision * (1.0 + sign * step))) for sign in (-1, 1)]
    slope = math.log(lives[0] / lives[1]) / (2.0 * step)
    assert slope == pytest.approx(waiting_share(per_decision), rel=1e-3)


@pytest.mark.slow
def test_openings_in_the_default_area_last_the_longer_the_more_there_are_for_each_seeker() -> None:
    """An elasticity of about 0.4 in the vacancy survey (docs/decisions/calibration.md).

    Life is openings left at the end of a week over the week's hires.

    It lies below the share of decisions that find nobody, since many applicants are in work or
    inactive and their number does not follow that of seekers.
    """
    config = Config.from_mapping({"weeks": 208, "people_per_agent": 20})
    table = simulate(config, SEED).table().iloc[12:]
    quarters = table.reset_index(drop=True).groupby(np.arange(len(table)) // 3).sum()
    life = np.log(quarters["openings"] / quarters["hires"] - 1.0)
    seekers = quarters["jsa"] + quarters["seeking_no_benefit"]
    slope = np.polyfit(np.log(quarters["vacancies_open"] / seekers), life, 1)[0]
    assert 0.3 <= slope <= 0.5
