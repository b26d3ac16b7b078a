"""What a run gives: its frames, and in its manifest what it takes to repeat it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from simulation.config import Config
from simulation.errors import InputError
from simulation.files.placing import put_folder
from simulation.finished.folder import read_run, write_run, written_config
from simulation.finished.months import ALL, months, wards_asked
from simulation.finished.names import EVENTS, GROUPS
from simulation.finished.shown import NO_REGIME, as_html, as_text, facts
from simulation.report import figures
from simulation.results.of_run import outcomes_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(repr=False, eq=False)
class Run:
    """The results of one run.

    Attributes
    ----------
    config : Config
    seed : int
    monthly : DataFrame
        date, ward, group, outcome, value; numbers are people, see `simulation.record.outcomes`.
    flows : DataFrame
        Moves between states by month: date, from_state, to_state, value (people).
    wards : DataFrame
        The area's wards: code, name, district, easting, northing, priority, residents.
    manifest : dict
        What the run was and took: configuration, seed, versions, commit, seconds by phase.
    events : DataFrame or None
        Every change of state or job: week, person, age, from_state, to_state, employer, level,
        wage_gbp; kept on request.
    tables : dict of str to DataFrame
        groups (each group in each ward, month by month); frames of support, where there was any:
        clients (every event of every client), contracts, money, coverage, partners, providers;
        and people (who worked where every half year), kept on request. See `docs/results.md`.
    """

    config: Config
    seed: int
    monthly: pd.DataFrame
    flows: pd.DataFrame
    wards: pd.DataFrame
    manifest: dict[str, Any] = field(default_factory=dict)
    events: pd.DataFrame | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _outcomes: pd.DataFrame | None = field(default=None, init=False)

    def support(self, name: str) -> pd.DataFrame:
        """Return a frame of support: clients, contracts, money, coverage, partners, providers.

        Raises
        ------
        InputError
            If there is none of this name, or the run had no support.
        """
        if name not in self.tables:
            has = ", ".join(self.tables) or "none: regime.name is none, no interventions"
            raise InputError(f"the run has no frame {name!r}; it has {has}")
        return self.tables[name]

    def outcomes(self) -> pd.DataFrame:
        """Return every outcome there are figures for, worked out the first time it is asked for.

        Returns
        -------
        DataFrame
            outcome (str), value (float64; NaN for a rate of nobody), unit (str).
        """
        if self._outcomes is None:
            self._outcomes = outcomes_of(self)
        return self._outcomes.copy()

    def client(self, number: int) -> pd.DataFrame:
        """Return the record of one client: date, event, who did it, under which contract, cost.

        Raises
        ------
        InputError
            If the run had no support, or there is no such person.
        """
        self._check_person(number)
        clients, names = self.support("clients"), self.support("providers")["name"]
        rows = clients[clients["person"] == number].drop(columns="person").copy()
        rows.insert(1, "date", self._dates(rows["week"]))
        rows.insert(4, "provider_name", rows["provider"].map(names).fillna(""))
        return rows.reset_index(drop=True)

    def _check_person(self, number: int) -> None:
        if not 0 <= number < self.manifest["n_people"]:
            raise InputError(f"person must be from 0 to {self.manifest['n_people'] - 1}")

    def _dates(self, weeks: pd.Series) -> pd.Series:
        return pd.Timestamp(self.config.start) + pd.to_timedelta(7 * weeks, unit="D")

    def table(
        self, *, ward: str = ALL, wards: Iterable[str] | None = None, group: str = ALL
    ) -> pd.DataFrame:
        """Return months, a column an outcome: of the area, of some wards, of a group, of both.

        Parameters
        ----------
        ward : str
            A code, a name, a district or `priority`, or several as the tables of inputs write them:
            `priority|not:Solihull`. Several are added up.
        wards : iterable of str, optional
            Such words instead, added up too.
        group : str
            As "age:16_24"; in some wards as well as in the area.

        Returns
        -------
        DataFrame
            Index date, float64 columns in people. An outcome that is not counted by ward, or not
            by group, is left out where one is asked for.

        Raises
        ------
        InputError
            If the run has no such ward or group, with the nearest ones; if a name is that of
            several wards, with their codes; if both `ward` and `wards` are given.
        """
        if wards is not None and ward != ALL:
            raise InputError("give ward or wards, not both")
        chosen = wards_asked(self.wards, ward if wards is None else wards)
        return months(self.monthly, self.tables.get(GROUPS), wards=chosen, group=group)

    def plot(self, name: str = "claimant_counts") -> Figure:
        """Draw the run.

        Parameters
        ----------
        name : str
            What: claimant_counts, employment_gap, hires_by_queue_position, beveridge_curve; with
            support journey, unmet, duplication, spend_by_stream, money_by_year, trust_over_time.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        InputError
            If there is no such picture, or the run has not what it shows.
        """
        regime = self.config.regime.name
        arm = "no regime" if regime == NO_REGIME else regime
        return figures.draw_run(name, self, arm=arm)

    def plot_person(self, number: int) -> Figure:
        """Draw one person's states from the first day to the last, a bar of colours.

        Raises
        ------
        InputError
            As `person`; if nothing ever changed for them.
        """
        lives = {f"person {number}": self.person(number)}
        return figures.life_lines(lives, start=self.config.start, weeks=self.config.weeks)

    def __repr__(self) -> str:
        return as_text(self._facts())

    def _repr_html_(self) -> str:
        return as_html(self._facts(), self.table())

    def _facts(self) -> dict[str, str]:
        n_people = self.manifest["n_people"]
        return facts(self.config, seed=self.seed, n_people=n_people, area_months=self.table())

    def person(self, number: int) -> pd.DataFrame:
        """Return one person's history: week, date and what changed.

        Raises
        ------
        InputError
            If events were not kept, or there is no such person.
        """
        if self.events is None:
            raise InputError("events were not kept; run simulate(config, seed, events=True)")
        self._check_person(number)
        rows = self.events[self.events["person"] == number].copy()
        rows.insert(1, "date", self._dates(rows["week"]))
        return rows.reset_index(drop=True)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write the run to a folder, whole or not at all, with a list of its files.

        Parameters
        ----------
        folder : str or Path
            One that does not exist yet.
        overwrite : bool
            Whether it may exist; what its own list names is replaced then, all else stays.

        Raises
        ------
        InputError
            If the folder exists or cannot be written.
        MachineError
            If the disk is full or fails.
        """
        # Nothing is at MISSING/../there to the system, and there is where it would be written.
        if not overwrite and any(map(os.path.lexists, (folder, os.path.realpath(folder)))):
            raise InputError(f"{folder} exists already; choose another folder")
        frames = {"monthly": self.monthly, "flows": self.flows, "wards": self.wards, **self.tables}
        if self.events is not None:
            frames[EVENTS] = self.events
        put_folder(Path(folder), lambda new: write_run(new, frames, self.manifest))
        return Path(folder)

    @classmethod
    def load(cls, folder: str | Path) -> Run:
        """Read a saved run.

        Raises
        ------
        InputError
            If a file is missing or not as it was written, or another version of the program wrote
            it.
        """
        try:
            frames, manifest = read_run(Path(folder))
            own = {name: frames.pop(name) for name in ("monthly", "flows", "wards")}
            written, seed, by = manifest["config"], int(manifest["seed"]), manifest["commit"]
        except (OSError, ValueError, KeyError, InputError) as error:
            raise InputError(f"{folder} is not a saved run: {error}") from error
        return cls(
            config=written_config(folder, written, by),
            seed=seed,
            manifest=manifest,
            events=frames.pop(EVENTS, None),
            tables=frames,
            **own,
        )
