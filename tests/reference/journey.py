"""A client's way through the stages: weeks pass, stages end, clients leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simulation.categories import CLIENT_GROUPS, State
from simulation.streams import Stream

from .chance import weekly
from .contracts import Contract
from .effort import in_order
from .person import Person

if TYPE_CHECKING:
    from .support import SupportSystem

ENGAGED, PLANNING, SERVICES, PLACEMENT, AFTERCARE = range(1, 6)
EMPLOYED_GROUP = CLIENT_GROUPS.index("employed")


def single(value: float) -> float:
    """Return a number as single precision holds it."""
    return float(np.float32(value))


@dataclass
class Help:
    """What support changes for a person in search, hiring and work."""

    search: float = 1.0
    broker: float = 0.0
    fit: float = 0.0
    keep: float = 1.0
    knows_sums: bool = False
    trial_week: int | None = None

    def rest(self) -> None:
        """Forget everything but the last work trial."""
        self.search, self.broker, self.fit, self.keep = 1.0, 0.0, 0.0, 1.0
        self.knows_sums = False

    def weeks_since_work(self, weeks_since_job: int, week: int) -> int:
        """Return weeks since the last job or work trial, as employers count them."""
        if self.trial_week is None or self.trial_week > week:
            return weeks_since_job
        return min(weeks_since_job, week - self.trial_week)


@dataclass
class FollowedJob:
    """A job entry credited to a contract, until it is lost or nothing more can follow."""

    week: int
    contract: Contract
    milestones: int = 0
    n_paid: int = 0


@dataclass(eq=False)
class Journey:
    """Where a person stands with support."""

    person: Person
    stage: int = 0
    is_waiting: bool = False
    weeks_in_stage: int = 0
    contract: Contract | None = None
    effort: float = 0.0
    found: set[str] = field(default_factory=set)
    training_weeks: int = 0
    assessments: int = 0
    group: int = 0
    job: FollowedJob | None = None
    payment_group: int = 0
    reserved: int = 0
    free_from: int = 0
    treated_week: int | None = None
    programme: int | None = None

    @property
    def office(self) -> SupportSystem:
        return self.person.model.support

    @property
    def strength(self) -> float:
        """Return what the effort spent achieves, as a part of a full service."""
        return self.effort**self.office.rules.effort_returns if self.effort else 0.0

    @property
    def is_put_forward(self) -> bool:
        """Return whether an adviser looks for a job for the client."""
        return self.stage == PLACEMENT and self.effort > 0.0 and not self.is_waiting

    @property
    def is_client(self) -> bool:
        return self.stage > 0

    def record(self, event: str, *, cost: int = 0, earned: int = 0) -> None:
        """Put an event of the present stage and contract on the record."""
        self.office.record(self.person, event, self.contract, cost=cost, earned=earned)

    def release(self) -> None:
        """Let go what is kept back for results still possible."""
        contract = self.job.contract if self.job is not None else self.contract
        if self.reserved:
            contract.purse.let_go(self.reserved)
        self.reserved = 0

    def leave(self, event: str) -> None:
        """Record the end of the journey and end it; a followed job keeps its money."""
        self.record(event)
        self.end()

    def end(self) -> None:
        """Be no client any more."""
        if self.job is None:
            self.release()
        if self.contract is not None:
            self.contract.provider.caseload -= 1
        self.stage, self.contract, self.is_waiting = 0, None, False
        self.found, self.training_weeks, self.assessments = set(), 0, 0
        self.person.help.rest()
        self.free_from = self.office.week + self.office.rules.rest_weeks

    def wait(self) -> None:
        """Have done a stage and wait for the next."""
        self.is_waiting, self.weeks_in_stage = True, 0

    def start_again(self) -> None:
        """Leave the area, or at 65: the slot of the population begins again without a past."""
        if self.is_client:
            self.record("left_area")
        elif self.job is not None:
            self.office.record(self.person, "left_area", self.job.contract)
        if self.job is not None:
            self.release()
            self.job = None
            self.office.goodwill.on_trial.pop(self, None)
        if self.is_client:
            self.end()
        self.treated_week = self.programme = self.person.help.trial_week = None

    def advance(self) -> None:
        """Let a week of the journey pass."""
        if self.person.is_new:
            self.start_again()
        elif self.is_client:
            self._go_on()

    def _go_on(self) -> None:
        rules = self.office.rules
        luck = self.person.model.roll(Stream.JOURNEY, self.person.number)
        u_drop_out, u_goes_on, _, u_completes = luck
        if u_drop_out < weekly(rules.drop_out_rate[self.stage - 1]):
            self.leave("dropped_out")
            return
        self.weeks_in_stage += 1
        if not self.is_waiting and not self.contract.provider.is_open:
            self._lose_provider()
        elif self.is_waiting:
            if self.weeks_in_stage > rules.wait_weeks:
                self.leave("left_waiting")
        else:
            self._work(u_goes_on, u_completes)

    def _lose_provider(self) -> None:
        """Begin the same stage again elsewhere, if anybody takes the client."""
        self.record("provider_closed")
        if self.stage == ENGAGED:
            self.end()
            return
        self.stage -= 1
        self.training_weeks = 0
        self.wait()

    def _work(self, u_goes_on: float, u_completes: float) -> None:
        """Go on with a stage, or end it."""
        rules, weeks = self.office.rules, self.weeks_in_stage
        if self.stage == ENGAGED and weeks >= rules.engagement_weeks:
            if u_goes_on >= rules.p_go_on and not self.contract.sends(self.group):
                self.leave("did_not_go_on")
            else:
                self.wait()
        elif self.stage == PLANNING and weeks >= rules.planning_weeks:
            self.person.confidence += rules.confidence_gain * (1.0 - self.person.confidence)
            self.wait()
        elif self.stage == SERVICES:
            self._be_served(u_completes)
        elif self.stage in (PLACEMENT, AFTERCARE):
            is_placement = self.stage == PLACEMENT
            if weeks >= (rules.placement_weeks if is_placement else rules.aftercare_weeks):
                self.leave("completed")

    def _be_served(self, u_completes: float) -> None:
        """Let a week in services work on barriers and training, and end them when done."""
        rules, person = self.office.rules, self.person
        if self.effort:
            self._lift_barriers()
        if self.training_weeks > 0:
            self.training_weeks -= 1
            if self.training_weeks == 0 and u_completes < rules.p_complete_training:
                person.qualification += 1
                person.ability = min(person.ability + rules.training_gain, 1.0)
                person.employability = min(person.employability + rules.training_gain, 1.0)
                self.record("training_completed")
        has_all = not self.found & person.barriers and self.training_weeks == 0
        is_early = (
            self.effort > 0.0 and self.weeks_in_stage >= rules.least_service_weeks and has_all
        )
        if not is_early and self.weeks_in_stage < rules.service_weeks:
            return
        self.training_weeks = 0
        lost = person.ability - person.employability
        if self.effort and lost > 0.0:
            person.employability += rules.employability_gain * self.strength * lost
        if self.group == EMPLOYED_GROUP:
            self.leave("completed")
        else:
            self.wait()

    def _lift_barriers(self) -> None:
        provider, person = self.contract.provider, self.person
        quality = provider.quality_for(self.group) * self.strength
        for number, name in in_order(self.found & person.barriers):
            rate = self.office.rules.lift_rate[number]
            uniform = person.model.roll(Stream.BARRIER_WORK, person.number, number)[1]
            if uniform < weekly(rate) * quality * provider.barrier_strength[number]:
                person.barriers.discard(name)
                self.found.discard(name)
                self.record("barrier_lifted")

    def affect(self) -> None:
        """Set what support changes for the person this week."""
        rules, week, given = self.office.rules, self.office.week, self.person.help
        given.rest()
        trial = given.trial_week
        if trial is not None and 0 <= week - trial <= rules.trial_memory_weeks:
            given.fit = single(rules.trial_fit)
        if not self.is_client:
            return
        if self.stage > ENGAGED and self.effort > 0.0:
            dice, number = self.person.model.dice, self.person.number
            uniform = dice.roll(Stream.HAND_OVER, 0, number, 1)[1]
            given.knows_sums = uniform < rules.better_off_sums
        provider = self.contract.provider
        is_in_trial = trial is not None and trial > week
        if self.training_weeks > 0 or is_in_trial:
            given.search = single(rules.lock_in)
        if self.is_put_forward and self.person.state is not State.EMPLOYED and not is_in_trial:
            quality = provider.quality_for(self.group) * self.strength
            home, goodwill = self.person.ward, self.office.goodwill
            known = self.contract.employer_access * goodwill.answer[home]
            given.broker = single(min(rules.p_broker * quality * known, 1.0))
            goodwill.call(self.contract, home)
        if self.stage == AFTERCARE:
            given.keep = single(1.0 - rules.aftercare_effect * provider.quality)
