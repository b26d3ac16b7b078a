"""Parameters of how people and vacancies meet: search, hiring."""

from __future__ import annotations

from simulation.config.base import (
    CALIBRATED,
    Group,
    LogOdds,
    Pounds,
    Share,
    UpToLimitOrInf,
    Weeks,
    parameter,
)


class SearchConfig(Group):
    """Who applies, how often, where and for what."""

    rounds: int = parameter(
        1, "rounds of application a week", unit="rounds", ge=1, le=7, plausible=(1, 3)
    )
    voluntary: tuple[Share, Share, Share, Share, Share, Share, Share] = parameter(
        (0.0058, 0.019, 0.0028, 0.0085, 0.014, 0.12, 0.066),
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
        0.15,
        "intensity of a person without any confidence over that of one with all",
        unit="ratio",
        source=CALIBRATED,
        plausible=(0.05, 0.5),
    )
    childcare_factor: Share = parameter(
        0.5, "intensity of a person whom childcare holds back", unit="ratio", plausible=(0.2, 0.8)
    )
    places: int = parameter(
        40,
        "places of work looked at for a vacancy of the kind sought, at most; times"
        " people_per_agent, so that thinned places show as many openings",
        unit="places",
        ge=1,
        le=100,
        plausible=(20, 80),
    )
    half_stop: float = parameter(
        40.0,
        "openings of the kind sought in a place at which half of those who look there stop",
        unit="openings",
        source="assumption; large against the openings of a ward, so that an opening is found as"
        " often in a place with many as with few, and at every thinning",
        ge=0,
        le=1000,
        plausible=(20.0, 80.0),
        distribution="log_uniform",
    )
    own_sector: Share = parameter(
        0.5,
        "chance to look only in the sector of the last job",
        unit="probability",
        plausible=(0.2, 0.8),
    )
    p_above: Share = parameter(
        0.1, "chance to try one level above", unit="probability", plausible=(0.0, 0.2)
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
    strength: UpToLimitOrInf = parameter(
        1.0,
        "how much recent work counts in ranking: 0 is random, .inf the pure inverse queue, 1000 the"
        " most below it; suitability counts by strength / (1 + strength)",
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
        4.0,
        "gain from employability 0 to 1",
        unit="log odds",
        source=CALIBRATED,
        ge=0,
        le=20,
        plausible=(2.0, 6.0),
    )
    barrier_penalty: float = parameter(
        0.15,
        "penalty for each barrier an employer sees",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.0, 0.3),
    )
    health_penalty: tuple[LogOdds, LogOdds, LogOdds] = parameter(
        (0.0, 0.4, 1.0),
        "penalty by health: none, limiting, severe",
        unit="log odds",
        plausible=(0.0, 2.0),
    )
    attitude: tuple[LogOdds, LogOdds, LogOdds, LogOdds, LogOdds] = parameter(
        (0.0, -0.25, -0.4, -0.4, -0.3),
        "employers' attitude by ethnicity: white, mixed, asian, black, other",
        unit="log odds",
        source="size of call-back gaps in correspondence tests; assumption",
        plausible=(0.0, 2.0),
    )
    reservation: float = parameter(
        0.6,
        "suitability below which nobody is taken",
        unit="log odds",
        source=CALIBRATED,
        ge=-20,
        le=20,
        plausible=(-0.5, 1.5),
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
