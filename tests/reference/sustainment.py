"""Job entries of clients, and the jobs followed after them: sustained, lost, paid for."""

from __future__ import annotations

from simulation.categories import State

from .journey import EMPLOYED_GROUP, ENGAGED, PLACEMENT, FollowedJob, Journey

MILESTONES = (13, 26, 52)


def enter_job(journey: Journey) -> None:
    """Note a job found during the journey and follow it."""
    if not ENGAGED <= journey.stage <= PLACEMENT or journey.group == EMPLOYED_GROUP:
        return
    if journey.person.state is not State.EMPLOYED or journey.job is not None:
        return
    journey.record("job_entry")
    _keep_back_the_rest(journey)
    journey.job = FollowedJob(journey.office.week, journey.contract)
    if journey.is_put_forward:
        journey.office.goodwill.take_on(journey)
    journey.stage, journey.training_weeks = PLACEMENT, 0
    journey.wait()
    journey.person.help.rest()


def follow_job(journey: Journey) -> None:
    """Let a week of a followed job count: lost, sustained, paid for."""
    job = journey.job
    journey.office.goodwill.judge(journey)
    if journey.person.state is not State.EMPLOYED:
        _about_job(journey, "job_lost")
        journey.release()
        journey.job = None
        if journey.is_client:
            journey.end()
        return
    weeks = journey.office.week - job.week
    if job.milestones < len(MILESTONES) and weeks >= MILESTONES[job.milestones]:
        _about_job(journey, f"sustained_{MILESTONES[job.milestones]}_weeks")
        job.milestones += 1
    if journey.reserved > 0:
        _be_paid(journey, weeks)
    is_all_seen = job.milestones == len(MILESTONES) and not journey.reserved
    if is_all_seen and not journey.is_client:
        journey.job = None


def _keep_back_the_rest(journey: Journey) -> None:
    """Keep back all a job may earn, as far as the contract's money goes."""
    if journey.reserved > 0:
        purse = journey.contract.purse
        missing = sum(journey.contract.results_fees(journey.payment_group)) - journey.reserved
        more = min(missing, purse.free)
        purse.keep_back(more)
        journey.reserved += more


def _be_paid(journey: Journey, weeks: int) -> None:
    """Earn the next result if it is due, never more than is kept back for it."""
    contract = journey.job.contract
    fees = contract.results_fees(journey.payment_group)
    if weeks < contract.results_weeks(journey.payment_group)[journey.job.n_paid]:
        return
    fee = min(fees[journey.job.n_paid], journey.reserved)
    journey.office.earn(journey.job.contract, fee)
    journey.reserved -= fee
    journey.job.n_paid += 1
    if fee > 0:
        _about_job(journey, "paid_for_result", earned=fee)
    if journey.job.n_paid == len(fees):
        journey.release()


def _about_job(journey: Journey, event: str, *, earned: int = 0) -> None:
    journey.office.record(journey.person, event, journey.job.contract, earned=earned)
