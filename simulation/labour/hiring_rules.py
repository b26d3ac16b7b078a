"""The hiring rules: plug-ins that score the suitable applicants of a round."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulation.agents.columns import WEEKS_PER_YEAR
from simulation.config import HiringConfig
from simulation.errors import InputError


@dataclass(frozen=True)
class Applications:
    """Those who applied in a round, one row each; all arrays have shape (n,)."""

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


def _random(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Take any of the suitable (urn and balls: Butters 1977, Hall 1979)."""
    return np.log(applications.ticket / (1.0 - applications.ticket))


def _ranking(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Weigh suitability and `strength` x recency against chance.

    At strength 0 it is `random`, draw for draw; as strength grows suitability comes to count in
    full and recency above all, so that without bound it is the pure inverse queue. Source:
    Blanchard and Diamond 1994, Ranking, unemployment duration, and wages.
    """
    if math.isinf(hiring.strength):
        return applications.ticket - applications.weeks_since_job
    recency = np.exp(-applications.weeks_since_job / hiring.recency_weeks)
    fit = hiring.strength / (1.0 + hiring.strength) * applications.suitability
    return _random(applications, hiring) + (fit + hiring.strength * recency)


def _stigma(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Penalise only long spells, only in jobs of low and medium skill (Eriksson, Rooth 2014)."""
    is_long = applications.weeks_since_job >= hiring.stigma_weeks
    is_low = applications.level < hiring.stigma_below_level
    fit = hiring.selectivity * applications.suitability
    return _random(applications, hiring) + (fit - hiring.stigma_penalty * (is_long & is_low))


def _screening(applications: Applications, hiring: HiringConfig) -> np.ndarray:
    """Read duration as a signal, the weaker the more applicants there are for each vacancy.

    Source: Kroft, Lange and Notowidigdo 2013: in slack markets duration says less of a person.
    """
    weight = hiring.screening_strength / np.maximum(applications.slack, 1.0)
    years = applications.weeks_since_job / WEEKS_PER_YEAR
    fit = hiring.selectivity * applications.suitability
    return _random(applications, hiring) + (fit - weight * np.log1p(years))


RULES: dict[str, Rule] = {
    "random": _random,
    "ranking": _ranking,
    "stigma": _stigma,
    "screening": _screening,
    "stock_flow": _random,
}
"""The rules by name; a rule of your own is added with `register`."""

STOCK_MEETS_NEW = {"stock_flow"}
"""Rules under which those who searched before see only this week's vacancies (Coles, Smith
1998)."""


def register(name: str, rule: Rule) -> None:
    """Add a hiring rule: a function from `Applications` and the config to scores, shape (n,).

    Raises
    ------
    InputError
        If the name is taken.
    """
    if name in RULES:
        raise InputError(f"hiring rule {name!r} exists already; give yours another name")
    RULES[name] = rule


def rule_named(name: str) -> Rule:
    """Return a hiring rule.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    if name not in RULES:
        raise InputError(f"hiring.rule {name!r} is unknown; allowed: {', '.join(sorted(RULES))}")
    return RULES[name]


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
