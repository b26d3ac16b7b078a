"""Parameters of the labour market: area, economy, employers, search, hiring."""

from __future__ import annotations

from typing import Any

from simulation.config.base import CALIBRATED, Group, Pounds, Rate, Share, Weeks, parameter


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
        plausible=(5.0, 15.0),
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
        plausible=(0.01, 0.07),
    )
    shock_persistence: Share = parameter(
        0.9, "share of a shock left after a quarter", unit="per quarter", plausible=(0.7, 0.98)
    )


class EmployersConfig(Group):
    """Establishments: how they recruit, keep, lose and pay people."""

    vacancy_share: Share = parameter(
        0.022,
        "vacancies at the start over filled jobs",
        unit="share",
        source="ONS vacancy survey 2006, 2.2 to 2.5 per 100 jobs",
        plausible=(0.015, 0.035),
    )
    posting_weeks: Weeks = parameter(
        1.5,
        "mean time from a job falling empty to its being open to applicants",
        unit="weeks",
        plausible=(0.5, 4.0),
    )
    lapse_weeks: int = parameter(
        26,
        "a vacancy unfilled for this long is withdrawn",
        unit="weeks",
        ge=1,
        le=520,
        plausible=(13, 52),
    )
    pause_weeks: int = parameter(
        8, "and not posted again for this long", unit="weeks", ge=0, le=520, plausible=(0, 26)
    )
    hoarding_weeks: tuple[Weeks, Weeks, Weeks, Weeks, Weeks] = parameter(
        (3.0, 4.0, 6.0, 9.0, 13.0),
        "mean time an employer keeps a person it no longer needs, by skill level 0 to 4",
        unit="weeks",
        plausible=(0.5, 2.0),
    )
    weekly_wage: tuple[Pounds, Pounds, Pounds, Pounds, Pounds] = parameter(
        (190.0, 240.0, 300.0, 400.0, 600.0),
        "mean pay by skill level 0 to 4 in 2006",
        unit="GBP per week",
        source="rounded to the shape of the Annual Survey of Hours and Earnings; assumption",
        plausible=(0.85, 1.15),
    )
    pay_growth: float = parameter(
        0.025,
        "growth of pay, by which benefits are deflated",
        unit="per year",
        source="ONS average weekly earnings 2006-11, about 2.5 per cent a year",
        ge=-0.2,
        le=0.2,
        plausible=(0.0, 0.05),
    )
    wage_spread: Share = parameter(
        0.15,
        "standard deviation of the logarithm of pay between employers",
        unit="log points",
        plausible=(0.05, 0.3),
    )
    quit_rate: tuple[Rate, Rate, Rate, Rate] = parameter(
        (0.05, 0.028, 0.018, 0.035),
        "leave work for inactivity (study, care, early retirement), by age band",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.67, 1.5),
    )
    job_loss_rate: tuple[Rate, Rate, Rate, Rate, Rate] = parameter(
        (0.125, 0.10, 0.07, 0.052, 0.034),
        "dismissals and ended contracts by skill level 0 to 4, beyond the first six months",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.67, 1.5),
    )
    probation_weeks: int = parameter(
        26, "how long a new recruit is easily lost", unit="weeks", ge=0, le=520, plausible=(13, 52)
    )
    probation_factor: float = parameter(
        2.5,
        "rate of job loss in that time over the later rate",
        unit="ratio",
        ge=1,
        le=20,
        plausible=(1.0, 4.0),
    )
    churn_exponent: float = parameter(
        0.8,
        "how far job loss and quits follow the home ward's ratios of seekers and of inactive to"
        " employed (0 not at all)",
        unit="exponent",
        source="keeps the gaps between wards as the area's table has them",
        ge=0,
        le=2,
        plausible=(0.0, 1.5),
    )


