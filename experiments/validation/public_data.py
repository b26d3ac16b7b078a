"""Moments of public series, read where they stand: quarters, months, districts, sectors.

Contains National Statistics data (c) Crown copyright and database right, Open Government Licence
v3.0. The series are of the UK unless a basis says otherwise; `docs/moments.md` says of each row how
it is worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.validation.rows import CHECK, Row

FLOWS = "series/ons_x02_lfs_flows_quarterly.csv"
MONTHLY = "series/ons_unem_monthly.csv"
VACANCIES = "series/ons_a01_t20_vacancies_unemployment.csv"
JOBS = "series/ons_a01_t5_workforce_jobs.csv"
REDUNDANCIES = "series/ons_a01_t10_redundancies.csv"
SUMMARY = "series/ons_a01_t1_lfs_summary.csv"
WARDS = "area/ward2003_profile_{}.csv"
UNEMPLOYED = "series/ons_a01_t9_unemployment_age_duration.csv"
DISTRICTS = "series/ons_m01_la_modelled_unemployment_wm.csv"

FIRST, BASE = "2006-05-01", "2008-02"
QUARTER_WEEKS = 13
HAZARDS = {
    "unemployed_to_work": "UE_hazard",
    "unemployed_to_inactive": "UI_hazard",
    "inactive_to_work": "IE_hazard",
    "inactive_to_unemployed": "IU_hazard",
    "work_to_unemployed": "EU_hazard",
    "work_to_inactive": "EI_hazard",
}
CLAIMS = {
    "": ("AGLZ", "AGMC", "AGMD", "AGMZ"),
    ":18_24": ("AGNB", "AGNC", "AGND", "AGNF"),
    ":25_49": ("JLGV", "JLGW", "JLGX", "JLGZ"),
    ":50_64": ("JLHB", "JLHC", "JLHD", "JLHF"),
}
"""Claimant count up to 6 months, 6 to 12, over 12, over 24; seasonally adjusted, thousands."""
SPELLS = {
    "": ("LF2Y", "LF32", "LF34", "LF38"),
    ":18_24": ("YBXS", "YBXV", "YBXY", "YBYE"),
    ":25_49": ("YBYH", "YBYK", "YBYN", "YBYT"),
    ":50_64": ("YBYW", "YBYZ", "YBZC", "YBZI"),
}
"""Unemployed by the ILO's definition, likewise; 50 and over for the last."""
SECTIONS = {
    "manufacturing": ("JP9H JPA2", "JP9I JPA3", "JP9J JPA4", "JP9K JPA5"),
    "construction": ("JP9L JPA6",),
    "retail": ("JP9M JPA7",),
    "transport": ("JP9N JPA8",),
    "hospitality": ("JP9O JPA9",),
    "business": ("JP9P JPB2", "JP9Q JPB3", "JP9R JPB4", "JP9S JPB5", "JP9T JPB6"),
    "public": ("JP9U JPB7", "JP9V JPB8"),
    "health": ("JP9W JPB9",),
    "other": ("JP9X JPC2", "JP9Y JPC3"),
}
"""Vacancies of each section of industry, and per 100 employee jobs."""


