"""Residents' trust in kinds of providers, ward by ward: who comes to whom.

Neighbours tell one another. A client who is helped into work wins some of them over for the kind of
provider that did it, one who is let down puts some off, and in time what moved is forgotten:
`docs/ODD.md` 7.19.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simulation.agents.contracts import Contracts
from simulation.agents.providers import JOBCENTRE, N_KINDS, Providers
from simulation.categories import N_CLIENT_GROUPS
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.support.records import EVENT, Records

HELPED = ("job_entry",)
LET_DOWN = ("parked", "left_waiting", "provider_closed")


def count_by_kind(
    events: Iterable[str],
    records: Records,
    first: int,
    contracts: Contracts,
    providers: Providers,
    n_wards: int,
) -> np.ndarray:
    """Count events among the records from a number on, by the provider's kind and home ward.

    Parameters
    ----------
    events : iterable of str
        Names.
    records : Records
    first : int
    contracts : Contracts
    providers : Providers
    n_wards : int

    Returns
    -------
    ndarray of int64, shape (3, n_wards)
    """
    rows = slice(first, int(records.n[0]))
    is_asked = np.zeros(len(EVENT), np.bool_)
    is_asked[[EVENT[name] for name in events]] = True
    is_such = is_asked[records.event[rows]]
    contract, ward = records.contract[rows][is_such], records.ward[rows][is_such]
    kind = providers.kind[contracts.provider[contract]].astype(np.int64)
    counts = np.bincount(kind * n_wards + ward, minlength=N_KINDS * n_wards)
    return counts.reshape(N_KINDS, n_wards)


class Opinion:
    """What residents of each ward think of each kind of provider.

    Parameters
    ----------
    config : Config
    area : Area

    Attributes
    ----------
    trust : ndarray of float64, shape (3, n_wards)
        By kind of provider, 0 to 1.
    """

    STATE = ("trust",)

    def __init__(self, config: Config, area: Area) -> None:
        self._rules = rules = config.residents
        self._number = area.wards["residents"].to_numpy(np.float64)
        self._part = config.people_per_agent / np.maximum(self._number, 1.0)
        self._forgotten = 1.0 - 0.5 ** (1.0 / rules.half_life_weeks)
        self._usual = np.array(rules.usual)[:, None]
        self._by_group = np.ones((N_KINDS, 1, N_CLIENT_GROUPS))
        self._by_group[JOBCENTRE] = rules.jobcentre_trust
        self.trust = np.repeat(self._usual, area.n_wards, axis=1)

    def factors(self) -> np.ndarray:
        """Return by what a provider's own trust is multiplied, float64 (3, n_wards, 8).

        By kind of provider, home ward and client group.
        """
        relative = (self.trust / self._usual)[:, :, None] * self._by_group
        return relative**self._rules.elasticity

    def in_providers(self, providers: Providers) -> np.ndarray:
        """Return the trust of residents in each provider, float64 (n_providers, 8).

        By client group, the mean over the wards' residents.
        """
        mean = np.average(self.factors(), axis=1, weights=self._number)
        return np.minimum(providers.trust[:, None] * mean[providers.kind], 1.0)

    def are_let_down(self, clients: np.ndarray) -> None:
        """Lose trust by a week's clients who were let down, int64 (3, n_wards), in agents."""
        self.trust *= np.exp(-self._rules.let_down * self._part * clients)

    def week_passes(self, clients: np.ndarray) -> None:
        """Gain trust by a week's clients helped into work, likewise, and forget a little."""
        self.trust -= (1.0 - self.trust) * np.expm1(-self._rules.helped * self._part * clients)
        self.trust += (self._usual - self.trust) * self._forgotten
