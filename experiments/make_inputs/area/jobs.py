"""Jobs of every ward by sector and size of establishment, and who travels to them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.make_inputs.area.raking import rake, round_rows, round_whole
from experiments.make_inputs.area.sources import Sources, read_small_areas
from simulation.categories import SECTORS, SIZE_BAND_LIMITS, SIZE_BANDS
from simulation.errors import InputError
from simulation.inputs.schema import JOB_COLUMNS

SECTIONS = {
    "manufacturing": "ABCDE",
    "construction": "F",
    "retail": "G",
    "hospitality": "I",
    "transport": "H",
    "business": "JKLMN",
    "public": "OP",
    "health": "Q",
    "other": "RSTU",
}
"""Sections of the Standard Industrial Classification 2007 in each sector."""

ENTERPRISE_BANDS = {
    "1_9": ("0 to 4", "5 to 9"),
    "10_49": ("10 to 19", "20 to 49"),
    "50_249": ("50 to 99", "100 to 249"),
    "250_plus": ("250 to 499", "500 to 999", "1000+"),
}


def middle_area_shares(sources: Sources, wards: pd.DataFrame) -> pd.DataFrame:
    """Return how each middle area is divided among wards, by its number of small areas.

    Returns
    -------
    DataFrame
        Index middle area (name), columns ward codes of the area in their order; what lies in
        other districts is left out, so a row may sum to less than one.
    """
    small = read_small_areas(sources).reset_index()
    pieces = small.pivot_table(
        index="msoa", columns="ward", values="weight", aggfunc="sum", fill_value=0.0
    )
    shares = pieces.div(pieces.sum(axis=1), axis=0)
    return shares.reindex(columns=wards["code"], fill_value=0.0)


def jobs_by_sector(sources: Sources, shares: pd.DataFrame, *, total: int) -> np.ndarray:
    """Return jobs by ward and sector, scaled so that there are as many as employed residents.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    shares : DataFrame
        From `middle_area_shares`.
    total : int
        Employed residents of the area, which is closed.

    Returns
    -------
    ndarray of int64, shape (n_wards, n_sectors)
        Jobs.
    """
    places = sources.table("workplaces").set_index("MSOA11NM")
    jobs = pd.DataFrame(0.0, index=places.index, columns=list(SECTORS))
    sector_of = {section: name for name, sections in SECTIONS.items() for section in sections}
    for column in places.columns:
        # "R,S Arts, ..." holds two sections, both in the same sector; other columns are no jobs.
        section = column.split(" ")[0].split(",")[0]
        if section in sector_of:
            jobs[sector_of[section]] += places[column]
    by_ward = shares.T @ jobs.reindex(shares.index, fill_value=0.0)
    return round_whole(by_ward.to_numpy(), total)


def size_shares(sources: Sources) -> np.ndarray:
    """Return the share of a sector's jobs in establishments of each size band.

    Enterprises times persons per enterprise; the jobs of enterprises with 250 people or more
    are spread over sites of all sizes (both in the recipe's assumptions). First year there is.

    Returns
    -------
    ndarray of float64, shape (n_sectors, n_size_bands)
        Rows sum to one.
    """
    assumed = sources.recipe["assumptions"]
    enterprises = sources.table("enterprises")
    enterprises = enterprises[enterprises["year"] == enterprises["year"].min()]
    persons = enterprises["enterprises"] * enterprises["sizeband"].map(
        assumed["jobs_per_enterprise"]
    )
    table = np.zeros((len(SECTORS), len(SIZE_BANDS)))
    for row, sector in enumerate(SECTORS):
        inside = enterprises["sic_section"].isin(list(SECTIONS[sector]))
        for column, band in enumerate(SIZE_BANDS):
            sizes = enterprises["sizeband"].isin(ENTERPRISE_BANDS[band])
            table[row, column] = persons[inside & sizes].sum()
    large = table[:, -1].copy()
    table[:, -1] = 0.0
    table += np.outer(large, assumed["sites_of_large_enterprises"])
    return table / table.sum(axis=1, keepdims=True)


def jobs_by_size(by_sector: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Divide the jobs of every ward and sector among size bands.

    A band has jobs in a ward only where there are enough for one establishment of its size;
    the sector's share of the band is made up in wards with more jobs.

    Parameters
    ----------
    by_sector : ndarray of int64, shape (n_wards, n_sectors)
        Jobs.
    shares : ndarray of float64, shape (n_sectors, n_size_bands)
        Share of each sector's jobs in each band.

    Returns
    -------
    ndarray of int64, shape (n_wards, n_sectors, n_size_bands)
        Jobs; sums over bands are `by_sector`.
    """
    smallest = np.array([low for low, _ in SIZE_BAND_LIMITS])
    result = np.zeros((*by_sector.shape, len(SIZE_BANDS)), np.int64)
    for sector, share in enumerate(shares):
        rows = by_sector[:, sector]
        some = rows > 0
        if not some.any():
            continue
        seed = np.where(rows[some, None] >= smallest, share, 0.0)
        result[some, sector] = round_rows(_concentrate(seed, rows[some], share, smallest))
    return result


def _concentrate(
    seed: np.ndarray, rows: np.ndarray, share: np.ndarray, smallest: np.ndarray
) -> np.ndarray:
    """Fit one sector, dropping the smallest too-small cells until none is left."""
    for _ in range(200):
        table = rake(seed, [[0], [1]], [rows, rows.sum() * share], what="jobs by size")
        table *= (rows / table.sum(axis=1))[:, None]
        # One above the limit, since rounding may take one away.
        short = (table > 0) & (table < smallest + 1) & (smallest > 1)
        if not short.any():
            return table
        ratio = np.where(short, table / smallest, np.inf)
        # Half of them at a time, so that the rest can grow into what these lose.
        cut = np.median(ratio[short])
        seed = np.where(short & (ratio <= cut), 0.0, seed)
    raise InputError("jobs by size: no division into establishments found; check conf/import")


def jobs_table(wards: pd.DataFrame, jobs: np.ndarray) -> pd.DataFrame:
    """Return jobs as the rows of `jobs.csv`; rows without a job are left out."""
    index = pd.MultiIndex.from_product([wards["code"], SECTORS], names=["ward", "sector"])
    table = pd.DataFrame(jobs.reshape(-1, len(SIZE_BANDS)), index=index, columns=list(JOB_COLUMNS))
    return table[table.sum(axis=1) > 0].reset_index()


def commuting_flows(
    sources: Sources, shares: pd.DataFrame, *, employed: np.ndarray, jobs: np.ndarray
) -> np.ndarray:
    """Fit the flows of the Census 2011 between wards to employed residents and jobs.

    Parameters
    ----------
    sources : Sources
        Recipe and folders.
    shares : DataFrame
        From `middle_area_shares`.
    employed, jobs : ndarray of int64, shape (n_wards,)
        By ward of home and of work, the same total.

    Returns
    -------
    ndarray of int64, shape (n_wards, n_wards)
        People by home (row) and work; rows sum to `employed`, columns nearly to `jobs`.
    """
    flows = sources.table("commuting")
    names = sources.table("middle_areas").set_index("MSOA11CD")["MSOA11NM"]
    flows["home"], flows["work"] = flows["from_msoa11"].map(names), flows["to_msoa11"].map(names)
    matrix = flows.pivot_table(
        index="home", columns="work", values="commuters", aggfunc="sum", fill_value=0
    )
    left = shares.reindex(matrix.index, fill_value=0.0).to_numpy()
    right = shares.reindex(matrix.columns, fill_value=0.0).to_numpy()
    seed = left.T @ matrix.to_numpy(float) @ right
    fitted = rake(seed, [[0], [1]], [employed, jobs], what="commuting")
    return round_rows(fitted * (employed / fitted.sum(axis=1))[:, None])


def commuting_table(wards: pd.DataFrame, flows: np.ndarray) -> pd.DataFrame:
    """Return flows as the rows of `commuting.csv`; pairs without people are left out."""
    home, work = np.nonzero(flows)
    codes = wards["code"].to_numpy()
    return pd.DataFrame({"home": codes[home], "work": codes[work], "people": flows[home, work]})
