"""From configuration to the weekly rates the compiled phases read."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from simulation.agents.columns import People
from simulation.agents.commuting import Commuting, commuting_of, cumulated, mean_in_reach
from simulation.categories import (
    AGE_BAND_STARTS,
    AGE_BANDS,
    AGE_LEAVES,
    N_STATES,
    WEEKS_PER_YEAR,
    State,
)
from simulation.config import Config
from simulation.errors import InputError, few
from simulation.inputs.area import Area
from simulation.labour.ageing import AgeingRates
from simulation.labour.amounts import AMOUNTS
from simulation.labour.benefits import BenefitRates, ward_risks
from simulation.labour.dated_rates import DatedRates
from simulation.labour.economy import EconomyRates
from simulation.labour.first_day import SEEKERS, ward_ability, ward_factor
from simulation.labour.hiring import HiringRates
from simulation.labour.hiring_rules import STOCK_MEETS_NEW
from simulation.labour.offers import OfferRates
from simulation.labour.pay import PayRates, pay_rates
from simulation.labour.search import SearchRates
from simulation.labour.separations import EntrantRates, SeparationRates

LEAST_SLACK = 0.1
"""Of that of the first day, at which claims and search answer no further."""


class Rates(NamedTuple):
    """The weekly rates of every phase."""

    economy: EconomyRates
    separations: SeparationRates
    entrants: EntrantRates
    ageing: AgeingRates
    benefits: BenefitRates
    search: SearchRates
    commuting: Commuting
    hiring: HiringRates
    offers: OfferRates
    pay: PayRates
    dated: DatedRates
    claim_rate: float
    """Claims a year by seekers without benefit at the slack of the first day."""
    claim_slack: float
    attachment_slack: float
    usual_reach: np.ndarray
    """float64 (n_wards,), slack in reach of each home ward on the first day; `Matching` writes."""

    def begin_week(self, week: int, slack: np.ndarray) -> None:
        """Write what dated rules, and slack by work ward, make of the week into the rates."""
        reach, usual = mean_in_reach(self.commuting, slack), self.usual_reach
        relative = np.divide(reach, usual, out=np.ones(reach.size), where=usual > 0.0)
        relative = np.maximum(relative, LEAST_SLACK)
        self.benefits.claim[:] = weekly(self.claim_rate * relative**self.claim_slack)
        self.benefits.attachment[:] = relative**self.attachment_slack
        self.search.intensity[:] = self.dated.intensity[week]
        self.offers.benefit[:] = self.dated.benefit[week]
        self.offers.weeks_of_esa[0] = self.dated.weeks_of_esa(week)
        self.pay.minimum[:] = self.dated.minimum_wage[week]
        self.pay.adult_weeks[0] = self.dated.adult_weeks[week]


def rates_of(config: Config, area: Area, people: People, dated: DatedRates) -> Rates:
    """Return the rates of a run whose people are as on the first day.

    Raises
    ------
    InputError
        If a ward has too few people at risk to bring its new claims.
    """
    return Rates(
        economy=economy_rates(config),
        separations=separation_rates(area, config),
        entrants=entrant_rates(area, config),
        ageing=ageing_rates(config),
        benefits=benefit_rates(area, people, config),
        search=search_rates(config),
        commuting=commuting_of(area, config.area.mean_commute_km),
        hiring=hiring_rates(config),
        offers=offer_rates(config, area),
        pay=pay_rates(config, area.n_wards),
        dated=dated,
        claim_rate=config.benefits.claim_rate,
        claim_slack=config.benefits.claim_slack,
        attachment_slack=config.benefits.attachment_slack,
        usual_reach=np.zeros(area.n_wards),
    )


def weekly(rate_per_year):
    """Return the chance a week of what happens at a rate a year; arrays stay arrays."""
    return -np.expm1(-np.asarray(rate_per_year, dtype=np.float64) / WEEKS_PER_YEAR)


def economy_rates(config: Config) -> EconomyRates:
    """Return the rates of phase economy."""
    return EconomyRates(
        shock_sd=config.economy.shock_sd,
        shock_persistence=config.economy.shock_persistence,
        p_post=min(1.0, 1.0 / config.employers.posting_weeks),
        lapse_weeks=config.employers.lapse_weeks,
        pause_weeks=config.employers.pause_weeks,
    )


def separation_rates(area: Area, config: Config) -> SeparationRates:
    """Return the rates of phase separations.

    Wards differ so that the start is kept: quits follow the ward's ratio of inactive to employed,
    job loss that of seekers to employed (`docs/decisions/inflows.md`).
    """
    employers = config.employers
    return SeparationRates(
        quit=weekly(employers.quit_rate),
        job_loss=weekly(employers.job_loss_rate),
        probation_weeks=employers.probation_weeks,
        probation_factor=employers.probation_factor,
        ward_quit=ward_factor(area, ["inactive_no_benefit"], employers.churn_exponent),
        ward_loss=ward_factor(area, SEEKERS, employers.churn_exponent),
        p_layoff=np.minimum(1.0, 1.0 / np.array(employers.hoarding_weeks)),
        p_claim=config.benefits.p_claim,
        p_claim_laid_off=config.benefits.p_claim_laid_off,
    )


def entrant_rates(area: Area, config: Config) -> EntrantRates:
    """Return who leaves the area and what newcomers bring."""
    population = config.population
    leave, arrive = turnover_of_residents(area)
    return EntrantRates(
        leave=weekly(leave),
        arrival_cumulative=cumulated(arrive),
        qualification_cumulative=cumulated(population.entrant_qualification),
        ability=population.newcomer_ability,
        ability_spread=population.ability_spread,
        ward_ability=ward_ability(area, config),
    )


def turnover_of_residents(area: Area) -> tuple[np.ndarray, np.ndarray]:
    """Return who leaves and who comes, so that the area's age bands stay as they are.

    Who enters a band leaves it at its end or, at one rate throughout, before. Where fewer enter
    than keep the band, others come.

    Returns
    -------
    tuple of ndarray of float64, each of shape (4,)
        Rate a year of leaving, by age band; arrivals a year at the start of each band.
    """
    widths = np.diff([*AGE_BAND_STARTS, AGE_LEAVES])
    people = area.wards[[f"age_{band}" for band in AGE_BANDS]].sum().to_numpy(np.float64)
    leave, arrive = np.zeros(4), np.zeros(4)
    passing = 0.0
    for band, width in enumerate(widths):
        arrive[band] = max(people[band] / width - passing, 0.0)
        entering = passing + arrive[band]
        leave[band] = leaving_rate(entering, people[band], width)
        passing = entering * math.exp(-leave[band] * width)
    return leave, arrive


def leaving_rate(entering: float, people: float, width: float) -> float:
    """Return the rate a year at which a band must be left early to hold so many people.

    With `entering` a year, `width` years and a rate r it holds entering (1 - exp(-r width)) / r.
    """
    if people <= 0.0 or entering * width <= people:
        return 0.0
    low, high = 0.0, entering / people
    while high - low > 1e-12:
        rate = 0.5 * (low + high)
        held = entering * -math.expm1(-rate * width) / rate
        low, high = (rate, high) if held > people else (low, rate)
    return high


def ageing_rates(config: Config) -> AgeingRates:
    """Return the rates of growing older."""
    people = config.people
    return AgeingRates(
        decay=1.0 - 0.5 ** (1.0 / people.half_life_weeks),
        recovery=1.0 - 0.5 ** (1.0 / people.recovery_weeks),
        floor=people.employability_floor,
        scarring=people.scarring,
        health_worsens=weekly(people.health_worsens),
        health_mends=float(weekly(people.health_mends)),
        workless_health_factor=people.workless_health_factor,
    )


def benefit_rates(area: Area, people: People, config: Config) -> BenefitRates:
    """Return the rates of benefits; new claims are set by ward so that the start is kept.

    In each ward, new claims of a group number `inflow_rate` times its claimants at the start,
    shared among the others by their relative risks (`docs/decisions/inflows.md`).

    Raises
    ------
    InputError
        If a ward has too few people at risk to bring so many new claims.
    """
    benefits, population = config.benefits, config.population
    risk = np.zeros((3, N_STATES))
    at_risk = [State.EMPLOYED, State.JSA, State.SEEKING_NO_BENEFIT, State.INACTIVE_NO_BENEFIT]
    risk[:, at_risk] = benefits.risk
    rates = BenefitRates(
        claim=np.zeros(area.n_wards),
        discouraged=weekly(benefits.discouraged_rate),
        start_seeking=weekly(benefits.start_seeking_rate),
        inactivity_health=np.array(benefits.inactivity_health),
        inactivity_child=benefits.inactivity_child,
        attachment=np.ones(area.n_wards),
        jsa_exit=float(weekly(benefits.jsa_exit_rate)),
        jsa_exit_to_inactive=benefits.jsa_exit_to_inactive,
        ib_short=float(weekly(benefits.ib_short_rate)),
        ib_long=float(weekly(benefits.ib_long_rate)),
        ib_long_share=benefits.ib_long_share,
        lone_parent=float(weekly(benefits.lone_parent_rate)),
        review=min(1.0, 1.0 / benefits.review_weeks),
        other=float(weekly(benefits.other_rate)),
        exit_to_jsa=np.array(benefits.exit_to_jsa),
        exit_to_seeking=np.array(benefits.exit_to_seeking),
        risk=risk,
        health_risk=np.array(benefits.health_risk),
        illness_with_claim=benefits.illness_with_claim,
        child_age_cumulative=cumulated(population.child_age_weights),
        inflow=np.zeros((area.n_wards, 3)),
    )
    total = ward_risks(people, rates, area.n_wards)
    for group in range(3):
        state = int(State.IB_ESA) + group
        claimants = np.bincount(people.ward[people.state == state], minlength=area.n_wards)
        claims = claimants * benefits.inflow_rate[group] / WEEKS_PER_YEAR
        np.divide(claims, total[:, group], out=rates.inflow[:, group], where=total[:, group] > 0)
    _check_inflow(area, rates)
    return rates


def _check_inflow(area: Area, rates: BenefitRates) -> None:
    """Refuse wards where somebody could be sure of a new claim in a week."""
    most = rates.risk.max(axis=1) * np.array([rates.health_risk.max(), 1.0, 1.0])
    worst = (rates.inflow * most).sum(axis=1)
    if (worst > 1.0).any():
        codes = few(area.wards["code"][worst > 1.0].astype(str))
        raise InputError(
            f"area {area.name}: too few residents without a claim to keep the number of"
            f" claimants in ward {codes}; lower benefits.inflow_rate or people_per_agent"
        )


def search_rates(config: Config) -> SearchRates:
    """Return the parameters of phase search; `intensity` is written each week."""
    search = config.search
    return SearchRates(
        intensity=np.zeros(N_STATES),
        confidence_floor=search.confidence_floor,
        childcare_factor=search.childcare_factor,
        own_sector=search.own_sector,
        places=search.places * config.people_per_agent,
        p_above=search.p_above,
        bump_down=search.bump_down,
        half_stop=search.half_stop / config.people_per_agent,
        stock_meets_new=config.hiring.rule in STOCK_MEETS_NEW,
    )


def hiring_rates(config: Config) -> HiringRates:
    """Return the parameters of suitability."""
    hiring = config.hiring
    return HiringRates(
        under_qualified=hiring.under_qualified,
        over_qualified=hiring.over_qualified,
        sector_experience=hiring.sector_experience,
        employability=hiring.employability,
        barrier_penalty=hiring.barrier_penalty,
        health_penalty=np.array(hiring.health_penalty),
        attitude=np.array(hiring.attitude),
    )


def offer_rates(config: Config, area: Area) -> OfferRates:
    """Return the parameters of accepting an offer; `benefit` is written each week."""
    search, journey = config.search, config.journey
    asked = search.benefit_markup
    return OfferRates(
        benefit=np.zeros(len(AMOUNTS)),
        weeks_of_esa=np.zeros(1, np.int64),
        benefit_markup=asked,
        sums_markup=asked - journey.sums_assurance * max(asked - 1.0, 0.0),
        tax_credit=np.array(journey.tax_credit_gbp),
        tax_credit_from=journey.tax_credit_from_gbp,
        tax_credit_taper=journey.tax_credit_taper,
        on_the_job_reservation=search.on_the_job_reservation,
        childcare_cost=search.childcare_cost,
        travel_cost=search.travel_cost,
        positions_km=area.positions_km,
    )


def week_starts(start: date, weeks: int) -> list[date]:
    """Return the first day of each week."""
    return [start + timedelta(weeks=week) for week in range(weeks)]


def months_of(start: date, weeks: int) -> tuple[np.ndarray, list[date]]:
    """Return the month each week belongs to, int64 (weeks,), and the first day of each month.

    A week belongs to the month its first day is in.
    """
    firsts = [day.replace(day=1) for day in week_starts(start, weeks)]
    months = sorted(set(firsts))
    return np.array([months.index(first) for first in firsts]), months
