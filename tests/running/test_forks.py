"""Works with a past in common do it once, and their results are those of runs done alone."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.models import LABOUR_MARKET
from experiments.running import going_on as going
from experiments.running.execution import run_works
from experiments.running.forks import weeks_of, with_forks
from experiments.running.launchers import LauncherSettings
from experiments.running.plan import plan_of
from experiments.running.work import make_work, run_work
from experiments.store import Store
from experiments.store.histories import histories_of
from experiments.store.kept_beside import KeptBeside
from simulation.finished.run import Run

SMALL = {
    "area.name": "two_towns",
    "people_per_agent": 8,
    "start": "2007-09-03",
    "partnership.start": "2007-09-03",
    "regime.start_up_weeks": 10,
    "closure.response": 0.0,
    "weeks": 40,
}
IN_PROCESS = LauncherSettings(name="in_process")


def works(*regimes, seeds=(1,), folder=None, **more):
    return [
        make_work(
            LABOUR_MARKET,
            SMALL | {"regime.name": regime} | more,
            seed,
            name=f"{regime}, seed {seed}",
            people=True,
            folder=None if folder is None else folder / f"{regime}{seed}",
        )
        for seed in seeds
        for regime in regimes
    ]


def told(weeks):
    assert weeks >= 0


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", create=True).folder


def states(store):
    return sorted(histories_of(store).folder.glob("*.state"))


def test_a_past_in_common_counts_once_in_what_is_to_do():
    """Aligned and pooled are one run until money is planned again, after 18 of 40 weeks."""
    asked = works("none", "aligned", "pooled", seeds=(1, 2))
    assert sorted(weeks_of(with_forks(asked))) == [22, 22, 40, 40, 40, 40]
    assert weeks_of(asked) == [40] * 6
    plan = plan_of(asked, store=None, launcher=IN_PROCESS, measure=True)
    alone = plan_of(asked, store=None, launcher=IN_PROCESS, measure=True, is_kept=False)
    assert "weeks that runs have in common, 15%, once" in plan.text()
    assert "in common" not in alone.text()


def test_the_first_of_a_family_goes_before_the_rest():
    """2008-01-07, when money is planned again, is 18 weeks after the first day."""
    ordered = with_forks(works("none", "aligned", "prime_contractor", "pooled", seeds=(1, 2)))
    assert [work.name for work in ordered[-2:]] == ["pooled, seed 1", "pooled, seed 2"]
    forks = {work.name: work.forks for work in ordered}
    assert forks["none, seed 1"] == forks["prime_contractor, seed 2"] == ()
    assert [week for week, _ in forks["aligned, seed 1"]] == [18]
    assert forks["aligned, seed 1"] == forks["pooled, seed 1"] != forks["pooled, seed 2"]


def test_a_family_within_a_family_has_forks_of_its_own():
    own = works("aligned") + works("aligned", **{"regime.core_team_gbp": 0.0})
    late = works("aligned", **{"regime.start_up_weeks": 26})
    late += works("pooled", **{"regime.start_up_weeks": 26})
    weeks = [[week for week, _ in work.forks] for work in with_forks([*own, *late])]
    assert sorted(weeks) == [[18], [18], [18, 31], [18, 31]]


def test_help_that_begins_later_shares_the_past_of_no_support_and_at_once_none():
    aid = "interventions.employer_brokerage"
    helped = {f"{aid}.active": True, f"{aid}.places": 9}
    late = helped | {f"{aid}.start": "2008-01-07"}
    arms = [*works("none"), *works("none", **late), *works("none", **helped)]
    weeks = sorted([week for week, _ in work.forks] for work in with_forks(arms))
    assert weeks == [[], [18], [18]]


def test_arms_that_go_on_are_what_they_are_alone(tmp_path, store):
    arms = works("fragmented", "pooled", folder=tmp_path / "shared")
    run_works(
        arms,
        store=Store(store),
        launcher=LauncherSettings(name="in_process"),
        experiment="e",
        is_done=lambda work: False,
    )
    assert not histories_of(store).folder.exists()
    for work in works("fragmented", "pooled", folder=tmp_path / "alone"):
        run_work(work, None, experiment="e", tell=told)
    for name, since in (("fragmented1", None), ("pooled1", 18)):
        shared, alone = (Run.load(tmp_path / each / name) for each in ("shared", "alone"))
        assert shared.manifest.get("went_on_from_week") == since
        for frame, table in alone.tables.items():
            pd.testing.assert_frame_equal(shared.tables[frame], table, check_exact=True)
        pd.testing.assert_frame_equal(shared.monthly, alone.monthly, check_exact=True)


def test_seconds_kept_are_those_of_all_weeks_without_the_reference_world(store, monkeypatch):
    """By a clock that goes a second a week, also while the world without support is simulated."""
    seconds = [0.0]

    def tell(weeks):
        seconds[0] += 1.0

    monkeypatch.setattr("experiments.running.work.perf_counter", lambda: seconds[0])
    arms = with_forks(works("fragmented", "pooled", **{"closure.response": 0.3}))
    for work in arms:
        run_work(work, store, experiment="e", tell=tell)
    assert seconds == [40 + 40 + 22]
    assert Store(store).runs(keys=[work.key for work in arms])["seconds"].tolist() == [40, 40]


def test_a_killed_run_goes_on_where_it_was(tmp_path, store, monkeypatch):
    monkeypatch.setattr(going, "SECONDS", -1.0)
    (work,) = works("none", folder=tmp_path)

    def kill(weeks):
        if weeks == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_work(work, store, experiment="e", tell=kill)
    assert len(states(store)) == 1
    run_work(work, store, experiment="e", tell=told)
    assert not states(store)
    found = Run.load(work.folder)
    assert found.manifest["went_on_from_week"] == 24
    (alone,) = works("none", folder=tmp_path / "alone")
    run_work(alone, None, experiment="e", tell=told)
    assert found.monthly.equals(Run.load(alone.folder).monthly)


def test_states_are_bounded_and_the_oldest_go_first(tmp_path):
    kept = KeptBeside(tmp_path, ".state", 10, most_bytes=250)
    for key in ("a", "b", "c"):
        kept.keep(key, key.encode() * 100)
        assert kept.read(key) == key.encode() * 100
    assert [kept.has(key) for key in "abc"] == [False, True, True]
    kept.keep("d", b"d" * 251)
    assert not kept.has("d")
    kept.keep("c", b"new")
    assert kept.read("c") == b"new"
    assert len(list(tmp_path.iterdir())) <= 2


def test_a_damaged_state_is_no_state(tmp_path):
    kept = KeptBeside(tmp_path, ".state", 10)
    kept.keep("a", b"whole")
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"whol")
    assert kept.read("a") is None
    assert not kept.has("a")
