"""What findings are made of: sentences with whether they stand, lists of names, shares."""

from __future__ import annotations

from typing import NamedTuple

from experiments.study_report.figures.numbers import MINUS


class Finding(NamedTuple):
    """One sentence or two, and whether it tells of something that stands out of the noise."""

    text: str
    is_clear: bool


def percent(value: float) -> str:
    """Write a share per hundred, whole; small ones to one place."""
    size = 100.0 * value
    text = f"{size:.0f}" if abs(size) >= 9.5 else f"{size:.1f}"
    return "0%" if text in ("0.0", "-0.0") else f"{text}%".replace("-", MINUS)
