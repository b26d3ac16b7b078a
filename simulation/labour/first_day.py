"""What the tables do not say of each person on the first day, drawn person by person."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pandas as pd

from simulation.agents.columns import NO_CHILD, People, age_band
from simulation.agents.commuting import cumulated
from simulation.categories import (
    AGE_BAND_STARTS,
    AGE_LEAVES,
    N_BARRIERS,
    N_STATES,
    WEEKS_PER_YEAR,
    State,
)
from simulation.compile import kernel
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.inputs.shipped import CONF
from simulation.labour.benefits import child_age
from simulation.labour.linkage import chance_given, with_quantiles
from simulation.streams import Stream, Words, draw

SEEKERS = ["jsa", "seeking_no_benefit"]
POPULATION = int(Stream.POPULATION)
DURATIONS = int(Stream.DURATIONS)
ABILITIES = int(Stream.ABILITIES)
BARRIER_STREAM = int(Stream.BARRIERS)

BAND_STARTS = np.array([*AGE_BAND_STARTS, AGE_LEAVES]) * WEEKS_PER_YEAR
JSA_DURATIONS = np.array([13, 26, 52, 156])
"""Weeks under which claims for JSA of the first day have lasted, in four bands."""
N_BANDS, N_DURATIONS = len(AGE_BAND_STARTS), JSA_DURATIONS.size
LIVES = CONF / "population" / "lives.csv"


class Lives(NamedTuple):
    """What people of a steady market have been through; arrays of shape (n,) but for the first.

    They stand in groups (`group_of`), within a group in the order of age.
    """

    start: np.ndarray
    """int64 (n_groups + 1,), first life of each group."""
    age_weeks: np.ndarray
    weeks_in_state: np.ndarray
    weeks_since_job: np.ndarray
    workless_weeks: np.ndarray
    ability: np.ndarray
    """Before the shift of a home ward."""
    kept: np.ndarray
    """Employability over ability."""
    confidence: np.ndarray
    is_long_claim: np.ndarray
    has_worked: np.ndarray


class StartRates(NamedTuple):
    """Parameters of the first day."""

    jsa_duration: np.ndarray
    """float64 (4,), cumulative."""
    ward_ability: np.ndarray
    """float64 (n_wards,), shift of ability by home ward."""
    child_share: float
    lone_parent_share: float
    child_age: np.ndarray
    """float64 (4,), cumulative."""
    correlation: float
    """Of what lies behind health, qualification and barriers of one person."""
    barrier: np.ndarray
    """float64 (2, 8, 2), chances by whether out of work, as `linkage.with_quantiles`."""
    severe: np.ndarray
    """float64 (2,), chance of severe illness with an incapacity claim, likewise."""
    health: np.ndarray
    """float64 (2, 4, 2, 2), chances of no limit and of limiting at most by whether out of work and
    age band, likewise."""


def duration_of(state: np.ndarray, weeks_in_state: np.ndarray) -> np.ndarray:
    """Return the band of the length of a claim for JSA, 0 for all other states."""
    band = np.searchsorted(JSA_DURATIONS[:-1], weeks_in_state, "right")
    return np.where(state == State.JSA, band, 0)


def load_lives() -> Lives:
    """Return the shipped lives, `conf/population/lives.csv`."""
    table = pd.read_csv(LIVES)
    group = group_of(table["state"], table["duration"], table["age_band"])
    start = np.searchsorted(group, np.arange(N_STATES * N_DURATIONS * N_BANDS + 1))
    return Lives(start, *(table[name].to_numpy(copy=True) for name in Lives._fields[1:]))


@kernel(each=True)
def group_of(state, duration, band):
    """Return the group of lives of a state, band of the claim's length (JSA, else 0), age band."""
    return (state * N_DURATIONS + duration) * N_BANDS + band


def ward_factor(area: Area, states: list[str], exponent: float) -> np.ndarray:
    """Return each ward's ratio of people in some states to employed, over the area's ratio.

    Returns
    -------
    ndarray of float64, shape (n_wards,)
        To the power of `exponent`; one where the area or the ward has nobody in these states.
    """
    number = area.wards[states].sum(axis=1).to_numpy(np.float64)
    employed = area.wards["employed"].to_numpy(np.float64)
    ratio = number * employed.sum()
    mean = np.maximum(employed, 1.0) * number.sum()
    return np.divide(ratio, mean, out=np.ones(area.n_wards), where=ratio > 0) ** exponent


def ward_ability(area: Area, config: Config) -> np.ndarray:
    """Return the shift of ability by home ward, float64 (n_wards,)."""
    return -config.population.ability_by_ward * np.log(ward_factor(area, SEEKERS, 1.0))


def lasting_health(config: Config) -> np.ndarray:
    """Return the shares at which health stays as it is, cumulative but for severe.

    Returns
    -------
    ndarray of float64, shape (2, 4, 2)
        By whether out of work and age band.
    """
    ratio = np.array(config.people.health_worsens) / max(config.people.health_mends, 1e-9)
    ratio = np.stack([ratio, ratio * config.people.workless_health_factor])
    well = 1.0 / (1.0 + ratio + ratio * ratio)
    return np.stack([well, well * (1.0 + ratio)], axis=-1)


