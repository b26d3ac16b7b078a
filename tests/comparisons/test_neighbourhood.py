"""A neighbourhood plan: what is bought, what is chosen, what is said and what is refused."""

from __future__ import annotations

import html
import math
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from experiments import configure
from experiments.comparisons.neighbourhood import (
    AS_IT_IS,
    GAPS,
    MIX,
    OPTIONS,
    Neighbourhood,
    PlanSettings,
    caseload_table,
    gaps_table,
    mix_of,
    neighbourhood,
    of_each_option,
    of_the_mix,
    options_table,
    path_table,
    profile_table,
    spent_on_options,
    with_money,
)
from experiments.models.tables import loaded_area
from simulation.errors import InputError
from simulation.report.interactive.neighbourhood import write_page_of_plan
from simulation.report.neighbourhood import Plan, plan_lines, plan_numbers, years_of_options
from simulation.report.pen import MINUS
from tests.html_page import Page

HERE = ("W1", "W2")


@pytest.fixture(scope="module")
def place() -> Neighbourhood:
    settings = PlanSettings(ward="W1|W2", budget=120_000, options=["childcare", "work_trial"])
    return Neighbourhood("One, Two", HERE, configure("area=two_towns"), settings)


def options_of(*rows: tuple) -> pd.DataFrame:
    """Options by name, years, whether sure and level with the best."""
    return pd.DataFrame(rows, columns=["option", "work_years", "sure", "level_with_best"])


def test_the_money_buys_places_for_the_neighbourhood_alone(place):
    config = with_money(place, {"childcare": 50_000.0, "work_trial": 70_000.0})
    assert set(config.interventions.active_names()) == {"childcare", "work_trial"}
    assert config.interventions.childcare.budget_gbp == 50_000
    assert tuple(config.interventions.work_trial.wards) == HERE
    without = config.model_dump(exclude={"interventions"})
    assert without == place.config.model_dump(exclude={"interventions"})


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ([("a", 9.0, True, True), ("b", 5.0, True, False)], ["a"]),
        ([("a", 9.0, True, True), ("b", 5.0, True, True), ("c", 4.0, False, True)], ["a", "b"]),
        ([("a", 9.0, False, True), ("b", 5.0, False, True), ("c", -4.0, False, True)], ["a", "b"]),
        ([(name, 9.0, True, True) for name in "abcd"], ["a", "b", "c"]),
        ([("a", -1.0, False, True), ("b", -5.0, False, True)], ["a"]),
    ],
)
def test_the_mix_is_the_best_and_what_cannot_be_told_from_it(rows, chosen):
    assert mix_of(options_of(*rows)) == chosen


def verdict_of() -> pd.DataFrame:
    """A made-up verdict: childcare adds 12 years, work trials 6, a tie."""
    years = [("childcare", AS_IT_IS, 12.0, 4.0, 20.0, "more"),
             ("work_trial", AS_IT_IS, 6.0, -2.0, 14.0, "tie"),
             ("work_trial", "childcare", -6.0, -15.0, 3.0, "tie")]  # fmt: skip
    # All public spending of the area: with what chance made other streams spend.
    spend = [("childcare", 713_000.0), ("work_trial", -40_000.0)]
    columns = ["set", "outcome", "arm", "against", "estimate", "low", "high", "order"]
    rows = [("here", "work_years", *row) for row in years]
    rows += [("all", "spend_gbp", arm, AS_IT_IS, cost, cost, cost, "more") for arm, cost in spend]
    return pd.DataFrame(rows, columns=columns)


def spend_of() -> pd.DataFrame:
    """Money by stream: 100,000 on childcare in two years, 60,000 on work trials, beside a regime's.

    Of the mix childcare took 110,000.
    """
    rows = [(arm, "jcp_mainstream", 2006, 1e6, 1e5) for arm in (AS_IT_IS, "childcare", MIX)]
    rows += [("childcare", "intervention:childcare", year, 50_000.0, 0.0) for year in (2006, 2007)]
    rows += [("work_trial", "intervention:work_trial", 2006, 60_000.0, 0.0)]
    rows += [(MIX, "intervention:childcare", 2006, 110_000.0, 0.0)]
    columns = ["arm", "stream", "year", "paid_gbp", "administration_gbp"]
    return pd.DataFrame(rows, columns=columns)


def found_of() -> SimpleNamespace:
    return SimpleNamespace(verdict=verdict_of(), spend=spend_of())


