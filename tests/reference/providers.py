"""Providers, and the money a contract has left; pence."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

PENCE = 100


def nearest_penny(amount: float) -> int:
    """Return whole pence."""
    return round(amount)


@dataclass(eq=False)
class Provider:
    """An organisation that helps clients."""

    number: int
    quality: float
    kind: int
    trust: float
    capacity: int
    unit_cost: list[int]
    group_strength: list[float]
    barrier_strength: list[float]
    shares_records: bool
    network: int | None
    cash: int = 0
    credit: int = 0
    is_open: bool = True
    caseload: int = 0
    staff: float = 0.0
    base: int = 0

    @property
    def is_full(self) -> bool:
        return self.caseload >= self.capacity

    def hire(self, filled: float, *, limit: float, months: float) -> None:
        """Let staff go part of the way to what contracts fill, clients at a time in agents."""
        wanted = min(max(filled, self.base), self.base * limit)
        self.staff += (wanted - self.staff) / months
        self.capacity = math.floor(self.staff + 0.5)

    def quality_for(self, group: int) -> float:
        """Return its quality for a client group."""
        return self.quality * self.group_strength[group]

    def is_linked_to(self, other: Provider) -> bool:
        """Return whether both are of one network."""
        return self.network is not None and self.network == other.network


@dataclass
class Purse:
    """A contract's money: what may be spent, what is kept back, what is earned; pence."""

    committed: int
    reserved: int = 0
    earned: int = 0
    paid: int = 0
    passed_on: int = 0
    due: dict[int, int] = field(default_factory=dict)

    def has(self, amount: int) -> bool:
        """Return whether an amount is neither earned nor kept back."""
        return self.free >= amount

    def keep_back(self, amount: int) -> None:
        """Reserve an amount."""
        if not self.has(amount):
            raise ValueError(f"{self} has no {amount} pence to keep back")
        self.reserved += amount

    @property
    def free(self) -> int:
        return self.committed - self.reserved - self.earned

    def let_go(self, amount: int) -> None:
        """Release an amount that was reserved."""
        if not 0 <= amount <= self.reserved:
            raise ValueError(f"{self} does not keep back {amount} pence")
        self.reserved -= amount

    def earn(self, amount: int, *, due: int) -> None:
        """Turn what was reserved into earned, to be paid in the week due."""
        self.let_go(amount)
        self.earned += amount
        self.due[due] = self.due.get(due, 0) + amount
