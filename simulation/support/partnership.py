"""The partnership of funders: behaviour, trust, transparency, shocks.

Trust grows by working together, with a core team and with money of the partnership's own; it
falls with restructuring and broken promises, and hardly with missed targets. It meets the survey
of partners of 2010 (Green and Adam 2011, City Strategy: final evaluation) at its date. Nothing
here is drawn: it is the same in every run.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from simulation.agents.contracts import FundingStream
from simulation.categories import DAYS_PER_YEAR, WEEKS_PER_YEAR
from simulation.config import PartnershipConfig, RegimeConfig
from simulation.errors import InputError
from simulation.policies.situation import Partners
from simulation.support.funding import planning_years

BEHAVIOURS = ("full_pooling", "consult_and_align", "independent")
"""What partners do about money; their parts stand in `partnership.willing_part` in this order."""
SHOCK_KEYS = ("day", "name", "size", "funders")
WHERE = "set in conf/partnership/"


@dataclass(frozen=True)
class Shock:
    """A dated event of national policy that breaks trust.

    Attributes
    ----------
    day : date
    name : str
    size : float
        Share of trust lost, 0 to 1.
    funders : tuple of str
        Whose; empty for all.
    """

    day: date
    name: str
    size: float
    funders: tuple[str, ...] = ()


class Partnership:
    """Funders that work together, from the partnership's first day on.

    Parameters
    ----------
    config : PartnershipConfig
    regime : RegimeConfig
        Its `start_up_weeks` pass before joint plans are made.
    streams : sequence of FundingStream
        Their funders are the partners.
    start : date
        First day of the run.

    Raises
    ------
    InputError
        One line for every unknown behaviour or funder and every shock that cannot be used.
    """

    STATE = ("day", "trust", "transparency")

    def __init__(
        self,
        config: PartnershipConfig,
        regime: RegimeConfig,
        streams: Sequence[FundingStream],
        start: date,
    ) -> None:
        self.config, self.day = config, start
        self.funders = tuple(dict.fromkeys(stream.funder for stream in streams))
        self.runs_from = config.start + timedelta(weeks=regime.start_up_weeks)
        problems = list(_behaviour_problems(config, self.funders))
        self.shocks = _read_shocks(config, self.funders, problems)
        if problems:
            raise InputError(problems)
        behaviours = {name: config.default_behaviour for name in self.funders} | config.behaviours
        self.willing_part = {
            name: config.willing_part[BEHAVIOURS.index(behaviours[name])] for name in self.funders
        }
        self.trust = dict.fromkeys(self.funders, config.trust)
        self.transparency = config.transparency
        self._core_team = _spans(each for each in streams if each.is_capacity)
        self._own_money = _spans(own_streams(streams))
        turns = {day for span in self._core_team + self._own_money for day in span}
        self._turns = sorted(turns | {shock.day for shock in self.shocks})
        for shock in self.shocks:
            if shock.day <= start:
                self._suffer(shock)

    def advance(self, day: date, delivered: Mapping[str, float]) -> None:
        """Let time pass up to a day; how it is cut into steps changes nothing else.

        Trust T follows dT/dt = g (1 - T) - l T with g = `trust_growth`, + `core_team_growth` while
        there is capacity money, + `own_money_growth` while the partnership has money of its own,
        and l = `restructuring_loss` + `missed_target_loss` x max(1 - d, 0), d the share of its
        target a funder met; the last is 0 for a funder without a target. A shock on a day takes
        its share of trust, one before the run on the run's first day. Before the partnership's
        start nothing moves.

        Parameters
        ----------
        day : date
            Not before the day reached.
        delivered : mapping of str to float
            Share of target met in the time that passes, by funder; at least 0.

        Raises
        ------
        ValueError
            If the day lies before the day reached.
        """
        if day < self.day:
            raise ValueError(f"the partnership has reached {self.day}; it cannot go to {day}")
        shocks = {shock.day: shock for shock in self.shocks}
        for turn in (*(turn for turn in self._turns if self.day < turn < day), day):
            since = max(self.day, self.config.start)
            if turn > since:
                self._drift(since, turn, delivered)
            if turn > self.day and turn in shocks:
                self._suffer(shocks[turn])
            self.day = turn

    def partners(self) -> Partners:
        """Return what the partnership is like on the day reached.

        Willingness is the behaviour's part x trust x (1 - `rigidity`).
        """
        free = 1.0 - self.config.rigidity
        willingness = {
            name: part * self.trust[name] * free for name, part in self.willing_part.items()
        }
        return Partners(
            trust=dict(self.trust),
            willingness=willingness,
            transparency=self.transparency,
            is_running=self.day >= self.runs_from,
            is_new=self.runs_from <= self.day < self.runs_from + timedelta(weeks=WEEKS_PER_YEAR),
        )

    def _drift(self, since: date, until: date, delivered: Mapping[str, float]) -> None:
        """Move trust and transparency along the closed form of their equations."""
        config, years = self.config, (until - since).days / DAYS_PER_YEAR
        gain = config.trust_growth
        gain += config.core_team_growth * _holds(self._core_team, since)
        gain += config.own_money_growth * _holds(self._own_money, since)
        for name in self.funders:
            loss = config.restructuring_loss
            if name in delivered:
                loss += config.missed_target_loss * max(1.0 - delivered[name], 0.0)
            self.trust[name] = _approach(self.trust[name], gain, loss, years)
        self.transparency = _approach(self.transparency, config.transparency_growth, 0.0, years)

    def _suffer(self, shock: Shock) -> None:
        for name in shock.funders or self.funders:
            self.trust[name] *= 1.0 - shock.size


def own_streams(streams: Sequence[FundingStream]) -> list[FundingStream]:
    """Return what is the partnership's own: money for clients of who pays for its core team.

    Only money that may be moved at will counts.
    """
    leads = {each.funder for each in streams if each.is_capacity}
    return [
        each
        for each in streams
        if each.funder in leads and each.discretion == 1.0 and not each.is_capacity
    ]


def _spans(streams: Iterable[FundingStream]) -> list[tuple[date, date]]:
    """Return first day and day after the last of all planning years with money."""
    return [
        (begin, end)
        for stream in streams
        for begin, end, amount in planning_years(stream)
        if amount > 0.0
    ]


def _holds(spans: Iterable[tuple[date, date]], day: date) -> bool:
    return any(begin <= day < end for begin, end in spans)


def _approach(value: float, gain: float, loss: float, years: float) -> float:
    """Return the solution of dv/dt = gain (1 - v) - loss v after some years."""
    if gain + loss == 0.0:
        return value
    level = gain / (gain + loss)
    return level + (value - level) * math.exp(-(gain + loss) * years)


def _behaviour_problems(config: PartnershipConfig, funders: Sequence[str]) -> Iterable[str]:
    allowed = f"allowed: {', '.join(BEHAVIOURS)}; {WHERE}"
    if config.default_behaviour not in BEHAVIOURS:
        yield f"partnership.default_behaviour {config.default_behaviour!r} is unknown; {allowed}"
    for name, behaviour in config.behaviours.items():
        if name not in funders:
            yield f"partnership.behaviours: {_unknown_funder(name, funders)}; {WHERE}"
        if behaviour not in BEHAVIOURS:
            yield f"partnership.behaviours of {name}: {behaviour!r} is unknown; {allowed}"


def _unknown_funder(name: str, funders: Sequence[str]) -> str:
    near = get_close_matches(name, funders, n=3)
    hint = f"nearest: {', '.join(near)}" if near else f"funders: {', '.join(funders)}"
    return f"there is no funder {name!r}; {hint}"


def _read_shocks(
    config: PartnershipConfig, funders: Sequence[str], problems: list[str]
) -> tuple[Shock, ...]:
    """Return the shocks in order of their days, and add what is wrong to the problems."""
    shocks = []
    for number, entry in enumerate(config.shocks):
        wrong = list(_shock_problems(entry, funders, config.start))
        problems += [f"partnership.shocks {number}: {each}; {WHERE}" for each in wrong]
        day = _day(entry.get("day"))
        if not wrong and day is not None:
            only = tuple(entry.get("funders") or ())
            shocks.append(Shock(day, str(entry["name"]), float(entry["size"]), only))
    shocks.sort(key=lambda shock: shock.day)
    problems += [
        f"partnership.shocks: {one.name!r} and {other.name!r} are both on {one.day}; give them "
        f"one entry, or different days; {WHERE}"
        for one, other in pairwise(shocks)
        if one.day == other.day
    ]
    return tuple(shocks)


def _shock_problems(
    entry: Mapping[str, Any], funders: Sequence[str], first_day: date
) -> Iterable[str]:
    for key in entry:
        if key not in SHOCK_KEYS:
            yield f"{key} is not a key; allowed: {', '.join(SHOCK_KEYS)}"
    for key in SHOCK_KEYS[:3]:
        if key not in entry:
            yield f"{key} is missing"
    day = _day(entry.get("day"))
    if "day" in entry and day is None:
        yield f"day must be a date, yyyy-mm-dd, got {entry['day']!r}"
    if day is not None and day < first_day:
        yield f"{day} is before partnership.start, {first_day}, when there is no trust to lose"
    size = entry.get("size", 0.0)
    if isinstance(size, bool) or not isinstance(size, int | float) or not 0 <= size <= 1:
        yield f"size must be a number from 0 to 1, got {size!r}"
    for name in entry.get("funders") or ():
        if name not in funders:
            yield _unknown_funder(name, funders)


def _day(value: object) -> date | None:
    """Return a date, given as one or as text; None where it is neither."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
