"""Flows between two worlds: the same people with support and without, counted exactly.

A treated person is one engaged, or given a place of an intervention, by the snapshot in the world
with, and there still. The flows add up person by person in every pair (theory.md, closed form 6).
Terms: English Partnerships, Additionality Guide, 3rd ed., 2008.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.errors import BooksError

FLOWS = {
    "treated": "People engaged or given a place by the snapshot, and there still.",
    "gross": "Treated people in work at the snapshot, with support.",
    "deadweight": "Of those, the ones in work without support too.",
    "gains": "Treated people in work with support only.",
    "losses": "Treated people in work without support only.",
    "own_effect": "Gains less losses: what support changes for the treated themselves.",
    "others_gains": "Untreated people in work with support only; not an effect by itself.",
    "others_losses": "Untreated people in work without support only; not an effect by itself.",
    "substitution": "Others' losses less others' gains at employers of treated people who gained.",
    "displacement": "Others' losses less others' gains at all other employers.",
    "mirror": "Substitution counted with the worlds exchanged: what chance alone would show.",
    "substitution_netted": "Substitution less its mirror image.",
    "displacement_netted": "Displacement plus the mirror image, so that the sum is unchanged.",
    "net": "Change in the number of residents in work.",
    "leakage": "Gains of treated people who live outside priority wards.",
    "gross_leakage": "Gross outcomes of people who live outside priority wards.",
}
"""Columns of a gross-to-net table, in people, and what each means."""


class Pair(NamedTuple):
    """The same people in two worlds at one snapshot; arrays have shape (n,)."""

    employed_with: np.ndarray
    """bool."""
    employed_without: np.ndarray
    """bool."""
    employer_with: np.ndarray
    """int, employer's number; read only where employed."""
    employer_without: np.ndarray
    """int."""
    treated: np.ndarray
    """bool, treated by the snapshot in the world with."""
    outside: np.ndarray
    """bool, lives outside the priority wards."""


def gross_to_net(pair: Pair, group: np.ndarray | None = None, *, n_groups: int = 1) -> pd.DataFrame:
    """Count every flow between the worlds, by group of residents.

    Parameters
    ----------
    pair : Pair
    group : ndarray of int, shape (n,), optional
        Group of each person, 0 to n_groups - 1; all in one if left out.
    n_groups : int

    Returns
    -------
    DataFrame
        One row a group, columns `FLOWS`, float64, in agents. Rows add up to the area's.
        Nobody gives zeros.

    Raises
    ------
    BooksError
        When the flows of a group do not add up to its change in employment: a defect.
    """
    at_gainers, at_losers = _employers_of_treated(pair)
    flags = (
        pair.employed_with, pair.employed_without, pair.treated, pair.outside,
        at_gainers.with_support, at_gainers.without, at_losers.with_support, at_losers.without,
    )  # fmt: skip
    # People are counted once, by all flags together: 256 kinds, each a column of the table.
    kind = sum(flag.astype(np.int64) << bit for bit, flag in enumerate(flags))
    code = kind if group is None else kind + (np.asarray(group, np.int64) << len(flags))
    n_kinds = 1 << len(flags)
    counts = np.bincount(code, minlength=n_groups * n_kinds).reshape(n_groups, n_kinds)
    (
        employed_with, employed_without, treated, outside,
        by_gainers_with, by_gainers_without, by_losers_with, by_losers_without,
    ) = ((np.arange(n_kinds) >> bit & 1).astype(np.bool_) for bit in range(len(flags)))  # fmt: skip

    def number(of_kind: np.ndarray) -> np.ndarray:
        return counts[:, of_kind].sum(axis=1).astype(np.float64)

    gained, lost = employed_with & ~employed_without, employed_without & ~employed_with
    others, gross = ~treated, treated & employed_with
    others_gains, others_losses = number(others & gained), number(others & lost)
    substitution = number(others & lost & by_gainers_without) - number(
        others & gained & by_gainers_with
    )
    mirror = number(others & gained & by_losers_with) - number(others & lost & by_losers_without)
    return _complete(
        {
            "treated": number(treated),
            "gross": number(gross),
            "deadweight": number(gross & employed_without),
            "gains": number(treated & gained),
            "losses": number(treated & lost),
            "others_gains": others_gains,
            "others_losses": others_losses,
            "substitution": substitution,
            "displacement": others_losses - others_gains - substitution,
            "mirror": mirror,
            "net": number(employed_with) - number(employed_without),
            "leakage": number(treated & gained & outside),
            "gross_leakage": number(gross & outside),
        }
    )


class _Places(NamedTuple):
    """Whether a person's employer in each world is one of a set."""

    with_support: np.ndarray
    without: np.ndarray


