"""Employers' goodwill towards advisers: what they tell them, who tires or pleases them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from .workplace import Establishment

if TYPE_CHECKING:
    from .contracts import Contract
    from .journey import Journey
    from .market import ReferenceMarket

TRIAL_WEEKS = 13
SINGLE_OFFER = -1


class Goodwill:
    """The calls of a week, and what employers made of those before.

    Parameters
    ----------
    market : ReferenceMarket
    """

    def __init__(self, market: ReferenceMarket) -> None:
        self.market, self.rules = market, market.config.goodwill
        n_wards = market.area.n_wards
        self.chances = [
            [high - low for low, high in zip([0.0, *row], row, strict=False)]
            for row in market.commuting
        ]
        self.answer = [1.0] * n_wards
        self.called_for: dict[tuple[int, int], float] = defaultdict(float)
        self.on_trial: dict[Journey, Establishment] = {}

    def begin_week(self) -> None:
        """Ask how many of the vacancies in reach advisers know of; forget last week's calls."""
        self.called_for.clear()
        n_wards = len(self.answer)
        self.openings, goodwill = [0.0] * n_wards, [0.0] * n_wards
        for each in self.market.establishments:
            for cell in each.cells:
                self.openings[each.ward] += cell.openings
                goodwill[each.ward] += cell.openings * each.goodwill
        for home, chances in enumerate(self.chances):
            vacancies = sum(p * n for p, n in zip(chances, self.openings, strict=True))
            told = sum(p * n for p, n in zip(chances, goodwill, strict=True))
            mean = told / vacancies if vacancies > 0.0 else self.rules.usual
            usual = self._known(self.rules.usual)
            self.answer[home] = (self._known(mean) / usual) ** self.rules.elasticity

    def _known(self, goodwill: float) -> float:
        return self.rules.notified + (1.0 - self.rules.notified) * goodwill

    def call(self, contract: Contract, home: int) -> None:
        """Call upon employers for a client who lives in a ward."""
        caller = SINGLE_OFFER if contract.has_single_offer else contract.provider.number
        self.called_for[caller, home] += contract.employer_access

    def end_week(self) -> None:
        """Let every employer with a vacancy hear the callers, and time pass for all."""
        callers = [self._callers(ward) for ward in range(len(self.answer))]
        for each in self.market.establishments:
            is_hiring = any(cell.openings for cell in each.cells)
            each.goodwill = self._after(each.goodwill, callers[each.ward] if is_hiring else 0.0)

    def _callers(self, ward: int) -> float:
        """Return the mean number of callers that a vacancy in a ward hears from."""
        if self.openings[ward] == 0.0:
            return 0.0
        calls: dict[int, float] = defaultdict(float)
        for (caller, home), clients in sorted(self.called_for.items()):
            calls[caller] += self.rules.calls * clients * self.chances[home][ward]
        return sum(1.0 - math.exp(-number / self.openings[ward]) for number in calls.values())

    def _after(self, goodwill: float, callers: float) -> float:
        """Return goodwill after a week at a steady number of callers."""
        rules = self.rules
        mends = math.log(2.0) / rules.half_life_weeks
        wears = mends * (1.0 / rules.usual - 1.0) * (1.0 + callers / rules.usual_callers)
        goal = mends / (mends + wears)
        return goal + (goodwill - goal) * math.exp(-mends - wears)

    def take_on(self, journey: Journey) -> None:
        """Have a client who was put forward begin on trial with the employer."""
        self.on_trial[journey] = journey.person.cell.establishment

    def judge(self, journey: Journey) -> None:
        """Think better of advisers after a trial, or worse if it was not seen through."""
        employer = self.on_trial.get(journey)
        if employer is None:
            return
        cell = journey.person.cell
        if cell is None or cell.establishment is not employer:
            employer.goodwill *= 1.0 - self.rules.bad_recruit
        elif self.market.week - journey.job.week >= TRIAL_WEEKS:
            employer.goodwill += self.rules.good_recruit * (1.0 - employer.goodwill)
        else:
            return
        del self.on_trial[journey]
