"""The suite covers every operation of the contract."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from graph.contract import Reader, Store, Transaction

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__))
OPERATIONS = {
    f"{protocol.__name__}.{name}"
    for protocol in (Reader, Transaction, Store)
    for name in vars(protocol)
    if not name.startswith("_")
}


def covered(module: str) -> tuple[str, ...]:
    names: tuple[str, ...] = import_module(f"{__package__}.{module}").COVERS
    return names


def test_every_operation_is_covered() -> None:
    assert {name for module in MODULES for name in covered(module)} == OPERATIONS


@pytest.mark.parametrize("module", MODULES)
def test_a_module_uses_what_it_says_it_covers(module: str) -> None:
    folder = Path(__file__).parent
    trees = [ast.parse((folder / name).read_text("utf-8")) for name in (f"{module}.py", "company.py")]
    used = {n.attr for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert [name for name in covered(module) if name.split(".")[1] not in used] == []
