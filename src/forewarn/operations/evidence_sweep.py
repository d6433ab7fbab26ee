"""Finding what of an item lies open in the workspace: copies by their bytes, packages that hold them, files cut off.

Only the workspace is searched, links are not followed, and sealed evidence, keys and the database are left to others.
A copy is known by size and SHA-256, not by name: a changed copy is not found, and whoever made it must destroy it. The
index of a snapshot's rows is known by its name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from forewarn.account.vault import destroy
from forewarn.collect import INDEX_SUFFIX
from forewarn.operations.workspace import Workspace

__all__ = ["Open", "lying_open", "put_away"]

_CUT_OFF = (".writing-", ".incoming-")


@dataclass(frozen=True, slots=True)
class Open:
    """What lies open: files to destroy, folders of packages to destroy whole, and where rows began in what goes."""

    copies: tuple[Path, ...]
    packages: tuple[Path, ...]
    indexes: tuple[Path, ...] = ()


def lying_open(workspace: Workspace, sizes: Mapping[str, int]) -> Open:
    """Copies and packages of items, given by SHA-256 and size, and what writing left behind when it was cut off."""
    copies, packages, indexes = [], set(), []
    for path in _files(workspace):
        if path.name.removesuffix(INDEX_SUFFIX) in sizes and path.name.endswith(INDEX_SUFFIX):
            indexes.append(path)
            continue
        bag = _bag_of(path, workspace.paths.root)
        if bag in packages:
            continue
        is_copy = _is_cut_off(path, workspace.paths.root) or _is_one_of(path, sizes)
        if is_copy and bag is not None:
            packages.add(bag)
        elif is_copy:
            copies.append(path)
        elif zipfile.is_zipfile(path) and _holds(path, sizes):
            packages.add(path)
    return Open(tuple(copies), tuple(sorted(packages)), tuple(indexes))


def put_away(found: Open) -> None:
    """Overwrite and remove them."""
    for package in found.packages:
        inside = [path for path in package.rglob("*") if path.is_file() and not path.is_symlink()]
        for path in [package] if package.is_file() else inside:
            destroy(path)
        shutil.rmtree(package, ignore_errors=True)
    for path in dict.fromkeys((*found.copies, *found.indexes)):
        if path.is_file():
            destroy(path)


def _files(workspace: Workspace) -> Iterator[Path]:
    root, vault = workspace.paths.root, workspace.paths.evidence
    for where, folders, names in os.walk(root):
        folder = Path(where)
        folders[:] = [one for one in folders if folder / one != vault]
        for name in names:
            path = folder / name
            if path.is_file() and not path.is_symlink() and not name.startswith(workspace.paths.database.name):
                yield path


def _bag_of(path: Path, root: Path) -> Path | None:
    """The package a file lies in; ``None`` where it lies in none."""
    inside = path.relative_to(root).parents
    return next((root / one for one in inside if one.name and (root / one / "bagit.txt").is_file()), None)


def _is_cut_off(path: Path, root: Path) -> bool:
    return any(part.startswith(_CUT_OFF) for part in path.relative_to(root).parts)


def _is_one_of(path: Path, sizes: Mapping[str, int]) -> bool:
    if path.stat().st_size not in sizes.values():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() in sizes


def _holds(path: Path, sizes: Mapping[str, int]) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] in sizes for name in archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
