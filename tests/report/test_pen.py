"""How numbers, times and lists are written, once for console, report and study."""

import numpy as np
import pandas as pd
import pytest

from simulation.report.pen import (
    MINUS,
    POUND,
    about,
    alike,
    amount,
    decimal,
    disk_size,
    duration,
    figure,
    listed,
    measured,
    number,
    percent,
    places_for,
    plain,
    plural,
    span,
    tick,
    value_text,
)
from simulation.results.outcomes import BY_NAME, label_of


def read(text):
    """Read a number back as a reader does."""
    scale = 1e6 if "million" in text else 1.0
    return scale * float(text.replace(MINUS, "-").replace(",", "").split()[0])


@pytest.mark.parametrize("value", [0.0, 0.12345, -1234.5, 2_345_678.0, 61.4e6, -3.2e-7])
def test_a_number_has_three_figures_and_reads_back_to_them(value):
    text = number(value)
    assert read(text) == pytest.approx(value, rel=0.005, abs=1e-8)
    assert "-" not in text or value > 0 or "e-" in text
    assert len(text.split(" ")[0].split("e")[0].strip(f"{MINUS}0.,").replace(".", "")) <= 5


def test_what_is_missing_is_nothing():
    nan = float("nan")
    written = [
        number(nan), decimal(nan, 2), figure(nan, "people"), amount(nan, "GBP"), percent(nan),
        span(nan, 1.0), span(0.0, float("inf")), measured(nan, nan, nan, unit="weeks"),
        value_text(None), value_text(nan), value_text(pd.NaT),
    ]  # fmt: skip
    assert set(written) == {""}
    assert alike(np.array([70.123, 73.5, nan])) == ["70.1", "73.5", ""]


@pytest.mark.parametrize(("low", "high"), [(1108.0, 3908.0), (0.21, 0.29), (-4e6, -1e6), (-9, 11)])
def test_an_interval_says_how_precisely_its_number_is_written(low, high):
    middle = (low + high) / 2
    half = (high - low) / 2
    text = figure(middle, within=(low, high))
    # The last place is at most a third of the half width, at least a thirtieth of it.
    last = 10.0 ** -places_for(low, high)
    assert half / 30 <= last <= half / 3 * 1.01
    assert read(text) == pytest.approx(middle, abs=0.51 * last)
    ends = span(low, high)
    assert [read(end + " million" * ("million" in ends)) for end in ends.split(" to ")] == (
        pytest.approx([low, high], abs=0.51 * last)
    )


def test_a_number_comes_with_its_unit_and_interval():
    assert measured(2508.2, 1108, 3908, unit="people") == "2,500 people (1,100 to 3,900)"
    assert measured(6360, 5100, 7600, unit="GBP") == f"{POUND}6,400 (5,100 to 7,600)"
    assert measured(-3.1e7, -3.4e7, -2.8e7, unit="GBP") == (
        f"{MINUS}{POUND}31 million ({MINUS}34 to {MINUS}28)"
    )
    assert measured(0.62, 0.50, 0.74, unit="per cent", signed=True) == "+0.62% (+0.50 to +0.74)"
    assert measured(71.0, 71.0, 71.0, unit="per cent") == amount(71.0, "per cent") == "71.00%"
    assert plain(amount(-1.2e6, "GBP")) == "-GBP 1.20 million"


def test_without_an_interval_people_and_pounds_are_whole():
    assert [figure(61_432.4, unit) for unit in ("people", "GBP", "starts a year")] == ["61,432"] * 3
    assert figure(1_554_321, "people") == "1.55 million"
    assert figure(12.345, "weeks") == "12.3"
    assert figure(12.345, "ratio") == "12.3" and figure(0.012345) == "0.0123"


def test_what_rounds_to_zero_has_no_sign():
    assert decimal(-0.004, 2, signed=True) == decimal(0.004, 2, signed=True) == "0.00"
    assert alike(np.array([-0.004, 14.0])) == ["0", "14"]
    assert percent(0.0002) == "0%" and tick(-0.0) == "0"
    assert decimal(0.5, 1, signed=True) == "+0.5" and decimal(-0.5, 1) == f"{MINUS}0.5"


def test_counts_in_sentences_are_whole_and_to_three_figures():
    assert [about(n) for n in (0, 7, 123.4, 12_345, 987_654, 1_234_567)] == [
        "0", "7", "123", "12,300", "988,000", "1.23 million",
    ]  # fmt: skip


def test_small_shares_keep_a_place():
    assert [percent(share) for share in (0.65, 0.04, -0.3)] == ["65%", "4.0%", f"{MINUS}30%"]


def test_times_and_sizes_have_no_more_than_two_units():
    seconds = (0.02, 2.34, 41.2, 60, 200, 1000, 3661, 7500, 100_000)
    assert [duration(s) for s in seconds] == [
        "under 0.1 seconds", "2.3 seconds", "41 seconds", "1 minute", "3 minutes 20 seconds",
        "16 minutes", "1 hour 1 minute", "2 hours 5 minutes", "27 hours",
    ]  # fmt: skip
    assert [disk_size(n) for n in (3, 340_000, 12e6, 1.4e9)] == [
        "1 kB",
        "340 kB",
        "12.0 MB",
        "1.4 GB",
    ]


def test_lists_and_counts_read_as_words():
    assert [listed(list(names)) for names in ("", "a", "ab", "abc")] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
    assert listed(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"
    assert [plural(n, "seed") for n in (0, 1, 1000)] == ["0 seeds", "1 seed", "1,000 seeds"]


def test_values_of_parameters_are_short():
    inf, day = float("inf"), pd.Timestamp("2008-09-01")
    values = (True, 2.0, -0.5, 0.123456, 12_345.6, inf, 2008, "two\nlines", day)
    assert [value_text(value) for value in values] == [
        "yes", "2", f"{MINUS}0.5", "0.1235", "12,346", "inf", "2008", "two lines", "2008-09-01",
    ]  # fmt: skip


def test_outcomes_are_called_what_the_registry_says():
    assert all(label_of(outcome.name) == outcome.label for outcome in BY_NAME.values())
    assert label_of("cost_per_smile") == "Cost per smile"


def test_a_number_that_begins_with_one_or_two_and_is_not_nought_has_two_figures():
    assert amount(25_237, "GBP", within=(10_000, 90_000)) == "\N{POUND SIGN}25,000"
    assert measured(1_340, 600, 1_600) == "1,300 (600 to 1,600)"
    assert figure(63.3, within=(10, 90)) == "60"
    assert figure(25_237, within=(-10_000, 90_000)) == "30,000"  # may be nought


def test_an_interval_of_rounding_alone_is_none():
    ends = (7.875000000030937, 7.875000000030938)
    assert measured(ends[0], *ends) == "7.88"
    assert places_for(*ends) is None
