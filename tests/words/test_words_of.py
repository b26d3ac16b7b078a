"""Words given in Python are read one way by `configure`, `ask` and `compare`."""

from __future__ import annotations

import pytest

from experiments import ask, compare, configure
from experiments.words.check import words_of
from simulation import simulate
from simulation.errors import InputError


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("area=two_towns", "weeks=52"), ["area=two_towns", "weeks=52"]),
        (("area=two_towns weeks=52",), ["area=two_towns", "weeks=52"]),
        ((["area=two_towns", "weeks=52"], "seed=3"), ["area=two_towns", "weeks=52", "seed=3"]),
        (("weeks=52 area.folder='my area'",), ["weeks=52", "area.folder=my area"]),
        (("area.folder=my area",), ["area.folder=my area"]),
        (("area.folder=O'Brien",), ["area.folder=O'Brien"]),
        (("wards=['Canal Side']",), ["wards=['Canal Side']"]),
        (("arms.a=[economy=steady, weeks=9]",), ["arms.a=[economy=steady, weeks=9]"]),
        (("",), []),
        ((), []),
    ],
)
def test_a_text_of_several_words_is_parted_and_any_other_is_one(given, words):
    assert words_of(*given) == words


def test_the_same_text_makes_the_same_configuration_however_it_is_given():
    text = "area=two_towns weeks=52 hiring=random"
    assert configure(text) == configure(text.split()) == configure(*text.split())


@pytest.mark.parametrize(
    "call",
    [
        lambda: configure(52),
        lambda: configure(None),
        lambda: configure({"weeks": 52}),
        lambda: ask(["area=two_towns", 3]),
        lambda: compare(3, {"a": "hiring=random"}),
        lambda: compare((), {"a": None}),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(call):
    with pytest.raises(InputError) as error:
        call()
    [line] = error.value.problems
    assert "words must be text, such as 'area=two_towns weeks=52', or a list of words" in line


def test_arms_must_have_names_and_a_run_a_configuration():
    with pytest.raises(InputError, match="arms: must be words by name"):
        compare((), ["hiring=random"])
    with pytest.raises(InputError, match="arm 1: a name has letters"):
        compare((), {1: "hiring=random"})
    with pytest.raises(InputError, match="config must be a Config, got str area=two_towns"):
        simulate("area=two_towns", 1)


@pytest.mark.parametrize("wrong", [{"seeds": [2**63]}, {"launcher": "fast"}])
def test_what_is_wrong_with_settings_is_told_without_a_word_about_the_baseline(wrong):
    with pytest.raises(InputError) as error:
        compare("area=two_towns", {"a": "hiring=random", "b": "hiring=ranking"}, **wrong)
    [line] = error.value.problems
    assert "from 0 to 9223372036854775807" in line or "fast" in line
