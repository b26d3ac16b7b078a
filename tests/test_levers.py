"""No lever is dead: every parameter moves something that a run keeps, where it is meant to act.

Each parameter with a plausible range is put at one end of it, or else at the other, in a setting of
`SETTINGS`, and the frames of the run are compared with those of the setting itself; a parameter
without such a range goes to what `MOVED_TO` says. Few weeks of small areas are enough: what is
asked is whether a lever moves anything, not by how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copyfile
from typing import Any

import pandas as pd
import pytest
import yaml

from simulation import Config, simulate
from simulation.categories import SECTORS
from simulation.config import AreaConfig
from simulation.config.aid import INSTEAD_OF_PLACES
from simulation.config.listing import list_schemas
from simulation.inputs.area import Area
from simulation.inputs.of_config import area_of
from simulation.support.market import market_table
from tests.small_areas import make_area

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
SEED = 1
SCHEMAS = dict(list_schemas())
INTERVENTIONS = tuple(Config().interventions.model_dump())
INFORMATION = tuple(Config().information.model_dump())


def county():
    """An area of two districts and 200,000 residents, thinned to 4,000 in a run."""
    area = make_area(
        [60_000, 50_000, 50_000, 40_000], districts=["Millbrook", "Millbrook", "B", "C"]
    )
    area.wards["daf"] = area.wards["priority"]
    return area


QUICK = {
    "engagement_weeks": 1,
    "planning_weeks": 1,
    "service_weeks": 6,
    "placement_weeks": 10,
    "training_weeks": 4,
    "engagement_rate": [3.0] * 8,
    "p_lost": 0.6,
    "p_trial": 0.5,
}
"""A journey that is soon over, so that few weeks see its end."""
TOWNS = Config(weeks=26, start="2007-01-01").replace(
    area={"name": "two_towns"}, partnership={"start": "2007-01-01"}, closure={"response": 0.0}
)
HELPED = TOWNS.replace(
    weeks=36,
    funding={"scale": 40.0},
    providers={"density": 20.0},
    regime={"name": "fragmented", "start_up_weeks": 0},
    journey=QUICK,
)
ALL_JOINT = HELPED.replace(regime={"name": "pooled", "co_location": True}, strength={"level": 1.0})
COUNTY = TOWNS.replace(
    weeks=60,
    people_per_agent=50,
    funding={"table": "two_towns", "scale": 200.0},
    providers={"density": 4.0},
    regime={"name": "fragmented", "start_up_weeks": 0},
)
JOINT = COUNTY.replace(regime={"name": "pooled"}, strength={"level": 0.5})
PRIMES = COUNTY.replace(regime={"name": "prime_contractor"})
CLOSURE = {"kind": "closure", "ward": "M2", "sector": "retail", "jobs": 9, "date": "2007-02-07"}
SETTINGS: dict[str, Config] = {
    "market": TOWNS.replace(weeks=60),
    "slack": TOWNS.replace(weeks=60, search={"full_duty": 0.9, "voluntary": [0.5] * 7}),
    "stigma": TOWNS.replace(weeks=60, hiring={"rule": "stigma", "stigma_penalty": 3.0}),
    "screening": TOWNS.replace(hiring={"rule": "screening"}),
    "gate": TOWNS.replace(gate={"works_outside": 0.2, "held_from_outside": 0.2}),
    "recession": TOWNS.replace(
        start="2008-06-01", gate={"works_outside": 0.2, "held_from_outside": 0.2}
    ),
    "made": TOWNS,
    "journey": HELPED.replace(weeks=60),
    "joint_journey": ALL_JOINT,
    "one_roof": ALL_JOINT.replace(weeks=60, strength={"level": 0.6}, regime={"co_location": False}),
    "after_services": HELPED.replace(
        weeks=60,
        journey=QUICK | {"p_lost": 0.0, "p_go_on": 1.0, "lift_rate": [10.0] * 8, "p_broker": 0.3},
        employers={"job_loss_rate": [1.0] * 5},
        hiring={"strength": 3.0},
    ),
    "closure": HELPED.replace(closure={"response": 0.3}),
    "scarce": ALL_JOINT.replace(weeks=26, funding={"scale": 1.0}),
    "sums": HELPED.replace(
        weeks=60,
        journey={"better_off_sums": 1.0, "p_broker": 0.5},
        search={"benefit_markup": 2.0},
    ),
    "paid_by_results": HELPED.replace(regime={"name": "prime_contractor", "prime_scale": 3.0}),
    "interventions": HELPED.replace(
        weeks=30,
        interventions={
            name: {"active": True, "places": 600, "start": None, "weeks": 6}
            for name in INTERVENTIONS
        }
        | {
            "short_time_working": {"active": True, "sectors": list(SECTORS), "weeks": 6},
            "employment_hub": {"active": True, "places": 2000, "weeks": 20, "p_broker": 0.5},
            "condition_management": {"active": True, "places": 2000, "weeks": 2},
            "permitted_work": {"active": True, "places": 5000, "weeks": 8},
        },
        economy={"shock_sd": 0.1, "events": [CLOSURE]},
        employers={"job_loss_rate": [1.0] * 5},
    ),
    "fragmented": COUNTY,
    "aligned": HELPED.replace(regime={"name": "aligned"}, strength={"level": 0.4}),
    "pooled": JOINT,
    "years_of_trust": COUNTY.replace(weeks=160, regime={"name": "pooled"}),
    "falling_money": JOINT.replace(start="2009-01-01", beyond="hold", strength={"level": 0.6}),
    "core_team": JOINT.replace(regime={"core_team_share": 1.0}),
    "districts": JOINT.replace(regime={"tier": "district"}),
    "co_commissioned": JOINT.replace(regime={"name": "co_commissioned"}),
    "devolved": JOINT.replace(regime={"name": "devolved"}),
    "results": COUNTY.replace(start="2009-09-01"),
    "prime_contractor": PRIMES.replace(regime={"package_areas": 4}),
    "parked": HELPED.replace(regime={"name": "prime_contractor", "prime_terms": "attachment_only"}),
    "two_primes": PRIMES.replace(
        regime={"package_areas": 1, "prime_scale": 6.0}, journey=QUICK | {"p_broker": 0.5}
    ),
    "information": HELPED.replace(
        weeks=60,
        regime={"name": "pooled"},
        strength={"level": 0.5},
        information={name: {"active": True} for name in INFORMATION},
    ),
    "flexibilities": HELPED.replace(
        journey=QUICK | {"training_weeks": 13, "service_weeks": 26},
        flexibilities={"training_hours": 0.5, "trials_for_all": 0.5, "data_by_consent": 0.5},
    ),
}


def of(group: str, names: str) -> list[str]:
    return [f"{group}.{name}" for name in names.split()]


ACTS_IN: dict[str, list[str]] = {
    "made": ["area"],
    "market": ["economy", "employers", "search", "hiring", "people", "benefits", "population"],
    "slack": of("hiring", "reservation_slack"),
    "stigma": [
        *of("hiring", "selectivity stigma_weeks stigma_penalty stigma_below_level"),
        "people.scarring",
    ],
    "screening": of("hiring", "screening_strength"),
    "gate": ["gate"],
    "closure": ["closure"],
    "journey": ["journey", "residents", "regime.least_starts"],
    "joint_journey": of("journey", "referral_duty_factor tracking_factor co_location_factor"),
    "after_services": [
        "goodwill",
        *of("journey", "employability_gain training_gain trial_memory_weeks aftercare_effect"),
    ],
    "sums": of(
        "journey",
        "better_off_sums sums_assurance tax_credit_gbp tax_credit_from_gbp tax_credit_taper",
    ),
    "paid_by_results": of(
        "journey",
        "referral_rate believed_base believed_employability believed_barrier believed_years"
        " believed_effect believed_retention effort_steps effort_returns reserve_share",
    ),
    "flexibilities": ["flexibilities", "journey.full_time_hours"],
    "interventions": ["interventions"],
    "information": ["information", "belief"],
    "fragmented": [
        *("regime", "funding", "providers", "belief.awareness"),
        "residents.jobcentre_trust",
    ],
    "aligned": ["strength.transparency", "partnership.transparency_growth"],
    "one_roof": of("strength", "one_roof"),
    "pooled": [
        "strength",
        *of("regime", "start_up_weeks core_team_share pool_share fair_share diminishing"),
        *of("regime", "joint_quality_weight local_knowledge"),
    ],
    "scarce": of("regime", "need_weight believed_jobs"),
    "years_of_trust": ["partnership", "regime.trust_threshold"],
    "falling_money": of("regime", "largest_fall"),
    "core_team": of("regime", "core_team_gbp core_team_set_up_gbp"),
    "districts": of("regime", "core_team_fixed"),
    "co_commissioned": of("regime", "co_commissioned_share"),
    "devolved": of("regime", "devolved_share"),
    "results": of("regime", "result_price_gbp"),
    "parked": of("journey", "parked_cost"),
    "prime_contractor": [
        *of("regime", "believed_job_share believed_sustained_share believed_turnover"),
        *of("regime", "package_areas prime_years prime_scale prime_discount prime_margin"),
    ],
    "two_primes": of("regime", "primes_per_area prime_keeps_employers"),
}
"""The setting in which a group's parameters are meant to act, and of those that act elsewhere."""
WHERE = {name: setting for setting, names in ACTS_IN.items() for name in names}