def data_rows(folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """Read what series there are.

    Parameters
    ----------
    folder : Path
        With `series/`, as `docs/moments.md` describes it.

    Returns
    -------
    tuple of DataFrame and list of str
        Rows as `Row`, all for checking; and a line for each file that is not there.
    """
    rows: list[Row] = []
    left_out: list[str] = []
    for what, (names, read) in SERIES.items():
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            left_out.append(f"{what}: {folder / missing[0]} is not there")
        else:
            rows += read(*(pd.read_csv(folder / name) for name in names))
    return pd.DataFrame(rows, columns=Row._fields), left_out


def _row(moment: str, period: str, data: float, near: float, source: str, basis: str = "UK") -> Row:
    """Make a row for checking; `near` is its tolerance over its value."""
    return Row(moment, period, basis, float(data), abs(float(data)) * near, CHECK, "", source)


def _by(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Index a table by date, from the quarter in which runs begin."""
    table = table.set_index(pd.to_datetime(table[column])).drop(columns=column)
    return table.loc[FIRST:]


def _by_quarter(flows: pd.DataFrame) -> pd.DataFrame:
    """Index flows by quarter, as text."""
    table = _by(flows, "q_start")
    return table.set_axis(pd.DatetimeIndex(table.index).to_period("Q").astype(str), axis=0)


def _quarterly(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows centred on the middle month of a quarter, named by the quarter."""
    middle = table[pd.DatetimeIndex(table.index).month % 3 == 2]
    return middle.set_axis(pd.DatetimeIndex(middle.index).to_period("Q").astype(str), axis=0)


def flows(table: pd.DataFrame) -> Iterator[Row]:
    """Six hazards, moves between jobs and where entrants come from, quarter by quarter."""
    source = "ONS X02, Labour Force Survey flows, seasonally adjusted"
    table = _by_quarter(table)
    for quarter, row in table.iterrows():
        for moment, column in HAZARDS.items():
            yield _row(moment, str(quarter), row[column], 0.25, source)
        yield _row("job_to_job", str(quarter), row["JJ_rate_pct"] / 100.0, 0.25, source)
        share = row["IE"] / (row["IE"] + row["UE"])
        yield _row("entrants_from_inactivity", str(quarter), share, 0.2, source)


def per_100_jobs(vacancies: pd.DataFrame, jobs: pd.DataFrame) -> pd.Series:
    """Return vacancies per 100 employee jobs by month, jobs straight between quarters."""
    months = _by(vacancies, "mid_month")["AP2Y"].dropna()
    employees = jobs.set_index(pd.to_datetime(jobs["quarter_month"]))["BCAJ"]
    dates = months.index.union(employees.index)
    between = employees.reindex(dates).interpolate(method="time")
    return 100.0 * months / between.reindex(months.index)


def open_vacancies(vacancies: pd.DataFrame, jobs: pd.DataFrame) -> Iterator[Row]:
    """Vacancies per 100 jobs, the middle month of each quarter."""
    source = "ONS Vacancy Survey (AP2Y) over employee jobs (BCAJ)"
    for quarter, row in _quarterly(per_100_jobs(vacancies, jobs).to_frame("rate")).iterrows():
        yield _row("open_vacancies", str(quarter), row["rate"], 0.2, source)


def vacancy_weeks(flows: pd.DataFrame, vacancies: pd.DataFrame) -> Iterator[Row]:
    """Vacancies over hires a week: those who came into work or changed jobs within the quarter."""
    source = "ONS Vacancy Survey (AP2Y) over Labour Force Survey flows into jobs (X02)"
    stock = _quarterly(_by(vacancies, "mid_month"))["AP2Y"]
    for quarter, row in _by_quarter(flows).iterrows():
        hires = (row["UE"] + row["IE"] + row["JJ_level_16_69"]) / QUARTER_WEEKS
        weeks = 1000.0 * float(stock[str(quarter)]) / hires
        yield _row("vacancy_weeks", str(quarter), weeks, 0.3, source)


def redundancies(table: pd.DataFrame) -> Iterator[Row]:
    """Redundancies per 1,000 employees, quarter by quarter."""
    for quarter, row in _quarterly(_by(table, "mid_month")).iterrows():
        source = "ONS A01 table 10 (BEIR), Labour Force Survey"
        yield _row("redundancies", str(quarter), row["BEIR"], 0.3, source)


def claimants(table: pd.DataFrame) -> Iterator[Row]:
    """Give the rise of the West Midlands' claimant count, and how long UK claims lasted."""
    months = _by(table, "month")
    count = months["DPBC"].dropna()
    source = "ONS claimant count, West Midlands (DPBC), seasonally adjusted"
    rises = count.set_axis(pd.DatetimeIndex(count.index).strftime("%Y-%m")) / count[BASE].iloc[0]
    for month, rise in rises.loc[BASE:].iloc[1:].items():
        yield _row("jsa_rise", f"{BASE}..{month}", rise, 0.1, source, "West Midlands")
    source = "ONS claimant count by duration, seasonally adjusted"
    yield from _durations(_quarterly(months), "jsa", CLAIMS, source)


def unemployed(table: pd.DataFrame) -> Iterator[Row]:
    """How long the unemployed have been so by the ILO's definition."""
    source = "ONS A01 table 9, Labour Force Survey"
    yield from _durations(_quarterly(_by(table, "mid_month")), "unemployed", SPELLS, source)


def unemployment(table: pd.DataFrame) -> Iterator[Row]:
    """Unemployed of 16 to 64, quarter by quarter; the area is a weak one, so for the path alone."""
    for quarter, row in _quarterly(_by(table, "mid_month")).iterrows():
        source = "ONS A01 table 1 (LF2Q), Labour Force Survey, 16 to 64"
        yield _row("unemployment_rate", str(quarter), row["LF2Q"], 0.5, source)


def ward_rates(folder: Path) -> pd.Series:
    """Return claimants of JSA, IB and ESA per 100 of working age in 2008 by ward; empty if none."""
    paths = [folder / WARDS.format(region) for region in ("wm", "ne")]
    tables = [pd.read_csv(path, dtype={"WD03CD": str}) for path in paths if path.is_file()]
    rates = [100.0 * each.set_index("WD03CD")["imd2010_employment_rate_mean"] for each in tables]
    return pd.concat(rates) if rates else pd.Series(dtype=np.float64)


def _durations(
    table: pd.DataFrame, name: str, columns: Mapping[str, tuple[str, ...]], source: str
) -> Iterator[Row]:
    """Shares over 6, 12 and 24 months, at the middle month of each quarter."""
    for subject, (short, middle, long, longest) in columns.items():
        for quarter, row in table.iterrows():
            whole = row[short] + row[middle] + row[long]
            month = str(pd.Period(str(quarter), "Q").asfreq("M", "start") + 1)
            for months, part in (
                (6, row[middle] + row[long]), (12, row[long]), (24, row[longest])
            ):  # fmt: skip
                if np.isfinite(part) and whole > 0:
                    moment = f"{name}_over_{months}_months{subject}"
                    yield _row(moment, month, 100.0 * part / whole, 0.2, source)


def sectors(table: pd.DataFrame) -> Iterator[Row]:
    """Vacancies per 100 employee jobs by sector, quarter by quarter."""
    source = "ONS Vacancy Survey by industry"
    for quarter, row in _quarterly(_by(table, "month")).iterrows():
        for sector, pairs in SECTIONS.items():
            codes = [pair.split() for pair in pairs]
            vacancies = [float(row[count]) for count, _ in codes]
            jobs = [float(row[count]) / float(row[rate]) for count, rate in codes if row[rate] > 0]
            value = sum(vacancies) / sum(jobs) if jobs else np.nan
            if np.isfinite(value):
                yield _row(f"open_vacancies_of:{sector}", str(quarter), value, 0.25, source)


def districts(table: pd.DataFrame) -> Iterator[Row]:
    """Modelled unemployment of districts; the tolerance is half their 95 per cent interval."""
    source = "ONS M01, model-based unemployment with its 95 per cent interval"
    table = table[table["AreaLevel"] == "Local authority"]
    columns = ["AreaName", "PeriodLabel", "UnemploymentRatePct", "UnemploymentRateCI"]
    for name, label, rate, half in table[columns].to_numpy(dtype=object):
        ends = str(label).split(" to ")
        if len(ends) != 2:
            continue
        first, last = (pd.Timestamp(f"1 {end}") for end in ends)
        if first >= pd.Timestamp(FIRST):
            period = f"{first:%Y-%m}..{last:%Y-%m}"
            yield Row(
                f"unemployment_rate:{name}", period, "district", float(rate), float(half), CHECK,
                "", source,
            )  # fmt: skip


Reader = Callable[..., Iterator[Row]]
SERIES: dict[str, tuple[tuple[str, ...], Reader]] = {
    "flows between work, unemployment and inactivity": ((FLOWS,), flows),
    "open vacancies": ((VACANCIES, JOBS), open_vacancies),
    "how long vacancies last": ((FLOWS, VACANCIES), vacancy_weeks),
    "redundancies": ((REDUNDANCIES,), redundancies),
    "the claimant count": ((MONTHLY,), claimants),
    "unemployment of the country": ((SUMMARY,), unemployment),
    "unemployment by duration": ((UNEMPLOYED,), unemployed),
    "vacancies by sector": ((MONTHLY,), sectors),
    "unemployment of districts": ((DISTRICTS,), districts),
}
