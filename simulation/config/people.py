"""Parameters of people: how they change, their benefits, their first day."""

from __future__ import annotations

from simulation.config.base import CALIBRATED, Group, Rate, Share, Weeks, parameter


class PeopleConfig(Group):
    """How people change: health, ability, confidence, discouragement, moves."""

    half_life_weeks: Weeks = parameter(
        104.0,
        "half-life of employability and confidence out of work",
        unit="weeks",
        source="design starting point, range one to five years",
        plausible=(52.0, 260.0),
        distribution="log_uniform",
    )
    recovery_weeks: Weeks = parameter(
        52.0,
        "half-life of what is lost, once in work",
        unit="weeks",
        plausible=(26.0, 104.0),
        distribution="log_uniform",
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
    p_claim: Share = parameter(
        0.72,
        "chance that a lost job leads straight to a claim for JSA",
        unit="probability",
        source=CALIBRATED,
        plausible=(0.55, 0.85),
    )
    claim_rate: Rate = parameter(
        7.0,
        "seekers without benefit who claim JSA",
        unit="per year",
        source=CALIBRATED,
        plausible=(3.5, 14.0),
        distribution="log_uniform",
    )
    discouraged_rate: Rate = parameter(
        0.12,
        "seekers without benefit who stop seeking",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.06, 0.24),
        distribution="log_uniform",
    )
    start_seeking_rate: tuple[Rate, Rate, Rate, Rate] = parameter(
        (0.54, 0.52, 0.42, 0.14),
        "inactive people who start to seek, by age band",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.67, 1.5),
    )
    jsa_exit_rate: Rate = parameter(
        0.7,
        "claims for JSA that end for reasons other than a hire",
        unit="per year",
        source="JSA leavers' destinations, Hansard 26 Nov 2008; calibrated",
        plausible=(0.4, 1.1),
    )
    jsa_exit_to_inactive: Share = parameter(
        0.06,
        "of those, into inactivity; the rest go on seeking without benefit",
        unit="share",
        plausible=(0.02, 0.2),
    )
    ib_short_rate: Rate = parameter(
        2.07,
        "end of short incapacity claims",
        unit="per year",
        source="design 6: survival 0.62 exp(-2.07 t) + 0.38 exp(-0.10 t)",
        plausible=(1.5, 2.8),
    )
    ib_long_rate: Rate = parameter(
        0.10,
        "end of long incapacity claims",
        unit="per year",
        source="as above",
        plausible=(0.05, 0.15),
    )
    ib_long_share: Share = parameter(
        0.38,
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
        (0.30, 0.29, 0.41),
        "new incapacity, lone-parent and other claims a year for each claimant at the start",
        unit="per year",
        source="incapacity terminations 24.6 per cent of the caseload, Hansard 12 Mar 2007",
        plausible=(0.67, 1.5),
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
        0.5,
        "chance that an incapacity claimant's health is severe, else limiting",
        unit="share",
        plausible=(0.3, 0.7),
    )


class PopulationConfig(Group):
    """The state of people on the first day."""

    jsa_duration: tuple[Share, Share, Share, Share] = parameter(
        (0.31, 0.21, 0.24, 0.24),
        "JSA claimants by time on benefit: under 3, 3 to 6, 6 to 12, 12 to 36 months",
        unit="share",
        source="outcomes.csv jsa_over6m_bcbc: 48 per cent beyond six months",
    )
    seeking_weeks: Weeks = parameter(
        26.0,
        "mean time seeking without benefit",
        unit="weeks",
        plausible=(13.0, 52.0),
        distribution="log_uniform",
    )
    inactive_weeks: Weeks = parameter(
        200.0,
        "mean time inactive",
        unit="weeks",
        plausible=(100.0, 400.0),
        distribution="log_uniform",
    )
    lone_parent_weeks: Weeks = parameter(
        208.0,
        "mean time on lone-parent benefit",
        unit="weeks",
        plausible=(104.0, 416.0),
        distribution="log_uniform",
    )
    other_weeks: Weeks = parameter(
        150.0,
        "mean time on other benefit",
        unit="weeks",
        plausible=(75.0, 300.0),
        distribution="log_uniform",
    )
    ib_long_weeks: Weeks = parameter(
        560.0,
        "mean time on a long incapacity claim at the start, cut at adult life",
        unit="weeks",
        source="56 per cent of the stock beyond five years, Hansard 22 Oct 2008; two thirds beyond"
        " three, BCBC business plan 2007 s2.1.31",
        plausible=(280.0, 840.0),
    )
    p_from_inactivity: Share = parameter(
        0.35,
        "JSA claimants and seekers who were inactive before",
        unit="probability",
        plausible=(0.2, 0.5),
    )
    tenure_new_share: Share = parameter(
        0.22,
        "share of the employed in a job they soon leave",
        unit="share",
        source=CALIBRATED,
        plausible=(0.1, 0.35),
    )
    tenure_weeks: tuple[Weeks, Weeks] = parameter(
        (35.0, 450.0), "mean tenure of those and of the others", unit="weeks"
    )
    p_level_below: Share = parameter(
        0.18, "employed one level below their qualification", unit="share", plausible=(0.1, 0.3)
    )
    p_level_above: Share = parameter(
        0.15, "employed one level above their qualification", unit="share", plausible=(0.05, 0.25)
    )
    ability: tuple[float, float, float, float, float, float, float] = parameter(
        (0.62, 0.46, 0.30, 0.42, 0.36, 0.50, 0.44),
        "mean employability by state",
        unit="0 to 1",
        source=CALIBRATED,
        plausible=(0.75, 1.25),
    )
    ability_by_ward: float = parameter(
        0.25,
        "fall of employability with the logarithm of a ward's ratio of seekers to employed",
        unit="per log point",
        source="shares the gaps between wards among losing and not finding jobs; assumption",
        ge=0,
        le=1,
        plausible=(0.0, 0.5),
    )
    entrant_qualification: tuple[Share, Share, Share, Share, Share] = parameter(
        (0.12, 0.20, 0.25, 0.23, 0.20),
        "school leavers by the qualification they will reach",
        unit="share",
    )
    ability_spread: Share = parameter(
        0.3, "half-width of employability within a state", unit="0 to 1", plausible=(0.15, 0.45)
    )
    child_share: Share = parameter(
        0.38,
        "people aged 25 to 49, not lone-parent claimants, with a child at home",
        unit="share",
        source="Census 2011, households with dependent children",
        plausible=(0.3, 0.45),
    )
    lone_parent_share: Share = parameter(
        0.15,
        "of those with a child, lone parents",
        unit="share",
        source="Census 2011",
        plausible=(0.1, 0.25),
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
        plausible=(0.5, 2.0),
    )
    barrier_factor: float = parameter(
        2.5,
        "the same for the workless over the employed",
        unit="ratio",
        ge=1,
        le=5,
        plausible=(1.5, 4.0),
    )
