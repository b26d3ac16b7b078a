"""The page of a comparison: its size, its data read back, its structure, and what it asks for."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from html_page import Page
from page_frames import ARMS, MONTHS, inputs_of, wards_of
from report_frames import coverage_frame, journey_frame, spend_frame

from simulation.categories import BENEFITS
from simulation.report.figures.support_chosen import SupportTables
from simulation.report.interactive.gather import page_data
from simulation.report.interactive.months import MONTHS_BYTES, ward_months
from simulation.report.interactive.of_comparison import write_page_of_answer
from simulation.report.interactive.packing import batch_means, batch_sizes, pack
from simulation.report.interactive.write import HERE, as_json
from simulation.results.gross_to_net import FLOWS
from simulation.results.sets import N_WORST, WORST_LABEL, worst_wards

MOST_BYTES = 1_500_000
STRANGE = '<b>$x$ & "y" </script>'
REPEAT = {"lines": [("On a command line", "pathfinder compare")], "arms": ["a"], "common": "b"}


def unpacked(text, kind):
    return np.frombuffer(base64.b64decode(text), np.dtype(kind).newbyteorder("<"))


def data_in(path: Path) -> dict:
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'id="data">(.*?)</script>', text, re.S).group(1))


def pairs_of(wards, *, n_seeds, weeks=(26, 52, 78)):
    """Made-up flows: 100 gross, 60 deadweight, so a net of 40 an arm and a seed, more each time."""
    scopes = [("all", "all", week) for week in weeks]
    scopes += [("ward", code, weeks[-1]) for code in wards["code"]]
    scopes += [("group", name, weeks[-1]) for name in ("ib_esa", "employed")]
    rows = [
        {"arm": arm, "seed": seed, "by": by, "group": group, "week": week, "work": "employed"}
        | dict.fromkeys(FLOWS, 0.0)
        | {"treated": 200.0, "gross": 100.0 * number, "deadweight": 60.0 * number}
        | {"net": 40.0 * number}
        for number, arm in enumerate(ARMS[1:], 1)
        for seed in range(1, n_seeds + 1)
        for by, group, week in scopes
    ]
    return pd.DataFrame(rows)


def full_inputs(wards, *, n_seeds=4, n_months=MONTHS):
    """Make the inputs of a comparison of six arms with every table the page reads."""
    gains = {arm: 10.0 * number for number, arm in enumerate(ARMS)}
    inputs = inputs_of(gains, wards=wards, n_seeds=n_seeds, n_months=n_months)
    support = SupportTables(
        coverage=coverage_frame(wards), journey=journey_frame(), spend=spend_frame()
    )
    return inputs._replace(support=support, pairs=pairs_of(wards, n_seeds=n_seeds))


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    """Write the page of a small area whose names are hard to write."""
    names = {"name": [STRANGE, *"BCDEF"], "district": [STRANGE] * 3 + ["South"] * 3}
    path = tmp_path_factory.mktemp("page") / "page.html"
    inputs = full_inputs(wards_of(6, **names), n_months=12)
    inputs.manifest["area"] = "tables/<b>$x$"
    return write_page_of_answer(inputs, path, repeat=REPEAT, appendix="report.html")


def boundaries_file(path, wards, *, points=150):
    """Write wards as ragged rings, in degrees."""
    luck = np.random.default_rng(3)
    features = []
    for row in wards.itertuples():
        turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
        size = luck.uniform(0.02, 0.03, points)
        ring = np.column_stack(
            [
                -2 + row.easting / 1e5 + size * np.cos(turn),
                52 + row.northing / 1e5 + size * np.sin(turn),
            ]
        ).round(6)
        geometry = {"type": "Polygon", "coordinates": [[*ring.tolist(), ring[0].tolist()]]}
        properties = {"ward": row.code}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_page_of_the_whole_region_is_small(tmp_path):
    wards = wards_of(195)
    inputs = full_inputs(wards, n_seeds=8)
    inputs.manifest["boundaries"] = str(boundaries_file(tmp_path / "wards.geojson", wards))
    path = write_page_of_answer(inputs, tmp_path / "page.html", repeat=REPEAT)
    assert path.stat().st_size < MOST_BYTES
    data = data_in(path)
    assert data["shapes"]["kind"] == "boundaries" and len(data["shapes"]["paths"]) == 195
    assert data["months"]["every"] == 1 and len(data["months"]["batches"]) > 2


def test_nothing_is_asked_of_a_network_and_no_other_file_is_needed(strange):
    text = strange.read_text(encoding="utf-8")
    for word in ("http:", "https:", "@import", "url(", "fetch(", "XMLHttpRequest", "import("):
        assert word not in text
    sources = re.findall(r"""(?:src|href)=["']([^"']*)""", text)
    assert {each for each in sources if not each.startswith("#")} == {"report.html"}


def test_names_are_drawn_as_they_are(strange):
    text = strange.read_text(encoding="utf-8")
    assert "<b>" not in text
    # Its own two scripts and no third end in the page.
    assert text.count("</script>") == 2
    assert data_in(strange)["wards"]["name"][0] == STRANGE
    # Whatever comes from data reaches the page as text.
    scripts = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.js"))
    for way in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("):
        assert way not in scripts


def test_the_page_is_well_formed_and_every_picture_has_a_title_and_a_table(strange):
    page = Page(strange)
    assert page.open_tags == []
    assert page.all("html")[0]["lang"] == "en-GB"
    assert len(page.all("h1")) == 1
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    figures = page.all("figure")
    assert len(figures) == 9
    for figure in figures:
        assert figure["aria-labelledby"] in ids
    tables = [each for each in page.all("div") if each.get("role") == "region"]
    assert len(tables) == len(figures) + 1
    assert all(each["aria-label"] and each["tabindex"] == "0" for each in tables)
    for name in ("select", "input"):
        assert page.all(name)
    links = [
        each["href"]
        for each in page.all("a")
        if each["href"].startswith("#") and each["href"] != "#"
    ]
    assert {each[1:] for each in links} <= set(ids)


def test_intervals_are_of_the_models_average_not_of_the_truth():
    scripts = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.js"))
    assert scripts.count("the model's own average 95 times in 100") == 6
    assert "truth" not in scripts


def test_the_worst_wards_are_called_what_the_printed_answer_calls_them():
    assert page_data(inputs_of({"none": 0.0, "some": 1.0}), None)["worst_label"] == WORST_LABEL
    script = (HERE / "comparison.js").read_text(encoding="utf-8")
    assert "SETS.worst = [capital(D.worst_label)" in script


def test_the_worst_wards_are_those_of_the_verdict():
    wards = wards_of(30)
    inputs = inputs_of({"none": 0.0, "some": 1.0}, wards=wards)
    # Residents of the first month, of which benefits are a share, are not those of the table.
    monthly = inputs.monthly.copy()
    of_residents = monthly["outcome"] == "residents"
    monthly.loc[of_residents & (monthly["ward"] == wards["code"][3]), "value"] /= 4.0
    listed = page_data(inputs._replace(monthly=monthly), None)["wards"]
    own = {code for code, is_worst in zip(listed["code"], listed["worst"], strict=True) if is_worst}
    assert own == {*worst_wards(monthly[monthly["arm"] == "none"], BENEFITS)}
    assert wards["code"][3] in own and len(own) == N_WORST
    with_table = page_data(inputs, None)["wards"]["worst"]
    assert with_table != listed["worst"]


def test_sections_without_data_are_left_out(tmp_path):
    inputs = inputs_of({"steady": 0.0, "deep": 20.0}, spend={})
    text = write_page_of_answer(inputs, tmp_path / "page.html", repeat={"lines": []}).read_text()
    for section in ('id="net"', 'id="journey"', 'id="trait"', 'id="two-alone"', "report.html"):
        assert section not in text


def test_every_months_change_of_every_ward_can_be_had_back():
    gains = {"none": 0.0, "some": 12.0, "other": -31.0}
    inputs = inputs_of(gains, n_seeds=3, n_months=24)
    data = page_data(inputs, None)["months"]
    assert data["batches"] == [1, 1, 1] and data["every"] == 1
    change = unpacked(data["employed"]["change"], "int8").reshape(3, 3, 6, 24)
    found = change * data["employed"]["step"]
    rows = inputs.monthly.query("ward == '00C004' and outcome == 'employed' and seed == 2")
    months = rows.astype({"arm": str}).pivot(index="date", columns="arm", values="value")
    for number, arm in enumerate(gains):
        expected = (months[arm] - months["none"]).to_numpy()
        assert np.abs(found[number, 1, 4] - expected).max() <= data["employed"]["step"] / 2
    level = unpacked(data["employed"]["level"], "int32").reshape(6, 24)
    base = inputs.monthly.query("ward == '00C004' and outcome == 'employed' and arm == 'none'")
    expected = base.groupby("date")["value"].mean().to_numpy()
    assert np.abs(level[4] - expected).max() <= 0.5


def test_years_of_wards_are_a_twelfth_of_their_months():
    data = page_data(inputs_of({"none": 0.0, "some": 12.0}, n_seeds=3, spread=0.0), None)
    own = data["ward_sums"]["work_years"]
    change = unpacked(own["change"], "int16").reshape(2, 3, 6) * own["step"]
    assert np.allclose(change[1], 12.0 * MONTHS / 12, atol=own["step"])
    assert not change[0].any()


def period_of(inputs):
    """Made-up years of each ward and group: an arm's number times a thousand, and no spread."""
    arms = [each["name"] for each in inputs.manifest["arms"]]
    columns = ("people", "claimant_years", "sustained_jobs", "work_end", "clients", "spend_gbp")
    rows = [
        {"arm": arm, "seed": seed, "ward": code, "group": group, "work_years": share * number}
        | dict.fromkeys(columns, 1.0)
        for number, arm in enumerate(arms)
        for seed in inputs.manifest["seeds"]
        for code in inputs.wards["code"]
        for group, share in (("all", 1_000), ("age:16_24", 300), ("age:25_34", 700))
    ]
    return pd.DataFrame(rows)


def test_years_are_those_of_the_period_where_it_was_kept():
    inputs = inputs_of({"none": 0.0, "some": 12.0})
    data = page_data(inputs._replace(period=period_of(inputs)), None)
    years = next(each for each in data["sums"] if each["name"] == "work_years")
    assert years["values"] == [[0.0] * 4, [6_000.0] * 4]
    own = data["ward_sums"]["work_years"]
    change = unpacked(own["change"], "int16").reshape(2, 4, 6) * own["step"]
    assert np.allclose(change[1], 1_000.0, atol=own["step"])
    found = {(t["name"], row["label"]): row["values"] for t in data["traits"] for row in t["rows"]}
    assert found["age", "16 to 24"] == [[0] * 4, [1_800] * 4]
    assert found["priority", "priority wards"] == [[0] * 4, [2_000] * 4]
    assert data["trait_unit"] == "years of work"


def test_batches_hold_the_mean_and_estimate_the_variance_of_seeds():
    sizes = batch_sizes(11, 4)
    assert sizes == [3, 3, 3, 2]
    values = np.random.default_rng(1).normal(5.0, 2.0, (11, 20_000))
    means, weights = batch_means(values, sizes), np.array(sizes)[:, None]
    middle = (weights * means).sum(axis=0) / 11
    assert np.allclose(middle, values.mean(axis=0))
    variance = (weights * (means - middle) ** 2).sum(axis=0) / (len(sizes) - 1)
    assert abs(variance.mean() - 4.0) < 0.1


@pytest.mark.parametrize(("n_wards", "n_seeds"), [(195, 4), (195, 30), (1_500, 4)])
def test_months_fit_however_many_wards_and_seeds_there_are(n_wards, n_seeds):
    series = {
        name: np.zeros((6, n_seeds, n_wards, 13), np.float32) for name in ("employed", "claimants")
    }
    found = ward_months(series, baseline=0, people_per_agent=1)
    assert sum(found["batches"]) == n_seeds
    changes = sum(len(found[name]["change"]) for name in series)
    assert changes <= MONTHS_BYTES + 16


def test_where_even_a_few_months_do_not_fit_there_are_none():
    series = {name: np.zeros((6, 4, 30_000, 2), np.float32) for name in ("employed", "claimants")}
    assert ward_months(series, baseline=0, people_per_agent=1) == {}


def test_numbers_that_do_not_fit_are_an_error():
    with pytest.raises(OverflowError, match="from -129 to 0"):
        pack(np.array([-129, 0]), "int8")


def test_data_never_ends_the_element_it_stands_in():
    text = as_json({"name": "</script><!--"})
    assert "<" not in text and json.loads(text) == {"name": "</script><!--"}


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_no_direction_is_read_from_a_pair_the_verdict_does_not_rank():
    script = (HERE / "numbers.js").read_text(encoding="utf-8")
    clear = "{mean: 800, low: 200, high: 1400}"
    asked = f"""console.log(JSON.stringify(
        ["more", "tie", "not ranked", undefined].map((told) => toldInWords(told, {clear}, 1))))"""
    done = subprocess.run(["node", "-e", script + asked], capture_output=True, check=True)
    more, tie, aside, unknown = json.loads(done.stdout)
    assert more == unknown and more not in (tie, aside)
    assert tie == "cannot be told apart among so many comparisons"
    assert aside == "not ranked: one of the two hardly happened"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_browsers_intervals_are_those_of_the_frames():
    """A second writing: Student's interval of the script against scipy's, batches apart."""
    from simulation.results.paired import mean_interval

    values = [3.0, 7.5, 4.25, 9.0, -2.0]
    data = page_data(inputs_of({"none": 0.0, "some": 1.0}, n_seeds=5), None)
    script = (HERE / "numbers.js").read_text(encoding="utf-8")
    asked = f"console.log(JSON.stringify(estimate({values},[1,1,1,1,1],{data['quantiles']})))"
    done = subprocess.run(["node", "-e", script + asked], capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert np.allclose(
        [found[name] for name in ("mean", "low", "high")], mean_interval(values), rtol=1e-4
    )
