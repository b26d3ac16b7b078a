"""Jobs that answer to ease of hiring, against the closed forms of docs/closure.md.

A market of one ward and one level, in which every opening takes one of those who apply at random:
its steady state is the solution of three equations, with the urn-ball function of theory.
"""

from __future__ import annotations

import dataclasses
import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.optimize import fsolve

from simulation.agents.clients import Support
from simulation.categories import State
from simulation.config import Config
from simulation.inputs.area import Area, load_area
from simulation.inputs.shipped import CONF, shipped_area_folder
from simulation.labour.closure import Closure, response_of
from simulation.model import LabourMarket, forget_model

SEED = 11
N, STARTS, JOBS = 20_000, 19_350, 19_700
LOSS, EFFORT = 0.006, 0.35
TREATED, MORE = 0.4, 3.0
"""Share of people who apply so many times as often."""
WEEKS, BURN_IN = 900, 150
STANDARD_ERRORS = 4.0
RESPONSES = (0.0, 0.05, 0.4, math.inf)


def config(*, response: float, weeks: int) -> Config:
    """One ward, one level, random selection of one applicant an opening, everybody suitable."""
    return Config.from_mapping(
        {
            "weeks": weeks,
            "beyond": "hold",
            "area": {"name": "bare_market"},
            "economy": {"name": "steady", "file": None, "shock_sd": 0.0},
            "closure": {"response": response, "half_life_weeks": 13, "memory_weeks": 13},
            "employers": {
                "unfilled_share": [JOBS / STARTS - 1.0] * 5,
                "gap_spread": 0.0,
                "job_loss_rate": [-52.0 * math.log1p(-LOSS)] * 5,
                "probation_factor": 1.0,
                "quit_rate": [0.0] * 4,
                "posting_weeks": 1.0,
                "selection_weeks": 1.0,
                "hoarding_weeks": [12.0] * 5,
                "lapse_weeks": 520,
                "pause_weeks": 0,
                "wage_spread": 0.0,
            },
            "search": {
                "voluntary": [0.0, 0.0, 0.0, 0.0, 0.0, EFFORT, 0.0],
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
                "reservation": -20.0,
                "reservation_slack": 0.0,
            },
            "benefits": {
                "p_claim": 0.0,
                "p_claim_laid_off": 0.0,
                "claim_rate": 0.0,
                "discouraged_rate": [0.0] * 4,
                "attachment_slack": 0.0,
            },
            "population": {"p_level_below": 0.0, "p_level_above": 0.0},
        }
    )


def area() -> Area:
    bare = load_area(shipped_area_folder("bare_market"))
    wards = bare.wards.copy()
    wards[["residents", "qual_2", "age_25_34", "eth_white"]] = N
    wards["employed"], wards["seeking_no_benefit"] = STARTS, N - STARTS
    jobs = np.zeros_like(bare.jobs)
    jobs[:, 0, 0] = N
    return dataclasses.replace(bare, wards=wards, jobs=jobs)


def columns(search: np.ndarray) -> Support:
    """Everybody's support at rest but for the chance to apply."""
    n = search.size
    return Support(
        search=search.astype(np.float32),
        broker=np.zeros(n, np.float32),
        fit=np.zeros(n, np.float32),
        trial_week=np.full(n, -1, np.int16),
        keep=np.ones(n, np.float32),
        scheme=np.full(n, -1, np.int8),
        temporary_until=np.full(n, -1, np.int16),
        knows_sums=np.zeros(n, np.bool_),
    )


class World(NamedTuple):
    """What a simulated market was like once it was steady."""

    jobs: int
    """Wanted on the first day."""
    in_work: np.ndarray
    """float64 (n_weeks, 2), share of the others and of the treated."""
    seen: pd.DataFrame
    factors: np.ndarray
    """float64 (weeks,), on jobs wanted."""


def simulated(response: float = 0.0, reference: World | None = None, until: int = WEEKS) -> World:
    """Simulate the market; beside a reference the treated apply more often, until a week."""
    model = LabourMarket(config(response=response, weeks=WEEKS), SEED, area=area())
    jobs = int(model.jobs.desired.sum())
    is_treated = np.arange(N) % 5 < 5 * TREATED
    search = np.where(is_treated, MORE, 1.0)
    if reference is not None:
        model.support_system.caseload.everyones = columns(search)
        model.closure = Closure(model.config, model.area, model.rates.commuting, has_support=True)
        model.closure.follow(reference.seen)
    shares, factors = [], []
    while model.running:
        if reference is not None and model.week == until:
            model.support_system.caseload.everyones = columns(np.ones(N))
        model.step()
        in_work = model.people.state == State.EMPLOYED
        shares.append([in_work[~is_treated].mean(), in_work[is_treated].mean()])
        factors.append(float(model.closure.by_ward[0, 2]))
    seen = model.closure.table()
    forget_model(model)
    return World(jobs, np.array(shares)[BURN_IN:], seen, np.array(factors))


class Steady(NamedTuple):
    """The steady state of theory, in people."""

    in_work: np.ndarray
    """float64 (2,), of the others and of the treated."""
    jobs: float
    openings: float
    ease: float
    """Hires per opening and week."""


