"""Work out the shipped demand paths from public statistics: `conf/economy/*.csv`.

Contains National Statistics data (c) Crown copyright and database right, Open Government
Licence v3.0. The method and its assumptions: `docs/decisions/economy-recession-path.md`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from simulation.categories import PUBLIC_SECTORS, SECTORS
from simulation.errors import InputError

JOBS_FILE = "series/ons_a01_t6_workforce_jobs_industry.csv"
VACANCIES_FILE = "series/ons_a01_t20_vacancies_unemployment.csv"
POPULATION_FILE = "series/ons_a01_t1_lfs_summary.csv"
LOCAL_JOBS_FILE = "area/productivity_jobs_itl_wm_ne_2002_2021.csv"
WORKPLACE_FILE = "area/msoa2011_workplace_by_sic_section_wm_ne.csv"

SECTIONS = {
    "manufacturing": "ABCDE",
    "construction": "F",
    "retail": "G",
    "hospitality": "I",
    "transport": "H",
    "business": "JKLMN",
    "public": "OP",
    "health": "Q",
    "other": "RST",
}
"""Sections of the 2007 Standard Industrial Classification in each sector; U is left out."""

DISTRICTS = (
    "Birmingham",
    "Coventry",
    "Dudley",
    "Sandwell",
    "Solihull",
    "Telford and Wrekin",
    "Walsall",
    "Wolverhampton",
)
WORKING_AGE = "LF2O"
VACANCIES = "AP2Y"
MOVING_AVERAGE = (0.25, 0.5, 0.25)
FIRST, BASE, PEAK = "2004-12-01", "2006-06-01", "2008-06-01"
CENSUS_QUARTER = "2011-03-01"
PRE_RECESSION_YEARS = (2007, 2008)
DEEP_FACTOR = 1.5
LONG_RECOVERY = ("2012-09-01", "2017-09-01")
SHARP_TROUGH, SHARP_RECOVERED = "2008-12-01", "2010-06-01"


def import_economy(data: Path, output: Path) -> pd.DataFrame:
    """Write the paths `recession_2008`, `deep`, `long` and `sharp` into a folder.

    Parameters
    ----------
    data : Path
        Folder of public statistics with `series/` and `area/`.
    output : Path
        Folder for the tables, one CSV a path; made when it is not there.

    Returns
    -------
    pandas.DataFrame
        `recession_2008`: one row a quarter, one float64 column a sector, and `total` weighted by
        the city region's mix of jobs; 1.0 in June 2006.

    Raises
    ------
    InputError
        When a file or a column that is needed is not there.
    """
    national = smooth(read_national_jobs(data)).loc[FIRST:]
    dates = pd.DatetimeIndex(national.index)
    population = carry_forward(read_working_age(data), dates=dates)
    per_head = national.div(population, axis=0)
    per_head /= per_head.loc[BASE]
    weights = base_weights(read_local_mix(data), national=national)
    relative = local_relative(read_local_jobs(data), dates=dates)
    filled = localise(per_head, weights=weights, relative=relative)
    vacancies = read_vacancies(data).reindex(dates) / national.sum(axis=1)
    recession = filled.mul((1.0 + vacancies) / (1.0 + vacancies[BASE]), axis=0)
    output.mkdir(parents=True, exist_ok=True)
    for name, path in {
        "recession_2008": recession,
        "deep": deepen(recession),
        "long": lengthen(recession),
        "sharp": sharpen(recession),
    }.items():
        write_path(path, file=output / f"{name}.csv")
    return recession.assign(total=recession @ weights)


def read_header(file: Path) -> list[str]:
    """Read the column names of a CSV.

    Raises
    ------
    InputError
        When the file is not there.
    """
    if not file.is_file():
        raise InputError(f"{file}: not there; give the folder of public statistics it belongs to")
    return list(pd.read_csv(file, nrows=0).columns)


def read_columns(file: Path, *, columns: list[str], dates: str | None = None) -> pd.DataFrame:
    """Read named columns of a CSV; with `dates`, that column becomes the index.

    Raises
    ------
    InputError
        When the file is not there or lacks a column.
    """
    wanted = columns if dates is None else [dates, *columns]
    present = read_header(file)
    absent = [column for column in wanted if column not in present]
    if absent:
        raise InputError(f"{file} row 1: columns {', '.join(absent)} are missing")
    table = pd.read_csv(file, usecols=wanted, parse_dates=None if dates is None else [dates])
    return table if dates is None else table.set_index(dates)


def read_national_jobs(data: Path) -> pd.DataFrame:
    """Read UK workforce jobs by sector: thousands, one row a quarter, seasonally adjusted."""
    sections = read_columns(
        data / JOBS_FILE, columns=list("".join(SECTIONS.values())), dates="quarter_month"
    )
    return pd.DataFrame({name: sections[list(SECTIONS[name])].sum(axis=1) for name in SECTORS})


def read_vacancies(data: Path) -> pd.Series:
    """Read UK vacancies: thousands, one row a month, the mean of it and its neighbours."""
    return read_columns(data / VACANCIES_FILE, columns=[VACANCIES], dates="mid_month")[VACANCIES]


def read_working_age(data: Path) -> pd.Series:
    """Read UK residents aged 16-64: people, one row a month, as far as the survey goes."""
    table = read_columns(data / POPULATION_FILE, columns=[WORKING_AGE], dates="mid_month")
    return table[WORKING_AGE].dropna()


def read_local_mix(data: Path) -> pd.Series:
    """Count the city region's jobs by sector at the 2011 Census."""
    file = data / WORKPLACE_FILE
    headings = {
        letter: column
        for column in read_header(file)
        for letter in column.split(" ")[0].split(",")
        if len(letter) == 1
    }
    columns = {
        name: list(dict.fromkeys(headings[letter] for letter in SECTIONS[name])) for name in SECTORS
    }
    named = [column for group in columns.values() for column in group]
    table = read_columns(file, columns=[*named, "LADNM"])
    local = table[table["LADNM"].isin(DISTRICTS)]
    return pd.Series(
        {name: float(local[group].to_numpy().sum()) for name, group in columns.items()}
    )


