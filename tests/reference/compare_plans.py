"""The engine's plans of the fragmented regime against the plans of plain loops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from simulation.agents.contracts import Contract as Agreement
from simulation.agents.contracts import Lettings
from simulation.policies.situation import Situation

from .contracts import Contract, contract_from
from .fragmented import N_GROUPS, N_STAGES, Purchase, Tender
from .planning import Firm, Scene, count_people, firms_of, need_of, share_eligible, wards_of_zones
from .support import SupportSystem

if TYPE_CHECKING:
    from simulation.model import LabourMarket

EXACT = 1e-12
LAST_WEEK = 10**6


class PlanSpy:
    """Keeps what an engine's regime saw and decided, by week.

    Parameters
    ----------
    engine : LabourMarket
        Its regime is asked through the spy from now on.
    """

    def __init__(self, engine: LabourMarket) -> None:
        self.engine, self.regime = engine, engine.support_system.commissioning.regime
        self.seen: dict[int, tuple[Situation, Lettings]] = {}
        engine.support_system.commissioning.regime = self

    def __call__(self, situation: Situation) -> Lettings:
        plan = self.regime(situation)
        self.seen[self.engine.week] = situation, plan
        return plan


class CheckedPlanner:
    """Plans with plain loops, demands the same of the engine, then signs the engine's contracts.

    Signing the engine's keeps a difference in the last digit of a place from growing in the run.

    Parameters
    ----------
    spy : PlanSpy
        Of an engine that is a week ahead.
    """

    def __init__(self, spy: PlanSpy) -> None:
        self.spy = spy
        self.differences: list[str] = []
        self.n_signed = 0

    def __call__(self, system: SupportSystem) -> list[Contract]:
        if system.week not in self.spy.seen:
            return []
        situation, plan = self.spy.seen[system.week]
        self._compare(system, situation, plan)
        row_of = self.spy.engine.support_system.commissioning.row_of
        return [
            contract_from(
                agreement,
                number=len(system.contracts) + place,
                stream=row_of[agreement.stream],
                providers=system.providers,
                config=system.market.config,
            )
            for place, agreement in enumerate(plan.contracts)
        ]

    def _compare(self, system: SupportSystem, situation: Situation, plan: Lettings) -> None:
        mine, costs = plan_alone(system, situation)
        self.n_signed += len(mine)
        if len(mine) != len(plan.contracts):
            self.differences.append(
                f"week {system.week}: {len(plan.contracts)} contracts, the reference {len(mine)}"
            )
        for number, (pair, theirs) in enumerate(zip(mine, plan.contracts, strict=False)):
            found = _difference(*pair, theirs)
            if found:
                self.differences.append(f"week {system.week}, contract {number}: {found}")
        if {name: n for name, n in plan.administration_pence.items() if n} != costs:
            self.differences.append(
                f"week {system.week}: administration {plan.administration_pence}, {costs}"
            )


def plan_alone(
    system: SupportSystem, situation: Situation
) -> tuple[list[tuple[str, Purchase]], dict[str, int]]:
    """Return each stream's purchases in their order, and what letting them cost by stream.

    Of the situation only dates, budgets, streams and columns of providers are used.
    """
    market = system.market
    people = count_people(market)
    firms = firms_of(situation.providers)
    for firm, provider in zip(firms, system.providers, strict=True):
        firm.is_open = provider.is_open
        firm.trust = [system.opinion.everywhere(provider, g) for g in range(N_GROUPS)]
        rules = market.config.providers
        most = rules.occupancy * rules.staff_limit * provider.base
        filled = system.filled(provider, from_week=LAST_WEEK)
        firm.capacity = max(most - filled, 0.0) * market.config.people_per_agent
    day = market.config.start + timedelta(weeks=system.week)
    plans, size = system.plans, market.config.people_per_agent
    scene = Scene(
        day,
        market.config.regime,
        wards_of_zones(market),
        need_of(people, market.config, plans.reach),
        {cell: float(len(each) * size) for cell, each in people.items()},
        plans.reach,
        plans.weeks,
        plans.part,
        firms,
        *_eyes(system, firms),
    )
    purchases, costs = [], {}
    for stream in situation.streams:
        if stream.is_capacity:
            continue
        share = {cell: share_eligible(each, stream, cell[1]) for cell, each in people.items()}
        pence, end = situation.budget_pence[stream.name], situation.ends[stream.name]
        bought, cost = Tender(scene, stream, share, pence=pence, end=end).buy()
        purchases += [(stream.name, each) for each in bought]
        if cost:
            costs[stream.name] = cost
    return purchases, costs


def _eyes(
    system: SupportSystem, firms: list[Firm]
) -> tuple[Callable[[str, int], float], Callable[[str, int], bool]]:
    """Return what a buyer believes of a provider's quality, and whether it knows of it."""
    beliefs, providers = system.beliefs, system.providers
    if beliefs is None:
        return lambda _, number: providers[number].quality, lambda _, number: True
    everywhere = len(system.market.area.wards)
    return (
        lambda buyer, number: beliefs.quality(buyer, providers[number]),
        lambda buyer, number: beliefs.is_aware(
            buyer, providers[number], works_everywhere=len(firms[number].wards) == everywhere
        ),
    )


def _difference(stream: str, mine: Purchase, theirs: Agreement) -> str | None:
    """Return the first difference between two contracts, in words."""
    wards = {ward for ward, flag in enumerate(theirs.wards.tolist()) if flag}
    places = [
        mine.places[g, k] == pytest.approx(theirs.places[g, k], rel=1e-9, abs=EXACT)
        for g in range(N_GROUPS)
        for k in range(N_STAGES)
    ]
    same = {
        "stream": stream == theirs.stream,
        "provider": mine.provider == theirs.provider,
        "wards": mine.wards == wards,
        "places": all(places),
        "prices": mine.price_gbp == pytest.approx(list(theirs.price_gbp), abs=EXACT),
        "budget": mine.budget_pence == theirs.budget_pence,
        "dates": (mine.start, mine.end) == (theirs.start, theirs.end),
        "terms": mine.terms == theirs.terms,
        "prime": theirs.prime is None,
        "clauses": not (
            theirs.takes_referrals
            or theirs.has_referral_duty
            or theirs.shares_records
            or theirs.is_co_located
            or theirs.has_single_offer
            or theirs.employer_access < 1.0
        ),
    }
    wrong = [name for name, is_same in same.items() if not is_same]
    if not wrong:
        return None
    return f"{', '.join(wrong)}: the engine has {theirs}, the reference {stream} {mine}"
