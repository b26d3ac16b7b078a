"""Every parameter of the model: its default, unit, range and source in one place.

One class a group of `conf/`. The YAML choices hold only what differs from these defaults; the
table `docs/parameters.md`, the checks and the bounds of experiments are read from here.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulation.errors import InputError

ASSUMPTION = "assumption"
CALIBRATED = "calibrated to the history of bcbc, docs/decisions/calibration.md"


def parameter(default: Any, meaning: str, *, unit: str, source: str = ASSUMPTION, **limits: Any):
    """Return a field that carries its meaning, unit and source beside its default and range."""
    return Field(
        default, description=meaning, json_schema_extra={"unit": unit, "source": source}, **limits
    )


Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, le=52)]
Weeks = Annotated[float, Field(gt=0, le=5200)]
Pounds = Annotated[float, Field(ge=0, le=10_000)]


class Group(BaseModel):
    """What all groups share: unknown keys are refused, values are never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True)


class AreaConfig(Group):
    """Which area is simulated."""

    name: str = parameter("bcbc", "name of a shipped area", unit="-")
    folder: str | None = parameter(None, "a folder of your own CSV files instead", unit="path")
    boundaries: str | None = parameter(
        None, "GeoJSON of ward boundaries; without it maps are cartograms", unit="path"
    )
    mean_commute_km: float = parameter(
        9.0,
        "sets the decay of commuting with distance where the area has no table of it",
        unit="km",
        source="gives bcbc a mean of 6.5 km in a straight line; its Census 2011 table has 6.4",
        gt=0,
        le=200,
    )


class EconomyConfig(Group):
    """The demand for labour over time."""

    name: str = parameter("recession_2008", "name of the path of demand", unit="-")
    file: str | None = parameter(
        "recession_2008.csv", "CSV of date, sector, index; shipped or your own", unit="path"
    )
    events: tuple[dict[str, Any], ...] = parameter(
        (), "local closures and openings: kind, ward, sector, jobs, date", unit="list"
    )
    shock_sd: float = parameter(
        0.035,
        "standard deviation of an establishment's quarterly shock to the logarithm of its jobs",
        unit="log points",
        source="set for one job in five recruited to be a new one (replacement_share)",
        ge=0,
        le=0.5,
    )
    shock_persistence: Share = parameter(
        0.9, "share of a shock left after a quarter", unit="per quarter"
    )


class EmployersConfig(Group):
    """Establishments: how they recruit, keep, lose and pay people."""

    vacancy_share: Share = parameter(
        0.022,
        "vacancies at the start over filled jobs",
        unit="share",
        source="ONS vacancy survey 2006, 2.2 to 2.5 per 100 jobs",
    )
    posting_weeks: Weeks = parameter(
        1.5, "mean time from a job falling empty to its being open to applicants", unit="weeks"
    )
    lapse_weeks: int = parameter(
        26, "a vacancy unfilled for this long is withdrawn", unit="weeks", ge=1, le=520
    )
    pause_weeks: int = parameter(
        8, "and not posted again for this long", unit="weeks", ge=0, le=520
    )
    hoarding_weeks: tuple[Weeks, Weeks, Weeks, Weeks, Weeks] = parameter(
        (3.0, 4.0, 6.0, 9.0, 13.0),
        "mean time an employer keeps a person it no longer needs, by skill level 0 to 4",
        unit="weeks",
    )
    weekly_wage: tuple[Pounds, Pounds, Pounds, Pounds, Pounds] = parameter(
        (190.0, 240.0, 300.0, 400.0, 600.0),
        "mean pay by skill level 0 to 4 in 2006",
        unit="GBP per week",
        source="rounded to the shape of the Annual Survey of Hours and Earnings; assumption",
    )
    pay_growth: float = parameter(
        0.025,
        "growth of pay, by which benefits are deflated",
        unit="per year",
        source="ONS average weekly earnings 2006-11, about 2.5 per cent a year",
        ge=-0.2,
        le=0.2,
    )
    wage_spread: Share = parameter(
        0.15, "standard deviation of the logarithm of pay between employers", unit="log points"
    )
    quit_rate: tuple[Rate, Rate, Rate, Rate] = parameter(
        (0.05, 0.028, 0.018, 0.035),
        "leave work for inactivity (study, care, early retirement), by age band",
        unit="per year",
        source=CALIBRATED,
    )
    job_loss_rate: tuple[Rate, Rate, Rate, Rate, Rate] = parameter(
        (0.125, 0.10, 0.07, 0.052, 0.034),
        "dismissals and ended contracts by skill level 0 to 4, beyond the first six months",
        unit="per year",
        source=CALIBRATED,
    )
    probation_weeks: int = parameter(
        26, "how long a new recruit is easily lost", unit="weeks", ge=0, le=520
    )
    probation_factor: float = parameter(
        2.5, "rate of job loss in that time over the later rate", unit="ratio", ge=1, le=20
    )
    churn_exponent: float = parameter(
        0.8,
        "how far job loss and quits follow the home ward's ratios of seekers and of inactive to"
        " employed (0 not at all)",
        unit="exponent",
        source="keeps the gaps between wards as the area's table has them",
        ge=0,
        le=2,
    )


