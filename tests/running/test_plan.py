"""What is to be done is told before it is done, and nothing is written for it."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from experiments.models.known_answers import KnownAnswer
from experiments.models.labour_market import LabourMarketModel
from experiments.running.execution import run_works
from experiments.running.launchers import LauncherSettings
from experiments.running.plan import (
    BYTES_A_RUN,
    BYTES_A_WEEK,
    MEASURED_WEEKS,
    SECONDS_TO_KEEP,
    plan_of,
)
from experiments.running.room import check_room
from experiments.running.work import make_work
from experiments.store import Store
from experiments.studies.works import Works
from simulation.errors import MachineError

IN_PROCESS = LauncherSettings(name="in_process")
NAP = 0.05


def works_of(n: int, *, sleep: float = NAP):
    return [
        make_work("ishigami", {"x1": place / 10, "sleep": sleep}, 1, name=f"x1={place / 10}")
        for place in range(n)
    ]


def test_a_plan_counts_what_is_there_and_what_is_there_twice_once(tmp_path):
    store = Store(tmp_path / "store", create=True)
    works = works_of(5)
    run_works(works[:2], store=store, launcher=IN_PROCESS, experiment="a")
    plan = plan_of([*works, works[0]], store=store, launcher=IN_PROCESS)
    assert (plan.n_runs, plan.n_kept, plan.n_missing) == (5, 2, 3)
    assert plan.text().splitlines()[1] == "2 are there already, 3 are to do"


def test_seconds_come_from_similar_runs_in_the_store(tmp_path):
    store = Store(tmp_path / "store", create=True)
    run_works(works_of(3), store=store, launcher=IN_PROCESS, experiment="a")
    known = store.seconds("ishigami")["seconds"].median()
    plan = plan_of(works_of(9), store=store, launcher=IN_PROCESS, measure=True)
    assert plan.seconds == pytest.approx(known)
    assert plan.seconds > NAP
    assert plan.wall_seconds == pytest.approx(6 * (known + SECONDS_TO_KEEP))
    assert plan.basis == "median of 3 similar runs in the store"


class Clock:
    """Stands where nobody moves it, however busy the machine."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def pretend(monkeypatch):
    """Have runs take the seconds of an iterator, by a clock of their own."""

    def set_seconds(seconds, *, is_compiled=True):
        clock, run = Clock(), KnownAnswer.run

        def run_at_once(self, values, seed, **more):
            clock.now += next(seconds)
            return run(self, {**values, "sleep": 0.0}, seed, **more)

        monkeypatch.setattr("experiments.running.plan.perf_counter", clock)
        monkeypatch.setattr("simulation.compile.is_compiled", lambda: is_compiled)
        monkeypatch.setattr(KnownAnswer, "run", run_at_once)

    return set_seconds


def test_without_similar_runs_some_are_measured_or_nothing_is_said(pretend):
    pretend(iter([0.5] * 3))
    works = works_of(4)
    measured = plan_of(works, store=None, launcher=IN_PROCESS, measure=True)
    assert measured.seconds == 0.5
    assert "measured" in measured.basis
    unknown = plan_of(works, store=None, launcher=IN_PROCESS)
    assert unknown.seconds is None
    assert unknown.line() == "4 runs"


def test_several_points_are_measured_from_the_first_to_the_last(pretend):
    pretend(iter([1.0, 2.0, 6.0]))
    works = [
        make_work("ishigami", {"x1": place / 10}, seed, name="point")
        for seed in (1, 2)
        for place in range(5)
    ]
    plan = plan_of(works, store=None, launcher=IN_PROCESS, measure=True)
    assert plan.seconds == pytest.approx(3.0)
    assert plan.basis.endswith("of 3 configurations")


