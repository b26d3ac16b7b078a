"""Made-up tables of a comparison of regimes, in the shape `compare` writes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from frames import ward_table

from simulation.categories import CLIENT_GROUPS, STAGES

ARMS = ("no_support", "fragmented", "aligned", "pooled", "prime_contractor", "co_commissioned")
REGIMES = ARMS[1:]
STREAMS = (
    "jcp_mainstream",
    "lsc_commissioning",
    "lsc_esf_cofinancing",
    "train_to_gain",
    "deprived_areas_fund",
    "working_neighbourhoods_fund",
    "city_strategy_seedcorn",
    "fair_cities",
)
FUNDERS = (
    "Jobcentre Plus",
    "Learning and Skills Council",
    "local authorities",
    "pathfinder partnership",
    "employers' board",
)


def journey_frame(arms=REGIMES) -> pd.DataFrame:
    """A journey of each arm in which everybody is accounted for; later arms lose fewer."""
    return pd.DataFrame(
        [(arm, *link) for order, arm in enumerate(arms) for link in _journey(order, arm)],
        columns=["arm", "source", "target", "people"],
    )


def _journey(order: int, arm: str) -> list[tuple[str, str, float]]:
    better = 1.0 + 0.06 * order
    links = []
    steps = ("engaged", "action planning", "services", "placement")
    came = {"engaged": 42_300.0 * (1.0 + 0.1 * order)}
    for number, step in enumerate(steps):
        people = came[step]
        jobs = people * (0.02, 0.03, 0.07, 0.34)[number] * better
        ends = {
            "did not go on": people * 0.42 / better if number == 0 else 0.0,
            "dropped out": people * 0.06,
            "lost at hand-over": people * 0.05 / better,
            "left waiting": people * 0.08 / better,
            "left at 65": people * 0.004,
            "still in support at the end": people * 0.03,
        }
        on = people - jobs - sum(ends.values())
        if number == 3:
            ends["completed without a job"], on = on, 0.0
        else:
            came[steps[number + 1]] = on
            links.append((step, steps[number + 1], on))
        came["job"] = came.get("job", 0.0) + jobs
        links.append((step, "job", jobs))
        links += [(step, end, n) for end, n in ends.items() if n]
    jobs = came["job"]
    for source, target, share in (
        ("job", "sustained 26 weeks", 0.57),
        ("sustained 26 weeks", "sustained 52 weeks", 0.74),
    ):
        links.append((source, target, jobs * share))
        links.append((source, "job lost", jobs * (1 - share) * 0.9))
        links.append((source, "job still followed at the end", jobs * (1 - share) * 0.1))
        jobs *= share
    links.append(("in-work support", "completed in work", 3_100.0))
    links.append(("in-work support", "still in support at the end", 260.0))
    return _park(links, 0.4) if arm == "prime_contractor" else links


def _park(links: list[tuple[str, str, float]], share: float) -> list[tuple[str, str, float]]:
    """Send a share of those in services through the parked instead."""
    parked = []
    for source, target, people in links:
        if "services" in (source, target):
            names = [n.replace("services", "parked in services") for n in (source, target)]
            parked += [(source, target, people * (1 - share)), (*names, people * share)]
        else:
            parked.append((source, target, people))
    return parked


def waterfall_numbers(order: int) -> dict[str, float]:
    """Numbers of one arm that add up: gross less four losses is the net."""
    gross = 9_120.0 + 900.0 * order
    numbers = {
        "gross": gross,
        "deadweight": gross * (0.62 - 0.03 * order),
        "treated_losses": 210.0 + 30.0 * order,
        "substitution": 640.0,
        "displacement": 980.0 - 260.0 * order,
    }
    numbers["treated_gains"] = gross - numbers["deadweight"]
    numbers["net"] = (
        gross
        - numbers["deadweight"]
        - numbers["treated_losses"]
        - numbers["substitution"]
        - numbers["displacement"]
    )
    numbers["leakage"] = 1_300.0
    return numbers


def _with_interval(rows: list[dict], half: float, **row) -> None:
    rows.append(row | {"low": row["mean"] - half, "high": row["mean"] + half})


def additionality_frame(arms=REGIMES, *, n_seeds: int = 4) -> pd.DataFrame:
    """Rows of additionality by arm and scope; the first arm's net holds zero."""
    rows: list[dict] = []
    for order, arm in enumerate(arms):
        numbers = waterfall_numbers(order)
        for outcome, mean in numbers.items():
            half = 1_400.0 if outcome == "net" else 0.08 * abs(mean)
            _with_interval(
                rows, half, arm=arm, scope="all", outcome=outcome, unit="people", mean=mean
            )
        spend = 61.4e6 + 2.3e6 * order
        rows += _costs(arm, numbers, spend, is_clear=numbers["net"] > 1_400.0)
        rows += _scopes(arm, numbers["net"])
        for outcome, mean in (("creaming", 0.8 + order), ("parking", 0.3)):
            points = {"scope": "all", "unit": "percentage points"}
            _with_interval(rows, 0.5, arm=arm, outcome=outcome, mean=mean, **points)
    frame = pd.DataFrame(rows).assign(n_seeds=n_seeds)
    frame["note"] = frame["note"].fillna("") if "note" in frame else ""
    if n_seeds == 1:
        frame[["low", "high"]] = np.nan
    columns = ["arm", "scope", "outcome", "unit", "mean", "low", "high", "n_seeds", "note"]
    return frame[columns]


