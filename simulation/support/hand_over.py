"""A client's next stage begins: whether it can, who is lost on the way, what it costs and does."""

from __future__ import annotations

import numpy as np

from simulation.agents.clients import GROUP_EMPLOYED, NO_CONTRACT, NO_WEEK, Clients
from simulation.agents.contracts import Contracts
from simulation.agents.providers import Providers
from simulation.categories import N_BARRIERS, WEEKS_PER_YEAR, Stage
from simulation.compile import kernel
from simulation.streams import draw
from simulation.support.contract_columns import has_money_for
from simulation.support.effort import achieved, chosen_effort, payment_group
from simulation.support.journey import (
    BARRIER_WORK,
    HAND_OVER,
    JOURNEY,
    ONCE,
    leave,
)
from simulation.support.journey_week import JourneyWeek, note
from simulation.support.money import can_reserve, earn, release, reserve, spend
from simulation.support.records import EVENT

TRAINING_BELOW = 2
ASSESSED, ASSESSED_AGAIN = EVENT["assessed"], EVENT["assessed_again"]
STARTED = np.array(
    [
        -1,
        EVENT["engaged"],
        ASSESSED,
        EVENT["service_started"],
        EVENT["placement_started"],
        EVENT["aftercare_started"],
    ]
)
PARKED = EVENT["parked"]
LOST = EVENT["lost_at_hand_over"]
TRAINING_STARTED = EVENT["training_started"]
WORK_TRIAL = EVENT["work_trial"]
READY_FOR_WORK = EVENT["ready_for_work"]


@kernel(each=True)
def attaches(clients: Clients, contracts: Contracts, row: int, contract: int, stage: int) -> bool:
    """Return whether the start of a stage attaches the client to a contract paid by results."""
    if not contracts.by_results[contract] or stage in (Stage.ENGAGEMENT, Stage.AFTERCARE):
        return False
    return clients.stage[row] <= Stage.ENGAGEMENT or contract != clients.contract[row]


@kernel(each=True)
def results_left(contracts: Contracts, contract: int, group: int) -> int:
    """Return what the job outcome and all sustainment payments of one client come to, pence."""
    return (
        contracts.job[contract, group]
        + contracts.n_sustainment[contract, group] * contracts.sustainment[contract, group]
    )


@kernel(each=True)
def kept_back(now: JourneyWeek, contract: int, group: int) -> int:
    """Return what is kept back for the results of one client when attached, pence."""
    return int(now.rates.reserve_share * results_left(now.contracts, contract, group) + 0.5)


@kernel(each=True)
def can_begin(now: JourneyWeek, row: int, contract: int, stage: int) -> bool:
    """Return whether a contract has the money and the adviser for a stage."""
    contracts = now.contracts
    if not has_money_for(contracts, contract, stage, now.week):
        return False
    provider = contracts.provider[contract]
    present = now.clients.contract[row]
    is_own = present != NO_CONTRACT and contracts.provider[present] == provider
    if not is_own and now.providers.caseload[provider] >= now.providers.capacity[provider]:
        return False
    if contracts.by_results[contract]:
        if not attaches(now.clients, contracts, row, contract, stage):
            return True
        group = payment_group(now.people, row, now.rates.effort.weeks_of_esa[0])
        needed = contracts.attachment[contract, group] + kept_back(now, contract, group)
        return can_reserve(now.money, contract, needed)
    return True


@kernel(each=True)
def are_records_shared(
    providers: Providers, contracts: Contracts, present: int, contract: int
) -> bool:
    """Return whether both sides of a hand-over share records."""
    return (
        contracts.shares_records[present] or providers.shares_records[contracts.provider[present]]
    ) and (
        contracts.shares_records[contract] or providers.shares_records[contracts.provider[contract]]
    )


@kernel(each=True)
def are_co_located(contracts: Contracts, present: int, contract: int) -> bool:
    """Return whether advisers on both sides of a hand-over sit under one roof: one journey."""
    return contracts.is_co_located[present] and contracts.is_co_located[contract]