TWICE_THE_RISK = [[2, 3, 2.5, 2], [2, 3, 3, 5], [0.6, 1.5, 1.5, 5]]
MOVED_TO: dict[str, dict[str, Any]] = {
    "market": {
        "start": "2007-03-01",
        "weeks": 30,
        "people_per_agent": 2,
        "area.name": "bare_market",
        "area.folder": str(ROOT / "conf" / "area" / "bare_market"),
        "employers.pay_path": None,
        "hiring.rule": "random",
        "benefits.frozen": True,
        "benefits.risk": TWICE_THE_RISK,
        "benefits.health_risk": [1, 1, 1],
        "population.jsa_duration": [0.7, 0.1, 0.1, 0.1],
        "population.entrant_qualification": [0.6, 0.1, 0.1, 0.1, 0.1],
        "population.child_age_weights": [0.1, 0.1, 0.1, 0.7],
    },
    "made": {
        "economy.events": [
            {"kind": "opening", "ward": "W0", "sector": "retail", "jobs": 90, "date": "2007-02-01"}
        ]
    },
    "recession": {"economy.file": "steady.csv", "gate.file": "steady.csv"},
    "gate": {
        "gate.works_outside": 0.3,
        "gate.held_from_outside": 0.3,
        "gate.distance_km": 100.0,
    },
    "journey": {"residents.jobcentre_types": ["local_charity"]},
    "fragmented": {"regime.name": "aligned"},
    "aligned": {"regime.co_location": True, "regime.single_offer": True},
    "districts": {"regime.tier": "ward_group"},
    "co_commissioned": {"regime.joint_wards": "priority"},
    "prime_contractor": {"regime.package_units": "ward_group"},
    "paid_by_results": {"regime.prime_terms": "attachment_only"},
    "pooled": {
        "belief.known": True,
        "partnership.start": "2007-08-01",
        "partnership.default_behaviour": "full_pooling",
        "partnership.behaviours": {"Jobcentre": "independent"},
    },
    "years_of_trust": {"partnership.shocks": []},
    "information": {
        "belief.local_funders": [],
        "belief.closed_funders": [],
        **{f"information.{name}.active": False for name in INFORMATION},
        **{f"information.{name}.start": "2007-10-01" for name in INFORMATION},
    },
    "flexibilities": {
        "flexibilities.start": "2007-07-01",
        "flexibilities.end": "2007-06-01",
        "flexibilities.wards": "all",
    },
    "interventions": {
        "interventions.sector_routeway.sector": "retail",
        "interventions.wage_subsidy.subsidy_weeks": 2,
        "interventions.temporary_jobs.sectors": ["retail"],
        "interventions.temporary_jobs.weekly_wage_gbp": 300.0,
        "interventions.redundancy_response.within_weeks": 26,
        "interventions.redundancy_response.closures_only": True,
        "interventions.short_time_working.sectors": ["retail"],
        "interventions.pre_recruitment_training.sectors": ["construction"],
        "interventions.recruitment_compact.sectors": ["retail"],
        "interventions.employment_hub.site": "M2",
    },
}
"""Where parameters without a plausible range go, by the setting in which they act."""
SHARED: dict[str, Any] = {
    "active": False,
    "start": "2007-01-22",
    "end": "2007-01-08",
    "groups": ["other_benefit"],
    "wards": "M1",
    "places_per_1000": 2.0,
    "budget_gbp": 6500.0,
    "min_age": 24,
    "max_age": 23,
    "max_qualification": 0,
    "saturation": [0.0],
}
"""What every intervention may set, and a value with which it helps others or fewer at once."""
REFUSED = {
    ("short_time_working", "saturation"),
    *((name, "groups") for name in ("in_work_training", "permitted_work", "short_time_working")),
}
"""What an intervention may not set: places that go to jobs, and groups where it helps but one."""
TABLES = ("benefits.rules", "funding.table", "providers.table", "providers.types")
OF_UNKNOWN_TYPES = ("belief.quality", "belief.spread")
"""What is believed of providers of a type that the table of types has not."""
MAY_NOT_MOVE: dict[str, tuple[Any, str]] = {
    "beyond": ("hold", "says what is done where a run leaves the years of its tables"),
    "own": ([str(ROOT / "examples" / "outcome_claimants_fall.py")], "registers, chooses nothing"),
    "economy.name": ("mine", "a name that is told"),
    "closure.name": ("mine", "a name that is told"),
    "gate.name": ("mine", "a name that is told"),
    "area.boundaries": (str(ROOT / "README.md"), "outlines of the map, for figures alone"),
}
"""Parameters that leave a run as it is: a value to try, and why."""


