"""What a configuration names is there and helps somebody, whether or not this run reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulation import register
from simulation.config import Config
from simulation.config.aid import Aid
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.inputs.years import first_and_last
from simulation.policies.interventions.base import wards_of
from simulation.policies.tariffs import terms_named
from simulation.support.funding import OF_THE_AREA, load_streams
from simulation.support.information import check_information
from simulation.support.market import GENERATED, market_table


def check_named(config: Config, area: Area, *, has_journey: bool) -> None:
    """Refuse interventions that can help nobody, and tables and places there are not.

    Parameters
    ----------
    config : Config
    area : Area
    has_journey : bool
        Whether the run has a client journey, and so reads streams and providers itself.

    Raises
    ------
    InputError
        One line a problem.
    """
    problems = [*_interventions(config, area, has_journey=has_journey)]
    problems += check_information(config, has_journey=has_journey)
    if not has_journey:
        problems += _unread(config, area)
    if problems:
        raise InputError(problems)


def _interventions(config: Config, area: Area, *, has_journey: bool) -> Iterator[str]:
    """Say which interventions name wards there are not, or can help nobody in this run."""
    active = config.interventions.active_names()
    for name in type(config.interventions).model_fields:
        terms: Aid = getattr(config.interventions, name)
        if name in active:
            yield from _idle(name, terms, config, has_journey=has_journey)
        elif terms.wards == type(terms).model_fields["wards"].default:
            continue  # an area without priority wards is no mistake of who chose none of this
        key = f"interventions.{name}.wards"
        try:
            if not wards_of(area, terms.wards, key=key).any():
                yield f"{key}: {terms.wards}; must leave at least one ward of area {area.name}"
        except InputError as error:
            yield from error.problems


def _idle(name: str, terms: Aid, config: Config, *, has_journey: bool) -> Iterator[str]:
    """Say why an intervention in force would help nobody."""
    if register.INTERVENTIONS[name].needs_journey and not has_journey:
        yield (
            f"interventions.{name}: it helps only clients on their journey, and regime=none has"
            " none; choose a regime or leave it out"
        )
    if terms.budget_gbp and terms.budget_gbp < terms.unit_cost_gbp:
        yield (
            f"interventions.{name}.budget_gbp: {terms.budget_gbp:,.2f} buys no place at"
            f" {terms.unit_cost_gbp:,.2f} each (unit_cost_gbp)"
        )
    first, last = first_and_last(config)
    if terms.end is not None and terms.end <= first:
        yield f"interventions.{name}.end: {terms.end}; must be after the run's first day, {first}"
    elif terms.start is not None and terms.start > last:
        yield (
            f"interventions.{name}.start: {terms.start}; must be no later than the first day of"
            f" the run's last week, {last}"
        )


def _unread(config: Config, area: Area) -> list[str]:
    """Read the tables that are named though no regime reads them, and say what is wrong."""
    reads: list[Callable[[], object]] = []
    if config.funding.table != OF_THE_AREA:
        reads.append(lambda: load_streams(config.funding, area))
    if config.providers.table != GENERATED or config.providers.types != "types":
        reads.append(lambda: market_table(config.providers, area, 0))
    reads.append(lambda: terms_named(config.regime.prime_terms, 1.0))
    problems: list[str] = []
    for read in reads:
        try:
            read()
        except InputError as error:
            problems += error.problems
    return problems
