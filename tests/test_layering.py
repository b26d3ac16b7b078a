"""The house has floors: read from its folders and sources, so that nothing has to be imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("simulation", "experiments")
OURS = ("simulation.", "experiments.")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
ROOMS = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).iterdir()
    if path.is_dir() and any(path.rglob("*.py"))
)
MOST_AT_THE_ENTRANCE = {"simulation": 8, "experiments": 4}
LIVE = {"agents", "labour", "policies", "support", "record", "model", "runner"}
"""Rooms and files of the entrance where a run goes on."""
FRAMES_IN = {"results", "report", "finished"}
"""Rooms that read frames of finished runs and nothing else."""
LIBRARIES = {
    "SALib": "sensitivity",
    "sklearn": "studies",
    "duckdb": "store",
    "filelock": "files",
    "submitit": "running",
    "distributed": "running",
    "hydra": "words",
    "omegaconf": "words",
}
"""Which room alone knows a library."""
REGIME_NAMES = {"fragmented", "aligned", "prime_contractor", "co_commissioned", "devolved"}
"""The sixth, pooled, is a word of the books of money too."""


def _name(path: Path) -> str:
    """Dotted name of a module, a package's without `__init__`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _room(name: str) -> str:
    """Room of a module: its folder in its package, or the module where it lies at the entrance."""
    return ".".join(name.split(".")[:2])


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names of what is imported; `from a import b` gives a.b as well as a."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_time_imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names of what is imported, late or not, but for what only checkers of types read."""
    if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING":
        return
    if isinstance(tree, ast.Import | ast.ImportFrom):
        yield from _imports(tree)
    for child in ast.iter_child_nodes(tree):
        yield from _run_time_imports(child)


MODULES = {_name(path): path for path in SOURCES}
IMPORTS = {
    name: (set(MODULES) & set(_run_time_imports(_tree(path)))) - {name, *PACKAGES}
    for name, path in MODULES.items()
    # What a package offers by name is looked up when it is asked for.
    if name not in PACKAGES
}


def _named(name: str) -> set[str]:
    """Whatever a module imports, for checkers of types as well."""
    return set(_imports(_tree(MODULES[name])))


def _roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def _of(*rooms: str) -> list[str]:
    """Modules of some rooms or packages."""
    return [name for name in MODULES if name.startswith(rooms)]


def test_a_room_imports_only_rooms_below_it():
    arrows: dict[str, set[str]] = {}
    for name, imported in IMPORTS.items():
        arrows.setdefault(_room(name), set()).update(map(_room, imported))
    graph = {room: below - {room} for room, below in arrows.items()}
    # Raises CycleError, which names the circle.
    assert list(TopologicalSorter(graph).static_order())


def test_no_modules_import_each_other_in_a_circle():
    assert list(TopologicalSorter(IMPORTS).static_order())


@pytest.mark.parametrize("package", PACKAGES)
def test_few_files_lie_at_the_entrance(package):
    assert len(list((ROOT / package).glob("*.py"))) <= MOST_AT_THE_ENTRANCE[package]


def test_no_file_repeats_the_name_of_its_room():
    repeating = [path for path in SOURCES if path.parent.name in path.stem.split("_")]
    assert not repeating


def test_tests_mirror_the_rooms():
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    assert folders <= {room.name for room in ROOMS}


def test_the_model_knows_nothing_of_the_command_line():
    strange = {"experiments", "hydra", "omegaconf", "SALib", "conf", "tests"}
    assert not {name for name in _of("simulation") if _roots(_named(name)) & strange}


def test_what_reads_frames_never_sees_a_live_model():
    live = {f"simulation.{room}" for room in LIVE}
    frames_in = _of(*(f"simulation.{room}" for room in FRAMES_IN))
    assert not {name for name in frames_in if set(map(_room, _named(name))) & live}


def test_pages_of_studies_know_nothing_of_how_they_were_run():
    allowed = ("experiments.study_report", "simulation.report", "simulation.errors")
    for name in _of("experiments.study_report"):
        named = _named(name)
        assert not _roots(named) & {"mesa", "dask", *LIBRARIES}, name
        assert all(each.startswith(allowed) for each in named if each.startswith(OURS)), name


def test_a_library_is_known_in_one_room():
    for name in MODULES:
        known = _roots(_named(name)) & set(LIBRARIES)
        room = _room(name).rpartition(".")[2]
        assert not {library for library in known if LIBRARIES[library] != room}, name


def test_there_is_no_star_import():
    assert not {name for name in MODULES if any(each.endswith(".*") for each in _named(name))}


def test_the_model_imports_at_the_top_of_files_only():
    for name in _of("simulation"):
        functions = [
            node
            for node in ast.walk(_tree(MODULES[name]))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        assert not [each for function in functions for each in _imports(function)], name


def _strings(tree: ast.Module) -> set[str]:
    """Text the code of a module works with, comments and docstrings apart."""
    aside = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in aside
    }


def test_nothing_but_the_regimes_knows_which_regime_is_running():
    may = ("simulation.policies.regimes", "simulation.results", "simulation.report")
    others = [name for name in _of("simulation") if not name.startswith(may)]
    assert not {name for name in others if _strings(_tree(MODULES[name])) & REGIME_NAMES}
