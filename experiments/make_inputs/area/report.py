"""What came from where, and how near the tables are to what was asked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.make_inputs.area.sources import Sources
from experiments.make_inputs.area.targets import MAIN, PRIORITY, Targets
from simulation.categories import BENEFIT_STATES, SECTORS, STATES, State
from simulation.inputs.schema import (
    AGE_COLUMNS,
    ETHNICITY_COLUMNS,
    JOB_COLUMNS,
    QUALIFICATION_COLUMNS,
)

CENSUS = "Census 2011 (ONS)"
IMD = "Index of Multiple Deprivation 2010 (MHCLG), counts of 2008"
PLAN = "targets from the evidence"

GEOGRAPHY = "2003 wards rebuilt from small areas"
SPREAD = "constituency margin tilted by the ward's {}, scaled to the ward's residents"
ORIGINS: tuple[tuple[str, tuple[str, ...], str, str, str], ...] = (
    ("wards", ("code", "name", "district"), "ONS names and codes", "2003", GEOGRAPHY),
    (
        "wards",
        ("easting", "northing"),
        "ward centroids (contains OS data)",
        "2003",
        "equirectangular metres from the middle of the area",
    ),
    (
        "wards",
        ("residents",),
        "mid-2015 small-area population (ONS)",
        "2015",
        "16-59 and a quarter of those over 60, scaled to the total of the group of wards",
    ),
    (
        "wards",
        ("jsa", "ib_esa"),
        f"{IMD}; unemployed of Census 2001; {PLAN}",
        "2001-2008",
        "claimants divided by unemployment against health, fitted to the totals",
    ),
    (
        "wards",
        ("lone_parent", "other_benefit"),
        f"{IMD}; {CENSUS}; {PLAN}",
        "2008-2011",
        "income deprivation (times lone-parent households), fitted to the totals",
    ),
    (
        "wards",
        ("seeking_no_benefit", "inactive_no_benefit"),
        f"{CENSUS}; {IMD}; {PLAN}",
        "2007-2011",
        "unemployment; students, home-makers and other inactive; fitted to the totals",
    ),
    ("wards", ("employed",), PLAN, "2006-2007", "residents less those out of work, fitted"),
    ("wards", QUALIFICATION_COLUMNS, CENSUS, "2011", SPREAD.format("adult skills score")),
    ("wards", AGE_COLUMNS, CENSUS, "2011", SPREAD.format("deprivation")),
    ("wards", ETHNICITY_COLUMNS, CENSUS, "2011", SPREAD.format("deprivation")),
    (
        "wards",
        ("deprivation",),
        "Index of Multiple Deprivation 2007 (MHCLG)",
        "2007",
        "mean score of the ward's small areas",
    ),
    (
        "jobs",
        ("sector",),
        f"{CENSUS}, workplaces",
        "2011",
        "middle areas divided by number of small areas; scaled to the employed residents: the "
        "area is closed, commuters across its edge are left out on both sides",
    ),
    (
        "jobs",
        ("jobs_1_9", "jobs_10_49", "jobs_50_249", "jobs_250_plus"),
        "enterprises by size band and section, Great Britain (ONS)",
        "2016",
        "enterprises times persons, large ones spread over sites; see the import recipe",
    ),
    (
        "commuting",
        ("people",),
        f"{CENSUS}, origin and destination of work",
        "2011",
        "within the area, fitted to employed residents and jobs",
    ),
    (
        "joint",
        ("people",),
        f"{CENSUS}, microdata teaching sample, the area's region",
        "2011",
        "activity to state and occupation to qualification by rule; fitted to the area's totals "
        "and the ages of claimants",
    ),
)


def sources_table(sources: Sources) -> pd.DataFrame:
    """Return `sources.csv`: one row a column of the tables.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.

    Returns
    -------
    DataFrame
        Columns table, column, source, year, method.
    """
    if "top_share" in sources.recipe["priority"]:
        origin, method = IMD, "the third of wards with the highest claimant rate; no list exists"
    else:
        origin = "BCBC City Strategy business plan 2007"
        method = "the 55 wards of the plan by code; daf: those with the Deprived Areas Fund"
    rows = [(*row[:1], column, *row[2:]) for row in ORIGINS for column in row[1]]
    rows += [("wards", column, origin, "2007", method) for column in ("priority", "daf")]
    rows += [("jobs", "ward", "ONS codes", "2003", GEOGRAPHY)]
    rows += [("commuting", column, "ONS codes", "2003", GEOGRAPHY) for column in ("home", "work")]
    return pd.DataFrame(rows, columns=["table", "column", "source", "year", "method"])


class Margins:
    """Collects what was asked against what was reached."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float, float, str]] = []

    def add(self, margin: str, asked: float, reached: float, source: str) -> None:
        """Add one margin; the difference is in per cent of what was asked."""
        difference = 100.0 * (reached / asked - 1.0)
        # Adding zero turns a rounded -0.0 into 0.0.
        shown = (round(float(asked), 3), round(float(reached), 3), round(difference, 4) + 0.0)
        self.rows.append((margin, *shown, source))

    def table(self) -> pd.DataFrame:
        """Return `margins.csv`."""
        columns = ["margin", "asked", "reached", "difference_pct", "source"]
        return pd.DataFrame(self.rows, columns=columns)


