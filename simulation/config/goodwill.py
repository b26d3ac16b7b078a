"""Parameters of employers' goodwill towards advisers who call with candidates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simulation.config.base import ASSUMPTION, Group, Share, Weeks, parameter

Inner = Annotated[float, Field(gt=0, lt=1)]


class GoodwillConfig(Group):
    """How employers answer advisers, tire of callers and remember recruits."""

    elasticity: float = parameter(
        1.0,
        "how far brokerage follows the vacancies advisers know of (0 not at all)",
        unit="elasticity",
        ge=0,
        le=5,
        plausible=(0.0, 2.0),
    )
    notified: Share = parameter(
        0.4,
        "part of vacancies that employers notify, so that every adviser knows of them",
        unit="share",
        source="a third to a half are notified to Jobcentre Plus (shares vary by area and trade:"
        " Nomis, guidelines on Jobcentre vacancies); assumption",
        plausible=(0.3, 0.5),
    )
    usual: Inner = parameter(
        0.5,
        "goodwill of the first day: chance that an adviser who calls hears of a vacancy that is"
        " not notified",
        unit="probability",
        plausible=(0.3, 0.7),
    )
    usual_callers: float = parameter(
        1.0,
        "callers an employer hears from in a week without the support of the run, at which"
        " goodwill stays as it is",
        unit="callers per week",
        gt=0,
        le=100,
        plausible=(0.5, 3.0),
        distribution="log_uniform",
    )
    calls: float = parameter(
        5.0,
        "calls a week upon vacancies that advisers make for each client in placement",
        unit="calls per client and week",
        source="providers compete hard for employers (Ingold and Stuart 2015); ten calls a day"
        " with ten clients in placement; " + ASSUMPTION,
        ge=0,
        le=100,
        plausible=(1.0, 20.0),
        distribution="log_uniform",
    )
    half_life_weeks: Weeks = parameter(
        52.0,
        "time in which an employer nobody calls upon finds half of the goodwill it lacks",
        unit="weeks",
        plausible=(13.0, 156.0),
        distribution="log_uniform",
    )
    good_recruit: Share = parameter(
        0.1,
        "part of the goodwill an employer lacks that it gains by a client who stays 13 weeks",
        unit="share",
        plausible=(0.0, 0.3),
    )
    bad_recruit: Share = parameter(
        0.2,
        "part of an employer's goodwill that is lost with a client who leaves before",
        unit="share",
        source="a bad experience weighs more than a good one; " + ASSUMPTION,
        plausible=(0.0, 0.4),
    )
