"""What a run gives: its frames, and in its manifest what it takes to repeat it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from simulation.config import Config
from simulation.errors import InputError
from simulation.finished.folder import EVENTS, read_run, write_run


@dataclass
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
        Every change of state or job: week, person, from_state, to_state, employer, level,
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

    def table(self, *, ward: str = "all", group: str = "all") -> pd.DataFrame:
        """Return one ward's or group's months, a column an outcome.

        Raises
        ------
        InputError
            If the run has no such ward or group.
        """
        for name, value in (("ward", ward), ("group", group)):
            if value not in set(self.monthly[name].unique()):
                raise InputError(f"the run has no {name} {value!r}")
        rows = self.monthly[(self.monthly["ward"] == ward) & (self.monthly["group"] == group)]
        return rows.pivot(index="date", columns="outcome", values="value").rename_axis(columns=None)

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

    def save(self, folder: str | Path) -> Path:
        """Write the run to a folder that does not exist yet; written whole or not at all.

        Raises
        ------
        InputError
            If the folder exists or cannot be written.
        """
        frames = {"monthly": self.monthly, "flows": self.flows, "wards": self.wards, **self.tables}
        if self.events is not None:
            frames[EVENTS] = self.events
        write_run(Path(folder), frames, self.manifest)
        return Path(folder)

    @classmethod
    def load(cls, folder: str | Path) -> Run:
        """Read a saved run.

        Raises
        ------
        InputError
            If a file is missing or cannot be read.
        """
        try:
            frames, manifest = read_run(Path(folder))
            own = {name: frames.pop(name) for name in ("monthly", "flows", "wards")}
            return cls(
                config=Config.from_mapping(manifest["config"]),
                seed=int(manifest["seed"]),
                manifest=manifest,
                events=frames.pop(EVENTS, None),
                tables=frames,
                **own,
            )
        except (OSError, ValueError, KeyError) as error:
            raise InputError(f"{folder} is not a saved run: {error}") from error