class SearchConfig(Group):
    """Who applies, how often, where and for what."""

    rounds: int = parameter(
        1, "rounds of application a week", unit="rounds", ge=1, le=7, plausible=(1, 3)
    )
    voluntary: tuple[Share, Share, Share, Share, Share, Share, Share] = parameter(
        (0.005, 0.02, 0.002, 0.006, 0.003, 0.145, 0.0),
        "chance of an effective application in a round without any duty to seek, by state",
        unit="per round",
        source=CALIBRATED,
        plausible=(0.5, 2.0),
    )
    full_duty: Share = parameter(
        0.16,
        "the same under a job seeker's full duty; conditionality, a dated rule, lies between",
        unit="per round",
        source=CALIBRATED,
        plausible=(0.08, 0.32),
    )
    confidence_floor: Share = parameter(
        0.5,
        "intensity of a person without any confidence over that of one with all",
        unit="ratio",
        plausible=(0.2, 0.8),
    )
    childcare_factor: Share = parameter(
        0.5, "intensity of a person whom childcare holds back", unit="ratio", plausible=(0.2, 0.8)
    )
    places: int = parameter(
        4,
        "places of work looked at for a vacancy of the kind sought",
        unit="places",
        ge=1,
        le=20,
        plausible=(2, 8),
    )
    own_sector: Share = parameter(
        0.5,
        "chance to look only in the sector of the last job",
        unit="probability",
        plausible=(0.2, 0.8),
    )
    p_above: Share = parameter(
        0.05, "chance to try one level above", unit="probability", plausible=(0.0, 0.15)
    )
    bump_down: float = parameter(
        0.10,
        "rate at which the chance to try one level below nears 1 with applications per vacancy",
        unit="per applicant",
        ge=0,
        le=10,
        plausible=(0.0, 0.3),
    )
    on_the_job_reservation: float = parameter(
        0.90,
        "pay an employed applicant accepts over present pay",
        unit="ratio",
        ge=0,
        le=5,
        plausible=(0.8, 1.1),
    )
    benefit_markup: float = parameter(
        1.25,
        "pay a workless applicant accepts over benefit and costs",
        unit="ratio",
        ge=0,
        le=5,
        plausible=(1.0, 1.5),
    )
    housing_support: Pounds = parameter(
        50.0,
        "rent and council tax help lost on taking a job",
        unit="GBP per week",
        plausible=(25.0, 90.0),
    )
    childcare_cost: Pounds = parameter(
        40.0,
        "cost of childcare, youngest child under 12",
        unit="GBP per week",
        plausible=(15.0, 80.0),
    )
    travel_cost: Pounds = parameter(
        1.5,
        "cost of the journey to work a week for each km between home and work",
        unit="GBP per km per week",
        plausible=(0.5, 3.0),
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
        plausible=(0.0, 3.0),
    )
    recency_weeks: Weeks = parameter(
        26.0,
        "time out of work in which recency falls by 1/e",
        unit="weeks",
        source="Kroft, Lange and Notowidigdo 2013: the fall is in the first eight months",
        plausible=(13.0, 52.0),
        distribution="log_uniform",
    )
    selectivity: Share = parameter(
        0.5,
        "weight of suitability against chance under stigma and screening; ranking at strength 1"
        " has the same",
        unit="share",
        plausible=(0.2, 0.8),
    )
    stigma_weeks: int = parameter(
        39,
        "time out of work from which stigma begins",
        unit="weeks",
        source="Eriksson and Rooth 2014: penalty from nine months",
        ge=0,
        le=520,
        plausible=(26, 52),
    )
    stigma_penalty: float = parameter(
        0.25,
        "stigma on the log odds",
        unit="log odds",
        source="Eriksson and Rooth 2014: callbacks 20 per cent lower",
        ge=0,
        le=20,
        plausible=(0.0, 1.0),
    )
    stigma_below_level: int = parameter(
        3,
        "stigma only in jobs below this skill level",
        unit="level",
        source="Eriksson and Rooth 2014: low and medium skilled work",
        ge=0,
        le=5,
        plausible=(2, 5),
    )
    screening_strength: float = parameter(
        1.0,
        "weight of duration read as a signal when every seeker has a vacancy",
        unit="log odds",
        source="Kroft, Lange and Notowidigdo 2013: weaker in slack markets",
        ge=0,
        le=20,
        plausible=(0.0, 3.0),
    )
    under_qualified: float = parameter(
        1.5,
        "penalty for each level below the job's",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.75, 3.0),
    )
    over_qualified: float = parameter(
        0.1,
        "penalty for each level above the job's",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.0, 0.5),
    )
    sector_experience: float = parameter(
        0.5,
        "gain from a last job in the same sector",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.0, 1.0),
    )
    employability: float = parameter(
        3.0,
        "gain from employability 0 to 1",
        unit="log odds",
        source=CALIBRATED,
        ge=0,
        le=20,
        plausible=(1.5, 4.5),
    )
    barrier_penalty: float = parameter(
        0.15,
        "penalty for each barrier an employer sees",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.0, 0.3),
    )
    health_penalty: tuple[float, float, float] = parameter(
        (0.0, 0.4, 1.0),
        "penalty by health: none, limiting, severe",
        unit="log odds",
        plausible=(0.0, 2.0),
    )
    attitude: tuple[float, float, float, float, float] = parameter(
        (0.0, -0.25, -0.4, -0.4, -0.3),
        "employers' attitude by ethnicity: white, mixed, asian, black, other",
        unit="log odds",
        source="size of call-back gaps in correspondence tests; assumption",
        plausible=(0.0, 2.0),
    )
    reservation: float = parameter(
        -0.2,
        "suitability below which nobody is taken",
        unit="log odds",
        source=CALIBRATED,
        ge=-20,
        le=20,
        plausible=(-1.0, 0.5),
    )
    reservation_slack: float = parameter(
        0.3,
        "rise of it with the logarithm of applications per vacancy",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.0, 0.6),
    )
    slack_memory: Share = parameter(
        0.9,
        "weight of the past in the smoothed applications per vacancy",
        unit="per week",
        plausible=(0.75, 0.97),
    )
