"""Mesa model reporters, one row a week simulated: what `mesa.batch_run` and a dashboard ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulation.categories import BENEFIT_STATES, State
from simulation.labour.rates import week_starts


def _people_in(*states: State) -> Callable[[Any], int]:
    """Return a reporter of the people in some states."""

    def count(model: Any) -> int:
        return int(model.resident_states[list(states)].sum()) * model.config.people_per_agent

    return count


REPORTERS = {
    "seed": lambda model: int(model.key),
    "date": lambda model: str(week_starts(model.config.start, model.week)[-1]),
    "employed": _people_in(State.EMPLOYED),
    "jsa": _people_in(State.JSA),
    "out_of_work_benefits": _people_in(*BENEFIT_STATES),
    "workless": _people_in(*(state for state in State if state != State.EMPLOYED)),
}
