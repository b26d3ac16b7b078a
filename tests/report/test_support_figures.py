"""Figures on support: their geometry and numbers read back, their words checked."""

import itertools

import numpy as np
import pandas as pd
import pytest
from frames import run_of, ward_table
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text
from report_frames import (
    ARMS,
    FUNDERS,
    REGIMES,
    additionality_frame,
    coverage_frame,
    journey_frame,
    partners_frame,
    spend_frame,
    waterfall_numbers,
)
from support_frames import support_frames
from test_figures import texts, visible

from simulation.errors import InputError
from simulation.report.figures.chosen import draw_wanted
from simulation.report.figures.costs import cost_per_job
from simulation.report.figures.estimates import estimate
from simulation.report.figures.helped import who_is_helped
from simulation.report.figures.journey import (
    JOB,
    SERVICES,
    STEPS,
    band_outline,
    flow_of,
    journey_sankey,
    parked_in,
    widest,
)
from simulation.report.figures.net_effect import NET, OTHER, gross_to_net, waterfall
from simulation.report.figures.participants import effects_over_time
from simulation.report.figures.partners import trust_over_time
from simulation.report.figures.places import by_ward, place_maps
from simulation.report.figures.sankey import STILL_THERE, lay_out
from simulation.report.figures.saving import figure_bytes
from simulation.report.figures.spending import money_by_year, spend_by_stream
from simulation.report.figures.style import A4_WIDTH
from simulation.report.figures.support_chosen import SupportTables, support_figures
from simulation.report.pen import number
from simulation.results.stage_flows import journey_flows

NOTE = "Each simulated person stands for 8 people."
WARDS = ward_table()
DRAWN = {
    "gross_to_net": lambda: gross_to_net(additionality_frame(), arms=ARMS, note=NOTE),
    "who_is_helped": lambda: who_is_helped(additionality_frame(), arms=ARMS, note=NOTE),
    "cost_per_job": lambda: cost_per_job(additionality_frame(), arms=ARMS, note=NOTE),
    "spend_by_stream": lambda: spend_by_stream(spend_frame(), arms=ARMS, note=NOTE),
    "money_by_year": lambda: money_by_year(spend_frame(), arms=ARMS, note=NOTE),
    "participants": lambda: effects_over_time(participants_frame(), arms=ARMS, note=NOTE),
    "trust_over_time": lambda: trust_over_time(partners_frame(), arms=ARMS, note=NOTE),
    "unmet": lambda: place_maps(coverage_frame(), WARDS, column="unmet", arms=ARMS, note=NOTE),
    "journey": lambda: journey_sankey(journey_frame(), arm="prime_contractor", note=NOTE),
}


HOSTILE = "$a$ ^2 {b} \\frac <i>c</i> %d _e & $"
"""Text that is markup somewhere: mathematics, HTML, formats."""


def test_names_of_users_are_drawn_as_they_are():
    names = {arm: f"{arm} {HOSTILE}" for arm in ARMS}
    frame = additionality_frame().assign(arm=lambda table: table["arm"].map(names))
    wards = WARDS.assign(
        name=lambda table: table["name"] + HOSTILE, district=lambda table: table["district"] + "$x"
    )
    coverage = coverage_frame()
    coverage = coverage.assign(arm=coverage["arm"].map(names))
    arms = list(names.values())
    for figure in (
        gross_to_net(frame, arms=arms, note=HOSTILE),
        place_maps(coverage, wards, column="unmet", arms=arms, note=HOSTILE),
    ):
        svg = figure_bytes(figure, "svg")
        drawn = " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")
        assert HOSTILE in drawn
        assert b"<i>c</i>" not in svg
        named = [text for text in figure.findobj(Text) if "$" in text.get_text()]
        assert named and not any(text.get_parse_math() for text in named)


def link_frame(*links):
    return pd.DataFrame(links, columns=["source", "target", "people"])


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_leaves_the_page_or_covers_other_text(name):
    figure = DRAWN[name]()
    assert figure.get_figwidth() == A4_WIDTH
    assert figure.get_figheight() <= 9.7
    assert figure._supxlabel.get_text().replace("\n", " ").endswith(NOTE)
    boxes = texts(figure)
    assert all(box.height > 0 for _, box in boxes)
    for text, box in boxes:
        assert box.x0 >= -1 and box.x1 <= figure.bbox.width + 1, text
        assert box.y0 >= -1 and box.y1 <= figure.bbox.height + 1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 1 or up <= 2, f"{one!r} covers {other!r}"


