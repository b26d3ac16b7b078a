"""What the tables do not say of each person on the first day, drawn person by person."""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.columns import NO_CHILD, People, age_band
from simulation.categories import (
    AGE_BAND_STARTS,
    AGE_LEAVES,
    N_BARRIERS,
    N_STATES,
    START_WEEKS,
    WEEKS_PER_YEAR,
    State,
)
from simulation.compile import kernel
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.labour.linkage import chance_given, with_quantiles
from simulation.streams import Stream, Words, draw

SEEKERS = ["jsa", "seeking_no_benefit"]
POPULATION = int(Stream.POPULATION)
DURATIONS = int(Stream.DURATIONS)
ABILITIES = int(Stream.ABILITIES)
BARRIER_STREAM = int(Stream.BARRIERS)

BAND_STARTS = np.array([*AGE_BAND_STARTS, AGE_LEAVES]) * WEEKS_PER_YEAR
JSA_DURATION_BANDS = np.array([0, 13, 26, 52, 156])
CHILD_AGE_BANDS = np.array([0, 5, 10, 12, 16]) * WEEKS_PER_YEAR


class StartRates(NamedTuple):
    """Parameters of the first day."""

    jsa_duration: np.ndarray
    """float64 (4,), cumulative."""
    mean_weeks: np.ndarray
    """float64 (7,), mean time in state, by state, where it is exponential."""
    p_from_inactivity: float
    tenure_new_share: float
    tenure_weeks: np.ndarray
    """float64 (2,)."""
    long_stock_share: float
    ib_mean_weeks: np.ndarray
    """float64 (2,), mean time on a short and a long claim."""
    ability: np.ndarray
    """float64 (7,)."""
    ward_ability: np.ndarray
    """float64 (n_wards,), shift of employability by home ward."""
    ability_spread: float
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
    half_life_weeks: float
    floor: float
    scarring: float


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
    mean_weeks = np.zeros(N_STATES)
    mean_weeks[State.LONE_PARENT] = population.lone_parent_weeks
    mean_weeks[State.OTHER_BENEFIT] = population.other_weeks
    mean_weeks[State.SEEKING_NO_BENEFIT] = population.seeking_weeks
    mean_weeks[State.INACTIVE_NO_BENEFIT] = population.inactive_weeks
    long_stock = benefits.ib_long_share / max(benefits.ib_long_rate, 1e-9)
    short_stock = (1.0 - benefits.ib_long_share) / max(benefits.ib_short_rate, 1e-9)
    return StartRates(
        jsa_duration=np.cumsum(population.jsa_duration) / np.sum(population.jsa_duration),
        mean_weeks=mean_weeks,
        p_from_inactivity=population.p_from_inactivity,
        tenure_new_share=population.tenure_new_share,
        tenure_weeks=np.array(population.tenure_weeks),
        long_stock_share=long_stock / (long_stock + short_stock),
        ib_mean_weeks=np.array(
            [WEEKS_PER_YEAR / max(benefits.ib_short_rate, 1e-9), population.ib_long_weeks]
        ),
        ability=np.array(population.ability),
        ward_ability=ward_ability(area, config),
        ability_spread=population.ability_spread,
        child_share=population.child_share,
        lone_parent_share=population.lone_parent_share,
        child_age=np.cumsum(population.child_age_weights) / np.sum(population.child_age_weights),
        correlation=population.barrier_correlation,
        barrier=with_quantiles(
            np.outer([1.0, population.barrier_factor], population.barrier_share)
        ),
        severe=with_quantiles(benefits.illness_with_claim),
        health=with_quantiles(lasting_health(config)),
        half_life_weeks=config.people.half_life_weeks,
        floor=config.people.employability_floor,
        scarring=config.people.scarring,
    )


@kernel(each=True)
def _within(bands: np.ndarray, band: int, uniform: float) -> int:
    """Return a whole number of weeks uniform within a band of limits."""
    return bands[band] + int(uniform * (bands[band + 1] - bands[band]))