def margins_table(
    sources: Sources,
    wards: pd.DataFrame,
    *,
    targets: Targets,
    jobs: np.ndarray,
    sizes: np.ndarray,
    flows: np.ndarray,
    joint: np.ndarray,
) -> pd.DataFrame:
    """Return `margins.csv`, every margin asked against what the written tables have.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    wards : DataFrame
        The finished ward table.
    targets : Targets
        From `find_targets`.
    jobs : ndarray of int64, shape (n_wards, n_sectors, n_size_bands)
        Jobs.
    sizes : ndarray of float64, shape (n_sectors, n_size_bands)
        Share of each sector's jobs asked for in each band.
    flows : ndarray of int64, shape (n_wards, n_wards)
        Commuters.
    joint : ndarray of float64, shape (4, 5, 5, 7)
        The population seed.

    Returns
    -------
    DataFrame
        Columns margin, asked, reached, difference_pct, source.
    """
    margins = Margins()
    _evidence_margins(margins, sources, wards)
    names = ("outside priority wards", "priority wards") if len(targets.residents) > 1 else ("all",)
    for index, name in enumerate(names):
        inside = wards[targets.group == index]
        margins.add(f"residents, {name}", targets.residents[index], inside["residents"].sum(), PLAN)
        for state, asked in zip(STATES, targets.states[index], strict=True):
            margins.add(f"{state}, {name}", asked, inside[state].sum(), "docs/areas.md")
        if targets.qualifications is not None:
            levels = zip(QUALIFICATION_COLUMNS, targets.qualifications[index], strict=True)
            for column, asked in levels:
                margins.add(f"{column}, {name}", asked, inside[column].sum(), "docs/areas.md")
    employed = wards["employed"].to_numpy()
    margins.add("jobs", employed.sum(), jobs.sum(), "employed residents")
    for code, sector in enumerate(SECTORS):
        for band, share in enumerate(sizes[code]):
            asked, reached = share * jobs[:, code].sum(), jobs[:, code, band].sum()
            margins.add(f"{sector}, {JOB_COLUMNS[band]}", asked, reached, "enterprises by size")
    margins.add("commuters", employed.sum(), flows.sum(), "employed residents")
    gap = np.abs(flows.sum(axis=0) - jobs.sum(axis=(1, 2))).sum()
    margins.add("commuters into the right ward", jobs.sum(), jobs.sum() - gap / 2, "jobs by ward")
    _joint_margins(margins, sources, joint)
    return margins.table()


def _evidence_margins(margins: Margins, sources: Sources, wards: pd.DataFrame) -> None:
    """Add the lines of evidence that the ward table must show."""
    residents = wards["residents"].sum()
    evidence = sources.recipe["evidence"]

    def add(key: str, reached: float) -> None:
        if key in evidence:
            margins.add(key, sources.target(key), reached, evidence[key])

    claimants = wards[[STATES[state] for state in BENEFIT_STATES]].sum(axis=1)
    add("residents", residents)
    add("employment_rate", 100.0 * wards["employed"].sum() / residents)
    add("claimants_ratio", (residents - wards["employed"].sum()) / claimants.sum())
    if "minority" in evidence:
        add("minority", 100.0 * (1.0 - wards["eth_white"].sum() / residents))
    if "no_qualifications" in evidence:
        add("no_qualifications", 100.0 * wards["qual_0"].sum() / residents)
        above = wards[["qual_2", "qual_3", "qual_4"]].to_numpy().sum()
        add("level_2_or_above", 100.0 * above / residents)
    if "priority_residents" in evidence:
        inside = wards[wards["priority"] == PRIORITY]
        people = inside["residents"].sum()
        add("priority_residents", 100.0 * people / residents)
        add("priority_not_in_work", 100.0 * (1.0 - inside["employed"].sum() / people))
        main = inside[[STATES[state] for state in MAIN]].to_numpy().sum()
        add("priority_main_claimants", main)
        for state in BENEFIT_STATES:
            share = inside[STATES[state]].sum() / claimants[inside.index].sum()
            add(f"mix_{STATES[state]}", 100.0 * share)
        add("priority_no_qualifications", 100.0 * inside["qual_0"].sum() / people)
        above = inside[["qual_3", "qual_4"]].to_numpy().sum()
        add("priority_level_3_or_above", 100.0 * above / people)


def _joint_margins(margins: Margins, sources: Sources, joint: np.ndarray) -> None:
    """Add the ages of claimants, which only the joint table carries."""
    ages = joint.sum(axis=(1, 2))
    benefit = list(BENEFIT_STATES)
    evidence = sources.recipe["evidence"]
    reached = {
        "ib_over_50": ages[3, State.IB_ESA] / ages[:, State.IB_ESA].sum(),
        "jsa_under_25": ages[0, State.JSA] / ages[:, State.JSA].sum(),
        "claimants_over_50": ages[3, benefit].sum() / ages[:, benefit].sum(),
    }
    for key, share in reached.items():
        margins.add(key, sources.target(key), 100.0 * share, evidence[key])