def test_bars_of_a_journey_are_as_wide_as_what_enters_them():
    links = link_frame(("a", "b", 60.0), ("a", "job", 10.0), ("a", "lost", 30.0),
                       ("b", "job", 25.0), ("b", "lost", 20.0))  # fmt: skip
    flow = lay_out(links, steps=("a", "b", "job"), pivot="job")
    widths = {name: bar.width for name, bar in flow.bars.items()}
    assert widths == {"a": 100.0, "b": 60.0, "job": 35.0}
    assert [flow.bars[name].row for name in ("a", "b", "job")] == [0, 1, 2]
    ends = {(end.source, end.name): end.width for end in flow.ends}
    # 60 come into b, 25 and 20 leave it: 15 are still there.
    assert ends == {("a", "lost"): 30.0, ("b", "lost"): 20.0, ("b", STILL_THERE): 15.0}


@pytest.mark.parametrize("arm", REGIMES)
def test_slices_at_the_foot_of_a_bar_fill_it_without_gap_or_overlap(arm):
    flow = flow_of(journey_frame(), arm)
    for name, bar in flow.bars.items():
        slices = [(r.start, r.width) for r in flow.ribbons if r.source == name]
        slices += [(end.start, end.width) for end in flow.ends if end.source == name]
        edge = bar.left
        for start, width in sorted(slices):
            assert start == pytest.approx(edge)
            edge += width
        if slices:
            assert edge == pytest.approx(bar.left + bar.width)
        arrivals = sorted((r.end, r.width) for r in flow.ribbons if r.target == name)
        if arrivals:
            assert sum(width for _, width in arrivals) == pytest.approx(bar.width)
            assert arrivals[0][0] == pytest.approx(bar.left)


def test_lanes_to_a_job_lie_beside_each_other_and_clear_of_the_steps():
    flow = flow_of(journey_frame(), "pooled")
    lanes = sorted((r.lane, r.width) for r in flow.ribbons if r.lane is not None)
    assert [r.source for r in flow.ribbons if r.lane is not None] == list(STEPS[:3])
    for (lane, width), (following, _) in itertools.pairwise(lanes):
        assert lane + width == pytest.approx(following)
    assert lanes[-1][0] + lanes[-1][1] < 0
    assert flow.bars[JOB].left == pytest.approx(lanes[0][0])


def test_more_leaving_than_came_in_is_refused():
    with pytest.raises(InputError, match=r"70\.0 people leave b but only 60\.0 came in"):
        lay_out(link_frame(("a", "b", 60.0), ("b", "job", 70.0)), steps=("a", "b"), pivot="job")
    with pytest.raises(InputError, match="not negative"):
        lay_out(link_frame(("a", "b", -1.0)), steps=("a", "b"), pivot="job")
    with pytest.raises(InputError, match="nobody is on it"):
        lay_out(link_frame(("a", "b", 0.0)), steps=("a", "b"), pivot="job")


def test_journeys_of_a_run_can_be_drawn_and_lose_nobody():
    frames = support_frames("prime_contractor", seed=2)
    journey = journey_flows(run_of(clients=frames.clients, people_per_agent=10)).assign(arm="prime")
    flow = flow_of(journey, "prime")
    n_begun = sum(flow.bars[name].width for name in ("engaged", "in-work support")
                  if name in flow.bars)  # fmt: skip
    kept = flow.bars["sustained 52 weeks"].width if "sustained 52 weeks" in flow.bars else 0.0
    assert sum(end.width for end in flow.ends) + kept == pytest.approx(n_begun)
    assert all(end.name != STILL_THERE for end in flow.ends)
    assert "prime: of" in journey_sankey(journey, arm="prime").get_suptitle()


def test_drawn_bars_share_one_scale_between_arms():
    journey = journey_frame()
    most = widest(journey)
    inches = {}
    for arm in ("fragmented", "co_commissioned"):
        (axes,) = visible(journey_sankey(journey, arm=arm, most=most))
        bars = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_zorder() == 3]
        inches[arm] = bars[0].get_width() / flow_of(journey, arm).bars["engaged"].width
    assert inches["fragmented"] == pytest.approx(inches["co_commissioned"])


def test_the_parked_are_the_crossed_part_of_services():
    journey = journey_frame()
    (axes,) = visible(journey_sankey(journey, arm="prime_contractor"))
    (parked,) = [p for p in axes.patches if p.get_hatch() == "xxxx"]
    flow = flow_of(journey, "prime_contractor")
    bars = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_zorder() == 3]
    share = parked_in(journey, "prime_contractor") / flow.bars[SERVICES].width
    assert share == pytest.approx(0.4)
    assert parked.get_width() / bars[2].get_width() == pytest.approx(share)
    assert parked_in(journey, "pooled") == 0.0


