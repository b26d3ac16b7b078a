"""Travel-to-work zones: districts joined until most who live there work there, and the reverse."""

from __future__ import annotations

import numpy as np

from simulation.agents.commuting import Commuting
from simulation.inputs.area import Area


def commuters_between(area: Area, commuting: Commuting) -> np.ndarray:
    """Return people in work by home and work district, float64 (n_districts, n_districts).

    Districts are in alphabetical order.
    """
    districts, of_ward = np.unique(area.wards["district"].astype(str), return_inverse=True)
    home = np.repeat(np.arange(area.n_wards), np.diff(commuting.start))
    own = np.diff(commuting.chance, prepend=0.0)
    own[commuting.start[:-1]] = commuting.chance[commuting.start[:-1]]
    people = own * area.wards["employed"].to_numpy(np.float64)[home]
    between = np.zeros((districts.size, districts.size))
    np.add.at(between, (of_ward[home], of_ward[commuting.work]), people)
    return between


def self_containment_of(between: np.ndarray) -> np.ndarray:
    """Return how much of its work each place contains, float64 (n,).

    The lesser of two shares: of those in work who live there, those who work there; and of those
    who work there, those who live there.
    """
    within = np.diag(between)
    most = np.maximum(between.sum(axis=1), between.sum(axis=0))
    return np.divide(within, most, out=np.ones(within.size), where=most > 0)


def zones_of(between: np.ndarray, least: float) -> np.ndarray:
    """Return the zone of each place, int64 (n,), numbered in the order of their first places.

    While any zone contains less of its work than `least`, the one that contains least is joined to
    the one it has most to do with: the sum of the four shares that flows both ways have of those
    who live and who work in either (Coombes and Bond 2008 weigh links likewise).

    Parameters
    ----------
    between : ndarray of float64, shape (n, n)
        People by home and work place.
    least : float
        Share from 0, every place for itself, to 1, all in one.
    """
    zone = np.arange(len(between))
    flows = between.copy()
    while len(flows) > 1:
        contained = self_containment_of(flows)
        weakest = int(contained.argmin())
        if contained[weakest] >= least:
            break
        lives = np.maximum(flows.sum(axis=1), 1e-300)
        works = np.maximum(flows.sum(axis=0), 1e-300)
        shares = flows / lives[:, None] + flows / works[None, :]
        link = shares[weakest] + shares[:, weakest]
        link[weakest] = -1.0
        first, second = sorted((weakest, int(link.argmax())))
        zone[zone == second] = first
        zone[zone > second] -= 1
        flows[first] += flows[second]
        flows[:, first] += flows[:, second]
        flows = np.delete(np.delete(flows, second, axis=0), second, axis=1)
    return zone
