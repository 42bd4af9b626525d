"""The house keeps its rules: layers, faces, sizes, READMEs."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("schema", "graph", "ingest", "algorithms", "api")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
FOLDERS = sorted({path.parent for path in MODULES if (path.parent / "__init__.py").exists()})
SOURCES = sorted(
    path
    for folder in (*PACKAGES, "tests", "benchmarks", "examples", "docs", "web/src", "web/tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".md", ".yaml", ".ts", ".tsx", ".css") and ".generated" not in path.name
)
WEB = sorted({path.parent for path in (ROOT / "web" / "src").rglob("*.ts")} - {ROOT / "web" / "src"})
NAMES = {path.name for folder in (*PACKAGES, "tests") for path in (ROOT / folder).rglob("*.*")}
LONGEST = 400
DATA = ("wordings", "corpus", "taxonomy.yaml", "connectives.yaml", "core.yaml")  # texts, not code


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_this_repository_s_own(package: str) -> None:
    # PyPI has packages with some of these names.
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).parent == ROOT / package


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_no_file_is_too_long(path: Path) -> None:
    if not any(part in DATA for part in path.parts):
        assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("folder", FOLDERS, ids=relative)
def test_a_folder_s_face_is_what_it_says(folder: Path) -> None:
    tree = ast.parse((folder / "__init__.py").read_text("utf-8"))
    public = {
        name.asname or name.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES
        for name in node.names
    }
    module = importlib.import_module(".".join(folder.relative_to(ROOT).parts))
    declared = set(getattr(module, "__all__", ()))
    assert declared <= set(dir(module))
    assert public <= declared


@pytest.mark.parametrize("folder", FOLDERS, ids=relative)
def test_a_folder_has_a_readme_that_names_its_modules(folder: Path) -> None:
    readme = folder / "README.md"
    assert readme.exists(), f"{relative(folder)} has no README.md"
    text = readme.read_text("utf-8")
    for module in folder.glob("*.py"):
        if module.name != "__init__.py":
            assert module.name in text, f"{module.name} is not in {relative(readme)}"


@pytest.mark.parametrize("folder", WEB, ids=relative)
def test_a_folder_of_the_web_has_a_readme_that_names_its_modules(folder: Path) -> None:
    text = (folder / "README.md").read_text("utf-8")
    for module in folder.glob("*.ts*"):
        assert ".generated" in module.name or module.name in text, module.name


@pytest.mark.parametrize("readme", sorted(p for f in FOLDERS for p in f.glob("README.md")), ids=relative)
def test_a_readme_names_only_what_is_there(readme: Path) -> None:
    for name in re.findall(r"`([\w./-]+\.(?:py|yaml|npz|tsv))`", readme.read_text("utf-8")):
        assert (readme.parent / name).exists() or (ROOT / name).exists() or name in NAMES, name


def test_no_import_cycle_between_modules() -> None:
    graph = grimp.build_graph(*PACKAGES)
    following = {
        module: {
            other
            for other in graph.find_modules_directly_imported_by(module)
            if other != module and not is_face(other, module)
        }
        for module in graph.modules
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path[path.index(module) :], module))
        if module in done:
            return
        for other in sorted(following[module]):
            visit(other, (*path, module))
        done.add(module)

    for module in sorted(graph.modules):
        visit(module, ())


def is_face(other: str, module: str) -> bool:
    """Tell whether `other` is the package that `module` lies in."""
    return module.startswith(other + ".")
