"""Parameters of the demand for labour: area, economy, employers."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from pydantic import model_validator

from simulation.config.base import CALIBRATED, Group, Hours, Pounds, Rate, Share, Weeks, parameter


class AreaConfig(Group):
    """Which area is simulated."""

    name: str = parameter("bcbc", "name of a shipped area", unit="-")
    folder: str | None = parameter(None, "a folder of your own CSV files instead", unit="path")
    boundaries: str | None = parameter(
        None, "GeoJSON of ward boundaries; without it maps are cartograms", unit="path"
    )
    mean_commute_km: float = parameter(
        9.0,
        "sets the decay of commuting with distance where the area has no table of it",
        unit="km",
        source="gives bcbc a mean of 6.5 km in a straight line; its Census 2011 table has 6.4",
        gt=0,
        le=200,
        plausible=(5.0, 15.0),
    )


ECONOMIES = ("recession_2008", "deep", "long", "sharp", "steady")
"""Paths of demand that are shipped, each with a table of its name in `conf/economy`."""


class EconomyConfig(Group):
    """The demand for labour over time."""

    name: str = parameter(
        "recession_2008",
        "name of the path of demand; that of its file where none is given",
        unit="-",
    )
    file: str | None = parameter(
        "recession_2008.csv", "CSV of date, sector, index; shipped or your own", unit="path"
    )
    events: tuple[dict[str, Any], ...] = parameter(
        (), "local closures and openings: kind, ward, sector, jobs, date", unit="list"
    )
    shock_sd: float = parameter(
        0.016,
        "standard deviation of an establishment's quarterly shock to the logarithm of its jobs",
        unit="log points",
        source=CALIBRATED,
        ge=0,
        le=0.5,
        plausible=(0.01, 0.07),
    )
    shock_persistence: Share = parameter(
        0.9, "share of a shock left after a quarter", unit="per quarter", plausible=(0.7, 0.98)
    )

    @model_validator(mode="before")
    @classmethod
    def _named_after_its_file(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        name, file = (values.get(key, cls.model_fields[key].default) for key in ("name", "file"))
        return values | {"name": economy_name(name, file)} if isinstance(file, str) else values

    @property
    def shipped(self) -> str | None:
        """Name of the shipped path its table is; None for a table of one's own."""
        return shipped_economy(self.file)


def shipped_economy(file: str | None) -> str | None:
    """Return the shipped path of demand that a file is; without a file demand stays as it is."""
    name = "steady" if file is None else file.removesuffix(".csv")
    return name if name in ECONOMIES else None


def economy_name(name: str, file: str) -> str:
    """Return what a path of demand is called: nobody's own has the name of a shipped one.

    Parameters
    ----------
    name : str
        As given; that of a shipped path stands for none where the file is another.
    file : str
    """
    if name not in ECONOMIES:
        return name
    stem = PurePath(file).stem
    return shipped_economy(file) or (f"own_{stem}" if stem in ECONOMIES else stem)


