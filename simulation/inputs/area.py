"""Areas: wards, jobs and commuting, loaded from a folder of tables and checked.

The folder format is documented in `docs/areas.md`; shipped areas and a user's own are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from simulation.categories import (
    AGE_BANDS,
    BENEFITS,
    ETHNICITIES,
    LEVELS,
    SECTORS,
    SIZE_BANDS,
    STATES,
)
from simulation.errors import InputError
from simulation.files.listing import LIST, damage
from simulation.inputs import schema
from simulation.inputs.csv_files import Table, read_table
from simulation.inputs.geography import (
    Chances,
    chances_of_flows,
    gravity_commuting,
    project_to_metres,
)

__all__ = ["Area", "gravity_commuting", "load_area"]

NI153_CLAIMANT_SHARE = 0.25
"""National Indicator 153: neighbourhoods above 25 per cent claimants at the baseline."""

JOINT_SHAPE = (len(AGE_BANDS), len(ETHNICITIES), len(LEVELS), len(STATES))


@dataclass(frozen=True)
class Area:
    """A city region: who lives where, which jobs are where, who commutes where.

    Attributes
    ----------
    name : str
        Name of the folder.
    wards : DataFrame
        One row a ward, index 0..n-1, columns as in `wards.csv`; easting, northing in metres.
    jobs : ndarray of int64, shape (n_wards, n_sectors, n_size_bands)
        Jobs by workplace ward, sector and size band of the establishment.
    commuting : Chances or None
        Chances of each work ward by home ward; None asks for `gravity_commuting`.
    joint : ndarray of float64, shape (4 ages, 5 ethnicities, 5 qualifications, 7 states)
        Seed for fitting the population: only its conditional structure matters.
    """

    name: str
    wards: pd.DataFrame
    jobs: np.ndarray
    commuting: Chances | None
    joint: np.ndarray

    @property
    def n_wards(self) -> int:
        """Number of wards."""
        return len(self.wards)

    @property
    def districts(self) -> tuple[str, ...]:
        """Names of the districts (local authorities), sorted."""
        return tuple(sorted(self.wards["district"].unique()))

    @cached_property
    def priority(self) -> np.ndarray:
        """Which wards are priority wards; ndarray of bool, shape (n_wards,)."""
        return self.wards["priority"].to_numpy() == 1

    @cached_property
    def positions_km(self) -> np.ndarray:
        """Ward centres in kilometres east and north; ndarray of float64, shape (n_wards, 2)."""
        return self.wards[["easting", "northing"]].to_numpy(float) / 1000.0

    @property
    def ni153(self) -> np.ndarray:
        """Which wards had over 25 per cent claimants at the start; ndarray of bool, (n_wards,)."""
        claimants = self.wards[list(BENEFITS)].to_numpy().sum(axis=1)
        return claimants > NI153_CLAIMANT_SHARE * self.wards["residents"].to_numpy()


def load_area(folder: str | Path) -> Area:
    """Load an area from its folder, reporting every problem in every file at once.

    Parameters
    ----------
    folder : str or Path
        Folder with `wards.csv`, `jobs.csv` and perhaps `commuting.csv` and `joint.csv`.

    Returns
    -------
    Area
        Checked.

    Raises
    ------
    InputError
        One line a problem: file, row (line in the file), column, value, what is allowed.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; must be an area folder (see docs/areas.md)")
    _check_as_imported(folder)
    wards = read_table(folder, "wards.csv", schema.WARDS)
    jobs = read_table(folder, "jobs.csv", schema.JOBS)
    tables = [wards, jobs]
    commuting = joint = None
    if (folder / "commuting.csv").exists():
        commuting = read_table(folder, "commuting.csv", schema.COMMUTING)
        tables.append(commuting)
    if (folder / "joint.csv").exists():
        joint = read_table(folder, "joint.csv", schema.JOINT)
        tables.append(joint)
    _check_wards(wards)
    _check_jobs(jobs, wards)
    if commuting is not None:
        _check_commuting(commuting, wards)
    if joint is not None:
        _check_unique(joint, ["age", "ethnicity", "qualification", "state"])
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        raise InputError([f"{folder}/{problem}" for problem in problems])
    return _assemble(folder.name, wards.frame, jobs.frame, commuting, joint)


def _check_as_imported(folder: Path) -> None:
    """Refuse tables that are not as `area import` wrote them; without its list they are one's own.

    Raises
    ------
    InputError
        One line a file.
    """
    lines = damage(folder) if (folder / LIST).exists() else []
    if lines:
        raise InputError(
            f"{line}; if it was changed on purpose, remove {folder / LIST}" for line in lines
        )


