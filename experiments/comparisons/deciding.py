"""From the frames of a comparison to its verdict: sets of people, order, dose, worth of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from experiments.comparisons.arms import in_other_worlds, supported
from simulation.agents.groups import GROUPS
from simulation.categories import BENEFITS, CLIENT_GROUPS
from simulation.config.programme import has_support
from simulation.errors import InputError
from simulation.finished.months import wards_asked
from simulation.report.answer import ANSWER, answer
from simulation.report.decided import Decided
from simulation.report.labels import area_label, arm_labels
from simulation.results.dose import DOSE, dose, hardly_happened
from simulation.results.period import LAID_OFF, TRAITS
from simulation.results.sets import (
    LAID_OFF_LABEL,
    OWN,
    USUAL,
    PeopleSet,
    split_terms,
    usual_sets,
    worst_wards,
)
from simulation.results.verdict import ORDER, VERDICT, order_of, set_values, verdict

if TYPE_CHECKING:
    from experiments.comparisons.arms import Arm
    from experiments.comparisons.frames import ComparisonFrames

FRAGMENTED, NO_REGIME = "fragmented", "none"
KNOWN_GROUPS = (
    *(f"group:{group}" for group in CLIENT_GROUPS),
    *(group for group in GROUPS if group.partition(":")[0] in TRAITS),
)
"""Groups of people a set of one's own may name."""


def own_sets(asked: Mapping[str, Sequence[str]], wards: pd.DataFrame) -> list[PeopleSet]:
    """Find the people of the sets a user names.

    Parameters
    ----------
    asked : mapping of str to sequence of str
        Words for wards (codes, names, districts, `priority`), and groups of one trait such as
        `lone_parent:1`; no place is everywhere, no group everybody.
    wards : DataFrame
        code, name, district, priority.

    Raises
    ------
    InputError
        One line each name that is taken and each word that names nothing, with the nearest names.
    """
    found, problems = [], []
    for name, terms in asked.items():
        if name in USUAL or name.startswith("group:"):
            problems.append(f"sets.{name}: every verdict has a set of this name; choose another")
            continue
        try:
            places, groups = split_terms(name, terms, KNOWN_GROUPS)
            codes = wards_asked(wards, places) if places else None
            label = name.replace("_", " ")
            chosen = None if codes is None else tuple(codes)
            found.append(PeopleSet(name, OWN, label, chosen, groups))
        except InputError as error:
            problems += [
                line if line.startswith("sets.") else f"sets.{name}: {line}"
                for line in error.problems
            ]
    if problems:
        raise InputError(problems)
    return found


def sets_of(found: ComparisonFrames, asked: Mapping[str, Sequence[str]]) -> list[PeopleSet]:
    """Return all sets a verdict is given for: the usual ones and those asked for."""
    monthly = found.monthly
    worst = worst_wards(monthly[monthly["arm"] == found.baseline], BENEFITS)
    sets = [*usual_sets(found.wards, worst), *own_sets(asked, found.wards)]
    return [*sets, *_laid_off(found)]


def _laid_off(found: ComparisonFrames) -> list[PeopleSet]:
    """Return as a set whom local closures lay off, where all arms follow the same people.

    They are those of the baseline, so that every other arm has to be measured against it.
    """
    others = {arm.name for arm in found.arms} - {found.baseline}
    is_shared = others <= set(supported(found.arms)) - set(found.left_out)
    if not is_shared or not (found.period["group"] == LAID_OFF).any():
        return []
    return [PeopleSet(LAID_OFF, OWN, LAID_OFF_LABEL, None, (LAID_OFF,))]


def arm_order(found: ComparisonFrames) -> list[str]:
    """Return the names of the arms, the baseline first."""
    names = [arm.name for arm in found.arms if arm.name != found.baseline]
    return [found.baseline, *names]


def verdict_of(found: ComparisonFrames, asked: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Compare every two arms for every set; no rows for a single arm."""
    arms = arm_order(found)
    if len(arms) < 2 or found.period.empty:
        return pd.DataFrame(columns=list(VERDICT))
    sets = sets_of(found, asked)
    values = set_values(found.period, sets, arms)
    others = in_other_worlds(found.arms, baseline=found.baseline)
    return verdict(values, sets, arms, hardly=hardly_happened(found.dose), in_other_worlds=others)


def order_table(found: ComparisonFrames) -> pd.DataFrame:
    """Put the arms in order as far as the verdict bears it; hardly different ones apart."""
    if found.verdict.empty:
        return pd.DataFrame(columns=list(ORDER))
    hardly = hardly_happened(found.dose)
    return order_of(found.verdict, [arm for arm in arm_order(found) if arm not in hardly])


def compared_with(arms: Sequence[Arm]) -> str | None:
    """Return the arm doses are held against: the first in which each funder stands alone."""
    names = [arm.name for arm in arms if arm.config.regime.name == FRAGMENTED]
    return next(iter(names), None)


def dose_table(found: ComparisonFrames) -> pd.DataFrame:
    """Say what each arm with a regime moved against the fragmented one; no rows without that."""
    against = compared_with(found.arms)
    others = [
        arm.name for arm in found.arms if arm.config.regime.name not in (NO_REGIME, FRAGMENTED)
    ]
    cells = found.frames["dose_cells"]
    if against is None or cells.empty:
        return pd.DataFrame(columns=list(DOSE))
    own = cells[cells["arm"].isin([against, *others])]
    return dose(own, against=against, seeds=found.seeds)


def answer_table(found: ComparisonFrames) -> pd.DataFrame:
    """Put the verdict into words a mayor reads, a sentence a row."""
    config = found.arms[0].config
    words = arm_labels([{"name": arm.name, "overrides": arm.overrides} for arm in found.arms])
    responses = {arm.config.closure.response for arm in found.arms if has_support(arm.config)}
    end = config.start + timedelta(weeks=config.weeks, days=-1)
    decided = Decided(
        found.verdict,
        found.order,
        found.dose,
        labels={name: words[name] for name in arm_order(found)},
        facts={
            "area": area_label(config.area.folder or config.area.name),
            "period": f"{config.start:%B %Y} to {end:%B %Y}",
            "n_seeds": len(found.seeds),
            "people_per_agent": config.people_per_agent,
            "precision": found.facts["precision"],
            "held": found.facts["held"],
            "is_open": all(arm.config.gate.is_open for arm in found.arms),
            "job_response": responses.pop() if len(responses) == 1 else None,
        },
        targets=found.targets,
    )
    return pd.DataFrame(answer(decided), columns=list(ANSWER))
