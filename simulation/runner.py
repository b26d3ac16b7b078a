"""A run is a pure function of (config, seed); its results carry what it takes to repeat it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import mesa
import pandas as pd

from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.area import Area
from simulation.model import LabourMarket
from simulation.record.people import PeopleRecord

PACKAGES = ("mesa", "numpy", "scipy", "pandas", "numba", "humanleague", "pyarrow")
WARD_COLUMNS = ["code", "name", "district", "easting", "northing", "priority", "residents"]
MANIFEST, MONTHLY, FLOWS, EVENTS, WARDS = (
    "manifest.json",
    "monthly.parquet",
    "flows.parquet",
    "events.parquet",
    "wards.csv",
)
SUPPORT = ("clients", "contracts", "money", "coverage", "partners", "providers")
PEOPLE = "people"
"""Frames a run has where there is support, and on request; each is saved as NAME.parquet."""
DATA_FOLDERS = ("area", "benefits", "economy", "employers", "funders", "providers", "tariffs")
"""Folders of `conf` with tables a run opens; what the others say is in its configuration."""
READERS = ("report",)
"""What of `simulation` only reads finished runs."""


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
        Frames of support, where there was any: clients (every event of every client), contracts,
        money, coverage, partners, providers; and people (who worked where every half year), kept
        on request. See `docs/results.md`.
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
        folder = Path(folder)
        if folder.exists():
            raise InputError(f"{folder} exists already; choose another folder")
        partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
        try:
            partial.mkdir(parents=True)
            self._write(partial)
            partial.replace(folder)
        except OSError as error:
            raise InputError(f"{folder} cannot be written: {error.strerror}") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return folder

    def _write(self, folder: Path) -> None:
        self.monthly.to_parquet(folder / MONTHLY, compression="zstd", index=False)
        self.flows.to_parquet(folder / FLOWS, compression="zstd", index=False)
        self.wards.to_csv(folder / WARDS, index=False)
        if self.events is not None:
            self.events.to_parquet(folder / EVENTS, compression="zstd", index=False)
        for name, table in self.tables.items():
            table.to_parquet(folder / f"{name}.parquet", compression="zstd", index=False)
        text = json.dumps(self.manifest, indent=2, default=str)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> Run:
        """Read a saved run.

        Raises
        ------
        InputError
            If a file is missing or cannot be read.
        """
        folder = Path(folder)
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            events = folder / EVENTS
            return cls(
                config=Config.from_mapping(manifest["config"]),
                seed=int(manifest["seed"]),
                monthly=pd.read_parquet(folder / MONTHLY),
                flows=pd.read_parquet(folder / FLOWS),
                wards=pd.read_csv(folder / WARDS, dtype={"code": str}),
                manifest=manifest,
                events=pd.read_parquet(events) if events.exists() else None,
                tables={
                    name: pd.read_parquet(folder / f"{name}.parquet")
                    for name in (*SUPPORT, PEOPLE)
                    if (folder / f"{name}.parquet").exists()
                },
            )
        except (OSError, ValueError, KeyError) as error:
            raise InputError(f"{folder} is not a saved run: {error}") from error


@cache
def code_version() -> str:
    """Return a digest of everything in the package and its data that results depend on.

    Read once a process, as the code is.
    """
    return source_digest(Path(__file__).parents[1])


def source_digest(root: Path) -> str:
    """Return a digest of what results depend on below a folder that holds `simulation` and `conf`.

    Choices of `conf` are left out: what they say is in the configuration of a run. So are figures
    and reports, which only read results; an edit of either makes no stored run stale.
    """
    paths = [
        path
        for path in (root / "simulation").rglob("*.py")
        if path.relative_to(root / "simulation").parts[0] not in READERS
    ]
    for folder in DATA_FOLDERS:
        paths += [path for path in (root / "conf" / folder).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def commit() -> str:
    """Return the commit the package's source stands at, `unknown` outside a checkout.

    Asked for once a process.
    """
    try:
        result = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return result.stdout.strip()


def versions() -> dict[str, str]:
    """Return the versions results may depend on: Python and the packages."""
    return {"python": platform.python_version(), **dict(_package_versions())}


@cache
def _package_versions() -> tuple[tuple[str, str], ...]:
    return tuple((name, importlib.metadata.version(name)) for name in PACKAGES)


def forget_model(model: mesa.Model) -> None:
    """Let a finished model go: Mesa 3.3 keeps every model that made an agent in a class table."""
    ids = getattr(mesa.Agent, "_ids", None)
    if ids is not None:
        ids.pop(model, None)
    model.remove_all_agents()


def simulate(
    config: Config,
    seed: int,
    *,
    events: bool = False,
    people: bool = False,
    progress: Callable[[int], None] | None = None,
    area: Area | None = None,
) -> Run:
    """Simulate one labour market.

    Parameters
    ----------
    config : Config
    seed : int
        0 to 2**64 - 1; the same seed gives two configurations the same luck.
    events : bool
        Whether to keep every change of state or job of every person.
    people : bool
        Whether to keep who worked where every half year, for comparing pairs of runs.
    progress : callable, optional
        Called with the number of weeks done after each.
    area : Area, optional
        The area the configuration names, if it is loaded already.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the configuration, the seed, the area or the economy cannot be used.
    BooksError
        If an accounting identity does not hold; a defect.
    """
    began = time.perf_counter()
    model = LabourMarket(config, seed, events=events, area=area)
    record = PeopleRecord(model.people, model.area, config.weeks) if people else None
    try:
        while model.running:
            model.step()
            if record is not None:
                record.add_week(model.people, model.week - 1)
            if progress is not None:
                progress(model.week)
        recorder = model.recorder
        manifest = {
            "config": config.model_dump(mode="json"),
            "seed": int(seed),
            "n_people": int(model.people.id.size),
            "n_employers": int(model.jobs.ward.size),
            "ni153_wards": [str(code) for code in model.area.wards["code"][model.area.ni153]],
            "versions": versions(),
            "commit": commit(),
            "code_version": code_version(),
            "seconds": time.perf_counter() - began,
            "seconds_by_phase": dict(model.seconds),
        }
        return Run(
            config=config,
            seed=int(seed),
            monthly=recorder.monthly(),
            flows=recorder.flow_table(),
            wards=model.area.wards[WARD_COLUMNS].copy(),
            manifest=manifest,
            events=recorder.event_table(),
            tables=_tables(model, record),
        )
    finally:
        forget_model(model)


def _tables(model: LabourMarket, record: PeopleRecord | None) -> dict[str, pd.DataFrame]:
    """Return the frames of support and of people of a finished model."""
    support = model.support_system
    tables = support.tables(model.people)
    if record is not None:
        streams = [] if support.market is None else support.market.names
        tables[PEOPLE] = record.table(support.caseload.clients, streams)
    return tables
