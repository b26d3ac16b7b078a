"""Making an area folder from public statistics by a recipe of `conf/import`."""

from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd

from experiments.make_inputs.area.jobs import (
    commuting_flows,
    commuting_table,
    jobs_by_sector,
    jobs_by_size,
    jobs_table,
    middle_area_shares,
    size_shares,
)
from experiments.make_inputs.area.joint import joint_array, joint_table
from experiments.make_inputs.area.people import census_shares, ward_people
from experiments.make_inputs.area.recipe import check_recipe
from experiments.make_inputs.area.report import margins_table, sources_table
from experiments.make_inputs.area.sources import (
    Sources,
    priority_flags,
    read_constituencies,
    read_wards,
)
from experiments.make_inputs.area.targets import find_targets
from simulation.files.placing import put_folder
from simulation.inputs.geography import project_to_metres

__all__ = ["build_tables", "import_area"]

LOG = logging.getLogger(__name__)


def import_area(recipe: dict, *, data: Path, evidence: Path, output: Path) -> None:
    """Make an area folder; an existing one is replaced only when the new one is complete.

    Parameters
    ----------
    recipe : dict
        As in `conf/import`.
    data, evidence : Path
        Folders of public statistics and of evidence (`outcomes.csv`, `priority_wards.csv`).
    output : Path
        The area folder to write.

    Raises
    ------
    InputError
        If a file or a line of evidence is missing or the targets contradict one another.
    """
    output = Path(output)
    tables = build_tables(Sources(recipe, Path(data), Path(evidence)))

    def write(new: Path) -> None:
        for name, table in tables.items():
            table.to_csv(new / f"{name}.csv", index=False, lineterminator="\n")

    put_folder(output, write)
    LOG.info("wrote %s: %d wards", output, len(tables["wards"]))


def build_tables(sources: Sources) -> dict[str, pd.DataFrame]:
    """Work out the tables of an area.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.

    Returns
    -------
    dict of DataFrame
        `wards`, `jobs`, `commuting`, `joint`, `sources`, `margins`.
    """
    check_recipe(sources.recipe)
    wards = read_wards(sources)
    LOG.info("%d wards in %d districts", len(wards), len(sources.districts))
    priority, fund = priority_flags(sources, wards)
    constituencies = read_constituencies(sources)
    shares = census_shares(wards, constituencies, sources.recipe["assumptions"])
    census = shares["qualifications"].mul(wards["people"], axis=0)
    targets = find_targets(sources, wards, priority=priority, census=census)
    people = ward_people(
        sources, wards, constituencies=constituencies, shares=shares, targets=targets
    )
    table = _ward_table(wards, people).assign(priority=priority, daf=fund)
    table = table[[*_FIRST, *people.columns, "deprivation"]]
    pieces = middle_area_shares(sources, wards)
    by_sector = jobs_by_sector(sources, pieces, total=int(people["employed"].sum()))
    sizes = size_shares(sources)
    jobs = jobs_by_size(by_sector, sizes)
    flows = commuting_flows(
        sources, pieces, employed=people["employed"].to_numpy(), jobs=jobs.sum(axis=(1, 2))
    )
    joint = joint_array(sources, people)
    LOG.info("%d residents, %d jobs", people["residents"].sum(), jobs.sum())
    _log_checks(sources, table)
    return {
        "wards": table,
        "jobs": jobs_table(wards, jobs),
        "commuting": commuting_table(wards, flows),
        "joint": joint_table(joint),
        "sources": sources_table(sources),
        "margins": margins_table(
            sources, table, targets=targets, jobs=jobs, sizes=sizes, flows=flows, joint=joint
        ),
    }


def _log_checks(sources: Sources, table: pd.DataFrame) -> None:
    """Log what the evidence says beyond the targets: compared, never fitted."""
    if "priority_share_of_workless" in sources.recipe["evidence"]:
        workless = table["residents"] - table["employed"]
        share = 100.0 * workless[table["priority"] == 1].sum() / workless.sum()
        asked = sources.target("priority_share_of_workless")
        LOG.info("priority wards have %.1f per cent of the workless; evidence: %g", share, asked)


_FIRST = ["code", "name", "district", "easting", "northing", "priority", "daf"]


def _ward_table(wards: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Put place and people side by side."""
    easting, northing = project_to_metres(wards["lon"].to_numpy(), wards["lat"].to_numpy())
    place = wards[["code", "name", "district"]].assign(
        easting=easting.round().astype(int),
        northing=northing.round().astype(int),
        deprivation=wards["deprivation"].round(2),
    )
    return pd.concat([place, people], axis=1)
