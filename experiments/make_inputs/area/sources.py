"""Reading the public statistics an area is made from, one function a file or two."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simulation.errors import InputError, cut

PEOPLE_OF_SMALL_AREAS = ["LSOA11CD", "name", "lad", "district", "all", "0_15", "16_59", "60", "wa"]
CENSUS = (
    *("qual_none", "qual_level_1", "qual_other", "qual_level_2", "qual_apprentice"),
    *("qual_level_3", "qual_level_4", "age_16_to_17", "age_18_to_19", "age_20_to_24"),
    *("age_25_to_29", "age_30_to_44", "age_45_to_59", "age_60_to_64", "ethnicity_white"),
    *("ethnicity_mixed", "ethnicity_asian", "ethnicity_black", "ethnicity_other"),
    *("economically_inactive_student", "looking_after_home", "economic_inactive_other"),
    "household_lone_dependents",
)
IMD_2010 = ("income_rate", "employment_rate", "health", "adult_skills_score")
PERSON = ("Age", "Ethnic Group", "Occupation", "Economic Activity", "Family Composition")
NEEDED: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "wards": (("WD03CD", "WD03NM", "LADNM"), ("lon", "lat", "c2001_unemployed", "imd2007_mean")),
    "small_areas": (("LSOA01CD",), tuple(f"imd2010_{name}" for name in IMD_2010)),
    "lookup": (("LSOA01CD", "LSOA11CD", "wd2003_cd"), ()),
    "population": ((), ()),
    "constituencies": (("constituency_name",), CENSUS),
    "middle_areas": (("MSOA11CD", "MSOA11NM"), ()),
    "workplaces": (("MSOA11NM",), ()),
    "commuting": (("from_msoa11", "to_msoa11"), ("commuters",)),
    "microdata": (("Region",), PERSON),
    "claimant_count": (("month",), ()),
    "enterprises": (("sic_section", "sizeband"), ("year", "enterprises")),
    "priority_codes": (("ward", "wd2003"), ()),
    "district_unemployment": (("PeriodLabel", "AreaName"), ("UnemploymentCount",)),
    "district_jsa": (("area", "geo_level", "date"), ("jsa_claimants",)),
    "priority_wards": (("ward", "daf_ward"), ()),
}
"""Columns each file must have: of text, and of numbers."""
KEYS = {
    "wards": "WD03CD",
    "small_areas": "LSOA01CD",
    "constituencies": "constituency_name",
    "middle_areas": "MSOA11CD",
    "workplaces": "MSOA11NM",
    "claimant_count": "month",
}
"""Columns in which no value may come twice."""


@dataclass(frozen=True)
class Sources:
    """Where the files are: the recipe and the two folders it refers to.

    Attributes
    ----------
    recipe : dict
        As in `conf/import`.
    data, evidence : Path
        Folders of public statistics and of typed evidence.
    """

    recipe: dict
    data: Path
    evidence: Path

    def path(self, key: str) -> Path:
        """Return the path of a file of the recipe, which must exist."""
        if key not in self.recipe["files"]:
            raise InputError(f"import recipe: files.{key} is missing; see conf/import/bcbc.yaml")
        path = self.data / self.recipe["files"][key]
        if not path.is_file():
            raise InputError(f"{path}: not found; must be the file {key!r} of the import recipe")
        return path

    def table(self, key: str, **options) -> pd.DataFrame:
        """Read a file of the recipe as a table, which must have the columns of `NEEDED`."""
        path = self.path(key)
        table = read_public(path, *NEEDED[key], **options)
        if key in KEYS and (repeated := table[KEYS[key]].duplicated()).any():
            row = int(np.argmax(repeated))
            shown = cut(table[KEYS[key]].iloc[row])
            raise InputError(f"{path}: row {row + 2}, column {KEYS[key]}: {shown}; must be once")
        return table

    def known(self, evidence_id: str) -> float:
        """Return the value of one line of `outcomes.csv`."""
        path = self.evidence / "outcomes.csv"
        if not path.is_file():
            raise InputError(f"{path}: not found; must be the table of evidence")
        lines = read_public(path, ("id", "value"), ()).set_index("id")
        values = pd.to_numeric(lines["value"], errors="coerce").to_dict()
        value = of(values, evidence_id, f"{path}: line")
        if not np.isfinite(value):
            raise InputError(f"{path}: line {cut(evidence_id)}, column value: must be a number")
        return float(value)

    def target(self, key: str) -> float:
        """Return the value of the evidence a target of the recipe points to."""
        return self.known(of(self.recipe["evidence"], key, "import recipe: evidence"))

    @property
    def districts(self) -> list[str]:
        """Names of the districts of the area."""
        return list(self.recipe["constituencies"])


def of(values: Mapping[Any, Any] | pd.DataFrame | pd.Series, key: Any, what: str) -> Any:
    """Return a value by its key, or say that it is not there."""
    if key not in values:
        raise InputError(f"{what} {cut(key)} is not there, which the import needs")
    return values[key]


def read_public(
    path: Path, texts: Sequence[str], numbers: Sequence[str], **options: Any
) -> pd.DataFrame:
    """Read a table of public statistics, plain or gzipped; it may have other columns too.

    Parameters
    ----------
    path : Path
    texts, numbers : sequence of str
        Columns it must have; those of numbers may have empty cells.
    **options
        Of `pandas.read_csv`.

    Raises
    ------
    InputError
        In one line, with the row if it is one.
    """
    try:
        _check_rows(path)
        frame = pd.read_csv(path, **options)
    except (OSError, EOFError, ValueError, csv.Error, zlib.error) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read as CSV: {cut(said)}") from error
    if lacking := [name for name in (*texts, *numbers) if name not in frame]:
        raise InputError(f"{path}: row 1: columns {', '.join(lacking)} are missing")
    check_numbers(frame, numbers, path)
    return frame


def _check_rows(path: Path) -> None:
    """Refuse rows of other lengths than the header, which pandas would fill or shift."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle)
        n_fields = len(next(reader, []))
        for row in reader:
            if row and len(row) != n_fields:
                raise InputError(
                    f"{path}: row {reader.line_num}: {len(row)} fields; must be {n_fields} as in"
                    " row 1"
                )