def setting_of(name: str) -> str:
    """Return where a parameter is meant to act: by its own name, else by its group's."""
    return WHERE.get(name, WHERE[name.partition(".")[0]])


def nested(name: str, value: Any) -> dict[str, Any]:
    for part in reversed(name.split(".")):
        value = {part: value}
    return value


def value_of(config: Config, name: str) -> Any:
    value: Any = config
    for part in name.split("."):
        value = getattr(value, part)
    return value


def ends_of(name: str, present: Any) -> list[Any]:
    """Return the ends of a plausible range, the one further from the present value first."""
    ends = SCHEMAS[name]["plausible"]
    if isinstance(present, tuple):
        return [tuple(factor * each for each in present) for factor in reversed(ends)]
    return sorted(map(type(present), ends), key=lambda end: -abs(end - present))


@cache
def area_in(setting: str, area: AreaConfig) -> Area:
    """Return the area of a setting, read once."""
    if setting == "made":
        return make_area([1500, 900], districts=["A", "B"])
    return (
        county() if SETTINGS[setting].funding.table == "two_towns" else area_of(Config(area=area))
    )


def frames_with(config: Config, setting: str) -> dict[str, pd.DataFrame]:
    run = simulate(config, SEED, area=area_in(setting, config.area))
    return {"monthly": run.monthly, "flows": run.flows, **run.tables}


