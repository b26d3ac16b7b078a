"""Interventions: all there are, in the order of their parameters, and the engine of their places.

A class of `Intervention` has its parameters in `simulation/config/interventions.py`, which must be
read without the engine, and a line below; one of your own brings both in one file.
"""

from __future__ import annotations

from simulation import register
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.policies.interventions.barriers import (
    Childcare,
    ConditionManagement,
    DebtAdvice,
    Transport,
)
from simulation.policies.interventions.base import Intervention
from simulation.policies.interventions.brokerage import (
    EmployerBrokerage,
    EmploymentHub,
    RecruitmentCompact,
    RedundancyResponse,
)
from simulation.policies.interventions.engine import Helped, Interventions
from simulation.policies.interventions.reach import (
    Outreach,
    SinglePointOfAccess,
    TrackingSystem,
)
from simulation.policies.interventions.short_time_working import ShortTimeWorking
from simulation.policies.interventions.temporary_jobs import TemporaryJobs
from simulation.policies.interventions.training import (
    BasicSkills,
    InWorkTraining,
    Level2,
    SectorRouteway,
)
from simulation.policies.interventions.wage_subsidy import WageSubsidy
from simulation.policies.interventions.work_trial import WorkTrial

__all__ = [
    "Helped",
    "Intervention",
    "Interventions",
    "check_interventions",
    "new_interventions",
]

for _kind in (
    Outreach,
    SinglePointOfAccess,
    TrackingSystem,
    EmployerBrokerage,
    WorkTrial,
    BasicSkills,
    Level2,
    SectorRouteway,
    ConditionManagement,
    Childcare,
    Transport,
    DebtAdvice,
    WageSubsidy,
    TemporaryJobs,
    InWorkTraining,
    RedundancyResponse,
    ShortTimeWorking,
    RecruitmentCompact,
    EmploymentHub,
):
    register.intervention(_kind)


def new_interventions(
    config: Config, area: Area, *, n_people: int, has_journey: bool, first_stream: int = 0
) -> Interventions:
    """Return the interventions of a run; parameters and errors as `Interventions`."""
    return Interventions(
        config,
        area,
        n_people=n_people,
        has_journey=has_journey,
        registry=register.INTERVENTIONS,
        first_stream=first_stream,
    )


def check_interventions(config: Config, area: Area) -> None:
    """Check what interventions say of the area before anything is simulated.

    Raises
    ------
    InputError
        One line for each ward, district or group that cannot be used.
    """
    new_interventions(config, area, n_people=0, has_journey=True)
