"""What people and employers meet but do not make: dated rules, distances, rates by ward."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np

from simulation.categories import AGE_BAND_STARTS, AGE_BANDS, AGE_LEAVES, State
from simulation.config import Config
from simulation.inputs.area import Area, gravity_commuting
from simulation.inputs.geography import distances_km
from simulation.labour.benefit_rules import BenefitRules

from .chance import WEEKS_PER_YEAR, cumulative

DUTIES = {
    State.JSA: "conditionality_jsa",
    State.IB_ESA: "conditionality_ib_esa",
    State.LONE_PARENT: "conditionality_lone_parent",
    State.OTHER_BENEFIT: "conditionality_other_benefit",
}

Table = list[list[float]]


class DatedRules:
    """The rules of benefits in one week.

    Parameters
    ----------
    rules : BenefitRules
    config : Config
    week : int
    pay_index : float
        Pay in general over that of the first day.
    """

    def __init__(self, rules: BenefitRules, config: Config, week: int, pay_index: float) -> None:
        day = config.start + timedelta(weeks=week)
        self.duty = {state: rules.value(name, day) for state, name in DUTIES.items()}
        self.in_pay_of_the_first_day = {
            name: rules.value(name, day) / pay_index
            for name in rules.names
            if rules.unit(name) in ("gbp_per_week", "gbp_per_hour")
        }
        self.adult_wage_years = rules.value("minimum_wage_adult_from_age", day)
        limit_years = rules.value("lone_parent_child_age_limit", day)
        self.child_age_limit = round(limit_years * WEEKS_PER_YEAR)


def esa_begins(rules: BenefitRules, config: Config) -> int:
    """Return the first week in which new incapacity claims are for ESA, else the run's length."""
    for week in range(config.weeks):
        if rules.value("ib_replaced_by_esa", config.start + timedelta(weeks=week)) > 0:
            return week
    return config.weeks


def commuting_tables(area: Area, config: Config) -> tuple[Table, Table, Table]:
    """Return the chances of the work ward, those of people held near, and distances in km.

    The first two are cumulative along each home ward's row.
    """
    positions = area.positions_km
    wards = np.arange(area.n_wards)
    distance = [distances_km(positions, home, wards).tolist() for home in wards]
    chances = area.commuting
    if chances is None:
        chances = gravity_commuting(
            positions,
            area.jobs.sum(axis=(1, 2)),
            mean_commute_km=config.area.mean_commute_km,
        )
    far, near = [], []
    for home, kilometres in enumerate(distance):
        row = [0.0] * area.n_wards
        for work, chance in zip(*chances.of(home), strict=True):
            row[work] = float(chance)
        mean = sum(p * km for p, km in zip(row, kilometres, strict=True))
        held = [p * math.exp(-2.0 * km / mean) for p, km in zip(row, kilometres, strict=True)]
        far.append(cumulative(row))
        near.append(cumulative(held))
    return far, near, distance


def turnover_of_residents(area: Area) -> tuple[list[float], list[float]]:
    """Return the yearly rate of leaving by age band, and arrivals a year at its first age."""
    ages = [*AGE_BAND_STARTS, AGE_LEAVES]
    leaving, arriving, passing = [], [], 0.0
    for band, first, last in zip(AGE_BANDS, ages, ages[1:], strict=False):
        people, years = int(area.wards["age_" + band].sum()), last - first
        arriving.append(max(people / years - passing, 0.0))
        entering = passing + arriving[-1]
        leaving.append(_rate_that_holds(people, entering, years))
        passing = entering * math.exp(-leaving[-1] * years)
    return leaving, arriving


def _rate_that_holds(people: int, entering: float, years: int) -> float:
    """Return the rate a year of leaving with which entrants make so many people (Newton)."""
    if people == 0 or entering * years <= people:
        return 0.0
    rate = 2.0 * (1.0 - people / (entering * years)) / years
    for _ in range(50):
        stays = math.exp(-rate * years)
        excess = entering * (1.0 - stays) / rate - people
        slope = entering * (years * stays / rate - (1.0 - stays) / rate**2)
        rate -= excess / slope
    return rate


def ward_factors(area: Area, states: tuple[State, ...], exponent: float) -> list[float]:
    """Return each ward's people in some states per employed person, over the area's."""
    wards = area.wards.to_dict("records")
    number = [sum(ward[state.name.lower()] for state in states) for ward in wards]
    employed = [ward["employed"] for ward in wards]
    if sum(number) == 0 or sum(employed) == 0:
        return [1.0] * len(wards)
    mean = sum(number) / sum(employed)
    return [
        (some / max(others, 1) / mean) ** exponent if some > 0 else 1.0
        for some, others in zip(number, employed, strict=True)
    ]