def _check_wards(table: Table) -> None:
    """Check positions and that each breakdown of the residents adds up to them."""
    frame = table.frame
    for metres, degrees in (("easting", "longitude"), ("northing", "latitude")):
        if len(frame) and metres not in frame and degrees not in frame:
            table.problems.append(
                f"wards.csv: row 1, column {metres}: missing; must be there, or {degrees} instead"
            )
    if len(frame) and ("easting" in frame) != ("northing" in frame):
        table.problems.append("wards.csv: row 1: easting and northing must come together")
    if "residents" not in frame:
        return
    residents = pd.to_numeric(frame["residents"], errors="coerce")
    for columns in schema.IDENTITIES:
        if not set(columns) <= set(frame):
            continue
        total = frame[list(columns)].apply(pd.to_numeric, errors="coerce").sum(axis=1, skipna=False)
        # Cells that were reported add up to nothing; only what adds up to something else is new.
        wrong = total.notna() & residents.notna() & (total != residents)
        for line in frame.index[wrong]:
            if any((line, column) in table.wrong for column in ("residents", *columns)):
                continue
            table.problems.append(
                f"wards.csv: row {line}, column residents: {residents[line]:.0f}; must be the sum "
                f"of {columns[0]} to {columns[-1]}, which is {total[line]:.0f}"
            )


def _check_known(table: Table, column: str, wards: Table) -> None:
    """Report wards that `wards.csv` does not have, where all of its rows could be read."""
    if column not in table.frame or "code" not in wards.frame or not wards.is_whole:
        return
    unknown = ~table.frame[column].isin(set(wards.frame["code"]))
    for line, value in table.frame.loc[unknown, column].items():
        table.report(line, column, value, "a code of wards.csv")


def _check_unique(table: Table, keys: list[str]) -> None:
    """Report rows that repeat the keys of an earlier row."""
    if set(keys) <= set(table.frame):
        repeated = table.frame.duplicated(keys)
        for line, row in table.frame.loc[repeated, keys].iterrows():
            shown = ", ".join(map(str, row))
            table.report(line, "+".join(keys), shown, "in one row only")


def _check_jobs(table: Table, wards: Table) -> None:
    """Check the keys of the jobs and that there are any."""
    _check_known(table, "ward", wards)
    _check_unique(table, ["ward", "sector"])
    if not table.problems and not table.frame[list(schema.JOB_COLUMNS)].to_numpy().any():
        table.problems.append("jobs.csv: has no jobs; must have at least one")


def _check_commuting(table: Table, wards: Table) -> None:
    """Check the keys of the flows and that the employed of every ward work somewhere."""
    for column in ("home", "work"):
        _check_known(table, column, wards)
    _check_unique(table, ["home", "work"])
    if table.problems or wards.problems:
        return
    going = table.frame.groupby("home")["people"].sum()
    for line, ward in wards.frame.iterrows():
        if ward["employed"] > 0 and not going.get(ward["code"], 0) > 0:
            table.problems.append(
                f"commuting.csv: column home: no people from {ward['code']} (row {line} of "
                f"wards.csv); must have some, as it has {ward['employed']} employed"
            )


def _assemble(
    name: str,
    wards: pd.DataFrame,
    jobs: pd.DataFrame,
    commuting: Table | None,
    joint: Table | None,
) -> Area:
    """Build the arrays from tables that have passed every check."""
    wards = wards.reset_index(drop=True)
    if "easting" not in wards:
        easting, northing = project_to_metres(
            wards["longitude"].to_numpy(), wards["latitude"].to_numpy()
        )
        wards = wards.assign(easting=easting, northing=northing)
    if "daf" not in wards:
        wards = wards.assign(daf=0)
    row_of = pd.Series(wards.index, index=wards["code"])
    places = np.zeros((len(wards), len(SECTORS), len(SIZE_BANDS)), np.int64)
    sectors = jobs["sector"].map(SECTORS.index).to_numpy()
    places[row_of[jobs["ward"]].to_numpy(), sectors] = jobs[list(schema.JOB_COLUMNS)].to_numpy()
    return Area(
        name=name,
        wards=wards,
        jobs=places,
        commuting=None if commuting is None else _commuting_chances(commuting.frame, row_of),
        joint=np.ones(JOINT_SHAPE) if joint is None else _joint_array(joint.frame),
    )


def _commuting_chances(flows: pd.DataFrame, row_of: pd.Series) -> Chances:
    """Return the chances that a table of flows gives."""
    home, work = (row_of[flows[column]].to_numpy() for column in ("home", "work"))
    return chances_of_flows(home, work, flows["people"].to_numpy(), n_wards=len(row_of))


def _joint_array(joint: pd.DataFrame) -> np.ndarray:
    """Return the seed table as an array; combinations without a row are zero."""
    seed = np.zeros(JOINT_SHAPE)
    index = tuple(
        joint[column].map(list(values).index).to_numpy()
        for column, values in (
            ("age", AGE_BANDS),
            ("ethnicity", ETHNICITIES),
            ("qualification", LEVELS),
            ("state", STATES),
        )
    )
    seed[index] = joint["people"].to_numpy()
    return seed
