"""The provider market as a buyer sees it: prices, reach, scores, what a start costs."""

from __future__ import annotations

from datetime import date

import numpy as np

from simulation.agents.contracts import FundingStream
from simulation.categories import (
    CLIENT_GROUPS,
    MONTHS_PER_YEAR,
    N_STAGES,
    PAYMENT_GROUPS,
    PENCE_PER_POUND,
)
from simulation.config import RegimeConfig
from simulation.policies.situation import Situation
from simulation.policies.tariffs import Terms

TINY = 1e-300
TAKEN = -1.0
"""Below every score: who has been counted among the best already."""
DAYS_PER_MONTH = 365.25 / MONTHS_PER_YEAR
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


def reach_of(situation: Situation, wards: np.ndarray) -> np.ndarray:
    """Share of a zone's wards, of those given, where each provider works.

    Parameters
    ----------
    situation : Situation
    wards : ndarray of bool, shape (n_wards,)

    Returns
    -------
    ndarray of float64, shape (n_zones, n_providers)
        0 in a zone without any of the wards.
    """
    n_zones, n_providers = situation.need.shape[0], situation.providers.quality.size
    reach = np.zeros((n_zones, n_providers))
    for zone in range(n_zones):
        inside = np.flatnonzero(wards & (situation.zone_of_ward == zone))
        if inside.size:
            reach[zone] = situation.providers.wards[:, inside].sum(axis=1) / inside.size
    return reach


def quality_of(situation: Situation, wanted: np.ndarray, buyer: str | int) -> np.ndarray:
    """Quality a buyer expects in each zone and stage of each provider, for the groups wanted.

    Who engages people is worth what their trust is, to the power `regime.trust_weight`.

    Parameters
    ----------
    situation : Situation
    wanted : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Weights of the groups.
    buyer : str or int
        As `Situation.believed` has them.

    Returns
    -------
    ndarray of float64, shape (n_zones, n_stages, n_providers)
        What is believed of it times its mean strength; 0 where nobody is wanted.
    """
    total = wanted.sum(axis=1)[:, :, None]
    group_strength, weight = situation.providers.group_strength, situation.config.trust_weight
    strength = np.einsum("zgk,pg->zkp", wanted, group_strength)
    if situation.trust is not None and weight > 0.0:
        appeal = group_strength * situation.trust**weight
        strength[:, 0] = np.einsum("zg,pg->zp", wanted[:, :, 0], appeal)
    strength = np.divide(strength, total, out=np.zeros_like(strength), where=total > 0)
    return situation.quality_for(buyer) * strength


def scores_of(
    situation: Situation,
    wanted: np.ndarray,
    wards: np.ndarray,
    *,
    quality_weight: float,
    buyer: str | int,
) -> np.ndarray:
    """Score of each provider for each zone and stage; 0 where it cannot deliver.

    reach x (quality^w / price^(1 - w))^selectivity, w the weight of quality; quality is what the
    buyer expects of the provider, times its strengths for groups weighted by what is wanted; price
    in GBP, a price of nothing counted as a penny.

    Parameters
    ----------
    situation : Situation
    wanted : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
    wards : ndarray of bool, shape (n_wards,)
    quality_weight : float
    buyer : str or int
        Whose belief counts, as `Situation.believed` has them.

    Returns
    -------
    ndarray of float64, shape (n_zones, n_stages, n_providers)
    """
    providers, power = situation.providers, situation.config.selectivity
    quality = quality_of(situation, wanted, buyer)
    price = np.maximum(prices_of(situation), 1) / PENCE_PER_POUND
    value = quality ** (quality_weight * power) / price.T ** ((1.0 - quality_weight) * power)
    can = providers.stages.T & situation.can_be_chosen(buyer)
    is_wanted = wanted.sum(axis=1)[:, :, None] > 0
    return reach_of(situation, wards)[:, None, :] * value * (can & is_wanted)


def shares_of(scores: np.ndarray, is_free: np.ndarray, *, winners: int) -> np.ndarray:
    """Share of a zone's and stage's places for each provider: the best, in proportion to score.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_zones, n_stages, n_providers)
    is_free : ndarray of bool, shape (n_providers,)
    winners : int
        How many at most; of equal scores the lower row goes first.

    Returns
    -------
    ndarray of float64, shape (n_zones, n_stages, n_providers)
        Sums to 1 over providers, or 0 where nobody can deliver.
    """
    left, shares = np.where(is_free, scores, 0.0), np.zeros_like(scores)
    for _ in range(min(winners, scores.shape[2])):
        best = left.argmax(axis=2, keepdims=True)
        np.put_along_axis(shares, best, np.take_along_axis(left, best, axis=2), axis=2)
        np.put_along_axis(left, best, TAKEN, axis=2)
    total = shares.sum(axis=2, keepdims=True)
    return np.divide(shares, total, out=shares, where=total > 0)


def whole_scores(scores: np.ndarray, paid_stage: int) -> np.ndarray:
    """Score of providers for whole journeys, as contracts by results ask for.

    Of those that deliver the stage on which payment begins, only those with the most stages of
    all in the zone count. Their score is the geometric mean over their stages of the score over
    the stage's best.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_zones, n_stages, n_providers)
    paid_stage : int

    Returns
    -------
    ndarray of float64, shape (n_zones, n_providers)
    """
    can = scores > 0
    n_stages = can.sum(axis=1) * can[:, paid_stage]
    is_whole = (n_stages > 0) & (n_stages == n_stages.max(axis=1, keepdims=True))
    best = scores.max(axis=2, keepdims=True)
    relative = np.divide(scores, best, out=np.ones_like(scores), where=can)
    means = np.exp(np.log(relative).sum(axis=1) / np.maximum(n_stages, 1))
    return np.where(is_whole, means, 0.0)


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
