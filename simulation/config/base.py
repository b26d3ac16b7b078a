"""What every group of parameters is made of: fields with meaning, unit, range and source."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMPTION = "assumption"
CALIBRATED = "calibrated to the history of bcbc, docs/decisions/calibration.md"


def parameter(default: Any, meaning: str, *, unit: str, source: str = ASSUMPTION, **limits: Any):
    """Return a field that carries its meaning, unit and source beside its default and range."""
    return Field(
        default, description=meaning, json_schema_extra={"unit": unit, "source": source}, **limits
    )


Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, le=52)]
Weeks = Annotated[float, Field(gt=0, le=5200)]
Pounds = Annotated[float, Field(ge=0, le=10_000)]


class Group(BaseModel):
    """What all groups share: unknown keys are refused, values are never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True)
