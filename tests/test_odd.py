"""docs/ODD.md names what the code has: phases, streams, states, rules and parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulation.agents.columns import BARRIERS, People
from simulation.categories import STATES
from simulation.config import Config
from simulation.hiring_rules import RULES
from simulation.model import PHASES
from simulation.search import ROUNDS_PER_WEEK
from simulation.streams import Stream

TEXT = (Path(__file__).parents[1] / "docs" / "ODD.md").read_text(encoding="utf-8")
GROUPS = {
    name: field.annotation
    for name, field in Config.model_fields.items()
    if hasattr(field.annotation, "model_fields")
}
NAMED = set(re.findall(rf"`({'|'.join(GROUPS)})\.([a-z_]+)`", TEXT))
NAMED |= set(re.findall(rf"\b({'|'.join(GROUPS)})\.([a-z_]+)", TEXT))


def section(title: str) -> str:
    """Return what stands under a heading, to the next one of any rank."""
    start = TEXT.index(f" {title}\n")
    return re.split(r"^#+ ", TEXT[start:], maxsplit=1, flags=re.MULTILINE)[0]


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
    assert listed == list(RULES)


def test_attributes_of_people_are_named() -> None:
    inside = {"next", "previous", "pending"}
    variables = section("2 Entities, state variables and scales")
    missing = [
        name
        for name in People._fields
        if name not in inside and not re.search(rf"\b{name}\b", variables)
    ]
    assert missing == []
    assert [name for name in BARRIERS if name not in variables] == []


def test_a_round_number_is_made_as_in_the_code() -> None:
    assert f"`{ROUNDS_PER_WEEK} x week + round`" in section("4 Design concepts")


@pytest.mark.parametrize("group", GROUPS)
def test_every_parameter_of_a_group_is_used_in_a_rule_and_none_is_invented(group: str) -> None:
    named = {name for where, name in NAMED if where == group}
    assert named == set(GROUPS[group].model_fields)
