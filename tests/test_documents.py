"""docs/results.md has every column that is written, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments import configure
from experiments.comparisons.null import COLUMNS as NULL
from simulation import simulate
from simulation.categories import CLIENT_EVENTS
from simulation.finished.names import FRAMES, LOST_WORK, PEOPLE
from simulation.record.outcomes import OUTCOMES
from simulation.report.answer import ANSWER
from simulation.results.additionality import KEYS, SHARES
from simulation.results.dose import CELLS as DOSE_CELLS
from simulation.results.dose import DOSE
from simulation.results.gross_to_net import FLOWS
from simulation.results.measured import ADDITIONALITY, CELLS, mean_over_seeds, measure
from simulation.results.paired import SUMMARY_COLUMNS
from simulation.results.pairing import PAIRING
from simulation.results.period import PERIOD
from simulation.results.selection import SELECTION
from simulation.results.targets import BY_SEED, VALUES
from simulation.results.targets import TABLE as TARGETS
from simulation.results.unit_costs import COST_BASES
from simulation.results.verdict import ORDER, VERDICT
from simulation.results.verdict import OUTCOMES as DECIDED

TEXT = (Path(__file__).parents[1] / "docs" / "results.md").read_text(encoding="utf-8")
OF_A_RUN = (*(name for name in FRAMES if name != LOST_WORK), "wards")


def tables_under(title: str) -> list[list[str]]:
    """Return the names in the first column of each table under a heading, table by table."""
    text = re.split(rf"^### {title}\n", TEXT, flags=re.MULTILINE)[1]
    text = re.split(r"^#+ ", text, maxsplit=1, flags=re.MULTILINE)[0]
    tables: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("|---"):
            tables.append([])
        elif line.startswith("| `"):
            tables[-1] += re.findall(r"`(\w+)`", line.split("|")[1])
    return tables


@pytest.fixture(scope="module")
def run():
    config = configure("area=two_towns", "weeks=30", "regime=fragmented", "people_per_agent=2")
    return simulate(config, seed=1, events=True, people=True)


@pytest.mark.parametrize("name", OF_A_RUN)
def test_columns_of_a_run_are_described(run, name):
    frame = run.tables[name] if name in run.tables else getattr(run, name)
    columns = list(frame.columns)
    described = tables_under(name)[0]
    if name == PEOPLE:
        repeated = r"in_work_\d+|claiming_\d+|employer_w\d+"
        columns, described = (
            [each for each in names if not re.fullmatch(repeated, each)]
            for names in (columns, described)
        )
    assert set(columns) == set(described)


def test_keys_of_the_manifest_are_described(run):
    assert set(run.manifest) == set(tables_under("manifest")[0])


def test_outcomes_of_the_months_are_described():
    assert set(tables_under("monthly")[1]) == {outcome.name for outcome in OUTCOMES}


def test_events_of_clients_are_described():
    assert set(tables_under("clients")[1]) == set(CLIENT_EVENTS)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("journey", "journey"),
        ("reached", "reached"),
        ("engaged", "engaged"),
        ("coverage of a comparison", "coverage"),
        ("spend", "spend"),
        ("partners of a comparison", "partners"),
    ],
)
def test_columns_of_tables_on_support_are_described(run, title, name):
    rows = measure(run)[name].assign(arm="fragmented", seed=1)
    table = mean_over_seeds(rows, CELLS[name], n_seeds=1)
    assert set(tables_under(title)[0]) == set(table.columns)


@pytest.mark.parametrize(
    ("title", "columns"),
    [
        ("summary", SUMMARY_COLUMNS),
        ("additionality", ADDITIONALITY),
        ("null", NULL),
        ("answer", ANSWER),
        ("verdict", VERDICT),
        ("order", ORDER),
        ("dose", DOSE),
        ("pairing", PAIRING),
        ("targets", TARGETS),
        ("targets by seed", BY_SEED),
        ("target values", VALUES),
        ("period", ("arm", "seed", "ward", "group", *PERIOD)),
        ("dose cells", ("arm", "seed", *DOSE_CELLS)),
    ],
)
def test_columns_of_other_tables_of_a_comparison_are_described(title, columns):
    assert set(tables_under(title)[0]) == set(columns)


def test_columns_of_what_is_kept_seed_by_seed_are_described(run):
    outcomes = measure(run)["outcomes"]
    assert set(tables_under("outcomes")[0]) == {"arm", "seed", *outcomes}
    assert set(tables_under("pairs")[0]) == {"arm", "seed", *KEYS}


def test_outcomes_of_the_verdict_are_described():
    assert set(tables_under("verdict")[1]) == set(DECIDED)


def test_outcomes_of_additionality_are_described():
    costs = {f"{name}_gbp" for name in COST_BASES} | {"spend_gbp"}
    assert set(tables_under("additionality")[1]) == {*FLOWS, *SHARES, *costs, *SELECTION}
