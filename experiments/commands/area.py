"""`pathfinder area import` and `pathfinder area check`: area folders made and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.files.folders import check_free
from experiments.files.locks import held
from experiments.words.application import Job
from experiments.words.composition import read_settings
from simulation.categories import BENEFIT_STATES, STATES
from simulation.config import Group
from simulation.errors import InputError

if TYPE_CHECKING:
    from simulation.inputs.area import Area


class ImportSettings(Group):
    """What `pathfinder area import` takes."""

    recipe: dict[str, Any]
    data: str
    evidence: str
    output: str | None = None
    overwrite: bool = False


class CheckSettings(Group):
    """What `pathfinder area check` takes."""

    folder: str | None = None


def execute_import(mapping: dict[str, Any], job: Job) -> None:
    """Make an area folder from public tables.

    Raises
    ------
    InputError
        If a folder, a file or a line of evidence is missing, or targets contradict one another.
    """
    # Late: fitting tables to margins takes libraries that checking an area does not.
    from experiments.make_inputs.area import import_area
    from experiments.make_inputs.area.recipe import check_recipe
    from simulation.inputs.area import load_area

    settings = read_settings(mapping, ImportSettings)
    data, evidence = Path(settings.data).expanduser(), Path(settings.evidence).expanduser()
    missing = [
        f"{key}={folder}: no such folder; give {key}= the folder of public tables"
        for key, folder in (("data", data), ("evidence", evidence))
        if not folder.is_dir()
    ]
    if missing:
        raise InputError(missing)
    check_recipe(settings.recipe)
    output = settings.output or Path("results", "areas", settings.recipe["name"])
    output = Path(output).expanduser()
    check_free(output, overwrite=settings.overwrite)
    with held(output):
        check_free(output, overwrite=settings.overwrite)
        import_area(settings.recipe, data=data, evidence=evidence, output=output)
    print(describe(load_area(output)))
    print(f"\nArea: {output} (margins asked and reached: {output / 'margins.csv'})")
    print(f"Use it: pathfinder run area.folder={output}")


def execute_check(mapping: dict[str, Any], job: Job) -> None:
    """Read an area folder and say who lives there.

    Raises
    ------
    InputError
        One line for each problem in it.
    """
    settings = read_settings(mapping, CheckSettings)
    if settings.folder is None:
        raise InputError("folder= is missing; give the area folder, such as folder=my_area")
    # Late: what checks the tables takes longer to import than to read what was typed.
    from simulation.inputs.area import load_area

    print(describe(load_area(settings.folder)))


def describe(area: Area) -> str:
    """Return what an area holds in a few lines to print."""
    wards = area.wards
    residents = int(wards["residents"].sum())
    claimants = int(wards[[STATES[state] for state in BENEFIT_STATES]].to_numpy().sum())
    rows = (
        ("wards", f"{area.n_wards}, of them {int(area.priority.sum())} priority wards"),
        ("districts", ", ".join(area.districts)),
        ("residents aged 16 to 64", f"{residents:,}"),
        ("employed", f"{100 * wards['employed'].sum() / residents:.1f} per cent"),
        ("on out-of-work benefits", f"{100 * claimants / residents:.1f} per cent"),
        ("jobs", f"{int(area.jobs.sum()):,}"),
        ("commuting", "gravity" if area.commuting is None else "a table of flows"),
    )
    return "\n".join([area.name, *(f"  {name:<26}{value}" for name, value in rows)])
