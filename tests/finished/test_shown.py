"""A finished run at a glance: its lines, its table in a notebook, its pictures."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from simulation import InputError
from simulation.finished.shown import SHOWN
from simulation.report.figures.of_a_run import OF_MONTHS, OF_SUPPORT
from simulation.results.provision import provision


def test_a_run_says_in_a_few_lines_what_it_is_and_where_it_ends(supported):
    lines = repr(supported).splitlines()
    assert len(lines) <= 6
    text, last = "\n".join(lines), supported.table().iloc[-1]
    assert "two_towns, seed 1" in text
    assert "60 weeks, 1 May 2006 to 24 June 2007" in text
    assert "regime aligned with outreach" in text
    assert "4,000, one agent for 2 people" in text
    share, jsa, long = re.search(
        r"([\d.]+) per cent in work, ([\d,]+) claim JSA, ([\d,]+) unemployed", text
    ).groups()
    assert float(share) == pytest.approx(100 * last["employed"] / last["residents"], abs=0.05)
    assert float(jsa.replace(",", "")) == last["jsa"]
    assert float(long.replace(",", "")) == last["workless_over_12_months"]


def test_a_run_without_support_says_so(run):
    assert "no support" in repr(run)
    assert "one agent for each" in repr(run)


def test_a_notebook_shows_what_a_terminal_does_and_the_last_months(run):
    cells = [cell for _, cell in re.findall(r"<(t[hd])[^>]*>(.*?)</\1>", run._repr_html_())]
    for line in repr(run).splitlines():
        assert re.split(r"  +", line)[1] in cells
    last = run.table()[list(SHOWN)].tail(6)
    expected = [
        cell
        for date, row in last.iterrows()
        for cell in (f"{date:%B %Y}", *(f"{value:,.0f}" for value in row))
    ]
    assert cells[-len(expected) :] == expected


def test_a_name_of_the_users_own_is_only_text_in_a_notebook(run):
    own = run.config.replace(area={"folder": "areas/<b>towns & co"})
    shown = replace(run, config=own)._repr_html_()
    assert "&lt;b&gt;towns &amp; co" in shown
    assert "<b>" not in shown


def lines_of(figure: Figure) -> list[np.ndarray]:
    return [np.asarray(line.get_ydata()) for line in figure.axes[0].lines]


def test_a_run_is_drawn_as_its_claimants(run):
    table, drawn = run.table(), lines_of(run.plot())
    for benefit in ("jsa", "ib_esa", "lone_parent", "other_benefit"):
        assert any(np.array_equal(line, table[benefit]) for line in drawn), benefit


def test_a_life_is_drawn_from_the_first_day_to_the_last(run):
    person = int(run.events["person"].mode()[0])
    figure = run.plot_person(person)
    bars = [bar for each in figure.axes[0].containers for bar in each]
    assert len(bars) == len(run.person(person)) + 1
    assert sum(bar.get_width() for bar in bars) == pytest.approx(7 * run.config.weeks)
    assert f"{len(bars) - 1} changes" in figure.get_suptitle()


def test_support_is_drawn_in_people_and_pounds_of_the_area(supported):
    engaged = (supported.support("clients")["event"] == "engaged").sum() * 2
    assert f"of {engaged} engaged" in supported.plot("journey").get_suptitle()
    unmet = provision(supported.support("coverage"))["unmet"].sum()
    assert f"Unmet need is {unmet:,.0f} starts" in supported.plot("unmet").get_suptitle()


@pytest.mark.parametrize("name", [*OF_MONTHS, *OF_SUPPORT])
def test_every_picture_names_the_regime_and_shows_itself_in_a_notebook(supported, name):
    figure = supported.plot(name)
    assert "aligned" in " ".join(text.get_text() for text in figure.findobj(match=has_text))
    assert figure._repr_png_().startswith(b"\x89PNG")


def has_text(artist: object) -> bool:
    return hasattr(artist, "get_text")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("claimants", "no picture 'claimants' of a run; did you mean claimant_counts"),
        ("journey", "journey is a picture of support, and the run had none"),
    ],
)
def test_a_picture_the_run_does_not_have_is_refused(run, name, message):
    with pytest.raises(InputError, match=message):
        run.plot(name)


def test_a_run_is_read_without_what_draws_or_simulates():
    words = (
        "import sys, simulation.finished.run;"
        " print(sorted({'matplotlib', 'numba', 'mesa', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
