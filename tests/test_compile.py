"""The cache of compiled loops: what a loop takes from elsewhere is part of its name."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TypeGuard

import simulation
from simulation.compile import compiled_sources

PACKAGE = Path(simulation.__file__).parent


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def is_loop(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and any(
        "kernel" in names_in(each) for each in node.decorator_list
    )


def taken_from_elsewhere(source: str) -> set[Path]:
    """Return the files of the package whose names the loops of a source use, or its constants."""
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name: PACKAGE.parent / (node.module or "").replace(".", "/")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simulation")
        for alias in node.names
    }
    constants = {
        target.id: names_in(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    bodies = [line for node in tree.body if is_loop(node) for line in node.body]
    used = set().union(*(names_in(line) for line in bodies))
    used |= set().union(*(constants[name] for name in used & constants.keys()))
    return {imported[name].with_suffix(".py") for name in used & imported.keys()}


def test_no_loop_takes_a_constant_from_a_file_outside_its_cache():
    counted = set(compiled_sources())
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "@kernel" in source:
            missing = {each.relative_to(PACKAGE) for each in taken_from_elsewhere(source) - counted}
            assert not missing, f"{path.relative_to(PACKAGE)}: {missing}"


def test_a_constant_from_elsewhere_is_found():
    source = "from simulation.results.marks import BIT\nLAST = 1 + BIT\n"
    source += "@kernel\ndef loop():\n    return LAST\n"
    assert taken_from_elsewhere(source) == {PACKAGE / "results" / "marks.py"}