def steady(jobs: float, *, response: float = 0.0, more: float = MORE, ease: float | None = None):
    """Solve for the steady state; jobs answer to ease of hiring beside that of another world.

    Openings are posted on Monday, then people lose jobs, then all without one apply.
    """
    effort, people = np.array([EFFORT, EFFORT * more]), N * np.array([1.0 - TREATED, TREATED])

    def market(in_work, wanted):
        seekers = people - in_work * (1.0 - LOSS)
        openings = wanted - in_work.sum()
        applications = effort @ seekers
        hires = -openings * math.expm1(-applications / openings)
        return openings, hires, hires * effort * seekers / applications

    def balance(unknown):
        in_work, wanted = unknown[:2], unknown[2]
        openings, hires, hired = market(in_work, wanted)
        if ease is None:
            answer = wanted - jobs
        elif math.isinf(response):
            answer = N * (hires / openings - ease)
        else:
            answer = wanted - jobs * (hires / openings / ease) ** response
        return [*(hired - LOSS * in_work), answer]

    found = fsolve(balance, [*(0.978 * people), 1.001 * jobs], xtol=1e-12)
    openings, hires, _ = market(found[:2], found[2])
    return Steady(found[:2], found[2], openings, hires / openings)


def kept_of(response: float, *, elasticity: float, jobs: float, in_work: float, openings: float):
    """Return the share of an own effect that remains, R of docs/closure.md; seekers at clearing."""
    seekers = N - in_work * (1.0 - LOSS)
    lost = (1.0 - elasticity) / elasticity * jobs * seekers
    return 1.0 / (1.0 + lost / ((openings + response * jobs) * (in_work + seekers)))


def own_and_net(steady_state: Steady, base: Steady) -> tuple[float, float]:
    """Return the gain of the treated over the others, and of all, in people in work."""
    rates = steady_state.in_work / (N * np.array([1.0 - TREATED, TREATED]))
    return TREATED * N * (rates[1] - rates[0]), steady_state.in_work.sum() - base.in_work.sum()


@pytest.fixture(scope="module")
def base() -> World:
    return simulated()


@pytest.mark.parametrize("response", RESPONSES)
def test_the_formula_is_the_limit_of_a_small_effect_in_the_steady_state(response):
    """R(0), R(0.05), R(0.4), R(inf): what jobs that answer leave of a gain that some have."""
    alone = steady(JOBS, more=1.0)
    helped = steady(JOBS, response=response, more=1.001, ease=alone.ease)
    own, net = own_and_net(helped, alone)
    slack = EFFORT * (N - alone.in_work.sum() * (1.0 - LOSS)) / alone.openings
    formula = kept_of(
        response,
        elasticity=slack / math.expm1(slack),
        jobs=JOBS,
        in_work=alone.in_work.sum(),
        openings=alone.openings,
    )
    assert net / own == pytest.approx(1.0 if math.isinf(response) else formula, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("response", RESPONSES)
def test_the_engine_displaces_as_theory_says(response, base):
    world = simulated(response, base)
    alone = steady(base.jobs, more=1.0)
    helped = steady(base.jobs, response=response, ease=alone.ease)
    people = N * np.array([1.0 - TREATED, TREATED])
    gains = (world.in_work - base.in_work) * people
    expected = helped.in_work - alone.in_work
    # Means of half a year's weeks hang together no longer.
    blocks = gains[: len(gains) // 25 * 25].reshape(-1, 25, 2).mean(axis=1)
    errors = blocks.std(axis=0, ddof=1) / math.sqrt(len(blocks))
    # Theory is the limit of many openings; here are some 180, and the ease of hiring swings.
    allowed = STANDARD_ERRORS * errors + 0.03 * expected[1]
    assert (np.abs(gains.mean(axis=0) - expected) < allowed).all()
    others = [steady(base.jobs, response=each, ease=alone.ease) for each in RESPONSES]
    lost = [each.in_work[0] - alone.in_work[0] for each in others]
    nearest = min(RESPONSES, key=lambda each: abs(lost[RESPONSES.index(each)] - gains[:, 0].mean()))
    assert nearest == response or abs(lost[-1] - lost[-2]) < allowed[0]


def test_jobs_do_not_move_before_anything_differs_and_come_back_when_it_ends(base):
    world = simulated(0.4, base, until=300)
    assert world.factors[0] == 1.0
    assert world.factors[100:300].mean() > 1.0005
    assert abs(world.factors[-300:].mean() - 1.0) < 0.1 * (world.factors[100:300].mean() - 1.0)


@pytest.mark.parametrize(
    ("name", "wage_curve", "digits"), [("rationed", 0.0, 3), ("wage_curve", 0.1, 1)]
)
def test_shipped_responses_follow_from_estimates_of_their_parts(name, wage_curve, digits):
    text = (CONF / "closure" / f"{name}.yaml").read_text(encoding="utf-8")
    expected = response_of(0.4, 0.03, wage_curve, 0.43)
    assert yaml.safe_load(text)["response"] == round(expected, digits)
