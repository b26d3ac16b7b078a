"""The money of interventions' places: it comes with them, week by week, and lapses with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.agents.contracts import Contracts
from simulation.support.money import Money, add_budget, commit


def fund_places(money: Money, contracts: Contracts, rows: np.ndarray, pence: Sequence[int]) -> None:
    """Give each intervention the money of a week's places, committed at once.

    Parameters
    ----------
    money : Money
    contracts : Contracts
    rows : ndarray of int64, shape (n_interventions,)
        The contract of each; -1 before it begins, when it has no places.
    pence : sequence of int
        What the week's places cost at most, by intervention.
    """
    more = np.array(pence, np.int64)
    rows, more = rows[more > 0], more[more > 0]
    for row, amount in zip(rows, more, strict=True):
        add_budget(money, int(contracts.stream[row]), int(amount))
    commit(money, contracts, rows, more)


def lapse_places(
    money: Money, contracts: Contracts, rows: np.ndarray, still: Sequence[int]
) -> None:
    """Take back from each intervention what pays neither for a place given nor one `still` out.

    Parameters
    ----------
    money : Money
    contracts : Contracts
    rows : ndarray of int64, shape (n_interventions,)
        As in `fund_places`.
    still : sequence of int
        Pence that vouchers not used can cost.
    """
    has_begun = rows >= 0
    rows, kept = rows[has_begun], np.array(still, np.int64)[has_begun]
    commit(money, contracts, rows, -np.maximum(money.free[rows] - kept, 0))
