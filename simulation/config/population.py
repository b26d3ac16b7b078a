"""Parameters of the first day: who is in which state, and since when."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from simulation.config.base import SOME_WEIGHT, Group, Share, at_most_whole, parameter

FourWeights = Annotated[tuple[Share, Share, Share, Share], SOME_WEIGHT]
FiveWeights = Annotated[tuple[Share, Share, Share, Share, Share], SOME_WEIGHT]


class PopulationConfig(Group):
    """The state of people on the first day."""

    jsa_duration: FourWeights = parameter(
        (0.32, 0.21, 0.34, 0.13),
        "JSA claimants by time on benefit: under 3, 3 to 6, 6 to 12, 12 to 36 months",
        unit="share",
        source="outcomes.csv jsa_over6m_bcbc: 48 per cent beyond six months",
    )
    p_level_below: Share = parameter(
        0.18, "employed one level below their qualification", unit="share", plausible=(0.1, 0.3)
    )
    p_level_above: Share = parameter(
        0.15, "employed one level above their qualification", unit="share", plausible=(0.05, 0.25)
    )
    newcomer_ability: Share = parameter(
        0.62,
        "mean ability of newcomers, in a ward of average seekers per employed person",
        unit="0 to 1",
        source="about that of residents, so that people stay as able as they are; calibrated",
        plausible=(0.45, 0.7),
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
    entrant_qualification: FiveWeights = parameter(
        (0.29, 0.19, 0.17, 0.13, 0.22),
        "newcomers by the qualification they will reach",
        unit="share",
        source="about that of residents, so that people keep their ratio to the jobs of each level",
    )
    ability_spread: Share = parameter(
        0.4, "half-width of newcomers' ability", unit="0 to 1", plausible=(0.15, 0.45)
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
    child_age_weights: FourWeights = parameter(
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

    @model_validator(mode="after")
    def _levels(self) -> Self:
        names = ("p_level_below", "p_level_above")
        at_most_whole(names, self.p_level_below, self.p_level_above)
        return self
