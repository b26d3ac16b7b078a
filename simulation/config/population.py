"""Parameters of the first day: who is in which state, and since when."""

from __future__ import annotations

from simulation.config.base import CALIBRATED, Group, Share, Weeks, parameter


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
        510.0,
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
    ability: tuple[Share, Share, Share, Share, Share, Share, Share] = parameter(
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
        (0.29, 0.19, 0.17, 0.13, 0.22),
        "newcomers by the qualification they will reach",
        unit="share",
        source="about that of residents, so that people keep their ratio to the jobs of each level",
    )
    ability_spread: Share = parameter(
        0.4, "half-width of employability within a state", unit="0 to 1", plausible=(0.15, 0.45)
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
    barrier_correlation: float = parameter(
        0.3,
        "correlation of what lies behind any two of poor health, few qualifications and the"
        " barriers of one person (0: each by itself)",
        unit="correlation",
        source="disadvantages of one person add up and go together (Berthoud 2003, Multiple"
        " disadvantage in employment); size assumed",
        ge=0,
        lt=1,
        plausible=(0.0, 0.5),
    )
