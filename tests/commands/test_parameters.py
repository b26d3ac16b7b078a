"""The table of parameters: generated, current, complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.commands.parameters import (
    allowed_text,
    list_parameters,
    list_schemas,
    parameters_text,
    plausible_text,
)
from simulation.config import Config
from simulation.config.base import DISTRIBUTIONS

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_in_docs_is_current():
    written = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert written == parameters_text(), "run: pathfinder parameters output=docs/parameters.md"


def test_writing_the_table_replaces_the_old_one(pathfinder, tmp_path):
    (tmp_path / "table.md").write_text("old")
    assert pathfinder("parameters", "output=table.md").code == 0
    assert (tmp_path / "table.md").read_text(encoding="utf-8") == parameters_text()


def test_every_parameter_says_what_it_means_its_unit_and_its_source():
    for row in list_parameters():
        assert row.meaning and row.unit and row.source, f"{row.group}.{row.name}"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "number", "minimum": 0, "maximum": 1}, "a number >= 0 and <= 1"),
        ({"type": "integer", "exclusiveMinimum": 0}, "a whole number > 0"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text, or none"),
        ({"type": "string", "format": "date"}, "a date, yyyy-mm-dd"),
        (
            {"type": "array", "prefixItems": [{"type": "number", "minimum": 0}] * 3},
            "3 values, each a number >= 0",
        ),
    ],
)
def test_what_is_allowed_is_said_in_words(schema, words):
    assert allowed_text(schema) == words


def _with_plausible():
    return [(name, schema) for name, schema in list_schemas() if "plausible" in schema]


def times(value, factor):
    return [times(each, factor) if isinstance(each, list) else each * factor for each in value]


def test_many_parameters_have_a_plausible_range():
    names = {name.partition(".")[0] for name, _ in _with_plausible()}
    assert len(_with_plausible()) > 150
    assert {"search", "hiring", "benefits", "journey", "regime", "interventions"} <= names


@pytest.mark.parametrize(("name", "schema"), _with_plausible(), ids=lambda value: str(value)[:40])
def test_plausible_holds_the_default_and_lies_within_what_is_allowed(name, schema):
    low, high = schema["plausible"]
    default, is_list = schema["default"], schema["type"] == "array"
    assert low < high
    assert low <= (1.0 if is_list else default) <= high
    assert schema["distribution"] in DISTRIBUTIONS
    assert low > 0 or schema["distribution"] != "log_uniform"
    for bound in (low, high):
        value = times(default, bound) if is_list else bound
        for part in reversed(name.split(".")):
            value = {part: value}
        Config().replace(**value)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "number"}, ""),
        ({"type": "number", "plausible": [0.5, 2.0], "distribution": "uniform"}, "0.5 to 2"),
        (
            {"type": "array", "plausible": [0.5, 2], "distribution": "log_uniform"},
            "0.5 to 2 times, log",
        ),
        (
            {"type": "number", "plausible": [0, 1], "distribution": "triangular"},
            "0 to 1, triangular",
        ),
    ],
)
def test_what_is_plausible_is_said_in_words(schema, words):
    assert plausible_text(schema) == words