def check_numbers(frame: pd.DataFrame, names: Sequence[str], path: Path) -> None:
    """Refuse the first cell of some columns that holds something but is no finite number."""
    for name in names:
        values = pd.to_numeric(frame[name], errors="coerce").to_numpy(float)
        wrong = ~np.isfinite(values) & frame[name].notna().to_numpy()
        if wrong.any():
            row = int(np.argmax(wrong))
            shown = cut(frame[name].iloc[row])
            raise InputError(f"{path}: row {row + 2}, column {name}: {shown}; must be a number")


def read_small_areas(sources: Sources) -> pd.DataFrame:
    """Return the 2001 small areas with ward, middle area, people and deprivation.

    Returns
    -------
    DataFrame
        index ward code 2003 (repeated); columns lsoa, msoa, people (16-64 in mid-2015),
        weight (share of a 2011 small area split over several of 2001), and the rates
        employment, income, health, skills of the Index of Multiple Deprivation 2010.
    """
    lookup = sources.table("lookup")[["LSOA01CD", "LSOA11CD", "wd2003_cd"]]
    lookup["weight"] = 1.0 / lookup.groupby("LSOA11CD")["LSOA01CD"].transform("size")
    population = sources.table("population", thousands=",")
    if len(population.columns) != len(PEOPLE_OF_SMALL_AREAS):
        raise InputError(
            f"{sources.path('population')}: row 1: {len(population.columns)} columns; must be"
            f" {len(PEOPLE_OF_SMALL_AREAS)}: code, name, district's code and name, people by age"
        )
    population.columns = PEOPLE_OF_SMALL_AREAS
    check_numbers(population, ("16_59", "60"), sources.path("population"))
    share = sources.recipe["assumptions"]["share_of_over_60s_who_are_60_to_64"]
    population["people"] = population["16_59"] + share * population["60"]
    # "Birmingham 029A" is a small area of the middle area "Birmingham 029".
    population["msoa"] = population["name"].str[:-1]
    imd = sources.table("small_areas").rename(
        columns={
            "imd2010_employment_rate": "employment",
            "imd2010_income_rate": "income",
            "imd2010_health": "health",
            "imd2010_adult_skills_score": "skills",
        }
    )
    rates = ["employment", "income", "health", "skills"]
    merged = lookup.merge(population[["LSOA11CD", "msoa", "people"]], on="LSOA11CD", how="left")
    merged = merged.merge(imd[["LSOA01CD", *rates]], on="LSOA01CD", how="left")
    merged["people"] *= merged["weight"]
    # A few 2011 areas are new; they take the mean rates of their ward.
    merged[rates] = merged[rates].fillna(merged.groupby("wd2003_cd")[rates].transform("mean"))
    return merged.rename(columns={"wd2003_cd": "ward"}).set_index("ward")


