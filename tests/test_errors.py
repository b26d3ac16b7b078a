"""An unknown name is answered with the nearest there are, or with all."""

from __future__ import annotations

from simulation.errors import did_you_mean

KNOWN = ("hiring.strength", "hiring.rule", "search.rounds", "study {1}")


def test_the_nearest_names_are_asked_for():
    assert did_you_mean("hiring.strenght", KNOWN, cutoff=0.7) == "did you mean hiring.strength?"


def test_a_parameter_is_known_by_the_last_part_of_its_name():
    assert did_you_mean("rounds", KNOWN) == "did you mean search.rounds?"


def test_where_none_is_near_all_are_named_whatever_signs_are_in_them():
    assert did_you_mean("xyz", KNOWN[2:]) == "there are search.rounds, study {1}"
    assert did_you_mean("xyz", ("{0}",), otherwise="allowed: {}") == "allowed: {0}"


def test_no_more_than_three_names_are_asked_for():
    names = [f"weeks{number}" for number in range(9)]
    assert did_you_mean("weeks", names).count(" or ") == 2
