"""Runs: what they hold, how they are kept, and what is refused."""

import shutil
from pathlib import Path

import pytest

from simulation import Config, InputError, simulate
from simulation.finished.names import MARKETS
from simulation.provenance import code_version, source_digest
from simulation.record.outcomes import OUTCOMES

SETTINGS = {"area": {"name": "two_towns"}, "weeks": 30}


@pytest.fixture(scope="module")
def run():
    return simulate(Config.from_mapping(SETTINGS), 3, events=True)


def test_every_outcome_is_in_the_monthly_frame_in_people(run):
    assert set(run.monthly["outcome"].unique()) == {outcome.name for outcome in OUTCOMES}
    assert list(run.monthly.columns) == ["date", "ward", "group", "outcome", "value"]
    assert run.monthly["date"].nunique() == 7  # May to November
    assert not run.monthly.duplicated(["date", "ward", "group", "outcome"]).any()


def test_numbers_are_people_not_agents():
    thin = simulate(Config.from_mapping({**SETTINGS, "people_per_agent": 4}), 3)
    assert thin.manifest["n_people"] == 1000
    assert (thin.table()["residents"] == 4000).all()


def test_progress_is_told_every_week():
    weeks = []
    simulate(Config.from_mapping({**SETTINGS, "weeks": 3}), 0, progress=weeks.append)
    assert weeks == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hiring": {"rule": "lottery"}}, "hiring.rule 'lottery' is unknown"),
        ({"area": {"name": "atlantis"}}, "not shipped"),
        ({"economy": {"file": "no_such.csv"}}, "no_such.csv"),
        ({"people_per_agent": 1000, "area": {"folder": "."}}, "wards.csv"),
        (
            {
                "economy": {
                    "events": [
                        {
                            "kind": "closure",
                            "ward": "M1",
                            "sector": "manufacturing",
                            "jobs": 10**6,
                            "date": "2006-05-08",
                        }
                    ]
                }
            },
            "more than the",
        ),
    ],
)
def test_what_cannot_be_simulated_is_said_in_one_line(change, message):
    with pytest.raises(InputError, match=message) as caught:
        simulate(Config.from_mapping({**SETTINGS, **change}), 0)
    assert all("\n" not in problem for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("file", "is_new"),
    [
        ("simulation/labour/hiring.py", True),
        ("simulation/record/reporters.py", True),
        ("simulation/results/labour_market.py", False),
        ("conf/area/two_towns/wards.csv", True),
        ("conf/tariffs/work_programme.yaml", True),
        ("conf/providers/types.csv", True),
        ("conf/experiment/queue_strength.yaml", False),
        ("conf/launcher/slurm.yaml", False),
        ("conf/hiring/stigma.yaml", False),
        ("simulation/report/figures/style.py", False),
        ("simulation/report/page_of_comparison.py", False),
    ],
)
def test_an_edit_makes_stored_runs_stale_only_if_results_can_depend_on_it(tmp_path, file, is_new):
    root = Path(__file__).parents[1]
    for folder in ("simulation", "conf"):
        shutil.copytree(
            root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    assert source_digest(tmp_path) == code_version()
    with (tmp_path / file).open("a") as edited:
        edited.write("\n")
    assert (source_digest(tmp_path) != code_version()) == is_new


def test_a_reference_world_of_other_people_an_agent_is_refused():
    settings = {"area": {"name": "two_towns"}, "weeks": 4, "regime": {"name": "aligned"}}
    other = simulate(Config.from_mapping({**SETTINGS, "weeks": 4}), 3).tables[MARKETS]
    config = Config.from_mapping({**settings, "people_per_agent": 4})
    with pytest.raises(InputError, match="of another area or people_per_agent"):
        simulate(config, 3, reference=other)