class SearchConfig(Group):
    """Who applies, how often, where and for what."""

    rounds: int = parameter(1, "rounds of application a week", unit="rounds", ge=1, le=7)
    voluntary: tuple[Share, Share, Share, Share, Share, Share, Share] = parameter(
        (0.005, 0.02, 0.002, 0.006, 0.003, 0.145, 0.0),
        "chance of an effective application in a round without any duty to seek, by state",
        unit="per round",
        source=CALIBRATED,
    )
    full_duty: Share = parameter(
        0.16,
        "the same under a job seeker's full duty; conditionality, a dated rule, lies between",
        unit="per round",
        source=CALIBRATED,
    )
    confidence_floor: Share = parameter(
        0.5, "intensity of a person without any confidence over that of one with all", unit="ratio"
    )
    childcare_factor: Share = parameter(
        0.5, "intensity of a person whom childcare holds back", unit="ratio"
    )
    places: int = parameter(
        4, "places of work looked at for a vacancy of the kind sought", unit="places", ge=1, le=20
    )
    own_sector: Share = parameter(
        0.5, "chance to look only in the sector of the last job", unit="probability"
    )
    p_above: Share = parameter(0.05, "chance to try one level above", unit="probability")
    bump_down: float = parameter(
        0.10,
        "rate at which the chance to try one level below nears 1 with applications per vacancy",
        unit="per applicant",
        ge=0,
        le=10,
    )
    on_the_job_reservation: float = parameter(
        0.90, "pay an employed applicant accepts over present pay", unit="ratio", ge=0, le=5
    )
    benefit_markup: float = parameter(
        1.25, "pay a workless applicant accepts over benefit and costs", unit="ratio", ge=0, le=5
    )
    housing_support: Pounds = parameter(
        50.0, "rent and council tax help lost on taking a job", unit="GBP per week"
    )
    childcare_cost: Pounds = parameter(
        40.0, "cost of childcare, youngest child under 12", unit="GBP per week"
    )
    travel_cost: Pounds = parameter(
        1.5,
        "cost of the journey to work a week for each km between home and work",
        unit="GBP per km per week",
    )