class EmployersConfig(Group):
    """Establishments: how they recruit, keep, lose and pay people."""

    unfilled_share: tuple[Share, Share, Share, Share, Share] = parameter(
        (0.031, 0.029, 0.030, 0.067, 0.011),
        "jobs wanted on the first day beyond those filled, over those filled, by skill level 0 to"
        " 4: vacancies less people who are to be laid off",
        unit="share",
        source="what a steady market comes to, so that nothing moves; ONS vacancy survey 2006, 2.2"
        " to 2.5 open per 100 jobs",
        plausible=(0.5, 1.5),
    )
    gap_spread: Share = parameter(
        0.034,
        "standard deviation between units of that share on the first day",
        unit="share",
        source="as many are to be laid off as in a steady market; calibrated",
        plausible=(0.02, 0.06),
    )
    unit_size: int = parameter(
        20,
        "jobs of the largest unit that recruits and lays off by itself: a larger establishment is"
        " several units",
        unit="jobs, of agents",
        source="assumption; small against a ward's jobs in a sector, so that units are alike at"
        " every thinning",
        ge=1,
        le=2000,
        plausible=(10, 40),
    )
    posting_weeks: Weeks = parameter(
        1.5,
        "mean time from a job falling empty to its being open to applicants",
        unit="weeks",
        plausible=(0.5, 4.0),
    )
    selection_weeks: Weeks = parameter(
        2.2,
        "mean time an opening collects applications before they are judged together",
        unit="weeks",
        source=CALIBRATED,
        ge=1,
        plausible=(1.5, 5.0),
    )
    lapse_weeks: int = parameter(
        26,
        "a vacancy unfilled for this long is withdrawn",
        unit="weeks",
        ge=1,
        le=520,
        plausible=(13, 52),
    )
    pause_weeks: int = parameter(
        8, "and not posted again for this long", unit="weeks", ge=0, le=520, plausible=(0, 26)
    )
    hoarding_weeks: tuple[Weeks, Weeks, Weeks, Weeks, Weeks] = parameter(
        (6.5, 8.5, 13.0, 19.5, 28.0),
        "mean time an employer keeps a person it no longer needs, by skill level 0 to 4",
        unit="weeks",
        plausible=(0.5, 2.0),
    )
    weekly_wage: tuple[Pounds, Pounds, Pounds, Pounds, Pounds] = parameter(
        (190.0, 240.0, 300.0, 400.0, 600.0),
        "mean pay offered by skill level 0 to 4 in 2006",
        unit="GBP per week",
        source="rounded to the shape of the Annual Survey of Hours and Earnings; assumption",
        plausible=(0.85, 1.15),
    )
    weekly_hours: tuple[Hours, Hours, Hours, Hours, Hours] = parameter(
        (30.0, 32.0, 35.0, 37.0, 38.0),
        "hours paid by skill level 0 to 4, at which starting pay is at least the minimum wage",
        unit="hours per week",
        source="rounded to the shape of the Annual Survey of Hours and Earnings; assumption",
        plausible=(0.85, 1.15),
    )
    pay_path: str | None = parameter(
        "average_earnings.csv",
        "CSV of date, index: pay in general over time, shipped or your own; none: it stays",
        unit="path",
        source="growth a year rounded to the shape of ONS average weekly earnings; assumption",
    )
    wage_curve: Share = parameter(
        0.1,
        "per cent less pay offered where unemployment in the zone is one per cent higher",
        unit="elasticity",
        source="Blanchflower and Oswald 1994",
        plausible=(0.0, 0.15),
    )
    progression: float = parameter(
        0.01,
        "growth of pay with time in a job, beyond pay in general",
        unit="per year",
        source="ten years in a job raise pay by about a tenth (Altonji and Williams 2005)",
        ge=0,
        le=0.2,
        plausible=(0.0, 0.03),
    )
    progression_years: int = parameter(
        10, "how long it grows", unit="years", ge=0, le=49, plausible=(5, 20)
    )
    return_loss: Share = parameter(
        0.15,
        "part of pay offered that is lost in the end by being out of work",
        unit="share",
        source="6 per cent less on return on average (Arulampalam 2001), more after longer spells"
        " (Gregory and Jukes 2001)",
        plausible=(0.0, 0.25),
    )
    return_loss_weeks: Weeks = parameter(
        52.0,
        "time out of work in which half of that is lost",
        unit="weeks",
        plausible=(26.0, 104.0),
    )
    wage_spread: Share = parameter(
        0.15,
        "standard deviation of the logarithm of pay between employers",
        unit="log points",
        plausible=(0.05, 0.3),
    )
    quit_rate: tuple[Rate, Rate, Rate, Rate] = parameter(
        (0.34, 0.034, 0.010, 0.071),
        "leave work for inactivity (study, care, early retirement), by age band",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.67, 1.5),
    )
    job_loss_rate: tuple[Rate, Rate, Rate, Rate, Rate] = parameter(
        (0.078, 0.062, 0.043, 0.032, 0.021),
        "dismissals and ended contracts by skill level 0 to 4, beyond the first six months",
        unit="per year",
        source=CALIBRATED,
        plausible=(0.67, 1.5),
    )
    probation_weeks: int = parameter(
        26, "how long a new recruit is easily lost", unit="weeks", ge=0, le=520, plausible=(13, 52)
    )
    probation_factor: float = parameter(
        2.5,
        "rate of job loss in that time over the later rate",
        unit="ratio",
        ge=1,
        le=20,
        plausible=(1.0, 4.0),
    )
    churn_exponent: float = parameter(
        0.2,
        "how far job loss and quits follow the home ward's ratios of seekers and of inactive to"
        " employed (0 not at all)",
        unit="exponent",
        source="keeps the share in work of wards as the area's table has it; calibrated",
        ge=0,
        le=2,
        plausible=(0.0, 1.5),
    )
