"""Small markets of support for tests: providers and contracts by hand, and weeks that stand still.

In a still market only the phases of support happen. Nobody ages, finds work or loses it unless a
test says so, so that what happens to clients has a closed form.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from small_areas import make_area

from simulation.agents.contracts import Contract, Eligibility
from simulation.agents.providers import Providers
from simulation.categories import CLIENT_GROUPS, PAYMENT_GROUPS, STAGES, STATES, State
from simulation.compile import threads_for
from simulation.config import Config
from simulation.inputs.area import Area
from simulation.model import LabourMarket
from simulation.policies.tariffs import Terms
from simulation.support.record import client_table
from simulation.support.set_up import GivenSupport

MANY = 10**6
RICH = 10**12
START = date(2008, 6, 2)
AT_ONCE = 52.0
"""The highest rate a year: all but e^-1 in a week."""
UNIT = Terms("by unit", "unit")
BLOCK = Terms("by block", "block")
NOBODY_LEAVES = {
    "p_go_on": 1.0,
    "drop_out_rate": (0.0,) * 5,
    "engagement_rate": (AT_ONCE,) * 7 + (0.0,),
    "p_lost": 0.0,
    "p_training": 0.0,
    "p_trial": 0.0,
    "ready_cost": 1.0,
}
"""Parameters of the journey under which chance takes nobody out of it."""


def settings(weeks: int = 60, *, journey=None, **groups) -> Config:
    """A configuration without drop-outs or losses but for what is given; jobs do not answer."""
    given = {"start": START, "weeks": weeks, "journey": NOBODY_LEAVES | (journey or {})}
    return Config.from_mapping(given | {"closure": {"response": 0.0}} | groups)


def seekers_area(*residents: int, state: State = State.JSA, **more) -> Area:
    """An area in which all but every tenth resident are in one state out of work."""
    shares = np.zeros(len(STATES))
    shares[State.EMPLOYED], shares[state] = 0.1, 0.9
    return make_area(list(residents), shares=shares, **more)


def providers(n: int = 1, *, n_wards: int = 1, costs=(30.0, 80.0, 600.0, 250.0, 120.0), **columns):
    """Providers of quality and trust 1, with room for all; costs in GBP; columns are changed."""
    plain = {
        "wards": np.ones((n, n_wards), bool),
        "stages": np.ones((n, 5), bool),
        "quality": np.ones(n),
        "kind": np.zeros(n, np.int8),
        "trust": np.ones(n),
        "capacity": np.full(n, MANY, np.int32),
        "unit_cost": np.tile(np.rint(100 * np.array(costs)).astype(np.int64), (n, 1)),
        "group_strength": np.ones((n, 8)),
        "barrier_strength": np.ones((n, 8)),
        "shares_records": np.zeros(n, bool),
        "network": np.full(n, -1, np.int16),
        "can_be_prime": np.zeros(n, bool),
        "is_open": np.ones(n, bool),
        "caseload": np.zeros(n, np.int32),
    }
    given = {
        name: np.broadcast_to(np.asarray(value), plain[name].shape).astype(plain[name].dtype)
        for name, value in columns.items()
    }
    return Providers(**{**plain, **{name: value.copy() for name, value in given.items()}})


def contract(provider: int = 0, *, stages=STAGES, places: float = 12.0 * MANY, **changes):
    """A contract of a year with many places in every ward for all groups in some stages."""
    length = changes.pop("weeks", 520)
    n_wards = changes.pop("n_wards", 1)
    groups = changes.pop("groups", CLIENT_GROUPS)
    table = places * np.outer(np.isin(CLIENT_GROUPS, groups), np.isin(STAGES, stages))
    values = {
        "stream": "made",
        "provider": provider,
        "terms": UNIT,
        "wards": np.ones(n_wards, bool),
        "places": table.astype(float),
        "price_gbp": (10.0,) * 5,
        "budget_pence": RICH,
        "start": START,
        "end": START + timedelta(weeks=length),
        "eligibility": Eligibility(groups=CLIENT_GROUPS),
    }
    return Contract(**(values | changes))


def block_of(pence: int, provider: int = 0, **changes) -> Contract:
    """A block grant of a year."""
    return contract(provider, terms=BLOCK, budget_pence=pence, weeks=52, **changes)


def results(
    *, attachment: float = 0.0, job: float = 0.0, sustainment: float = 0.0, n: int = 0, **changes
) -> Terms:
    """Payment by results at the same fees for every payment group, GBP."""
    nine = len(PAYMENT_GROUPS)
    values = {
        "attachment_gbp": (attachment,) * nine,
        "job_gbp": (job,) * nine,
        "sustainment_gbp": (sustainment,) * nine,
        "n_sustainment": (n,) * nine,
        "job_weeks": 13,
        "sustainment_weeks": 13,
    }
    return Terms("by results", "results", **(values | changes))


def market(config, contracts, *, area, who=None, cash=RICH, seed=7) -> LabourMarket:
    """The labour market of an area with contracts by hand, on its first day."""
    who = providers() if who is None else who
    purse = np.broadcast_to(np.asarray(cash, np.int64), who.quality.shape).copy()
    support = GivenSupport(who, purse, list(contracts))
    model = LabourMarket(config, seed, area=area, given=support)
    # Some tests carry out phases by themselves, or change columns before the first week.
    model.support_system.caseload.make_room()
    return model


def stand_still(model: LabourMarket, weeks: int, *, each=None) -> LabourMarket:
    """Let only the phases of support happen; `each` is called with the model after each week."""
    # Nobody is a newcomer of this very week, or each week would begin the slot again.
    model.people.workless_weeks[model.people.workless_weeks == 0] += 1
    model.flows = model.recorder.new_flows()
    with threads_for(model.n_people):
        for _ in range(weeks):
            model.commissioning()
            model.support()
            model.payments()
            model.week += 1
            if each is not None:
                each(model)
    return model


def run(model: LabourMarket) -> LabourMarket:
    """Let a model run to its end."""
    while model.running:
        model.step()
    return model


def events(model: LabourMarket) -> pd.DataFrame:
    """Every event of every client so far."""
    return client_table(
        model.support_system.caseload.records, model.support_system.commissioning, model.people
    )


def number(table: pd.DataFrame, *names: str) -> int:
    """How many events there are of these names."""
    return int(table["event"].isin(names).sum())
