"""How numbers, times and lists are written: for the console, the report and the study.

One set of rules. A number with an interval is written no more precisely than that allows: to the
first figure of its half width, or the second where that begins with 1 or 2; what is surely not
nought and itself begins with 1 or 2 has two figures at least: 25,000 (10,000 to 90,000). One
without is written by its unit: people and pounds whole, a million and over in millions. What is
missing is nothing. Pages have a true minus and a pound sign; `plain` puts a text into ASCII for a
terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

MINUS = "\u2212"
POUND = "\u00a3"
MILLION = 1e6
PLACES = {
    "people": 0, "GBP": 0, "starts a year": 0, "weeks": 1, "per cent": 2, "percentage points": 2,
}  # fmt: skip
"""Decimals of a number without an interval, by unit; of others, three figures."""
DIFFERENCE_UNITS = {"per cent": "percentage points", "ratio": ""}
ROUNDING = 1e-12
"""Of a number: an interval no wider has none."""
MOST_LISTED = 6
UNITS_OF_TIME: tuple[tuple[str, int], ...] = (("hour", 3600), ("minute", 60), ("second", 1))


def decimal(value: float, places: int, *, signed: bool = False) -> str:
    """Write a number to so many decimals, below zero tens and hundreds; no sign on a zero."""
    if not np.isfinite(value):
        return ""
    rounded = round(float(value), places)
    sign = "" if rounded == 0 else MINUS if rounded < 0 else "+" if signed else ""
    return f"{sign}{abs(rounded):,.{max(places, 0)}f}"


def number(value: float, *, figures: int = 3, signed: bool = False) -> str:
    """Write a number to so many significant figures."""
    if not np.isfinite(value) or value == 0:
        return "0" if value == 0 else ""
    if abs(value) >= 0.9995 * MILLION:
        places = min(max(0, _places(value / MILLION, figures)), figures - 1)
        return f"{decimal(value / MILLION, places, signed=signed)} million"
    if abs(value) < 1e-4:
        return f"{value:{'+' if signed else ''}.1e}".replace("-", MINUS, 1 if value < 0 else 0)
    return decimal(value, _places(value, figures), signed=signed)


def about(count: float, *, figures: int = 3, signed: bool = False) -> str:
    """Write a count of people for a sentence: whole, to so many figures."""
    if abs(count) >= 0.9995 * MILLION:
        return number(count, figures=figures, signed=signed)
    return decimal(count, min(_places(count, figures), 0), signed=signed)


def _places(value: float, figures: int) -> int:
    return figures - 1 - int(np.floor(np.log10(abs(value)))) if value else 0


def places_for(low: float, high: float) -> int | None:
    """Say how many decimals an interval allows; below zero tens, hundreds; None if unknown."""
    half = (high - low) / 2.0
    if not np.isfinite(half) or half <= ROUNDING * max(abs(low), abs(high)):
        return None
    return _leading(half)


def _leading(size: float) -> int:
    """Return the decimals of the first figure of a size above nought; of the second after 1, 2."""
    exponent = int(np.floor(np.log10(size)))
    return int(size / 10.0**exponent < 3.0) - exponent


def _written(
    values: Sequence[float], unit: str, within: tuple[float, float] | None, *, signed: bool
) -> tuple[list[str], str]:
    """Write numbers alike, as precisely as allowed; and the word they share, " million" or none."""
    ends = [abs(end) for end in within or () if np.isfinite(end)] or [abs(values[0])]
    scale, word = (MILLION, " million") if max(ends) >= 0.9995 * MILLION else (1.0, "")
    places = None if within is None else places_for(within[0] / scale, within[1] / scale)
    if places is None:
        if word or unit in PLACES:
            places = 2 if word else PLACES[unit]
        else:
            return [number(value, signed=signed) for value in values], ""
    elif within is not None and len(values) == 1 and (within[0] > 0 or within[1] < 0):
        places = max(places, _leading(abs(values[0]) / scale))
    return [decimal(value / scale, places, signed=signed) for value in values], word


def figure(
    value: float, unit: str = "", *, within: tuple[float, float] | None = None, signed: bool = False
) -> str:
    """Write a number without its unit, as in a column headed by it.

    Parameters
    ----------
    value : float
        NaN gives an empty text.
    unit : str
        As outcomes have it.
    within : (float, float), optional
        Its interval; limits may be NaN.
    signed : bool
        Whether what is above zero has a plus.
    """
    if not np.isfinite(value):
        return ""
    (text,), word = _written([value], unit, within, signed=signed)
    return text + word


def amount(
    value: float, unit: str, *, within: tuple[float, float] | None = None, signed: bool = False
) -> str:
    """Write a number with its unit, as "71.30%" or "12.5 weeks"; parameters as of `figure`."""
    return with_unit(figure(value, unit, within=within, signed=signed), unit)


def with_unit(text: str, unit: str) -> str:
    """Put the unit to a number that is written; nothing stays nothing."""
    if unit == "GBP" and text:
        sign = text[:1] if text[:1] in (MINUS, "+") else ""
        return f"{sign}{POUND}{text[len(sign) :]}"
    return f"{text}%" if unit == "per cent" and text else f"{text} {unit}".strip() if text else ""


def span(low: float, high: float, unit: str = "", *, signed: bool = False) -> str:
    """Write an interval without its unit, as "1,100 to 3,900"; nothing if a limit is missing."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return ""
    ends, word = _written([low, high], unit, (low, high), signed=signed)
    return " to ".join(ends) + word


