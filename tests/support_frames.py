"""Made-up frames of runs with support, in the shape of real ones, the same on every call.

A run of a regime and the run of "none" with the same seed have the same people with the same luck,
so that pairs can be compared. No event precedes its cause, money balances and those in the job of
a client's record are in work in the people frame; beyond that nothing is meant to be realistic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from frames import treated_frame, ward_table

from simulation.categories import (
    AGE_BANDS,
    CLIENT_EVENTS,
    CLIENT_GROUPS,
    ETHNICITIES,
    STAGES,
)

START = pd.Timestamp("2006-05-01")
STREAMS = ("jcp_new_deal", "lsc_esf", "wnf")
FUNDERS = ("JCP", "LSC", "councils")
N_PROVIDERS = 12
N_EMPLOYERS = 60
SNAPSHOT_WEEKS = 26
UNIT_COST_GBP = (60.0, 120.0, 900.0, 300.0, 200.0)


class Ways(NamedTuple):
    """How a regime's made-up journeys go."""

    p_engaged: float
    p_go_on: float
    p_lost: float
    p_parked: float
    p_wait: float
    p_job: float


REGIMES = {
    "none": Ways(0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "fragmented": Ways(0.45, 0.55, 0.15, 0.0, 0.35, 0.30),
    "aligned": Ways(0.50, 0.60, 0.10, 0.0, 0.25, 0.32),
    "pooled": Ways(0.50, 0.65, 0.05, 0.0, 0.15, 0.34),
    "prime_contractor": Ways(0.55, 0.75, 0.10, 0.45, 0.10, 0.28),
    "co_commissioned": Ways(0.52, 0.62, 0.08, 0.15, 0.20, 0.33),
}


class SupportFrames(NamedTuple):
    """Frames of one run with support, named as a run names them."""

    regime: str
    seed: int
    n_weeks: int
    people_per_agent: int
    wards: pd.DataFrame
    clients: pd.DataFrame
    contracts: pd.DataFrame
    money: pd.DataFrame
    coverage: pd.DataFrame
    providers: pd.DataFrame
    partners: pd.DataFrame
    people: pd.DataFrame
    treated: pd.DataFrame


class _Job(NamedTuple):
    person: int
    first_week: int
    last_week: int


def support_frames(
    regime: str = "fragmented",
    *,
    seed: int = 0,
    n_people: int = 3000,
    n_weeks: int = 156,
    people_per_agent: int = 10,
    wards: pd.DataFrame | None = None,
) -> SupportFrames:
    """Build every frame of one run; regime "none" gives frames without rows but for `people`."""
    wards = ward_table() if wards is None else wards
    people = _residents(wards, seed=seed, n_people=n_people)
    ways = REGIMES[regime]
    clients, jobs = _journeys(people, ways, seed=seed, n_weeks=n_weeks, weight=people_per_agent)
    treated = _treated(people, clients)
    people = _histories(people, treated, jobs, seed=seed, n_weeks=n_weeks)
    dates = pd.date_range(START, START + pd.Timedelta(weeks=n_weeks), freq="MS")[:-1]
    any_support = regime != "none"
    contracts = _contracts(clients, wards, n_weeks=n_weeks)
    return SupportFrames(
        regime=regime,
        seed=seed,
        n_weeks=n_weeks,
        people_per_agent=people_per_agent,
        wards=wards,
        clients=clients,
        contracts=contracts if any_support else contracts.iloc[:0],
        money=_money(clients, contracts, dates if any_support else dates[:0]),
        coverage=_coverage(wards, ways, dates if any_support else dates[:0], seed=seed),
        providers=_providers(clients if any_support else None),
        partners=_partners(dates if any_support else dates[:0]),
        people=people,
        treated=treated,
    )


def pair_of_runs(
    regime: str = "fragmented", *, seed: int = 0, n_people: int = 3000
) -> tuple[SupportFrames, SupportFrames]:
    """Build the run with support and the run without of one seed."""
    return (
        support_frames(regime, seed=seed, n_people=n_people),
        support_frames("none", seed=seed, n_people=n_people),
    )


def _residents(wards: pd.DataFrame, *, seed: int, n_people: int) -> pd.DataFrame:
    luck = np.random.default_rng([seed, 1])
    ward = luck.integers(0, len(wards), n_people)
    names = np.array([*CLIENT_GROUPS[:-1], "employed", "inactive_no_benefit"])
    shares = np.array([0.02, 0.01, 0.01, 0.08, 0.025, 0.03, 0.025, 0.65, 0.15])
    group = names[luck.choice(len(names), n_people, p=shares / shares.sum())]
    return pd.DataFrame(
        {
            "person": np.arange(n_people, dtype=np.int32),
            "ward": pd.Categorical.from_codes(ward, categories=wards["code"].to_numpy()),
            "priority": wards["priority"].to_numpy(bool)[ward],
            "group": pd.Categorical(group, categories=names),
            "age_band": pd.Categorical(np.array(AGE_BANDS)[luck.integers(0, 4, n_people)]),
            "ethnicity": pd.Categorical(
                np.array(ETHNICITIES)[luck.choice(5, n_people, p=[0.75, 0.03, 0.14, 0.06, 0.02])]
            ),
            "health": pd.Categorical(
                np.array(["none", "limiting", "severe"])[
                    luck.choice(3, n_people, p=[0.8, 0.15, 0.05])
                ]
            ),
            "is_lone_parent": luck.random(n_people) < 0.07,
        }
    )


class _Journey:
    """Writes one person's record, event by event."""

    def __init__(self, luck: np.random.Generator, person: int, group: str, *, weight: int) -> None:
        self.luck, self.person, self.group, self.weight = luck, person, group, weight
        self.stream = int(luck.integers(0, len(STREAMS)))
        self.provider = int(luck.integers(0, N_PROVIDERS))
        self.rows: list[tuple] = []

    def write(self, week: int, event: str, stage: int, *, cost: float = 0.0) -> None:
        """Add an event; costs are those of all the people the agent stands for."""
        contract = self.provider * len(STREAMS) + self.stream
        self.rows.append(
            (week, self.person, event, stage, self.stream, contract, self.provider)
            + (self.group, cost * self.weight, 0.8 * cost * self.weight)
        )


def _journeys(
    people: pd.DataFrame, ways: Ways, *, seed: int, n_weeks: int, weight: int
) -> tuple[pd.DataFrame, list[_Job]]:
    """Let some workless people through the journey, and a few employed ones through services."""
    luck = np.random.default_rng([seed, 2, round(1000 * ways.p_go_on)])
    rows: list[tuple] = []
    jobs: list[_Job] = []
    for person, group in zip(people["person"], people["group"].astype(str), strict=True):
        if group == "inactive_no_benefit":
            continue
        week = int(luck.integers(1, n_weeks))
        p_engaged = 0.02 if group == "employed" else 1.0
        while luck.random() < ways.p_engaged * p_engaged and week < n_weeks - 1:
            journey = _Journey(luck, int(person), group, weight=weight)
            job = _one_journey(journey, ways, week)
            rows += [row for row in journey.rows if row[0] < n_weeks]
            if job is not None and job.first_week < n_weeks:
                jobs.append(job)
            week = journey.rows[-1][0] + int(luck.integers(26, 60))
            p_engaged *= 0.5
    return _client_frame(rows, people), jobs


def _one_journey(journey: _Journey, ways: Ways, week: int) -> _Job | None:
    """Write the stages one after another until somebody leaves or gets a job."""
    luck, in_work = journey.luck, journey.group == "employed"
    stage = 3 if in_work else 1
    while True:
        _start(journey, ways, week, stage)
        last = week + int(luck.integers(3, 6 if stage < 3 else 24))
        if luck.random() < 0.06:
            journey.write(last, "dropped_out", stage)
            return None
        if stage == 1 and luck.random() >= ways.p_go_on:
            journey.write(last, "did_not_go_on", stage)
            return None
        if in_work:
            journey.write(last, "completed", stage)
            return None
        if luck.random() < ways.p_job * (0.3 if stage < 3 else 1.0):
            return _work(journey, ways, last)
        if stage == 4:
            journey.write(last, "completed", stage)
            return None
        waited = _hand_over(journey, ways, last, stage)
        if waited is None:
            return None
        week, stage = waited, stage + 1


def _start(journey: _Journey, ways: Ways, week: int, stage: int) -> None:
    parked = stage in (3, 4) and journey.luck.random() < ways.p_parked
    cost = UNIT_COST_GBP[stage - 1] * (0.1 if parked else 1.0)
    names = ("engaged", "assessed", "service_started", "placement_started", "aftercare_started")
    event = "parked" if parked and stage == 3 else names[stage - 1]
    journey.write(week, event, stage, cost=cost)
    if stage == 3 and not parked:
        if journey.luck.random() < 0.5:
            journey.write(week + 1, "barrier_lifted", stage)
        if journey.luck.random() < 0.3:
            journey.write(week, "training_started", stage)
            journey.write(week + 2, "training_completed", stage)
    if stage == 4 and not parked and journey.luck.random() < 0.25:
        journey.write(week, "work_trial", stage)


def _hand_over(journey: _Journey, ways: Ways, week: int, stage: int) -> int | None:
    """Wait or not, change the provider or not; week of the next start, None if gone."""
    luck = journey.luck
    if luck.random() < ways.p_wait:
        journey.write(week, "waiting", stage)
        if luck.random() < 0.35:
            journey.write(week + 9, "left_waiting", stage)
            return None
        week += int(luck.integers(1, 8))
    if luck.random() < 0.5:
        journey.provider = (journey.provider + 1 + int(luck.integers(0, N_PROVIDERS - 1))) % (
            N_PROVIDERS
        )
        if luck.random() < ways.p_lost:
            journey.write(week, "lost_at_hand_over", stage)
            return None
        if stage in (2, 3):
            journey.write(week, "assessed_again", stage + 1, cost=UNIT_COST_GBP[1])
    return week


def _work(journey: _Journey, ways: Ways, week: int) -> _Job:
    """Write the job, its milestones and aftercare."""
    luck = journey.luck
    lasts = int(luck.exponential(60)) + 1
    journey.write(week, "job_entry", 4)
    if lasts > 30:
        journey.write(week + 2, "aftercare_started", 5, cost=UNIT_COST_GBP[4])
        journey.write(week + 28, "completed", 5)
    for weeks in (13, 26, 52):
        if lasts >= weeks:
            journey.write(week + weeks, f"sustained_{weeks}_weeks", 5)
    if lasts < 52:
        journey.write(week + lasts, "job_lost", 5 if lasts > 30 else 4)
    elif ways.p_parked > 0:
        journey.write(week + 52, "paid_for_result", 0)
    journey.rows.sort(key=lambda row: row[0])
    return _Job(journey.person, week, week + min(lasts, 53) - 1)


def _client_frame(rows: list[tuple], people: pd.DataFrame) -> pd.DataFrame:
    names = ["week", "person", "event", "stage", "stream", "contract", "provider", "group"]
    frame = pd.DataFrame(rows, columns=[*names, "cost_gbp", "earned_gbp"])
    frame = frame.astype(
        {"week": np.int32, "person": np.int32, "stage": np.int8, "contract": np.int32}
        | {"provider": np.int16, "stream": np.int64, "cost_gbp": float, "earned_gbp": float}
    ).sort_values("week", kind="stable", ignore_index=True)
    frame["event"] = pd.Categorical(frame["event"], categories=CLIENT_EVENTS)
    frame["group"] = pd.Categorical(frame["group"], categories=CLIENT_GROUPS)
    frame["stream"] = pd.Categorical.from_codes(frame["stream"], categories=pd.Index(STREAMS))
    ward = people["ward"].cat.codes.to_numpy()[frame["person"].to_numpy()]
    ward = pd.Categorical.from_codes(ward, categories=people["ward"].cat.categories)
    frame.insert(frame.columns.get_loc("group"), "ward", ward)
    return frame


def _treated(people: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Everybody on record, by the first event of theirs; nobody leaves."""
    first = clients.drop_duplicates("person").set_index("person").reindex(people["person"])
    week = first["week"].fillna(-1).to_numpy(np.int16)
    return treated_frame(people, week, programme=first["stream"].astype(str).to_numpy())


def _histories(
    people: pd.DataFrame, treated: pd.DataFrame, jobs: list[_Job], *, seed: int, n_weeks: int
) -> pd.DataFrame:
    """Add the employer at each snapshot; who is treated displaces some others."""
    first = treated.set_index("person")["treated_week"].reindex(people["person"])
    treated_week = first.fillna(-1).to_numpy()
    frame = people.assign(left_week=np.int16(-1))
    luck = np.random.default_rng([seed, 3])
    n = len(people)
    at_work = (people["group"] == "employed").to_numpy()
    employer = np.where(at_work, luck.integers(0, N_EMPLOYERS, n), -1)
    harm = 0.15 * len(jobs) / n
    for week in [*range(SNAPSHOT_WEEKS, n_weeks, SNAPSHOT_WEEKS), n_weeks]:
        move, place = luck.random(n), luck.integers(0, N_EMPLOYERS, n)
        treated = (treated_week >= 0) & (treated_week < week)
        hire = (employer < 0) & (move < 0.15 + np.where(treated, 0.08, -harm))
        leave = (employer >= 0) & (move > 0.94 - np.where(treated, 0.0, harm))
        employer = np.where(hire, place, np.where(leave, -1, employer))
        for job in jobs:
            if job.first_week < week <= job.last_week + 1:
                employer[job.person] = place[job.person]
        frame[f"employer_w{week:03d}"] = employer.astype(np.int32)
    return frame


def _contracts(clients: pd.DataFrame, wards: pd.DataFrame, *, n_weeks: int) -> pd.DataFrame:
    earned = clients.groupby("contract")["earned_gbp"].sum()
    number = np.arange(N_PROVIDERS * len(STREAMS), dtype=np.int32)
    earned_gbp = earned.reindex(number).fillna(0.0).to_numpy()
    provider, stream = number // len(STREAMS), number % len(STREAMS)
    return pd.DataFrame(
        {
            "contract": number,
            "stream": pd.Categorical.from_codes(stream, categories=pd.Index(STREAMS)),
            "funder": np.array(FUNDERS)[stream],
            "provider": provider.astype(np.int16),
            "provider_name": [f"Provider {row}" for row in provider],
            "prime": "",
            "terms": np.array(["block", "unit", "unit"])[stream],
            "start": START,
            "end": START + pd.Timedelta(weeks=n_weeks),
            "committed_gbp": 1.25 * earned_gbp,
            "earned_gbp": earned_gbp,
            "paid_gbp": 0.95 * earned_gbp,
            "used_gbp": earned_gbp,
            "places": 100.0,
        }
    )


def _money(clients: pd.DataFrame, contracts: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Sums since the start, by month and stream; the last month agrees with the contracts."""
    total = contracts.groupby("stream", observed=False)["earned_gbp"].sum()
    share = np.arange(1, len(dates) + 1) / max(len(dates), 1)
    earned = np.outer(share, total.to_numpy()).ravel()
    n_streams = len(STREAMS)
    stream = pd.Categorical.from_codes(
        np.tile(np.arange(n_streams), len(dates)), categories=pd.Index(STREAMS)
    )
    return pd.DataFrame(
        {
            "date": np.repeat(dates.to_numpy(), n_streams),
            "stream": stream,
            "budget_gbp": 1.5 * earned,
            "committed_gbp": 1.25 * earned,
            "earned_gbp": earned,
            "paid_gbp": 0.95 * earned,
            "owed_gbp": 0.05 * earned,
            "unspent_gbp": 0.25 * earned,
            "pooled_gbp": 0.0 * earned,
            "administration_gbp": 0.06 * earned,
        }
    )


def _coverage(
    wards: pd.DataFrame, ways: Ways, dates: pd.DatetimeIndex, *, seed: int
) -> pd.DataFrame:
    luck = np.random.default_rng([seed, 4])
    index = pd.MultiIndex.from_product(
        [dates, wards["code"], CLIENT_GROUPS, STAGES], names=["date", "ward", "group", "stage"]
    )
    frame = index.to_frame(index=False)
    for name, categories in (("group", CLIENT_GROUPS), ("stage", STAGES)):
        frame[name] = pd.Categorical(frame[name], categories=categories)
    frame["ward"] = frame["ward"].astype("category")
    n_cells = len(wards) * len(CLIENT_GROUPS) * len(STAGES)
    need = np.tile(luck.gamma(2.0, 30.0, n_cells), len(dates))
    spread = 2.0 * ways.p_wait
    fit = np.tile(luck.gamma(1.0 / (spread + 0.05), spread + 0.05, n_cells), len(dates))
    frame["need"] = need
    frame["places"] = 0.9 * need * fit
    frame["waiting"] = np.round(0.1 * np.maximum(need - frame["places"], 0.0))
    return frame


def _providers(clients: pd.DataFrame | None) -> pd.DataFrame:
    number = np.arange(N_PROVIDERS if clients is not None else 0)
    spent = np.zeros(len(number))
    earned = np.zeros(len(number))
    if clients is not None:
        sums = clients.groupby("provider")[["cost_gbp", "earned_gbp"]].sum().reindex(number)
        spent, earned = sums.fillna(0.0).to_numpy().T
    return pd.DataFrame(
        {
            "provider": number.astype(np.int16),
            "id": [f"P{row:03d}" for row in number],
            "name": [f"Provider {row}" for row in number],
            "type": np.array(["public", "private", "voluntary"])[number % 3],
            "is_open": number != 5,
            "closed_week": np.where(number == 5, 100, -1),
            "cash_gbp": 10_000.0 + 0.95 * earned - spent,
            "spent_gbp": spent,
            "received_gbp": 0.95 * earned,
            "mean_caseload": 30.0,
            "mean_capacity": 40.0,
        }
    )


def _partners(dates: pd.DatetimeIndex) -> pd.DataFrame:
    months = np.arange(len(dates))
    parts = [
        pd.DataFrame(
            {
                "date": dates,
                "funder": funder,
                "trust": 0.4 + 0.1 * row + 0.1 * (1 - np.exp(-months / 24)),
                "willingness": 0.3 + 0.1 * row,
            }
        )
        for row, funder in enumerate(FUNDERS)
    ]
    return pd.concat(parts, ignore_index=True)
