"""A package as a folder, whether it came as one or as a ZIP of one: unpacked aside within bounds, and gone after.

A ZIP is judged by its own list before anything is written: a member that leads out, is a link, is there twice or is
sealed, or swells beyond what evidence does is named, and nothing is unpacked. What comes is counted again.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forewarn.errors import InputError, InputFormatError, InputNotFoundError, shorten

__all__ = ["package_folder"]

_MOST_MEMBERS = 500_000
_MOST_SWELLING = 200
_SWELLING_COUNTS_FROM = 64 << 20
_MEND = "do not open it; ask the sender"
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)


@contextmanager
def package_folder(package: Path) -> Iterator[Path]:
    """The folder of a package: itself, or where its ZIP was unpacked to, until the end.

    Raises:
        InputNotFoundError: there is none.
        InputFormatError: it is no evidence package, or a damaged ZIP.
        InputError: the ZIP is not safe to unpack.
    """
    name = shorten(package.name, 100)
    if package.is_dir():
        yield _bag(package, name)
        return
    if not package.is_file():
        raise InputNotFoundError("no such folder or file", where=name, mend="name the package")
    with tempfile.TemporaryDirectory(prefix="forewarn-") as aside:
        _unpack(package, Path(aside), name)
        inside = list(Path(aside).iterdir())
        is_wrapped = len(inside) == 1 and inside[0].is_dir()
        yield _bag(inside[0] if is_wrapped else Path(aside), name)


def _bag(folder: Path, name: str) -> Path:
    if not (folder / "bagit.txt").is_file() and not (folder / "data").is_dir():
        raise InputFormatError("is no evidence package", where=name, mend="name the folder that holds bagit.txt")
    return folder


def _unpack(package: Path, folder: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(package) as archive:
            members = archive.infolist()
            _refuse(members, package.stat().st_size, name)
            for member in members:
                if not member.is_dir():
                    _write(archive, member, folder, name)
    except InputError:
        raise
    except _DAMAGED:
        raise InputFormatError("is no ZIP, or a damaged one", where=name, mend="have it sent again") from None


def _refuse(members: list[zipfile.ZipInfo], size: int, name: str) -> None:
    if len(members) > _MOST_MEMBERS:
        raise InputError(f"has more than {_MOST_MEMBERS:,} members", where=name, mend="have it sent in parts")
    seen: set[str] = set()
    for one in members:
        parts, reason = one.filename.removesuffix("/").split("/"), ""
        if ":" in parts[0] or "\\" in one.filename or {"..", ".", ""} & {*parts}:
            reason = "leads out of the package"
        elif stat.S_ISLNK(one.external_attr >> 16):
            reason = "is a link"
        elif one.filename in seen:
            reason = "is there twice"
        elif one.flag_bits & 0x1:
            reason = "is encrypted"
        if reason:
            raise InputError(f"'{shorten(one.filename, 100)}' {reason}", where=name, mend=_MEND)
        seen.add(one.filename)
    swollen = sum(one.file_size for one in members)
    if swollen > max(_SWELLING_COUNTS_FROM, _MOST_SWELLING * size):
        raise InputError(f"swells from {size:,} to {swollen:,} bytes", where=name, mend=_MEND)


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, name: str) -> None:
    place = folder.joinpath(*member.filename.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, place.open("xb") as target:
        shutil.copyfileobj(source, target, 1 << 20)  # the library stops at the size the list names
    if place.stat().st_size != member.file_size:
        raise InputFormatError(f"'{shorten(member.filename, 100)}' is cut off", where=name, mend="have it sent again")
