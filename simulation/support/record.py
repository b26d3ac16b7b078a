"""The months of support: money by stream, places against need, waiting, trust; then as frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simulation.agents.clients import Clients
from simulation.agents.columns import People
from simulation.categories import (
    CLIENT_EVENTS,
    CLIENT_GROUPS,
    N_CLIENT_GROUPS,
    N_STAGES,
    PENCE_PER_POUND,
    STAGES,
)
from simulation.compile import kernel
from simulation.labour.rates import months_of
from simulation.record.packed import Packed
from simulation.support.caseload import Caseload
from simulation.support.commissioning import Commissioning
from simulation.support.need import people_by_group, standing_places, yearly_need
from simulation.support.records import ClientRecords

MONEY = ("budget", "committed", "earned", "paid", "pooled", "administration")
COVERAGE = ("need", "places", "waiting")


@kernel
def count_waiting(clients: Clients, people: People, table: np.ndarray) -> None:
    """Add clients who wait for a stage by home ward, client group and stage, int64 (w, 8, 5)."""
    for row in range(clients.stage.size):
        if clients.stage[row] > 0 and clients.is_waiting[row]:
            table[people.ward[row], clients.group[row], clients.stage[row]] += 1


class SupportRecord:
    """What is written down of support at the end of each month.

    Parameters
    ----------
    commissioning : Commissioning
    """

    RESIZED = ("_money", "_caseload", "_capacity")
    STATE = (*RESIZED, "_coverage", "_partners", "_n_recorded")

    def __init__(self, commissioning: Commissioning) -> None:
        self._commissioning = commissioning
        self._month_of_week, self._months = months_of(
            commissioning.config.start, commissioning.config.weeks
        )
        months = self._months
        n_wards, shape = commissioning.area.n_wards, (N_CLIENT_GROUPS, N_STAGES)
        self._money = np.zeros((len(months), len(commissioning.names), len(MONEY)), np.int64)
        self._coverage = Packed(np.float64, (n_wards, *shape, len(COVERAGE)))
        n_providers = commissioning.providers.capacity.size
        self._caseload, self._capacity = np.zeros((2, n_providers), np.int64)
        self._partners: list[pd.DataFrame] = []
        self._n_recorded = 0

    def close_month(self, clients: Clients, people: People, *, week: int) -> None:
        """Write down the month that ends with a week."""
        commissioning, month = self._commissioning, int(self._month_of_week[week])
        for column, name in enumerate(MONEY):
            self._money[month, :, column] = getattr(commissioning.money, f"stream_{name}")
        self._caseload += commissioning.providers.caseload
        self._capacity += commissioning.providers.capacity
        self._coverage.add(self._covered(month, clients, people)[None])
        partners = commissioning.partnership.partners()
        self._partners.append(
            pd.DataFrame(
                {
                    "date": pd.Timestamp(self._months[month]),
                    "funder": list(partners.trust),
                    "trust": list(partners.trust.values()),
                    "willingness": [partners.willingness[name] for name in partners.trust],
                }
            )
        )
        self._n_recorded = month + 1

    def _covered(self, month: int, clients: Clients, people: People) -> np.ndarray:
        """Spread need and places of the zones over their wards by residents; count who waits.

        Where there are no streams there is no journey, and nobody needs a stage of it.
        """
        commissioning, weight = self._commissioning, self._commissioning.config.people_per_agent
        zones = commissioning.zones
        spread = zones.share.T
        everyone = people_by_group(people, zones)
        journey = commissioning.config.journey
        need = yearly_need(everyone * weight, journey, journey.progression)
        need *= bool(commissioning.streams)
        in_force = commissioning.in_force(self._months[month])
        places = standing_places(in_force, commissioning.names, zones).sum(axis=0)
        need, places = (np.tensordot(spread, each, axes=1) for each in (need, places))
        waiting = np.zeros(need.shape, np.int64)
        count_waiting(clients, people, waiting)
        return np.stack([need, places, waiting * weight], axis=-1)

    def money_table(self) -> pd.DataFrame:
        """Return money by month and stream, GBP from the first day to the month's end."""
        n = self._n_recorded
        index = pd.MultiIndex.from_product(
            [self._dates(n), self._commissioning.names], names=["date", "stream"]
        )
        values = self._money[:n].reshape(-1, len(MONEY)) / PENCE_PER_POUND
        table = pd.DataFrame(values, index=index, columns=[f"{name}_gbp" for name in MONEY])
        table["owed_gbp"] = table["earned_gbp"] - table["paid_gbp"]
        table["unspent_gbp"] = table["committed_gbp"] - table["earned_gbp"]
        return table.reset_index()

    def coverage_table(self) -> pd.DataFrame:
        """Return need, places (starts a year) and waiting (people) by month, ward, group, stage.

        Rows without need, places or anybody waiting are left out.
        """
        n = self._n_recorded
        codes = [str(code) for code in self._commissioning.area.wards["code"]]
        coverage = self._coverage.unpacked()
        month, ward, group, stage = np.nonzero(coverage.any(axis=-1))
        values = coverage[month, ward, group, stage]
        return pd.DataFrame(
            {
                "date": self._dates(n)[month],
                "ward": pd.Categorical.from_codes(ward, categories=pd.Index(codes)),
                "group": pd.Categorical.from_codes(group, categories=pd.Index(CLIENT_GROUPS)),
                "stage": pd.Categorical.from_codes(stage, categories=pd.Index(STAGES)),
                **{name: values[:, column] for column, name in enumerate(COVERAGE)},
            }
        )

    def partners_table(self) -> pd.DataFrame:
        """Return trust and willingness by month and funder."""
        return pd.concat(self._partners, ignore_index=True)

    def tables(
        self, caseload: Caseload, people: People, providers: pd.DataFrame | None
    ) -> dict[str, pd.DataFrame]:
        """Return every frame of support by name; `providers` is the market's table, if any."""
        commissioning = self._commissioning
        n = commissioning.providers.quality.size
        names = [(str(row), f"provider {row}", "given") for row in range(n)]
        if providers is not None:
            names[: len(providers)] = [
                (str(row.id), str(row.name_), str(row.type))
                for row in providers.rename(columns={"name": "name_"}).itertuples()
            ]
        return {
            "clients": client_table(caseload.records, commissioning, people),
            "treated": caseload.departed.table(people, caseload.clients, commissioning.names),
            "contracts": contract_table(commissioning, [name for _, name, _ in names]),
            "money": self.money_table(),
            "coverage": self.coverage_table(),
            "partners": self.partners_table(),
            "providers": self._with_caseloads(provider_table(commissioning, names)),
        }

    def _with_caseloads(self, table: pd.DataFrame) -> pd.DataFrame:
        """Add the mean over months of clients and of what staff are there for, in people."""
        size = self._commissioning.config.people_per_agent / max(self._n_recorded, 1)
        return table.assign(
            mean_caseload=self._caseload * size, mean_capacity=self._capacity * size
        )

    def _dates(self, n: int) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(self._months[:n]).as_unit("ms")


