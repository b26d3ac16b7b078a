"""Short-time working: grants that keep jobs through a downturn."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulation import register
from simulation.agents.clients import NO_WEEK, Clients, Support
from simulation.agents.columns import Jobs, People
from simulation.categories import N_LEVELS
from simulation.compile import kernel
from simulation.config.aid import IN_WORK
from simulation.config.interventions import ShortTimeWorking as ShortTimeTerms
from simulation.policies.interventions.base import Intervention, Scene, sectors_named
from simulation.policies.interventions.places import TICKETS, Who, insert, is_eligible, is_taken
from simulation.streams import draw


@kernel
def surplus_tickets(
    people: People,
    jobs: Jobs,
    support: Support,
    clients: Clients,
    group: np.ndarray,
    until: np.ndarray,
    bars: np.ndarray,
    sectors: np.ndarray,
    who: Who,
    number: int,
    week: int,
    seed: np.uint64,
    tickets: np.ndarray,
    rows: np.ndarray,
) -> int:
    """Write who gets this week's places among those who would be laid off; return how many.

    In each cell with more people than jobs these are the last hired, as many as there are too
    many. Parameters as `Intervention.choose`; `sectors` is bool (9,).
    """
    n = 0
    if tickets.size == 0:
        return n
    for cell in range(jobs.desired.size):
        surplus = jobs.filled[cell] - jobs.desired[cell]
        if surplus <= 0 or not sectors[jobs.sector[cell // N_LEVELS]]:
            continue
        row = jobs.head[cell]
        while row >= 0 and surplus > 0:
            if row >= group.size:
                surplus -= 1  # lives outside, and is not helped
            elif support.temporary_until[row] == NO_WEEK and not is_taken(until, bars, row):
                surplus -= 1
                if who.groups[group[row]] and is_eligible(people, support, clients, row, who, week):
                    ticket = draw(seed, TICKETS, week, people.id[row], number)[0]
                    n = insert(tickets, rows, n, ticket, row)
            row = people.next[row]
    return n


@register.intervention
class ShortTimeWorking(Intervention):
    """Pays establishments with too many people to keep some of them on fewer hours.

    Eligible: people at work in its sectors who would be laid off next. Covered: while in that
    job, for the weeks of the place. Does: the establishment keeps one job it does not need, for
    as long as it does not need it, and this person is not laid off.
    """

    name = "short_time_working"
    number = 17
    can_help = IN_WORK
    terms: ShortTimeTerms
    STATE = (*Intervention.STATE, "cell_of")

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.cell_of = np.full(self.n_people, -1, np.int32)
        self.sectors = sectors_named(self.terms.sectors)

    def choose(
        self,
        scene: Scene,
        group: np.ndarray,
        until: np.ndarray,
        bars: np.ndarray,
        drawn: np.ndarray,
        tickets: np.ndarray,
        rows: np.ndarray,
    ) -> int:
        """Write who gets this week's places."""
        return surplus_tickets(
            scene.everyone,
            scene.jobs,
            scene.support,
            scene.clients,
            group,
            until,
            bars,
            self.sectors,
            self.who,
            self.number,
            scene.week,
            scene.seed,
            tickets,
            rows,
        )

    def has_left(self, rows: np.ndarray, scene: Scene) -> np.ndarray:
        """Return who is in the job no more, bool (k,)."""
        people = scene.people
        weeks = scene.week - (self.until[rows] - self.terms.weeks)
        is_same = people.cell[rows] == self.cell_of[rows]
        return ~is_same | (people.weeks_in_state[rows] < weeks)

    def begin(self, rows: np.ndarray, scene: Scene) -> None:
        """Keep the jobs."""
        cells = scene.people.cell[rows]
        self.cell_of[rows] = cells
        np.add.at(scene.jobs.kept, cells, 1)
        np.add.at(scene.jobs.desired, cells, 1)

    def hold(self, rows: np.ndarray, scene: Scene) -> None:
        """Nobody loses a job that is kept."""
        scene.support.keep[rows] = 0.0

    def finish(self, rows: np.ndarray, scene: Scene) -> None:
        """Leave the jobs to the establishments."""
        np.subtract.at(scene.jobs.kept, self.cell_of[rows], 1)

    def abandon(self, rows: np.ndarray, scene: Scene) -> None:
        """Leave the jobs of those who left to the establishments."""
        self.finish(rows, scene)
