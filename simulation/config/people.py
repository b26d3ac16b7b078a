"""Parameters of people: how they change, their benefits."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from simulation.config.base import (
    CALIBRATED,
    SOME_WEIGHT,
    Factor,
    Group,
    Rate,
    RelativeRisk,
    Share,
    Weeks,
    at_most_whole,
    parameter,
)

RisksByState = Annotated[tuple[RelativeRisk, RelativeRisk, RelativeRisk, RelativeRisk], SOME_WEIGHT]
RisksByHealth = Annotated[tuple[RelativeRisk, RelativeRisk, RelativeRisk], SOME_WEIGHT]


class PeopleConfig(Group):
    """How people change: health, ability, confidence, discouragement, moves."""

    half_life_weeks: Weeks = parameter(
        78.0,
        "half-life of employability and confidence out of work",
        unit="weeks",
        source="design starting point, range one to five years",
        plausible=(52.0, 260.0),
        distribution="log_uniform",
    )
    recovery_weeks: Weeks = parameter(
        26.0,
        "half-life of what is lost, once in work",
        unit="weeks",
        plausible=(13.0, 104.0),
        distribution="log_uniform",
    )
    employability_floor: Share = parameter(
        0.6,
        "part of ability that no time out of work takes away",
        unit="share",
        plausible=(0.3, 0.9),
    )
    scarring: Share = parameter(
        0.4,
        "part of ability lost to a life wholly out of work",
        unit="share",
        source="Arulampalam 2001, Gregg 2001: scars last; size assumed",
        plausible=(0.0, 0.6),
    )
    health_worsens: tuple[Rate, Rate, Rate, Rate] = parameter(
        (0.006, 0.008, 0.015, 0.035),
        "health falls by one step, by age band",
        unit="per year",
        plausible=(0.5, 2.0),
    )
    health_mends: Rate = parameter(
        0.12, "health rises by one step", unit="per year", plausible=(0.06, 0.24)
    )
    workless_health_factor: float = parameter(
        1.5,
        "rate of falling ill out of work over that in work",
        unit="ratio",
        ge=1,
        le=20,
        plausible=(1.0, 2.5),
    )
    p_move_on_hire: Share = parameter(
        0.0,
        "chance that a hired resident of a priority ward moves out and a workless person in",
        unit="probability",
        source="BCBC business plan 2007 s2.1.24; off by default",
        plausible=(0.0, 0.3),
    )


class BenefitsConfig(Group):
    """Claims, ends of claims and moves between states outside work."""

    rules: str = parameter(
        "rules_2006", "dated amounts, ages and duties: a shipped name or your own YAML", unit="path"
    )
    frozen: bool = parameter(
        False, "amounts (against pay), ages and duties stay as on the first day", unit="yes or no"
    )
    p_claim: Share = parameter(
        0.66,
        "chance that a lost job leads straight to a claim for JSA",
        unit="probability",
        source=CALIBRATED,
        plausible=(0.55, 0.85),
    )
    p_claim_laid_off: Share = parameter(
        0.95, "the same for those laid off", unit="probability", plausible=(0.7, 1.0)
    )
    claim_rate: Rate = parameter(
        3.3,
        "seekers without benefit who claim JSA, at the slack of the first day",
        unit="per year",
        source=CALIBRATED,
        plausible=(1.5, 6.0),
        distribution="log_uniform",
    )
    claim_slack: float = parameter(
        2.0,
        "power of applications per vacancy in reach by which claims of seekers rise (0 not at all)",
        unit="exponent",
        source="take-up rises when jobs are hard to find; size set for the peak of JSA in 2009",
        ge=0,
        le=3,
        plausible=(0.0, 2.5),
    )
    discouraged_rate: tuple[Rate, Rate, Rate, Rate] = parameter(
        (1.1, 1.0, 0.9, 1.3),
        "seekers without benefit who stop seeking, by age band",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.67, 1.5),
    )
    start_seeking_rate: tuple[Rate, Rate, Rate, Rate] = parameter(
        (1.15, 1.5, 1.6, 0.37),
        "inactive people who start to seek, by age band",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.67, 1.5),
    )
    inactivity_health: tuple[Factor, Factor, Factor] = parameter(
        (1.0, 1.5, 2.5),
        "factor of giving up search, and divisor of starting it, by health",
        unit="ratio",
        plausible=(0.8, 1.2),
    )
    inactivity_child: Factor = parameter(
        1.4,
        "the same with a youngest child below school age",
        unit="ratio",
        plausible=(1.0, 2.0),
    )
    attachment_slack: float = parameter(
        0.4,
        "power of applications per vacancy in reach by which giving up search falls and starting it"
        " rises (0 not at all)",
        unit="exponent",
        source="from 2007 to early 2009 a tenth fewer of the unemployed became inactive and a tenth"
        " more of the inactive unemployed, ONS X02; a third of unemployment's cycle (Elsby, Hobijn"
        " and Sahin 2015)",
        ge=0,
        le=2,
        plausible=(0.0, 0.6),
    )
    jsa_exit_rate: Rate = parameter(
        1.0,
        "claims for JSA that end for reasons other than a hire",
        unit="per year",
        source="JSA leavers' destinations, Hansard 26 Nov 2008; calibrated",
        plausible=(0.4, 1.1),
    )
    jsa_exit_to_inactive: Share = parameter(
        0.35,
        "of those, into inactivity; the rest go on seeking without benefit",
        unit="share",
        plausible=(0.2, 0.7),
    )
    ib_short_rate: Rate = parameter(
        1.8,
        "end of short incapacity claims",
        unit="per year",
        source="design 6: survival 0.62 exp(-2.07 t) + 0.38 exp(-0.10 t)",
        plausible=(1.5, 2.8),
    )
    ib_long_rate: Rate = parameter(
        0.034,
        "end of long incapacity claims",
        unit="per year",
        source="as above",
        plausible=(0.03, 0.1),
    )
    ib_long_share: Share = parameter(
        0.41,
        "share of new incapacity claims that are long",
        unit="share",
        source="as above",
        plausible=(0.3, 0.5),
    )
    lone_parent_rate: Rate = parameter(
        0.10,
        "lone-parent claims ended other than by a hire or the child's age",
        unit="per year",
        source="Hansard: lone parents leaving benefit 2006-07",
        plausible=(0.05, 0.2),
        distribution="log_uniform",
    )
    review_weeks: Weeks = parameter(
        80.0,
        "mean wait from the child's reaching the age limit to the end of the claim",
        unit="weeks",
        source="phasing of the lone parent obligations 2008-10",
        plausible=(40.0, 160.0),
        distribution="log_uniform",
    )
    other_rate: Rate = parameter(
        0.35, "other income-related claims ended", unit="per year", plausible=(0.2, 0.6)
    )
    exit_to_jsa: tuple[Share, Share, Share] = parameter(
        (0.22, 0.5, 0.15),
        "ended incapacity, lone-parent and other claims that become JSA",
        unit="share",
        source="Hansard 29 Jan 2007 col 91W for incapacity; else assumption",
        plausible=(0.5, 1.5),
    )
    exit_to_seeking: tuple[Share, Share, Share] = parameter(
        (0.25, 0.12, 0.10),
        "those that go on seeking without benefit",
        unit="share",
        plausible=(0.5, 1.5),
    )
    inflow_rate: tuple[Rate, Rate, Rate] = parameter(
        (0.220, 0.202, 0.452),
        "new incapacity, lone-parent and other claims a year for each claimant at the start",
        unit="per year",
        source="incapacity terminations 24.6 per cent of the caseload, Hansard 12 Mar 2007",
        plausible=(0.67, 1.5),
    )
    risk: tuple[RisksByState, RisksByState, RisksByState] = parameter(
        ((1.0, 10.0, 5.0, 3.0), (1.0, 3.0, 3.0, 5.0), (0.3, 1.5, 1.5, 5.0)),
        "relative risk of an incapacity, lone-parent, other claim for the employed, JSA claimants,"
        " seekers without benefit, inactive",
        unit="ratio",
        source="for incapacity those of JSA's and of its own leavers who claim it within a year,"
        " Hansard 29 Jan 2007 col 91W; else assumption",
    )
    health_risk: RisksByHealth = parameter(
        (1.0, 5.0, 12.0), "relative risk of an incapacity claim by health", unit="ratio"
    )
    illness_with_claim: Share = parameter(
        0.5,
        "chance that an incapacity claimant's health is severe, else limiting",
        unit="share",
        plausible=(0.3, 0.7),
    )

    @model_validator(mode="after")
    def _exits(self) -> Self:
        names = ("exit_to_jsa", "exit_to_seeking")
        for to_jsa, to_seeking in zip(self.exit_to_jsa, self.exit_to_seeking, strict=True):
            at_most_whole(names, to_jsa, to_seeking)
        return self
