"""Targets of a partnership, and the national series some are measured against: read strictly.

A target is a row of a CSV like `conf/targets.csv`; the format is documented in `docs/targets.md`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

from simulation.categories import BENEFITS
from simulation.errors import InputError, did_you_mean
from simulation.inputs.columns import column, one_of, text, unique_name
from simulation.inputs.columns import measure as number
from simulation.inputs.csv_files import Table, read_table
from simulation.inputs.shipped import CONF

SHIPPED, NATIONAL_FILE = CONF / "targets.csv", CONF / "national.csv"
SEEKERS = ("jsa", "seeking_no_benefit")
NI153, NATIONAL, REST, AREA = "ni153", "national", "rest", "area:"
"""Words for wards above 25 per cent claimants in the first year; and for what is compared with."""
ABSOLUTE, PER_CENT = "absolute", "per_cent"


class Measure(NamedTuple):
    """What a target counts: people, or people per hundred of others."""

    label: str
    over: tuple[str, ...]
    """Monthly outcomes that are added up."""
    of: tuple[str, ...] = ()
    """Monthly outcomes it is per hundred of; none for a count."""

    @property
    def is_rate(self) -> bool:
        """Whether it is per hundred."""
        return bool(self.of)


MEASURES = {
    "claimants": Measure("people on out-of-work benefits", BENEFITS),
    "main_benefits": Measure("people on JSA, IB/ESA or lone-parent benefit", BENEFITS[:3]),
    "jsa": Measure("people on JSA", ("jsa",)),
    "ib_esa": Measure("people on IB/ESA", ("ib_esa",)),
    "lone_parent": Measure("lone parents on benefit", ("lone_parent",)),
    "employed": Measure("people in work", ("employed",)),
    "long_term": Measure("people out of work for a year", ("workless_over_12_months",)),
    "claimant_rate": Measure("on out-of-work benefits, per cent", BENEFITS, ("residents",)),
    "employment_rate": Measure("in work, per cent", ("employed",), ("residents",)),
    "long_term_share": Measure(
        "of job seekers out of work for a year, per cent", ("workless_over_12_months",), SEEKERS
    ),
}
UNTOLD = {
    "children": "the model has people of working age and no families, so children in workless"
    " families cannot be told",
    "enrolments": "the model counts people helped, not enrolments at colleges, so these cannot be"
    " told",
}
"""Measures there were targets for that no run can show, and why."""


class Target(NamedTuple):
    """What was promised: by when, for whom, compared with what, and what follows if it is kept."""

    name: str
    label: str
    measure: str
    """One of `MEASURES`."""
    who: str
    """`all`, or groups of people separated by |."""
    where: str
    """Words for wards (`named_wards`), or `ni153`."""
    against: str
    """Nothing, `national`, `rest`, `area:NAME`, words for wards, or groups of people."""
    baseline: tuple[str, str]
    """First and last month, as 2006-08."""
    target: tuple[str, str]
    change: float
    """Promised, below zero for a fall."""
    kind: str
    """`ABSOLUTE`, in people or percentage points; `PER_CENT` of the baseline."""
    reward_gbp: float
    reward_from: float
    """Share of the promise from which a part of the reward follows; 1 is all or nothing."""
    source: str

    @property
    def counts(self) -> Measure:
        """What it counts."""
        return MEASURES[self.measure]

    @property
    def unit(self) -> str:
        """Unit of its changes."""
        if self.counts.is_rate:
            return "percentage points"
        return "per cent" if self.against else "people"


def _month() -> pa.Column:
    check = pa.Check.str_matches(r"^\d{4}-(0[1-9]|1[0-2])$")
    return column(str, "a month such as 2006-08", check)


TARGETS = pa.DataFrameSchema(
    {
        "name": unique_name("a name"),
        "label": text(),
        "measure": one_of((*MEASURES, *UNTOLD)),
        "who": text(),
        "where": text(),
        "against": text(empty=True),
        "baseline_from": _month(),
        "baseline_to": _month(),
        "target_from": _month(),
        "target_to": _month(),
        "change": number(-1e7, 1e7),
        "kind": one_of((ABSOLUTE, PER_CENT)),
        "reward_gbp": number(0, 1e10),
        "reward_from": number(0, 1),
        "source": text(),
    },
    strict=True,
)
SERIES = pa.DataFrameSchema(
    {
        "measure": one_of(MEASURES),
        "month": _month(),
        "value": number(0, 1e9),
        "source": text(),
    },
    strict=True,
)
_PLAIN_NAME = re.compile(r"\w+")


def read_targets(path: Path) -> list[Target]:
    """Return the targets of a file, in its order.

    Raises
    ------
    InputError
        One line a problem: file, row (line in the file), column, value, what is allowed.
    """
    table = read_table(path.parent, path.name, TARGETS)
    if not table.problems:
        _check_rows(table)
    table.refuse(path.parent)
    return [_target(row) for row in table.frame.to_dict("records")]


def _check_rows(table: Table) -> None:
    """Check that periods are in order, and that what is promised can be told kept or not."""
    for line, row in table.frame.iterrows():
        for first, last in (("baseline_from", "baseline_to"), ("baseline_to", "target_from"),
                            ("target_from", "target_to")):  # fmt: skip
            apart = first == "baseline_to"
            if row[last] < row[first] or (apart and row[last] == row[first]):
                word = "after" if apart else "at or after"
                table.report(line, last, row[last], f"{word} {first}, {row[first]}")
        if row["change"] == 0:
            table.report(line, "change", "0", "above or below zero")
        known = MEASURES.get(row["measure"])
        if known and row["against"] and not known.is_rate and row["kind"] != PER_CENT:
            allowed = f"{PER_CENT} where people are counted against something of another size"
            table.report(line, "kind", row["kind"], allowed)


def _target(row: dict) -> Target:
    own = {name: row[name] for name in Target._fields if name in row}
    return Target(
        **own,
        baseline=(row["baseline_from"], row["baseline_to"]),
        target=(row["target_from"], row["target_to"]),
    )


def targets_named(asked: str | list[str]) -> list[Target]:
    """Return the targets some words name: shipped ones by name, all of a CSV by its path.

    Raises
    ------
    InputError
        One line a problem; names that are not known come with the nearest.
    """
    shipped = {each.name: each for each in read_targets(SHIPPED)}
    found: dict[str, Target] = {}
    problems = []
    for word in [asked] if isinstance(asked, str) else asked:
        if word in shipped:
            found.setdefault(word, shipped[word])
        elif _PLAIN_NAME.fullmatch(word):
            hint = did_you_mean(word, shipped)
            problems.append(f"targets: there is no target {word!r}; {hint}, or the path of a CSV")
        else:
            try:
                own = read_targets(Path(word).expanduser())
                found |= {each.name: each for each in own}
            except InputError as error:
                problems += error.problems
    problems += [
        f"targets: {each.name}: {UNTOLD[each.measure]}"
        for each in found.values()
        if each.measure in UNTOLD
    ]
    if problems:
        raise InputError(problems)
    return list(found.values())


def months_of(period: tuple[str, str]) -> pd.DatetimeIndex:
    """Return the months of a period, both ends included, by their first days."""
    return pd.date_range(*period, freq="MS")


def national_level(name: str, period: tuple[str, str], *, file: Path = NATIONAL_FILE) -> float:
    """Return the national value of a measure, mean of a period's months; straight between dates.

    Raises
    ------
    InputError
        If there is no such series, or it does not reach over the period.
    """
    table = read_table(file.parent, file.name, SERIES)
    table.refuse(file.parent)
    rows = table.frame[table.frame["measure"] == name].sort_values("month")
    if rows.empty:
        there = ", ".join(table.frame["measure"].unique())
        raise InputError(f"there is no national series of {name}; there are {there}")
    first, last = rows["month"].iloc[0], rows["month"].iloc[-1]
    if period[0] < first or period[1] > last:
        raise InputError(
            f"the national series of {name} is of {first} to {last}, not of {period[0]} to"
            f" {period[1]}"
        )
    days = pd.to_datetime(rows["month"]).to_numpy().astype("datetime64[D]").astype(float)
    asked = months_of(period).to_numpy().astype("datetime64[D]").astype(float)
    return float(np.interp(asked, days, rows["value"]).mean())
