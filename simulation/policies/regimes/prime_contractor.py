"""Prime contractor: a few large firms are paid by results and run chains of subcontractors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulation import register
from simulation.agents.contracts import POOL, FundingStream, Lettings
from simulation.categories import Stage
from simulation.errors import InputError
from simulation.policies.regimes.buying import buy
from simulation.policies.regimes.fragmented import buy_alone, fragmented
from simulation.policies.regimes.joint import WORKLESS
from simulation.policies.regimes.letting import Bought, lettings_from
from simulation.policies.regimes.orders import order_of, terms_of
from simulation.policies.regimes.supply import (
    TINY,
    free_capacity,
    pairs_of,
    prices_of,
    seen_need,
)
from simulation.policies.situation import Situation
from simulation.policies.tariffs import Terms

CORE_STAGES = frozenset(range(Stage.ACTION_PLANNING - 1, Stage.PLACEMENT))
"""A stream can be put into prime contracts if it may buy these."""


@register.regime("prime_contractor")
def prime_contractor(situation: Situation) -> Lettings:
    """Let prime contracts by area, paid by results, and their subcontracts.

    Streams that may buy the core of the journey for workless people are put into prime contracts;
    the others, and all where no open provider that is known can be a prime, buy as under
    `fragmented`, first.
    In each of `package_areas` areas of about the same need the `primes_per_area` best firms share
    a stream's money for it alike. A prime awards its part to providers by quality and price, at
    the tariff `prime_terms` x `prime_scale` x (1 - `prime_discount`), its attachment fee tapered
    by the years since the stream last tendered (every `prime_years`), and keeps `prime_margin` of
    what others earn. The chain has a referral duty. Of the employers `prime_keeps_employers`
    are kept by primes, each an equal part: advisers of others cannot approach them, those of a
    chain only its own.

    Raises
    ------
    InputError
        When `regime.prime_terms` are not by results.
    """
    primed = [stream for stream in situation.streams if _is_for_primes(stream)]
    buyer = primed[0].funder if primed else POOL
    can = np.flatnonzero(situation.providers.can_be_prime & situation.can_be_chosen(buyer))
    if not can.size:
        return fragmented(situation)
    terms = prime_terms(situation)
    free = free_capacity(situation)
    others = set(situation.budget_pence) - {stream.name for stream in primed}
    alone = {name: situation.budget_pence[name] for name in others}
    bought: dict[str, tuple[Bought, ...]] = {
        name: (_with_access(each, 1.0 - situation.config.prime_keeps_employers),)
        for name, each in buy_alone(situation, alone, free).items()
    }
    areas = package_areas(situation)
    primes = [
        choose_primes(situation, areas == area, can, buyer) for area in range(areas.max() + 1)
    ]
    for stream in primed:
        carried_on = terms.from_year(_year_of_contract(situation, stream))
        bought[stream.name] = tuple(
            _subcontract(situation, stream, areas == area, prime, len(chosen), carried_on, free)
            for area, chosen in enumerate(primes)
            for prime in chosen
        )
    return lettings_from(bought)


def prime_terms(situation: Situation) -> Terms:
    """Return the tariff of prime contracts, scaled and discounted.

    Raises
    ------
    InputError
        When it is not by results.
    """
    config = situation.config
    terms = terms_of(config.prime_terms, situation)
    if terms.kind != "results":
        raise InputError(
            f"regime.prime_terms must be a tariff by results, but {config.prime_terms} is "
            f"{terms.kind}; set in conf/regime/"
        )
    factor = config.prime_scale * (1.0 - config.prime_discount)
    return replace(
        terms,
        attachment_gbp=tuple(factor * fee for fee in terms.attachment_gbp),
        job_gbp=tuple(factor * fee for fee in terms.job_gbp),
        sustainment_gbp=tuple(factor * fee for fee in terms.sustainment_gbp),
    )


def package_areas(situation: Situation) -> np.ndarray:
    """Area of each zone: `package_units` in order, cut where the need so far reaches equal parts.

    Returns
    -------
    ndarray of int64, shape (n_zones,)
        From 0 on without gaps; the middle of a unit's need decides. Of ward groups, an area need
        not match the partnership's districts.
    """
    unit = situation.district_of_zone
    if situation.config.package_units == "ward_group":
        unit = np.arange(unit.size)
    need = np.bincount(unit, weights=situation.need.sum(axis=(1, 2)))
    middle = (np.cumsum(need) - need / 2) / max(need.sum(), TINY)
    area = np.minimum(
        (middle * situation.config.package_areas).astype(np.int64),
        situation.config.package_areas - 1,
    )
    return np.unique(area, return_inverse=True)[1][unit]


def choose_primes(
    situation: Situation, in_area: np.ndarray, can: np.ndarray, buyer: str | int
) -> list[int]:
    """Return the best firms for an area: quality against price, more so where they work there.

    The score is (1 + reach) / 2 x (quality^w / relative price^(1 - w))^selectivity, the price
    relative to the stage's mean over all who deliver it, averaged over the firm's stages.

    Parameters
    ----------
    situation : Situation
    in_area : ndarray of bool, shape (n_zones,)
    can : ndarray of int64
        Rows of open providers that the buyer knows and that can be a prime.
    buyer : str or int
        Whose belief counts, as `Situation.believed` has them.
    """
    config, providers = situation.config, situation.providers
    price = np.maximum(prices_of(situation), 1).astype(np.float64)
    does = providers.stages
    n_doing = does.sum(axis=0)
    mean = np.divide((price * does).sum(axis=0), n_doing, out=np.ones(5), where=n_doing > 0)
    n_stages = does.sum(axis=1)
    relative = np.divide(
        (price / mean * does).sum(axis=1), n_stages, out=np.ones(n_stages.size), where=n_stages > 0
    )
    weight = situation.need.sum(axis=(1, 2)) * in_area
    pairs = pairs_of(situation, np.ones_like(situation.zone_of_ward, bool))
    reach = np.bincount(pairs.provider, weight[pairs.zone] * pairs.reach, minlength=n_stages.size)
    reach = reach / max(weight.sum(), TINY)
    quality_weight = config.quality_weight
    value = situation.quality_for(buyer) ** quality_weight / relative ** (1.0 - quality_weight)
    score = (1.0 + reach) / 2.0 * value**config.selectivity
    return [
        int(row) for row in can[np.argsort(-score[can], kind="stable")][: config.primes_per_area]
    ]


def _with_access(bought: Bought, access: float) -> Bought:
    """Return what was bought under contracts whose advisers may approach a part of employers."""
    contracts = tuple(replace(each, employer_access=access) for each in bought.contracts)
    return replace(bought, contracts=contracts)


def _is_for_primes(stream: FundingStream) -> bool:
    """Whether a stream may buy the core of the journey for workless people."""
    is_workless = bool(set(stream.eligibility.groups) & set(WORKLESS))
    return not stream.is_capacity and is_workless and set(stream.stages) >= CORE_STAGES


def _year_of_contract(situation: Situation, stream: FundingStream) -> int:
    """Years since a stream last tendered: in its first planning year and every `prime_years`."""
    begun = sum(first <= situation.day for first in stream.amounts_gbp)
    return max(begun - 1, 0) % situation.config.prime_years


def _subcontract(
    situation: Situation,
    stream: FundingStream,
    in_area: np.ndarray,
    prime: int,
    n_primes: int,
    terms: Terms,
    free: np.ndarray,
) -> Bought:
    """Let a prime award its part of a stream's money in its area."""
    kept = situation.config.prime_keeps_employers
    seen = seen_need(situation, stream, terms)
    wanted = seen * in_area[:, None, None] / n_primes
    part = wanted.sum() / seen.sum() if seen.any() else 0.0
    order = order_of(
        situation,
        stream,
        wanted,
        int(situation.budget_pence[stream.name] * part),
        terms=terms,
        buyer=prime,
        clauses={
            "prime": prime,
            "margin": situation.config.prime_margin,
            "has_referral_duty": True,
        },
    )
    bought = _with_access(buy(situation, order, free), 1.0 - kept * (1.0 - 1.0 / n_primes))
    contracts = tuple(
        replace(each, margin=0.0) if each.provider == prime else each for each in bought.contracts
    )
    return replace(bought, contracts=contracts)
