"""Places of interventions as compiled loops: who is eligible, whose tickets are lowest.

The draws are keyed by (seed, INTERVENTIONS, week, person, number of the intervention), so that
another intervention, another place or another person moves nobody's ticket.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numba
import numpy as np

from simulation.agents.clients import NO_WEEK, Clients, Support, at_rest, client_group
from simulation.agents.columns import People, is_newcomer
from simulation.categories import WEEKS_PER_YEAR, Stage
from simulation.compile import kernel
from simulation.config.aid import Aid
from simulation.streams import Stream, draw

TICKETS = int(Stream.INTERVENTIONS)
NO_TICKET = 2.0


class Who(NamedTuple):
    """Who is eligible for a place of one intervention."""

    groups: np.ndarray
    """bool (8,), client groups."""
    wards: np.ndarray
    """bool (n_wards,), home wards."""
    stages: np.ndarray
    """bool (6,), 0 for no client, then `categories.STAGES`."""
    min_age_weeks: int
    max_age_weeks: int
    """Not included."""
    max_qualification: int
    barriers: int
    """Bits of barriers one of which is needed; 0 for none."""
    min_health: int
    needs_child: bool
    can_be_engaged: bool
    """Only those who may become clients: not resting, no job of theirs followed."""
    trial_memory: int
    """Only those whose last work trial ended more weeks ago; -1 for anyone."""
    since_job: int
    """Only those whose last job ended at most so many weeks ago; -1 for anyone."""
    from_closure: bool
    """Only those whose last job ended in a local closure."""
    not_of_sector: int
    """Only those who last worked elsewhere; -1 for anyone."""


class JourneyAid(NamedTuple):
    """What interventions change in people's journey, arrays of shape (n,)."""

    engagement: np.ndarray
    """float32, factor of the chance to be engaged; at rest 1."""
    loss: np.ndarray
    """float32, factor of the chance to be lost when passed on; at rest 1."""
    shares_records: np.ndarray
    """bool, both sides of any hand-over share the person's record; at rest False."""


class TrialRates(NamedTuple):
    """What a work trial does, as in the journey."""

    fit: float
    memory_weeks: int


def new_journey_aid(n: int) -> JourneyAid:
    """Return the columns of n people whose journey no intervention changes."""
    return JourneyAid(np.ones(n, np.float32), np.ones(n, np.float32), np.zeros(n, np.bool_))


def weeks_offered(
    start: date | None, end: date | None, *, first_day: date, n_weeks: int
) -> np.ndarray:
    """Return the number of each week since places began, int64 (n_weeks,); -1 where there are none.

    A week belongs to the dates its first day lies in.
    """
    days = [first_day + timedelta(weeks=week) for week in range(n_weeks)]
    return numbered(
        np.array(
            [(start is None or day >= start) and (end is None or day < end) for day in days], bool
        )
    )


def numbered(is_offered: np.ndarray) -> np.ndarray:
    """Return the number of each week among those offered, int64 (n_weeks,); -1 for the others."""
    return np.where(is_offered, np.cumsum(is_offered) - 1, -1)


def first_week_of(terms: Aid, *, first_day: date, n_weeks: int) -> int:
    """Return the first week in which places begin, the one after the run's last if in none."""
    offered = weeks_offered(terms.start, terms.end, first_day=first_day, n_weeks=n_weeks)
    return next(iter(np.flatnonzero(offered == 0).tolist()), n_weeks)


class Pace(NamedTuple):
    """So many places over so many weeks, evenly."""

    places: int
    weeks: int

    def in_week(self, number: int, people_per_agent: int) -> int:
        """Return how many agents can take a place in the week of that number since the start.

        The places of all weeks add up to the integer part of what is due by then, to the last
        place.
        """
        whole = self.weeks * people_per_agent
        return self.places * (number + 1) // whole - self.places * number // whole


