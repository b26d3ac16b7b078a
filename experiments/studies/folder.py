"""The folder of a study: tables and page, written whole, and what it takes to repeat it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.files.folders import check_free, check_writable, is_listed
from experiments.files.replacing import json_text, read_json
from experiments.store import Store
from experiments.store.keys import NO_RESULT, text_digest
from experiments.studies.factors import as_mapping
from experiments.studies.preparation import Study
from experiments.studies.registry import entries_of
from experiments.studies.settings import FOLDER, FREE
from experiments.studies.sizes import PLAIN
from simulation.files.placing import put_folder

if TYPE_CHECKING:
    from experiments.studies.rounds import Findings

MANIFEST, DESIGN, RUNS = "manifest.json", "design.csv", "runs.parquet"
DIGITS = 8
"""Of the digest by which studies without a name are told apart."""
CIRCUMSTANCES = (
    "title",
    "question",
    "launcher",
    "store",
    "output",
    "overwrite",
    "plan",
    "page",
    "chosen_factors",
    "sizes",
)
"""Settings that say how and where and in what words: the same study may be run with others."""


def study_folder(study: Study) -> Path:
    """Return the folder of a study: `output`, or that of its experiment and size.

    One without a name has a folder of its own, called by its method and digits of what it asks.
    """
    size = study.settings.size
    name = study.name
    if name == FREE:
        name = f"{study.settings.method}-{identity(study)[:DIGITS]}"
    name = name if size == PLAIN else f"{name}-{size}"
    return Path(study.settings.output or Path(FOLDER, name)).expanduser()


def identity(study: Study) -> str:
    """Return a digest of what is asked: questions, values, tables, code, not the seeds it took."""
    said = study.settings.model_dump(mode="json", exclude=set(CIRCUMSTANCES))
    base = {name: value for name, value in study.base.items() if name not in NO_RESULT}
    factors, version = as_mapping(study.factors), study.model.version()
    content = [study.name, said, base, factors, version, _contents(study)]
    text = json.dumps(content, sort_keys=True, default=str)
    return text_digest(text)


def _contents(study: Study) -> dict[str, str]:
    """Return the digest of every file of the user's that the base or a choice names."""
    changes = [
        {},
        *(
            factor.changes(value, study.variations)
            for factor in study.factors
            for value in factor.choices
        ),
    ]
    found: dict[str, str] = {}
    for each in changes:
        found |= study.model.inputs(study.model.complete({**study.base, **each}))
    return found


def check_folder(study: Study, folder: Path | None = None) -> Path:
    """Refuse a folder that holds anything but this very study, unless it may be overwritten.

    Parameters
    ----------
    study : Study
    folder : Path, optional
        Instead of its own.

    Raises
    ------
    InputError
        In one line.
    """
    folder = study_folder(study) if folder is None else folder.expanduser()
    check_writable(folder)
    if not _holds(folder, identity(study)):
        check_free(folder, overwrite=study.settings.overwrite)
    return folder


def _holds(folder: Path, same: str) -> bool:
    try:
        return is_listed(folder) and read_json(folder / MANIFEST).get("identity") == same
    except (OSError, ValueError):
        return False


def write_study(
    folder: Path, study: Study, findings: Findings, tables: Mapping[str, pd.DataFrame], **facts: Any
) -> None:
    """Write the folder of a study elsewhere, then put it in its place.

    Parameters
    ----------
    folder : Path
        What its list names is replaced if it is there.
    study, findings, tables
        What was asked, what came of it, tables by name.
    **facts
        Further entries of the manifest.
    """
    # Late: Matplotlib, for the figures, is slow to import, and a plan or a refusal draws none.
    from experiments.study_report import write_study_page

    def write(new: Path) -> None:
        text = json_text({**_manifest(study, findings), **facts})
        (new / MANIFEST).write_text(text, encoding="utf-8")
        study.design.points.to_csv(new / DESIGN)
        findings.runs.to_parquet(new / RUNS, compression="zstd", index=False)
        for name, table in tables.items():
            table.to_csv(new / f"{name}.csv", index=False)
        if study.settings.page:
            write_study_page(new)

    put_folder(folder, write)


def _manifest(study: Study, findings: Findings) -> dict[str, Any]:
    """Return what the study was: enough to repeat it and to read its tables."""
    settings, model = study.settings, study.model
    units, labels, definitions = model.units(), model.labels(), model.definitions()
    entries = entries_of(model)
    return {
        "identity": identity(study),
        "experiment": study.name,
        "title": settings.title,
        "question": settings.question,
        "model": model.name,
        "method": settings.method,
        "size": settings.size,
        "samples": settings.samples,
        "levels": settings.levels,
        "emulator": settings.emulator,
        "groups": settings.groups,
        "factors": {
            name: {**said, "meaning": entries[name].meaning if name in entries else ""}
            for name, said in as_mapping(study.factors).items()
        },
        "outcomes": {
            name: {
                "label": labels[name],
                "unit": units[name],
                "better": settings.better.get(name),
                "definition": definitions[name],
            }
            for name in settings.outcomes
        },
        "baseline": study.baseline,
        "policies": settings.policies,
        "n_points": len(study.design.points),
        "seeds": sorted(map(int, findings.runs["seed"].unique())),
        "n_runs": int(findings.runs["key"].nunique()),
        "n_new": findings.n_new,
        "rule": settings.model_dump(include={"seeds", "most_seeds", "half_width"}),
        "enough": bool(findings.noise["enough"].all()),
        "design_seed": settings.design_seed,
        "notes": notes_of(study, findings.noise),
        "settings": settings.model_dump(mode="json"),
        "base": study.base,
        "config": model.complete(study.base),
        "versions": model.versions(),
        "commit": model.commit(),
        "code_version": model.version(),
    }


def notes_of(study: Study, noise: pd.DataFrame) -> list[str]:
    """Say what to beware of: of the design, then of each outcome."""
    labels = study.model.labels()
    of_outcomes = [
        f"{labels[row['outcome']]}: {row['note']}"
        for row in noise.to_dict("records")
        if row["note"] and not row["enough"]
    ]
    of_model = study.model.notes(study.model.complete(study.base))
    return [*study.design.notes, *of_model, *of_outcomes]


def keys_digest(store: Store, keys: Sequence[str]) -> dict[str, str]:
    """Return where the runs are kept and a digest of which they are."""
    return {
        "store": str(store.folder),
        "keys_digest": text_digest("\n".join(sorted(set(keys)))),
    }
