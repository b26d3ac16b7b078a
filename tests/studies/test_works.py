"""Works of a study: one of each point and seed, each point read once."""

from __future__ import annotations

from experiments.models.known_answers import KnownAnswer
from experiments.running.work import make_work
from experiments.studies.preparation import prepare_study
from experiments.studies.works import Works
from experiments.words.composition import compose_mapping


def test_a_point_is_read_once_for_all_its_seeds(monkeypatch):
    words = ["experiment=ishigami", "samples=8"]
    study = prepare_study(compose_mapping("study", words), words)
    read, complete = [], KnownAnswer.complete
    monkeypatch.setattr(
        KnownAnswer, "complete", lambda self, changes: read.append(1) or complete(self, changes)
    )
    works = Works(study)
    made = [*works.of_seeds([1, 2]), *works.of_seeds([3])]
    n_points = len(study.design.points)
    assert len(read) == n_points and len(made) == 3 * n_points
    assert [work.seed for work in made[::n_points]] == [1, 2, 3]
    one = made[-1]
    assert one.key == make_work(one.model, one.changes, one.seed, name="").key