class HiringConfig(Group):
    """Which of the suitable applicants a vacancy takes."""

    rule: str = parameter("ranking", "random, ranking, stigma, screening or stock_flow", unit="-")
    strength: float = parameter(
        1.0,
        "how much recent work counts in ranking: 0 is random, .inf the pure inverse queue;"
        " suitability counts by strength / (1 + strength)",
        unit="log odds",
        source="Kroft, Lange and Notowidigdo 2013: callbacks 7 to 4 per cent in eight months",
        ge=0,
    )
    recency_weeks: Weeks = parameter(
        26.0,
        "time out of work in which recency falls by 1/e",
        unit="weeks",
        source="Kroft, Lange and Notowidigdo 2013: the fall is in the first eight months",
    )
    selectivity: Share = parameter(
        0.5,
        "weight of suitability against chance under stigma and screening; ranking at strength 1"
        " has the same",
        unit="share",
    )
    stigma_weeks: int = parameter(
        39,
        "time out of work from which stigma begins",
        unit="weeks",
        source="Eriksson and Rooth 2014: penalty from nine months",
        ge=0,
        le=520,
    )
    stigma_penalty: float = parameter(
        0.25,
        "stigma on the log odds",
        unit="log odds",
        source="Eriksson and Rooth 2014: callbacks 20 per cent lower",
        ge=0,
        le=20,
    )
    stigma_below_level: int = parameter(
        3,
        "stigma only in jobs below this skill level",
        unit="level",
        source="Eriksson and Rooth 2014: low and medium skilled work",
        ge=0,
        le=5,
    )
    screening_strength: float = parameter(
        1.0,
        "weight of duration read as a signal when every seeker has a vacancy",
        unit="log odds",
        source="Kroft, Lange and Notowidigdo 2013: weaker in slack markets",
        ge=0,
        le=20,
    )
    under_qualified: float = parameter(
        1.5, "penalty for each level below the job's", unit="log odds", ge=0, le=20
    )
    over_qualified: float = parameter(
        0.1, "penalty for each level above the job's", unit="log odds", ge=0, le=20
    )
    sector_experience: float = parameter(
        0.5, "gain from a last job in the same sector", unit="log odds", ge=0, le=20
    )
    employability: float = parameter(
        3.0, "gain from employability 0 to 1", unit="log odds", source=CALIBRATED, ge=0, le=20
    )
    barrier_penalty: float = parameter(
        0.15, "penalty for each barrier an employer sees", unit="log odds", ge=0, le=20
    )
    health_penalty: tuple[float, float, float] = parameter(
        (0.0, 0.4, 1.0), "penalty by health: none, limiting, severe", unit="log odds"
    )
    attitude: tuple[float, float, float, float, float] = parameter(
        (0.0, -0.25, -0.4, -0.4, -0.3),
        "employers' attitude by ethnicity: white, mixed, asian, black, other",
        unit="log odds",
        source="size of call-back gaps in correspondence tests; assumption",
    )
    reservation: float = parameter(
        -0.2,
        "suitability below which nobody is taken",
        unit="log odds",
        source=CALIBRATED,
        ge=-20,
        le=20,
    )
    reservation_slack: float = parameter(
        0.3,
        "rise of it with the logarithm of applications per vacancy",
        unit="log odds",
        ge=0,
        le=20,
    )
    slack_memory: Share = parameter(
        0.9, "weight of the past in the smoothed applications per vacancy", unit="per week"
    )


class PeopleConfig(Group):
    """How people change: health, ability, confidence, discouragement, moves."""

    half_life_weeks: Weeks = parameter(
        104.0,
        "half-life of employability and confidence out of work",
        unit="weeks",
        source="design starting point, range one to five years",
    )
    recovery_weeks: Weeks = parameter(52.0, "half-life of what is lost, once in work", unit="weeks")
    scarring: Share = parameter(
        0.4,
        "part of ability lost to a life wholly out of work",
        unit="share",
        source="Arulampalam 2001, Gregg 2001: scars last; size assumed",
    )
    health_worsens: tuple[Rate, Rate, Rate, Rate] = parameter(
        (0.006, 0.008, 0.015, 0.035), "health falls by one step, by age band", unit="per year"
    )
    health_mends: Rate = parameter(0.12, "health rises by one step", unit="per year")
    workless_health_factor: float = parameter(
        1.5, "rate of falling ill out of work over that in work", unit="ratio", ge=1, le=20
    )
    p_move_on_hire: Share = parameter(
        0.0,
        "chance that a hired resident of a priority ward moves out and a workless person in",
        unit="probability",
        source="BCBC business plan 2007 s2.1.24; off by default",
    )


