"""Flexibilities: rules from which residents of some wards are freed while they are granted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.inputs.named_wards import ALLOWED, named_wards
from simulation.inputs.years import first_and_last
from simulation.labour.dated_rates import study_hours
from simulation.support.journey_week import JourneyRates


class Flexibilities:
    """What the rules of the time allow residents of each ward, week by week.

    A course takes `journey.training_weeks` at `journey.training_hours` a week; at the hours a
    claimant may study, the dated rule but no more than `journey.full_time_hours`, it takes longer
    or shorter in proportion, to the nearest week.

    Parameters
    ----------
    config : Config
    area : Area

    Raises
    ------
    InputError
        One line for wards there are not and for what is granted outside its dates.
    """

    def __init__(self, config: Config, area: Area) -> None:
        self._terms = terms = config.flexibilities
        self._wards, unknown = named_wards(terms.wards, area.wards)
        problems = list(_problems(config, unknown or terms.wards, self._wards))
        if problems and terms.granted():
            raise InputError(problems)
        days = [config.start + timedelta(weeks=week) for week in range(config.weeks)]
        self._holds = [terms.start <= day < terms.end for day in days]
        journey = config.journey
        limit = np.minimum(study_hours(config), journey.full_time_hours)
        freed = limit + terms.training_hours * (journey.full_time_hours - limit)
        hours = np.maximum(np.column_stack([limit, freed]), 1.0)
        weeks = journey.training_weeks * journey.training_hours / hours
        self._training_weeks = np.maximum(np.rint(weeks), 1.0).astype(np.int64)
        self._p_early_trial = journey.p_trial * terms.trials_for_all

    def rates_in(self, rates: JourneyRates, week: int) -> JourneyRates:
        """Return the journey's parameters with those by ward as they are in a week."""
        is_free = self._wards & self._holds[week]
        return rates._replace(
            training_weeks=self._training_weeks[week][is_free.astype(np.int64)],
            p_early_trial=self._p_early_trial * is_free,
            consent=self._terms.data_by_consent * is_free,
        )


def _problems(config: Config, given: str, wards: np.ndarray) -> Iterator[str]:
    terms, first = config.flexibilities, config.partnership.start
    begins, ends = first_and_last(config)
    if not wards.any():
        yield f"flexibilities.wards: {given!r}; must be {ALLOWED}"
    if terms.start < first:
        yield (
            f"flexibilities.start {terms.start} is before the partnership's first day, {first}: a"
            " flexibility is granted to a partnership; set in flexibilities.start"
        )
    elif terms.start > ends or terms.end <= begins:
        yield (
            f"flexibilities ({', '.join(terms.granted())}) hold from {terms.start} until"
            f" {terms.end}, but the run is from {begins} to {ends}; set in flexibilities.start and"
            " flexibilities.end"
        )
