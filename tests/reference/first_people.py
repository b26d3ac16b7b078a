"""What each person brings to the first day, drawn again one by one (docs/ODD.md section 5)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import NormalDist
from typing import Any, NamedTuple

from simulation.categories import AGE_BAND_STARTS, AGE_LEAVES, BARRIERS, State
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.streams import Stream

from .chance import WEEKS_PER_YEAR, Dice, cumulative, searched
from .person import START_OF_WORK
from .surroundings import ward_factors

AGE_LIMITS = (*AGE_BAND_STARTS, AGE_LEAVES)
JSA_WEEKS = (0, 13, 26, 52, 156)
CHILD_YEARS = (0, 5, 10, 12, 16)
NORMAL = NormalDist()
SEEKERS = (State.JSA, State.SEEKING_NO_BENEFIT)


class Known(NamedTuple):
    """What the fit says of a person."""

    number: int
    ward: int
    state: State
    age_band: int
    qualification: int


class FirstPeople:
    """Draws people's first day.

    Parameters
    ----------
    config : Config
    area : Area
    seed : int
    everyone : iterable of Known
    """

    def __init__(self, config: Config, area: Area, seed: int, everyone: Iterable[Known]) -> None:
        self.qualifications = defaultdict(Counter)
        for known in everyone:
            self.qualifications[known.state, known.age_band][known.qualification] += 1
        self.population, self.benefits = config.population, config.benefits
        self.changes = config.people
        self.dice = Dice(seed)
        self.seekers = ward_factors(area, SEEKERS, 1.0)

    def draw(self, known: Known) -> dict[str, Any]:
        """Return what docs/ODD.md steps 2 to 7 give a person, by attribute."""
        first, last = AGE_LIMITS[known.age_band : known.age_band + 2]
        u_age = self.dice.roll(Stream.POPULATION, 0, known.number)[0]
        age = WEEKS_PER_YEAR * first + int(u_age * (last - first) * WEEKS_PER_YEAR)
        person = {"age_weeks": age, **self._time_in_state(known, age - START_OF_WORK)}
        person |= self._time_out_of_work(known, age - START_OF_WORK, person["weeks_in_state"])
        person |= self._family(known, age)
        advantage = self._advantage(known)
        person |= self._ability(known, age - START_OF_WORK, person)
        person["health"] = self._health(known, advantage)
        return person | {"barriers": self._barriers(known, advantage)}

    def _advantage(self, known: Known) -> float:
        """Return the factor behind health and barriers, given the qualification."""
        linkage = self.population.barrier_correlation
        people = self.qualifications[known.state, known.age_band]
        below = sum(n for level, n in people.items() if level < known.qualification)
        u_own, u_rest, _, _ = self.dice.roll(Stream.BARRIERS, 0, known.number, len(BARRIERS))
        rank = (below + u_own * people[known.qualification]) / people.total()
        own, rest = NORMAL.inv_cdf(rank), NORMAL.inv_cdf(u_rest)
        return math.sqrt(linkage) * own + math.sqrt(1.0 - linkage) * rest

    def _given(self, chance: float, factor: float) -> float:
        """Return a chance for who has a factor that favours it."""
        linkage = self.population.barrier_correlation
        if not linkage or not 0.0 < chance < 1.0:
            return chance
        shifted = NORMAL.inv_cdf(chance) + math.sqrt(linkage) * factor
        return NORMAL.cdf(shifted / math.sqrt(1.0 - linkage))

    def _time_in_state(self, known: Known, adult: int) -> dict[str, Any]:
        u_kind, u_length, _, _ = self.dice.roll(Stream.DURATIONS, 0, known.number)
        population, is_long = self.population, False
        if known.state is State.JSA:
            band = searched(cumulative(population.jsa_duration), u_kind)
            low, high = JSA_WEEKS[band : band + 2]
            return {"weeks_in_state": min(low + int(u_length * (high - low)), adult)}
        if known.state is State.EMPLOYED:
            mean = population.tenure_weeks[int(u_kind >= population.tenure_new_share)]
        elif known.state is State.IB_ESA:
            is_long = u_kind < self._share_of_long_claims()
            short = WEEKS_PER_YEAR / self.benefits.ib_short_rate
            mean = population.ib_long_weeks if is_long else short
        else:
            mean = {
                State.LONE_PARENT: population.lone_parent_weeks,
                State.OTHER_BENEFIT: population.other_weeks,
                State.SEEKING_NO_BENEFIT: population.seeking_weeks,
                State.INACTIVE_NO_BENEFIT: population.inactive_weeks,
            }[known.state]
        weeks = int(-mean * math.log(u_length))
        return {"weeks_in_state": min(weeks, adult), "is_long_claim": is_long}

    def _share_of_long_claims(self) -> float:
        long = self.benefits.ib_long_share / self.benefits.ib_long_rate
        short = (1.0 - self.benefits.ib_long_share) / self.benefits.ib_short_rate
        return long / (long + short)

    def _time_out_of_work(self, known: Known, adult: int, spell: int) -> dict[str, Any]:
        u_before, _, u_gap, u_life = self.dice.roll(Stream.DURATIONS, 0, known.number, 1)
        if known.state is State.EMPLOYED:
            return {"weeks_since_job": 0, "workless_weeks": int(0.15 * u_life * adult)}
        gap = 0
        if known.state in SEEKERS and u_before < self.population.p_from_inactivity:
            gap = int(-self.population.inactive_weeks * math.log(u_gap))
        since_job = min(spell + gap, adult)
        lifetime = min(since_job + int(0.3 * u_life * adult), adult)
        return {
            "weeks_since_job": since_job,
            "workless_weeks": lifetime,
            "never_worked": spell + gap >= adult,
        }

    def _family(self, known: Known, age: int) -> dict[str, Any]:
        u_child, u_age, u_lone, _ = self.dice.roll(Stream.ABILITIES, 0, known.number)
        if known.state is State.LONE_PARENT:
            band = searched(cumulative(self.population.child_age_weights), u_child)
            low, high = (WEEKS_PER_YEAR * years for years in CHILD_YEARS[band : band + 2])
            return {"child_weeks": low + int(u_age * (high - low)), "is_lone_parent": True}
        is_of_age = 25 <= age / WEEKS_PER_YEAR < 50
        if not is_of_age or u_child >= self.population.child_share:
            return {"child_weeks": -1, "is_lone_parent": False}
        is_lone = u_lone < self.population.lone_parent_share
        return {"child_weeks": int(936 * u_age), "is_lone_parent": is_lone}

    def _ability(self, known: Known, adult: int, person: dict[str, Any]) -> dict[str, Any]:
        u_ability = self.dice.roll(Stream.ABILITIES, 0, known.number, 1)[1]
        mean = self.population.ability[known.state]
        mean -= self.population.ability_by_ward * math.log(self.seekers[known.ward])
        shift = self.population.ability_spread * (2.0 * u_ability - 1.0)
        employability = min(max(mean + shift, 0.0), 1.0)
        changes = self.changes
        if known.state is State.EMPLOYED:
            confidence = 1.0
            kept = 1.0 - changes.scarring * person["workless_weeks"] / max(adult, 1)
        else:
            confidence = 0.5 ** (person["weeks_since_job"] / changes.half_life_weeks)
            kept = changes.employability_floor * (1.0 - confidence) + confidence
        ability = min(employability / kept, 1.0)
        return {
            "employability": employability,
            "ability": ability,
            "confidence": confidence,
        }

    def _health(self, known: Known, advantage: float) -> int:
        uniform = self.dice.roll(Stream.ABILITIES, 0, known.number, 1)[0]
        if known.state is State.IB_ESA:
            is_severe = uniform < self._given(self.benefits.illness_with_claim, -advantage)
            return 2 if is_severe else 1
        return searched([self._given(each, advantage) for each in self._health_by(known)], uniform)

    def _health_by(self, known: Known) -> list[float]:
        """Return the cumulative shares in which health neither gets better nor worse."""
        ratio = self.changes.health_worsens[known.age_band] / self.changes.health_mends
        if known.state is not State.EMPLOYED:
            ratio *= self.changes.workless_health_factor
        return cumulative([1.0, ratio, ratio**2])

    def _barriers(self, known: Known, advantage: float) -> int:
        is_employed = known.state is State.EMPLOYED
        factor = 1.0 if is_employed else self.population.barrier_factor
        return sum(
            1 << barrier
            for barrier in range(len(BARRIERS))
            if self.dice.roll(Stream.BARRIERS, 0, known.number, barrier)[0]
            < self._given(factor * self.population.barrier_share[barrier], -advantage)
        )
