"""Parameters of the partnership of funders."""

from __future__ import annotations

from datetime import date
from typing import Any

from simulation.config.base import Day, Group, Rate, Share, parameter


class PartnershipConfig(Group):
    """Trust between funders and how they behave."""

    start: Day = parameter(
        date(2007, 4, 1),
        "first day of the partnership",
        unit="date",
        source="City Strategy pathfinders, 2007 to 2011",
    )
    trust: Share = parameter(
        0.5,
        "trust of each funder at the start",
        unit="0 to 1",
        source="such that trust is 0.635 in September 2010, partnership_scores.csv: mean of the six"
        " statements of engagement 3.54, (3.54 - 1) / 4; all were judged to have improved",
        plausible=(0.3, 0.65),
    )
    transparency: Share = parameter(
        0.58,
        "clarity with which partners see one another's contracts at the start",
        unit="0 to 1",
        source="partnership_barriers.csv, lack of information sharing: 1 less mean severity 0.42 "
        "(0 no problem, 1/3 irritant, 2/3 barrier, 1 serious)",
        plausible=(0.2, 0.9),
    )
    rigidity: Share = parameter(
        0.55,
        "part of what a willing funder could move that rules and audit hold back",
        unit="share",
        source="partnership_barriers.csv, rigid eligibility rules: mean severity, as above",
        plausible=(0.2, 0.8),
    )
    default_behaviour: str = parameter(
        "consult_and_align",
        "full_pooling, consult_and_align or independent, of funders not named in behaviours",
        unit="-",
    )
    behaviours: dict[str, str] = parameter({}, "behaviour by name of funder", unit="-")
    willing_part: tuple[Share, Share, Share] = parameter(
        (1.0, 0.5, 0.1),
        "part moved at full trust and without rigidity under each of the three behaviours",
        unit="share",
        plausible=(0.5, 1.0),
    )
    trust_growth: Rate = parameter(
        0.1,
        "rate at which the lack of trust shrinks by working together",
        unit="per year",
        source="partnership_scores.csv: all statements improved; with the two rates below 0.25 a"
        " year meets 0.635 in September 2010; how it divides is an assumption",
        plausible=(0.05, 0.2),
        distribution="log_uniform",
    )
    core_team_growth: Rate = parameter(
        0.09,
        "rate at which it shrinks by a core team's work, while there is money for one",
        unit="per year",
        plausible=(0.03, 0.2),
        distribution="log_uniform",
    )
    own_money_growth: Rate = parameter(
        0.06,
        "rate at which it shrinks while the partnership has money of its own for clients",
        unit="per year",
        plausible=(0.02, 0.15),
        distribution="log_uniform",
    )
    transparency_growth: Rate = parameter(
        0.05,
        "rate at which the lack of transparency shrinks by a core team's work",
        unit="per year",
        plausible=(0.02, 0.15),
        distribution="log_uniform",
    )
    missed_target_loss: Rate = parameter(
        0.02,
        "rate at which trust shrinks if targets are missed entirely",
        unit="per year",
        source="final evaluation: targets slipped down the list; size assumed",
        plausible=(0.0, 0.1),
    )
    restructuring_loss: Rate = parameter(
        0.04,
        "rate at which trust shrinks as partners restructure and staff change",
        unit="per year",
        source="partnership_barriers.csv: a barrier to a third of partners; size assumed",
        plausible=(0.01, 0.1),
        distribution="log_uniform",
    )
    shocks: tuple[dict[str, Any], ...] = parameter(
        (
            {"day": "2008-04-01", "name": "Working Neighbourhoods Fund", "size": 0.033},
            {"day": "2009-10-01", "name": "Flexible New Deal", "size": 0.033},
            {"day": "2010-05-11", "name": "change of government", "size": 0.05},
            {"day": "2011-06-01", "name": "Work Programme", "size": 0.067},
        ),
        "broken promises: day, name, size (share of trust lost), and funders if not all",
        unit="list",
        source="dates: history of the programmes; sizes assumed",
    )
