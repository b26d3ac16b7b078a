"""What is expected of journeys, and how many people each stream can therefore engage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.categories import CLIENT_GROUPS, STAGES
from simulation.config import Config

if TYPE_CHECKING:
    from .support import SupportSystem

N_STAGES = len(STAGES)
BEGINS = {
    "engaged": 1,
    "assessed": 2,
    "service_started": 3,
    "parked": 3,
    "placement_started": 4,
    "aftercare_started": 5,
}
ENDS = {
    "did_not_go_on",
    "left_waiting",
    "lost_at_hand_over",
    "dropped_out",
    "completed",
    "left_area",
    "job_lost",
}
IN_WORK = CLIENT_GROUPS.index("employed")


@dataclass(frozen=True)
class Expectation:
    """Share of the engaged who reach each stage, the weeks it takes, what it costs of its price."""

    reach: list[float]
    weeks: list[float]
    part: list[float]

    @classmethod
    def first(cls, config: Config) -> Expectation:
        """Return what is expected before anybody has been seen."""
        weeks = list(config.regime.occupied_weeks)
        return cls(list(config.journey.progression), weeks, [1.0] * N_STAGES)

    @classmethod
    def after(cls, system: SupportSystem) -> Expectation:
        """Return what is expected after all that is on record, in people."""
        config = system.market.config
        before, size = cls.first(config), config.people_per_agent
        weight = config.regime.learning_weight
        begun, ended = [0] * (N_STAGES + 1), [0] * (N_STAGES + 1)
        n_ready = 0
        found, unplaced = [0] * (N_STAGES + 1), [0] * (N_STAGES + 1)
        for each in system.events:
            if each.group == IN_WORK:
                continue
            if each.event in BEGINS:
                begun[BEGINS[each.event]] += size
            elif each.event in ENDS:
                ended[each.stage] += size
                unplaced[each.stage] += size * (each.event == "left_waiting")
            elif each.event == "job_entry":
                found[each.stage] += size
            elif each.event == "ready_for_work":
                n_ready += size
        reach = [1.0]
        for stage in (2, 3, 4):
            p = before.reach[stage - 1] / before.reach[stage - 2]
            seen = begun[stage] + ended[stage - 1] + found[stage - 1]
            went_on = begun[stage] + unplaced[stage - 1]
            reach.append(reach[-1] * (weight * p + went_on) / (weight + seen))
        seen = begun[5] + sum(ended[1:5])
        went_on = begun[5] + unplaced[4]
        reach.append((weight * before.reach[4] + went_on) / (weight + seen))
        left = [begun[k + 1] + ended[k] + found[k] for k in (1, 2, 3)]
        left += [begun[5] + ended[4], ended[5]]  # Who finds a job in placement waits there.
        weeks = [
            (weight * before.weeks[k] + size * system.client_weeks[k]) / (weight + left[k])
            for k in range(N_STAGES)
        ]
        saved = (1.0 - config.journey.ready_cost) * n_ready
        services = (weight + begun[3] - saved) / (weight + begun[3]) if weight + begun[3] else 1.0
        return cls(reach, weeks, [1.0, 1.0, services, 1.0, 1.0])


def open_doors(system: SupportSystem) -> dict[int, int]:
    """Return by stream how many people its money can carry on beyond those it has."""
    streams = {each.stream for each in system.contracts}
    return {stream: _doors_of(system, stream) for stream in streams}


def _doors_of(system: SupportSystem, stream: int) -> int:
    week, plans = system.week, system.plans
    mine = [
        each
        for each in system.contracts
        if each.stream == stream and each.is_in_force(week) and not each.by_results
    ]
    if sum(each.planned[1] for each in mine) <= 0.0:
        return 0
    price = []
    for stage in range(1, N_STAGES + 1):
        places = sum(each.planned[stage] for each in mine)
        value = sum(each.planned[stage] * each.price[stage - 1] for each in mine)
        mean = value / places if places > 0.0 else 0.0
        price.append(mean * plans.part[stage - 1])
    journey = sum(p * share for p, share in zip(price, plans.reach, strict=True))
    if journey <= 0.0:
        return 0
    money = float(sum(each.money_left(week) for each in mine))
    weeks_left = max(each.end_week for each in mine) - week
    for person in system.market.people:
        client = person.journey
        if client.is_client and client.contract.stream == stream:
            money -= _still_to_cost(client.stage, price, plans, weeks_left)
    return max(math.floor(money / journey), 0)


def _still_to_cost(stage: int, price: list[float], plans: Expectation, weeks_left: int) -> float:
    """Return what a client in a stage costs from then on, as far as it falls due in time."""
    cost, delay = 0.0, 0.0
    for later in range(stage + 1, N_STAGES + 1):
        delay += plans.weeks[later - 2]
        if delay < weeks_left and plans.reach[stage - 1] > 0.0:
            cost += plans.reach[later - 1] / plans.reach[stage - 1] * price[later - 1]
    return cost