def client_table(
    records: ClientRecords, commissioning: Commissioning, people: People
) -> pd.DataFrame:
    """Return every event of every client, one row an agent's event, money in GBP."""
    columns = records.columns()
    contract = columns["contract"]
    is_known = contract >= 0
    stream = np.where(is_known, commissioning.columns.stream[contract], -1)
    provider = np.where(is_known, commissioning.columns.provider[contract], -1)
    codes = [str(code) for code in commissioning.area.wards["code"]]

    def category(numbers: np.ndarray, names) -> pd.Categorical:
        return pd.Categorical.from_codes(numbers, categories=pd.Index(list(names)))

    return pd.DataFrame(
        {
            "week": columns["week"],
            "person": people.id[columns["row"]].astype(np.int32),
            "event": category(columns["event"], CLIENT_EVENTS),
            "stage": columns["stage"],
            "stream": category(stream, commissioning.names),
            "contract": contract,
            "provider": provider.astype(np.int16),
            "ward": category(columns["ward"], codes),
            "group": category(columns["group"], CLIENT_GROUPS),
            "cost_gbp": columns["cost"] / PENCE_PER_POUND,
            "earned_gbp": columns["earned"] / PENCE_PER_POUND,
        }
    )


def contract_table(commissioning: Commissioning, provider_names: list[str]) -> pd.DataFrame:
    """Return every contract: who pays whom for what, from when to when, and the money.

    `used_gbp` is what its starts cost at its prices; paid by results, what those taken on were
    planned to.
    """
    money, funder_of = (
        commissioning.money,
        {each.name: each.funder for each in commissioning.streams},
    )
    rows = [
        {
            "stream": each.stream,
            "funder": funder_of.get(each.stream, ""),
            "provider": each.provider,
            "provider_name": provider_names[each.provider],
            "prime": -1 if each.prime is None else each.prime,
            "terms": each.terms.name,
            "start": pd.Timestamp(each.start),
            "end": pd.Timestamp(each.end),
            "places": float(each.places.sum()),
        }
        for each in commissioning.contracts
    ]
    names = ["stream", "funder", "provider", "provider_name", "prime", "terms", "start", "end"]
    table = pd.DataFrame(rows, columns=[*names, "places"])
    for name in ("committed", "earned", "paid"):
        table[f"{name}_gbp"] = getattr(money, name) / PENCE_PER_POUND
    table["used_gbp"] = commissioning.columns.used / PENCE_PER_POUND
    table.insert(0, "contract", np.arange(len(table)))
    return table


def provider_table(
    commissioning: Commissioning, names: Sequence[tuple[str, str, str]]
) -> pd.DataFrame:
    """Return the providers at the end: what they are, whether they closed, their money in GBP.

    `names` are id, name and type of each.
    """
    money = commissioning.money
    table = pd.DataFrame(list(names), columns=["id", "name", "type"])
    table.insert(0, "provider", np.arange(len(table)))
    table["is_open"] = commissioning.providers.is_open
    table["closed_week"] = commissioning.closed_week
    table["cash_gbp"] = money.cash / PENCE_PER_POUND
    table["spent_gbp"] = money.spent / PENCE_PER_POUND
    table["received_gbp"] = (money.received + money.from_primes - money.passed_on) / PENCE_PER_POUND
    return table
