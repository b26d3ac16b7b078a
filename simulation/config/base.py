"""What every group of parameters is made of: fields with meaning, unit, range and source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from math import inf
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

ASSUMPTION = "assumption"
CALIBRATED = "calibrated to the history of bcbc, docs/decisions/calibration.md"
HOLD = "hold"
"""Value of `beyond` that keeps the nearest values of a table whose years a run leaves."""
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


MOST_BUT_INF = 1000.0


def _up_to_limit_or_inf(value: float) -> float:
    if MOST_BUT_INF < value < inf:
        raise ValueError(f"must be at most {MOST_BUT_INF:g}, or .inf, got {value:g}")
    return value


UpToLimitOrInf = Annotated[float, AfterValidator(_up_to_limit_or_inf)]
"""A number whose infinity has a meaning of its own; what lies between has none."""
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Between which all days lie, so that no run counts its weeks off the calendar."""


def parse_day(value: object) -> date | None:
    """Return the day a value gives, a date or its text in the form 2006-04-01; None if none."""
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _day(value: object) -> date:
    """Read a day; the validator would take 5, 1e9 and times of midnight for days as well."""
    day = parse_day(value)
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(
            f"input should be a valid date such as 2006-04-01, from {FIRST_DAY} to {LAST_DAY},"
            f" without a time, got {str(value)[:80]}"
        )
    return day


Day = Annotated[date, BeforeValidator(_day)]


def _some_weight(weights: tuple[float, ...]) -> tuple[float, ...]:
    """Refuse weights that are all 0: nothing could be drawn by them."""
    if not any(weights):
        raise ValueError(f"must have at least one value above 0, got {weights}")
    return weights


SOME_WEIGHT = AfterValidator(_some_weight)
Share = Annotated[float, Field(ge=0, le=1)]
LogOdds = Annotated[float, Field(ge=-20, le=20)]
RelativeRisk = Annotated[float, Field(ge=0, le=100)]
Rate = Annotated[float, Field(ge=0, le=52)]
Factor = Annotated[float, Field(ge=0.05, le=20)]
Weeks = Annotated[float, Field(gt=0, le=5200)]
Hours = Annotated[float, Field(ge=0, le=100)]
Pounds = Annotated[float, Field(ge=0, le=10_000)]


def at_most_whole(names: tuple[str, str], first: float, second: float) -> None:
    """Refuse chances of which at most one comes true, if they add up to more than 1."""
    if first + second > 1.0:
        raise ValueError(
            f"{' and '.join(names)} must add up to at most 1, got {first} and {second}"
        )


class Group(BaseModel):
    """What all groups share: unknown keys are refused, values are never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse true and false for a number; the validator would take them for 1 and 0."""
        given = value if isinstance(value, list | tuple) else (value,)
        if any(isinstance(each, bool) for each in given) and info.field_name in _of_numbers(cls):
            raise ValueError(f"must be a number, got {value}")
        return value


@cache
def _of_numbers(group: type[Group]) -> frozenset[str]:
    """Return the fields of a group that hold numbers and no truth value."""
    return frozenset(
        name
        for name, field in group.model_fields.items()
        if {int, float} & (kinds := set(_kinds_in(field.annotation))) and bool not in kinds
    )


def _kinds_in(annotation: Any) -> Iterator[Any]:
    """Give every plain type that an annotation is made of."""
    if get_args(annotation):
        for part in get_args(annotation):
            yield from _kinds_in(part)
    else:
        yield annotation