def test_a_band_keeps_its_width_all_the_way():
    outline = band_outline([(0.0, 0.0), (5.0, 1.0), (2.0, 3.0)], 0.7)
    corners = outline.vertices
    assert corners[0] == pytest.approx([0.0, 0.0])
    # Down the left edge are 1 + 2 x 3 points; back up the right edge as many, then the close.
    down, up = corners[:7], corners[7:14][::-1]
    np.testing.assert_allclose(up - down, np.tile([0.7, 0.0], (7, 1)))


def test_a_waterfall_ends_where_the_numbers_say():
    steps = waterfall(additionality_frame(), "aligned")
    numbers = waterfall_numbers(1)
    assert steps[0].end == pytest.approx(numbers["gross"])
    for before, after in itertools.pairwise(steps[:-1]):
        assert after.start == before.end
    assert steps[-2].end == pytest.approx(numbers["net"])
    assert steps[-1] == (NET, 0.0, pytest.approx(numbers["net"]))


def test_what_the_parts_leave_out_has_a_step_of_its_own():
    frame = additionality_frame()
    frame = frame[frame["outcome"] != "substitution"]
    steps = {step.label: step for step in waterfall(frame, "aligned")}
    missing = steps[OTHER]
    assert missing.end - missing.start == pytest.approx(-640.0)


def test_bars_of_the_waterfall_are_drawn_as_long_as_the_numbers():
    panels = visible(gross_to_net(additionality_frame(), arms=ARMS))
    assert [axes.get_title(loc="left") for axes in panels] == list(REGIMES)
    for order, axes in enumerate(panels):
        numbers = waterfall_numbers(order)
        widths = [bar.get_width() for bar in axes.patches]
        assert widths[0] == pytest.approx(numbers["gross"])
        assert widths[1] == pytest.approx(-numbers["deadweight"])
        assert widths[-1] == pytest.approx(numbers["net"])
        whisker = [line for line in axes.lines if line.get_linewidth() == 1.3][0]
        np.testing.assert_allclose(
            whisker.get_xdata(), [numbers["net"] - 1400, numbers["net"] + 1400]
        )


def test_titles_claim_no_net_effect_that_the_interval_leaves_open():
    frame = additionality_frame()
    is_net = (frame["outcome"] == "net") & (frame["scope"] == "all")
    frame.loc[is_net, "low"] = -1.0
    assert "No arm's net effect" in gross_to_net(frame, arms=ARMS).get_suptitle()
    frame.loc[frame["outcome"] == "net", ["low", "high"]] = [-1.0, 1.0]
    assert "For no group" in who_is_helped(frame, arms=ARMS).get_suptitle()
    one = additionality_frame(n_seeds=1)
    assert "one pair of runs" in gross_to_net(one, arms=ARMS).get_suptitle()
    assert "For no group" in who_is_helped(one, arms=ARMS).get_suptitle()


