"""The library of payment terms."""

from __future__ import annotations

from dataclasses import dataclass

from simulation.categories import PAYMENT_GROUPS

N_PAYMENT_GROUPS = len(PAYMENT_GROUPS)


@dataclass(frozen=True)
class Terms:
    """How a contract pays.

    Attributes
    ----------
    name : str
    kind : str
        "block" (monthly instalments of the budget), "unit" (a price per start of each stage) or
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
