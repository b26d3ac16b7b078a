"""The path of pay in general: read, rebased, refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from simulation.config import Config
from simulation.errors import InputError
from simulation.inputs.pay import pay_index_of

TABLE = "date,index\n2006-01-01,50\n2007-01-01,100\n2008-01-01,80\n"


def config_with(path: Path, text: str, **values) -> Config:
    path.write_text(text, encoding="utf-8")
    settings = {"start": date(2006, 7, 2), "weeks": 30, **values}
    return Config().replace(employers={"pay_path": str(path)}, **settings)


def test_index_is_straight_between_points_and_one_on_the_first_day(tmp_path: Path) -> None:
    index = pay_index_of(config_with(tmp_path / "pay.csv", TABLE))
    first = 50 + 50 * 182 / 365
    assert index[0] == 1.0
    assert index[10] == pytest.approx((50 + 50 * 252 / 365) / first, rel=1e-12)
    assert index[29] == pytest.approx((100 - 20 * 20 / 365) / first, rel=1e-12)


def test_without_a_table_pay_stays() -> None:
    index = pay_index_of(Config().replace(employers={"pay_path": None}, weeks=3))
    np.testing.assert_array_equal(index, 1.0)


def test_shipped_path_covers_what_the_rules_of_benefits_do() -> None:
    index = pay_index_of(Config().replace(weeks=309))
    assert index.size == 309 and 1.1 < index[-1] < 1.2


def test_a_run_that_leaves_the_table_holds_on_only_if_told_to(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"pay_path .* ends on 2008-01-01, before the run's last"):
        pay_index_of(config_with(tmp_path / "pay.csv", TABLE, weeks=200))
    held = pay_index_of(config_with(tmp_path / "pay.csv", TABLE, weeks=200, beyond="hold"))
    assert held[-1] == held[100]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date,index\n2006-01-01,0\n", "row 2, column index: 0; must be a number from 0.001"),
        ("date,index\n2007-01-01,1\n2006-01-01,1\n", "row 3, column date: dates must increase"),
        ("date,pay\n2006-01-01,1\n", "index"),
    ],
)
def test_a_bad_table_is_named_row_by_row(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as raised:
        pay_index_of(config_with(tmp_path / "pay.csv", text))
    assert says in str(raised.value)


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"pay file 'no.csv' is not there.*average_earnings"):
        pay_index_of(Config().replace(employers={"pay_path": "no.csv"}))
