"""From contracts as a regime writes them to the columns the compiled phases read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from simulation.agents.contracts import POOL, TAPER_YEARS, Contract, Contracts
from simulation.categories import (
    CLIENT_GROUPS,
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    N_CLIENT_GROUPS,
    N_STAGES,
    PAYMENT_GROUPS,
    PENCE_PER_POUND,
    WEEKS_PER_YEAR,
)
from simulation.compile import kernel

POOL_KEY = 63
"""The pool's number in the keys of draws."""
ADVANCE_WEEKS = 5
"""A contract's money is released so far ahead: about the month that begins."""


def first_week_from(day: date, start: date) -> int:
    """Return the first week of a run that begins on a day or after it."""
    return -(-(day - start).days // DAYS_PER_WEEK)


def no_contracts(n_wards: int) -> Contracts:
    """Return the columns of no contract at all."""
    return contract_columns([], {}, n_wards=n_wards, start=date(2006, 5, 1), people_per_agent=1)


def contract_columns(
    contracts: Sequence[Contract],
    streams: Mapping[str, int],
    *,
    n_wards: int,
    start: date,
    people_per_agent: int,
) -> Contracts:
    """Return contracts as columns, money and places per agent.

    Parameters
    ----------
    contracts : sequence of Contract
        c of them.
    streams : mapping of str to int
        Rows of the streams.
    n_wards : int
    start : date
        First day of the run.
    people_per_agent : int
    """

    def column(values, kind) -> np.ndarray:
        return np.array(list(values), dtype=kind)

    def table(values, kind, *shape: int) -> np.ndarray:
        return np.array(list(values), dtype=kind).reshape(len(contracts), *shape)

    def pence(values) -> list[int]:
        return [round(PENCE_PER_POUND * gbp) * people_per_agent for gbp in values]

    def fees(amounts: Sequence[float]) -> list[int]:
        return pence(amounts or (0.0,) * len(PAYMENT_GROUPS))

    rules = [each.eligibility for each in contracts]
    terms = [each.terms for each in contracts]
    places = table((each.places for each in contracts), np.float64, N_CLIENT_GROUPS, N_STAGES)
    nine = len(PAYMENT_GROUPS)
    return Contracts(
        stream=column((streams[each.stream] for each in contracts), np.int16),
        key=column(
            (POOL_KEY if each.stream == POOL else streams[each.stream] for each in contracts),
            np.int8,
        ),
        provider=column((each.provider for each in contracts), np.int16),
        prime=column((-1 if each.prime is None else each.prime for each in contracts), np.int16),
        margin=column((each.margin for each in contracts), np.float64),
        start_week=column((first_week_from(each.start, start) for each in contracts), np.int32),
        end_week=column((first_week_from(each.end, start) for each in contracts), np.int32),
        wards=table((each.wards for each in contracts), np.bool_, n_wards),
        min_age_weeks=column((each.min_age * WEEKS_PER_YEAR for each in rules), np.int16),
        max_age_weeks=column((each.max_age * WEEKS_PER_YEAR for each in rules), np.int16),
        max_qualification=column((each.max_qualification for each in rules), np.int8),
        minority_only=column((each.minority_only for each in rules), np.bool_),
        takes_referrals=column((each.takes_referrals for each in contracts), np.bool_),
        has_referral_duty=column((each.has_referral_duty for each in contracts), np.bool_),
        shares_records=column((each.shares_records for each in contracts), np.bool_),
        is_co_located=column((each.is_co_located for each in contracts), np.bool_),
        has_single_offer=column((each.has_single_offer for each in contracts), np.bool_),
        employer_access=column((each.employer_access for each in contracts), np.float64),
        by_results=column((each.kind == "results" for each in terms), np.bool_),
        is_block=column((each.kind == "block" for each in terms), np.bool_),
        is_mandatory=table(
            ([name in each.mandatory for name in CLIENT_GROUPS] for each in terms),
            np.bool_,
            N_CLIENT_GROUPS,
        ),
        budget=column((each.budget_pence for each in contracts), np.int64),
        money_moves=column((each.money_moves for each in contracts), np.bool_),
        moved=np.zeros(len(contracts), np.int64),
        used=np.zeros(len(contracts), np.int64),
        groups=places.sum(axis=2) > 0.0,
        planned=places.sum(axis=1) / people_per_agent,
        price=table((pence(_prices(each)) for each in contracts), np.int64, N_STAGES),
        least_effort=column((each.least_effort for each in terms), np.float64),
        attachment=table((fees(each.attachment_gbp) for each in terms), np.int64, nine),
        taper=table((_taper(each.attachment_taper) for each in terms), np.float64, TAPER_YEARS),
        job=table((fees(each.job_gbp) for each in terms), np.int64, nine),
        job_weeks=table(
            (each.group_job_weeks or (each.job_weeks,) * nine for each in terms), np.int16, nine
        ),
        sustainment=table((fees(each.sustainment_gbp) for each in terms), np.int64, nine),
        n_sustainment=table((each.n_sustainment or (0,) * nine for each in terms), np.int8, nine),
        sustainment_weeks=column((each.sustainment_weeks for each in terms), np.int16),
    )


def _prices(contract: Contract) -> Sequence[float]:
    """Return what a start of each stage uses of the budget, GBP.

    Paid by results it is the client taken on who does, so that entries keep to their plan.
    """
    if contract.terms.kind != "results":
        return contract.price_gbp
    years = (contract.end - contract.start).days / DAYS_PER_YEAR
    entries = float(contract.places[:, 0].sum()) * years
    budget = contract.budget_pence / PENCE_PER_POUND
    return (budget / max(entries, 1.0) if entries > 0.0 else 0.0, *(0.0,) * (N_STAGES - 1))


def _taper(factors: Sequence[float]) -> list[float]:
    """Return a factor for each of the first years, the last one held on."""
    padded = [*factors, *[factors[-1]] * TAPER_YEARS]
    return padded[:TAPER_YEARS]


def append_columns(before: Contracts, more: Contracts) -> Contracts:
    """Return the columns of both, the new ones last."""
    return Contracts(*(np.concatenate(pair) for pair in zip(before, more, strict=True)))


@kernel(each=True)
def released(contracts: Contracts, contract: int, week: int) -> int:
    """Return the pence of a contract that starts may have used by a week: its budget by time.

    Even from its first day to its last, `ADVANCE_WEEKS` ahead; and what has been moved to it.
    """
    length = contracts.end_week[contract] - contracts.start_week[contract]
    weeks = week - contracts.start_week[contract] + ADVANCE_WEEKS
    by_time = contracts.budget[contract] * min(weeks, length) // length
    return by_time + contracts.moved[contract]


@kernel(each=True)
def has_money_for(contracts: Contracts, contract: int, stage: int, week: int) -> bool:
    """Return whether what a contract has released pays for one more start of a stage (1 to 5)."""
    left = released(contracts, contract, week) - contracts.used[contract]
    return left >= contracts.price[contract, stage - 1]


@kernel
def money_left(contracts: Contracts, week: int) -> np.ndarray:
    """Return what each contract has released and not used, int64 (c,); 0 where not in force."""
    left = np.zeros(contracts.budget.size, np.int64)
    for contract in range(left.size):
        if contracts.start_week[contract] <= week < contracts.end_week[contract]:
            left[contract] = released(contracts, contract, week) - contracts.used[contract]
    return left
