"""The provider market as a buyer sees it: prices, reach, scores, what a start costs."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from simulation.agents.contracts import FundingStream
from simulation.categories import (
    CLIENT_GROUPS,
    DAYS_PER_YEAR,
    MONTHS_PER_YEAR,
    N_STAGES,
    PAYMENT_GROUPS,
    PENCE_PER_POUND,
)
from simulation.config import RegimeConfig
from simulation.policies.situation import Situation
from simulation.policies.tariffs import Terms

TINY = 1e-300
"""In place of nothing, to divide by."""
LEAST = 1e-9
"""Places, starts and parts of them below this are rounding."""
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR
EXPECTED_PAYMENT_GROUP = {
    "ib_esa": "esa_ex_ib",
    "lone_parent": "ib_is_volunteers",
    "other_benefit": "ib_is_volunteers",
    "no_benefit": "ib_is_volunteers",
}
"""Payment group a buyer reckons with for a client group; `jsa_25_plus` for all others."""


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another, at least 1: how often places are added."""
    return max(1, round((end - start).days / DAYS_PER_MONTH))


def prices_of(situation: Situation) -> np.ndarray:
    """Price of a start of each stage at each provider: its unit cost and `regime.mark_up`.

    Returns
    -------
    ndarray of int64, shape (n_providers, n_stages)
        Pence, rounded half to even.
    """
    factor = 1.0 + situation.config.mark_up
    return np.rint(situation.providers.unit_cost * factor).astype(np.int64)


def free_capacity(situation: Situation) -> np.ndarray:
    """Clients at a time each provider offers on a planning date; none once it has closed.

    Returns
    -------
    ndarray of float64, shape (n_providers,)
        People.
    """
    providers = situation.providers
    return np.where(providers.is_open, providers.capacity, 0).astype(np.float64)


class Pairs(NamedTuple):
    """Zones and the providers that work there, zone by zone and each zone's by row."""

    zone: np.ndarray
    """int64 (n_pairs,)."""
    provider: np.ndarray
    """int64 (n_pairs,)."""
    reach: np.ndarray
    """float64 (n_pairs,), share of the zone's wards, of those asked for, where it works."""


def pairs_of(situation: Situation, wards: np.ndarray) -> Pairs:
    """Return who works where in the wards given, bool (n_wards,).

    All that buyers weigh is held by pair, for few providers work in any one zone.
    """
    n_providers = situation.providers.quality.size
    provider, ward = situation.workplaces
    provider, ward = provider[wards[ward]], ward[wards[ward]]
    keys = situation.zone_of_ward[ward] * n_providers + provider
    keys, n_here = np.unique(keys, return_counts=True)
    zone, provider = np.divmod(keys, n_providers)
    n_wards = np.bincount(situation.zone_of_ward[wards], minlength=situation.need.shape[0])
    return Pairs(zone, provider, n_here / n_wards[zone])


def quality_of(
    situation: Situation, pairs: Pairs, wanted: np.ndarray, buyer: str | int
) -> np.ndarray:
    """Quality a buyer expects of each pair in each stage, for the groups wanted there.

    Who engages people is worth what their trust is, to the power `regime.trust_weight`.

    Parameters
    ----------
    situation : Situation
    pairs : Pairs
    wanted : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Weights of the groups.
    buyer : str or int
        As `Situation.believed` has them.

    Returns
    -------
    ndarray of float64, shape (n_pairs, n_stages)
        What is believed of it times its mean strength; 0 where nobody is wanted.
    """
    zone, provider = pairs.zone, pairs.provider
    group_strength, weight = situation.providers.group_strength, situation.config.trust_weight
    strength = np.einsum("pgk,pg->pk", wanted[zone], group_strength[provider])
    if situation.trust is not None and weight > 0.0:
        appeal = group_strength * situation.trust**weight
        strength[:, 0] = np.einsum("pg,pg->p", wanted[zone, :, 0], appeal[provider])
    total = wanted.sum(axis=1)[zone]
    strength = np.divide(strength, total, out=np.zeros_like(strength), where=total > 0)
    return situation.quality_for(buyer)[provider, None] * strength


def scores_of(
    situation: Situation,
    pairs: Pairs,
    wanted: np.ndarray,
    *,
    quality_weight: float,
    buyer: str | int,
) -> np.ndarray:
    """Score of each pair for each stage; 0 where it cannot deliver.

    reach x (quality^w / price^(1 - w))^selectivity, w the weight of quality; quality is what the
    buyer expects of the provider, times its strengths for groups weighted by what is wanted; price
    in GBP, a price of nothing counted as a penny.

    Parameters
    ----------
    situation : Situation
    pairs : Pairs
    wanted : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
    quality_weight : float
    buyer : str or int
        Whose belief counts, as `Situation.believed` has them.

    Returns
    -------
    ndarray of float64, shape (n_pairs, n_stages)
    """
    providers, power = situation.providers, situation.config.selectivity
    quality = quality_of(situation, pairs, wanted, buyer) ** (quality_weight * power)
    price = np.maximum(prices_of(situation), 1) / PENCE_PER_POUND
    price = price ** ((1.0 - quality_weight) * power)
    can = providers.stages & situation.can_be_chosen(buyer)[:, None]
    is_wanted = wanted.sum(axis=1) > 0
    may = can[pairs.provider] & is_wanted[pairs.zone]
    return pairs.reach[:, None] * (quality / price[pairs.provider]) * may


