"""Factors: values from the unit interval, settings from YAML or words, every problem at once."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.studies.factor_checks import factors_from
from experiments.studies.factors import Factor
from experiments.studies.settings import StudySettings
from experiments.words.composition import read_settings
from experiments.words.variations import Variations
from simulation.config import Config
from simulation.errors import InputError

U = (np.arange(10_000) + 0.5) / 10_000
SMALL = ("area=two_towns", "weeks=26")


def settings_of(**values):
    return read_settings({"outcomes": ["employment_rate_end"], **values}, StudySettings)


def factors_of(factors, **values):
    return factors_from(settings_of(factors=factors, **values), variations=variations())


def problems_of(factors, **values):
    with pytest.raises(InputError) as caught:
        factors_of(factors, **values)
    return caught.value.problems


_VARIATIONS = {}


def variations():
    if "run" not in _VARIATIONS:
        _VARIATIONS["run"] = Variations("run", SMALL)
    return _VARIATIONS["run"]


# What a number of the unit interval means


def test_a_number_spreads_evenly_from_low_to_high_both_included():
    factor = Factor("x", "number", 1.0, low=-1.0, high=3.0)
    values = factor.values(np.array([0.0, 0.25, 1.0]))
    assert values == [-1.0, 0.0, 3.0]
    assert np.mean(factor.values(U)) == pytest.approx(1.0)


def test_a_logarithmic_number_has_its_median_at_the_geometric_mean():
    factor = Factor("x", "number", 2.0, low=1.0, high=100.0, distribution="log_uniform")
    assert factor.values(np.array([0.0, 0.5, 1.0])) == pytest.approx([1.0, 10.0, 100.0])


def test_a_triangular_number_has_the_mean_of_its_three_corners():
    factor = Factor("x", "number", 2.0, low=0.0, high=10.0, distribution="triangular")
    assert np.mean(factor.values(U)) == pytest.approx((0.0 + 2.0 + 10.0) / 3.0, abs=1e-3)


def test_every_whole_number_has_the_same_chance():
    values, counts = np.unique(Factor("x", "whole", 3, low=2, high=6).values(U), return_counts=True)
    assert values.tolist() == [2, 3, 4, 5, 6]
    assert counts.tolist() == [2000] * 5


def test_every_choice_has_the_same_chance_and_the_ends_are_choices():
    factor = Factor("hiring", "choice", "a", choices=("a", "b", "c"))
    assert [factor.values(np.array([end]))[0] for end in (0.0, 0.5, 1.0)] == ["a", "b", "c"]
    values, counts = np.unique(factor.values(U), return_counts=True)
    assert counts.max() - counts.min() <= 1 and len(values) == 3


@pytest.mark.parametrize(
    "factor",
    [
        Factor("x", "number", 1.0, low=-1.0, high=3.0),
        Factor("x", "number", 2.0, low=1.0, high=100.0, distribution="log_uniform"),
        Factor("x", "number", 2.0, low=0.0, high=10.0, distribution="triangular"),
        Factor("x", "whole", 3, low=2, high=6),
        Factor("x", "levels", 3, choices=(1, 2, 5)),
        Factor("x", "choice", "a", choices=("a", "b")),
    ],
    ids=lambda factor: f"{factor.kind} {factor.distribution}",
)
def test_places_and_values_undo_one_another(factor):
    values = factor.values(U)
    assert factor.values(factor.places(values)) == values


def test_values_are_what_json_has():
    assert type(Factor("x", "whole", 3, low=2, high=6).values(U)[0]) is int
    assert type(Factor("x", "number", 3.0, low=2, high=6).values(U)[0]) is float


def test_a_multiple_multiplies_every_value_of_its_list():
    (factor,) = factors_of({"hiring.attitude": {"low": 0, "high": 2}})
    base = Config().hiring.attitude
    assert factor.kind == "multiple" and factor.default == 1.0
    changed = factor.changes(0.5, None)["hiring.attitude"]
    assert changed == pytest.approx([0.5 * value for value in base])


def test_a_multiple_multiplies_the_list_of_the_base_not_that_of_the_code():
    base = {"hiring.attitude": [0.0, -1.0, -2.0, -3.0, -4.0]}
    (factor,) = factors_from(settings_of(factors={"hiring.attitude": {}}), base=base)
    assert factor.changes(0.5, None)["hiring.attitude"] == [0.0, -0.5, -1.0, -1.5, -2.0]


def test_a_choice_changes_what_its_file_says():
    (factor,) = factors_of({"hiring": ["ranking", "stigma"]})
    assert factor.kind == "choice" and factor.default == "ranking"
    assert factor.changes("stigma", variations()) == {"hiring.rule": "stigma"}
    assert factor.changes("ranking", variations()) == {}


# What is said of factors


def test_bounds_and_distribution_come_from_the_table_of_parameters():
    strength, half_life = factors_of({"hiring.strength": {}, "people.half_life_weeks": None})
    assert (strength.low, strength.high, strength.distribution) == (0.0, 3.0, "uniform")
    assert (half_life.low, half_life.high) == (52.0, 260.0)
    assert half_life.distribution == "log_uniform" and half_life.unit == "weeks"


def test_a_mechanism_without_values_takes_all_choices():
    (factor,) = factors_of({"hiring": {}})
    assert factor.choices == ("random", "ranking", "screening", "stigma", "stock_flow")


def test_a_truth_value_without_values_takes_both():
    (factor,) = factors_of({"interventions.outreach.active": {}})
    assert factor.kind == "levels" and factor.choices == (False, True)
    assert factor.is_categorical


def test_a_list_of_numbers_are_levels_with_an_order():
    (factor,) = factors_of({"funding.scale": [0.5, 1, 2]})
    assert factor.kind == "levels" and factor.choices == (0.5, 1, 2)
    assert not factor.is_categorical


def test_the_words_of_the_command_line_say_the_same_as_the_mapping():
    words = [
        "hiring.strength",
        "search.full_duty:0.1..0.3",
        "journey.wait_weeks:4..12:uniform",
        "hiring:random|ranking",
        "interventions.outreach.active:false|true",
        "partnership.default_behaviour:independent|full_pooling",
    ]
    mapping = {
        "hiring.strength": {},
        "search.full_duty": {"low": 0.1, "high": 0.3},
        "journey.wait_weeks": {"low": 4, "high": 12, "distribution": "uniform"},
        "hiring": ["random", "ranking"],
        "interventions.outreach.active": [False, True],
        "partnership.default_behaviour": ["independent", "full_pooling"],
    }
    assert settings_of(chosen_factors=words).factors == settings_of(factors=mapping).factors
    assert factors_of({}, chosen_factors=words) == factors_of(mapping)


def test_negative_bounds_can_be_written_as_a_word():
    said = settings_of(chosen_factors=["hiring.reservation:-1..-0.5"]).factors
    assert (said["hiring.reservation"].low, said["hiring.reservation"].high) == (-1.0, -0.5)


def test_chosen_factors_replace_the_others_and_keep_what_the_study_says_of_them():
    study = {"hiring.strength": {"low": 0, "high": 9}, "search.full_duty": {}}
    chosen = settings_of(factors=study, chosen_factors=["hiring.strength", "funding.scale"])
    assert list(chosen.factors) == ["hiring.strength", "funding.scale"]
    assert chosen.factors["hiring.strength"].high == 9


def test_one_setting_of_one_factor_can_be_changed_by_a_nested_key():
    given = {"hiring.strength": {"low": 0.5, "high": 2}, "hiring": {"strength": {"high": 5}}}
    said = settings_of(factors=given).factors
    assert list(said) == ["hiring.strength"]
    assert (said["hiring.strength"].low, said["hiring.strength"].high) == (0.5, 5)


# Bad input


def test_every_problem_is_reported_at_once():
    lines = problems_of(
        {
            "hiring.strenght": {},
            "search": {},
            "search.full_duty": {"low": 0.3, "high": 0.1},
            "search.own_sector": {"low": 0.5, "high": 1.5},
            "weeks": {},
            "hiring": ["ranking", "stigmata"],
            "economy.name": {},
            "interventions": {},
        }
    )
    expected = [
        ("hiring.strenght is not a parameter", "hiring.strength"),
        ("search is a group of parameters", "search.rounds"),
        ("search.full_duty: low must be below high, got low 0.3 and high 0.1",),
        ("high 1.5: search.own_sector", "less than or equal to 1"),
        ("weeks: has no plausible range", "low"),
        ("hiring: stigmata is no such choice", "stigma"),
        ("economy.name: is no number",),
        ("interventions: any number", "interventions.outreach.active:false|true"),
    ]
    assert len(lines) == len(expected)
    for line, parts in zip(lines, expected, strict=True):
        assert line.startswith("factors: ")
        assert all(part in line for part in parts), line


@pytest.mark.parametrize(
    ("factors", "part"),
    [
        ({"hiring": {"low": 0, "high": 1}}, "is a choice, not a number"),
        ({"hiring.strength": {"low": 0, "high": float("inf")}}, "must be finite"),
        ({"hiring.strength": {"distribution": "log_uniform"}}, "log_uniform needs low above 0"),
        (
            {"hiring.strength": {"low": 2, "high": 3, "distribution": "triangular"}},
            "peak at the base's value 1",
        ),
        ({"journey.wait_weeks": {"low": 1.5, "high": 4}}, "takes whole numbers"),
        ({"funding.scale": [1]}, "at least two values"),
        ({"funding.scale": [1, 1, 2]}, "each value once"),
        ({"funding.scale": [1, -2]}, "value -2: funding.scale"),
        ({"funding.scale": {"values": [1, 2], "low": 0}}, "not both"),
        ({"journey.progression": {"low": 0.5, "high": 1.5}}, "high 1.5: journey.progression"),
        ({}, "there are none"),
    ],
    ids=str,
)
def test_what_a_factor_cannot_be_is_said_in_one_line(factors, part):
    (line,) = dict.fromkeys(line for line in problems_of(factors) if part in line)
    assert line.startswith("factors: ")


def test_settings_refuse_an_unknown_distribution_and_an_unknown_key():
    with pytest.raises(InputError) as caught:
        settings_of(factors={"hiring.strength": {"distribution": "normal"}})
    assert "uniform" in str(caught.value)
    with pytest.raises(InputError) as caught:
        settings_of(most_seeds=2, seeds=4)
    assert "most_seeds must be at least seeds 4" in str(caught.value)


def test_a_model_with_a_known_answer_brings_the_bounds_of_its_factors():
    (factor,) = factors_of({"x1": {}}, model="ishigami")
    assert factor.values(np.array([0.0, 0.5, 1.0])) == pytest.approx([-np.pi, 0.0, np.pi])


def test_what_has_no_bounds_in_another_model_needs_them():
    lines = problems_of({"noise": {}, "noize": {}, "x1": {"high": 4}}, model="ishigami")
    assert "noise: has no plausible range" in lines[0]
    assert "noize is not a parameter; did you mean noise" in lines[1]
    assert (
        lines[2]
        == "factors: high 4: ishigami: x1 must be a number from -3.14159 to 3.14159, got 4.0"
    )


def test_words_for_what_is_no_choice_are_refused():
    said = {"hiring": {"value_labels": {"rankin": "by rank"}}}
    assert problems_of(said) == [
        "factors: hiring: value_labels: rankin is no such choice; did you mean ranking?"
    ]


def test_no_value_lies_beyond_its_range_however_it_is_rounded():
    factor = Factor("x", "number", 0.0, low=-np.pi, high=np.pi)
    assert factor.values(np.array([0.0, 1.0])) == [-np.pi, np.pi]