@cache
def frames_of(setting: str) -> dict[str, pd.DataFrame]:
    return frames_with(SETTINGS[setting], setting)


def is_moved(name: str, value: Any, setting: str) -> bool:
    """Whether a parameter's value changes any frame of a run in a setting."""
    if value == value_of(SETTINGS[setting], name):
        return False
    before = frames_of(setting)
    after = frames_with(SETTINGS[setting].replace(**nested(name, value)), setting)
    return any(name not in after or not before[name].equals(after[name]) for name in before)


def values_in(setting: str) -> Iterator[tuple[str, list[Any]]]:
    """Give the parameters that are meant to act in a setting, each with values to try."""
    for name, schema in SCHEMAS.items():
        if "plausible" in schema and name not in OF_UNKNOWN_TYPES and setting_of(name) == setting:
            yield name, ends_of(name, value_of(SETTINGS[setting], name))
    for name, value in MOVED_TO.get(setting, {}).items():
        yield name, [value]


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_lever_moves_something_where_it_is_meant_to_act(setting):
    dead = [
        name
        for name, values in values_in(setting)
        if not any(is_moved(name, value, setting) for value in values)
    ]
    assert not dead


def test_what_may_not_move_anything_does_not():
    assert len(MAY_NOT_MOVE) < 10
    moving = [name for name, (value, _) in MAY_NOT_MOVE.items() if is_moved(name, value, "market")]
    assert not moving


def test_every_parameter_is_moved_or_has_a_reason():
    tried = [name for setting in SETTINGS for name, _ in values_in(setting)]
    tried += [f"interventions.{name}.{field}" for name in INTERVENTIONS for field in SHARED]
    tried += [*MAY_NOT_MOVE, *TABLES, *OF_UNKNOWN_TYPES]
    assert sorted(tried) == sorted(SCHEMAS)


