"""The gate of an area: who works across its border (docs/gate.md)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from simulation.config.base import Group, parameter

Across = Annotated[float, Field(ge=0, le=0.8)]


class GateConfig(Group):
    """Residents who work outside the area, and jobs in it that are held from outside."""

    name: str = parameter("closed", "name of the gate", unit="-")
    works_outside: Across = parameter(
        0.0,
        "share of residents in work who work outside the area on the first day",
        unit="share",
        source="0 closes the gate; Census 2011 tables of origin and destination have 0.14 in bcbc",
    )
    held_from_outside: Across = parameter(
        0.0,
        "share of jobs in the area held by people who live outside on the first day",
        unit="share",
        source="0 closes the gate; Census 2011 tables of origin and destination have 0.19 in bcbc",
    )
    distance_km: float = parameter(
        25.0, "from the middle of the area to the place outside", unit="km", gt=0, le=500
    )
    file: str | None = parameter(
        None, "CSV of demand outside, as economy.file; none: as inside", unit="path"
    )

    @property
    def is_open(self) -> bool:
        """Whether anybody works across the border."""
        return self.works_outside > 0.0

    @model_validator(mode="after")
    def _both_ways(self) -> Self:
        if (self.works_outside > 0.0) != (self.held_from_outside > 0.0):
            raise ValueError(
                "works_outside and held_from_outside must be both above 0, or both 0, got"
                f" {self.works_outside:g} and {self.held_from_outside:g}"
            )
        return self
