"""What an answer is made from: the tables of a verdict, and what they bear out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from simulation.report.pen import listed
from simulation.results.dose import hardly_happened
from simulation.results.sets import ALL
from simulation.results.verdict import HEADLINE, LESS, MORE


class Sides(NamedTuple):
    """Names of arms by what is told of their years of work beside the baseline's."""

    more: list[str]
    less: list[str]
    open: list[str]
    """Of which it cannot be told."""

    @property
    def first(self) -> list[str]:
        """Those an answer is of: who surely has more, else who may have, else who has fewer."""
        return self.more or self.open or self.less


def sides(orders: Mapping[str, str]) -> Sides:
    """Part arms by their order beside the baseline, in the words of a verdict.

    The printed answer and the page both say what this returns.
    """
    sure = {word: [arm for arm, order in orders.items() if order == word] for word in (MORE, LESS)}
    return Sides(
        sure[MORE], sure[LESS], [arm for arm, order in orders.items() if order not in sure]
    )


@dataclass(frozen=True)
class Decided:
    """What an answer is made from.

    Attributes
    ----------
    verdict, order, dose : DataFrame
        As in `docs/results.md`.
    labels : mapping of str to str
        What each arm is called where a mayor reads, the baseline's first.
    facts : mapping
        area (label), period (text), n_seeds, people_per_agent, job_response (None without support),
        is_open (whether people work across the border in every arm),
        precision (headline, asked, half_width, is_met; empty where none was asked for), held
        (tables whose years the runs leave; empty where there are none).
    targets : DataFrame
        As in `docs/results.md`; no rows where nothing was promised.
    """

    verdict: pd.DataFrame
    order: pd.DataFrame
    dose: pd.DataFrame
    labels: Mapping[str, str]
    facts: Mapping[str, Any]
    targets: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["target"]))

    @property
    def baseline(self) -> str:
        """Name of the arm the others are compared with."""
        return next(iter(self.labels))

    @property
    def others(self) -> list[str]:
        """Names of the other arms."""
        return list(self.labels)[1:]

    @property
    def hardly(self) -> list[str]:
        """Names of the arms that hardly happened."""
        return hardly_happened(self.dose)

    @property
    def ranked(self) -> list[str]:
        """Names of the arms an answer may choose among: those that happened, if any did."""
        return [arm for arm in self.others if arm not in self.hardly] or self.others

    def against_baseline(self, outcome: str, of: str = ALL) -> dict[str, dict[str, Any]]:
        """Return the rows against the baseline in an outcome of a set, by arm."""
        table = self.verdict
        rows = table[
            (table["outcome"] == outcome)
            & (table["set"] == of)
            & (table["against"] == self.baseline)
        ]
        return {str(row["arm"]): row for row in records(rows)}

    def name(self, *arms: str) -> str:
        """Name arms for a reader."""
        return listed([self.labels[arm] for arm in arms])

    def ahead(self, of: str = ALL, outcome: str = HEADLINE) -> dict[str, tuple[str, ...]]:
        """Return which arms each one comes before in a set; who hardly happened is in none."""
        own = self.order[(self.order["set"] == of) & (self.order["outcome"] == outcome)]
        rows = {str(row["arm"]): row for row in records(own) if row["arm"] in self.others}
        return {
            arm: tuple(other for other in str(row["ahead_of"]).split("|") if other in rows)
            for arm, row in rows.items()
        }

    def in_order(self, ahead: Mapping[str, tuple[str, ...]]) -> str:
        """Put what `ahead` returns into words as far as it holds; nothing where none does."""
        steps: dict[tuple[str, ...], list[str]] = {}
        for arm, others in sorted(ahead.items(), key=lambda item: -len(item[1])):
            if others:
                steps.setdefault(others, []).append(arm)
        if (
            steps
            and len(steps) == len(ahead) - 1
            and all(len(each) == 1 for each in steps.values())
        ):
            last = next(arm for arm, others in ahead.items() if not others)
            first = [self.labels[arms[0]] for arms in steps.values()]
            return f"in order: {', then '.join([*first, self.labels[last]])}"
        return "; ".join(
            f"{self.name(*arms)} come{'s' if len(arms) == 1 else ''} before {self.name(*others)}"
            for others, arms in steps.items()
        )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table by name of column."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def is_known(rows: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether any of some rows of a verdict has an interval."""
    return any(np.isfinite(row["low"]) for row in rows.values())


def is_same(row: Mapping[str, Any]) -> bool:
    """Whether two arms of a verdict are the same in every seed: an interval of nothing."""
    return bool(row["low"] == row["high"] == 0)
