"""What residents think of kinds of providers, and how it moves (docs/ODD.md 7.19)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .market import ReferenceMarket
    from .providers import Provider
    from .support import Event

KINDS = (LOCAL, JOBCENTRE, PRIVATE) = range(3)
HELPED = {"job_entry"}
LET_DOWN = {"parked", "left_waiting", "provider_closed"}


class Opinion:
    """The trust in each kind of provider in each ward.

    Parameters
    ----------
    market : ReferenceMarket
    """

    def __init__(self, market: ReferenceMarket) -> None:
        self.market, self.rules = market, market.config.residents
        self.residents = market.area.wards["residents"].tolist()
        self.trust = {
            (kind, ward): self.rules.usual[kind]
            for kind in KINDS
            for ward in range(len(self.residents))
        }

    def factor(self, kind: int, ward: int, group: int) -> float:
        """Return what multiplies a provider's own trust."""
        relative = self.trust[kind, ward] / self.rules.usual[kind]
        if kind == JOBCENTRE:
            relative *= self.rules.jobcentre_trust[group]
        return relative**self.rules.elasticity

    def of(self, provider: Provider, ward: int, group: int) -> float:
        """Return the trust of people in a provider."""
        return min(provider.trust * self.factor(provider.kind, ward, group), 1.0)

    def everywhere(self, provider: Provider, group: int) -> float:
        """Return the same over all wards, as buyers know it."""
        pairs = enumerate(self.residents)
        summed = sum(n * self.factor(provider.kind, ward, group) for ward, n in pairs)
        return min(provider.trust * summed / sum(self.residents), 1.0)

    def week_passes(self, events: Iterable[Event]) -> None:
        """Let neighbours hear of the events of a week, and forget a little."""
        providers, size = self.market.support.providers, self.market.config.people_per_agent
        helped: Counter[tuple[int, int]] = Counter()
        let_down: Counter[tuple[int, int]] = Counter()
        for each in events:
            heard = helped if each.event in HELPED else let_down
            if each.event in HELPED | LET_DOWN:
                heard[providers[each.provider].kind, each.ward] += size
        for place, trust in self.trust.items():
            people, usual = self.residents[place[1]], self.rules.usual[place[0]]
            trust *= math.exp(-self.rules.let_down * let_down[place] / people)
            trust = 1.0 - (1.0 - trust) * math.exp(-self.rules.helped * helped[place] / people)
            left = 0.5 ** (1.0 / self.rules.half_life_weeks)
            self.trust[place] = usual + (trust - usual) * left