class BenefitsConfig(Group):
    """Claims, ends of claims and moves between states outside work."""

    rules: str = parameter(
        "rules_2006", "dated amounts, ages and duties: a shipped name or your own YAML", unit="path"
    )
    p_claim: Share = parameter(
        0.72,
        "chance that a lost job leads straight to a claim for JSA",
        unit="probability",
        source=CALIBRATED,
    )
    claim_rate: Rate = parameter(
        7.0, "seekers without benefit who claim JSA", unit="per year", source=CALIBRATED
    )
    discouraged_rate: Rate = parameter(
        0.12, "seekers without benefit who stop seeking", unit="per year", source=CALIBRATED
    )
    start_seeking_rate: tuple[Rate, Rate, Rate, Rate] = parameter(
        (0.54, 0.52, 0.42, 0.14),
        "inactive people who start to seek, by age band",
        unit="per year",
        source=CALIBRATED,
    )
    jsa_exit_rate: Rate = parameter(
        0.7,
        "claims for JSA that end for reasons other than a hire",
        unit="per year",
        source="JSA leavers' destinations, Hansard 26 Nov 2008; calibrated",
    )
    jsa_exit_to_inactive: Share = parameter(
        0.06, "of those, into inactivity; the rest go on seeking without benefit", unit="share"
    )
    ib_short_rate: Rate = parameter(
        2.07,
        "end of short incapacity claims",
        unit="per year",
        source="design 6: survival 0.62 exp(-2.07 t) + 0.38 exp(-0.10 t)",
    )
    ib_long_rate: Rate = parameter(
        0.10, "end of long incapacity claims", unit="per year", source="as above"
    )
    ib_long_share: Share = parameter(
        0.38, "share of new incapacity claims that are long", unit="share", source="as above"
    )
    lone_parent_rate: Rate = parameter(
        0.10,
        "lone-parent claims ended other than by a hire or the child's age",
        unit="per year",
        source="Hansard: lone parents leaving benefit 2006-07",
    )
    review_weeks: Weeks = parameter(
        80.0,
        "mean wait from the child's reaching the age limit to the end of the claim",
        unit="weeks",
        source="phasing of the lone parent obligations 2008-10",
    )
    other_rate: Rate = parameter(0.35, "other income-related claims ended", unit="per year")
    exit_to_jsa: tuple[Share, Share, Share] = parameter(
        (0.22, 0.5, 0.15),
        "ended incapacity, lone-parent and other claims that become JSA",
        unit="share",
        source="Hansard 29 Jan 2007 col 91W for incapacity; else assumption",
    )
    exit_to_seeking: tuple[Share, Share, Share] = parameter(
        (0.25, 0.12, 0.10), "those that go on seeking without benefit", unit="share"
    )
    inflow_rate: tuple[Rate, Rate, Rate] = parameter(
        (0.30, 0.29, 0.41),
        "new incapacity, lone-parent and other claims a year for each claimant at the start",
        unit="per year",
        source="incapacity terminations 24.6 per cent of the caseload, Hansard 12 Mar 2007",
    )
    risk: tuple[
        tuple[float, float, float, float],
        tuple[float, float, float, float],
        tuple[float, float, float, float],
    ] = parameter(
        ((1.0, 3.0, 2.5, 2.0), (1.0, 3.0, 3.0, 5.0), (0.3, 1.5, 1.5, 5.0)),
        "relative risk of an incapacity, lone-parent, other claim for the employed, JSA claimants,"
        " seekers without benefit, inactive",
        unit="ratio",
    )
    health_risk: tuple[float, float, float] = parameter(
        (1.0, 5.0, 12.0), "relative risk of an incapacity claim by health", unit="ratio"
    )
    illness_with_claim: Share = parameter(
        0.5, "chance that an incapacity claimant's health is severe, else limiting", unit="share"
    )


class PopulationConfig(Group):
    """The state of people on the first day."""

    jsa_duration: tuple[Share, Share, Share, Share] = parameter(
        (0.31, 0.21, 0.24, 0.24),
        "JSA claimants by time on benefit: under 3, 3 to 6, 6 to 12, 12 to 36 months",
        unit="share",
        source="outcomes.csv jsa_over6m_bcbc: 48 per cent beyond six months",
    )
    seeking_weeks: Weeks = parameter(26.0, "mean time seeking without benefit", unit="weeks")
    inactive_weeks: Weeks = parameter(200.0, "mean time inactive", unit="weeks")
    lone_parent_weeks: Weeks = parameter(208.0, "mean time on lone-parent benefit", unit="weeks")
    other_weeks: Weeks = parameter(150.0, "mean time on other benefit", unit="weeks")
    ib_long_weeks: Weeks = parameter(
        560.0,
        "mean time on a long incapacity claim at the start, cut at adult life",
        unit="weeks",
        source="56 per cent of the stock beyond five years, Hansard 22 Oct 2008; two thirds beyond"
        " three, BCBC business plan 2007 s2.1.31",
    )
    p_from_inactivity: Share = parameter(
        0.35, "JSA claimants and seekers who were inactive before", unit="probability"
    )
    tenure_new_share: Share = parameter(
        0.22, "share of the employed in a job they soon leave", unit="share", source=CALIBRATED
    )
    tenure_weeks: tuple[Weeks, Weeks] = parameter(
        (35.0, 450.0), "mean tenure of those and of the others", unit="weeks"
    )
    p_level_below: Share = parameter(
        0.18, "employed one level below their qualification", unit="share"
    )
    p_level_above: Share = parameter(
        0.15, "employed one level above their qualification", unit="share"
    )
    ability: tuple[float, float, float, float, float, float, float] = parameter(
        (0.62, 0.46, 0.30, 0.42, 0.36, 0.50, 0.44),
        "mean employability by state",
        unit="0 to 1",
        source=CALIBRATED,
    )
    ability_by_ward: float = parameter(
        0.25,
        "fall of employability with the logarithm of a ward's ratio of seekers to employed",
        unit="per log point",
        source="shares the gaps between wards among losing and not finding jobs; assumption",
        ge=0,
        le=1,
    )
    entrant_qualification: tuple[Share, Share, Share, Share, Share] = parameter(
        (0.12, 0.20, 0.25, 0.23, 0.20),
        "school leavers by the qualification they will reach",
        unit="share",
    )
    ability_spread: Share = parameter(
        0.3, "half-width of employability within a state", unit="0 to 1"
    )
    child_share: Share = parameter(
        0.38,
        "people aged 25 to 49, not lone-parent claimants, with a child at home",
        unit="share",
        source="Census 2011, households with dependent children",
    )
    lone_parent_share: Share = parameter(
        0.15, "of those with a child, lone parents", unit="share", source="Census 2011"
    )
    child_age_weights: tuple[Share, Share, Share, Share] = parameter(
        (0.45, 0.30, 0.10, 0.15),
        "lone-parent claimants by age of youngest child: 0-4, 5-9, 10-11, 12-15",
        unit="share",
        source="shape of the DWP caseload before November 2008; assumption",
    )
    barrier_share: tuple[Share, Share, Share, Share, Share, Share, Share, Share] = parameter(
        (0.15, 0.08, 0.10, 0.12, 0.05, 0.04, 0.06, 0.10),
        "employed people with each barrier: basic skills, childcare, transport, debt, housing,"
        " addiction, record, low confidence",
        unit="share",
    )
    barrier_factor: float = parameter(
        2.5, "the same for the workless over the employed", unit="ratio", ge=1, le=5
    )


