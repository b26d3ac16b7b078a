"""Parameters of interventions, one class each; what all have in common is in `aid`.

Sources: unit costs of Routes into Work, Care First and Work Focused Training are those given to
Parliament in 2010; effects of help with looking for work and of training are set by trials inside
the model to those of Card, Kluve and Weber (2018), other effects follow their order, sizes assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, SerializeAsAny, create_model, model_validator

from simulation.categories import CLIENT_GROUPS
from simulation.config.aid import (
    IN_WORK,
    Aid,
    ClientGroup,
    Sector,
    cost_field,
    factor_field,
    fit_field,
    groups_field,
    places_field,
    share_field,
    weeks_field,
)
from simulation.config.base import Day, Group, Share, parameter
from simulation.register import INTERVENTIONS

WRITTEN_ANSWER = "Parliament, written answer 2010: "
LONG = CLIENT_GROUPS[1:-1]
FUND = "Future Jobs Fund: six months for those of 18 to 24 after six months on JSA"
ORDER = "direction: Card, Kluve and Weber 2018; size assumed"
BY_TRIAL = "set by trial={}, docs/decisions/effects.md: Card, Kluve and Weber 2018"
OF_TRAINING = BY_TRIAL.format("training")
OF_HELP = BY_TRIAL.format("job_search_help")
LOCK_IN = "chance to apply while on the course over that without"
COMPLETES = "chance to complete the course, and so to gain by it"
BROKERED = "chance a round of an application the service brings about"


class Outreach(Aid):
    """Workers who seek out people services do not reach; until they are engaged."""

    groups: tuple[ClientGroup, ...] = groups_field(CLIENT_GROUPS[2:7])
    wards: str | tuple[str, ...] = parameter("priority", "as in `all`", unit="-")
    places: int = places_field(4000)
    unit_cost_gbp: float = cost_field(120.0)
    weeks: int = weeks_field(26)
    engagement_factor: float = factor_field(
        4.0, "engagement rate of somebody reached over that of others"
    )


class SinglePointOfAccess(Aid):
    """Services under one roof: clients are passed on across the corridor; while clients."""

    places: int = places_field(4000)
    unit_cost_gbp: float = cost_field(90.0)
    weeks: int = weeks_field(52)
    loss_factor: Share = share_field(
        0.5, "chance to be lost when passed on over that without", unit="ratio"
    )


class TrackingSystem(Aid):
    """A shared record of a client: less is lost at hand-overs, nobody is assessed twice."""

    places: int = places_field(10_000)
    unit_cost_gbp: float = cost_field(40.0)
    weeks: int = weeks_field(104)


class EmployerBrokerage(Aid):
    """A single offer to employers: one adviser brings suitable people and vacancies together."""

    places: int = places_field(3000)
    unit_cost_gbp: float = cost_field(1200.0, WRITTEN_ANSWER + "Routes into Work, 1,200 GBP")
    p_broker: Share = share_field(0.015, BROKERED, source=OF_HELP)
    fit: float = fit_field(0.2, "gain in suitability from the adviser's word", OF_HELP)


class WorkTrial(Aid):
    """Three weeks with an employer on benefit: seen at work, and recently at work."""

    groups: tuple[ClientGroup, ...] = groups_field(LONG)
    unit_cost_gbp: float = cost_field(300.0)
    weeks: int = weeks_field(3, "15 days")


class Course(Aid):
    """What training courses have in common."""

    lock_in: Share = share_field(0.5, LOCK_IN, unit="ratio", source=ORDER)
    p_complete: Share = share_field(0.7, COMPLETES)


class BasicSkills(Course):
    """A course that lifts the barrier of basic skills."""

    unit_cost_gbp: float = cost_field(900.0)
    weeks: int = weeks_field(13, OF_TRAINING)


class Level2(Course):
    """A course that raises the qualification by one level, up to level 2."""

    unit_cost_gbp: float = cost_field(2310.0, WRITTEN_ANSWER + "Work Focused Training, 2,310 GBP")
    weeks: int = weeks_field(13, OF_TRAINING)
    max_qualification: int = parameter(1, "highest qualification", unit="level", ge=0, le=4)


class SectorRouteway(Course):
    """A short course for one sector, whose employers then know what the person can do."""

    unit_cost_gbp: float = cost_field(1500.0, WRITTEN_ANSWER + "Care First, 1,500 GBP")
    weeks: int = weeks_field(8)
    sector: Sector = parameter("health", "sector it leads to", unit="-")


class PreRecruitmentTraining(Course):
    """A course for an opening that is held meanwhile, then a first interview for it.

    As in Local Employment Partnerships, with which employers guaranteed interviews from 2007 on.
    """

    groups: tuple[ClientGroup, ...] = groups_field(LONG)
    unit_cost_gbp: float = cost_field(1200.0, WRITTEN_ANSWER + "Routes into Work, 1,200 GBP")
    weeks: int = weeks_field(4, "sector-based work academies: up to six weeks")
    sectors: tuple[Sector, ...] = parameter(
        ("retail", "hospitality", "public", "health"),
        "sectors of the employers that take part",
        unit="-",
        source="large retailers first, then public employers (DWP, February 2009); assumption",
    )
    fit: float = fit_field(
        0.6, "gain in suitability for that opening", source="as a work trial; assumption"
    )


class ConditionManagement(Aid):
    """Help to live and work with a health condition, as in Pathways to Work."""

    groups: tuple[ClientGroup, ...] = groups_field(("ib_esa",))
    unit_cost_gbp: float = cost_field(600.0)
    p_mend: Share = share_field(
        0.1,
        "chance that the limit on work is one degree less at the end",
        source="Pathways to Work: 0 to 7 percentage points of work (DWP RR525, RR601)",
    )
    confidence_gain: Share = share_field(
        0.3, "part of the lack of confidence made good at the end", unit="share"
    )


class Childcare(Aid):
    """Paid childcare: the barrier does not bind while it lasts, in work or out."""

    groups: tuple[ClientGroup, ...] = groups_field(CLIENT_GROUPS)
    unit_cost_gbp: float = cost_field(2600.0)
    weeks: int = weeks_field(52)


class Transport(Aid):
    """Fares, a bus or a moped: the barrier does not bind while it lasts, for some never again."""

    unit_cost_gbp: float = cost_field(500.0)
    weeks: int = weeks_field(26)
    p_lasting: Share = share_field(0.3, "chance that the barrier is gone for good")


class DebtAdvice(Aid):
    """Advice that may end the barrier of debt and gives back confidence."""

    unit_cost_gbp: float = cost_field(250.0)
    p_lift: Share = share_field(0.5, "chance that the barrier is gone at the end")
    confidence_gain: Share = share_field(
        0.2, "part of the lack of confidence made good at the end", unit="share"
    )


class WageSubsidy(Aid):
    """A voucher: who hires the holder is paid for half a year; it costs only once used."""

    groups: tuple[ClientGroup, ...] = groups_field(LONG)
    unit_cost_gbp: float = cost_field(1560.0)
    weeks: int = weeks_field(26)
    subsidy_weeks: int = parameter(
        26, "the employer is paid for, from the hire", unit="weeks", ge=1, le=520
    )
    fit: float = fit_field(0.8, "gain in suitability for any employer", ORDER)
    keep_factor: Share = share_field(
        0.6, "chance to lose the job while it is paid for, over that without", unit="ratio"
    )


class TemporaryJobs(Aid):
    """Jobs made for the young long-term unemployed, as in the Future Jobs Fund."""

    start: Day | None = parameter(date(2009, 10, 1), "first day", unit="date", source=FUND)
    end: Day | None = parameter(
        date(2011, 4, 1), "day from which no place can be taken", unit="date", source=FUND
    )
    groups: tuple[ClientGroup, ...] = groups_field(CLIENT_GROUPS[1:3])
    places: int = places_field(7100, "Hansard 3 Nov 2009: 3,552 in half a year in bcbc")
    unit_cost_gbp: float = cost_field(6500.0, "DWP 2012; Hansard 15 Mar 2010")
    weeks: int = weeks_field(26, FUND)
    min_age: int = parameter(18, "youngest age", unit="years", source=FUND, ge=16, le=64)
    max_age: int = parameter(
        25, "age from which nobody is helped", unit="years", source=FUND, ge=17, le=65
    )
    sectors: tuple[Sector, ...] = parameter(
        ("public", "health", "other"),
        "sectors of the establishments that take them on",
        unit="-",
    )
    weekly_wage_gbp: float = parameter(
        145.0,
        "pay",
        unit="GBP per week",
        source="25 hours at the minimum wage of October 2009, 5.80 GBP",
        gt=0,
        le=10_000,
    )
    p_kept: Share = share_field(
        0.25, "chance to be kept on at the end where there is a vacancy of the kind"
    )


class InWorkTraining(Aid):
    """Training at work that raises the qualification by one level, as in Train to Gain."""

    groups: tuple[ClientGroup, ...] = groups_field(IN_WORK)
    unit_cost_gbp: float = cost_field(1000.0)
    weeks: int = weeks_field(26)
    max_qualification: int = parameter(1, "highest qualification", unit="level", ge=0, le=4)
    p_complete: Share = share_field(0.7, COMPLETES)
    keep_factor: Share = share_field(
        0.9, "chance to lose the job while it lasts, over that without", unit="ratio"
    )


class RedundancyResponse(Aid):
    """Help at once for those who have just lost a job."""

    groups: tuple[ClientGroup, ...] = groups_field(("jsa_under_6_months", "no_benefit"))
    places: int = places_field(3000)
    unit_cost_gbp: float = cost_field(300.0)
    within_weeks: int = parameter(
        6, "longest time since the job was lost", unit="weeks", ge=0, le=520
    )
    closures_only: bool = parameter(
        False,
        "only those who lost it in a closure of economy.events: all places, or the budget, are then"
        " for the weeks in which they can be helped",
        unit="-",
    )
    p_broker: Share = share_field(0.015, BROKERED, source="as of employer_brokerage")


class ShortTimeWorking(Aid):
    """Grants that keep jobs an establishment no longer needs; the last hired are covered."""

    groups: tuple[ClientGroup, ...] = groups_field(IN_WORK)
    places: int = places_field(2000)
    unit_cost_gbp: float = cost_field(1300.0)
    weeks: int = weeks_field(26)
    sectors: tuple[Sector, ...] = parameter(
        ("manufacturing", "construction"),
        "sectors of the establishments helped",
        unit="-",
    )

    @model_validator(mode="after")
    def _no_trial(self) -> Self:
        if self.saturation:
            raise ValueError("saturation must be left out: places go to jobs, not to people")
        return self


class RecruitmentCompact(Aid):
    """Public employers interview residents of priority wards whom the compact puts forward."""

    wards: str | tuple[str, ...] = parameter("priority", "as in `all`", unit="-")
    unit_cost_gbp: float = cost_field(400.0)
    weeks: int = weeks_field(26)
    sectors: tuple[Sector, ...] = parameter(
        ("public", "health"), "sectors bound by the compact", unit="-"
    )
    fit: float = fit_field(1.0, "gain in suitability for vacancies of these sectors")


class EmploymentHub(Aid):
    """A recruitment office at a new development that puts people forward for its vacancies."""

    unit_cost_gbp: float = cost_field(700.0)
    weeks: int = weeks_field(26)
    site: str | None = parameter(
        None, "code of the development's ward; none: the ward with most jobs", unit="-"
    )
    fit: float = fit_field(1.0, "gain in suitability for vacancies at the site")
    p_broker: Share = share_field(0.015, BROKERED, source="as of employer_brokerage")


class PermittedWork(Aid):
    """Work of less than 16 hours a week with incapacity benefit kept, within a limit of earnings.

    The higher limit, 86 pounds a week in October 2006 and 92 in October 2008, held for a year; up
    to 20 pounds might be earned for any time.
    """

    groups: tuple[ClientGroup, ...] = groups_field(("ib_esa",))
    unit_cost_gbp: float = cost_field(100.0)
    weeks: int = weeks_field(52, source="permitted work, higher limit: 52 weeks")
    recovery: Share = share_field(
        0.4,
        "pace at which confidence and employability recover, over that of full-time work",
        unit="ratio",
        source="just under 16 of about 37 hours a week; that effects are in proportion is assumed",
    )


class InterventionsConfig(Group):
    """The interventions; each has `active: false` until it is chosen."""

    outreach: Outreach = Outreach()
    single_point_of_access: SinglePointOfAccess = SinglePointOfAccess()
    tracking_system: TrackingSystem = TrackingSystem()
    employer_brokerage: EmployerBrokerage = EmployerBrokerage()
    work_trial: WorkTrial = WorkTrial()
    basic_skills: BasicSkills = BasicSkills()
    level_2: Level2 = Level2()
    sector_routeway: SectorRouteway = SectorRouteway()
    condition_management: ConditionManagement = ConditionManagement()
    childcare: Childcare = Childcare()
    transport: Transport = Transport()
    debt_advice: DebtAdvice = DebtAdvice()
    wage_subsidy: WageSubsidy = WageSubsidy()
    temporary_jobs: TemporaryJobs = TemporaryJobs()
    in_work_training: InWorkTraining = InWorkTraining()
    redundancy_response: RedundancyResponse = RedundancyResponse()
    short_time_working: ShortTimeWorking = ShortTimeWorking()
    recruitment_compact: RecruitmentCompact = RecruitmentCompact()
    employment_hub: EmploymentHub = EmploymentHub()
    permitted_work: PermittedWork = PermittedWork()
    pre_recruitment_training: PreRecruitmentTraining = PreRecruitmentTraining()

    def active_names(self) -> tuple[str, ...]:
        """Return the names of those in force, in the order above."""
        return tuple(name for name in type(self).model_fields if getattr(self, name).active)


@cache
def schema_with(**own: type[Aid]) -> type[InterventionsConfig]:
    """Return the class that has registered interventions as well, by name."""
    fields: dict[str, Any] = {name: (kind, kind()) for name, kind in own.items()}
    return create_model("InterventionsConfig", __base__=InterventionsConfig, **fields)


def _with_registered(values: Any) -> Any:
    """Read values that name registered interventions by the class that has them."""
    if not isinstance(values, Mapping):
        return values
    shipped = InterventionsConfig.model_fields
    own = {
        name: INTERVENTIONS[name].parameters
        for name in values
        if name not in shipped and name in INTERVENTIONS
    }
    return schema_with(**own).model_validate(values) if own else values


AllInterventions = Annotated[SerializeAsAny[InterventionsConfig], BeforeValidator(_with_registered)]
"""The shipped interventions, and of those registered the ones that values name."""
