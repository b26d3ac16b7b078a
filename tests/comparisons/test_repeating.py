"""How a comparison says it can be done again: words that a shell and Python read back."""

import shlex
from types import SimpleNamespace

from experiments.comparisons.repeating import ways_to_repeat
from experiments.words.composition import compose_mapping


def found_by(command):
    hub = ("regime=aligned", "interventions=[outreach,work_trial]")
    arms = (
        SimpleNamespace(name="hub", overrides=hub),
        SimpleNamespace(name="none", overrides=("regime=none",)),
    )
    for arm in arms:
        arm.config = SimpleNamespace(people_per_agent=10)
    return SimpleNamespace(facts={"command": command}, arms=arms, baseline="none", seeds=(1, 2))


COMMAND = (
    "pathfinder compare compare=own area=two_towns 'arms.none=[regime=none]'"
    " 'arms.hub=[regime=aligned,\"interventions=[outreach,work_trial]\"]' output=results/x --plan"
    " baseline=none seeds=2"
)


def test_two_arms_alone_are_a_command_that_means_them():
    ways = ways_to_repeat(found_by(COMMAND))
    typed = shlex.split(" ".join(["compare=own", *ways["arms"], ways["common"]]))
    mapping = compose_mapping("compare", typed)
    assert mapping["arms"]["hub"] == ["regime=aligned", "interventions=[outreach,work_trial]"]
    assert list(mapping["arms"]) == ["none", "hub"]
    assert mapping["seeds"] == [1, 2] and mapping["people_per_agent"] == 10
    assert mapping["area"]["name"] == "two_towns"


def test_python_is_told_what_was_compared_and_not_where_it_was_put():
    lines = dict(ways_to_repeat(found_by(COMMAND))["lines"])
    assert lines["On a command line"] == COMMAND
    asked = []
    source = lines["In Python"].partition("\n\n")[2].partition("\nfound.")[0]
    exec(source, {"compare": asked.append})
    (words,) = asked
    assert "compare=own" in words and "seeds=2" in words and "baseline=none" in words
    assert not [word for word in words if word.startswith(("output", "--"))]


def test_a_call_from_python_is_not_given_as_a_command():
    ways = ways_to_repeat(found_by("experiments.compare"))
    assert [label for label, _ in ways["lines"]] == ["Read it in Python, in this folder"]
    assert "arms" not in ways
