"""The page of a validation: a run beside statistics of the time, in words, pictures and a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from simulation.report.figures import moments as draw
from simulation.report.figures.saving import PageFigure
from simulation.report.labels import area_label
from simulation.report.page import embedded, saved, write_page
from simulation.report.pen import number, per_agent

TEMPLATE = Path(__file__).with_name("page_of_validation.html")
CALIBRATE, REGION, OF_DISTRICT = "calibrate", "region", "unemployment_rate:"
FLOWS = {
    "unemployed_to_work": "Unemployed to work",
    "unemployed_to_inactive": "Unemployed to inactive",
    "inactive_to_work": "Inactive to work",
    "inactive_to_unemployed": "Inactive to unemployed",
    "work_to_unemployed": "Work to unemployed",
    "work_to_inactive": "Work to inactive",
}
MARKET = {
    "open_vacancies": "Open vacancies per 100 jobs",
    "vacancy_weeks": "Weeks an open vacancy lasts",
    "job_to_job": "Job to job, share a quarter",
    "redundancies": "Redundancies per 1,000 a quarter",
    "entrants_from_inactivity": "Of entrants to work, from inactivity",
    "unemployment_rate": "Unemployed, %",
}
DURATIONS = {
    "jsa_over_6_months": "JSA over 6 months, %",
    "unemployed_over_6_months": "Unemployed over 6 months, %",
    "jsa_over_12_months": "JSA over 12 months, %",
    "unemployed_over_12_months": "Unemployed over 12 months, %",
    "jsa_over_24_months": "JSA over 24 months, %",
    "unemployed_over_24_months": "Unemployed over 24 months, %",
}
LIMITS = (
    "Demand for labour is given from the jobs that there were, so every figure is conditional on"
    " jobs.",
    "Most of the data are of the UK, the area is a weak one, and a claim is not a state of the"
    " Labour Force Survey: a difference of a fifth is definition, a factor of two is not.",
    "District unemployment was partly built from claimant counts, so the two are not independent.",
    "One run: chance is small at full size, large in a thinned or a small area.",
)
ATTRIBUTION = (
    "Contains National Statistics data (c) Crown copyright and database right; Open Government"
    " Licence v3.0."
)


class Inputs(NamedTuple):
    """What the page is made from.

    Attributes
    ----------
    table : DataFrame
        As `moments.csv`.
    named : DataFrame
        moment, period, basis of the rows the page writes out; the others are in its pictures.
    series : DataFrame
        moment, period, model, data, quarter by quarter.
    survival : DataFrame
        Per cent of new claims for JSA that go on, by weeks; may be empty.
    wards : DataFrame
        model, data, priority; may be empty.
    left_out : sequence of str
        Data that are not there.
    manifest : mapping
        Of the run.
    """

    table: pd.DataFrame
    named: pd.DataFrame
    series: pd.DataFrame
    survival: pd.DataFrame
    wards: pd.DataFrame
    left_out: Sequence[str]
    manifest: Mapping[str, Any]


def write_validation_page(path: Path, inputs: Inputs, *, figures: Path) -> None:
    """Write the page, and its figures into a folder beside it."""
    drawn = [saved(each, figures) for each in _figures(inputs)]
    write_page(path, TEMPLATE, _context(inputs) | {"figures": embedded(drawn), "left_out": []})


def _figures(inputs: Inputs) -> Iterator[PageFigure]:
    """Draw what there is something of."""
    fitted = _fitted(inputs.table)
    if len(fitted):
        labels = zip(fitted["moment"], fitted["period"], strict=True)
        yield PageFigure(
            "distances",
            draw.distances(fitted, names=[f"{name}, {_short(text)}" for name, text in labels]),
            "How far each figure is from the data, in tolerances.",
            "A bar that stays in the shaded band is near enough.",
            "How near",
        )
    if inputs.series["model"].notna().any():
        yield from _by_quarter(inputs.series, inputs.table)
    if len(inputs.survival):
        yield PageFigure(
            "survival",
            draw.survival_of_claims(inputs.survival),
            "The share of new claims for JSA that go on, by weeks.",
            "A line above the dots: claims last too long.",
            "Durations",
        )
    yield from _by_place(_districts(inputs.table), inputs.wards)


def _by_quarter(series: pd.DataFrame, table: pd.DataFrame) -> Iterator[PageFigure]:
    """Draw flows, the market and durations, quarter by quarter."""

    def has(moments: Iterable[str]) -> bool:
        return bool(series.loc[series["moment"].isin([*moments]), "model"].notna().any())

    if has(FLOWS):
        of_region = table[table["basis"] == REGION]
        region = dict(zip(of_region["moment"], of_region["data"], strict=True))
        title = "Flows between work, unemployment and inactivity"
        yield PageFigure(
            "flows",
            draw.moments_over_time(series, FLOWS, title=title, region=region),
            "Six flows quarter by quarter, model and UK.",
            "Shares of those who could move in a quarter. The dashed line is what a weak region"
            " can have.",
            "Flows",
        )
    title = "Vacancies, moves, redundancies and unemployment"
    yield PageFigure(
        "market",
        draw.moments_over_time(series, MARKET, title=title),
        "Vacancies, moves between jobs, redundancies and unemployment by quarter.",
        "The fall and its depth count more than levels, which are of the UK.",
        "Jobs and vacancies",
    )
    yield PageFigure(
        "beveridge",
        draw.beveridge_paths(series),
        "The path of vacancies against unemployment, model and UK.",
        "In a recession both move down to the right; the slope says how vacancies answer.",
        "Jobs and vacancies",
    )
    if has(DURATIONS):
        title = "How long claimants and the unemployed have been so"
        yield PageFigure(
            "durations",
            draw.moments_over_time(series, DURATIONS, title=title),
            "Shares of claims and of spells of unemployment over 6, 12 and 24 months.",
            "Left: claims for JSA. Right: spells of unemployment by the ILO's count.",
            "Durations",
        )


def _by_place(districts: pd.DataFrame, wards: pd.DataFrame) -> Iterator[PageFigure]:
    """Draw districts and wards."""
    if len(districts):
        yield PageFigure(
            "districts",
            draw.districts_in_intervals(districts),
            "Unemployment of districts in the intervals of the data.",
            "A filled diamond lies in its interval.",
            "Places",
        )
    if len(wards):
        yield PageFigure(
            "wards",
            draw.wards_side_by_side(wards),
            "Claimants of each ward, model against data.",
            "On the line the two are equal.",
            "Places",
        )


def _fitted(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["role"] == CALIBRATE) & table["distance"].notna()]


def _districts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of districts that are in the shipped table's periods."""
    rows = table[table["moment"].str.startswith(OF_DISTRICT) & table["distance"].notna()]
    rows = rows[rows["period"].isin(rows.loc[rows["role"] == CALIBRATE, "period"])]
    periods = rows["period"].map(period_words)
    return rows.assign(district=rows["moment"].str.removeprefix(OF_DISTRICT), period=periods)