@kernel(each=True)
def consents(now: JourneyWeek, row: int) -> bool:
    """Return whether a client's records go along by consent, as always once asked."""
    share = now.rates.consent[now.people.ward[row]]
    return share > 0.0 and draw(now.seed, HAND_OVER, 0, now.people.id[row], ONCE)[0] < share


@kernel(each=True)
def loss_at_hand_over(now: JourneyWeek, present: int, contract: int, is_shared: bool) -> float:
    """Return the chance to lose a client passed from one contract's provider to another's."""
    providers, contracts, rates = now.providers, now.contracts, now.rates
    own, other = contracts.provider[present], contracts.provider[contract]
    chance = rates.p_lost
    if contracts.has_referral_duty[present]:
        chance *= rates.referral_duty_factor
    if is_shared or are_records_shared(providers, contracts, present, contract):
        chance *= rates.tracking_factor
    if providers.network[own] >= 0 and providers.network[own] == providers.network[other]:
        chance *= rates.link_factor
    if are_co_located(contracts, present, contract):
        chance *= rates.co_location_factor
    return chance


@kernel(each=True)
def is_lost(now: JourneyWeek, row: int, contract: int) -> bool:
    """Lose a client at a hand-over between organisations, or not; return whether."""
    present = now.clients.contract[row]
    if now.contracts.provider[present] == now.contracts.provider[contract]:
        return False
    is_shared = now.aid.shares_records[row] or consents(now, row)
    chance = loss_at_hand_over(now, present, contract, is_shared)
    chance *= now.aid.loss[row]
    if draw(now.seed, HAND_OVER, now.week, now.people.id[row], 0)[0] >= chance:
        return False
    note(now, row, LOST, 0, 0)
    leave(now, row)
    return True


@kernel(each=True)
def pay_for_start(now: JourneyWeek, row: int, contract: int, stage: int, price: int) -> int:
    """Earn what the start of a stage is paid, keep back what its results may cost; pence."""
    clients, contracts, money = now.clients, now.contracts, now.money
    if clients.job_week[row] == NO_WEEK and contract != clients.contract[row]:
        if clients.contract[row] != NO_CONTRACT:
            release(money, clients.contract[row], clients.reserved[row])
        clients.reserved[row] = 0
    if contracts.by_results[contract]:
        if not attaches(clients, contracts, row, contract, stage):
            return 0
        group = payment_group(now.people, row, now.rates.effort.weeks_of_esa[0])
        clients.payment_group[row] = group
        attachment = contracts.attachment[contract, group]
        year = min(
            (now.week - contracts.start_week[contract]) // WEEKS_PER_YEAR,
            contracts.taper.shape[1] - 1,
        )
        earned = int(attachment * contracts.taper[contract, year] + 0.5)
        reserve(money, contract, earned)
        earn(money, contracts, contract, earned, now.week)
        clients.reserved[row] = kept_back(now, contract, group)
        reserve(money, contract, clients.reserved[row])
        return earned
    if contracts.is_block[contract]:
        return 0
    reserve(money, contract, price)
    earn(money, contracts, contract, price, now.week)
    return price


@kernel(each=True)
def find_barriers(now: JourneyWeek, row: int) -> int:
    """Return the barriers an assessment finds, one bit each."""
    found = 0
    for barrier in range(N_BARRIERS):
        bit = 1 << barrier
        if now.people.barriers[row] & bit:
            words = draw(now.seed, BARRIER_WORK, now.week, now.people.id[row], barrier)
            if words[0] < now.rates.accuracy:
                found |= bit
    return found


@kernel(each=True)
def takes_course(now: JourneyWeek, row: int, stage: int, strength: float) -> bool:
    """Return whether somebody who begins a stage takes a course in it."""
    if stage != Stage.SERVICES or now.people.qualification[row] >= TRAINING_BELOW:
        return False
    words = draw(now.seed, JOURNEY, now.week, now.people.id[row], 0)
    return words[2] < now.rates.p_training * strength