def test_what_was_spent_is_the_options_own_and_only_sure_gains_are_priced(place):
    table = options_table(found_of(), place)
    assert list(table.columns) == list(OPTIONS)
    assert table["option"].tolist() == ["childcare", "work_trial"]
    assert table["spent_gbp"].tolist() == [100_000.0, 60_000.0]
    assert table["years_per_100000_gbp"].tolist() == pytest.approx([12.0, math.nan], nan_ok=True)
    cost = place.config.interventions.childcare.unit_cost_gbp
    assert table["places"][0] == pytest.approx(120_000 / cost)
    assert table["sure"].tolist() == [True, False] and table["level_with_best"].all()
    # Where one is sure, what is not sure is no part of the mix.
    assert table["share_of_mix"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("seeds", "others"), [(2, (3, 4)), ([9, 4], (10, 11))])
def test_the_mix_is_judged_on_seeds_it_was_not_chosen_on(place, seeds, others):
    plan = replace(place, settings=place.settings.model_copy(update={"seeds": seeds}))
    chosen_on = of_each_option(plan).seeds
    table = options_table(found_of(), plan)
    judged = of_the_mix(plan, table, chosen_on)
    assert judged.seeds == others and not {*others} & {*chosen_on}
    assert [arm.name for arm in judged.arms] == [AS_IT_IS, MIX]


def wards_table() -> pd.DataFrame:
    wards = loaded_area(configure("area=two_towns")).wards.copy()
    wards.loc[wards.index[:2], "code"] = HERE
    return wards


def test_the_profile_is_that_of_the_areas_table(place):
    wards = wards_table()
    profile = profile_table(wards, place).set_index("what")
    own = wards[wards["code"].isin(HERE)]
    assert profile.loc["residents of working age", "here"] == own["residents"].sum()
    by_hand = 100 * own["jsa"].sum() / own["residents"].sum()
    assert profile.loc["on JSA", "here"] == pytest.approx(by_hand)
    assert profile.loc["on JSA", "area"] == pytest.approx(
        100 * wards["jsa"].sum() / wards["residents"].sum()
    )


def tables_of(place: Neighbourhood) -> dict[str, pd.DataFrame]:
    period = pd.DataFrame(
        [(AS_IT_IS, seed, ward, group, people)
         for seed in (1, 2) for ward in ("W1", "W2", "W3")
         for group, people in (("all", 90.0), ("group:ib_esa", 10.0 * seed),
                               ("group:employed", 5.0))],
        columns=["arm", "seed", "ward", "group", "people"],
    )  # fmt: skip
    coverage = pd.DataFrame(
        [(AS_IT_IS, ward, "ib_esa", stage, 20.0, 5.0, gap, 1.0)
         for ward in ("W1", "W2", "W3")
         for stage, gap in (("services", 15.0), ("placement", 16.0))],
        columns=["arm", "ward", *GAPS],
    )  # fmt: skip
    monthly = pd.DataFrame(
        [(arm, seed, pd.Timestamp(date), ward, "all", outcome, value)
         for arm, jsa in ((AS_IT_IS, 10.0), (MIX, 8.0)) for seed in (1, 2)
         for date in ("2006-05-01", "2006-06-01") for ward in ("W1", "W2", "W3")
         for outcome, value in (("jsa", jsa + seed), ("ib_esa", 0.0), ("lone_parent", 0.0),
                                ("other_benefit", 0.0), ("residents", 100.0))],
        columns=["arm", "seed", "date", "ward", "group", "outcome", "value"],
    )  # fmt: skip
    mix = pd.DataFrame(
        [("here", "work_years", "years of work", 12.0, 4.0, 20.0, "more"),
         ("all", "work_years", "years of work", 290.0, -13.0, 593.0, "tie"),
         ("all", "spend_gbp", "GBP", 625_414.0, 103_584.0, 1_147_244.0, "more")],
        columns=["set", "outcome", "unit", "estimate", "low", "high", "order"],
    )  # fmt: skip
    options = options_table(found_of(), place)
    spent = spent_on_options(spend_of(), MIX, options["option"])
    return {
        "profile": profile_table(wards_table(), place),
        "caseload": caseload_table(period, place),
        "gaps": gaps_table(coverage, place),
        "options": options.assign(spent_in_mix_gbp=spent.to_numpy()),
        "mix": mix,
        "path": path_table(monthly, place),
    }


