"""Targets of a comparison: checked before any run, with the reference runs that part their causes.

Reference runs are the baseline's, seed by seed: in a steady economy, and in that with the benefit
rules of the first day; a target against a second area has the same three worlds there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.comparisons.arms import Arm
from experiments.models.tables import loaded_area
from experiments.words.choices import shipped_choices
from simulation.agents.groups import GROUPS
from simulation.errors import InputError, did_you_mean
from simulation.finished.months import wards_asked
from simulation.inputs.columns import split
from simulation.inputs.target_tables import (
    AREA,
    NATIONAL,
    NI153,
    REST,
    Target,
    months_of,
    national_level,
    targets_named,
)
from simulation.results.targets import (
    BY_SEED,
    EVERYBODY,
    TABLE,
    VALUES,
    Place,
    before_and_after,
    by_seed,
    level,
    table_of,
    worst_in_first_year,
)

if TYPE_CHECKING:
    from simulation.config import Config

STEADY, FROZEN = "reference.steady", "reference.steady.first_rules"
STEADY_ECONOMY, HISTORY = "steady.csv", "recession_2008.csv"
"""Paths of demand of which it is known what the nation did meanwhile: nothing, and its history."""
IN_STEADY = {"economy": {"name": "steady", "file": STEADY_ECONOMY, "events": ()}}
FIRST_RULES = {"benefits": {"frozen": True}}


@dataclass(frozen=True)
class Promised:
    """The targets of a comparison and what is run to say whose doing it was.

    Attributes
    ----------
    targets : tuple of Target
    references : tuple of Arm
        Run with the same seeds as the arms.
    chain : (str, str, str)
        Names of the baseline, of it in a steady economy, and of that with the first day's rules.
    """

    targets: tuple[Target, ...] = ()
    references: tuple[Arm, ...] = ()
    chain: tuple[str, str, str] = ("", "", "")


def promised(asked: str | list[str], arms: Sequence[Arm], baseline: str) -> Promised:
    """Read and check targets against the runs there will be.

    Raises
    ------
    InputError
        One line a problem.
    """
    targets = targets_named(asked)
    base = next(arm for arm in arms if arm.name == baseline)
    problems = [
        f"targets: {each.name}: {problem}"
        for each in targets
        for problem in _problems(each, base.config, [arm.config for arm in arms])
    ]
    problems += [
        f"arm {arm.name}: names that begin with reference. are those of runs targets need"
        for arm in arms
        if arm.name.startswith("reference.")
    ]
    if problems:
        raise InputError(problems)
    chain = _worlds(base)
    worlds = {arm.name: arm for arm in chain}.values()
    areas = dict.fromkeys(_second_area(each) for each in targets if each.against.startswith(AREA))
    second = [_moved(arm, area) for area in areas for arm in worlds]
    references = [*(arm for arm in worlds if arm is not base), *second]
    n_called = Counter(arm.name for arm in references)
    if problems := [
        f"targets: {n} runs they need would be called {name}; call the baseline, or the folder of"
        " an area, something else"
        for name, n in n_called.items()
        if n > 1
    ]:
        raise InputError(problems)
    steady, frozen = chain[1].name, chain[2].name
    return Promised(tuple(targets), tuple(references), (base.name, steady, frozen))


def _worlds(base: Arm) -> list[Arm]:
    """Return the baseline, it in a steady economy, and that with the benefit rules of the start."""
    economy = base.config.economy
    is_steady = economy.file in (None, STEADY_ECONOMY) and not economy.events
    steady = base if is_steady else Arm(STEADY, base.overrides, base.config.replace(**IN_STEADY))
    is_frozen = base.config.benefits.frozen
    frozen = steady if is_frozen else replace(
        steady, name=FROZEN, config=steady.config.replace(**FIRST_RULES)
    )  # fmt: skip
    return [base, steady, frozen]


def _second_area(target: Target) -> str:
    return target.against.removeprefix(AREA)


def _moved(arm: Arm, area: str) -> Arm:
    """Return an arm in another area, under its own name there."""
    place = {"boundaries": None} | (
        {"name": area, "folder": None} if area in shipped_choices("area") else {"folder": area}
    )
    config = arm.config.replace(area=place)
    return Arm(_name_there(arm.name, area), arm.overrides, config)


def _name_there(name: str, area: str) -> str:
    return f"reference.{Path(area).name}.{name.removeprefix('reference.')}"


def _problems(target: Target, config: Config, every: Sequence[Config]) -> list[str]:
    """Say why a target cannot be told in these runs; nothing if it can."""
    wards = loaded_area(config).wards
    found = [
        *_outside(target, config),
        *_unknown_groups("who", target.who),
        *_unknown_place("where", target.where, wards),
    ]
    if target.who != EVERYBODY and target.where != EVERYBODY:
        found.append(f"where {target.where}: groups, as in who, are counted for all wards only")
    if target.where == NI153 and not loaded_area(config).ni153.any():
        found.append("no ward has over 25 per cent claimants, so there is no NI 153")
    if not found:
        found += _unknown_other(target, wards, every)
    return found


def _outside(target: Target, config: Config) -> list[str]:
    """Say which period is not in the run."""
    last_week = config.start + timedelta(weeks=config.weeks - 1)
    first, last = f"{config.start:%Y-%m}", f"{last_week:%Y-%m}"
    found = []
    for what, (begins, ends) in (("baseline", target.baseline), ("date", target.target)):
        if begins < first or ends > last:
            period = begins if begins == ends else f"{begins} to {ends}"
            cure = "an earlier start=" if begins < first else "more weeks="
            found.append(
                f"its {what}, {period}, is not in the run, of {first} to {last}; give {cure}, or"
                " another target"
            )
    return found


def _groups_in(cell: str) -> list[str]:
    return [part for part in split(cell) if ":" in part and not part.startswith(("not:", "worst:"))]


def _unknown_groups(column: str, cell: str) -> list[str]:
    """Say which groups there are not, or that they are of more than one kind."""
    if cell == EVERYBODY:
        return []
    parts = split(cell)
    found = [
        f"{column}: there is no group {part!r}; {did_you_mean(part, GROUPS)}"
        for part in parts
        if part not in GROUPS
    ]
    if len({part.partition(":")[0] for part in parts}) > 1:
        found.append(f"{column}: {cell}: groups must be of one kind, or people count twice")
    return found


def _unknown_place(column: str, cell: str, wards: pd.DataFrame) -> list[str]:
    if cell == NI153:
        return []
    try:
        wards_asked(wards, cell)
    except InputError as error:
        return [f"{column}: {line}" for line in error.problems]
    return []


def _unknown_other(target: Target, wards: pd.DataFrame, every: Sequence[Config]) -> list[str]:
    """Say why what a target is compared with is not known."""
    against = target.against
    if not against:
        return []
    if against == NATIONAL:
        return _no_nation(target, every)
    if against == REST:
        codes = None if target.where == NI153 else wards_asked(wards, target.where)
        is_all = target.where == EVERYBODY or (codes is not None and len(codes) == len(wards))
        return [f"against {REST}: where is all wards, so that no others are left"] if is_all else []
    if against.startswith(AREA):
        area = _second_area(target)
        if area in shipped_choices("area") or Path(area).expanduser().is_dir():
            return []
        hint = did_you_mean(area, shipped_choices("area"))
        return [f"against: there is no area {area!r}; {hint}"]
    if _groups_in(against):
        found = _unknown_groups("against", against)
        if target.where != EVERYBODY:
            found.append(f"against {against}: groups are counted for all wards only")
        return found
    return _unknown_place("against", against, wards)


def _no_nation(target: Target, every: Sequence[Config]) -> list[str]:
    """Say that it is not known what the nation did meanwhile."""
    try:
        for period in (target.baseline, target.target):
            national_level(target.measure, period)
    except InputError as error:
        return error.problems
    files = dict.fromkeys(str(config.economy.file) for config in every)
    return [
        f"against {NATIONAL}: what the nation did is known of {HISTORY} (its history) and"
        f" {STEADY_ECONOMY} (nothing), not of economy.file={file}"
        for file in files
        if file not in (HISTORY, STEADY_ECONOMY, "None")
    ]


def target_values(
    found: Promised,
    frames: Mapping[str, pd.DataFrame],
    arms: Sequence[Arm],
    folders: Mapping[tuple[str, int], Path],
) -> pd.DataFrame:
    """Return what each target is about, before and after, in every run, references too.

    Parameters
    ----------
    found : Promised
    frames : mapping of str to DataFrame
        monthly of the arms (arm, seed, date, ward, group, outcome, value); wards.
    arms : sequence of Arm
    folders : mapping of (str, int) to Path
        Of all runs, the references' among them.

    Returns
    -------
    DataFrame
        target, arm, seed, before, after; no rows without targets.
    """
    if not found.targets:
        return pd.DataFrame(columns=list(VALUES))
    base, monthly, wards = found.chain[0], frames["monthly"], frames["wards"]
    worst = worst_in_first_year(monthly[monthly["arm"] == base])
    if not worst:  # over 25 per cent on the first day alone
        area = loaded_area(next(arm.config for arm in arms if arm.name == base))
        worst = tuple(area.wards["code"][area.ni153].astype(str))
    names = {arm.name for arm in found.references}
    more = [_months(path, name, seed, found.targets)
            for (name, seed), path in folders.items() if name in names]  # fmt: skip
    every = pd.concat([_needed(monthly, found.targets), *more], ignore_index=True)
    flat = {arm.name for arm in (*arms, *found.references) if arm.config.economy.file != HISTORY}
    is_second = every["arm"].astype(str).isin([n for n in names if _is_elsewhere(n)])
    here = every[~is_second]
    return pd.concat(
        [_values(each, here, every, wards, worst, found.chain, flat) for each in found.targets],
        ignore_index=True,
    )


def _is_elsewhere(name: str) -> bool:
    return name not in (STEADY, FROZEN)


def _needed(monthly: pd.DataFrame, targets: Sequence[Target]) -> pd.DataFrame:
    """Keep the months and outcomes targets are about."""
    outcomes = {name for each in targets for name in (*each.counts.over, *each.counts.of)}
    months = {date for each in targets for period in (each.baseline, each.target)
              for date in months_of(period)}  # fmt: skip
    rows = monthly[monthly["date"].isin(months) & monthly["outcome"].isin(outcomes)]
    return rows.astype(dict.fromkeys(("arm", "ward", "group", "outcome"), str))


def _months(path: Path, name: str, seed: int, targets: Sequence[Target]) -> pd.DataFrame:
    monthly = pd.read_parquet(path / "monthly.parquet")
    return _needed(monthly.assign(arm=name, seed=seed), targets)


def _values(
    target: Target,
    here: pd.DataFrame,
    every: pd.DataFrame,
    wards: pd.DataFrame,
    worst: tuple[str, ...],
    chain: tuple[str, str, str],
    flat: set[str],
) -> pd.DataFrame:
    place = _place(target.who, target.where, wards, worst)
    own, other = _levels(here, target, place), None
    if target.against == NATIONAL:
        other = _nation(target, own[0].index, flat)
    elif target.against.startswith(AREA):
        area = _second_area(target)
        before, after = _levels(every, target, Place())
        world = {name: _name_there(name, area) for name in chain}
        keys = [(world.get(arm, world[chain[0]]), seed) for arm, seed in own[0].index]
        other = (
            pd.Series(before.loc[keys].to_numpy(), index=own[0].index),
            pd.Series(after.loc[keys].to_numpy(), index=own[0].index),
        )
    elif target.against == REST:
        codes = tuple(code for code in wards["code"] if code not in set(place.wards or ()))
        other = _levels(here, target, Place(codes))
    elif target.against:
        is_group = bool(_groups_in(target.against))
        who, where = (target.against, EVERYBODY) if is_group else (EVERYBODY, target.against)
        second = _place(who, where, wards, worst)
        other = _levels(here, target, second)
    return before_and_after(target, own, other)


def _levels(monthly: pd.DataFrame, target: Target, place: Place) -> tuple[pd.Series, pd.Series]:
    """Return what a target counts, at its baseline and at its date."""
    return (
        level(monthly, target.counts, place, target.baseline),
        level(monthly, target.counts, place, target.target),
    )


def _place(who: str, where: str, wards: pd.DataFrame, worst: tuple[str, ...]) -> Place:
    if where == NI153:
        return Place(worst)
    codes = wards_asked(wards, where)
    groups = (EVERYBODY,) if who == EVERYBODY else split(who)
    return Place(None if codes is None else tuple(codes), groups)


def _nation(target: Target, runs: pd.Index, flat: set[str]) -> tuple[pd.Series, pd.Series]:
    """Return the nation's levels for each run: where demand is steady it stands still."""
    before, after = (
        national_level(target.measure, period) for period in (target.baseline, target.target)
    )
    is_flat = [arm in flat for arm, _ in runs]
    return (
        pd.Series(before, index=runs, dtype=float),
        pd.Series([before if each else after for each in is_flat], index=runs, dtype=float),
    )


def tables(
    values: pd.DataFrame, targets: Sequence[Target], arms: Sequence[str], chain: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of targets: means over seeds, and seed by seed; no rows without targets."""
    if not targets:
        return pd.DataFrame(columns=list(TABLE)), pd.DataFrame(columns=list(BY_SEED))
    seeds = by_seed(values, targets, arms, chain)
    return table_of(seeds, targets), seeds


def as_facts(found: Promised) -> dict:
    """Return what the manifest says of targets."""
    return {"list": [each._asdict() for each in found.targets], "chain": list(found.chain)}


def of_facts(facts: Mapping) -> tuple[list[Target], list[str]]:
    """Return targets and chain as the manifest has them; none of an earlier version."""
    listed = [
        Target(**(each | {name: tuple(each[name]) for name in ("baseline", "target")}))
        for each in facts.get("list", [])
    ]
    return listed, list(facts.get("chain", []))