class Config(Group):
    """Everything a run depends on but the seed."""

    start: date = parameter(date(2006, 5, 1), "first day", unit="date")
    weeks: int = parameter(260, "length of the run", unit="weeks", ge=1, le=2600)
    people_per_agent: int = parameter(
        1, "people each simulated person stands for", unit="people", ge=1, le=1000
    )
    area: AreaConfig = AreaConfig()
    economy: EconomyConfig = EconomyConfig()
    employers: EmployersConfig = EmployersConfig()
    search: SearchConfig = SearchConfig()
    hiring: HiringConfig = HiringConfig()
    people: PeopleConfig = PeopleConfig()
    benefits: BenefitsConfig = BenefitsConfig()
    population: PopulationConfig = PopulationConfig()

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Config:
        """Return the configuration a nested mapping describes.

        Raises
        ------
        InputError
            With one line for each unknown key, wrong type or value out of range.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            lines = [_line(problem) for problem in error.errors()]
            raise InputError(list(dict.fromkeys(lines))) from error

    def replace(self, **groups: Any) -> Config:
        """Return a copy with some values changed: `replace(weeks=52, hiring={"strength": 0})`.

        Raises
        ------
        InputError
            As `from_mapping`.
        """
        values = self.model_dump()
        for name, value in groups.items():
            if isinstance(value, Mapping) and isinstance(values.get(name), dict):
                value = {**values[name], **value}
            values[name] = value
        return Config.from_mapping(values)


def _line(problem: Mapping[str, Any]) -> str:
    """Return one line for one of the validator's problems: what, where, what is allowed."""
    key = ".".join(str(part) for part in problem["loc"])
    where = f"; set in conf/{problem['loc'][0]}/" if len(problem["loc"]) > 1 else ""
    if problem["type"] == "extra_forbidden":
        return f"{key} is not a parameter{_nearest(problem['loc'])}"
    if problem["type"] == "missing":
        whole = ".".join(str(part) for part in problem["loc"] if not isinstance(part, int))
        return f"{whole} has too few values, got {problem['input']!r}{where}"
    message = problem["msg"][0].lower() + problem["msg"][1:]
    return f"{key}: {message}, got {problem['input']!r}{where}"


def _nearest(location: tuple[Any, ...]) -> str:
    """Return a hint at the names nearest to an unknown key."""
    group: Any = Config
    for part in location[:-1]:
        field = getattr(group, "model_fields", {}).get(part)
        group = field.annotation if field else None
    names = list(getattr(group, "model_fields", {}))
    close = difflib.get_close_matches(str(location[-1]), names, n=3)
    return f"; did you mean {' or '.join(close)}?" if close else f"; allowed: {', '.join(names)}"