def test_more_than_the_disk_has_room_for_is_not_begun(tmp_path, monkeypatch):
    plan = plan_of(works_of(3), store=None, launcher=IN_PROCESS)
    needed = 3 * (BYTES_A_RUN + BYTES_A_WEEK)
    assert plan.store_bytes == needed
    free = needed
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=free))
    store = Store(tmp_path / "store", create=True)
    check_room(plan, store.folder, None)
    free -= 1
    with pytest.raises(MachineError, match="3 runs take about 14 kB"):
        run_works(works_of(3), store=store, launcher=IN_PROCESS, experiment="a")
    assert len(store) == 0


def test_a_long_run_is_measured_over_a_few_weeks_only():
    base = {"area.name": "two_towns", "people_per_agent": 10}
    works = [make_work("labour_market", {**base, "weeks": 2000, "beyond": "hold"}, 1, name="long")]
    plan = plan_of(works, store=None, launcher=IN_PROCESS, measure=True)
    assert plan.basis.endswith("measured over 8 weeks of long")
    assert plan.seconds > 0


def test_a_reference_world_is_simulated_once_and_not_taken_for_the_runs(monkeypatch):
    """A second a week: 20 of each run, and 20 of the world that two of three need."""
    clock, run, n_weeks = Clock(), LabourMarketModel.run, []

    def run_by_weeks(self, values, seed, *, tell, **more):
        def told(weeks):
            clock.now += 1.0
            n_weeks.append(weeks)
            tell(weeks)

        return run(self, values, seed, tell=told, **more)

    monkeypatch.setattr("experiments.running.plan.perf_counter", clock)
    monkeypatch.setattr(LabourMarketModel, "run", run_by_weeks)
    monkeypatch.setattr("simulation.compile.is_compiled", lambda: True)
    changes = {"area.name": "two_towns", "people_per_agent": 50, "weeks": 20}
    works = [
        make_work("labour_market", changes | {"regime.name": regime}, 1, name=regime)
        for regime in ("aligned", "none", "prime_contractor")
    ]
    for is_kept, references in ((True, (20 * 2 / 3) / 3), (False, 20 * 2 / 3)):
        n_weeks.clear()
        plan = plan_of(works, store=None, launcher=IN_PROCESS, measure=True, is_kept=is_kept)
        assert plan.seconds == pytest.approx(20 + references)
        assert len(n_weeks) == 20 + 3 * MEASURED_WEEKS


def test_a_first_run_that_has_to_compile_is_not_taken_for_the_rule(pretend):
    pretend(iter([90.0, 0.5]), is_compiled=False)
    plan = plan_of(works_of(1), store=None, launcher=IN_PROCESS, measure=True)
    assert plan.seconds == 0.5


@pytest.mark.parametrize(
    ("settings", "at_once"),
    [
        ({"name": "in_process"}, 1),
        ({"name": "processes", "processes": 3}, 3),
        ({"name": "processes", "processes": 99}, 10),
        ({"name": "slurm", "runs_per_job": 4, "slurm": {"cpus": 2}}, 6),
        ({"name": "slurm", "runs_per_job": 1, "slurm": {"jobs": 5}}, 5),
        ({"name": "dask", "dask": {"workers": 2}}, 2),
        ({"name": "dask", "dask": {"scheduler": "tcp://10.0.0.1:8786"}}, None),
    ],
)
def test_time_in_all_follows_from_how_many_runs_there_are_at_a_time(settings, at_once):
    launcher = LauncherSettings.model_validate(settings)
    plan = plan_of(works_of(10, sleep=0.01), store=None, launcher=launcher, measure=True)
    assert plan.at_once == at_once
    if at_once is None:
        assert plan.wall_seconds is None
        assert "at once as the cluster can (launcher=dask)" in plan.text()
    else:
        in_turn = math.ceil(10 / at_once)
        assert plan.wall_seconds == pytest.approx((plan.seconds + SECONDS_TO_KEEP) * in_turn)


