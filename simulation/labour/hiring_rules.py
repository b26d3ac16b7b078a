"""The hiring rules: functions from `Applications` and the config to scores, float64 (n,)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulation import register
from simulation.categories import WEEKS_PER_YEAR
from simulation.config import HiringConfig
from simulation.errors import InputError


@dataclass(frozen=True)
class Applications:
    """Those judged in a round, suitable or not, one row each; all arrays have shape (n,)."""

    suitability: np.ndarray
    """float64, log odds: fit and the impression of this interview."""
    weeks_since_job: np.ndarray
    """float64, 0 for the employed."""
    level: np.ndarray
    """int64, skill level of the job, 0 to 4."""
    slack: np.ndarray
    """float64, smoothed applications per opening where the job is."""
    ticket: np.ndarray
    """float64 in (0, 1), the applicant's own number for ties."""


Rule = Callable[[Applications, HiringConfig], np.ndarray]


@register.hiring_rule("random")
def random(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Take any of the suitable (urn and balls: Butters 1977, Hall 1979)."""
    return np.log(applications.ticket / (1.0 - applications.ticket))


@register.hiring_rule("ranking")
def ranking(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Weigh suitability and `strength` x recency against chance.

    At strength 0 it is `random`, draw for draw; as strength grows suitability comes to count in
    full and recency above all, so that without bound it is the pure inverse queue. Source:
    Blanchard and Diamond 1994, Ranking, unemployment duration, and wages.
    """
    if math.isinf(hiring.strength):
        return applications.ticket - applications.weeks_since_job
    recency = np.exp(-applications.weeks_since_job / hiring.recency_weeks)
    fit = hiring.strength / (1.0 + hiring.strength) * applications.suitability
    return random(applications, hiring) + (fit + hiring.strength * recency)


@register.hiring_rule("stigma")
def stigma(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Penalise only long spells, only in jobs of low and medium skill (Eriksson, Rooth 2014)."""
    is_long = applications.weeks_since_job >= hiring.stigma_weeks
    is_low = applications.level < hiring.stigma_below_level
    fit = hiring.selectivity * applications.suitability
    return random(applications, hiring) + (fit - hiring.stigma_penalty * (is_long & is_low))


@register.hiring_rule("screening")
def screening(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Read duration as a signal, the weaker the more applicants there are for each vacancy.

    Source: Kroft, Lange and Notowidigdo 2013: in slack markets duration says less of a person.
    """
    weight = hiring.screening_strength / np.maximum(applications.slack, 1.0)
    years = applications.weeks_since_job / WEEKS_PER_YEAR
    fit = hiring.selectivity * applications.suitability
    return random(applications, hiring) + (fit - weight * np.log1p(years))


register.hiring_rule("stock_flow")(random)  # told apart by whom it lets apply

STOCK_MEETS_NEW = {"stock_flow"}
"""Rules under which those who searched before see only this week's vacancies (Coles, Smith
1998)."""


def rule_named(name: str) -> Rule:
    """Return a hiring rule, shipped or registered.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    return register.HIRING_RULES.named(name)


def scores_of(rule: Rule, applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Return what a rule makes of applications, float64 (n,).

    Raises
    ------
    InputError
        If a rule of the user's own returns anything but one finite number an applicant.
    """
    scores = rule(applications, hiring)
    if register.is_shipped(rule):
        return scores
    found, wanted = np.asarray(scores), applications.ticket.shape
    if found.shape != wanted or found.dtype.kind not in "iuf":
        got = f"{type(scores).__name__} of {found.dtype} {found.shape}"
    elif not np.isfinite(found).all():
        got = str(found[~np.isfinite(found)][0])
    else:
        return found.astype(np.float64)
    raise InputError(
        f"hiring rule {hiring.rule!r} must return one finite number an applicant, float64"
        f" {wanted}, got {got}"
    )


def least_suitability(slack: np.ndarray, hiring: HiringConfig) -> np.ndarray:
    """Return the suitability below which a vacancy takes nobody; it rises with long queues.

    Parameters
    ----------
    slack : ndarray of float64, shape (n,)
        Smoothed applications per opening where the job is.
    hiring : HiringConfig

    Returns
    -------
    ndarray of float64, shape (n,)
        Log odds.
    """
    return hiring.reservation + hiring.reservation_slack * np.log(np.maximum(slack, 1.0))
