"""Pooled: part of the money goes into one pot that a core team spends against need.

Devolved is the same with another part of the money, which no partner can keep back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from simulation import register
from simulation.agents.contracts import POOL, FundingStream, Lettings
from simulation.categories import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from simulation.policies.regimes.allocation import Task, allocate
from simulation.policies.regimes.fragmented import buy_alone, fragmented
from simulation.policies.regimes.joint import (
    ALL_STAGES,
    WORKLESS,
    all_places,
    claimants_of,
    core_team_pence,
    joint_clauses,
    need_in_units,
    need_of_groups,
    open_eligibility,
    units_of,
    yearly_pence,
)
from simulation.policies.regimes.letting import Bought, lettings_from, write_contracts
from simulation.policies.regimes.orders import Order
from simulation.policies.regimes.supply import (
    Pairs,
    free_capacity,
    months_between,
    pairs_of,
    prices_of,
    quality_of,
    scores_of,
    shares_of,
)
from simulation.policies.situation import Situation
from simulation.policies.tariffs import Terms

BLOCK = Terms("pool", "block")
Part = Callable[[Situation, FundingStream], float]
"""What part of its money a stream puts into the pot, 0 to 1."""
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
    eligibility, with referral duty, shared records and one procurement for each provider. Below
    the sub-region each unit of `regime.tier` has its residents' part of the pool and a core team
    of its own.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    Lettings
    """
    if not situation.partners.is_running or situation.config.pool_share == 0:
        return fragmented(situation)
    return spend_together(situation, pooled_part)


@register.regime("devolved")
def devolved(situation: Situation) -> Lettings:
    """Return the lettings where delivery and contracting are local, with the money.

    A stream hands over `devolved_share` x willingness of its money, tied or not, whatever its
    trust and however its money has fallen. It is spent as the pool under `pooled`: the centre's
    rules on people, places and stages no longer hold for it.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    Lettings
    """
    if not situation.partners.is_running or situation.config.devolved_share == 0:
        return fragmented(situation)
    return spend_together(situation, devolved_part)


def spend_together(situation: Situation, part_of: Part) -> Lettings:
    """Return the lettings of streams that put a part into a pot and spend the rest alone."""
    free = free_capacity(situation)
    units = units_of(situation)
    pool = {
        stream.name: int(situation.budget_pence[stream.name] * part_of(situation, stream))
        for stream in situation.streams
    }
    alone = {name: situation.budget_pence[name] - pence for name, pence in pool.items()}
    bought: dict[str, tuple[Bought, ...]] = {
        name: (each,) for name, each in buy_alone(situation, alone, free).items()
    }
    administration, lacking = core_team_pence(situation, units.max() + 1)
    total = sum(pool.values())
    if total:
        part = part_of_a_year(situation, total, part_of)
        administration[POOL] = min(round(lacking * part), total)
        money = total - administration[POOL]
        places = all_places(situation, bought)
        bought[POOL] = _spend_pool(situation, pool, money, places, free)
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


def devolved_part(situation: Situation, stream: FundingStream) -> float:
    """Return the part of its money a stream hands over, 0 to 1."""
    willing = situation.partners.willingness[stream.funder]
    return 0.0 if stream.is_capacity else situation.config.devolved_share * willing


def part_of_a_year(situation: Situation, today_pence: int, part_of: Part) -> float:
    """Part of what all streams would move in a year that is moved on this day."""
    yearly = sum(
        yearly_pence(situation, stream) * part_of(situation, stream)
        for stream in situation.all_streams
    )
    return min(1.0, today_pence / yearly)


def _spend_pool(
    situation: Situation, pool: dict[str, int], money: int, places: np.ndarray, free: np.ndarray
) -> tuple[Bought, ...]:
    """Let each unit allocate its residents' part of the money, and write its contracts."""
    units = units_of(situation)
    seen = need_in_units(situation, units)
    need = need_of_groups(replace(situation, need=seen), WORKLESS)
    uncovered = np.maximum(need - places, 0.0)
    theirs = _residents_part(situation, pool, units)
    theirs = theirs / theirs.sum() if theirs.any() else np.full(theirs.size, 1.0 / theirs.size)
    fair = _residents_part(situation, pool, claimants_of(situation))
    fair = situation.config.fair_share * fair * (money / sum(pool.values()))
    bought = []
    for unit, part in enumerate(theirs):
        inside = units == unit
        order = Order(
            stream=POOL,
            wanted=uncovered * inside[:, None, None],
            wards=np.ones_like(situation.streams[0].wards),
            stages=ALL_STAGES,
            money_pence=int(money * part),
            eligibility=open_eligibility(),
            terms=BLOCK,
            end=_end(situation, pool),
            quality_weight=situation.config.joint_quality_weight,
            is_by_zone=True,
            clauses={**joint_clauses(situation), "money_moves": False},
        )
        is_claimant = np.bincount(claimants_of(situation), inside, minlength=fair.size) > 0
        pairs = pairs_of(situation, order.wards)
        task = _task(
            situation, order, pairs, need * inside[:, None, None], free, fair * is_claimant
        )
        wanted, parts = allocate(task)
        filled = (wanted.sum(axis=1)[pairs.zone] * parts) @ task.load
        free -= np.bincount(pairs.provider, filled, minlength=free.size)
        np.maximum(free, 0.0, out=free)
        bought.append(write_contracts(situation, replace(order, wanted=wanted), pairs, parts))
    return tuple(bought)


def _end(situation: Situation, pool: dict[str, int]) -> date:
    """Day on which the last of the planning years ends that have put money in."""
    return max(situation.ends[name] for name, pence in pool.items() if pence)


def _task(
    situation: Situation,
    order: Order,
    pairs: Pairs,
    need: np.ndarray,
    free: np.ndarray,
    fair: np.ndarray,
) -> Task:
    """Return the linear programme of an order."""
    config, wanted = situation.config, order.wanted
    scores = scores_of(
        situation, pairs, wanted, quality_weight=order.quality_weight, buyer=order.buyer
    )
    scores = np.where(free[pairs.provider, None] > 0, scores, 0.0)
    n_candidates = CANDIDATES_PER_WINNER * config.winners
    months = months_between(situation.day, order.end)
    weight = 1.0 + config.need_weight * situation.is_priority_zone
    return Task(
        need=need,
        uncovered=wanted,
        pairs=pairs,
        candidates=shares_of(scores, pairs.zone, winners=n_candidates) > 0,
        quality=quality_of(situation, pairs, wanted, order.buyer),
        cost=prices_of(situation) * situation.expected.parts * (months / MONTHS_PER_YEAR),
        load=situation.expected.occupied_weeks / WEEKS_PER_YEAR,
        free=free,
        money_pence=float(order.money_pence),
        jobs=weight[:, None] * np.asarray(config.believed_jobs),
        diminishing=config.diminishing,
        claimant_of_zone=claimants_of(situation),
        least_pence=fair,
    )


def _residents_part(situation: Situation, pool: dict[str, int], of_zone: np.ndarray) -> np.ndarray:
    """Return the part of what was put in that is the residents', pence by number in `of_zone`.

    Theirs is each stream's, by how much of the need it sees is theirs.
    """
    row_of = {stream.name: row for row, stream in enumerate(situation.all_streams)}
    parts = np.zeros(of_zone.max() + 1)
    need = situation.need.sum(axis=2)
    for name, pence in pool.items():
        seen = (situation.eligible[row_of[name]] * need).sum(axis=1)
        if pence and seen.any():
            here = np.bincount(of_zone, weights=seen, minlength=parts.size)
            parts += pence * here / seen.sum()
    return parts
