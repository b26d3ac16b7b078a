"""Pooled: part of the money goes into one pot that a core team spends against need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from simulation import register
from simulation.agents.contracts import POOL, FundingStream, Lettings
from simulation.categories import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from simulation.policies.regimes.allocation import Task, allocate
from simulation.policies.regimes.co_commissioned import JOINT
from simulation.policies.regimes.fragmented import buy_alone, fragmented
from simulation.policies.regimes.joint import (
    ALL_STAGES,
    WORKLESS,
    all_places,
    core_team_pence,
    need_of_groups,
    open_eligibility,
    yearly_pence,
)
from simulation.policies.regimes.letting import Bought, lettings_from, write_contracts
from simulation.policies.regimes.orders import Order
from simulation.policies.regimes.supply import (
    free_capacity,
    months_between,
    prices_of,
    quality_of,
    scores_of,
    shares_of,
)
from simulation.policies.situation import Situation
from simulation.policies.tariffs import Terms

BLOCK = Terms("pool", "block")
CANDIDATES_PER_WINNER = 3
"""Providers the core team looks at in a zone and stage, for each of `regime.winners`."""


@register.regime("pooled")
def pooled(situation: Situation) -> Lettings:
    """Return the lettings of streams that pool a part and spend the rest each for themselves.

    A stream puts in `pool_share` x discretion x willingness of its money, if its funder's trust
    is at least `trust_threshold` and its money has not fallen by more than `largest_fall`. What
    is left buys as under `fragmented`, first. Without a pool on the day, and before the
    partnership runs, it is `fragmented`. The core team then spends the pool, less its own cost,
    on what places are missing for workless residents (`allocation.allocate`), under one
    eligibility, with referral duty, shared records and one procurement for each provider.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    Lettings
    """
    if not situation.partners.is_running or situation.config.pool_share == 0:
        return fragmented(situation)
    free = free_capacity(situation)
    pool = {
        stream.name: int(situation.budget_pence[stream.name] * pooled_part(situation, stream))
        for stream in situation.streams
    }
    alone = {name: situation.budget_pence[name] - pence for name, pence in pool.items()}
    bought: dict[str, tuple[Bought, ...]] = {
        name: (each,) for name, each in buy_alone(situation, alone, free).items()
    }
    administration, lacking = core_team_pence(situation)
    total = sum(pool.values())
    if total:
        administration[POOL] = min(round(lacking * _part_of_all_pools(situation, total)), total)
        money = total - administration[POOL]
        places = all_places(situation, bought)
        bought[POOL] = (_spend_pool(situation, pool, money, places, free),)
    return lettings_from(bought, pooled_pence=pool, administration_pence=administration)


def pooled_part(situation: Situation, stream: FundingStream) -> float:
    """Return the part of its money a stream puts into the pool, 0 to 1."""
    config, partners = situation.config, situation.partners
    if stream.is_capacity or partners.trust[stream.funder] < config.trust_threshold:
        return 0.0
    first_days = sorted(first for first in stream.amounts_gbp if first <= situation.day)
    if len(first_days) > 1:
        before, now = (stream.amounts_gbp[day] for day in first_days[-2:])
        if now < (1.0 - config.largest_fall) * before:
            return 0.0
    return config.pool_share * stream.discretion * partners.willingness[stream.funder]


def _part_of_all_pools(situation: Situation, today_pence: int) -> float:
    """Part of what all streams would pool in a year that is pooled on this day."""
    yearly = sum(
        yearly_pence(situation, stream) * pooled_part(situation, stream)
        for stream in situation.all_streams
    )
    return min(1.0, today_pence / yearly)


def _spend_pool(
    situation: Situation, pool: dict[str, int], money: int, places: np.ndarray, free: np.ndarray
) -> Bought:
    """Allocate the pool's money and write its contracts."""
    need = need_of_groups(situation, WORKLESS)
    uncovered = np.maximum(need - places, 0.0)
    order = Order(
        stream=POOL,
        wanted=uncovered,
        wards=np.ones_like(situation.streams[0].wards),
        stages=ALL_STAGES,
        money_pence=money,
        eligibility=open_eligibility(),
        terms=BLOCK,
        end=_end(situation, pool),
        quality_weight=situation.config.joint_quality_weight,
        is_by_zone=True,
        clauses=JOINT,
    )
    task = _task(situation, order, need, free, _fair_pence(situation, pool, money))
    wanted, parts = allocate(task)
    return write_contracts(situation, replace(order, wanted=wanted), parts)


def _end(situation: Situation, pool: dict[str, int]) -> date:
    """Day on which the last of the planning years ends that have put money in."""
    return max(situation.ends[name] for name, pence in pool.items() if pence)


def _task(
    situation: Situation, order: Order, need: np.ndarray, free: np.ndarray, fair: np.ndarray
) -> Task:
    """Return the linear programme of an order."""
    config = situation.config
    wanted, wards = order.wanted, order.wards
    scores = scores_of(situation, wanted, wards, quality_weight=order.quality_weight)
    n_candidates = CANDIDATES_PER_WINNER * config.winners
    months = months_between(situation.day, order.end)
    weight = 1.0 + config.need_weight * situation.is_priority_zone
    return Task(
        need=need,
        uncovered=wanted,
        candidates=shares_of(scores, free > 0, winners=n_candidates) > 0,
        quality=quality_of(situation, wanted),
        cost=prices_of(situation) * (months / MONTHS_PER_YEAR),
        load=situation.expected.occupied_weeks / WEEKS_PER_YEAR,
        free=free,
        money_pence=float(order.money_pence),
        jobs=weight[:, None] * np.asarray(config.believed_jobs),
        diminishing=config.diminishing,
        district_of_zone=situation.district_of_zone,
        least_pence=fair,
    )


def _fair_pence(situation: Situation, pool: dict[str, int], money: int) -> np.ndarray:
    """Least to be spent in each district: `fair_share` of its residents' part of the money.

    Their part is each stream's, by how much of the need it sees is theirs.
    """
    row_of = {stream.name: row for row, stream in enumerate(situation.all_streams)}
    parts = np.zeros(situation.district_of_zone.max() + 1)
    need = situation.need.sum(axis=2)
    for name, pence in pool.items():
        seen = (situation.eligible[row_of[name]] * need).sum(axis=1)
        if pence and seen.any():
            here = np.bincount(situation.district_of_zone, weights=seen, minlength=parts.size)
            parts += pence * here / seen.sum()
    total = sum(pool.values())
    return situation.config.fair_share * parts * (money / total)