def start_rates(area: Area, config: Config) -> StartRates:
    """Return the parameters of the first day as arrays."""
    population, benefits = config.population, config.benefits
    return StartRates(
        jsa_duration=cumulated(population.jsa_duration),
        ward_ability=ward_ability(area, config),
        child_share=population.child_share,
        lone_parent_share=population.lone_parent_share,
        child_age=cumulated(population.child_age_weights),
        correlation=population.barrier_correlation,
        barrier=with_quantiles(
            np.outer([1.0, population.barrier_factor], population.barrier_share)
        ),
        severe=with_quantiles(benefits.illness_with_claim),
        health=with_quantiles(lasting_health(config)),
    )


@kernel(each=True)
def _live(
    people: People,
    row: int,
    band: int,
    age: float,
    claim: float,
    rates: StartRates,
    lives: Lives,
) -> None:
    """Give a person the life of somebody of the same state and about the same age.

    The uniform `age` leads to the place of both in their group, `claim` to how long a claim for
    JSA has lasted.
    """
    state = people.state[row]
    duration = 0
    if state == State.JSA:
        duration = int(np.searchsorted(rates.jsa_duration, claim, "right"))
    group = group_of(state, duration, band)
    first, last = lives.start[group], lives.start[group + 1]
    place = first + age * (last - first)
    life = int(place)
    older = lives.age_weeks[life + 1] if life + 1 < last else BAND_STARTS[band + 1]
    between = older - lives.age_weeks[life]
    people.age_weeks[row] = lives.age_weeks[life] + int((place - life) * between)
    people.weeks_in_state[row] = lives.weeks_in_state[life]
    people.weeks_since_job[row] = lives.weeks_since_job[life]
    people.workless_weeks[row] = lives.workless_weeks[life]
    people.sector[row] = 0 if lives.has_worked[life] else -1
    people.is_long_claim[row] = lives.is_long_claim[life]
    people.confidence[row] = lives.confidence[life]
    ability = lives.ability[life] + rates.ward_ability[people.ward[row]]
    people.ability[row] = min(max(ability, 0.0), 1.0)
    people.employability[row] = lives.kept[life] * people.ability[row]


@kernel(each=True)
def _family(people: People, row: int, words: Words, rates: StartRates) -> None:
    """Set the youngest child and lone parenthood."""
    age = people.age_weeks[row]
    people.child_weeks[row] = NO_CHILD
    if people.state[row] == State.LONE_PARENT:
        people.is_lone_parent[row] = True
        band = int(np.searchsorted(rates.child_age, words[0], "right"))
        people.child_weeks[row] = child_age(band, words[1])
    elif 25 * WEEKS_PER_YEAR <= age < 50 * WEEKS_PER_YEAR and words[0] < rates.child_share:
        people.child_weeks[row] = int(18 * WEEKS_PER_YEAR * words[1])
        people.is_lone_parent[row] = words[2] < rates.lone_parent_share


@kernel(each=True)
def _health(people: People, row: int, uniform: float, advantage: float, rates: StartRates) -> None:
    """Set health, which an incapacity claim says is not good."""
    if people.state[row] == State.IB_ESA:
        severe = chance_given(rates.severe, -advantage, rates.correlation)
        people.health[row] = 2 if uniform < severe else 1
        return
    is_workless = int(people.state[row] != State.EMPLOYED)
    band = age_band(people.age_weeks[row])
    people.health[row] = 0
    for health in range(2):
        chance = rates.health[is_workless, band, health]
        at_most = chance_given(chance, advantage, rates.correlation)
        people.health[row] += uniform >= at_most


@kernel(each=True)
def _barriers(
    people: People, row: int, seed: np.uint64, advantage: float, rates: StartRates
) -> None:
    """Draw each barrier; the workless carry more."""
    is_workless = int(people.state[row] != State.EMPLOYED)
    for barrier in range(N_BARRIERS):
        chance = chance_given(rates.barrier[is_workless, barrier], -advantage, rates.correlation)
        words = draw(seed, BARRIER_STREAM, 0, people.id[row], barrier)
        if words[0] < chance:
            people.barriers[row] |= np.uint8(1 << barrier)


@kernel(each=True)
def _bring_one(
    people: People,
    row: int,
    band: int,
    advantage: float,
    seed: np.uint64,
    rates: StartRates,
    lives: Lives,
) -> None:
    """Draw what the tables do not say of one person."""
    person = people.id[row]
    age = draw(seed, POPULATION, 0, person, 0)[0]
    claim = draw(seed, DURATIONS, 0, person, 0)[0]
    _live(people, row, band, age, claim, rates, lives)
    _family(people, row, draw(seed, ABILITIES, 0, person, 0), rates)
    _health(people, row, draw(seed, ABILITIES, 0, person, 1)[0], advantage, rates)
    _barriers(people, row, seed, advantage, rates)


@kernel(parallel=True)
def bring_to_first_day(
    people: People,
    band: np.ndarray,
    advantage: np.ndarray,
    seed: np.uint64,
    rates: StartRates,
    lives: Lives,
) -> None:
    """Draw what the tables do not say of each person.

    Parameters
    ----------
    people : People
    band : ndarray of int, shape (n,)
        Age bands.
    advantage : ndarray of float64, shape (n,)
        From `linkage.advantages`.
    seed : uint64
    rates : StartRates
    lives : Lives
    """
    for row in numba.prange(people.state.size):
        _bring_one(people, row, band[row], advantage[row], seed, rates, lives)
