"""A small market of support made by hand, in which places, capacity and money all run out."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulation.agents.contracts import Contract, Eligibility
from simulation.agents.providers import Providers
from simulation.categories import BARRIERS, CLIENT_GROUPS, PAYMENT_GROUPS, STAGES
from simulation.policies.tariffs import Terms

STREAMS = ("outreach", "college", "jobs_first", "city", "renewal")
OUTREACH, ADVICE, WORKSHOP, COLLEGE, PRIVATE, PARTNER, TOWN, SHORT_LIVED = range(8)
START, LATER = date(2008, 9, 1), date(2008, 12, 1)
EARLY_END, END = date(2009, 9, 7), date(2011, 3, 7)
"""Mondays, each in the first week of its month."""
N_WARDS = 6
N_PAYMENT = len(PAYMENT_GROUPS)
JSA = CLIENT_GROUPS[:3]
NOT_EMPLOYED = CLIENT_GROUPS[:7]

BLOCK = Terms("block grant", "block")
UNIT = Terms("unit price", "unit")
GENEROUS = Terms(
    "by results, rising with distance",
    "results",
    attachment_gbp=(400.0,) * N_PAYMENT,
    job_gbp=(1200.0, 1200.0, 1200.0, 1200.0, 1000.0, 1200.0, 3500.0, 1000.0, 5600.0),
    sustainment_gbp=(170.0, 215.0, 250.0, 250.0, 115.0, 235.0, 370.0, 145.0, 500.0),
    n_sustainment=(3, 4, 5, 5, 2, 6, 4, 3, 1),
    job_weeks=26,
    group_job_weeks=(26, 26, 13, 13, 13, 13, 13, 13, 26),
    sustainment_weeks=4,
    attachment_taper=(1.0, 0.75, 0.5, 0.0),
    mandatory=("jsa_over_12_months",),
)
ONE_PAYMENT = Terms(
    "half at the start, half for 13 weeks",
    "results",
    attachment_gbp=(600.0,) * N_PAYMENT,
    job_gbp=(600.0,) * N_PAYMENT,
    sustainment_gbp=(0.0,) * N_PAYMENT,
    n_sustainment=(0,) * N_PAYMENT,
    job_weeks=13,
)


def made_providers() -> Providers:
    """Return eight providers."""
    n = SHORT_LIVED + 1
    strength = np.ones((n, len(CLIENT_GROUPS)))
    strength[ADVICE, 3:6], strength[PRIVATE, :3], strength[TOWN, 6] = 1.25, 1.2, 0.8
    barriers = np.ones((n, len(BARRIERS)))
    barriers[WORKSHOP, :4], barriers[COLLEGE, 0], barriers[PARTNER, 4:] = 1.5, 2.0, 0.5
    cost = np.array([120, 200, 900, 400, 150]) * np.array(
        [[8], [10], [12], [11], [7], [6], [9], [10]]
    )
    return Providers(
        wards=np.ones((n, N_WARDS), bool),
        stages=np.ones((n, len(STAGES)), bool),
        quality=np.array([0.9, 1.1, 1.3, 1.2, 0.8, 0.7, 1.0, 0.9]),
        kind=np.array([0, 1, 2, 0, 2, 1, 1, 0], np.int8),
        trust=np.array([0.7, 0.5, 0.4, 0.2, 0.3, 0.25, 0.35, 0.3]),
        capacity=np.array([40, 30, 25, 30, 80, 25, 60, 30], np.int32),
        unit_cost=(10 * cost).astype(np.int64),
        group_strength=strength,
        barrier_strength=barriers,
        shares_records=np.array([True, True, True, False, False, False, False, False]),
        network=np.array([0, 0, 0, -1, 1, 1, -1, 0], np.int16),
        can_be_prime=np.arange(n) == PRIVATE,
        is_open=np.ones(n, bool),
        caseload=np.zeros(n, np.int32),
    )


def _places(groups: tuple[str, ...], **a_month: int) -> np.ndarray:
    """Return places a year: some a month for each group, by stage."""
    places = np.zeros((len(CLIENT_GROUPS), len(STAGES)))
    for stage, number in a_month.items():
        for group in groups:
            places[CLIENT_GROUPS.index(group), STAGES.index(stage)] = 12.0 * number
    return places


def _contract(stream: str, provider: int, terms: Terms, gbp: int, **more) -> Contract:
    given = {
        "wards": np.ones(N_WARDS, bool),
        "price_gbp": (0.0,) * len(STAGES),
        "start": START,
        "end": END,
        "eligibility": Eligibility(NOT_EMPLOYED),
    }
    budget = 100 * gbp
    given |= more
    return Contract(stream=stream, provider=provider, terms=terms, budget_pence=budget, **given)


def made_contracts() -> list[Contract]:
    """Return contracts on all kinds of terms, in the order of their rows."""
    near, poor = np.arange(N_WARDS) < 3, np.arange(N_WARDS) < 2
    young = Eligibility(NOT_EMPLOYED, max_age=35, max_qualification=2)
    minority = Eligibility(NOT_EMPLOYED, minority_only=True)
    prices = (80.0, 150.0, 800.0, 300.0, 100.0)
    shared = {"takes_referrals": True, "has_referral_duty": True, "shares_records": True}
    shared["has_single_offer"] = True
    return [
        _contract(
            "outreach",
            OUTREACH,
            BLOCK,
            90_000,
            wards=near,
            places=_places(NOT_EMPLOYED, engagement=5, action_planning=3),
            is_co_located=True,
            **shared,
        ),
        _contract(
            "outreach",
            ADVICE,
            UNIT,
            40_000,
            wards=poor,
            price_gbp=prices,
            places=_places(NOT_EMPLOYED, action_planning=2, services=2, placement=1),
            is_co_located=True,
            **shared,
        ),
        _contract(
            "college",
            COLLEGE,
            UNIT,
            60_000,
            price_gbp=prices,
            eligibility=Eligibility(CLIENT_GROUPS, max_qualification=3),
            places=_places(CLIENT_GROUPS, services=3),
            takes_referrals=True,
        ),
        _contract(
            "college",
            WORKSHOP,
            UNIT,
            30_000,
            price_gbp=prices,
            eligibility=young,
            places=_places(NOT_EMPLOYED, engagement=1, services=2, placement=1),
            **shared,
        ),
        _contract(
            "jobs_first",
            PRIVATE,
            GENEROUS,
            500_000,
            places=_places(
                JSA, engagement=6, action_planning=5, services=4, placement=4, aftercare=2
            ),
        ),
        _contract(
            "jobs_first",
            PARTNER,
            GENEROUS,
            60_000,
            start=LATER,
            end=EARLY_END,
            prime=PRIVATE,
            margin=0.15,
            employer_access=0.6,
            places=_places(NOT_EMPLOYED, engagement=2, action_planning=3, services=3, placement=2),
            takes_referrals=True,
        ),
        _contract(
            "city",
            TOWN,
            ONE_PAYMENT,
            70_000,
            places=_places(CLIENT_GROUPS, engagement=2, action_planning=3, services=2, placement=2),
            takes_referrals=True,
            has_referral_duty=True,
        ),
        _contract(
            "city",
            SHORT_LIVED,
            UNIT,
            80_000,
            price_gbp=prices,
            places=_places(NOT_EMPLOYED, engagement=3, action_planning=3, services=3, placement=3)
            + _places(NOT_EMPLOYED, aftercare=3),
            takes_referrals=True,
        ),
        _contract(
            "renewal",
            TOWN,
            UNIT,
            25_000,
            start=LATER,
            end=EARLY_END,
            wards=poor,
            price_gbp=prices,
            eligibility=minority,
            places=_places(NOT_EMPLOYED, engagement=2, services=1, placement=1, aftercare=3),
            is_co_located=True,
            **shared,
        ),
    ]


CASH = np.array([10_000_000] * SHORT_LIVED + [1_400_000])
"""Pence of each provider on the first day; the last loses on every client and fails."""
EAGER = {
    "engagement_rate": (2.0, 3.0, 4.0, 0.8, 1.5, 1.0, 0.6, 0.3),
    "p_complete_training": 0.8,
    "p_training": 0.6,
    "p_trial": 0.5,
    "service_weeks": 14,
    "wait_weeks": 5,
    "training_weeks": 6,
    "placement_weeks": 20,
}
"""Parameters of the journey under which much happens in a small town."""
