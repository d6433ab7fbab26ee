"""Documentation is held to the code: commands, settings, links, and the examples that are shown."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from forewarn.cli import COMMANDS
from forewarn.config import SETTINGS
from forewarn.store.schema import metadata

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FORBIDDEN = re.compile(r"(/(?:work|tmp|root)/|\bTODO\b|\bFIXME\b|index-url)")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The program that writes the reference pages."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_pages_are_what_the_code_says(generate: ModuleType) -> None:
    """The pages of commands and exit codes are those that ``make docs`` would write."""
    for name, page in generate.PAGES.items():
        assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == page(), f"run 'make docs': {name}"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: object) -> None:
    """Each setting stands in the reference with its variable."""
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert f"`{setting.name}`" in page  # type: ignore[attr-defined]
    assert setting.variable in page  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    """Each command stands in the reference."""
    assert f"forewarn {name}" in (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")


def test_every_table_is_explained() -> None:
    """Each table of the store is named in the reference of the store."""
    page = (ROOT / "docs" / "reference" / "store.md").read_text(encoding="utf-8")
    for table in metadata.tables:
        assert f"`{table}`" in page, table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file that is there."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            assert (page.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_speak_of_the_project_alone(page: Path) -> None:
    """No path of a machine, no address of an index, no unfinished business."""
    assert not FORBIDDEN.search(page.read_text(encoding="utf-8"))


def test_commands_shown_in_pages_exist() -> None:
    """Every ``forewarn ...`` line of a code block calls a command there is."""
    for page in PAGES:
        for block in re.findall(r"```(?:sh|console|bash)?\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for called in re.findall(r"^\s*(?:\$ )?forewarn ([a-z]+)", block, re.MULTILINE):
                assert called in COMMANDS, f"{page.name}: forewarn {called}"
