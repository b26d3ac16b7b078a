"""Imports run one way: read from the source, so that nothing has to be imported for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SIMULATION = sorted((ROOT / "simulation").rglob("*.py"))
EXPERIMENTS = sorted((ROOT / "experiments").rglob("*.py"))

LAYERS = (
    {"errors", "categories", "compile", "outcomes", "geography"},
    {"config", "streams", "headlines", "indicators", "national_indicators"},
    {
        "area_schema",
        "area",
        "local_events",
        "demand",
        "table_columns",
        "named_wards",
        "policies",
        "agents.columns",
    },
    {
        "agents.groups",
        "benefits",
        "dated_rates",
        "economy",
        "first_day",
        "hiring",
        "hiring_rules",
        "labour",
        "matching",
        "population",
        "rates",
        "search",
    },
    {
        "agents.clients",
        "agents.providers",
        "client_records",
        "contract_columns",
        "effort",
        "funding",
        "inputs",
        "hand_over",
        "helped",
        "journey",
        "money",
        "money_books",
        "need",
        "provider_market",
        "provider_tables",
        "referrals",
        "sustainment",
    },
    {"policies.situation", "policies.regimes", "policies.interventions", "partnership"},
    {"commissioning", "caseload"},
    {
        "agents",
        "agents.claimants",
        "agents.employers",
        "books",
        "support_system",
        "people_record",
        "recorder",
        "reporters",
        "support_record",
        "support_set_up",
    },
    {"model"},
    {"runner"},
    {
        "additionality",
        "comparison",
        "creaming",
        "detectable",
        "figures",
        "findings",
        "gross_to_net",
        "journey_flows",
        "journey_outcomes",
        "journeys",
        "page",
        "provision",
        "report",
        "report_inputs",
        "support_indicators",
        "support_outcomes",
        "support_tables",
        "unit_costs",
        "verdicts",
    },
)
"""Low to high. A module imports from its own layer or below; packages stand for their modules.

The labour market stands below support: it knows nothing of it but the columns it is handed.
"""
FRAMES_IN = LAYERS[-1] | {"headlines", "indicators", "national_indicators"}
LIVE = {
    "agents",
    "caseload",
    "commissioning",
    "support_system",
    "matching",
    "model",
    "people_record",
    "population",
    "recorder",
    "reporters",
    "runner",
    "support_record",
    "support_set_up",
}
REGIME_NAMES = {"fragmented", "aligned", "prime_contractor", "co_commissioned"}
"""The fifth, pooled, is a word of the books of money too."""
MAY_NAME_REGIMES = FRAMES_IN | {"policies.regimes"}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT / "simulation").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _layer(module: str) -> int:
    """Layer of a module of the package, by its own name or its package's."""
    candidates = (module, module.rpartition(".")[0], module.partition(".")[0])
    for candidate in candidates:
        for number, names in enumerate(LAYERS):
            if candidate in names:
                return number
    raise AssertionError(f"simulation.{module} stands in no layer; add it to LAYERS")


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


def _modules(tree: ast.AST) -> set[str]:
    """Modules of `simulation` that are imported, without the package's name."""
    known = {_name(path) for path in SIMULATION}
    found = {name.removeprefix("simulation.") for name in _imports(tree) if "simulation." in name}
    return found & known


@pytest.mark.parametrize("path", SIMULATION, ids=_name)
def test_simulation_imports_no_experiments_no_hydra_and_no_salib(path):
    roots = {name.partition(".")[0] for name in _imports(_tree(path))}
    assert not roots & {"experiments", "hydra", "omegaconf", "SALib", "conf", "tests"}


@pytest.mark.parametrize("path", [path for path in SIMULATION if _name(path)], ids=_name)
def test_imports_within_simulation_run_from_high_to_low(path):
    own = _layer(_name(path))
    above = {module for module in _modules(_tree(path)) if _layer(module) > own}
    assert not above


@pytest.mark.parametrize("path", SIMULATION, ids=_name)
def test_what_reads_frames_never_sees_a_live_model(path):
    if _name(path).partition(".")[0] in FRAMES_IN:
        assert not {name.partition(".")[0] for name in _modules(_tree(path))} & LIVE


