"""The frames of a comparison: what was measured of its runs, and the tables that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from experiments.comparisons.arms import Arm, left_out, supported
from experiments.comparisons.deciding import (
    answer_table,
    arm_order,
    dose_table,
    order_table,
    verdict_of,
)
from experiments.comparisons.null import null_table
from experiments.comparisons.pairs import Folders
from experiments.comparisons.targets import of_facts, tables
from simulation.results.measured import additionality_table
from simulation.results.paired import summarise
from simulation.results.pairing import pairing_table
from simulation.results.participants import participant_effects
from simulation.results.support import SUPPORT_OUTCOMES
from simulation.results.support_values import common_outcomes


@dataclass(frozen=True, repr=False, eq=False)
class ComparisonFrames:
    """What was measured of arms with the same seeds; numbers are people and GBP of the real area.

    Attributes
    ----------
    arms : tuple of Arm
    seeds : tuple of int
    baseline : str
        The arm the others are compared with, unless another is named.
    frames : mapping of str to DataFrame
        What was measured of the runs; each has a property of its own. See `docs/results.md`.
    folders : mapping of (str, int) to Path
        Where the run of an arm and a seed is kept.
    facts : mapping of str to Any
        What `manifest.json` says besides: command, seconds, versions, commit, code_version.
    processes : int or None
        Most figures of the page that are drawn at a time; None is one a core.
    """

    arms: tuple[Arm, ...]
    seeds: tuple[int, ...]
    baseline: str
    frames: Mapping[str, pd.DataFrame]
    folders: Folders
    facts: Mapping[str, Any]
    processes: int | None = None

    @property
    def monthly(self) -> pd.DataFrame:
        """Months of all runs: arm, seed, date, ward, group, outcome, value."""
        return self.frames["monthly"]

    @property
    def wards(self) -> pd.DataFrame:
        """The area's wards: code, name, district, easting, northing, priority, residents."""
        return self.frames["wards"]

    @property
    def outcomes(self) -> pd.DataFrame:
        """Every outcome of every run: arm, seed, outcome, value, unit."""
        return self.frames["outcomes"]

    @property
    def pairs(self) -> pd.DataFrame:
        """From gross to net, seed by seed: the area at every snapshot, its parts at the end."""
        return self.frames["pairs"]

    @property
    def participant_effects(self) -> pd.DataFrame:
        """What support does for its participants by time since they came in, arm by arm."""
        return participant_effects(self.frames["participants"])

    @property
    def journey(self) -> pd.DataFrame:
        """Clients who pass from one place on the way to the next: means over seeds."""
        return self.frames["journey"]

    @property
    def reached(self) -> pd.DataFrame:
        """How far the clients of each ward came: means over seeds."""
        return self.frames["reached"]

    @property
    def engaged(self) -> pd.DataFrame:
        """Who engages whom, by stream and client group: means over seeds."""
        return self.frames["engaged"]

    @property
    def coverage(self) -> pd.DataFrame:
        """Need and places by ward, client group and stage: means over seeds and months."""
        return self.frames["coverage"]

    @property
    def spend(self) -> pd.DataFrame:
        """Money of each stream by year: means over seeds."""
        return self.frames["spend"]

    @property
    def partners(self) -> pd.DataFrame:
        """Trust and willingness of each funder by month: means over seeds."""
        return self.frames["partners"]

    @property
    def period(self) -> pd.DataFrame:
        """What the whole period brought each ward and group, run by run."""
        return self.frames["period"]

    @cached_property
    def verdict(self) -> pd.DataFrame:
        """What every two arms differ by over the whole period, for each set of people."""
        return self.verdict_for(self.facts["sets"])

    def verdict_for(self, sets: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """Return the verdict for the usual sets of people and for some of one's own.

        Parameters
        ----------
        sets : mapping of str to sequence of str
            Words for wards (codes, names, districts, `priority`), and groups of people of one kind
            such as `lone_parent:1`, as {"mine": ["Canal Side", "lone_parent:1"]}.

        Raises
        ------
        InputError
            If a word names nothing, with the nearest names.
        """
        return verdict_of(self, sets)

    @cached_property
    def order(self) -> pd.DataFrame:
        """Between which places each arm may stand; arms that hardly happened are left out."""
        return order_table(self)

    @cached_property
    def dose(self) -> pd.DataFrame:
        """What part of the money, places and people each regime moved."""
        return dose_table(self)

    @cached_property
    def pairing(self) -> pd.DataFrame:
        """What comparing seed by seed was worth, by year and in a ward."""
        return pairing_table(self.period, self.monthly, arm_order(self))

    @property
    def target_values(self) -> pd.DataFrame:
        """What each target is about, before and after, in every run; no rows without targets."""
        return self.frames["target_values"]

    @property
    def targets(self) -> pd.DataFrame:
        """What was promised, what happened and whose doing it was: means over seeds."""
        return self._targets[0]

    @property
    def targets_by_seed(self) -> pd.DataFrame:
        """The same seed by seed; the parts add up to the change that was seen."""
        return self._targets[1]

    @cached_property
    def _targets(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        listed, chain = of_facts(self.facts["targets"])
        return tables(self.target_values, listed, arm_order(self), chain)

    @cached_property
    def answer(self) -> pd.DataFrame:
        """The verdict in a dozen sentences: what each is about, and its text."""
        return answer_table(self)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Every outcome of which all runs have a number, by arm, and as a difference."""
        return summarise(self._comparable(self.outcomes), self.baseline)

    @cached_property
    def additionality(self) -> pd.DataFrame:
        """Who is in work because of support and what that cost, by arm, with intervals."""
        of_support = self.outcomes["arm"].isin(supported(self.arms))
        return additionality_table(
            self.pairs, self.outcomes[of_support], self.period, baseline=self.baseline
        )

    @cached_property
    def null(self) -> pd.DataFrame:
        """What an evaluator with one region could have seen of aligning; no rows if not asked."""
        config = self.arms[0].config
        return null_table(self.pairs, self.monthly, config=config, baseline=self.baseline)

    @property
    def left_out(self) -> dict[str, str]:
        """Why it cannot be told of an arm with support who is in work because of it, by arm."""
        return left_out(self.arms, baseline=self.baseline)

    @property
    def has_support(self) -> bool:
        """Whether any arm has a regime or an intervention."""
        return bool(supported(self.arms))

    @property
    def on_support(self) -> dict[str, pd.DataFrame]:
        """Tables on support by name; none where no arm has any."""
        if not self.has_support:
            return {}
        names = (
            "additionality", "participant_effects", "journey", "reached", "engaged", "coverage",
            "spend", "partners", "null",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    @property
    def manifest(self) -> dict[str, Any]:
        """What was compared, and what it takes to do it again."""
        config = next(arm.config for arm in self.arms if arm.name == self.baseline)
        return {
            "area": config.area.folder or config.area.name,
            "arms": [
                {
                    "name": arm.name,
                    "overrides": list(arm.overrides),
                    "config": arm.config.model_dump(mode="json"),
                }
                for arm in self.arms
            ],
            "baseline": self.baseline,
            "additionality_left_out": self.left_out,
            "seeds": list(self.seeds),
            "start": config.start.isoformat(),
            "weeks": config.weeks,
            "people_per_agent": config.people_per_agent,
            "boundaries": config.area.boundaries,
            "config": config.model_dump(mode="json"),
            **self.facts,
        }

    def _comparable(self, values: pd.DataFrame) -> pd.DataFrame:
        """Keep outcomes of which every run has a number, those of support only if there is any."""
        if not self.has_support:
            of_support = [each.name for each in SUPPORT_OUTCOMES]
            values = values[~values["outcome"].isin(of_support)]
        return common_outcomes(values)
