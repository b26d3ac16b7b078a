"""Parameters of flexibilities: rules a partnership asked to be freed from for its residents."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from simulation.config.base import Day, Group, Share, parameter


class FlexibilitiesConfig(Group):
    """What was asked for and hardly granted; each is at 0 unless it is chosen."""

    start: Day = parameter(
        date(2007, 4, 1),
        "first day on which what is granted holds; not before the partnership's first",
        unit="date",
        source="BCBC City Strategy business plan June 2007",
    )
    end: Day = parameter(
        date(2011, 4, 1),
        "day from which it no longer holds",
        unit="date",
        source="City Strategy pathfinders, 2007 to 2011",
    )
    wards: str = parameter(
        "priority",
        "whose residents it holds for: parts separated by |, as where of streams of funding",
        unit="-",
        source="flexibilities.csv: priority and target wards",
    )
    training_hours: Share = parameter(
        0.0,
        "part of the way from the 16-hour limit on study to full-time courses with benefit kept",
        unit="share",
        source="flexibilities.csv, 16-hour rule: BCBC plan barrier 3",
        plausible=(0.0, 1.0),
    )
    trials_for_all: Share = parameter(
        0.0,
        "how far work trials are open at once: over journey.p_trial, the chance of one from action"
        " planning on, not only from placement",
        unit="share",
        source="flexibilities.csv, work trials extension: BCBC plan barrier 4",
        plausible=(0.0, 1.0),
    )
    data_by_consent: Share = parameter(
        0.0,
        "clients who consent that their records go with them, whoever holds them",
        unit="share",
        source="flexibilities.csv, data sharing: BCBC plan barrier 1",
        plausible=(0.0, 1.0),
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"end must be after start {self.start}, got {self.end}")
        return self

    def granted(self) -> tuple[str, ...]:
        """Return the names of what is granted."""
        names = ("training_hours", "trials_for_all", "data_by_consent")
        return tuple(name for name in names if getattr(self, name) > 0.0)