def test_caseload_gaps_and_path_are_of_the_neighbourhood_alone(place):
    tables = tables_of(place)
    caseload = tables["caseload"]
    # Two wards of 10 and of 20 people in the two seeds; those in work are no caseload.
    assert caseload["group"].tolist() == ["ib_esa"] and caseload["people"].tolist() == [30.0]
    gaps = tables["gaps"]
    assert gaps["stage"].tolist() == ["placement", "services"]
    assert gaps["unmet"].tolist() == [32.0, 30.0]
    path = tables["path"]
    assert path["without"].tolist() == pytest.approx([11.5, 11.5])
    for name in ("difference", "low", "high"):
        assert path[name].tolist() == pytest.approx([-2.0, -2.0])


def told(place, tables):
    return Plan(tables, place.label, place.settings.budget, 2, place.config)


@pytest.mark.parametrize(
    ("low", "high", "order", "said"),
    [
        (-3.0, 27.0, "tie", "Whether \u00a3120,000 spent on childcare brings the people of One, Two"
         " any work cannot be told: \u22123 to +27 years of work in 5 years."),
        (math.nan, math.nan, "not known", "chance cannot be told from effect."),
        (0.0, 0.0, "tie", "changes no year of work of the people of One, Two in any run: nobody is"
         " reached, or nobody whom it changes anything for."),
    ],
)  # fmt: skip
def test_the_first_sentence_of_a_plan_says_no_more_than_its_interval(
    place, tmp_path, low, high, order, said
):
    tables = tables_of(place)
    mix = tables["mix"].astype({"low": float})
    mix.loc[0, ["low", "high"]] = low, high
    mix.loc[0, "order"] = order
    path = write_page_of_plan(tmp_path / "page.html", told(place, tables | {"mix": mix}))
    words = html.unescape(path.read_text(encoding="utf-8"))
    (answer,) = re.findall('<p class="answer"><strong>(.*?)</strong></p>', words)
    assert answer.endswith(said)
    # The picture stands before all details, and what is assumed is on the same screen.
    assert words.index("options-picture") < words.index("What is assumed") < words.index("Line by")


def test_the_plan_is_a_dozen_lines_and_a_small_page(place, tmp_path):
    tables = tables_of(place)
    plan = told(place, tables)
    lines = plan_lines(plan)
    assert 8 <= len(lines) <= 15
    assert lines[1] == (
        "\u00a3120,000 spent on childcare adds the people of One, Two 12 years of work in 5 years"
        " (4 to 20)"
    )
    assert [each["value"] for each in plan_numbers(plan)] == ["+12", "\u00a3110,000", "\u22122.00"]
    said = "\n".join(lines).replace("\u2212", "-")
    for words in (
        "cannot be told from childcare",
        "the mix: all on childcare",
        "2 runs of each option and as many of the mix, on seeds it was not chosen on, 260 weeks to"
        " April 2011",
        "assumed: Where support makes hiring one per cent easier",
        "closure=wage_curve",
        "gate=closed",
        "NI 153 there: from 11.5 per cent on benefits in May 2006 to 9.5 in June 2006",
        "childcare: +12 years of work there (+4 to +20); \u00a3100,000 of \u00a3120,000"
        " spent; +12.0 years for each",
        "work trial: +6 years of work there (-2 to +14, cannot be told from nothing);"
        " \u00a360,000 of",
        "+300 years of work in the whole area (0 to +600, cannot be told from nothing)",
        "the mix takes up \u00a3110,000 of \u00a3120,000; all public spending in the whole area,"
        " what others then spend more or less included: +\u00a30.6 million (+0.1 to +1.1 million)",
        "widest gaps: placement for people on incapacity benefit (32 a year)",
        "30 people on incapacity benefit",
    ):
        assert words in said, words
    assert said.count("years for each \u00a3100,000") == 1
    path = write_page_of_plan(tmp_path / "page.html", plan)
    page = Page(path)
    text = path.read_text(encoding="utf-8")
    # 30 people of one group; what it brings is in words, no finer than it is known.
    cells = ("30", "100%", "the whole area", "years of work", "spent on places of the mix",
             "\u00a3110,000", "+\u00a30.6 million (+0.1 to +1.1)",
             "cannot be told from nothing")  # fmt: skip
    assert [cell for cell in cells if f">{cell}</t" not in text] == []
    assert path.stat().st_size < 1_500_000 and page.open_tags == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {each["href"][1:] for each in page.all("a") if each["href"].startswith("#")}
    assert links <= set(ids)


