"""Reading the public statistics an area is made from, one function a file or two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simulation.errors import InputError


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
        path = self.data / self.recipe["files"][key]
        if not path.is_file():
            raise InputError(f"{path}: not found; must be the file {key!r} of the import recipe")
        return path

    def table(self, key: str, **options) -> pd.DataFrame:
        """Read a file of the recipe as a table."""
        return pd.read_csv(self.path(key), **options)

    def known(self, evidence_id: str) -> float:
        """Return the value of one line of `outcomes.csv`."""
        path = self.evidence / "outcomes.csv"
        if not path.is_file():
            raise InputError(f"{path}: not found; must be the table of evidence")
        lines = pd.read_csv(path).set_index("id")
        if evidence_id not in lines.index:
            raise InputError(f"{path}: no line with id {evidence_id!r}, which the recipe asks for")
        return float(lines["value"].to_dict()[evidence_id])

    def target(self, key: str) -> float:
        """Return the value of the evidence a target of the recipe points to."""
        return self.known(self.recipe["evidence"][key])

    @property
    def districts(self) -> list[str]:
        """Names of the districts of the area."""
        return list(self.recipe["constituencies"])


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
    population.columns = ["LSOA11CD", "name", "lad", "district", "all", "0_15", "16_59", "60", "wa"]
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
    return sources.table("constituencies").set_index("constituency_name")


def claimant_count(sources: Sources, month: str) -> float:
    """Return the region's claimant count (people, seasonally adjusted) in a month."""
    series = sources.table("claimant_count").set_index("month")
    column = sources.recipe["region_claimant_count"]
    return 1000.0 * float(series[column].to_dict()[f"{month}-01"])


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
        pd.read_csv(sources.evidence / "priority_wards.csv"), on="ward", how="left"
    )
    if codes["daf_ward"].isna().any() or not codes["wd2003"].isin(wards["code"]).all():
        raise InputError("priority_wards.csv: a ward has no code; must match wards55_codes.csv")
    fund = set(codes.loc[codes["daf_ward"] == "yes", "wd2003"])
    priority = wards["code"].isin(set(codes["wd2003"])).to_numpy().astype(np.int64)
    return priority, wards["code"].isin(fund).to_numpy().astype(np.int64)