def _changed(pair: Pair) -> tuple[np.ndarray, np.ndarray]:
    """Find who is in work only with support and who only without."""
    return (
        pair.employed_with & ~pair.employed_without,
        pair.employed_without & ~pair.employed_with,
    )


def _employers_of_treated(pair: Pair) -> tuple[_Places, _Places]:
    """Find who works at an employer of treated gainers, and at one of treated losers."""
    gained, lost = _changed(pair)
    n = 2 + int(max(pair.employer_with.max(initial=0), pair.employer_without.max(initial=0)))
    found = []
    for mask, employer in (
        (pair.treated & gained, pair.employer_with),
        (pair.treated & lost, pair.employer_without),
    ):
        is_one = np.zeros(n, np.bool_)
        is_one[employer[mask]] = True
        found.append(_Places(is_one[pair.employer_with], is_one[pair.employer_without]))
    return found[0], found[1]


def _complete(flows: dict[str, np.ndarray]) -> pd.DataFrame:
    """Add what follows from other columns and hold the identity."""
    flows["own_effect"] = flows["gains"] - flows["losses"]
    flows["substitution_netted"] = flows["substitution"] - flows["mirror"]
    flows["displacement_netted"] = flows["displacement"] + flows["mirror"]
    for split in ("", "_netted"):
        parts = ("deadweight", "losses", f"substitution{split}", f"displacement{split}")
        check_identity(flows["gross"] - sum(flows[part] for part in parts), flows["net"])
    changes = flows["gains"] - flows["losses"] + flows["others_gains"] - flows["others_losses"]
    if not np.isnan(flows["others_gains"]).any():
        check_identity(changes, flows["net"])
    return pd.DataFrame({name: flows[name] for name in FLOWS})


def check_identity(flows: np.ndarray, change: np.ndarray, *, tolerance: float = 1e-6) -> None:
    """Raise unless flows add up to the change in employment.

    Raises
    ------
    BooksError
        Naming the first row that is off; week -1, as the books are those of two runs.
    """
    off = np.flatnonzero(~(np.abs(flows - change) <= tolerance))
    if off.size:
        row = off[0]
        raise BooksError(
            "additionality", -1, f"row {row}: flows {flows[row]}, change {change[row]}"
        )


def programme_flows(pair: Pair, programme: np.ndarray, *, n_programmes: int) -> pd.DataFrame:
    """Count flows by the programme that treated people first.

    Those who were not treated have no programme, so what others lose is shared out: at an employer
    by its treated gainers (mirror: losers), elsewhere by all gainers (if none, by the treated).

    Parameters
    ----------
    pair : Pair
    programme : ndarray of int, shape (n,)
        0 to n_programmes - 1, read only for the treated.
    n_programmes : int

    Returns
    -------
    DataFrame
        One row a programme, columns `FLOWS`, in agents; others' gains and losses are NaN.
        If anybody is treated, rows add up to the area's.
    """
    gained, lost = _changed(pair)
    total = gross_to_net(pair).iloc[0]
    codes = np.where(pair.treated, programme, 0)

    def number(mask: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        values = None if weights is None else weights[mask]
        return np.bincount(codes[mask], values, minlength=n_programmes).astype(np.float64)

    gross = pair.treated & pair.employed_with
    gains, treated = number(pair.treated & gained), number(pair.treated)
    base = gains if gains.sum() > 0 else treated
    share = base / base.sum() if base.sum() > 0 else base
    substitution = number(pair.treated & gained, _per_treated(pair, gained, pair.employer_with))
    displacement = float(total["displacement"]) * share
    losses = number(pair.treated & lost)
    return _complete(
        {
            "treated": treated,
            "gross": number(gross),
            "deadweight": number(gross & pair.employed_without),
            "gains": gains,
            "losses": losses,
            "others_gains": np.full(n_programmes, np.nan),
            "others_losses": np.full(n_programmes, np.nan),
            "substitution": substitution,
            "displacement": displacement,
            "mirror": number(pair.treated & lost, -_per_treated(pair, lost, pair.employer_without)),
            "net": gains - losses - (substitution + displacement),
            "leakage": number(pair.treated & gained & pair.outside),
            "gross_leakage": number(gross & pair.outside),
        }
    )


def _per_treated(pair: Pair, moved: np.ndarray, employer: np.ndarray) -> np.ndarray:
    """Return what others lost, net, at a person's employer per treated person who moved there."""
    gained, lost = _changed(pair)
    others = ~pair.treated
    n = 2 + int(max(pair.employer_with.max(initial=0), pair.employer_without.max(initial=0)))
    loss = np.bincount(pair.employer_without[others & lost], minlength=n) - np.bincount(
        pair.employer_with[others & gained], minlength=n
    )
    movers = np.bincount(employer[pair.treated & moved], minlength=n)
    return (loss / np.maximum(movers, 1))[employer]
