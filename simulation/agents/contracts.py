"""Contracts: what a regime gives, and the only thing of it the rest of the model sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from typing import NamedTuple

import numpy as np

from simulation.categories import CLIENT_GROUPS, PAYMENT_GROUPS
from simulation.errors import InputError

POOL = "pool"
"""Name of the stream of pooled money."""
TAPER_YEARS = 4
"""Years of a contract by which the attachment fee may differ."""


@dataclass(frozen=True)
class Terms:
    """How a contract pays.

    Attributes
    ----------
    name : str
    kind : str
        "block" (a grant in instalments), "unit" (a price per start of each stage) or
        "results" (attachment, job outcome, sustainment; the provider decides what to do).
    attachment_gbp, job_gbp, sustainment_gbp : tuple of float
        By payment group, GBP; the last for each sustainment payment. Empty unless by results.
    n_sustainment : tuple of int
        Sustainment payments, by payment group.
    job_weeks : int
        Weeks a job must last for the job outcome.
    sustainment_weeks : int
        Weeks between sustainment payments.
    attachment_taper : tuple of float
        Factor of the attachment fee by year of the contract; the last one holds on.
    mandatory : tuple of str
        Client groups that are referred, so that the provider cannot choose whom to recruit.
    group_job_weeks : tuple of int
        `job_weeks` by payment group, where groups differ; empty where they do not.
    least_effort : float
        Least part of the cost of a full service a provider by results owes every client, 0 to 1.

    Raises
    ------
    InputError
        One line for each thing that does not add up.
    """

    name: str
    kind: str
    attachment_gbp: tuple[float, ...] = ()
    job_gbp: tuple[float, ...] = ()
    sustainment_gbp: tuple[float, ...] = ()
    n_sustainment: tuple[int, ...] = ()
    job_weeks: int = 0
    sustainment_weeks: int = 4
    attachment_taper: tuple[float, ...] = (1.0,)
    mandatory: tuple[str, ...] = ()
    group_job_weeks: tuple[int, ...] = ()
    least_effort: float = 0.0

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise InputError(f"tariff {self.name}: {problem}" for problem in problems)

    def from_year(self, year: int) -> Terms:
        """Return the terms of a contract that carries on one tendered some years before.

        The attachment fee is what the taper has left of it, and falls on from there.
        """
        taper = self.attachment_taper[min(year, len(self.attachment_taper) - 1) :]
        return replace(
            self,
            attachment_gbp=tuple(taper[0] * fee for fee in self.attachment_gbp),
            attachment_taper=tuple(each / taper[0] for each in taper) if taper[0] else (1.0,),
        )

    def _problems(self) -> Iterator[str]:
        """Yield what does not add up."""
        if self.kind not in ("block", "unit", "results"):
            yield f"kind must be block, unit or results, got {self.kind!r}"
        wanted = len(PAYMENT_GROUPS) if self.kind == "results" else 0
        for column in ("attachment_gbp", "job_gbp", "sustainment_gbp", "n_sustainment"):
            values = getattr(self, column)
            if len(values) != wanted:
                yield f"{column} must have {wanted} values, got {len(values)}"
            if not all(0 <= value < inf for value in values):
                yield f"{column} must be at least 0, got {min(values)}"
        if not 1 <= len(self.attachment_taper) <= TAPER_YEARS:
            yield f"attachment_taper must have 1 to {TAPER_YEARS} factors"
        if self.group_job_weeks and len(self.group_job_weeks) != len(PAYMENT_GROUPS):
            yield f"group_job_weeks must have {len(PAYMENT_GROUPS)} values or none"
        if self.sustainment_weeks < 1:
            yield f"sustainment_weeks must be at least 1, got {self.sustainment_weeks}"
        if not 0 <= self.least_effort <= 1:
            yield f"least_effort must be from 0 to 1, got {self.least_effort}"
        if unknown := sorted(set(self.mandatory) - set(CLIENT_GROUPS)):
            yield f"mandatory {', '.join(unknown)} are no client groups"


@dataclass(frozen=True)
class Eligibility:
    """Who may be helped, wards apart.

    Attributes
    ----------
    groups : tuple of str
        Names of `categories.CLIENT_GROUPS`.
    min_age, max_age : int
        Years; from 16 to 65, the upper one not included.
    max_qualification : int
        Highest qualification allowed, 4 for any.
    minority_only : bool
        Only people of ethnic minorities.
    """

    groups: tuple[str, ...]
    min_age: int = 16
    max_age: int = 65
    max_qualification: int = 4
    minority_only: bool = False


@dataclass(frozen=True)
class FundingStream:
    """A stream of money with its rules.

    Attributes
    ----------
    name, funder, accountable_to : str
    amounts_gbp : mapping of date to float
        Amount for the planning year that begins on each date, already scaled to the area.
    eligibility : Eligibility
    wards : ndarray of bool, shape (n_wards,)
    stages : tuple of int
        Positions in `categories.STAGES` it may buy.
    discretion : float
        Share that may be moved to other cells or into a pool, 0 to 1.
    terms : str
        Name in the library of payment terms.
    target_jobs : float
        Job entries a year it has to account for.
    is_capacity : bool
        Whether it pays for the partnership's core team instead of clients.
    end : date or None
        Contracts under it end by then.
    """

    name: str
    funder: str
    accountable_to: str
    amounts_gbp: Mapping[date, float]
    eligibility: Eligibility
    wards: np.ndarray
    stages: tuple[int, ...]
    discretion: float
    terms: str
    target_jobs: float = 0.0
    is_capacity: bool = False
    end: date | None = None


@dataclass(frozen=True)
class Contract:
    """One contract between a stream and a provider, or a prime and its subcontractor.

    Attributes
    ----------
    stream : str
        Name of the stream that pays; "pool" for pooled money.
    provider : int
        Row of the provider that delivers.
    terms : Terms
    wards : ndarray of bool, shape (n_wards,)
    places : ndarray of float64, shape (n_client_groups, n_stages)
        Starts a year, in people.
    price_gbp : tuple of float, one a stage
        Paid per start under unit prices and block grants; 0 under results.
    budget_pence : int
        The most it can cost from start to end: what is committed.
    start, end : date
        First day, and the day after the last on which a stage can begin.
    eligibility : Eligibility
    prime : int or None
        Row of the prime contractor the stream pays, which passes on all but its margin.
    margin : float
        Share the prime keeps, 0 to 1.
    takes_referrals : bool
        Whether it may take clients whose last stage another stream paid for.
    has_referral_duty, shares_records, is_co_located : bool
        Clauses that lower the loss at hand-overs; shared records and one roof also spare a second
        assessment.
    has_single_offer : bool
        Whether its advisers call upon employers as one with those of all such contracts.
    employer_access : float
        Part of employers that its advisers may approach, 0 to 1.
    money_moves : bool
        Whether money may move between it and others that its stream let with it.
    """

    stream: str
    provider: int
    terms: Terms
    wards: np.ndarray
    places: np.ndarray
    price_gbp: tuple[float, ...]
    budget_pence: int
    start: date
    end: date
    eligibility: Eligibility
    prime: int | None = None
    margin: float = 0.0
    takes_referrals: bool = False
    has_referral_duty: bool = False
    shares_records: bool = False
    is_co_located: bool = False
    has_single_offer: bool = False
    employer_access: float = 1.0
    money_moves: bool = True


@dataclass(frozen=True)
class Lettings:
    """What a regime decides on one planning date.

    Attributes
    ----------
    contracts : tuple of Contract
    pooled_pence : mapping of str to int
        Money each stream puts into the pool.
    administration_pence : mapping of str to int
        Procurement and core-team costs by stream ("pool" for the pool's), paid at once.
    """

    contracts: tuple[Contract, ...] = ()
    pooled_pence: Mapping[str, int] = field(default_factory=dict)
    administration_pence: Mapping[str, int] = field(default_factory=dict)


class Contracts(NamedTuple):
    """Contracts in force or past as columns, c of them; money is per agent."""

    stream: np.ndarray
    """int16 (c,), row of the stream."""
    key: np.ndarray
    """int8 (c,), number of the stream in the keys of draws; 63 for the pool."""
    provider: np.ndarray
    """int16 (c,)."""
    prime: np.ndarray
    """int16 (c,), -1 none."""
    margin: np.ndarray
    """float64 (c,)."""
    start_week: np.ndarray
    """int32 (c,)."""
    end_week: np.ndarray
    """int32 (c,), first week on which no stage can begin."""
    wards: np.ndarray
    """bool (c, n_wards)."""
    min_age_weeks: np.ndarray
    """int16 (c,)."""
    max_age_weeks: np.ndarray
    """int16 (c,)."""
    max_qualification: np.ndarray
    """int8 (c,)."""
    minority_only: np.ndarray
    """bool (c,)."""
    takes_referrals: np.ndarray
    """bool (c,)."""
    has_referral_duty: np.ndarray
    """bool (c,)."""
    shares_records: np.ndarray
    """bool (c,)."""
    is_co_located: np.ndarray
    """bool (c,)."""
    has_single_offer: np.ndarray
    """bool (c,), calls upon employers as one with all such contracts."""
    employer_access: np.ndarray
    """float64 (c,), part of employers its advisers may approach."""
    by_results: np.ndarray
    """bool (c,), paid by results, so the provider chooses what to spend on whom."""
    is_block: np.ndarray
    """bool (c,), a grant, paid by monthly instalments."""
    is_mandatory: np.ndarray
    """bool (c, 8), client groups that are referred and not recruited."""
    budget: np.ndarray
    """int64 (c,), pence it was let for, from start to end."""
    money_moves: np.ndarray
    """bool (c,), whether idle money goes to and from others of its stream."""
    moved: np.ndarray
    """int64 (c,), pence that came from those others so far, below 0 if it went; written."""
    used: np.ndarray
    """int64 (c,), pence of it that starts so far have used, at the contract's prices; written."""
    groups: np.ndarray
    """bool (c, 8), client groups places are planned for."""
    planned: np.ndarray
    """float64 (c, 5), starts a year planned by stage, in agents; none of a stage not bought."""
    price: np.ndarray
    """int64 (c, 5), pence a start uses of the budget, and earns unless the contract is a grant."""
    least_effort: np.ndarray
    """float64 (c,), least part of the cost of a full service owed to every client."""
    attachment: np.ndarray
    """int64 (c, 9), pence by payment group on the first stage after engagement."""
    taper: np.ndarray
    """float64 (c, 4), factor of the attachment fee by year of the contract."""
    job: np.ndarray
    """int64 (c, 9), pence once a job has lasted `job_weeks`."""
    job_weeks: np.ndarray
    """int16 (c, 9)."""
    sustainment: np.ndarray
    """int64 (c, 9), pence for each sustainment payment."""
    n_sustainment: np.ndarray
    """int8 (c, 9)."""
    sustainment_weeks: np.ndarray
    """int16 (c,), weeks between sustainment payments, the first as long after `job_weeks`."""