def test_options_are_written_alike_so_that_their_order_shows():
    # Each by its own interval is +8 and +10, the second ahead of the first.
    table = pd.DataFrame(
        {"work_years": [8.2, 5.5, -12.3], "low": [-9.1, -35.0, -86.5], "high": [25.5, 46.0, 61.9]}
    )
    said = [(years.replace(MINUS, "-"), ends.replace(MINUS, "-"))
            for years, ends in years_of_options(table)]  # fmt: skip
    assert said == [("+8", "-9 to +26"), ("+6", "-35 to +46"), ("-12", "-86 to +62")]
    few = table.assign(low=math.nan, high=math.nan)
    assert [ends for _, ends in years_of_options(few)] == ["", "", ""]
    # What is left of sums that should cancel is nothing.
    assert years_of_options(table * 1e-12) == [("0.0", "0.0 to 0.0")] * 3


def test_groups_and_stages_have_no_names_of_columns(place):
    tables = tables_of(place)
    tables["gaps"] = tables["gaps"].replace("services", "action_planning")
    groups = ["ib_esa", "no_benefit", "lone_parent", "other_benefit", "jsa_over_12_months"]
    tables["caseload"] = pd.DataFrame({"group": groups, "people": [92.0, 53.0, 38.0, 30.0, 56.0]})
    lines = plan_lines(told(place, tables))
    said = "\n".join(lines)
    assert "action planning for people on incapacity benefit (30 a year)" in said
    assert "_" not in said.replace("closure=wage_curve", "")
    # Four of five groups are no sum.
    assert "caseload: 269 people out of work, among them 92 people on incapacity benefit," in said


REFUSED = {
    "no such ward": ({"ward": "Cannal Side"}, "there is no ward 'Cannal Side'; did you mean Canal"),
    "the whole area": ({"ward": "all"}, "is the whole area; give one ward"),
    "no such option": ({"options": ["childcar"]}, "no intervention 'childcar'; did you mean child"),
}


def test_a_plan_for_less_than_a_month_is_refused_before_it_is_run(pathfinder):
    code, out, err = pathfinder("plan", "area=two_towns", "ward=Canal Side", "weeks=3")
    assert (code, out) == (2, []) and err == ["weeks=3: too short; a plan needs 4 or more"]


def test_what_is_in_force_already_is_no_option(pathfinder, tmp_path):
    words = ("plan", "area=two_towns", "ward=Canal Side", "options=[childcare,wage_subsidy]")
    code, out, err = pathfinder(*words, "interventions=[wage_subsidy]")
    assert (code, out, len(err)) == (2, [], 1)
    assert err[0].startswith("options: wage_subsidy is in force as things are")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", REFUSED)
def test_a_plan_for_what_is_not_there_is_one_line(name):
    given, says = REFUSED[name]
    config = configure("area=two_towns")
    settings = PlanSettings(**({"ward": "Canal Side", "options": ["childcare"]} | given))
    with pytest.raises(InputError) as error:
        neighbourhood(config, settings, loaded_area(config).wards)
    assert len(error.value.problems) == 1 and says in error.value.problems[0]


def test_a_plan_without_a_ward_is_refused_before_anything_is_read(pathfinder, tmp_path):
    code, out, err = pathfinder("plan", "budget=5")
    assert (code, out) == (2, []) and len(err) == 1 and err[0].startswith("ward= is missing")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_plan_is_carried_out_written_and_read_again(pathfinder, tmp_path: Path, monkeypatch):
    # What it takes is told of what is known; only --plan measures it.
    monkeypatch.setattr(
        "experiments.comparisons.works.plan_of", lambda *args, **more: pytest.fail()
    )
    words = ("plan", "area=two_towns", "ward=Canal Side", "budget=100000", "people_per_agent=4",
             "weeks=60", "seeds=2", "launcher=in_process", "options=[childcare,work_trial]",
             "output=here")  # fmt: skip
    code, out, err = pathfinder(*words)
    assert code == 0, err
    assert out[0] == "Canal Side: a plan for GBP 100,000" and out[-1].startswith("Page: here")
    names = {path.name for path in (tmp_path / "here").iterdir()}
    tables = {f"{name}.csv" for name in ("profile", "caseload", "gaps", "options", "mix", "path")}
    assert names >= {"page.html", "answer.txt", *tables}
    options = pd.read_csv(tmp_path / "here" / "options.csv")
    assert set(options["option"]) == {"childcare", "work_trial"}
    assert options["share_of_mix"].sum() == pytest.approx(1.0)
    assert (options["spent_gbp"] <= 100_001).all()
