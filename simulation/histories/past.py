"""What a run's past depends on: its configuration, without what cannot matter before a week.

Every parameter matters from the first week on, but for those declared here, each of which is inert
until a week that follows from the configuration. Runs with the same `past_of` a week and the same
seed are the same run until then, to the last bit; `tests/histories/test_past.py` holds the
declarations to that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from simulation.config import Config
from simulation.config.base import parse_day
from simulation.errors import InputError, cut
from simulation.inputs.area import Area
from simulation.inputs.of_config import demand_of
from simulation.labour.rates import months_of
from simulation.policies.interventions.places import first_week_of
from simulation.policies.regimes.joint import ALONE_AT_FIRST, OF_JOINT_PLANS, plans_jointly
from simulation.support.commissioning import planning_weeks
from simulation.support.set_up import streams_of

INERT = "inert so far"
"""What stands for a value that has not mattered yet."""
NO_RESULT = ("economy.name", "area.boundaries")


class Past:
    """What the past of a run depends on, week by week.

    Parameters
    ----------
    config : Config
    area : Area
        The one it names.

    Raises
    ------
    InputError
        If the table of demand or of streams cannot be used.
    """

    def __init__(self, config: Config, area: Area) -> None:
        self.config = config
        self._values = dict(_leaves(config.model_dump(mode="json"), ""))
        for name in NO_RESULT:
            del self._values[name]
        self._demand = demand_of(config)
        self.inert_until = dict(_inert_until(config, area))
        self._spread_from = min(_spread_over_closures(config), default=config.weeks)

    def until(self, week: int) -> dict[str, Any]:
        """Return by dotted name all that matters in the weeks before one, as values of JSON."""
        values = {
            name: INERT if week <= self.inert_until.get(name, 0) else value
            for name, value in self._values.items()
        }
        values["economy.file"] = hashlib.sha256(self._demand[:week].tobytes()).hexdigest()
        values["economy.events"] = self._events(week)
        return values

    def _events(self, week: int) -> list[Any]:
        """Return the local events that matter: what opens is there, closed, from the first day.

        Places that are for closures alone are spread over the weeks after all of them.
        """
        if self._spread_from < week:
            return list(self._values["economy.events"])
        day = self.config.start + timedelta(weeks=week)
        return [
            event
            for event in self._values["economy.events"]
            if event.get("kind") != "closure" or (parse_day(event.get("date")) or day) < day
        ]

    def check_same(self, other: Past, week: int) -> None:
        """Refuse a run that is not as another was until a week.

        Raises
        ------
        InputError
            One line for each parameter that has mattered before.
        """
        ours, theirs = self.until(week), other.until(week)
        changed = [name for name in ours | theirs if ours.get(name) != theirs.get(name)]
        # What is new in one of them has values of its own, most of them what they are everywhere.
        given = [name for name in changed if self._values.get(name) != other._values.get(name)]
        if changed:
            day = self.config.start + timedelta(weeks=week)
            raise InputError(
                f"{name}={cut(str(self._values.get(name)))} instead of"
                f" {cut(str(other._values.get(name)))} matters {self._since(other, name)}, before"
                f" {day}, from when on the run is to be another"
                for name in given or changed
            )

    def _since(self, other: Past, name: str) -> str:
        """Say from when on two runs are not the same for one of their parameters."""
        low, high = 0, min(self.config.weeks, other.config.weeks)
        while low < high:
            middle = (low + high) // 2
            if self.until(middle + 1).get(name) != other.until(middle + 1).get(name):
                high = middle
            else:
                low = middle + 1
        if low == 0:
            return "from the first day on"
        return f"from {self.config.start + timedelta(weeks=low)} on"


def _leaves(values: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """Give every value by its dotted name; an empty mapping is a value."""
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _inert_until(config: Config, area: Area) -> Iterator[tuple[str, int]]:
    """Give the parameters that do not matter in the weeks before one, and that week."""
    first_weeks = dict(_first_weeks(config))
    # Places of interventions are spread over the weeks of the run.
    yield "weeks", min([config.weeks - 1, *first_weeks.values()])
    for name, value in config.interventions.model_dump(mode="json").items():
        for leaf, _ in _leaves(value, f"interventions.{name}."):
            yield leaf, first_weeks.get(name, config.weeks)
    if config.regime.name in ALONE_AT_FIRST:
        first = first_joint_plan(config, area)
        for name in OF_JOINT_PLANS:
            yield f"regime.{name}", first


def _first_weeks(config: Config) -> Iterator[tuple[str, int]]:
    """Give the interventions in force and the week in which the places of each begin."""
    for name in config.interventions.active_names():
        terms = getattr(config.interventions, name)
        yield name, first_week_of(terms, first_day=config.start, n_weeks=config.weeks)


def _spread_over_closures(config: Config) -> Iterator[int]:
    """Give the first weeks of interventions whose places are for local closures alone."""
    for name, week in _first_weeks(config):
        if getattr(getattr(config.interventions, name), "closures_only", False):
            yield week


def first_joint_plan(config: Config, area: Area) -> int:
    """Return the first week in which a regime plans jointly, that after the last if in none.

    Until then the regimes of `ALONE_AT_FIRST` let alike. The partnership lives from month to month.
    """
    if plans_jointly(config.regime.name):
        runs_from = config.partnership.start + timedelta(weeks=config.regime.start_up_weeks)
        months, _ = months_of(config.start, config.weeks)
        month_starts = np.flatnonzero(np.diff(months, prepend=months[0]))
        for week in sorted(planning_weeks(streams_of(config, area), config)):
            reached = month_starts[month_starts <= week]
            day = config.start + timedelta(weeks=int(reached[-1]) if reached.size else 0)
            if day >= runs_from:
                return week
    return config.weeks
