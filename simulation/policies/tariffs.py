"""The library of payment terms: those of the time, those of a file, those made in Python."""

from __future__ import annotations

from difflib import get_close_matches
from math import inf
from pathlib import Path

from simulation import register
from simulation.agents.contracts import Terms
from simulation.categories import PAYMENT_GROUPS
from simulation.errors import InputError
from simulation.inputs.shipped import shipped_names
from simulation.policies.tariff_files import (
    ALL_GROUPS,
    Shares,
    Tariff,
    load_tariff,
)

N_PAYMENT_GROUPS = len(PAYMENT_GROUPS)
NEAREST_NAMES = 3


for _name in shipped_names("tariffs", suffix=".yaml"):
    register.TARIFFS.add(_name, None)  # read from its file, with the price of the day


def tariff_names() -> tuple[str, ...]:
    """Return the names `terms_named` knows: shipped and registered, sorted."""
    return tuple(sorted(register.TARIFFS))


def terms_named(name: str, unit_price_gbp: float | None = None) -> Terms:
    """Return payment terms by name.

    Parameters
    ----------
    name : str
        Shipped, registered, or the path of a YAML file of your own.
    unit_price_gbp : float or None
        What all results of a client come to, GBP; needed, and used, where the tariff is in shares.

    Raises
    ------
    InputError
        When there is no such tariff, naming the nearest; its file cannot be used; or a tariff in
        shares has no unit price or one below 0.
    """
    registered = register.TARIFFS.get(name)
    if registered is not None:
        return registered
    if not Path(name).suffix and name not in tariff_names():
        near = get_close_matches(name, tariff_names(), n=NEAREST_NAMES) or tariff_names()
        raise InputError(f"there is no tariff {name!r}; did you mean {', '.join(near)}?")
    tariff = load_tariff(name)
    plain = Path(name).stem
    if tariff.shares is None:
        return _terms_of_fees(plain, tariff)
    if unit_price_gbp is None or not 0 <= unit_price_gbp < inf:
        raise InputError(
            f"tariff {name} is in shares: unit_price_gbp must be a number of at least 0, got "
            f"{unit_price_gbp}"
        )
    return _terms_of_shares(plain, tariff, tariff.shares, unit_price_gbp)


def _terms_of_fees(name: str, tariff: Tariff) -> Terms:
    if tariff.fees is None:
        return Terms(name, tariff.kind, mandatory=tariff.mandatory)
    one = tariff.fees.get(ALL_GROUPS)
    fees = [one or tariff.fees[group] for group in PAYMENT_GROUPS]
    weeks = tuple(tariff.job_weeks if fee.job_weeks is None else fee.job_weeks for fee in fees)
    return Terms(
        name,
        tariff.kind,
        attachment_gbp=tuple(fee.attachment for fee in fees),
        job_gbp=tuple(fee.job for fee in fees),
        sustainment_gbp=tuple(fee.sustainment_total / max(fee.n_sustainment, 1) for fee in fees),
        n_sustainment=tuple(fee.n_sustainment for fee in fees),
        job_weeks=tariff.job_weeks,
        sustainment_weeks=tariff.sustainment_weeks,
        attachment_taper=tariff.attachment_taper,
        mandatory=tariff.mandatory,
        group_job_weeks=weeks if len(set(weeks)) > 1 else (),
        least_effort=tariff.least_effort,
    )


def _terms_of_shares(name: str, tariff: Tariff, shares: Shares, unit_price_gbp: float) -> Terms:
    n = max(shares.n_sustainment, 1)
    return Terms(
        name,
        tariff.kind,
        attachment_gbp=(unit_price_gbp * shares.attachment,) * N_PAYMENT_GROUPS,
        job_gbp=(unit_price_gbp * shares.job,) * N_PAYMENT_GROUPS,
        sustainment_gbp=(unit_price_gbp * shares.sustainment / n,) * N_PAYMENT_GROUPS,
        n_sustainment=(shares.n_sustainment,) * N_PAYMENT_GROUPS,
        job_weeks=tariff.job_weeks,
        sustainment_weeks=tariff.sustainment_weeks,
        attachment_taper=tariff.attachment_taper,
        mandatory=tariff.mandatory,
        least_effort=tariff.least_effort,
    )
