"""How far clients get and how long it takes: what plans expect, learnt from those before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.categories import N_STAGES, Stage
from simulation.policies.situation import Journeys
from simulation.support.records import EVENT

STARTS = (
    ("engaged",),
    ("assessed",),
    ("service_started", "parked"),
    ("placement_started",),
    ("aftercare_started",),
)
"""Events with which each stage begins."""
SERVICES = Stage.SERVICES - 1
ENDS = (
    "did_not_go_on",
    "left_waiting",
    "lost_at_hand_over",
    "dropped_out",
    "completed",
    "left_area",
    "job_lost",
)
"""Events with which journeys end."""


def expected_journeys(progression: Sequence[float], occupied_weeks: Sequence[float]) -> Journeys:
    """Return what is expected before anybody has been seen: that every start costs in full."""
    return Journeys(np.array(progression), np.array(occupied_weeks), np.ones(N_STAGES))


def learn(
    first: Journeys, counts: np.ndarray, weeks: np.ndarray, weight: float, ready_cost: float
) -> Journeys:
    """Return what is expected after some journeys.

    Up to placement, the chance p to go on from a stage is (w p0 + n) / (w + n + m): n have begun
    the next stage, m ended in this one or found a job in it, p0 is expected at first and w its
    weight, the mean of a Beta(w p0, w (1 - p0)) after n successes and m failures. Aftercare is
    learnt as a share of all journeys that reached it or ended before. Time in a stage, waiting
    for the next included, is (w t0 + client-weeks in it) / (w + those who have left it); who finds
    a job in placement leaves it as aftercare begins or the journey ends. Services cost
    (w + n - (1 - c) r) / (w + n) of their price after n starts, r of them of clients who are ready
    for work, for whom they cost the part c.

    Parameters
    ----------
    first : Journeys
    counts : ndarray, shape (n_events, 6)
        In people, as `records.tally` counts agents.
    weeks : ndarray, shape (5,)
        Weeks that people have been in each stage.
    weight : float
        People.
    ready_cost : float
    """
    begun = [sum(counts[EVENT[name]].sum() for name in names) for names in STARTS]
    ended = np.sum([counts[EVENT[name]] for name in ENDS], axis=0)
    # A job found in placement ends no stay: its client waits there for aftercare.
    found = counts[EVENT["job_entry"]] * (np.arange(N_STAGES + 1) < Stage.PLACEMENT)
    unplaced = counts[EVENT["left_waiting"]]
    left = [begun[k] + ended[k] + found[k] for k in range(1, N_STAGES)] + [ended[N_STAGES]]
    shares = [1.0]
    for stage in range(1, N_STAGES - 1):
        before = first.progression[stage - 1]
        p = first.progression[stage] / before if before > 0.0 else 0.0
        went_on = begun[stage] + unplaced[stage]
        shares.append(shares[-1] * _mean(p, went_on, left[stage - 1], weight))
    reached = begun[N_STAGES - 1] + unplaced[N_STAGES - 1]
    seen = begun[N_STAGES - 1] + ended[1:N_STAGES].sum()
    shares.append(_mean(first.progression[-1], reached, seen, weight))
    stays = [_mean(*each, weight) for each in zip(first.occupied_weeks, weeks, left, strict=True)]
    parts = first.parts.copy()
    served = begun[SERVICES] - (1.0 - ready_cost) * counts[EVENT["ready_for_work"]].sum()
    parts[SERVICES] = _mean(first.parts[SERVICES], served, begun[SERVICES], weight)
    return Journeys(np.array(shares), np.array(stays), parts)


def _mean(expected: float, total: float, seen: float, weight: float) -> float:
    """Return the mean of what was seen and of `weight` more that are as expected."""
    if weight + seen == 0.0:
        return float(expected)
    return float((weight * expected + total) / (weight + seen))