def test_a_plan_of_a_large_grid_looks_at_some_of_its_points(pathfinder, monkeypatch):
    words = (
        "model=ishigami",
        "method=grid",
        "levels=40",
        "factors=[x1,x2,x3]",
        "seeds=2",
        "--plan",
    )
    looked_at = []
    of_seeds = Works.of_seeds

    def counted(self, seeds):
        looked_at.append(len(self.study.design.points))
        return of_seeds(self, seeds)

    monkeypatch.setattr(Works, "of_seeds", counted)
    code, out, err = pathfinder("study", *words)
    assert (code, err) == (0, [])
    assert looked_at == [2000]
    assert "0 are there already, 128000 are to do" in out
    assert any("by 2,000 of 64,000 points, evenly chosen" in line for line in out)


def test_what_runs_say_before_they_start_is_the_plan_in_one_line(tmp_path, capsys):
    store = Store(tmp_path / "store", create=True)
    run_works(works_of(2), store=store, launcher=IN_PROCESS, experiment="a")
    capsys.readouterr()
    expected = plan_of(works_of(4), store=store, launcher=IN_PROCESS).line()
    run_works(works_of(4), store=store, launcher=IN_PROCESS, experiment="a")
    assert capsys.readouterr().err.splitlines()[0] == expected
    assert expected.startswith("4 runs, 2 kept from before; ")
    assert " a run, 1 at a time: " in expected


def test_a_plan_of_a_sweep_writes_nothing(pathfinder, tmp_path):
    words = ("area=two_towns", "weeks=9", "people_per_agent=10", "seed=range(1,6)", "output=grid")
    code, out, err = pathfinder("run", "-m", *words, "--plan")
    assert (code, err) == (0, [])
    assert out[0] == "5 runs of 400 agents over 9 weeks"
    assert out[1] == "0 are there already, 5 are to do"
    assert out[-1] == "nothing has been kept or written (--plan)"
    assert list(tmp_path.iterdir()) == []


def test_a_plan_of_one_run_and_of_a_comparison_writes_nothing(pathfinder, tmp_path):
    words = ("area=two_towns", "weeks=9", "people_per_agent=10", "--plan")
    assert pathfinder("run", *words).out[0] == "1 run of 400 agents over 9 weeks"
    code, out, _ = pathfinder("compare", *words, "compare=hiring_rules", "seeds=2")
    assert code == 0
    assert out[:2] == ["10 runs of 400 agents over 9 weeks", "0 are there already, 10 are to do"]
    assert list(tmp_path.iterdir()) == []


def test_a_plan_is_told_whatever_is_in_the_folder(pathfinder, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    of_run = ("area=two_towns", "weeks=9", "people_per_agent=10", "output=out", "--plan")
    for words in (
        ("run", *of_run),
        ("run", "-m", *of_run, "seed=1,2"),
        ("compare", *of_run, "compare=hiring_rules", "seeds=1"),
        ("study", "experiment=ishigami", "output=out", "--plan"),
    ):
        code, out, _ = pathfinder(*words)
        assert code == 0
        assert any("nothing has been kept or written" in line for line in out)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_plan_by_morris_says_which_choices_it_takes(pathfinder):
    words = ("area=two_towns", "weeks=9", "people_per_agent=10", "method=morris", "samples=4")
    _, out, _ = pathfinder("study", *words, "factors=[regime,hiring.strength]", "--plan")
    (said,) = [line for line in out if line.startswith("beware: ")]
    # Places 0, 1/3, 2/3 and 1 of seven choices in alphabetical order.
    takes = "aligned, devolved, none, prime_contractor"
    assert f"regime has 7 values, of which method=morris takes 4: {takes}" in said


def test_only_commands_of_many_runs_have_a_plan(pathfinder):
    code, out, err = pathfinder("parameters", "--plan")
    assert (code, out) == (2, [])
    assert err == ["--plan: only for commands with many runs, such as pathfinder run --multirun"]


def test_levels_without_a_crossed_design_are_refused(pathfinder):
    words = ("model=ishigami", "method=morris", "factors=[x1,x2]", "levels=7")
    code, _, err = pathfinder("study", *words, "--plan")
    assert code == 2
    assert "levels=7 goes with method=factorial, grid, one_at_a_time, got morris" in err[0]
