"""How numbers are written in figures and on the page of a study: no more precisely than known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MINUS = "\u2212"


def number(value: float, *, signed: bool = False, figures: int = 3) -> str:
    """Write a number to so many significant figures, thousands parted, with a real minus.

    Numbers of a million and over are written in millions; what is not a number is a dash.
    """
    if not np.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 999_500:
        places = max(0, figures - 1 - int(np.floor(np.log10(size / 1e6))))
        text = f"{size / 1e6:,.{min(places, figures - 1)}f} million"
    elif size < 1e-4:
        text = f"{size:.1e}"
    else:
        places = figures - 1 - int(np.floor(np.log10(size)))
        text = f"{round(size, places):,.{max(places, 0)}f}"
    sign = MINUS if value < 0 else "+" if signed else ""
    return sign + text


def places_for(low: float, high: float) -> int | None:
    """Say how many decimals an interval allows; below zero tens, hundreds; None if unknown.

    The first figure of its half width is the last that means anything, of a half width that
    begins with 1 or 2 the second.
    """
    half = (high - low) / 2.0
    if not np.isfinite(half) or half <= 0:
        return None
    exponent = int(np.floor(np.log10(half)))
    return int(half / 10.0**exponent < 3.0) - exponent


def decimal(value: float, places: int, *, signed: bool = False) -> str:
    """Write a number to so many decimals, with a real minus; what rounds to zero has no sign."""
    rounded = round(float(value), places)
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    sign = "" if rounded == 0 else MINUS if rounded < 0 else "+" if signed else ""
    return sign + text


def measured(value: float, low: float, high: float, *, unit: str = "", signed: bool = False) -> str:
    """Write a number with its interval, no more precisely than that allows, as "2.1 (1.8 to 2.4)".

    Without an interval, or with one of no width, it has three figures.

    Parameters
    ----------
    value, low, high : float
        Limits may be NaN.
    unit : str
        Put after the number.
    signed : bool
        Whether what is above zero has a plus.
    """
    places = places_for(low, high)
    if places is None:
        return f"{number(value, signed=signed)} {unit}".strip()
    scale, word = (1e6, " million") if max(abs(low), abs(high)) >= 999_500 else (1.0, "")
    places = places_for(low / scale, high / scale) or 0
    first, *ends = (decimal(each / scale, places, signed=signed) for each in (value, low, high))
    return f"{first}{word} {unit}".strip() + f" ({' to '.join(ends)})"


def share(value: float) -> str:
    """Write an index between zero and one with two places, with a real minus."""
    if not np.isfinite(value):
        return "-"
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", MINUS)


def alike(values: NDArray[np.float64]) -> list[str]:
    """Write numbers with the same decimals, two figures of the span between them."""
    known = values[np.isfinite(values)]
    span = float(np.ptp(known)) if known.size else 0.0
    span = span or float(np.abs(known).max(initial=0.0)) or 1.0
    places = min(max(0, 1 - int(np.floor(np.log10(span)))), 8)
    texts = [f"{value:,.{places}f}".replace("-", MINUS) for value in values]
    zero = f"{0.0:.{places}f}"
    texts = [zero if text == f"{MINUS}{zero}" else text for text in texts]
    return [text if np.isfinite(value) else "-" for text, value in zip(texts, values, strict=True)]


def tick(value: float, _: int | None = None) -> str:
    """Write a number on an axis, as short as it is, with a real minus."""
    size = abs(value)
    if size >= 1e6:
        return number(value).replace(" million", "m")
    return f"{value:,.6g}".replace("-", MINUS) if size > 1e-12 else "0"


def signed_tick(value: float, _: int | None = None) -> str:
    """Write a number on an axis of differences, with its sign."""
    text = tick(value)
    return f"+{text}" if value > 0 and text != "0" else text