def _costs(arm: str, numbers: dict[str, float], spend: float, *, is_clear: bool) -> list[dict]:
    rows: list[dict] = []
    base = {"arm": arm, "scope": "all", "unit": "GBP"}
    _with_interval(rows, 0.01 * spend, outcome="spend_gbp", mean=spend, **base)
    for outcome, people, spread in (
        ("cost_per_job_gbp", numbers["gross"], 0.04),
        ("cost_per_sustained_job_gbp", 0.57 * numbers["gross"], 0.06),
    ):
        cost = spend / people
        _with_interval(rows, spread * cost, outcome=outcome, mean=cost, **base)
    for outcome, a_job in (
        ("cost_per_additional_job_gbp", 1.0),
        ("cost_per_additional_job_year_gbp", 3.2),
    ):
        added, spread = a_job * numbers["net"], a_job * 1_400
        high = spend / (added - spread) if is_clear else np.nan
        costs = {"mean": spend / added, "low": spend / (added + spread), "high": high}
        why = {} if is_clear else {"note": "not bounded: the net holds zero"}
        rows.append(base | {"outcome": outcome} | costs | why)
    return rows


def _scopes(arm: str, net: float) -> list[dict]:
    rows: list[dict] = []
    shares = (0.12, 0.14, 0.25, 0.2, 0.12, 0.06, 0.08, 0.03)
    base = {"arm": arm, "outcome": "net", "unit": "people"}
    for number, (group, share) in enumerate(zip(CLIENT_GROUPS, shares, strict=True)):
        sign = -1.0 if number == 0 else 1.0
        _with_interval(rows, 260.0, scope=f"group:{group}", mean=sign * share * net, **base)
    for flag, share in (("1", 0.55), ("0", 0.45)):
        _with_interval(rows, 500.0, scope=f"priority:{flag}", mean=share * net, **base)
    for stream in STREAMS[:3]:
        _with_interval(rows, 300.0, scope=f"programme:{stream}", mean=net / 3, **base)
    return rows


def coverage_frame(wards: pd.DataFrame | None = None, arms=REGIMES) -> pd.DataFrame:
    """Need and places a year by ward, group and stage; later arms follow need more closely."""
    wards = ward_table() if wards is None else wards
    luck = np.random.default_rng(11)
    parts = []
    shape = (len(wards), len(CLIENT_GROUPS), len(STAGES))
    burden = np.where(wards["priority"], 0.012, 0.005) * wards["residents"]
    need = burden.to_numpy()[:, None, None] * luck.uniform(0.1, 0.4, shape)
    patchy = luck.gamma(0.8, 1.0, shape)
    for order, arm in enumerate(arms):
        follow = 0.18 * order
        places = 0.7 * need * (follow + (1.0 - follow) * patchy)
        index = pd.MultiIndex.from_product(
            [wards["code"], CLIENT_GROUPS, STAGES], names=["ward", "group", "stage"]
        )
        frame = pd.DataFrame({"need": need.ravel(), "places": places.ravel()}, index=index)
        frame["unmet"] = (frame["need"] - frame["places"]).clip(lower=0.0)
        frame["duplication"] = (frame["places"] - frame["need"]).clip(lower=0.0)
        parts.append(frame.reset_index().assign(arm=arm))
    columns = ["arm", "ward", "group", "stage", "need", "places", "unmet", "duplication"]
    return pd.concat(parts, ignore_index=True)[columns]


def spend_frame(arms=REGIMES) -> pd.DataFrame:
    """Budgets and payments a year by stream; a little is not paid out."""
    rows = []
    for order, arm in enumerate(arms):
        for number, stream in enumerate(STREAMS):
            for year in range(2007, 2012):
                budget = (17.3, 7.0, 5.6, 5.0, 4.3, 9.7, 0.2, 1.0)[number] * 1e6
                if stream == "deprived_areas_fund" and year > 2008:
                    budget = 0.0
                committed = budget * (0.93 - 0.02 * order)
                paid = committed * (0.6 if year == 2007 else 0.96)
                rows.append((arm, stream, year, budget, committed, paid, budget - committed))
    columns = ["arm", "stream", "year", "budget_gbp", "committed_gbp", "paid_gbp", "lapsed_gbp"]
    return pd.DataFrame(rows, columns=columns)


def partners_frame(arms=REGIMES) -> pd.DataFrame:
    """Trust of each funder by month; two shocks."""
    dates = pd.date_range("2006-06-01", periods=60, freq="MS")
    months = np.arange(len(dates))
    parts = []
    for order, arm in enumerate(arms):
        for number, funder in enumerate(FUNDERS):
            trust = 0.38 + 0.05 * number + 0.0012 * (order + 1) * months
            trust = trust - 0.05 * (months >= 22) - 0.07 * (months >= 47)
            parts.append(pd.DataFrame({"arm": arm, "date": dates, "funder": funder,
                                       "trust": trust}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def null_frame() -> pd.DataFrame:
    """One row of a null: an effect far below what could have been detected."""
    return pd.DataFrame(
        [("claimant_rate_gap", "percentage points", "aligned", "fragmented", 0.031, -0.104, 0.166,
          0.42, 0.24, 1.57, 4, "")],
        columns=["outcome", "unit", "arm", "baseline", "effect", "low", "high",
                 "minimum_detectable", "minimum_low", "minimum_high", "n_seeds", "note"],
    )  # fmt: skip
