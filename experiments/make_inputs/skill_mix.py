"""Work out the seed of jobs by sector and skill level: `conf/employers/skill_mix.csv`.

Contains National Statistics data (c) Crown copyright and database right, Open Government
Licence v3.0. What stands for what: `docs/decisions/economy-skill-mix.md`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from simulation.categories import LEVELS, SECTORS
from simulation.errors import InputError

SAMPLE_FILE = "area/census2011_microdata_teaching_sample50k.csv.gz"
WEST_MIDLANDS = "E12000005"
WORKING_AGE_BANDS = (2, 3, 4, 5, 6)
NOT_APPLICABLE = -9
DECIMALS = 4

LEVEL_OF_OCCUPATION = {1: 4, 2: 4, 3: 3, 5: 3, 4: 2, 6: 2, 7: 1, 8: 1, 9: 0}
"""Major occupation groups of 2010: managers and professionals 4, associate professionals and
skilled trades 3, administrative and caring 2, sales and operatives 1, elementary 0."""

SECTOR_OF_INDUSTRY = {
    1: "manufacturing",
    2: "manufacturing",
    3: "construction",
    4: "retail",
    5: "hospitality",
    6: "transport",
    7: "business",
    8: "business",
    9: "public",
    10: "public",
    11: "health",
    12: "other",
}
TRANSPORT_AND_INFORMATION = 6
INFORMATION_OCCUPATIONS = (2, 3)
COLUMNS = ("Region", "Age", "Hours worked per week", "Industry", "Occupation")


def import_skill_mix(data: Path, output: Path) -> pd.DataFrame:
    """Count workers by sector and skill level in the West Midlands and write the shares.

    Parameters
    ----------
    data : Path
        Folder of public statistics with `area/`.
    output : Path
        Folder for `skill_mix.csv`; made when it is not there.

    Returns
    -------
    pandas.DataFrame
        float64, one row a sector, one column a level; each row sums to 1.

    Raises
    ------
    InputError
        When the sample is not there.
    """
    file = data / SAMPLE_FILE
    if not file.is_file():
        raise InputError(f"{file}: not there; give the folder of public statistics it belongs to")
    sample = pd.read_csv(file, usecols=list(COLUMNS))
    shares = skill_shares(sample[sample["Region"] == WEST_MIDLANDS])
    output.mkdir(parents=True, exist_ok=True)
    rows = pd.Series(shares.rename_axis(index="sector", columns="level").stack(), name="share")
    rows.reset_index().to_csv(
        output / "skill_mix.csv", index=False, float_format=f"%.{DECIMALS}f", lineterminator="\n"
    )
    return shares


def skill_shares(people: pd.DataFrame) -> pd.DataFrame:
    """Share of each skill level among those in work, by sector, rounded so that rows sum to 1.

    Professionals and associates in the class that joins transport to information count as
    information, and so as business services: drivers and warehouses employ few of them.
    """
    working = people[
        people["Age"].isin(WORKING_AGE_BANDS)
        & (people[["Hours worked per week", "Industry", "Occupation"]] != NOT_APPLICABLE).all(
            axis=1
        )
    ]
    sector = working["Industry"].map(SECTOR_OF_INDUSTRY)
    is_information = (working["Industry"] == TRANSPORT_AND_INFORMATION) & working[
        "Occupation"
    ].isin(INFORMATION_OCCUPATIONS)
    level = working["Occupation"].map(LEVEL_OF_OCCUPATION)
    counts = pd.crosstab(sector.mask(is_information, "business"), level)
    counts = counts.reindex(index=SECTORS, columns=LEVELS, fill_value=0)
    shares = counts.div(counts.sum(axis=1), axis=0).round(DECIMALS)
    largest = shares.to_numpy().argmax(axis=1)
    values = shares.to_numpy(copy=True)
    for row, column in enumerate(largest):
        values[row, column] += 1.0 - shares.iloc[row].sum()
    return pd.DataFrame(values, shares.index, shares.columns).round(DECIMALS)
