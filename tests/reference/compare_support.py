"""The first difference between engine and reference in clients, support, money and records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.categories import BARRIERS, CLIENT_EVENTS

from .compare import TOLERANCE
from .contracts import Contract
from .journey import Journey
from .market import ReferenceMarket
from .person import Person
from .providers import Provider
from .support import Event
from .workplace import Establishment

if TYPE_CHECKING:
    from simulation.model import LabourMarket

Reader = Callable[[Any], Any]


def or_minus_one(value: int | None) -> int:
    """Return a number as the engine stores it, -1 for none."""
    return -1 if value is None else value


def bits(barriers: set[str]) -> int:
    """Return barriers as the engine stores them."""
    return sum(1 << bit for bit, name in enumerate(BARRIERS) if name in barriers)


def number_of(contract: Contract | None) -> int:
    """Return a contract's row, -1 for none."""
    return -1 if contract is None else contract.number


EMPLOYERS: dict[str, Callable[[Establishment], float]] = {"goodwill": lambda each: each.goodwill}
EVERYBODY: dict[str, Callable[[Journey], Any]] = {
    "stage": lambda journey: journey.stage,
    "is_waiting": lambda journey: journey.is_waiting,
    "contract": lambda journey: number_of(journey.contract),
    "found": lambda journey: bits(journey.found),
    "training_weeks": lambda journey: journey.training_weeks,
    "assessments": lambda journey: journey.assessments,
    "job_week": lambda journey: -1 if journey.job is None else journey.job.week,
    "reserved": lambda journey: journey.reserved,
    "free_from": lambda journey: journey.free_from,
    "treated_week": lambda journey: or_minus_one(journey.treated_week),
    "programme": lambda journey: or_minus_one(journey.programme),
}
CLIENTS: dict[str, Callable[[Journey], Any]] = {
    "weeks_in_stage": lambda journey: journey.weeks_in_stage,
    "effort": lambda journey: journey.effort,
    "group": lambda journey: journey.group,
}
FOLLOWED: dict[str, Callable[[Journey], Any]] = {
    "job_contract": lambda journey: number_of(journey.job.contract),
    "milestones": lambda journey: journey.job.milestones,
    "n_paid": lambda journey: journey.job.n_paid,
}
ATTACHED: dict[str, Callable[[Journey], Any]] = {
    "payment_group": lambda journey: journey.payment_group,
}
SUPPORT: dict[str, Callable[[Person], Any]] = {
    "search": lambda person: person.help.search,
    "broker": lambda person: person.help.broker,
    "fit": lambda person: person.help.fit,
    "keep": lambda person: person.help.keep,
    "knows_sums": lambda person: person.help.knows_sums,
    "trial_week": lambda person: or_minus_one(person.help.trial_week),
}
PROVIDERS: dict[str, Callable[[Provider], Any]] = {
    "capacity": lambda provider: provider.capacity,
    "is_open": lambda provider: provider.is_open,
    "caseload": lambda provider: provider.caseload,
}
CASH: dict[str, Callable[[Provider], Any]] = {"cash": lambda provider: provider.cash}
PURSES: dict[str, Callable[[Contract], Any]] = {
    "committed": lambda contract: contract.purse.committed,
    "reserved": lambda contract: contract.purse.reserved,
    "earned": lambda contract: contract.purse.earned,
    "paid": lambda contract: contract.purse.paid,
    "passed": lambda contract: contract.purse.passed_on,
}


USED: dict[str, Callable[[Contract], Any]] = {
    "used": lambda contract: contract.used,
    "moved": lambda contract: contract.moved,
}


def first_support_disagreement(engine: LabourMarket, reference: ReferenceMarket) -> str | None:
    """Return the first difference in support after a week, in words; None where the two agree."""
    clients, market = engine.support_system.caseload.clients, engine.support_system.commissioning
    journeys = [person.journey for person in reference.people]
    system = reference.support
    in_work = [each.job is not None for each in journeys]
    is_client = [each.is_client for each in journeys]
    is_attached = [each.reserved > 0 for each in journeys]
    found = (
        _first(clients, journeys, EVERYBODY, "client")
        or _first(clients, journeys, CLIENTS, "client", where=is_client)
        or _first(clients, journeys, FOLLOWED, "client", where=in_work)
        or _first(clients, journeys, ATTACHED, "client", where=is_attached)
        or _first(
            engine.support_system.caseload.support,
            reference.people,
            SUPPORT,
            "support of person",
        )
        or _first(engine.jobs, reference.establishments, EMPLOYERS, "establishment")
        or _first(market.providers, system.providers, PROVIDERS, "provider")
        or _first(market.money, system.providers, CASH, "provider")
        or _first_of_contracts(market, system.contracts)
        or _first_event(engine, reference)
    )
    return f"week {engine.week - 1}, {found}" if found else None


def _first_of_contracts(market: Any, contracts: list[Contract]) -> str | None:
    """Return the first difference in the contracts signed so far."""
    signed = contracts[: len(market.money.committed)]
    return _first(market.money, signed, PURSES, "contract") or _first(
        market.columns, signed, USED, "contract"
    )


def _first(
    table: Any,
    objects: list,
    readers: dict[str, Reader],
    kind: str,
    *,
    where: Iterable[bool] | None = None,
) -> str | None:
    """Return the first difference between columns and objects, in the rows that count."""
    rows = range(len(objects)) if where is None else np.flatnonzero(list(where)).tolist()
    for name, read in readers.items():
        column = getattr(table, name).tolist()
        for row in rows:
            engine, reference = column[row], read(objects[row])
            if abs(float(engine) - float(reference)) > TOLERANCE:
                return f"{kind} {row}, {name}: the engine has {engine}, the reference {reference}"
    return None


def events_of_week(engine: LabourMarket, week: int) -> list[Event]:
    """Return the engine's records of a week as the reference writes them."""
    columns = engine.support_system.caseload.records.columns()
    provider_of = engine.support_system.commissioning.columns.provider
    events = []
    for row in np.flatnonzero(columns["week"] == week).tolist():
        line = {name: values[row].item() for name, values in columns.items()}
        person = int(engine.people.id[line.pop("row")])
        line |= {"event": CLIENT_EVENTS[line["event"]], "person": person}
        contract = line["contract"]
        events.append(Event(provider=int(provider_of[contract]) if contract >= 0 else -1, **line))
    return events


def _first_event(engine: LabourMarket, reference: ReferenceMarket) -> str | None:
    """Return the first record of the week that only one of the two has."""
    week = engine.week - 1
    mine = Counter(each for each in reference.support.events if each.week == week)
    theirs = Counter(events_of_week(engine, week))
    if only := theirs - mine:
        return f"only the engine records {min(only)}; the reference {min(mine - theirs, default=0)}"
    if only := mine - theirs:
        return f"only the reference records {min(only)}"
    return None
