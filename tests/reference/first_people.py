"""What each person brings to the first day, drawn again one by one (docs/ODD.md section 5)."""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import NormalDist
from typing import Any, NamedTuple

from simulation.categories import AGE_BAND_STARTS, AGE_LEAVES, BARRIERS, State
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.inputs.shipped import CONF
from simulation.streams import Stream

from .chance import WEEKS_PER_YEAR, Dice, cumulative, searched
from .surroundings import ward_factors

AGE_LIMITS = (*AGE_BAND_STARTS, AGE_LEAVES)
AS_LIVED = (
    "weeks_in_state",
    "weeks_since_job",
    "workless_weeks",
    "confidence",
    "is_long_claim",
)
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


def read_lives() -> dict[tuple[int, int, int], list[dict[str, float]]]:
    """Return the lives of the file, by state, length of a claim and age band, in its order."""
    lives: dict[tuple[int, int, int], list[dict[str, float]]] = {}
    with (CONF / "population" / "lives.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            life = {name: float(value) for name, value in row.items()}
            key = (int(life["state"]), int(life["duration"]), int(life["age_band"]))
            lives.setdefault(key, []).append(life)
    return lives


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
        self.lives = read_lives()

    def draw(self, known: Known) -> dict[str, Any]:
        """Return what docs/ODD.md steps 2 to 7 give a person, by attribute."""
        person = self._life(known)
        person |= self._family(known, person["age_weeks"])
        advantage = self._advantage(known)
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

    def _life(self, known: Known) -> dict[str, Any]:
        u_age = self.dice.roll(Stream.POPULATION, 0, known.number)[0]
        duration = 0
        if known.state is State.JSA:
            u_duration = self.dice.roll(Stream.DURATIONS, 0, known.number)[0]
            duration = searched(cumulative(self.population.jsa_duration), u_duration)
        group = self.lives[int(known.state), duration, known.age_band]
        place = u_age * len(group)
        life = group[int(place)]
        ages = [each["age_weeks"] for each in group]
        ages.append(WEEKS_PER_YEAR * AGE_LIMITS[known.age_band + 1])
        age, older = ages[int(place) : int(place) + 2]
        fall = self.population.ability_by_ward * math.log(self.seekers[known.ward])
        ability = min(max(life["ability"] - fall, 0.0), 1.0)
        return {
            "age_weeks": int(age) + int((place - int(place)) * (older - age)),
            "ability": ability,
            "employability": life["kept"] * ability,
            "never_worked": life["has_worked"] == 0,
            **{name: life[name] for name in AS_LIVED},
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
