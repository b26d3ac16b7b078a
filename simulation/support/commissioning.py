"""Phase commissioning: money is planned, contracts are signed, staff hired, providers close.

The regime is asked on each planning date; nothing else in the model knows which one it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from simulation import register
from simulation.agents.clients import Clients
from simulation.agents.columns import People
from simulation.agents.contracts import POOL, Contract, FundingStream, Lettings
from simulation.agents.providers import Providers
from simulation.categories import MONTHS_PER_YEAR, PENCE_PER_POUND
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.labour.rates import months_of
from simulation.policies.regimes import Regime
from simulation.policies.situation import Journeys, Situation
from simulation.support.belief import Beliefs
from simulation.support.books import check_money, check_reserved
from simulation.support.contract_columns import (
    append_columns,
    contract_columns,
    first_week_from,
    no_contracts,
)
from simulation.support.doors import open_doors
from simulation.support.engagement import Offers, list_offers
from simulation.support.flexibilities import Flexibilities
from simulation.support.funding import planning_years
from simulation.support.funnel import expected_journeys, learn
from simulation.support.information import STREAM as INFORMATION
from simulation.support.information import cost_pence, years_of
from simulation.support.journey_week import JourneyRates
from simulation.support.letting_checks import check_lettings
from simulation.support.money import (
    add_budget,
    failed,
    grow,
    instalments,
    lapse,
    new_money,
    pay_administration,
    pay_due,
    pool,
)
from simulation.support.need import Zones, eligible_shares, standing_places, yearly_need
from simulation.support.opinion import Opinion, count_by_kind
from simulation.support.partnership import Partnership
from simulation.support.records import ClientRecords, Records
from simulation.support.reviews import is_review, move_idle
from simulation.support.seen import see_jobs, see_weeks
from simulation.support.staffing import Staffing, booked
from simulation.support.strength import at_strength, freed_streams


class Commissioning:
    """Streams, partnership, providers, contracts and their money.

    Parameters
    ----------
    config : Config
    area : Area
    regime : callable
        From `Situation` to `Lettings`.
    streams : sequence of FundingStream
    names : sequence of str
        Of the streams, of what pays for information, of the pool, and of the streams of
        interventions, which come last.
    providers : Providers
        With a row for each intervention last.
    cash : ndarray of int64, shape (n_providers,)
        Pence on the first day.
    credit : ndarray of int64, shape (n_providers,)
        Pence a provider can be overdrawn before it closes.
    seed : uint64
    beliefs : Beliefs or None
        What buyers believe of providers; None if all know the truth.
    of_interventions : mapping of int to sequence of Contract
        The contract of each intervention by the week its places begin.

    Attributes
    ----------
    believed : ndarray of float64, shape (n_streams, n_providers)
        Quality that advisers of each stream expect of each provider.
    opinion : Opinion
        What residents think of each kind of provider.
    """

    RESIZED = ("closed_week", "providers", "money", "job_entries", "believed")
    STATE = (
        *RESIZED,
        "staffing",
        "expected",
        "partnership",
        "contracts",
        "columns",
        "offers",
        "beliefs",
        "opinion",
        "_informed",
    )

    def __init__(
        self,
        config: Config,
        area: Area,
        *,
        regime: Regime,
        streams: Sequence[FundingStream],
        names: Sequence[str],
        providers: Providers,
        cash: np.ndarray,
        credit: np.ndarray,
        seed: np.uint64,
        beliefs: Beliefs | None = None,
        of_interventions: Mapping[int, Sequence[Contract]] | None = None,
    ) -> None:
        config = at_strength(config)
        self.config, self.area, self.regime, self.seed = config, area, regime, seed
        self.streams = freed_streams(streams, config)
        self.names = list(names)
        self.row_of = {name: row for row, name in enumerate(self.names)}
        self._pool = self.row_of[POOL]
        self._of_interventions = of_interventions or {}
        self.providers, self.credit = providers, credit
        self.closed_week = np.full(cash.size, -1, np.int64)
        self.zones = Zones(area)
        self.staffing = Staffing(providers.capacity * config.people_per_agent, config.providers)
        self._first = expected_journeys(config.journey.progression, config.regime.occupied_weeks)
        self.expected = Journeys(*(each.copy() for each in self._first))
        self.partnership = Partnership(config.partnership, config.regime, streams, config.start)
        self.beliefs = beliefs
        self.believed = np.tile(providers.quality, (len(self.names), 1))
        self.opinion = Opinion(config, area)
        self.flexibilities = Flexibilities(config, area)
        self.contracts: list[Contract] = []
        self.columns = no_contracts(area.n_wards)
        self.money = new_money(
            len(self.names), cash.size, opening=cash, lag_weeks=config.funding.payment_lag_weeks
        )
        self.offers: Offers = list_offers(self.columns, providers, 0)
        self.job_entries = np.zeros(len(self.names), np.int64)
        self._years = planning_weeks(self.streams, config)
        self._months, _ = months_of(config.start, config.weeks)
        self._informed = self._years_of_information(config.start - timedelta(days=1))

    def week_begins(self, people: People, records: ClientRecords, week: int) -> None:
        """Close providers that have failed, let what is to be let, hire for it."""
        is_changed = self._close_failed(week)
        if self._is_month_start(week):
            self._partners_meet(week)
            self._learn(records)
            self._review(week)
        if week == 0 or self._is_month_start(week):
            self._inform(week)
            self._believe(week)
        self.add_contracts(self._of_interventions.get(week, ()), is_funded=False)
        starting = self._years.get(week, {})
        if starting:
            self._let(people, week, starting)
        if self._is_month_start(week):
            self._hire(week)
        is_changed |= bool(starting) | bool((self.columns.end_week == week).any())
        is_changed |= bool((self.columns.start_week == week).any())
        if is_changed:
            self.offers = list_offers(self.columns, self.providers, week)

    def doors(self, clients: Clients, rows: np.ndarray, week: int) -> np.ndarray:
        """Return how many more people each stream can engage, int64 (n_streams,)."""
        return open_doors(
            self.columns,
            clients,
            rows,
            week,
            expected=self.expected,
            n_streams=len(self.names),
        )

    def week_ends(self, clients: Clients, week: int) -> None:
        """Pay what is due, let ended contracts lapse, and check the books of money.

        Raises
        ------
        BooksError
            If a pound is not where it should be.
        """
        is_month_start = self._is_month_start(week)
        money, contracts, is_open = self.money, self.columns, self.providers.is_open
        instalments(
            money,
            contracts,
            week,
            is_month_start=is_month_start,
            advance_weeks=self.config.funding.grant_advance_weeks,
            is_open=is_open,
        )
        pay_due(money, contracts, week)
        lapse(money, contracts, week, is_open=is_open)
        check_money(money, contracts, week, pool_row=self._pool)
        check_reserved(money, clients, week)

    def _is_month_start(self, week: int) -> bool:
        return week > 0 and bool(self._months[week] != self._months[week - 1])

    def _partners_meet(self, week: int) -> None:
        """Let trust move by the share of its target that each funder met in the last month."""
        entries = self.job_entries * float(self.config.people_per_agent)
        self.job_entries[:] = 0
        pooled = self.money.stream_pooled
        if pooled.sum() > 0:
            entries += entries[self._pool] * pooled / pooled.sum()
        day = self.config.start + timedelta(weeks=week)
        met = dict.fromkeys(self.partnership.funders, 0.0)
        targets: dict[str, float] = {}
        for stream in self.streams:
            if any(begin <= day < end for begin, end, _ in planning_years(stream)):
                targets[stream.funder] = targets.get(stream.funder, 0.0) + stream.target_jobs
            met[stream.funder] += float(entries[self.row_of[stream.name]])
        delivered = {
            name: met[name] / (target / MONTHS_PER_YEAR)
            for name, target in targets.items()
            if target > 0.0
        }
        self.partnership.advance(day, delivered)

    def _booked(self, contracts: Sequence[Contract]) -> np.ndarray:
        """Return the clients at a time that contracts fill, by provider, in people."""
        return booked(contracts, self.expected.occupied_weeks, self.providers.capacity.size)

    def _hire(self, week: int) -> None:
        """Let staff follow the contracts in force."""
        day = self.config.start + timedelta(weeks=week)
        staff = self.staffing.month_passes(self._booked(self.in_force(day)))
        self.providers.capacity[:] = np.floor(staff / self.config.people_per_agent + 0.5)

    def _learn(self, records: ClientRecords) -> None:
        """Let plans learn from all journeys so far how far clients get, and in what time."""
        size = self.config.people_per_agent
        counts, weeks = records.tally() * size, records.client_weeks * size
        weight, ready_cost = self.config.regime.learning_weight, self.config.journey.ready_cost
        self.expected = learn(self._first, counts, weeks, weight, ready_cost)

    def _review(self, week: int) -> None:
        """Let idle money go where money has run out, every few months."""
        day = self.config.start + timedelta(weeks=week)
        if is_review(day, self.config.funding.review_months):
            move_idle(self.money, self.columns, week, self.providers.is_open)

    def _inform(self, week: int) -> None:
        """Pay for each year of rating, directory and the like that has begun."""
        day = self.config.start + timedelta(weeks=week)
        years = self._years_of_information(day)
        begun = {name: n - self._informed[name] for name, n in years.items()}
        self._informed = years
        n_open = int((self.providers.is_open & self.providers.stages.any(axis=1)).sum())
        pence = cost_pence(self.config, begun, n_open)
        if pence:
            add_budget(self.money, self.row_of[INFORMATION], pence)
            pay_administration(self.money, self.row_of[INFORMATION], pence)

    def _years_of_information(self, day: date) -> dict[str, int]:
        names = self.config.information.active_names()
        return {name: years_of(self.config, name, day) for name in names}

    def _believe(self, week: int) -> None:
        """Let buyers learn about providers from the records they may see."""
        if self.beliefs is None:
            return
        day = self.config.start + timedelta(weeks=week)
        self.beliefs.month_begins(self.columns, day, self.partnership.transparency)
        self.believed = self.beliefs.by_stream

    def rates_in(self, rates: JourneyRates, week: int) -> JourneyRates:
        """Return the journey's parameters with those by ward as they are in a week."""
        return self.flexibilities.rates_in(rates, week)._replace(trust=self.opinion.factors())

    def count(self, events: Iterable[str], records: Records, first: int) -> np.ndarray:
        """Count events among the records from number `first` on, int64 (3, n_wards).

        By the kind of provider under whose contract they happened, and home ward.
        """
        return count_by_kind(
            events, records, first, self.columns, self.providers, self.area.n_wards
        )

    def see_weeks(
        self, people: People, clients: Clients, tracked: np.ndarray, rows: np.ndarray
    ) -> None:
        """Count the weeks of clients among some rows with their providers, seen or not."""
        if self.beliefs is not None:
            seen, shares = self.beliefs.seen, self.beliefs.shares
            see_weeks(people, clients, self.columns, seen, shares, tracked, rows, self.seed)

    def see_jobs(self, people: People, tracked: np.ndarray, records: Records, first: int) -> None:
        """Count the job entries among the records from number `first` on, seen or not."""
        if self.beliefs is not None:
            seen, shares = self.beliefs.seen, self.beliefs.shares
            see_jobs(people, self.columns, seen, shares, tracked, records, first, self.seed)

    def _close_failed(self, week: int) -> bool:
        rows = failed(
            self.money,
            self.columns,
            is_open=self.providers.is_open,
            credit=self.credit,
            invoice_finance=self.config.providers.invoice_finance,
        )
        self.providers.is_open[rows] = False
        self.closed_week[rows] = week
        return bool(rows.size)

    def _let(self, people: People, week: int, starting: dict[str, tuple[float, date]]) -> None:
        """Ask the regime what the streams whose year begins buy, and sign it."""
        streams = tuple(stream for stream in self.streams if stream.name in starting)
        budget = {name: round(PENCE_PER_POUND * amount) for name, (amount, _) in starting.items()}
        for name, pence in budget.items():
            add_budget(self.money, self.row_of[name], pence)
        situation = self.situation(people, week, streams, budget, starting)
        lettings = self.regime(situation)
        if not register.is_shipped(self.regime):
            left = dict(zip(self.names, self.money.stream_uncommitted.tolist(), strict=True))
            check_lettings(lettings, situation, left, name=self.config.regime.name)
        self.sign(lettings)

    def situation(
        self,
        people: People,
        week: int,
        streams: tuple[FundingStream, ...],
        budget: dict[str, int],
        starting: dict[str, tuple[float, date]],
    ) -> Situation:
        """Return what the regime sees in a week."""
        config = self.config
        day = config.start + timedelta(weeks=week)
        everyone, shares = eligible_shares(people, self.zones, self.streams)
        standing = [each for each in self.contracts if day < each.end]
        funding = [stream.name for stream in self.streams]
        return Situation(
            day=day,
            streams=streams,
            budget_pence=budget,
            ends={name: end for name, (_, end) in starting.items()},
            all_streams=self.streams,
            people=everyone * float(config.people_per_agent),
            expected=self.expected,
            need=yearly_need(
                everyone * config.people_per_agent, config.journey, self.expected.progression
            ),
            eligible=shares,
            standing=standing_places(standing, [*funding, POOL], self.zones),
            zone_of_ward=self.zones.of_ward,
            district_of_zone=self.zones.district,
            is_priority_zone=self.zones.is_priority,
            providers=self._providers_in_people(standing),
            partners=self.partnership.partners(),
            config=config.regime,
            believed=None if self.beliefs is None else self.beliefs.quality,
            aware=None if self.beliefs is None else self.beliefs.aware,
            trust=self.opinion.in_providers(self.providers),
        )

    def _providers_in_people(self, standing: Sequence[Contract]) -> Providers:
        """Return the providers' columns for people: costs, and what they offer beside contracts."""
        return self.providers._replace(
            capacity=self.staffing.offered(self._booked(standing)),
            unit_cost=self.providers.unit_cost // self.config.people_per_agent,
        )

    def in_force(self, day: date) -> list[Contract]:
        """Return the contracts under which a stage can begin on a day."""
        return [each for each in self.contracts if each.start <= day < each.end]

    def contract_of_intervention(self) -> np.ndarray:
        """Return the row of each intervention's contract, int64; -1 before it begins."""
        first = self._pool + 1
        rows = np.full(len(self.names) - first, -1, np.int64)
        own = np.flatnonzero(self.columns.stream >= first)
        rows[self.columns.stream[own] - first] = own
        return rows

    def sign(self, lettings: Lettings) -> None:
        """Enter the contracts let, the pooled money and administration in the books."""
        for name, pence in lettings.pooled_pence.items():
            pool(self.money, self.row_of[name], pence, pool_row=self._pool)
        for name, pence in lettings.administration_pence.items():
            pay_administration(self.money, self.row_of[name], pence)
        self.add_contracts(lettings.contracts)

    def add_contracts(self, contracts: Sequence[Contract], *, is_funded: bool = True) -> None:
        """Append contracts to the columns and the books; those not funded have no money yet."""
        if not contracts:
            return
        more = contract_columns(
            contracts,
            self.row_of,
            n_wards=self.area.n_wards,
            start=self.config.start,
            people_per_agent=self.config.people_per_agent,
        )
        self.contracts += contracts
        self.columns = append_columns(self.columns, more)
        if self.beliefs is not None:
            self.beliefs.grow(self.columns, len(contracts))
        pence = np.array([each.budget_pence * is_funded for each in contracts], np.int64)
        self.money = grow(self.money, pence, more.stream)


def planning_weeks(
    streams: Sequence[FundingStream], config: Config
) -> dict[int, dict[str, tuple[float, date]]]:
    """Return by week which streams' years begin: amount in GBP and the day the year ends.

    A year that runs already on the first day begins then, with the part of its money that is left.
    """
    years: dict[int, dict[str, tuple[float, date]]] = {}
    for stream in streams:
        for begin, end, amount in planning_years(stream):
            week = max(first_week_from(begin, config.start), 0)
            if end <= config.start or end <= begin or week >= config.weeks:
                continue
            left = (end - max(begin, config.start)).days / (end - begin).days
            years.setdefault(week, {})[stream.name] = amount * left, end
    return years
