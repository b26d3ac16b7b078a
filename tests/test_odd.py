"""docs/ODD.md names what the code has: phases, streams, states, rules and parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from simulation.agents.clients import Clients, Schemes, Support
from simulation.agents.columns import People
from simulation.agents.providers import Providers
from simulation.categories import (
    BARRIERS,
    CLIENT_EVENTS,
    CLIENT_GROUPS,
    PAYMENT_GROUPS,
    STAGES,
    STATES,
)
from simulation.config import Config
from simulation.config.aid import Aid
from simulation.labour.search import ROUNDS_PER_WEEK
from simulation.model import PHASES
from simulation.register import HIRING_RULES, INTERVENTIONS, REGIMES
from simulation.results.gross_to_net import FLOWS
from simulation.streams import Stream
from simulation.support.partnership import BEHAVIOURS

TEXT = (Path(__file__).parents[1] / "docs" / "ODD.md").read_text(encoding="utf-8")
GROUPS = {
    name: field.annotation
    for name, field in Config.model_fields.items()
    if hasattr(field.annotation, "model_fields")
}
NAMED = set(re.findall(rf"(?<![/\w])({'|'.join(GROUPS)})\.([a-z_0-9]*[a-z0-9])", TEXT))


def section(title: str) -> str:
    """Return what stands under a heading, or one that so begins, to the next one of any rank."""
    start = re.search(rf"^#+ {re.escape(title)}\b", TEXT, re.MULTILINE).end()
    return re.split(r"^#+ ", TEXT[start:], maxsplit=1, flags=re.MULTILINE)[0]


def missing_in(title: str, names: Iterable[str]) -> list[str]:
    """Return the names that do not stand in a section."""
    text = section(title)
    return sorted(name for name in names if not re.search(rf"\b{name}\b", text))


def numbered_rows(text: str) -> dict[int, str]:
    """Return the second cell of each table row by the number in the first."""
    rows = re.findall(r"^\| (\d+) \| (\w+) \|", text, flags=re.MULTILINE)
    return {int(number): name for number, name in rows}


def test_phases_are_those_of_the_model_in_their_order() -> None:
    listed = re.findall(
        r"^(\d+)\. \*\*(\w+)\*\*:", section("3 Process overview and scheduling"), re.MULTILINE
    )
    assert [name for _, name in listed] == list(PHASES)
    assert [int(number) for number, _ in listed] == list(range(1, len(PHASES) + 1))


def test_streams_are_those_of_the_code_by_number() -> None:
    table = numbered_rows(section("4 Design concepts"))
    assert table == {stream.value: stream.name for stream in Stream}


def test_states_are_those_of_the_code_by_number() -> None:
    table = numbered_rows(section("2 Entities, state variables and scales"))
    assert table == dict(enumerate(STATES))


def test_hiring_rules_are_those_of_the_code() -> None:
    listed = re.findall(r"^- `(\w+)`", section("7.6 hiring"), re.MULTILINE)
    assert listed == list(HIRING_RULES)


def test_attributes_of_people_are_named() -> None:
    inside = {"next", "previous", "pending"}
    missing = missing_in(
        "2 Entities, state variables and scales", set(People._fields) - inside | set(BARRIERS)
    )
    assert missing == []


@pytest.mark.parametrize("columns", [Support, Clients, Schemes, Providers])
def test_attributes_of_support_are_named(columns) -> None:
    assert missing_in("2 Entities, state variables and scales", columns._fields) == []


@pytest.mark.parametrize("names", [CLIENT_GROUPS, PAYMENT_GROUPS, STAGES])
def test_groups_and_stages_are_named(names: tuple[str, ...]) -> None:
    assert missing_in("2 Entities, state variables and scales", names) == []


def test_every_event_of_a_client_is_noted_in_a_rule() -> None:
    rules = "".join(section(f"7.{number}") for number in (9, 11, 14))
    assert [name for name in CLIENT_EVENTS if not re.search(rf"\b{name}\b", rules)] == []


def test_regimes_are_those_of_the_code() -> None:
    listed = re.findall(r"^- `(\w+)`", section("7.13 regimes"), re.MULTILINE)
    assert sorted(listed) == sorted(REGIMES)


def test_behaviours_of_partners_are_named() -> None:
    assert missing_in("7.12 partnership", BEHAVIOURS) == []


def intervention_rows() -> dict[str, tuple[int, str]]:
    """Return number and rule of each intervention from its row of the table."""
    rows = re.findall(
        r"^\| (\d+) \| `interventions\.(\w+)` \| (.*) \|$",
        section("7.14 interventions"),
        re.MULTILINE,
    )
    return {name: (int(number), rule) for number, name, rule in rows}


def test_interventions_are_those_of_the_code_by_number() -> None:
    assert {name: number for name, (number, _) in intervention_rows().items()} == {
        name: kind.number for name, kind in INTERVENTIONS.items()
    }


def test_parameters_all_interventions_have_are_named_once() -> None:
    assert missing_in("7.14 interventions", Aid.model_fields) == []


@pytest.mark.parametrize("name", INTERVENTIONS)
def test_parameters_of_an_intervention_are_used_in_its_rule(name: str) -> None:
    own = set(type(getattr(Config().interventions, name)).model_fields) - set(Aid.model_fields)
    named = set(re.findall(r"`(\w+)`", intervention_rows()[name][1]))
    assert named - set(Aid.model_fields) == own


def test_measures_from_gross_to_net_are_defined() -> None:
    words = {name.removesuffix("_netted").replace("_", " ") for name in FLOWS}
    text = section("7.15 results and additionality").lower().replace("others'", "others")
    assert [word for word in words - {"gross leakage"} if word not in text] == []


def test_a_round_number_is_made_as_in_the_code() -> None:
    assert f"`{ROUNDS_PER_WEEK} x week + round`" in section("4 Design concepts")


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_of_a_group_is_used_in_a_rule_and_none_is_invented(group: str) -> None:
    named = {name for where, name in NAMED if where == group}
    assert named == set(GROUPS[group].model_fields)
