"""Benefit rules by date: amounts, limits and duties, each value with its unit and legal source.

A table is YAML: one entry a rule, with `description`, `unit`, `source` and `values`, a list of
`from` (the first day) and `value`. A value holds until the next one's day. The entry `covers` says
from which day to which (`until`, the day after the last) the table speaks. The rules shipped are
`conf/benefits/rules_2006.yaml`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from simulation.config.base import Day
from simulation.errors import InputError
from simulation.inputs.shipped import resolve_file
from simulation.inputs.yaml_files import one_line_each, read_yaml

Unit = Literal["gbp_per_week", "gbp_per_hour", "hours_per_week", "weeks", "years", "share", "flag"]
HIGHEST = {"share": 1.0, "flag": 1.0}
NEAREST_NAMES = 3
COVERS = "covers"
MOST_KEPT = 16
MOST_VALUE = 100_000.0


class DatedValue(BaseModel):
    """A number and the first day it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_day: Day = Field(alias="from")
    value: Annotated[float, Field(ge=0, le=MOST_VALUE, allow_inf_nan=False)]


class Covers(BaseModel):
    """The days a table speaks of: from the first to the day before `until`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_day: Day = Field(alias="from")
    until: Day

    @model_validator(mode="after")
    def _check_order(self) -> Covers:
        if self.until <= self.first_day:
            raise ValueError(f"until {self.until} must be after from {self.first_day}")
        return self


class Rule(BaseModel):
    """One dated rule; its values are in the order of their days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: Annotated[str, Field(min_length=1)]
    unit: Unit
    source: Annotated[str, Field(min_length=1)]
    values: Annotated[tuple[DatedValue, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_order_and_range(self) -> Rule:
        for before, after in pairwise(self.values):
            if after.first_day <= before.first_day:
                raise ValueError(
                    f"days must increase, but {after.first_day} follows {before.first_day}"
                )
        highest = HIGHEST.get(self.unit, float("inf"))
        over = [str(dated.value) for dated in self.values if dated.value > highest]
        if over:
            raise ValueError(f"a {self.unit} must be at most {highest:g}, got {', '.join(over)}")
        return self


@dataclass(frozen=True)
class BenefitRules:
    """The rules of one table, looked up by name and day.

    Attributes
    ----------
    rules : dict of str to Rule
    file : Path
        Where they came from, named in errors.
    covers : Covers
        The days the table speaks of.
    """

    rules: dict[str, Rule]
    file: Path
    covers: Covers

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the rules, in the order of the table."""
        return tuple(self.rules)

    def unit(self, name: str) -> str:
        """Return the unit of a rule's values.

        Raises
        ------
        InputError
            When there is no such rule.
        """
        return self._rule(name).unit

    def value(self, name: str, day: date) -> float:
        """Value of a rule on a day, in the rule's unit.

        Raises
        ------
        InputError
            When there is no such rule, naming the nearest, or the day is before its first value.
        """
        dated = self._rule(name).values
        place = bisect_right(dated, day, key=lambda each: each.first_day)
        if place == 0:
            raise InputError(
                f"{self.file}: {name} has no value on {day}; its first is from "
                f"{dated[0].first_day}; add an earlier one or start the run later"
            )
        return dated[place - 1].value

    def weekly_values(self, name: str, start: date, n_weeks: int) -> np.ndarray:
        """Value of a rule on the first day of every week of a run.

        Parameters
        ----------
        name : str
            One of `names`.
        start : date
            First day of week 0.
        n_weeks : int
            Weeks in the run; 0 gives an empty array.

        Returns
        -------
        numpy.ndarray
            float64, shape (n_weeks,), in the rule's unit.

        Raises
        ------
        InputError
            As `value`.
        """
        days = (start + timedelta(weeks=week) for week in range(n_weeks))
        return np.fromiter((self.value(name, day) for day in days), np.float64, count=n_weeks)

    def _rule(self, name: str) -> Rule:
        if name not in self.rules:
            near = get_close_matches(name, self.rules, n=NEAREST_NAMES) or list(self.rules)
            raise InputError(
                f"{self.file}: there is no benefit rule {name!r}; did you mean {', '.join(near)}?"
            )
        return self.rules[name]


def load_benefit_rules(file: str | Path = "rules_2006") -> BenefitRules:
    """Read and check a table of benefit rules.

    Parameters
    ----------
    file : str or Path
        A name shipped in conf/benefits, or the path of a YAML file.

    Raises
    ------
    InputError
        When the file is not there or not YAML, or one line for every wrong entry: repeated
        names, missing or unknown keys, unit, days out of order, negative or infinite values.
    """
    path = resolve_file(file, group="benefits", suffix=".yaml")
    return _read_rules(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=MOST_KEPT)
def _read_rules(path: Path, modified_ns: int) -> BenefitRules:
    """Read a file once for each time it was changed."""
    content = read_yaml(path)
    if isinstance(content, dict) and COVERS not in content:
        raise InputError(
            f"{path}: {COVERS} is missing; say which days the rules are for, such as"
            f" {COVERS}: {{from: 2006-04-10, until: 2012-04-09}}"
        )
    try:
        whole = TypeAdapter(dict[str, object]).validate_python(content)
        covers = Covers.model_validate(whole.pop(COVERS))
        rules = TypeAdapter(dict[str, Rule]).validate_python(whole)
    except ValidationError as error:
        raise one_line_each(path, error, whole="table") from error
    return BenefitRules(rules=rules, file=path, covers=covers)