@kernel(each=True)
def _time_in_state(people: People, row: int, words: Words, rates: StartRates) -> None:
    """Set the time in the present state, and the kind of an incapacity claim."""
    state = people.state[row]
    adult = people.age_weeks[row] - START_WEEKS
    if state == State.EMPLOYED:
        mean = rates.tenure_weeks[0 if words[0] < rates.tenure_new_share else 1]
        weeks = int(-mean * math.log(words[1]))
    elif state == State.JSA:
        band = int(np.searchsorted(rates.jsa_duration, words[0], "right"))
        weeks = _within(JSA_DURATION_BANDS, band, words[1])
    elif state == State.IB_ESA:
        people.is_long_claim[row] = words[0] < rates.long_stock_share
        weeks = int(-rates.ib_mean_weeks[int(people.is_long_claim[row])] * math.log(words[1]))
    else:
        weeks = int(-rates.mean_weeks[state] * math.log(words[1]))
    people.weeks_in_state[row] = min(weeks, adult)


@kernel(each=True)
def _time_out_of_work(people: People, row: int, words: Words, rates: StartRates) -> None:
    """Set the time since the last job and the lifetime out of work; some never worked."""
    adult = people.age_weeks[row] - START_WEEKS
    if people.state[row] == State.EMPLOYED:
        people.sector[row] = 0
        people.workless_weeks[row] = int(0.15 * words[3] * adult)
        return
    spell = people.weeks_in_state[row]
    is_seeker = people.state[row] == State.JSA or people.state[row] == State.SEEKING_NO_BENEFIT
    was_inactive = is_seeker and words[0] < rates.p_from_inactivity
    before = (
        int(-rates.mean_weeks[State.INACTIVE_NO_BENEFIT] * math.log(words[2]))
        if was_inactive
        else 0
    )
    never = spell + before >= adult
    people.sector[row] = -1 if never else 0
    people.weeks_since_job[row] = adult if never else spell + before
    people.workless_weeks[row] = min(
        people.weeks_since_job[row] + int(0.3 * words[3] * adult), adult
    )


@kernel(each=True)
def _family(people: People, row: int, words: Words, rates: StartRates) -> None:
    """Set the youngest child and lone parenthood."""
    age = people.age_weeks[row]
    people.child_weeks[row] = NO_CHILD
    if people.state[row] == State.LONE_PARENT:
        people.is_lone_parent[row] = True
        band = int(np.searchsorted(rates.child_age, words[0], "right"))
        people.child_weeks[row] = _within(CHILD_AGE_BANDS, band, words[1])
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
def _ability(people: People, row: int, words: Words, rates: StartRates) -> None:
    """Set employability, and the ability and confidence it would have come from."""
    state = people.state[row]
    shift = rates.ability_spread * (2.0 * words[1] - 1.0)
    mean = rates.ability[state] + rates.ward_ability[people.ward[row]]
    people.employability[row] = min(max(mean + shift, 0.0), 1.0)
    people.confidence[row] = 1.0
    adult = max(np.int64(people.age_weeks[row]) - START_WEEKS, 1)
    kept = 1.0 - rates.scarring * people.workless_weeks[row] / adult
    if state != State.EMPLOYED:
        fade = 0.5 ** (people.weeks_since_job[row] / rates.half_life_weeks)
        people.confidence[row] = fade
        kept = rates.floor + (1.0 - rates.floor) * fade
    people.ability[row] = min(people.employability[row] / max(kept, 1e-9), 1.0)


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
            people.barriers[row] |= np.uint16(1 << barrier)


@kernel(each=True)
def _bring_one(
    people: People, row: int, band: int, advantage: float, seed: np.uint64, rates: StartRates
) -> None:
    """Draw what the tables do not say of one person."""
    person = people.id[row]
    age = draw(seed, POPULATION, 0, person, 0)
    people.age_weeks[row] = _within(BAND_STARTS, band, age[0])
    _time_in_state(people, row, draw(seed, DURATIONS, 0, person, 0), rates)
    _time_out_of_work(people, row, draw(seed, DURATIONS, 0, person, 1), rates)
    _family(people, row, draw(seed, ABILITIES, 0, person, 0), rates)
    words = draw(seed, ABILITIES, 0, person, 1)
    _health(people, row, words[0], advantage, rates)
    _ability(people, row, words, rates)
    _barriers(people, row, seed, advantage, rates)


@kernel(parallel=True)
def bring_to_first_day(
    people: People, band: np.ndarray, advantage: np.ndarray, seed: np.uint64, rates: StartRates
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
    """
    for row in numba.prange(people.state.size):
        _bring_one(people, row, band[row], advantage[row], seed, rates)