def shares_of(scores: np.ndarray, zone: np.ndarray, *, winners: int) -> np.ndarray:
    """Share of a zone's and stage's places for each pair: the best, in proportion to score.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_pairs, n_stages)
    zone : ndarray of int64, shape (n_pairs,)
        Ascending.
    winners : int
        How many at most; of equal scores the first goes first.

    Returns
    -------
    ndarray of float64, shape (n_pairs, n_stages)
        Sums to 1 over a zone, or 0 where nobody can deliver.
    """
    shares = np.zeros_like(scores)
    is_winning = np.arange(zone.size) - np.searchsorted(zone, zone) < winners
    for share, score in zip(shares.T, scores.T, strict=True):
        best = np.lexsort((-score, zone))[is_winning]
        share[best] = score[best]
    total = sums_by_zone(shares, zone)[zone]
    return np.divide(shares, total, out=shares, where=total > 0)


def sums_by_zone(values: np.ndarray, zone: np.ndarray) -> np.ndarray:
    """Return sums of values by pair, shape (n_pairs, n_stages), over the pairs of each zone."""
    sums = np.zeros((zone.max(initial=-1) + 1, values.shape[1]))
    np.add.at(sums, zone, values)
    return sums


def whole_scores(scores: np.ndarray, zone: np.ndarray, paid_stage: int) -> np.ndarray:
    """Score of pairs for whole journeys, as contracts by results ask for.

    Of those that deliver the stage on which payment begins, only those with the most stages of
    all in the zone count. Their score is the geometric mean over their stages of the score over
    the stage's best.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_pairs, n_stages)
    zone : ndarray of int64, shape (n_pairs,)
        Ascending.
    paid_stage : int

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
    """
    can = scores > 0
    n_stages = can.sum(axis=1) * can[:, paid_stage]
    n_zones = zone.max(initial=-1) + 1
    most, best = np.zeros(n_zones, np.int64), np.zeros((n_zones, N_STAGES))
    np.maximum.at(most, zone, n_stages)
    np.maximum.at(best, zone, scores)
    relative = np.divide(scores, best[zone], out=np.ones_like(scores), where=can)
    means = np.exp(np.log(relative).sum(axis=1) / np.maximum(n_stages, 1))
    return np.where((n_stages > 0) & (n_stages == most[zone]), means, 0.0)


def expected_fee_pence(terms: Terms, config: RegimeConfig) -> np.ndarray:
    """Return what a buyer expects to pay for a client under terms by results.

    attachment + `believed_job_share` x (job + `believed_sustained_share` x all sustainments).

    Returns
    -------
    ndarray of float64, shape (n_client_groups,)
        Pence, by the payment group in `EXPECTED_PAYMENT_GROUP`.
    """
    rows = [
        PAYMENT_GROUPS.index(EXPECTED_PAYMENT_GROUP.get(group, "jsa_25_plus"))
        for group in CLIENT_GROUPS
    ]
    sustained = np.asarray(terms.n_sustainment) * np.asarray(terms.sustainment_gbp)
    outcome = np.asarray(terms.job_gbp) + config.believed_sustained_share * sustained
    fee = np.asarray(terms.attachment_gbp) + config.believed_job_share * outcome
    return PENCE_PER_POUND * fee[rows]


def seen_need(situation: Situation, stream: FundingStream, terms: Terms) -> np.ndarray:
    """Need a stream sees when it looks at nothing but its own rules.

    Parameters
    ----------
    situation : Situation
    stream : FundingStream
    terms : Terms
        Groups for which they are mandatory are sent: those there and those who join in a year,
        `regime.believed_turnover` of them, none of whom may say no.

    Returns
    -------
    ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Starts a year, in people: need x the share it may help, in the stages it may buy.
    """
    need = situation.need.copy()
    sent = [CLIENT_GROUPS.index(name) for name in terms.mandatory]
    go_on = situation.expected.progression / max(situation.expected.progression[1], TINY)
    go_on[0] = 1.0
    referred = situation.people[:, sent] * (1.0 + situation.config.believed_turnover)
    need[:, sent] = referred[:, :, None] * go_on
    row = [each.name for each in situation.all_streams].index(stream.name)
    may_buy = np.zeros(N_STAGES)
    may_buy[list(stream.stages)] = 1.0
    return need * situation.eligible[row][:, :, None] * may_buy