def read_wards(sources: Sources) -> pd.DataFrame:
    """Return the wards of the area with place, constituency, people and deprivation.

    Returns
    -------
    DataFrame
        One row a ward; columns code, name, district, lon, lat, unemployed_2001, constituency,
        people, employment, income, health, skills (means weighted by people), deprivation.
    """
    profile = sources.table("wards")
    profile = profile[profile["LADNM"].isin(sources.districts)].reset_index(drop=True)
    wards = profile.rename(
        columns={
            "WD03CD": "code",
            "WD03NM": "name",
            "LADNM": "district",
            "c2001_unemployed": "unemployed_2001",
            "imd2007_mean": "deprivation",
        }
    )[["code", "name", "district", "lon", "lat", "unemployed_2001", "deprivation"]]
    wards["constituency"] = _constituency_of(wards, sources.recipe["constituencies"])
    small = read_small_areas(sources)
    small = small[small.index.isin(wards["code"])]
    rates = ["employment", "income", "health", "skills"]
    people = small.groupby("ward")["people"].sum()
    means = small[rates].mul(small["people"], axis=0).groupby("ward").sum().div(people, axis=0)
    wards = wards.join(means.assign(people=people), on="code")
    if wards.isna().any().any():
        missing = wards.loc[wards.isna().any(axis=1), "name"].tolist()
        raise InputError(f"wards without figures: {', '.join(missing)}; check the import recipe")
    return wards


def _constituency_of(wards: pd.DataFrame, constituencies: dict) -> list[str]:
    """Look up the constituency of every ward by district and name."""
    place = {
        (district, ward): constituency
        for district, groups in constituencies.items()
        for constituency, names in groups.items()
        for ward in names
    }
    asked = list(zip(wards["district"], wards["name"], strict=True))
    missing = sorted(set(asked) - set(place))
    extra = sorted(set(place) - set(asked))
    if missing or extra:
        raise InputError(
            [f"ward {name} of {district} has no constituency" for district, name in missing]
            + [f"{district} has no ward {name}; see constituencies" for district, name in extra]
        )
    return [place[key] for key in asked]


def read_constituencies(sources: Sources) -> pd.DataFrame:
    """Return the Census 2011 margins of the constituencies (per cent), index name."""
    table = sources.table("constituencies").set_index("constituency_name")
    for names in sources.recipe["constituencies"].values():
        for name in names:
            of(table.index.to_series(), name, f"{sources.path('constituencies')}: constituency")
    return table


def claimant_count(sources: Sources, month: str) -> float:
    """Return the region's claimant count (people, seasonally adjusted) in a month."""
    series = sources.table("claimant_count").set_index("month")
    column = sources.recipe["region_claimant_count"]
    path = sources.path("claimant_count")
    values = of(series, column, f"{path}: column").to_dict()
    count = pd.to_numeric(of(values, f"{month}-01", f"{path}: month"), errors="coerce")
    if not np.isfinite(count):
        raise InputError(f"{path}: month {month}-01, column {column}: must be a number")
    return 1000.0 * float(count)


def priority_flags(sources: Sources, wards: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which wards are priority wards and which also have the Deprived Areas Fund.

    By list where there is one (`wards55_codes.csv`, flag from `priority_wards.csv`), or else
    the given share of wards with the highest claimant rate.

    Returns
    -------
    tuple of ndarray of int64, shape (n_wards,)
        Zeros and ones.
    """
    rule = sources.recipe["priority"]
    if "top_share" in rule:
        rank = wards["employment"].rank(ascending=False, method="first")
        chosen = (rank <= rule["top_share"] * len(wards)).to_numpy()
        return chosen.astype(np.int64), np.zeros(len(wards), np.int64)
    codes = sources.table("priority_codes").merge(
        read_public(sources.evidence / "priority_wards.csv", *NEEDED["priority_wards"]),
        on="ward",
        how="left",
    )
    if codes["daf_ward"].isna().any() or not codes["wd2003"].isin(wards["code"]).all():
        raise InputError("priority_wards.csv: a ward has no code; must match wards55_codes.csv")
    fund = set(codes.loc[codes["daf_ward"] == "yes", "wd2003"])
    priority = wards["code"].isin(set(codes["wd2003"])).to_numpy().astype(np.int64)
    return priority, wards["code"].isin(fund).to_numpy().astype(np.int64)
