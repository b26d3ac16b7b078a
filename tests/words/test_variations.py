"""Variations of a base configuration are what Hydra would have composed, in less time."""

from __future__ import annotations

import time

import pytest
from hydra.core.config_store import ConfigStore
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from experiments.words.choices import choices_of
from experiments.words.composition import compose_mapping
from experiments.words.variations import Variations, flat, nested
from simulation.config import Config
from simulation.errors import InputError

BASE = ("area=two_towns", "weeks=9", "hiring=random", "interventions.outreach.places=7")
DEFAULTS = Config().model_dump(mode="json")

numbers = st.floats(0, 5, allow_nan=False).map(lambda value: round(value, 3))
one_choice = st.sampled_from(
    [
        (group, name)
        for group in (
            "economy",
            "hiring",
            "regime",
            "partnership",
            "strength",
            "funding",
            "providers",
        )
        for name in choices_of(group)
    ]
).map("=".join)
several = st.lists(
    st.sampled_from(choices_of("interventions")), max_size=4, unique=True
).map(lambda names: f"interventions=[{','.join(names)}]")  # fmt: skip
values = st.one_of(
    numbers.map(lambda value: f"hiring.strength={value}"),
    st.sampled_from(["hiring.strength=.inf", "hiring.strength=inf", "+hiring.strength=1"]),
    st.integers(1, 9).map(lambda value: f"seed={value}"),
    st.lists(numbers, min_size=5, max_size=5).map(lambda given: f"hiring.attitude={given}"),
    st.sampled_from(["start=2007-01-01", "start='2007-01-01'", "output=a/b", "economy.file=null"]),
    st.sampled_from(["economy.events=[{week: 3, kind: closure}]", "weeks=${seed}", "events=true"]),
    st.sampled_from(["interventions.outreach={places: 3}", "interventions.outreach.places=5"]),
    st.sampled_from(["partnership.behaviours={a: independent}", "partnership.behaviours={}"]),
)
words = st.lists(
    st.one_of(one_choice, several, values),
    max_size=5,
    unique_by=lambda word: word.partition("=")[0],
)


@pytest.fixture(scope="module")
def base():
    return Variations("run", BASE)


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(given=words)
def test_whatever_is_varied_is_what_hydra_composes(base, given):
    composed = compose_mapping("run", [*BASE, *given])
    assert base.values(given) == flat(composed)
    model = {key: value for key, value in composed.items() if key in DEFAULTS}
    whole = nested({**flat(DEFAULTS), **base.changes(given)})
    assert Config.from_mapping(whole) == Config.from_mapping(model)
    others = {key: value for key, value in composed.items() if key not in DEFAULTS}
    assert base.settings(given) == others


def test_what_is_default_is_no_change():
    base = Variations("run")
    assert base.changes() == {}
    assert base.changes(["hiring.strength=1.0", "economy=recession_2008", "seed=4"]) == {}
    assert base.changes(["hiring.strength=2"]) == {"hiring.strength": 2}


def test_a_choice_put_over_the_base_says_also_what_is_default_again():
    base = Variations("run", ["regime=pooled", "weeks=9"])
    changes = base.changes()
    assert changes == {"regime.name": "pooled", "regime.start_up_weeks": 52, "weeks": 9}
    assert base.choice("regime", "none") == {
        "regime.name": DEFAULTS["regime"]["name"],
        "regime.start_up_weeks": DEFAULTS["regime"]["start_up_weeks"],
    }
    assert base.choice("interventions", ["outreach", "work_trial"]) == {
        "interventions.outreach.active": True,
        "interventions.work_trial.active": True,
    }


def test_a_parameter_whose_keys_are_free_text_is_one_value():
    behaviours = {"St. Mary's": "independent"}
    assert flat({"partnership": {"behaviours": behaviours, "trust": 0.5}}) == {
        "partnership.behaviours": behaviours,
        "partnership.trust": 0.5,
    }


@given(
    st.recursive(
        st.integers() | st.lists(st.integers()) | st.just({}),
        lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    ).filter(lambda value: isinstance(value, dict))
)
def test_nested_undoes_flat(mapping):
    assert nested(flat(mapping)) == mapping


@pytest.mark.parametrize("given", [["hiring=wide", "economy=deep"], ["economy=deep", "weeks=5"]])
def test_choices_that_reach_beyond_their_group_are_composed_together(given):
    node = {"hiring": {"rule": "stigma"}, "economy": {"name": "mine"}, "weeks": 3}
    ConfigStore.instance().store(group="hiring", name="wide", node=node, package="_global_")
    base = Variations("run", ["hiring=random" if "hiring=wide" in given else "hiring=wide"])
    values = base.values(given)
    assert values == flat(compose_mapping("run", [*base.words, *given]))
    assert (values["economy.name"], values["economy.file"]) == ("mine", "deep.csv")
    assert values["weeks"] == (3 if "hiring=wide" in given else 5)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("hiring.strenght=1", r"hiring\.strenght"),
        ("hiring=rankng", "rankng"),
        ("hiring.strength", "hiring.strength"),
        ("seed=${nothing}", "nothing"),
    ],
)
def test_a_word_that_cannot_be_used_is_one_line(base, word, said):
    with pytest.raises(InputError, match=said) as caught:
        base.changes([word])
    assert len(caught.value.problems) == 1


def test_a_thousand_variations_take_less_than_one_composition_does_ten_times(base):
    began = time.process_time()
    compose_mapping("run", BASE)
    once = time.process_time() - began
    base.changes(["hiring=stigma", "economy=deep"])
    began = time.process_time()
    for number in range(1000):
        base.changes(["hiring=stigma", "economy=deep", f"hiring.strength={number}", "seed=1"])
    assert time.process_time() - began < 10 * once
