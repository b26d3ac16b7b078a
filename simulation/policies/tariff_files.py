"""Tariffs as files: one YAML a tariff, shipped in conf/tariffs or the user's own.

A file has `description`, `source`, `confidence`, `from` (and `until`), `kind` and, where paid by
results, either `fees` by payment group in GBP (`all` for one price) or `shares` of a unit price;
`docs/decisions/payments.md` describes both.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from simulation.agents.contracts import TAPER_YEARS
from simulation.categories import CLIENT_GROUPS, PAYMENT_GROUPS
from simulation.config.base import Day
from simulation.inputs.shipped import resolve_file
from simulation.inputs.yaml_files import one_line_each, read_yaml

ALL_GROUPS = "all"
MOST_KEPT = 64
ROUNDING = 1e-9

Gbp = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Payments = Annotated[int, Field(ge=0, le=52)]
Weeks = Annotated[int, Field(ge=0, le=208)]


class Fees(BaseModel):
    """What a payment group pays, GBP; the sustainment total is split evenly."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attachment: Gbp
    job: Gbp
    sustainment_total: Gbp
    n_sustainment: Payments
    job_weeks: Weeks | None = None

    @model_validator(mode="after")
    def _check_sustainment(self) -> Fees:
        if self.sustainment_total > 0 and self.n_sustainment == 0:
            raise ValueError("a sustainment_total needs n_sustainment of at least 1")
        return self


class Shares(BaseModel):
    """Shares of a unit price; they add up to 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attachment: Share
    job: Share
    sustainment: Share
    n_sustainment: Payments

    @model_validator(mode="after")
    def _check_sum(self) -> Shares:
        total = self.attachment + self.job + self.sustainment
        if abs(total - 1.0) > ROUNDING:
            raise ValueError(f"attachment, job and sustainment must add up to 1, not {total:g}")
        if self.sustainment > 0 and self.n_sustainment == 0:
            raise ValueError("a share for sustainment needs n_sustainment of at least 1")
        return self


class Tariff(BaseModel):
    """A tariff as its file states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    confidence: Literal["high", "medium", "low"]
    first_day: Day = Field(alias="from")
    until: Day | None = None
    kind: Literal["block", "unit", "results"]
    job_weeks: Weeks = 0
    sustainment_weeks: Annotated[int, Field(ge=1, le=208)] = 4
    attachment_taper: Annotated[tuple[Share, ...], Field(min_length=1, max_length=TAPER_YEARS)] = (
        1.0,
    )
    mandatory: tuple[str, ...] = ()
    least_effort: Share = 0.0
    fees: dict[str, Fees] | None = None
    shares: Shares | None = None

    @model_validator(mode="after")
    def _check_whole(self) -> Tariff:
        problems = list(self._kind_problems()) + list(self._name_problems())
        if self.until is not None and self.until <= self.first_day:
            problems.append(f"until {self.until} must be after from {self.first_day}")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _kind_problems(self) -> Iterator[str]:
        given = [name for name in ("fees", "shares") if getattr(self, name) is not None]
        if self.kind == "results" and len(given) != 1:
            yield "a tariff by results needs either fees or shares"
        if self.kind != "results" and given:
            yield f"{' and '.join(given)} are for kind results, not {self.kind}"

    def _name_problems(self) -> Iterator[str]:
        if self.least_effort > 0 and self.kind != "results":
            yield f"least_effort is for kind results, not {self.kind}"
        unknown = sorted(set(self.mandatory) - set(CLIENT_GROUPS))
        if unknown:
            yield f"mandatory {', '.join(unknown)}: must be of {', '.join(CLIENT_GROUPS)}"
        if self.fees is None or set(self.fees) == {ALL_GROUPS}:
            return
        wrong = sorted(set(self.fees) - set(PAYMENT_GROUPS))
        missing = [name for name in PAYMENT_GROUPS if name not in self.fees]
        if wrong:
            yield f"fees {', '.join(wrong)}: must be of {', '.join(PAYMENT_GROUPS)}, or only all"
        if missing:
            yield f"fees lack {', '.join(missing)}; all {len(PAYMENT_GROUPS)} groups are needed"


KEYS = tuple(field.alias or name for name, field in Tariff.model_fields.items())


def load_tariff(name: str | Path) -> Tariff:
    """Read and check a tariff with its source and dates.

    Parameters
    ----------
    name : str or Path
        A name shipped in conf/tariffs, or the path of a YAML file.

    Raises
    ------
    InputError
        One line for each problem.
    """
    path = resolve_file(name, group="tariffs", suffix=".yaml")
    return _read_tariff(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=MOST_KEPT)
def _read_tariff(path: Path, modified_ns: int) -> Tariff:
    """Read a file once for each time it was changed: regimes ask for it order by order."""
    try:
        return Tariff.model_validate(read_yaml(path))
    except ValidationError as error:
        raise one_line_each(path, error, whole="tariff", known=KEYS) from error