@pytest.mark.parametrize("path", SIMULATION + EXPERIMENTS, ids=str)
def test_there_is_no_star_import(path):
    stars = [
        node
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert not stars


@pytest.mark.parametrize("path", SIMULATION, ids=_name)
def test_simulation_imports_at_the_top_of_files_only(path):
    inside = [
        node
        for function in ast.walk(_tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside


ROOMS = {
    "store": set(),
    "sensitivity": set(),
    "models": {"hints", "support", "values"},
    "work": {"errors", "models", "replacing", "store", "values"},
    "launchers": {"errors", "store", "work"},
    "plan": {"errors", "launchers", "models", "store", "work"},
    "execution": {"errors", "launchers", "plan", "progress", "store", "work"},
    "study_figures": set(),
    "study_page": {"study_figures"},
}
"""What each room of the way from works to pages may import of the others."""
LIBRARIES = {
    "SALib": {"sensitivity"},
    "sklearn": {"emulator", "emulator_fits"},
    "duckdb": {"store"},
    "filelock": {"store"},
    "submitit": {"launchers"},
    "distributed": {"launchers"},
    "hydra": {"application", "composition", "hydra_plugins", "variations", "words"},
}
"""Where in `experiments` a library is known."""


def _room(path: Path) -> str:
    return path.relative_to(ROOT / "experiments").with_suffix("").parts[0]


@pytest.mark.parametrize("path", EXPERIMENTS, ids=str)
def test_rooms_of_experiments_import_one_way_and_libraries_stay_in_theirs(path):
    room, names = _room(path), set(_imports(_tree(path)))
    others = {name.split(".")[1] for name in names if name.startswith("experiments.")} - {room}
    assert room not in ROOMS or others <= ROOMS[room]
    roots = {name.partition(".")[0] for name in names}
    assert {library for library in LIBRARIES if library in roots} <= {
        library for library, rooms in LIBRARIES.items() if room in rooms
    }


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _run_time_imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names of what is imported, late or not, but for what only checkers of types read."""
    if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING":
        return
    if isinstance(tree, ast.Import | ast.ImportFrom):
        yield from _imports(tree)
    for child in ast.iter_child_nodes(tree):
        yield from _run_time_imports(child)


def test_no_modules_of_experiments_import_each_other_in_a_circle():
    known = {_module(path) for path in EXPERIMENTS}
    imports = {
        _module(path): (known & set(_run_time_imports(_tree(path)))) - {_module(path)}
        for path in EXPERIMENTS
        # The package itself offers one function, from the middle of the house.
        if path.parent.name != "experiments" or path.stem != "__init__"
    }
    # Raises CycleError, which names the circle.
    list(TopologicalSorter(imports).static_order())


PAGES = [path for path in EXPERIMENTS if path.parent.name in ("study_figures", "study_page")]
"""What draws and tells of studies, from saved tables."""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_figures_and_pages_of_studies_know_nothing_of_how_they_were_run(path):
    roots = {name.partition(".")[0] for name in _imports(_tree(path))}
    assert not roots & {"SALib", "hydra", "omegaconf", "duckdb", "sklearn", "dask", "mesa"}
    own = {name for name in _imports(_tree(path)) if name.startswith("experiments")}
    rooms = ("experiments.study_figures", f"experiments.{path.parent.name}")
    assert all(name.startswith(rooms) for name in own)
    ours = {name for name in _imports(_tree(path)) if name.startswith("simulation")}
    frames = ("simulation.figures.style", "simulation.figures.saving", "simulation.page")
    frames += ("simulation.errors",)
    assert all(name.startswith(frames) for name in ours)


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


@pytest.mark.parametrize("path", SIMULATION, ids=_name)
def test_nothing_but_the_regimes_knows_which_regime_is_running(path):
    name = _name(path)
    known = {name, name.rpartition(".")[0], name.partition(".")[0]}
    if not known & MAY_NAME_REGIMES:
        assert not _strings(_tree(path)) & REGIME_NAMES
