"""What there is to commission for: people by zone and group, and whom each stream may help."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.agents.clients import GROUP_EMPLOYED, client_group
from simulation.agents.columns import People
from simulation.agents.contracts import Contract, FundingStream
from simulation.categories import CLIENT_GROUPS, N_CLIENT_GROUPS, N_STAGES, WEEKS_PER_YEAR, Stage
from simulation.compile import kernel
from simulation.config import JourneyConfig
from simulation.inputs.area import Area


class Zones:
    """Planning zones: each district, split into its priority wards and the others.

    Attributes
    ----------
    of_ward : ndarray of int64, shape (n_wards,)
    district : ndarray of int64, shape (n_zones,)
    is_priority : ndarray of bool, shape (n_zones,)
    share : ndarray of float64, shape (n_zones, n_wards)
        Each ward's share of the residents of its zone.
    """

    def __init__(self, area: Area) -> None:
        districts = area.wards["district"].astype("category").cat.codes.to_numpy(np.int64)
        keys = 2 * districts + (~area.priority.astype(bool)).astype(np.int64)
        found, of_ward = np.unique(keys, return_inverse=True)
        self.of_ward = of_ward.astype(np.int64)
        self.district, self.is_priority = found // 2, found % 2 == 0
        self._residents = area.wards["residents"].to_numpy(np.float64)
        self._spread: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}
        self.share = np.zeros((found.size, of_ward.size))
        self.share[self.of_ward, np.arange(of_ward.size)] = self._residents
        self.share /= self.share.sum(axis=1, keepdims=True)

    @property
    def n(self) -> int:
        """How many zones there are."""
        return self.district.size

    def spread(self, wards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the zones some wards lie in, and the share of their residents in each.

        Worked out once for the same wards, for contracts are asked about month after month.

        Parameters
        ----------
        wards : ndarray of bool, shape (n_wards,)

        Returns
        -------
        zones : ndarray of int64, shape (k,)
            Those in which anybody lives.
        share : ndarray of float64, shape (k,)
        """
        key = wards.tobytes()
        if key not in self._spread:
            own = np.flatnonzero(wards)
            weight = np.bincount(self.of_ward[own], self._residents[own], minlength=self.n)
            share = weight / weight.sum()
            here = np.flatnonzero(share)
            self._spread[key] = here, share[here]
        return self._spread[key]


@kernel
def count_everyone(people: People, zone_of_ward: np.ndarray, everyone: np.ndarray) -> None:
    """Add people by zone and client group to a table, int64 (n_zones, 8)."""
    for row in range(people.state.size):
        everyone[zone_of_ward[people.ward[row]], client_group(people, row)] += 1


def people_by_group(people: People, zones: Zones) -> np.ndarray:
    """Return people (agents) by zone and client group, int64 (n_zones, 8)."""
    everyone = np.zeros((zones.n, N_CLIENT_GROUPS), np.int64)
    count_everyone(people, zones.of_ward, everyone)
    return everyone


@kernel
def count_eligible(
    people: People,
    zone_of_ward: np.ndarray,
    wards: np.ndarray,
    ages: np.ndarray,
    qualification: np.ndarray,
    minority: np.ndarray,
    eligible: np.ndarray,
) -> None:
    """Count people by zone and client group whom each stream may help.

    Parameters
    ----------
    people : People
    zone_of_ward : ndarray of int64, shape (n_wards,)
    wards : ndarray of bool, shape (n_streams, n_wards)
    ages : ndarray of int64, shape (n_streams, 2)
        Weeks, the upper one not included.
    qualification : ndarray of int64, shape (n_streams,)
        Highest allowed.
    minority : ndarray of bool, shape (n_streams,)
    eligible : ndarray of int64, shape (n_streams, n_zones, 8)
        Written; client groups a stream may not help are counted all the same.
    """
    for row in range(people.state.size):
        ward, group = people.ward[row], client_group(people, row)
        zone = zone_of_ward[ward]
        for stream in range(qualification.size):
            if (
                wards[stream, ward]
                and ages[stream, 0] <= people.age_weeks[row] < ages[stream, 1]
                and people.qualification[row] <= qualification[stream]
                and (people.ethnicity[row] > 0 or not minority[stream])
            ):
                eligible[stream, zone, group] += 1


def eligible_shares(
    people: People, zones: Zones, streams: Sequence[FundingStream]
) -> tuple[np.ndarray, np.ndarray]:
    """Return people by zone and client group, and the share of them each stream may help.

    Returns
    -------
    people : ndarray of int64, shape (n_zones, 8)
        Agents.
    share : ndarray of float64, shape (n_streams, n_zones, 8)
        0 where nobody lives.
    """
    rules = [stream.eligibility for stream in streams]
    everyone = people_by_group(people, zones)
    eligible = np.zeros((len(streams), zones.n, N_CLIENT_GROUPS), np.int64)
    count_eligible(
        people,
        zones.of_ward,
        np.array([stream.wards for stream in streams], np.bool_).reshape(-1, zones.of_ward.size),
        np.array(
            [(WEEKS_PER_YEAR * rule.min_age, WEEKS_PER_YEAR * rule.max_age) for rule in rules],
            np.int64,
        ).reshape(-1, 2),
        np.array([rule.max_qualification for rule in rules], np.int64),
        np.array([rule.minority_only for rule in rules], np.bool_),
        eligible,
    )
    helped = np.array([[name in rule.groups for name in CLIENT_GROUPS] for rule in rules])
    helped = helped.reshape(-1, N_CLIENT_GROUPS)
    share = np.zeros(eligible.shape)
    np.divide(eligible, everyone, out=share, where=everyone > 0)
    return everyone, share * helped[:, None, :]


def yearly_need(
    everyone: np.ndarray, journey: JourneyConfig, progression: Sequence[float] | np.ndarray
) -> np.ndarray:
    """Return the starts a year people would take were there a place for each of them.

    Parameters
    ----------
    everyone : ndarray, shape (n_zones, 8)
        People by zone and client group.
    journey : JourneyConfig
    progression : sequence of float, shape (5,)
        Share of the engaged expected to reach each stage.

    Returns
    -------
    ndarray of float64, shape (n_zones, 8, 5)
        By stage. The employed need services alone (in-work training).
    """
    engaged = everyone * -np.expm1(-np.array(journey.engagement_rate))
    need = engaged[:, :, None] * np.asarray(progression)
    need[:, GROUP_EMPLOYED] = 0.0
    need[:, GROUP_EMPLOYED, Stage.SERVICES - 1] = engaged[:, GROUP_EMPLOYED]
    return need


def standing_places(
    contracts: Sequence[Contract], streams: Sequence[str], zones: Zones
) -> np.ndarray:
    """Return the places a year in contracts by stream, zone, client group and stage.

    A contract's places are spread over its wards by residents.

    Parameters
    ----------
    contracts : sequence of Contract
        Those in force.
    streams : sequence of str
        Names, n_streams of them.
    zones : Zones

    Returns
    -------
    ndarray of float64, shape (n_streams, n_zones, 8, 5)
    """
    total = np.zeros((len(streams), zones.n, N_CLIENT_GROUPS, N_STAGES))
    for contract in contracts:
        if not contract.places.any():
            continue
        here, share = zones.spread(contract.wards)
        total[streams.index(contract.stream), here] += share[:, None, None] * contract.places
    return total