@kernel(each=True)
def part_of_stage(now: JourneyWeek, row: int, stage: int) -> float:
    """Return what a stage costs of a full one: services cost less for who is ready for work."""
    if stage != Stage.SERVICES or now.clients.group[row] == GROUP_EMPLOYED:
        return 1.0
    is_ready = not now.clients.found[row] & now.people.barriers[row]
    is_ready &= not takes_course(now, row, stage, 1.0)
    return now.rates.ready_cost if is_ready else 1.0


@kernel(each=True)
def begin_services(now: JourneyWeek, row: int, stage: int) -> None:
    """Begin training or a work trial with the stage, for some of those who are served."""
    people, rates = now.people, now.rates
    strength = achieved(now.clients.effort[row], rates.effort)
    if strength == 0.0:
        return
    if takes_course(now, row, stage, strength):
        now.clients.training_weeks[row] = rates.training_weeks[people.ward[row]]
        note(now, row, TRAINING_STARTED, 0, 0)
    p_trial = 0.0
    if stage == Stage.PLACEMENT:
        p_trial = rates.p_trial * strength
    elif stage == Stage.ACTION_PLANNING:
        p_trial = rates.p_early_trial[people.ward[row]]
    if p_trial > 0.0 and draw(now.seed, HAND_OVER, now.week, people.id[row], 0)[1] < p_trial:
        now.support.trial_week[row] = now.week + rates.trial_weeks
        note(now, row, WORK_TRIAL, 0, 0)


@kernel(each=True)
def begin_stage(now: JourneyWeek, row: int, contract: int, stage: int) -> None:
    """Begin a stage under a contract: pay, spend, decide on effort, note it, do what it starts."""
    clients, providers, contracts = now.clients, now.providers, now.contracts
    present, provider = clients.contract[row], contracts.provider[contract]
    whole = part_of_stage(now, row, stage)
    price = int(contracts.price[contract, stage - 1] * whole + 0.5)
    earned = pay_for_start(now, row, contract, stage, price)
    effort = part = 1.0
    if stage in (Stage.SERVICES, Stage.PLACEMENT) and contracts.by_results[contract]:
        effort = chosen_effort(
            now.people, clients, providers, contracts, contract, row, stage, now.rates.effort
        )
        part = effort if effort > 0.0 else now.rates.effort.parked_cost
    cost = int(providers.unit_cost[provider, stage - 1] * whole * part + 0.5)
    is_passed_on = present != NO_CONTRACT and contracts.provider[present] != provider
    is_again = (
        is_passed_on
        and stage in (Stage.SERVICES, Stage.PLACEMENT)
        and not now.aid.shares_records[row]
        and not are_records_shared(providers, contracts, present, contract)
        and not are_co_located(contracts, present, contract)
        and not consents(now, row)
    )
    if is_passed_on:
        providers.caseload[contracts.provider[present]] -= 1
    if is_passed_on or present == NO_CONTRACT:
        providers.caseload[provider] += 1
    contracts.used[contract] += price
    clients.contract[row] = contract
    clients.stage[row] = stage
    clients.is_waiting[row] = False
    clients.weeks_in_stage[row] = 0
    clients.effort[row] = effort
    if clients.treated_week[row] == NO_WEEK:
        clients.treated_week[row] = now.week
        clients.programme[row] = contracts.stream[contract]
    spend(now.money, provider, cost)
    started = STARTED[stage] if effort > 0.0 or stage != Stage.SERVICES else PARKED
    note(now, row, started, cost, earned)
    if whole < 1.0:
        note(now, row, READY_FOR_WORK, 0, 0)
    if is_again:
        again = providers.unit_cost[provider, Stage.ACTION_PLANNING - 1]
        clients.assessments[row] += 1
        spend(now.money, provider, again)
        note(now, row, ASSESSED_AGAIN, again, 0)
    if stage == Stage.ACTION_PLANNING:
        clients.assessments[row] += 1
        clients.found[row] = find_barriers(now, row)
    begin_services(now, row, stage)
