"""The rules of the house, held by reading the code: who may import whom, how modules are made.

The table below is the agreement. A new unit gets a row; a row is widened only with a reason in
``docs/explanation/design.md``.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "forewarn"
FOUNDATION = ("errors", "ids", "clock")
NOUNS = ("model", "taxonomy")
ROOMS = ("collect", "assess", "forecast", "warn", "respond", "account", "exchange", "learn")
EVERYTHING_BELOW = (
    *FOUNDATION,
    *NOUNS,
    *ROOMS,
    "settings",
    "config",
    "logs",
    "execution",
    "outbound",
    "store",
    "testing",
)

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "errors": (),
    "ids": ("errors",),
    "clock": ("errors",),
    "settings": FOUNDATION,
    "config": (*FOUNDATION, "settings"),
    "logs": FOUNDATION,
    "execution": FOUNDATION,
    "outbound": (*FOUNDATION, "outbound"),
    "testing": EVERYTHING_BELOW,
    "model": (*FOUNDATION, "model"),
    "taxonomy": (*FOUNDATION, "taxonomy"),
    "forecast.scoring": ("errors", "forecast.scoring"),
    **{room: (*FOUNDATION, *NOUNS, room) for room in ROOMS},
    "store": (*FOUNDATION, "model", "store"),
    "operations": (*EVERYTHING_BELOW, "operations"),
    "cli": (*FOUNDATION, "model", "operations", "config", "logs", "cli", "web"),
    "web": (*FOUNDATION, "model", "operations", "config", "logs", "web"),
    "__main__": (*FOUNDATION, "cli", "config", "logs"),
    "": (),
}
MAY_IMPORT["forecast"] += ("execution", "forecast.scoring")
MAY_IMPORT["operations"] += ("forecast.scoring",)
MAY_IMPORT["assess"] += ("execution",)
for _room in ("collect", "account", "exchange"):
    MAY_IMPORT[_room] += ("outbound",)

SCORING_LIBRARIES = {"numpy", "scipy", "scoringrules"}
FORBIDDEN_NAMES = {"utils", "helpers", "core", "common", "base", "manager", "handler"}
DEFERRED_IMPORTS = dict.fromkeys(
    (
        "cli/__init__.py",
        "execution.py",
        "assess/linkage/scoring.py",
        "respond/brief/pdf.py",
        "account/timestamps.py",
        "account/redaction_film.py",
        "operations/workspace.py",
    ),
    "importlib.import_module",
)
"""The documented seams at which code is imported late, and how."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name below ``forewarn``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unit_of(name: str) -> str:
    """The row of the table a dotted name belongs to."""
    if name == "forecast.scoring" or name.startswith("forecast.scoring."):
        return "forecast.scoring"
    return name.split(".", maxsplit=1)[0]


def imports_of(tree: ast.AST) -> list[str]:
    """Every module a tree imports, dotted."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            found += (
                [f"{node.module}.{alias.name}" for alias in node.names]
                if node.module == "forewarn"
                else [node.module or ""]
            )
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_follow_the_table(path: Path) -> None:
    """A module imports only what its row allows."""
    unit = unit_of(name_of(path))
    allowed = MAY_IMPORT[unit]
    for imported in imports_of(ast.parse(path.read_text())):
        if not imported.startswith("forewarn."):
            continue
        target = unit_of(imported.removeprefix("forewarn."))
        assert target in allowed, f"{name_of(path)} imports {imported}"


@pytest.mark.parametrize("unit", FOUNDATION)
def test_foundation_needs_only_the_standard_library(unit: str) -> None:
    """The foundation stands on Python alone."""
    tree = ast.parse((PACKAGE / f"{unit}.py").read_text())
    roots = {name.split(".")[0] for name in imports_of(tree)} - {"forewarn"}
    assert roots <= set(sys.stdlib_module_names)


def test_scoring_is_a_leaf() -> None:
    """Scores need arrays and nothing else: anybody can read and reuse them."""
    for path in (PACKAGE / "forecast" / "scoring").rglob("*.py"):
        roots = {name.split(".")[0] for name in imports_of(ast.parse(path.read_text()))} - {"forewarn"}
        assert roots <= SCORING_LIBRARIES | set(sys.stdlib_module_names), path.name


def test_rooms_do_not_read_the_clock() -> None:
    """What time it is, is passed in: otherwise no back-test and no training run could be trusted."""
    forbidden = {"utc_now", "now", "utcnow", "today"}
    for room in (*ROOMS, "model", "store"):
        for path in (PACKAGE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
                if called:
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                    assert name not in forbidden, f"{name_of(path)} calls {name}()"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_import_is_hidden_in_a_function(path: Path) -> None:
    """Imports stand at the top; late loading happens only at the documented seams."""
    key = path.relative_to(PACKAGE).as_posix()
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, f"{key}:{inner[0].lineno}"
    if "import_module" in path.read_text():
        assert key in DEFERRED_IMPORTS


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_explain_themselves_and_stay_small(path: Path) -> None:
    """Every module has a docstring, a telling name and at most 400 lines; no function exceeds 60."""
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "no module docstring"
    assert len(text.splitlines()) <= 400
    assert path.stem not in FORBIDDEN_NAMES
    if "migrations" in path.parts:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"


def test_every_unit_has_a_row() -> None:
    """No part of the package stands outside the agreement."""
    for path in MODULES:
        assert unit_of(name_of(path)) in MAY_IMPORT


def test_migrations_are_one_line() -> None:
    """Every migration has a number of its own and follows the one before: two of one number hide each other."""
    found = sorted((PACKAGE / "store" / "migrations" / "versions").glob("[0-9]*.py"))
    values = [dict(re.findall(r'^(revision|down_revision) = "?(\w+)"?', p.read_text(), re.MULTILINE)) for p in found]
    assert [one["revision"] for one in values] == [path.stem[:4] for path in found]
    assert [one["down_revision"] for one in values] == ["None", *(one["revision"] for one in values[:-1])]
