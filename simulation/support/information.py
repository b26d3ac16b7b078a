"""When what lets buyers know more is there, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from simulation.categories import DAYS_PER_YEAR, PENCE_PER_POUND
from simulation.config import Config
from simulation.inputs.years import first_and_last

STREAM = "information"
"""Name of the stream that pays for it, from outside the streams of funding."""


def check_information(config: Config, *, has_journey: bool) -> Iterator[str]:
    """Say why information would move nobody's choice, a line each."""
    _, last = first_and_last(config)
    for name in config.information.active_names():
        start = getattr(config.information, name).start
        if not has_journey:
            yield f"information.{name} needs a regime that chooses providers; set regime=NAME"
        elif config.belief.known:
            yield (
                f"information.{name} tells nobody anything where belief.known is true;"
                " set belief=learnt"
            )
        elif start is not None and start > last:
            yield (
                f"information.{name}.start: {start}; must be no later than the first day of the"
                f" run's last week, {last}"
            )


def years_of(config: Config, name: str, day: date) -> int:
    """Return how many of its years have begun by a day, 0 for what is not chosen."""
    choice = getattr(config.information, name)
    days = (day - (choice.start or config.start)).days
    return 1 + int(days / DAYS_PER_YEAR) if choice.active and days >= 0 else 0


def cost_pence(config: Config, years: dict[str, int], n_providers: int) -> int:
    """Return what so many years of each cost, given how many providers are open, in pence."""
    return sum(
        round(PENCE_PER_POUND * getattr(config.information, name).gbp_per_provider)
        * n_providers
        * n
        for name, n in years.items()
    )