def test_dots_are_filled_only_where_the_interval_leaves_nought_out():
    frame = additionality_frame()
    axes = visible(who_is_helped(frame, arms=ARMS))[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert len(dots) == 10
    nets = [frame[(frame["arm"] == "fragmented") & (frame["outcome"] == "net")
                  & (frame["scope"] == scope)].iloc[0]
            for scope in ("group:jsa_under_6_months", "priority:1")]  # fmt: skip
    for dot, net in ((dots[0], nets[0]), (dots[8], nets[1])):
        assert dot.get_xdata()[0] == pytest.approx(net["mean"])
        is_clear = net["low"] * net["high"] > 0
        assert (dot.get_markerfacecolor() == "white") != is_clear


def test_a_cost_without_upper_limit_is_an_arrow_and_not_in_the_title():
    frame = additionality_frame()
    rows = frame["outcome"] == "cost_per_additional_job_year_gbp"
    frame.loc[rows & (frame["arm"] == "fragmented"), ["high", "note"]] = [np.nan, "not bounded"]
    figure = cost_per_job(frame, arms=ARMS)
    year = "Per additional year of work"
    panel = [axes for axes in visible(figure) if axes.get_title(loc="left") == year]
    words = [text.get_text() for text in panel[0].texts]
    low = estimate(frame, "fragmented", "all", "cost_per_additional_job_year_gbp").low
    assert f"\u00a3{number(low)} or more" in words
    assert "(fragmented)" not in figure.get_suptitle().split("additional")[1]
    frame.loc[rows, ["high", "note"]] = [np.nan, "not bounded"]
    assert "not bounded in any arm" in cost_per_job(frame, arms=ARMS).get_suptitle().replace(
        "\n", " "
    )


def test_spend_bars_add_up_over_years():
    spend = spend_frame()
    panels = visible(spend_by_stream(spend, arms=ARMS))
    assert len(panels) == len(REGIMES)
    paid = [bar.get_width() for bar in panels[0].patches if bar.get_height() == 0.36]
    total = spend.loc[spend["arm"] == "fragmented", "paid_gbp"].sum()
    assert sum(paid) == pytest.approx(total / 1e6)
    names = [label.get_text() for label in panels[0].get_yticklabels()]
    assert "LSC ESF cofinancing" in names and "Jobcentre Plus mainstream" in names
    by_year = visible(money_by_year(spend, arms=ARMS))[0]
    assert sum(bar.get_height() for bar in by_year.patches[-5:]) == pytest.approx(total / 1e6)


def test_money_that_lapses_is_explained_where_there_is_any():
    spend = spend_frame()
    assert "lapsed" not in money_by_year(spend, arms=ARMS)._supxlabel.get_text()
    lapsed = spend.assign(committed_gbp=-1.0)
    assert "more lapsed than was let" in money_by_year(lapsed, arms=ARMS)._supxlabel.get_text()


def test_trust_has_a_panel_a_funder_and_lines_told_apart_without_colour():
    panels = visible(trust_over_time(partners_frame(), arms=ARMS))
    assert len(panels) == len(FUNDERS) + 1
    lines = panels[0].lines[: len(REGIMES)]
    styles = {(str(line._dash_pattern), line.get_marker()) for line in lines}
    assert len(styles) == len(REGIMES)
    frame = partners_frame()
    rows = frame[(frame["arm"] == "pooled") & (frame["funder"] == FUNDERS[0])]
    np.testing.assert_allclose(panels[0].lines[2].get_ydata(), rows["trust"])


def test_arms_whose_trust_is_the_same_share_one_line():
    frame = partners_frame()
    first = frame[frame["arm"] == REGIMES[0]]
    alike = pd.concat([first.assign(arm=arm) for arm in REGIMES])
    *panels, key = visible(trust_over_time(alike, arms=ARMS))
    assert all(sum(line.get_marker() != "*" for line in axes.lines) == 1 for axes in panels)
    assert [text.get_text() for text in key.get_legend().get_texts()] == ["every arm"]
    moved = alike["trust"].where(alike["arm"] != REGIMES[-1], alike["trust"] + 0.02)
    names = visible(trust_over_time(alike.assign(trust=moved), arms=ARMS))[-1].get_legend()
    assert [text.get_text() for text in names.get_texts()] == ["\n".join(REGIMES[:-1]), REGIMES[-1]]


def test_titles_name_no_arm_as_best_by_means_alone():
    for column in ("unmet", "duplication"):
        title = place_maps(coverage_frame(), WARDS, column=column, arms=ARMS).get_suptitle()
        assert "from arm to arm" in title.replace("\n", " ")
        assert not any(arm in title for arm in REGIMES)


def test_who_is_helped_names_those_who_gain_and_those_who_lose_looked_at_one_by_one():
    title = who_is_helped(additionality_frame(), arms=ARMS).get_suptitle().replace("\n", " ")
    gain, lose = title.split("; fewer among ")
    assert "JSA over 12 months" in gain and "JSA under 6 months" not in gain
    assert lose.startswith("JSA under 6 months (in ")


def test_acronyms_of_streams_are_spelt_out():
    words = spend_by_stream(spend_frame(), arms=ARMS)._supxlabel.get_text().replace("\n", " ")
    assert "LSC: Learning and Skills Council" in words
    assert "FJF" not in words


def participants_frame():
    """Effects that rise to a level of the arm's own, of all and of one group."""
    weeks = np.arange(0, 212, 4)
    return pd.concat(
        [
            pd.DataFrame({"weeks": weeks, "effect": level * (1 - 0.5 ** (weeks / 20))}).assign(
                people=100.0, arm=arm, group=group,
                low=lambda t: t["effect"] - 1, high=lambda t: t["effect"] + 1,
                n_seeds=4,
            )
            for level, arm in enumerate(REGIMES, start=1)
            for group in ("all", "ib_esa")
        ]
    )  # fmt: skip


def test_participants_are_a_line_an_arm_beside_what_was_published():
    figure = effects_over_time(participants_frame(), arms=ARMS)
    axes, _ = visible(figure)
    lines = [line for line in axes.lines if line.get_label() in REGIMES]
    assert [line.get_label() for line in lines] == list(REGIMES)
    expected = participants_frame().query("arm == 'pooled' and group == 'all'")["effect"]
    drawn_line = lines[REGIMES.index("pooled")]
    np.testing.assert_allclose(drawn_line.get_ydata(), expected)
    # Where less than a fifth of them are left to be seen, chance has its say.
    few = participants_frame()
    few["people"] = few["people"].where(few["weeks"] < 100, 19.0)
    line = effects_over_time(few, arms=ARMS).axes[0].lines[1]
    assert line.get_xdata().max() == pytest.approx(96 / 52)
    published = [line for line in axes.lines if "published" in str(line.get_label())]
    assert [list(line.get_ydata()) for line in published] == [[1.2, 2.0, 1.1], [2.0, 6.6, 6.7]]
    nobody = participants_frame().query("group != 'all'")
    with pytest.raises(InputError, match="no row of everybody"):
        effects_over_time(nobody, arms=ARMS)


def test_trust_has_the_partners_answer_where_it_was_given_in_the_time_drawn():
    for frame, n_stars in (
        (partners_frame(), 1),
        (partners_frame().query("date < '2010-08-01'"), 0),
    ):
        lines = visible(trust_over_time(frame, arms=ARMS))[0].lines
        stars = [line for line in lines if line.get_marker() == "*"]
        assert len(stars) == n_stars
        assert all(float(star.get_ydata()[0]) == pytest.approx(0.635) for star in stars)


def test_maps_shade_wards_by_starts_per_thousand_residents():
    coverage = coverage_frame()
    figure = place_maps(coverage, WARDS, column="unmet", arms=ARMS)
    maps = [axes for axes in visible(figure) if axes.get_title(loc="left")]
    totals = by_ward(coverage, "unmet")
    for arm, axes in zip(REGIMES, maps, strict=False):
        faces = axes.collections[0].get_facecolors()
        rates = 1000.0 * totals[arm].reindex(WARDS["code"]).to_numpy() / WARDS["residents"]
        darkness = -faces[:, :3].sum(axis=1)
        order = np.argsort(rates.to_numpy(), kind="stable")
        assert (np.diff(darkness[order]) >= -1e-9).all()
        assert len(axes.collections[1].get_paths()) == WARDS["priority"].sum()
    assert maps[-1].get_title(loc="left") == "Districts"


def test_rows_of_all_groups_are_not_counted_twice():
    coverage = coverage_frame()
    whole = coverage.groupby(["arm", "ward", "stage"], as_index=False).sum(numeric_only=True)
    both = pd.concat([coverage, whole.assign(group="all")])
    pd.testing.assert_frame_equal(by_ward(both, "unmet"), by_ward(coverage, "unmet"))


def drawn(tables, wards, **common):
    found = [draw_wanted(each) for each in support_figures(tables, wards, **common)]
    told = [each for each in found if isinstance(each, str)]
    return [each for each in found if not isinstance(each, str)], told


def test_every_table_gives_its_figures_and_a_broken_one_is_told_of():
    tables = SupportTables(
        additionality=additionality_frame(),
        journey=journey_frame(),
        coverage=coverage_frame(),
        spend=spend_frame(),
        partners=partners_frame(),
        participant_effects=participants_frame(),
    )
    common = {"arms": ARMS, "boundaries": None, "note": NOTE}
    figures, left_out = drawn(tables, WARDS, **common)
    assert left_out == []
    assert [figure.name for figure in figures] == [
        "gross_to_net", "who_is_helped", "cost_per_job", "participants", "map_unmet",
        "map_duplication", *(f"journey_{arm}" for arm in REGIMES), "spend_by_stream",
        "money_by_year", "trust_over_time",
    ]  # fmt: skip
    broken = tables._replace(spend=spend_frame().assign(budget_gbp=0.0, committed_gbp=0.0,
                                                        paid_gbp=0.0))  # fmt: skip
    figures, left_out = drawn(broken, WARDS, **common)
    assert left_out[0] == ("The figure spend by stream is not drawn: spend: no arm has any money.")
    assert drawn(SupportTables(), WARDS, **common) == ([], [])


def test_ribbons_to_a_job_are_hatched():
    (axes,) = visible(journey_sankey(journey_frame(), arm="aligned"))
    ribbons = [p for p in axes.patches if isinstance(p, PathPatch)]
    assert sum(bool(p.get_hatch()) for p in ribbons) == 4
