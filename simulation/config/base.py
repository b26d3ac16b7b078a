"""What every group of parameters is made of: fields with meaning, unit, range and source."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMPTION = "assumption"
CALIBRATED = "calibrated to the history of bcbc, docs/decisions/calibration.md"
DISTRIBUTIONS = ("uniform", "log_uniform", "triangular")
"""How a parameter may spread over its plausible range; triangular has its peak at the default."""


def parameter(
    default: Any,
    meaning: str,
    *,
    unit: str,
    source: str = ASSUMPTION,
    plausible: tuple[float, float] | None = None,
    distribution: str = "uniform",
    **limits: Any,
):
    """Return a field that carries its meaning, unit and source beside its default and range.

    Parameters
    ----------
    default, meaning, unit, source
        Of the parameter.
    plausible : (float, float), optional
        The range experiments vary it over where they give none, narrower than what is allowed. Of
        a list it is a range of factors by which all its values are multiplied.
    distribution : str
        One of `DISTRIBUTIONS`, over the plausible range.
    **limits
        What is allowed, as pydantic's `Field` takes it.
    """
    extra: dict[str, Any] = {"unit": unit, "source": source}
    if plausible is not None:
        extra |= {"plausible": list(plausible), "distribution": distribution}
    return Field(default, description=meaning, json_schema_extra=extra, **limits)


Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, le=52)]
Weeks = Annotated[float, Field(gt=0, le=5200)]
Pounds = Annotated[float, Field(ge=0, le=10_000)]


class Group(BaseModel):
    """What all groups share: unknown keys are refused, values are never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True)