def measured(value: float, low: float, high: float, *, unit: str = "", signed: bool = False) -> str:
    """Write a number with its interval, as "2.1 weeks (1.8 to 2.4)"; without one, alone.

    Parameters
    ----------
    value, low, high : float
        Limits may be NaN, or the same where there is nothing to be unsure of.
    unit : str
    signed : bool
        Whether what is above zero has a plus.
    """
    start = amount(value, unit, within=(low, high), signed=signed)
    is_wide = high - low > ROUNDING * max(abs(low), abs(high))
    ends = span(low, high, unit, signed=signed).removesuffix(" million") if is_wide else ""
    return f"{start} ({ends})" if start and ends else start


def percent(share: float) -> str:
    """Write a share per hundred, whole; small ones to one place."""
    size = 100.0 * share
    places = 0 if abs(size) >= 9.5 or f"{abs(size):.1f}" == "0.0" else 1
    return with_unit(decimal(size, places), "per cent")


def alike(values: NDArray[np.float64]) -> list[str]:
    """Write numbers with the same decimals, two figures of the span between them."""
    known = values[np.isfinite(values)]
    width = float(np.ptp(known)) if known.size else 0.0
    width = width or float(np.abs(known).max(initial=0.0)) or 1.0
    return [decimal(value, min(max(0, _places(width, 2)), 8)) for value in values]


def places_of_all(
    values: NDArray[np.float64], lows: NDArray[np.float64], highs: NDArray[np.float64]
) -> int:
    """Say to how many decimals a list of numbers is written, so that their order shows.

    As many as the narrowest of their intervals allows, but no more than two figures of the span
    between the numbers.
    """
    width = float(np.ptp(values)) or float(np.abs(values).max()) or 1.0
    allowed = [places_for(low, high) for low, high in zip(lows, highs, strict=True)]
    return min(_places(width, 2), max((each for each in allowed if each is not None), default=8))


def tick(value: float, _: float | None = None) -> str:
    """Write a number on an axis, as short as it is."""
    if abs(value) >= MILLION:
        return number(value).replace(" million", "m")
    return f"{value:,.6g}".replace("-", MINUS) if abs(value) > 1e-12 else "0"


def signed_tick(value: float, _: float | None = None) -> str:
    """Write a number on an axis of differences, with its sign."""
    text = tick(value)
    return f"+{text}" if value > 0 and text != "0" else text


def value_text(value: Any) -> str:
    """Write the value of a parameter: numbers to four figures, dates short, words as they are."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        is_large = np.isfinite(value) and abs(float(value)) >= 1000
        text = f"{value:,.0f}" if is_large else f"{value:.4g}"
        return text.replace("-", MINUS, 1 if value < 0 else 0)
    if isinstance(value, int | np.integer):
        return str(value).replace("-", MINUS)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return " ".join(str(value).split())


def duration(seconds: float) -> str:
    """Write a length of time in words, as "2.3 seconds" or "2 hours 5 minutes"."""
    if seconds < 9.5:
        return "under 0.1 seconds" if seconds < 0.1 else f"{seconds:.1f} seconds"
    whole = round(seconds)
    at = next(at for at, (_, size) in enumerate(UNITS_OF_TIME) if whole >= size)
    first, rest = divmod(whole, UNITS_OF_TIME[at][1])
    text = plural(first, UNITS_OF_TIME[at][0])
    if at + 1 == len(UNITS_OF_TIME) or first >= 10:
        return text
    word, size = UNITS_OF_TIME[at + 1]
    return f"{text} {plural(rest // size, word)}" if rest >= size else text


def in_years(weeks: int) -> str:
    """Write a length of weeks in years where it is about some."""
    years = weeks / 52
    if abs(years - round(years)) < 0.05 and round(years) >= 1:
        return plural(round(years), "year")
    return f"{years:.1f} years" if years > 1.5 else plural(weeks, "week")


def same_in_all(size: int) -> str:
    """Say why nothing at all differs between runs, at so many people an agent."""
    if size == 1:
        return "nobody is reached, or nobody whom it changes anything for"
    return f"too few people are reached for one agent for {per_agent(size)} to show it"


def disk_size(n_bytes: float) -> str:
    """Write an amount of disk: 340 kB, 12.0 MB, 1.4 GB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6)):
        if n_bytes >= scale:
            return f"{n_bytes / scale:.1f} {unit}"
    return f"{max(n_bytes / 1e3, 1):.0f} kB"


def per_agent(people: int) -> str:
    """Write whom an agent stands for: one agent for "each person" or "10 people"."""
    return "each person" if people == 1 else f"{people} people"


def plural(n: int, word: str) -> str:
    """Write a count with its noun, as "1 seed" or "1,000 seeds"."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def listed(items: Sequence[str], *, most: int = MOST_LISTED) -> str:
    """Join names with commas and an "and"; beyond so many, count the others."""
    if len(items) > most:
        items = [*items[:most], f"{len(items) - most} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def unit_of_difference(unit: str) -> str:
    """Give the unit of a difference: percentage points of per cents, none of ratios."""
    return DIFFERENCE_UNITS.get(unit, unit)


def plain(text: str) -> str:
    """Put a text into ASCII, for a terminal or a table that a program reads."""
    return text.replace(MINUS, "-").replace(POUND, "GBP ")