def pace_of(terms: Aid, *, residents: int, n_weeks: int) -> Pace:
    """Return how many places an intervention has over how many weeks.

    Parameters
    ----------
    terms : Aid
    residents : int
        Residents of working age of the wards it serves.
    n_weeks : int
        Weeks of the run in which it is offered.
    """
    if terms.budget_gbp is not None:
        return Pace(int(terms.budget_gbp // terms.unit_cost_gbp), max(n_weeks, 1))
    if terms.places_per_1000 is not None:
        return Pace(round(terms.places_per_1000 * residents / 1000.0), WEEKS_PER_YEAR)
    return Pace(terms.places, WEEKS_PER_YEAR)


@kernel(each=True)
def meets_needs(
    people: People, support: Support, clients: Clients, row: int, who: Who, week: int
) -> bool:
    """Return whether a person has what an intervention asks for besides group, ward and age."""
    if who.barriers != 0 and people.barriers[row] & who.barriers == 0:
        return False
    if people.health[row] < who.min_health or (who.needs_child and people.child_weeks[row] < 0):
        return False
    if who.can_be_engaged and (clients.free_from[row] > week or clients.job_week[row] != NO_WEEK):
        return False
    trial = support.trial_week[row]
    if who.trial_memory >= 0 and trial != NO_WEEK and week - trial <= who.trial_memory:
        return False
    if who.since_job >= 0 and (
        people.sector[row] < 0 or people.weeks_since_job[row] > who.since_job
    ):
        return False
    if who.from_closure and not people.is_from_closure[row]:
        return False
    return who.not_of_sector < 0 or people.sector[row] != who.not_of_sector


@kernel(each=True)
def is_eligible(
    people: People, support: Support, clients: Clients, row: int, who: Who, week: int
) -> bool:
    """Return whether a person, if of the client groups, may take a place of an intervention."""
    if not who.wards[people.ward[row]]:
        return False
    if not who.stages[clients.stage[row]] or people.qualification[row] > who.max_qualification:
        return False
    age = people.age_weeks[row]
    if age < who.min_age_weeks or age >= who.max_age_weeks:
        return False
    return meets_needs(people, support, clients, row, who, week)


@kernel(each=True)
def is_taken(until: np.ndarray, bars: np.ndarray, row: int) -> bool:
    """Return whether a person is covered by one of the interventions whose rows `bars` has."""
    taken = False
    for other in bars:
        taken |= until[other, row] != NO_WEEK
    return taken


@kernel(each=True)
def insert(tickets: np.ndarray, rows: np.ndarray, n: int, ticket: float, row: int) -> int:
    """Put a ticket among the lowest so far, in order; return how many there are now.

    A later row with an equal ticket comes after an earlier one.
    """
    if n == tickets.size:
        if n == 0 or ticket >= tickets[n - 1]:
            return n
        place = n - 1
    else:
        place = n
        n += 1
    while place > 0 and tickets[place - 1] > ticket:
        tickets[place] = tickets[place - 1]
        rows[place] = rows[place - 1]
        place -= 1
    tickets[place] = ticket
    rows[place] = row
    return n


@kernel(each=True)
def look_at(
    people: People, support: Support, clients: Clients, group: np.ndarray, row: int
) -> None:
    """Write a person's client group; a slot that begins again has no past."""
    group[row] = client_group(people, row)
    # Whoever was engaged this week has a past again.
    if is_newcomer(people, row) and clients.stage[row] == Stage.NO_CLIENT:
        clients.treated_week[row] = NO_WEEK
        clients.programme[row] = -1
        support.trial_week[row] = NO_WEEK


@kernel(parallel=True)
def look_round(people: People, support: Support, clients: Clients, group: np.ndarray) -> None:
    """Write everyone's client group at present, int8 (n,); forget who was in a slot before."""
    for row in numba.prange(group.size):
        look_at(people, support, clients, group, row)


@kernel
def set_groups_of(people: People, group: np.ndarray, rows: np.ndarray) -> None:
    """Write the client group at present of some people, whose state may have changed."""
    for row in rows:
        group[row] = client_group(people, row)


@kernel(each=True)
def draw_ticket(
    people: People,
    support: Support,
    clients: Clients,
    group: np.ndarray,
    until: np.ndarray,
    bars: np.ndarray,
    who: Who,
    number: int,
    row: int,
    week: int,
    seed: np.uint64,
    out: np.ndarray,
) -> None:
    """Write a person's ticket, or one beyond all where they cannot take a place."""
    out[row] = NO_TICKET
    if (
        # The group first: it is at hand, and most people are of another.
        who.groups[group[row]]
        and is_eligible(people, support, clients, row, who, week)
        and not is_taken(until, bars, row)
    ):
        out[row] = draw(seed, TICKETS, week, people.id[row], number)[0]


@kernel(parallel=True)
def draw_tickets(
    people: People,
    support: Support,
    clients: Clients,
    group: np.ndarray,
    until: np.ndarray,
    bars: np.ndarray,
    who: Who,
    number: int,
    week: int,
    seed: np.uint64,
    out: np.ndarray,
) -> None:
    """Write everyone's ticket for one intervention in a week.

    Parameters
    ----------
    people : People
    support : Support
    clients : Clients
    group : ndarray of int8, shape (n,)
    until : ndarray of int32, shape (k, n)
        Week until which each is covered, -1 for not.
    bars : ndarray of int64
        Rows of `until` of interventions whose cover bars from this one, its own among them.
    who : Who
    number : int
        The intervention's own, that keys its draws.
    week : int
    seed : uint64
    out : ndarray of float64, shape (n,)
        Written.
    """
    for row in numba.prange(group.size):
        draw_ticket(people, support, clients, group, until, bars, who, number, row, week, seed, out)


@kernel
def take_lowest(drawn: np.ndarray, tickets: np.ndarray, rows: np.ndarray) -> int:
    """Write the lowest of the tickets drawn and their rows, in order; return how many."""
    n = 0
    for row in range(drawn.size):
        if drawn[row] < NO_TICKET:
            n = insert(tickets, rows, n, drawn[row], row)
    return n


@kernel
def lay_to_rest(
    support: Support,
    clients: Clients,
    aid: JourneyAid,
    rows: np.ndarray,
    week: int,
    trial: TrialRates,
) -> None:
    """Put what interventions change back to rest, before those in force add theirs.

    The support of clients was written by the journey this week; of others, only a work trial
    not yet forgotten is left.
    """
    for row in rows:
        aid.engagement[row] = 1.0
        aid.loss[row] = 1.0
        aid.shares_records[row] = False
        if clients.stage[row] > 0:
            continue
        at_rest(support, row)
        ended = support.trial_week[row]
        if ended != NO_WEEK and 0 <= week - ended <= trial.memory_weeks:
            support.fit[row] = trial.fit