def _context(inputs: Inputs) -> dict[str, Any]:
    """Everything the page says, figures apart."""
    table, config = inputs.table, inputs.manifest["config"]
    fitted, known = _fitted(table), table[table["distance"].notna()]
    area = area_label(config["area"]["folder"] or config["area"]["name"])
    weight = config["people_per_agent"]
    reasons = table.loc[table["left_out"] != "", "left_out"].value_counts()
    left = [f"{count} rows: {reason}." for reason, count in reasons.items()]
    keys = ["moment", "period", "basis"]
    named = table.merge(inputs.named[keys].drop_duplicates(), on=keys)
    shown = {
        "May be fitted": named[named["role"] == CALIBRATE],
        "For checking only": named[named["role"] != CALIBRATE],
    }
    return {
        "title": f"{area} beside statistics of the time",
        "lead": f"Economy {config['economy']['name']}, {config['weeks']} weeks from"
        f" {config['start']}, one agent for {per_agent(weight)}.",
        "findings": [
            _count(fitted, "that may be fitted"),
            _count(known, "with data"),
            *_far(fitted),
        ],
        "groups": {
            heading: [_words(dict(row)) for _, row in rows.iterrows()]
            for heading, rows in shown.items()
            if len(rows)
        },
        "left": [*left, *(f"{line}." for line in inputs.left_out)],
        "limits": [*inputs.manifest.get("held", ()), *LIMITS],
        "command": "",
        "facts": [
            ("Seed", str(inputs.manifest["seed"])),
            ("Commit", str(inputs.manifest["commit"])),
            ("Code version", str(inputs.manifest["code_version"])),
        ],
        "attribution": ATTRIBUTION,
    }


def period_words(text: str) -> str:
    """Write a period as a reader does: 2008-07..2009-06 is July 2008 to June 2009."""
    if text == "run":
        return "the whole run"
    return " to ".join(_part(part) for part in text.split(".."))


def _part(text: str) -> str:
    if len(text) == len("2008-07"):
        return f"{pd.Timestamp(text):%B %Y}"
    return f"quarter {text[-1]} of {text[:4]}" if "Q" in text else text


def _short(text: str) -> str:
    return text.replace("..", " to ")


def _count(rows: pd.DataFrame, which: str) -> str:
    within = int((rows["distance"].abs() <= 1.0).sum())
    return f"{within} of {len(rows)} figures {which} are within their tolerance."


def _far(fitted: pd.DataFrame) -> list[str]:
    """Say which figures are furthest off."""
    order = fitted["distance"].abs().sort_values(ascending=False).index[:5]
    return [
        f"{row['moment']}, {period_words(row['period'])}: {number(row['model'])} where the data say"
        f" {number(row['data'])} ({row['unit']}), {abs(row['distance']):.1f} tolerances too"
        f" {'high' if row['distance'] > 0 else 'low'}."
        for row in fitted.loc[order].to_dict("records")
        if abs(row["distance"]) > 1.0
    ]


def _words(row: dict[Any, Any]) -> dict[str, Any]:
    """Return a row of the table as text."""
    near = pd.notna(row["distance"]) and abs(row["distance"]) <= 1.0
    numbers = {name: number(row[name]) for name in ("data", "model")}
    distance = "" if pd.isna(row["distance"]) else f"{row['distance']:+.1f}"
    period = period_words(row["period"])
    return {**row, **numbers, "period": period, "distance": distance, "is_clear": near}
