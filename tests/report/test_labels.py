"""What places and regimes are called where a mayor reads."""

from pathlib import Path

import pytest

from simulation.report.labels import (
    ABOUT_REGIMES,
    REGIMES,
    area_label,
    arm_about,
    arm_label,
    arm_labels,
    stream_label,
)

CONF = Path(__file__).parents[2] / "conf"


@pytest.mark.parametrize("folder", sorted(path.stem for path in (CONF / "area").glob("*.yaml")))
def test_every_shipped_area_has_a_name_a_mayor_reads(folder):
    assert "_" not in area_label(folder) and area_label(folder).lower() != folder


def test_every_shipped_regime_is_said_in_words():
    shipped = {path.stem for path in (CONF / "regime").glob("*.yaml")}
    assert shipped == set(REGIMES) == set(ABOUT_REGIMES)


def test_an_area_of_ones_own_is_called_by_its_folder():
    assert area_label("tables/my_city") == "My city"


def test_an_arm_is_called_after_the_regime_it_is_named_for():
    assert arm_label("no_support", ["regime=none"]) == "no support"
    assert arm_label("aligned", ["regime=aligned", "funding=double"]) == "aligned funding"
    assert arm_about("aligned", ["regime=aligned", "funding=double"]).endswith("funding=double.")
    assert "Besides" not in arm_about("aligned", ["regime=aligned"])


def test_an_arm_named_otherwise_or_wrongly_keeps_its_name():
    assert arm_label("twice_the_money", ["funding=double"]) == "twice the money"
    assert arm_label("pooled", ["regime=aligned"]) == "pooled"
    assert arm_about("pooled", ["regime=aligned"]) == "regime=aligned"


def test_streams_are_said_in_words():
    assert stream_label("lsc_esf_cofinancing") == "LSC ESF cofinancing"
    assert stream_label("train_to_gain") == "train to gain"


def test_arms_that_would_be_called_alike_keep_their_names():
    arms = [{"name": name, "overrides": []} for name in ("none", "no_support", "my_own")]
    called = arm_labels(arms)
    assert called == {"none": "none", "no_support": "no_support", "my_own": "my own"}
