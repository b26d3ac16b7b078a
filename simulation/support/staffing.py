"""What providers can take: staff follow the contracts they have, with a delay and up to a limit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simulation.agents.contracts import Contract
from simulation.categories import WEEKS_PER_YEAR
from simulation.config import ProvidersConfig


def booked(
    contracts: Iterable[Contract], occupied_weeks: np.ndarray, n_providers: int
) -> np.ndarray:
    """Return the clients at a time that contracts fill, by provider; float64 (n_providers,).

    A start a year of a stage fills `occupied_weeks` / 52 of a place on a caseload.
    """
    load = occupied_weeks / WEEKS_PER_YEAR
    filled = np.zeros(n_providers)
    for each in contracts:
        filled[each.provider] += float(each.places.sum(axis=0) @ load)
    return filled


class Staffing:
    """Clients at a time each provider has staff for, in people.

    Parameters
    ----------
    capacity : ndarray, shape (n_providers,)
        People, with the staff of the first day, who stay whatever happens.
    config : ProvidersConfig
        `staff_limit`, `occupancy` and `hiring_months`.
    """

    RESIZED = STATE = ("now",)

    def __init__(self, capacity: np.ndarray, config: ProvidersConfig) -> None:
        self.config = config
        self.base = np.asarray(capacity, np.float64)
        self.most = self.base * config.staff_limit
        self.now = self.base.copy()

    def month_passes(self, filled: np.ndarray) -> np.ndarray:
        """Hire for what contracts fill, or let go; return what staff are there for then.

        Staff go the part 1 / `hiring_months` of the way to those of whom contracts fill the part
        `occupancy`, who count for no less than the staff of the first day and no more than
        `staff_limit` of it.
        """
        wanted = np.clip(filled / self.config.occupancy, self.base, self.most)
        self.now += (wanted - self.now) / self.config.hiring_months
        return self.now

    def offered(self, filled: np.ndarray) -> np.ndarray:
        """Return the clients at a time providers still offer to fill, beside those given."""
        return np.maximum(self.config.occupancy * self.most - filled, 0.0)