def read_local_jobs(data: Path) -> pd.DataFrame:
    """Read yearly jobs in the city region and the UK from one source, columns local and uk."""
    columns = ["itl_level", "region", "year", "jobs"]
    table = read_columns(data / LOCAL_JOBS_FILE, columns=columns)
    local = table[table["region"].isin(DISTRICTS)].groupby("year")["jobs"].sum()
    uk = table[table["itl_level"] == "UK"].set_index("year")["jobs"]
    return pd.DataFrame({"local": local, "uk": uk})


def smooth(quarters: pd.DataFrame) -> pd.DataFrame:
    """Average each quarter with its neighbours, weights 1/4, 1/2, 1/4; the end quarters go."""
    low, middle, high = MOVING_AVERAGE
    average = low * quarters.shift(1) + middle * quarters + high * quarters.shift(-1)
    return average.dropna()


def carry_forward(months: pd.Series, *, dates: pd.DatetimeIndex) -> pd.Series:
    """Read a monthly level at other dates, carrying on the last twelve months' growth after it."""
    known_dates = pd.DatetimeIndex(months.index)
    last = known_dates[-1]
    growth = np.log(months.iloc[-1] / months.loc[last - pd.DateOffset(years=1)])
    known = np.interp(dates.asi8, known_dates.as_unit(dates.unit).asi8, months.to_numpy())
    years_after = np.maximum((dates - last).days.to_numpy() / 365.25, 0.0)
    return pd.Series(known * np.exp(growth * years_after), index=dates)


def base_weights(mix: pd.Series, *, national: pd.DataFrame) -> pd.Series:
    """Take the 2011 mix back to the base quarter by each sector's national growth; sums to one."""
    of_quarter = national.T
    at_base = mix.mul(of_quarter[BASE]).div(of_quarter[CENSUS_QUARTER])
    return at_base / at_base.sum()


def local_relative(jobs: pd.DataFrame, *, dates: pd.DatetimeIndex) -> pd.Series:
    """Local share of UK jobs relative to the years before the recession; one until mid-2008.

    The yearly figures stand at the middle of their year, with straight lines between.
    """
    share = jobs["local"] / jobs["uk"]
    ratio = share / share.loc[list(PRE_RECESSION_YEARS)].mean()
    ratio.loc[: PRE_RECESSION_YEARS[-1]] = 1.0
    middles = pd.DatetimeIndex([f"{year}-07-01" for year in ratio.index]).as_unit(dates.unit)
    return pd.Series(np.interp(dates.asi8, middles.asi8, ratio.to_numpy()), index=dates)


def localise(per_head: pd.DataFrame, *, weights: pd.Series, relative: pd.Series) -> pd.DataFrame:
    """Scale private sectors alike so the weighted total moves by the local relative path."""
    private = [name for name in SECTORS if name not in PUBLIC_SECTORS]
    total = per_head @ weights
    private_total = per_head[private] @ weights[private]
    factor = (total * relative - (total - private_total)) / private_total
    return per_head.assign(**{name: per_head[name] * factor for name in private})


def deepen(path: pd.DataFrame) -> pd.DataFrame:
    """Make every fall since the peak half as large again in logarithms; growth is kept."""
    deviation = (path.loc[PEAK:] / path.loc[PEAK]).transform(np.log)
    falls = deviation.where(deviation >= 0, DEEP_FACTOR * deviation)
    return pd.concat([path.loc[:PEAK].iloc[:-1], np.exp(falls) * path.loc[PEAK]])


def lengthen(path: pd.DataFrame) -> pd.DataFrame:
    """Hold each sector at its lowest since the peak, then five years back to the peak."""
    slump = path.loc[PEAK:].cummin()
    start, end = (pd.Timestamp(day) for day in LONG_RECOVERY)
    dates = pd.date_range(start, end, freq="QS-DEC")[1:]
    done = ((dates - start) / (end - start)).to_numpy()[:, None]
    gap = np.log((path.loc[PEAK] / slump.iloc[-1]).to_numpy())
    recovery = pd.DataFrame(slump.iloc[-1].to_numpy() * np.exp(done * gap), dates, path.columns)
    return pd.concat([path.loc[:PEAK].iloc[:-1], slump, recovery])


def sharpen(path: pd.DataFrame) -> pd.DataFrame:
    """Reach each sector's own depth two quarters after the peak, be back in 18 months and stay."""
    peak = path.loc[PEAK]
    dates = [SHARP_TROUGH, SHARP_RECOVERED, path.index[-1]]
    turning = pd.DataFrame([path.loc[PEAK:].min(), peak, peak], dates)
    turning.index = pd.DatetimeIndex(turning.index)
    return pd.concat([path.loc[:PEAK], turning])


def write_path(path: pd.DataFrame, *, file: Path) -> None:
    """Write a path as date, sector, index, sectors in their order and dates within each."""
    rows = path[list(SECTORS)].rename_axis("date").reset_index()
    table = rows.melt(id_vars="date", var_name="sector", value_name="index")
    table["date"] = table["date"].dt.strftime("%Y-%m-%d")
    table.to_csv(file, index=False, float_format="%.4f", lineterminator="\n")
