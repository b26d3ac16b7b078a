"""The library of payment terms: those of the time, shipped in conf/tariffs, and the user's own.

A tariff is one YAML file with `description`, `source`, `confidence`, `from` (and `until`), `kind`
and, where paid by results, either `fees` by payment group in GBP (`all` for one price) or `shares`
of a unit price; `docs/decisions/payments.md` describes both.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from simulation.categories import CLIENT_GROUPS, PAYMENT_GROUPS
from simulation.demand import resolve_file, shipped_names
from simulation.errors import InputError

N_PAYMENT_GROUPS = len(PAYMENT_GROUPS)
ALL_GROUPS = "all"
NEAREST_NAMES = 3
ROUNDING = 1e-9

Gbp = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Payments = Annotated[int, Field(ge=0, le=52)]
Weeks = Annotated[int, Field(ge=0, le=208)]


@dataclass(frozen=True)
class Terms:
    """How a contract pays.

    Attributes
    ----------
    name : str
    kind : str
        "block" (monthly instalments of the budget), "unit" (a price per start of each stage) or
        "results" (attachment, job outcome, sustainment; the provider decides what to do).
    attachment_gbp, job_gbp, sustainment_gbp : tuple of float
        By payment group, GBP; the last for each sustainment payment. Empty unless by results.
    n_sustainment : tuple of int
        Sustainment payments, by payment group.
    job_weeks : int
        Weeks a job must last for the job outcome.
    sustainment_weeks : int
        Weeks between sustainment payments.
    attachment_taper : tuple of float
        Factor of the attachment fee by year of the contract; the last one holds on.
    mandatory : tuple of str
        Client groups that are referred, so that the provider cannot choose whom to recruit.
    group_job_weeks : tuple of int
        `job_weeks` by payment group, where groups differ; empty where they do not.
    """

    name: str
    kind: str
    attachment_gbp: tuple[float, ...] = ()
    job_gbp: tuple[float, ...] = ()
    sustainment_gbp: tuple[float, ...] = ()
    n_sustainment: tuple[int, ...] = ()
    job_weeks: int = 0
    sustainment_weeks: int = 4
    attachment_taper: tuple[float, ...] = (1.0,)
    mandatory: tuple[str, ...] = ()
    group_job_weeks: tuple[int, ...] = ()


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
    first_day: date = Field(alias="from")
    until: date | None = None
    kind: Literal["block", "unit", "results"]
    job_weeks: Weeks = 0
    sustainment_weeks: Annotated[int, Field(ge=1, le=208)] = 4
    attachment_taper: Annotated[tuple[Share, ...], Field(min_length=1, max_length=4)] = (1.0,)
    mandatory: tuple[str, ...] = ()
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

    def _kind_problems(self):
        given = [name for name in ("fees", "shares") if getattr(self, name) is not None]
        if self.kind == "results" and len(given) != 1:
            yield "a tariff by results needs either fees or shares"
        if self.kind != "results" and given:
            yield f"{' and '.join(given)} are for kind results, not {self.kind}"

    def _name_problems(self):
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
            yield f"fees lack {', '.join(missing)}; all {N_PAYMENT_GROUPS} groups are needed"


_registered: dict[str, Terms] = {}


def register(terms: Terms) -> None:
    """Add terms made in Python to the library of this process, or replace one's own.

    Raises
    ------
    InputError
        When the name is one of the shipped tariffs, or the terms do not add up.
    """
    if terms.name in shipped_names("tariffs", suffix=".yaml"):
        raise InputError(f"tariff {terms.name} is shipped; register yours under another name")
    problems = list(_terms_problems(terms))
    if problems:
        raise InputError(problems)
    _registered[terms.name] = terms


def tariff_names() -> tuple[str, ...]:
    """Return the names `terms_named` knows: shipped and registered, sorted."""
    return tuple(sorted({*shipped_names("tariffs", suffix=".yaml"), *_registered}))


def terms_named(name: str, unit_price_gbp: float | None = None) -> Terms:
    """Return payment terms by name.

    Parameters
    ----------
    name : str
        Shipped, registered, or the path of a YAML file of your own.
    unit_price_gbp : float or None
        What all results of a client come to, GBP; used only where the tariff is in shares.

    Raises
    ------
    InputError
        When there is no such tariff, naming the nearest; its file cannot be used; or the unit
        price lacks or is below 0.
    """
    if name in _registered:
        return _registered[name]
    tariff = load_tariff(name)
    plain = Path(name).stem
    if tariff.shares is None:
        return _terms_of_fees(plain, tariff)
    if unit_price_gbp is None or not 0 <= unit_price_gbp < float("inf"):
        raise InputError(
            f"tariff {name} is in shares: unit_price_gbp must be a number of at least 0, got "
            f"{unit_price_gbp}"
        )
    return _terms_of_shares(plain, tariff, unit_price_gbp)


def load_tariff(name: str | Path) -> Tariff:
    """Read and check a tariff with its source and dates.

    Raises
    ------
    InputError
        One line for each problem.
    """
    shipped = shipped_names("tariffs", suffix=".yaml")
    if not Path(name).suffix and str(name) not in shipped:
        near = get_close_matches(str(name), tariff_names(), n=NEAREST_NAMES) or tariff_names()
        raise InputError(f"there is no tariff {str(name)!r}; did you mean {', '.join(near)}?")
    path = resolve_file(name, group="tariffs", suffix=".yaml")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: cannot be read as YAML: {_one_line(error)}") from error
    try:
        return Tariff.model_validate(content)
    except ValidationError as error:
        raise InputError(
            f"{path}: {'.'.join(str(part) for part in each['loc']) or 'tariff'}: "
            f"{each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        ) from error


def _terms_of_fees(name: str, tariff: Tariff) -> Terms:
    if tariff.fees is None:
        return Terms(name, tariff.kind, mandatory=tariff.mandatory)
    one = tariff.fees.get(ALL_GROUPS)
    fees = [one or tariff.fees[group] for group in PAYMENT_GROUPS]
    weeks = tuple(tariff.job_weeks if fee.job_weeks is None else fee.job_weeks for fee in fees)
    return Terms(
        name,
        tariff.kind,
        attachment_gbp=tuple(fee.attachment for fee in fees),
        job_gbp=tuple(fee.job for fee in fees),
        sustainment_gbp=tuple(fee.sustainment_total / max(fee.n_sustainment, 1) for fee in fees),
        n_sustainment=tuple(fee.n_sustainment for fee in fees),
        job_weeks=tariff.job_weeks,
        sustainment_weeks=tariff.sustainment_weeks,
        attachment_taper=tariff.attachment_taper,
        mandatory=tariff.mandatory,
        group_job_weeks=weeks if len(set(weeks)) > 1 else (),
    )


def _terms_of_shares(name: str, tariff: Tariff, unit_price_gbp: float) -> Terms:
    shares = tariff.shares
    n = max(shares.n_sustainment, 1)
    return Terms(
        name,
        tariff.kind,
        attachment_gbp=(unit_price_gbp * shares.attachment,) * N_PAYMENT_GROUPS,
        job_gbp=(unit_price_gbp * shares.job,) * N_PAYMENT_GROUPS,
        sustainment_gbp=(unit_price_gbp * shares.sustainment / n,) * N_PAYMENT_GROUPS,
        n_sustainment=(shares.n_sustainment,) * N_PAYMENT_GROUPS,
        job_weeks=tariff.job_weeks,
        sustainment_weeks=tariff.sustainment_weeks,
        attachment_taper=tariff.attachment_taper,
        mandatory=tariff.mandatory,
    )


def _terms_problems(terms: Terms):
    """Yield what is wrong with terms made in Python."""
    if terms.kind not in ("block", "unit", "results"):
        yield f"tariff {terms.name}: kind must be block, unit or results, got {terms.kind!r}"
    columns = ("attachment_gbp", "job_gbp", "sustainment_gbp", "n_sustainment")
    wanted = N_PAYMENT_GROUPS if terms.kind == "results" else 0
    for column in columns:
        values = getattr(terms, column)
        if len(values) != wanted:
            yield f"tariff {terms.name}: {column} must have {wanted} values, got {len(values)}"
        if not all(0 <= value < float("inf") for value in values):
            yield f"tariff {terms.name}: {column} must be at least 0, got {min(values)}"
    unknown = sorted(set(terms.mandatory) - set(CLIENT_GROUPS))
    if unknown:
        yield f"tariff {terms.name}: mandatory {', '.join(unknown)} are no client groups"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


class _UniqueKeys(yaml.SafeLoader):
    """Safe YAML in which a repeated key is an error, where plain YAML keeps the last in silence."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        keys = [key.value for key, _ in node.value]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        if repeated:
            raise yaml.constructor.ConstructorError(
                None, None, f"repeated key {', '.join(repeated)}", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)