def helped(**terms: Any) -> dict[str, set[tuple[int, int]]]:
    """Return whom each intervention helps in the first weeks, and when, with some terms of all."""
    given = {
        name: {field: value for field, value in terms.items() if (name, field) not in REFUSED}
        for name in INTERVENTIONS
    }
    if terms.keys() & set(INSTEAD_OF_PLACES):
        for name, own in given.items():
            own["places"] = getattr(Config().interventions, name).places
    config = SETTINGS["interventions"].replace(weeks=9, interventions=given)
    clients = simulate(config, SEED).tables["clients"]
    rows = clients[clients["event"] == "helped"]
    who = {name: set() for name in INTERVENTIONS}
    for stream, week, person in zip(rows["stream"], rows["week"], rows["person"], strict=True):
        who[str(stream).partition(":")[2]].add((week, person))
    return who


@cache
def helped_as_it_is() -> dict[str, set[tuple[int, int]]]:
    return helped()


@pytest.mark.parametrize("field", SHARED)
def test_what_all_interventions_may_set_changes_at_once_whom_each_helps(field):
    before, after = helped_as_it_is(), helped(**{field: SHARED[field]})
    assert all(before.values())
    dead = {(name, field) for name in INTERVENTIONS if before[name] == after[name]}
    assert dead <= REFUSED


@pytest.fixture
def own_tables(tmp_path: Path) -> dict[str, str]:
    """Tables of one's own: the shipped ones with changes, by the parameter that names them."""
    funders, shipped = ROOT / "conf" / "funders", ROOT / "conf" / "providers" / "types.csv"
    market = market_table(Config().providers, area_of(TOWNS), SEED)
    market.assign(type="cooperative").to_csv(tmp_path / "market.csv", index=False)
    types = pd.read_csv(shipped)
    types.assign(quality_mean=1.3 * types["quality_mean"]).to_csv(
        tmp_path / "types.csv", index=False
    )
    streams = pd.read_csv(funders / "two_towns.csv", keep_default_na=False)
    streams.assign(discretion=1).to_csv(tmp_path / "streams.csv", index=False)
    copyfile(funders / "two_towns_amounts.csv", tmp_path / "streams_amounts.csv")
    return {
        "funding.table": str(tmp_path / "streams.csv"),
        "providers.table": str(tmp_path / "market.csv"),
        "providers.types": str(tmp_path / "types.csv"),
    }


RULES = yaml.safe_load((ROOT / "conf" / "benefits" / "rules_2006.yaml").read_text(encoding="utf-8"))
RULES_IN = {
    "market": TOWNS.replace(
        start="2008-02-01",
        weeks=110,
        search={"benefit_markup": 2.0, "voluntary": [0.5] * 7},
        benefits={"inflow_rate": [2.0, 0.5, 0.5], "illness_with_claim": 0.9, "ib_long_share": 0.9},
    ),
    "flexibilities": SETTINGS["flexibilities"],
}
"""Where rules act: while ESA comes in and offers are often refused, and where they bind study."""


@pytest.mark.parametrize("setting", RULES_IN)
def test_every_rule_of_benefits_acts(setting, tmp_path):
    """Amounts and limits three times as high, flags and shares turned round."""
    before, dead = frames_with(RULES_IN[setting], setting), []
    for name, rule in RULES.items():
        where = "flexibilities" if name == "jsa_study_hours_limit" else "market"
        if name == "covers" or where != setting:
            continue
        is_part = rule["unit"] in ("flag", "share")
        values = [
            dated | {"value": 1.0 - dated["value"] if is_part else 3.0 * dated["value"]}
            for dated in rule["values"]
        ]
        own = RULES | {name: rule | {"values": values}}
        file = tmp_path / f"{name}.yaml"
        file.write_text(yaml.safe_dump(own), encoding="utf-8")
        after = frames_with(RULES_IN[setting].replace(benefits={"rules": str(file)}), setting)
        if all(before[frame].equals(after[frame]) for frame in before):
            dead.append(name)
    assert not dead


def test_tables_of_ones_own_and_what_is_believed_of_types_they_do_not_know_act(own_tables):
    base = ALL_JOINT.replace(weeks=30)
    shipped = frames_with(base, "joint_journey")["contracts"]
    for name, file in own_tables.items():
        own = base.replace(**nested(name, file))
        before = frames_with(own, "joint_journey")["contracts"]
        assert not before.equals(shipped), name
    own = base.replace(providers={"table": own_tables["providers.table"]})
    before = frames_with(own, "joint_journey")["contracts"]
    for name in OF_UNKNOWN_TYPES:
        ends = ends_of(name, value_of(own, name))
        after = [
            frames_with(own.replace(**nested(name, end)), "joint_journey")["contracts"]
            for end in ends
        ]
        assert any(not before.equals(each) for each in after), name
