"""The closure: how many jobs employers want answers to how easily they find people.

A market is a skill level in a travel-to-work zone. Its *ease of hiring* is hires per opening and
week, smoothed. Where it is easier than in the reference world, the same people and luck without
any support, employers come to want more jobs there; where it is harder, fewer. Without support
nothing moves, and history is what it was. See docs/closure.md.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from simulation.agents.columns import Jobs
from simulation.agents.commuting import Commuting
from simulation.categories import LEVELS, N_LEVELS
from simulation.compile import kernel
from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.labour.zones import commuters_between, zones_of

COLUMNS = ["week", "district", "level", "openings", "hires", "factor"]
INTEGRAL_RESPONSE = 0.1
"""With an answer without bound, by how much of the difference it goes on each half-life."""


@kernel
def openings_by_place(jobs: Jobs, held: np.ndarray, n_wards: int) -> np.ndarray:
    """Return openings by work ward and level, int64 (n_wards, 5).

    `held` are the cells of openings held for somebody, int64, which count too.
    """
    table = np.zeros((n_wards, N_LEVELS), np.int64)
    for cell in range(jobs.openings.size):
        if jobs.openings[cell] > 0:
            table[jobs.ward[cell // N_LEVELS], cell % N_LEVELS] += jobs.openings[cell]
    for cell in held:
        table[jobs.ward[cell // N_LEVELS], cell % N_LEVELS] += 1
    return table


def response_of(
    demand_elasticity: float,
    recruiting_share: float,
    wage_curve: float,
    hires_elasticity: float,
) -> float:
    """Return the response of jobs to ease of hiring that follows from estimates of its parts.

    Parameters
    ----------
    demand_elasticity : float
        Of labour demand to its cost, without sign.
    recruiting_share : float
        Share of recruiting in the cost of labour.
    wage_curve : float
        Elasticity of new hires' pay to tightness; 0 where pay is rigid.
    hires_elasticity : float
        Of hires to applications.
    """
    return demand_elasticity * (recruiting_share + wage_curve / hires_elasticity)


class Closure:
    """What is seen of hiring, and the factor on jobs wanted that follows from it.

    Parameters
    ----------
    config : Config
    area : Area
    commuting : Commuting
    has_support : bool
        Whether anybody can be helped in this run.

    Attributes
    ----------
    by_ward : ndarray of float64, shape (n_wards, 5)
        The week's factor on jobs wanted by work ward and level.
    zone : ndarray of int64, shape (n_wards,)
        The travel-to-work zone of each ward.
    needs_reference : bool
        Whether `follow` has to be called before the first week.
    """

    RESIZED = ("_seen", "_factor")
    STATE = (*RESIZED, "_ease", "_reference_ease", "_log_factor", "by_ward")

    def __init__(
        self, config: Config, area: Area, commuting: Commuting, *, has_support: bool
    ) -> None:
        rules = config.closure
        self._response = rules.response
        self.needs_reference = rules.response > 0 and has_support
        names, self._district = np.unique(area.wards["district"].astype(str), return_inverse=True)
        self._names, self._weight = names, config.people_per_agent
        between = commuters_between(area, commuting)
        self._zone = zones_of(between, rules.self_containment)
        self.zone = self._zone[self._district]
        self._speed = 1.0 - 0.5 ** (1.0 / rules.half_life_weeks)
        self._forgets = 1.0 - 0.5 ** (1.0 / rules.memory_weeks)
        self._seen = np.zeros((config.weeks, 2, names.size, N_LEVELS), np.int32)
        shape = (config.weeks, names.size, N_LEVELS)
        self._factor = np.ones(shape) if self.needs_reference else np.broadcast_to(1.0, shape)
        n_zones = int(self._zone.max()) + 1
        self._is_in_zone = (self._zone == np.arange(n_zones)[:, None]).astype(np.float64)
        self._ease = np.zeros((2, n_zones, N_LEVELS))
        self._log_factor = np.zeros((n_zones, N_LEVELS))
        self._reference: np.ndarray | None = None
        self._reference_ease = np.zeros_like(self._ease)
        self.by_ward = np.ones((area.n_wards, N_LEVELS))

    @property
    def is_following(self) -> bool:
        """Whether there is a reference world to compare with."""
        return self._reference is not None

    def follow(self, reference: pd.DataFrame) -> None:
        """Answer from now on to the difference from a run without support.

        Parameters
        ----------
        reference : DataFrame
            As `table` gives it, for the same area, seed, economy and people an agent, and at least
            as many weeks.

        Raises
        ------
        InputError
            If it is of another area, shorter, or of more or fewer people an agent.
        """
        rows = len(self._names) * N_LEVELS
        whole = reference.sort_values(["week", "district", "level"], kind="stable")
        districts = sorted(set(whole["district"].astype(str)))
        counts = whole[["openings", "hires"]].to_numpy(np.int64)[: rows * len(self._seen)]
        is_alike = districts == list(self._names) and len(counts) == rows * len(self._seen)
        if not is_alike or np.any(counts % self._weight):
            raise InputError(
                "the reference world is of another area or people_per_agent, or has fewer weeks"
            )
        shape = (len(self._seen), len(self._names), N_LEVELS, 2)
        self._reference = counts.reshape(shape).transpose(0, 3, 1, 2) // self._weight

    def begin_week(self, week: int) -> None:
        """Set the week's factor from what was seen before it."""
        if not self.needs_reference:
            return
        if week > 0:
            self._remember_week(week - 1)
            self._answer(easier(self._ease, self._reference_ease))
        of_district = np.exp(self._log_factor)[self._zone]
        self._factor[week] = of_district
        self.by_ward[:] = of_district[self._district]

    def catch_up(self, week: int) -> None:
        """Remember the weeks before one, in which this world was the reference world."""
        if self.needs_reference:
            for each in range(week - 1):
                self._remember_week(each)

    def _remember_week(self, week: int) -> None:
        """Smooth what was seen in a week, in both worlds."""
        assert self._reference is not None
        self._remember(self._ease, self._seen[week])
        self._remember(self._reference_ease, self._reference[week])

    def _remember(self, ease: np.ndarray, seen: np.ndarray) -> None:
        """Smooth openings and hires of the markets."""
        of_zone = self._is_in_zone @ seen
        ease += self._forgets * (of_zone - ease)

    def _answer(self, easier: np.ndarray) -> None:
        """Move the logarithm of the factors to where it is going."""
        if math.isinf(self._response):
            self._log_factor += self._speed * INTEGRAL_RESPONSE * easier
        else:
            self._log_factor += self._speed * (self._response * easier - self._log_factor)

    def see_round(self, week: int, before: np.ndarray, after: np.ndarray) -> None:
        """Count openings before a round of hiring, and hires: those there are no longer.

        Parameters
        ----------
        week : int
        before, after : ndarray of int64, shape (n_wards, 5)
        """
        np.add.at(self._seen[week, 0], self._district, before)
        np.add.at(self._seen[week, 1], self._district, before - after)

    def table(self) -> pd.DataFrame:
        """Return week, district, level, openings, hires (people) and factor, a market a row."""
        n_weeks, _, n_districts, _ = self._seen.shape
        n = n_districts * N_LEVELS
        return pd.DataFrame(
            {
                "week": np.repeat(np.arange(n_weeks, dtype=np.int32), n),
                "district": pd.Categorical.from_codes(
                    np.tile(np.repeat(np.arange(n_districts), N_LEVELS), n_weeks),
                    categories=pd.Index(self._names),
                ),
                "level": np.tile(np.array(LEVELS, dtype=np.int8), n_weeks * n_districts),
                "openings": self._seen[:, 0].ravel().astype(np.int64) * self._weight,
                "hires": self._seen[:, 1].ravel().astype(np.int64) * self._weight,
                "factor": self._factor.ravel(),
            }
        )


def easier(ease: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return by how much hiring is easier than in the reference world, log points (n_zones, 5).

    One opening filled at the zone's pace is added to every market of both worlds, so that small
    markets do not jump and empty ones say nothing.

    Parameters
    ----------
    ease, reference : ndarray of float64, shape (2, n_zones, 5)
        Smoothed openings and hires.
    """
    openings, hires = reference.sum(axis=2, keepdims=True)
    is_hiring = hires > 0.0
    pace = np.divide(hires, openings, out=np.ones(hires.shape), where=is_hiring)
    own = (ease[1] + pace) / (ease[0] + 1.0)
    theirs = (reference[1] + pace) / (reference[0] + 1.0)
    return np.where(is_hiring, np.log(own / theirs), 0.0)
