"""What a regime sees on a planning date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from simulation.agents.contracts import FundingStream
from simulation.agents.providers import Providers
from simulation.config import RegimeConfig


@dataclass(frozen=True)
class Partners:
    """What the partnership is like at present.

    Attributes
    ----------
    trust : mapping of str to float
        Of each funder in the partnership, 0 to 1.
    willingness : mapping of str to float
        Share of what a funder could move that it moves, 0 to 1.
    transparency : float
        Clarity with which partners see one another's contracts, 0 to 1.
    is_running : bool
        Whether the partnership has started.
    is_new : bool
        Whether it has for less than a year.
    """

    trust: Mapping[str, float]
    willingness: Mapping[str, float]
    transparency: float
    is_running: bool
    is_new: bool = False


class Journeys(NamedTuple):
    """What is expected of journeys."""

    progression: np.ndarray
    """float64 (5,), share of the engaged who reach each stage."""
    occupied_weeks: np.ndarray
    """float64 (5,), time from the start of each stage to that of the next, or the end."""
    parts: np.ndarray
    """float64 (5,), mean part of a stage's full price that a start of people out of work costs."""


@dataclass(frozen=True)
class Situation:
    """What there is to decide on a planning date; zones are districts, split by priority.

    Its arrays are to be read, not written to: some are those the model goes on with.

    Attributes
    ----------
    day : date
    streams : tuple of FundingStream
        Those whose planning year begins on this day.
    budget_pence : mapping of str to int
        What each of them has for the year.
    ends : mapping of str to date
        When each of these planning years ends.
    all_streams : tuple of FundingStream
        Every stream there is, in the order of the arrays below.
    people : ndarray of float64, shape (n_zones, n_client_groups)
        Who lives where, by client group.
    expected : Journeys
        What plans expect of journeys: how far and in what time.
    need : ndarray of float64, shape (n_zones, n_client_groups, n_stages)
        Starts a year, in people, that residents would take were there a place for each.
    eligible : ndarray of float64, shape (n_streams, n_zones, n_client_groups)
        Share of the people of a cell whom a stream may help.
    standing : ndarray of float64, shape (n_streams + 1, n_zones, n_client_groups, n_stages)
        Places a year in contracts in force after this day, by stream; the pool last.
    zone_of_ward : ndarray of int64, shape (n_wards,)
    district_of_zone : ndarray of int64, shape (n_zones,)
    is_priority_zone : ndarray of bool, shape (n_zones,)
    providers : Providers
        Columns, with the capacity they still offer beside their contracts in people, and costs
        per person; those with `is_open` False have closed.
    partners : Partners
    config : RegimeConfig
    believed : mapping of str or int to ndarray of float64, shape (n_providers,), or None
        Quality each buyer expects of each provider: a funder by name, the core team as
        `contracts.POOL`, a firm that can be a prime by its row; None if all know the truth.
    aware : mapping of str or int to ndarray of bool, shape (n_providers,), or None
        Which providers each buyer knows of; None if all know of all.
    trust : ndarray of float64, shape (n_providers, n_client_groups), or None
        Of residents in each provider; None if nobody looks at it.
    """

    day: date
    streams: tuple[FundingStream, ...]
    budget_pence: Mapping[str, int]
    ends: Mapping[str, date]
    all_streams: tuple[FundingStream, ...]
    people: np.ndarray
    expected: Journeys
    need: np.ndarray
    eligible: np.ndarray
    standing: np.ndarray
    zone_of_ward: np.ndarray
    district_of_zone: np.ndarray
    is_priority_zone: np.ndarray
    providers: Providers
    partners: Partners
    config: RegimeConfig
    believed: Mapping[str | int, np.ndarray] | None = None
    aware: Mapping[str | int, np.ndarray] | None = None
    trust: np.ndarray | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            object.__setattr__(self, each.name, _to_read(getattr(self, each.name)))

    @cached_property
    def workplaces(self) -> tuple[np.ndarray, np.ndarray]:
        """Providers and wards where they work, int64 (n_workplaces,) each, by provider."""
        provider, ward = np.nonzero(self.providers.wards)
        return provider, ward

    def quality_for(self, buyer: str | int) -> np.ndarray:
        """Return the quality a buyer expects of each provider, float64 (n_providers,)."""
        return self.providers.quality if self.believed is None else self.believed[buyer]

    def can_be_chosen(self, buyer: str | int) -> np.ndarray:
        """Return which providers are open and known to a buyer, bool (n_providers,)."""
        is_open = self.providers.is_open
        return is_open if self.aware is None else is_open & self.aware[buyer]


def _to_read(value: Any) -> Any:
    """Return a value with views of its arrays that cannot be written to, in columns and by name."""
    if isinstance(value, np.ndarray):
        return np.broadcast_to(value, value.shape)
    if isinstance(value, Mapping):
        return {name: _to_read(each) for name, each in value.items()}
    if isinstance(value, Providers | Journeys):
        return type(value)(*map(_to_read, value))
    return value
