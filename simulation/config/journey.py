"""Parameters of the client journey; groups, stages and barriers in the order of `categories`."""

from __future__ import annotations

from pydantic import field_validator

from simulation.config.base import ASSUMPTION, Group, LogOdds, Pounds, Rate, Share, parameter

EIGHT_RATES = tuple[Rate, Rate, Rate, Rate, Rate, Rate, Rate, Rate]


class JourneyConfig(Group):
    """How clients are found, helped, passed on and lost."""

    engagement_rate: EIGHT_RATES = parameter(
        (0.35, 0.9, 1.2, 0.16, 0.32, 0.2, 0.12, 0.10),
        "people engaged where there are places, at full trust and coverage, by client group",
        unit="per year",
        plausible=(0.5, 2.0),
    )
    progression: tuple[Share, Share, Share, Share, Share] = parameter(
        (1.0, 0.55, 0.5, 0.42, 0.15),
        "share of the engaged that funders expect to reach each stage before they have seen any",
        unit="share",
        source="IDeA 2009 case study 3: half of those engaged go on; the rest assumed",
        plausible=(0.7, 1.0),
    )
    referral_rate: Rate = parameter(
        4.0,
        "people sent where a contract is mandatory for their group, whatever they trust",
        unit="per year",
        plausible=(2.0, 8.0),
    )
    p_go_on: Share = parameter(
        0.6,
        "chance that an engaged client wants to go on to action planning; who is sent must",
        unit="probability",
        source="IDeA 2009 case study 3: half of those engaged go on to support, losses included",
        plausible=(0.4, 0.8),
    )
    engagement_weeks: int = parameter(
        2, "from engagement to the decision to go on", unit="weeks", ge=1, le=52, plausible=(1, 6)
    )
    planning_weeks: int = parameter(
        2, "length of action planning", unit="weeks", ge=1, le=52, plausible=(1, 6)
    )
    least_service_weeks: int = parameter(
        4,
        "shortest time in services for a client who is served",
        unit="weeks",
        ge=0,
        le=208,
        plausible=(2, 13),
    )
    service_weeks: int = parameter(
        26, "longest time in services", unit="weeks", ge=1, le=208, plausible=(13, 52)
    )
    placement_weeks: int = parameter(
        26, "longest time in placement", unit="weeks", ge=1, le=208, plausible=(13, 52)
    )
    aftercare_weeks: int = parameter(
        26, "length of aftercare", unit="weeks", ge=1, le=208, plausible=(13, 52)
    )
    wait_weeks: int = parameter(
        8,
        "a client leaves after waiting this long for the next stage",
        unit="weeks",
        ge=1,
        le=208,
        plausible=(4, 16),
    )
    rest_weeks: int = parameter(
        26,
        "before somebody who left can be engaged again",
        unit="weeks",
        ge=0,
        le=520,
        plausible=(13, 52),
    )
    drop_out_rate: tuple[Rate, Rate, Rate, Rate, Rate] = parameter(
        (1.0, 0.6, 0.6, 0.5, 0.2),
        "clients who drop out, by stage",
        unit="per year",
        plausible=(0.5, 2.0),
    )
    p_lost: Share = parameter(
        0.2,
        "chance to be lost when passed from one organisation to another",
        unit="probability",
        plausible=(0.05, 0.4),
    )
    referral_duty_factor: Share = parameter(
        0.6, "factor of that under a referral duty", unit="ratio", plausible=(0.3, 0.9)
    )
    tracking_factor: Share = parameter(
        0.5,
        "factor of that where both use the shared tracking system",
        unit="ratio",
        plausible=(0.2, 0.8),
    )
    link_factor: Share = parameter(
        0.6, "factor of that within a network of providers", unit="ratio", plausible=(0.3, 0.9)
    )
    co_location_factor: Share = parameter(
        0.5, "factor of that where co-located", unit="ratio", plausible=(0.2, 0.8)
    )
    accuracy: Share = parameter(
        0.8,
        "chance that an assessment finds a barrier that is there",
        unit="probability",
        plausible=(0.6, 0.95),
    )
    confidence_gain: Share = parameter(
        0.1,
        "part of the lack of confidence made good by action planning",
        unit="share",
        source="clients' own effect in the first two years: Card, Kluve and Weber 2018;"
        " docs/decisions/effects.md",
        plausible=(0.05, 0.3),
    )
    lift_rate: EIGHT_RATES = parameter(
        (1.0, 2.0, 3.0, 1.5, 1.0, 0.6, 0.8, 2.5),
        "barriers lifted in services by a provider of quality 1, by barrier",
        unit="per year",
        plausible=(0.5, 2.0),
    )
    employability_gain: Share = parameter(
        0.15,
        "part of the lost employability (ability less present) services restore",
        unit="share",
        plausible=(0.05, 0.3),
    )
    ready_cost: Share = parameter(
        0.35,
        "cost and price of services for who is ready for work (nothing was found to be lifted, and"
        " no course is taken), over those of a full service",
        unit="share",
        source="a quarter for the time, journey.least_service_weeks of regime.occupied_weeks, and"
        " a tenth for beginning at all; assumption",
        plausible=(0.2, 1.0),
    )
    p_training: Share = parameter(
        0.3,
        "clients in services below level 2 who begin training",
        unit="probability",
        plausible=(0.1, 0.5),
    )
    training_weeks: int = parameter(
        13, "length of training", unit="weeks", ge=1, le=156, plausible=(6, 26)
    )
    training_hours: float = parameter(
        16.0,
        "guided hours a week at which training takes that long",
        unit="hours per week",
        source="the limit on study of Jobseeker's Allowance",
        gt=0,
        le=60,
        plausible=(10.0, 25.0),
    )
    full_time_hours: float = parameter(
        30.0,
        "most guided hours a week of a course, whatever the rules allow",
        unit="hours per week",
        gt=0,
        le=60,
        plausible=(25.0, 35.0),
    )
    p_complete_training: Share = parameter(
        0.7, "trainees who gain the next level", unit="probability", plausible=(0.5, 0.9)
    )
    training_gain: Share = parameter(
        0.4,
        "ability that whoever completes training or a course gains for good",
        unit="0 to 1",
        source="set by trial=training, docs/decisions/effects.md: Card, Kluve and Weber 2018",
        plausible=(0.2, 0.6),
    )
    lock_in: Share = parameter(
        0.5,
        "chance to apply while in training over that without",
        unit="ratio",
        source="lock-in: Card, Kluve and Weber 2018; size assumed",
        plausible=(0.3, 0.9),
    )
    p_broker: Share = parameter(
        0.06,
        "chance a round that an adviser of quality 1 brings about an application",
        unit="-",
        source="clients' own effect in the first two years: Card, Kluve and Weber 2018; a job start"
        " of a local programme at most twice 3,000 GBP (IDeA 2009, case study 3);"
        " docs/decisions/effects.md",
        plausible=(0.02, 0.12),
    )
    p_trial: Share = parameter(
        0.05,
        "clients whose placement begins with a work trial",
        unit="probability",
        source="Hansard 24 July 2007: 3,640 work trials begun in Great Britain in 2006/07, which"
        " would be 0.02; Hansard 24 July 1996: 29,434 in 1995/96, 0.13",
        plausible=(0.01, 0.15),
    )
    trial_weeks: int = parameter(
        3, "length of a work trial", unit="weeks", source="15 days", ge=1, le=52, plausible=(2, 6)
    )
    trial_fit: float = parameter(
        0.6,
        "gain from an employer's having seen the person",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.2, 1.2),
    )
    trial_memory_weeks: int = parameter(
        26, "how long a trial counts as recent work", unit="weeks", ge=0, le=520, plausible=(13, 52)
    )
    aftercare_effect: Share = parameter(
        0.3,
        "part of the chance to lose a job that aftercare takes away",
        unit="share",
        plausible=(0.1, 0.5),
    )
    better_off_sums: Share = parameter(
        0.0,
        "clients with whom an adviser, from action planning on, reckons what a job would leave"
        " them: they count tax credits, and ask less for fear of losing the claim (0: none)",
        unit="share",
        plausible=(0.0, 1.0),
    )
    sums_assurance: Share = parameter(
        0.5,
        "part of what the workless ask over benefit and costs (search.benefit_markup) that such"
        " sums take away",
        unit="share",
        plausible=(0.2, 0.8),
    )
    tax_credit_gbp: tuple[Pounds, Pounds] = parameter(
        (45.0, 77.0),
        "tax credit in full-time work at its highest: from 25 years without a child, with a child",
        unit="GBP per week",
        source="Working Tax Credit 2006/07: 1,665 and 680 a year, with a child 1,640 more",
        plausible=(0.8, 1.2),
    )
    tax_credit_from_gbp: Pounds = parameter(
        100.0,
        "pay from which the tax credit falls",
        unit="GBP per week",
        source="Working Tax Credit 2006/07: 5,220 a year",
        plausible=(80.0, 120.0),
    )
    tax_credit_taper: Share = parameter(
        0.37,
        "fall of the tax credit with each pound of pay above that",
        unit="ratio",
        source="Working Tax Credit 2006/07",
        plausible=(0.37, 0.55),
    )
    believed_base: LogOdds = parameter(
        -2.2,
        "provider's estimate: log odds of a job within a year, plain client",
        unit="log odds",
        plausible=(-3.0, -1.4),
    )
    believed_employability: LogOdds = parameter(
        3.0, "rise of it with employability 0 to 1", unit="log odds", plausible=(1.5, 4.5)
    )
    believed_barrier: LogOdds = parameter(
        -0.25, "change with each barrier", unit="log odds", source=ASSUMPTION, plausible=(-0.5, 0.0)
    )
    believed_years: LogOdds = parameter(
        -0.6,
        "change with the logarithm of one plus years out of work",
        unit="log odds",
        plausible=(-1.0, -0.2),
    )
    believed_effect: float = parameter(
        0.7,
        "what serving a client in full adds",
        unit="log odds",
        ge=0,
        le=20,
        plausible=(0.2, 1.4),
    )
    believed_retention: Share = parameter(
        0.7, "share of jobs believed to last a year", unit="per year", plausible=(0.5, 0.85)
    )
    parked_cost: Share = parameter(
        0.1,
        "cost of a parked client over that of a served one",
        unit="share",
        plausible=(0.03, 0.3),
    )
    effort_steps: int = parameter(
        4,
        "efforts a provider by results chooses from, equal parts of a full service (1: all or"
        " nothing)",
        unit="steps",
        ge=1,
        le=100,
        plausible=(1, 10),
    )
    effort_returns: float = parameter(
        0.5,
        "power of effort by which it achieves what a full service does (1: in proportion)",
        unit="exponent",
        gt=0,
        le=1,
        plausible=(0.3, 1.0),
    )
    reserve_share: float = parameter(
        0.4,
        "part of the results a client may bring that a contract keeps back from attachment on; the"
        " rest is added, as far as its money goes, when a job is entered",
        unit="share",
        gt=0,
        le=1,
        plausible=(0.2, 0.8),
    )

    @field_validator("progression")
    @classmethod
    def _ever_fewer(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if list(shares) != sorted(shares, reverse=True):
            raise ValueError(f"must not rise from stage to stage, got {shares}")
        return shares
