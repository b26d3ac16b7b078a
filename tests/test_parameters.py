"""The table of parameters: generated, current, complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.parameters import allowed_text, list_parameters, parameters_text

ROOT = Path(__file__).resolve().parents[1]


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
