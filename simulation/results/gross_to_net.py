"""Flows between two worlds: the same people with support and without, counted exactly.

A treated person is one engaged, or given a place of an intervention, by the snapshot in the world
with. The flows add up person by person in every pair (theory.md, closed form 6). Terms: English
Partnerships, Additionality Guide, 3rd ed., 2008.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.errors import BooksError

FLOWS = {
    "treated": "People engaged or given a place by the snapshot.",
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
    codes = np.zeros(pair.treated.size, np.int64) if group is None else np.asarray(group)

    def number(mask: np.ndarray) -> np.ndarray:
        return np.bincount(codes[mask], minlength=n_groups).astype(np.float64)

    gained, lost = _changed(pair)
    at_gainers, at_losers = _employers_of_treated(pair)
    others = ~pair.treated
    substituted = number(others & lost & at_gainers.without) - number(
        others & gained & at_gainers.with_support
    )
    mirror = number(others & gained & at_losers.with_support) - number(
        others & lost & at_losers.without
    )
    gross = pair.treated & pair.employed_with
    flows = {
        "treated": number(pair.treated),
        "gross": number(gross),
        "deadweight": number(gross & pair.employed_without),
        "gains": number(pair.treated & gained),
        "losses": number(pair.treated & lost),
        "others_gains": number(others & gained),
        "others_losses": number(others & lost),
        "substitution": substituted,
        "displacement": number(others & lost) - number(others & gained) - substituted,
        "mirror": mirror,
        "net": number(pair.employed_with) - number(pair.employed_without),
        "leakage": number(pair.treated & gained & pair.outside),
        "gross_leakage": number(gross & pair.outside),
    }
    return _complete(pd.DataFrame(flows))


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


def _complete(flows: pd.DataFrame) -> pd.DataFrame:
    """Add what follows from other columns and hold the identity."""
    flows["own_effect"] = flows["gains"] - flows["losses"]
    flows["substitution_netted"] = flows["substitution"] - flows["mirror"]
    flows["displacement_netted"] = flows["displacement"] + flows["mirror"]
    for split in ("", "_netted"):
        parts = ["deadweight", "losses", f"substitution{split}", f"displacement{split}"]
        check_identity(flows["gross"] - flows[parts].sum(axis=1), flows["net"])
    changes = flows["gains"] - flows["losses"] + flows["others_gains"] - flows["others_losses"]
    if not flows["others_gains"].isna().any():
        check_identity(changes, flows["net"])
    return flows[list(FLOWS)]


def check_identity(flows: pd.Series, change: pd.Series, *, tolerance: float = 1e-6) -> None:
    """Raise unless flows add up to the change in employment.

    Raises
    ------
    BooksError
        Naming the first row that is off; week -1, as the books are those of two runs.
    """
    off = np.flatnonzero(~(np.abs(flows.to_numpy() - change.to_numpy()) <= tolerance))
    if off.size:
        row = off[0]
        raise BooksError(
            "additionality", -1, f"row {row}: flows {flows.iloc[row]}, change {change.iloc[row]}"
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
    flows = pd.DataFrame(
        {
            "treated": treated,
            "gross": number(gross),
            "deadweight": number(gross & pair.employed_without),
            "gains": gains,
            "losses": number(pair.treated & lost),
            "others_gains": np.nan,
            "others_losses": np.nan,
            "substitution": number(
                pair.treated & gained, _per_treated(pair, gained, pair.employer_with)
            ),
            "displacement": total["displacement"] * share,
            "mirror": number(pair.treated & lost, -_per_treated(pair, lost, pair.employer_without)),
            "leakage": number(pair.treated & gained & pair.outside),
            "gross_leakage": number(gross & pair.outside),
        }
    )
    crowding = flows["substitution"] + flows["displacement"]
    flows["net"] = flows["gains"] - flows["losses"] - crowding
    return _complete(flows)


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
