"""A path of demand of one's own is never called what a shipped one is."""

import pytest

from experiments import configure
from simulation.config.labour_market import ECONOMIES, EconomyConfig
from simulation.inputs.shipped import shipped_names
from simulation.report.interactive.premises import ECONOMIES as IN_WORDS


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((), "recession_2008"),
        (("economy=deep",), "deep"),
        (("economy.file=my_recession.csv",), "my_recession"),
        (("economy=deep", "economy.file=tables/boom.csv"), "boom"),
        (("economy.file=my_recession.csv", "economy.name=mine"), "mine"),
        (("economy=deep", "economy.name=slump"), "slump"),
        (("economy.file=long.csv",), "long"),
        (("economy.file=tables/recession_2008.csv",), "own_recession_2008"),
    ],
)
def test_its_name_follows_its_file_where_none_is_given(words, name):
    assert configure(*words).economy.name == name


def test_every_shipped_path_is_known_and_has_its_words():
    shipped = shipped_names("economy", suffix=".csv")
    assert {*shipped} == {*ECONOMIES} == {*IN_WORDS}
    assert [EconomyConfig(file=f"{name}.csv").shipped for name in shipped] == [*shipped]
    assert EconomyConfig(file="tables/deep.csv").shipped is None
