"""An evidence package: a BagIt folder (RFC 8493) that anybody can read and check without this software.

Owns the layout: items named by digest, their records, the whole custody chain with the words of these items' entries
alone, timestamps, a plain statement of what is proven, and the program that checks it. Written aside and renamed, so it
is there whole or not at all. Whether it may leave is settled before, in operations.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from forewarn.account import check_package
from forewarn.account.custody import Fault, Link
from forewarn.account.unpacking import package_folder
from forewarn.errors import InputError, StoreFullError, UsageError
from forewarn.ids import content_id

__all__ = ["Item", "Packed", "Stamped", "extract", "package_faults", "stamps_in", "statement", "write_package"]

_WORDS = ("sequence", "previous", "evidence_id", "act", "by", "at", "why", "detail", "digest")
_FAMILIES = ("sha256", "sha512")

Item = tuple[Mapping[str, str | int], Mapping[str, Any], Iterable[bytes]]
"""A record, what was sealed with it (name, media type, index), and the bytes."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A timestamp: of which entry, over which digest, by whom, when, and the authority's answer."""

    position: int
    head: str
    authority: str
    at: str
    token: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """What is to be packed.

    Attributes:
        items: as they are to be read, one after the other.
        links: the custody chain as it stands in a package; see :func:`extract`.
        stamps: the timestamps of its head.
        facts: further lines of ``bag-info.txt``: to whom, for what.
    """

    items: Iterable[Item]
    links: Iterable[Mapping[str, str | int]]
    stamps: tuple[Stamped, ...]
    facts: Mapping[str, str]


def extract(links: Iterable[Link], evidence_ids: set[str], erased: Mapping[int, str]) -> Iterator[dict[str, str | int]]:
    """The chain with the words of some items' entries; of all others their digests alone, which prove no less.

    ``erased`` gives the content digest of entries whose words were put out.
    """
    for link in links:
        told: dict[str, str | int] = dict(zip(_WORDS, link, strict=True))
        if link[2] in evidence_ids or link[3] in ("anchor", "rotate"):
            yield told
            continue
        content = erased.get(link[0]) or content_id("act", *link[2:8])
        yield {name: told[name] for name in ("sequence", "previous", "digest")} | {"content": content}


def write_package(out: Path, packed: Packed) -> str:
    """Write a package to a folder that is not there yet; the digest that names all of it.

    Raises:
        UsageError: the folder is there.
        InputError: there is no such place, or it cannot be written.
        StoreFullError: the disk is full. Nothing is left behind then, nor after any other failure.
    """
    if out.exists():
        raise UsageError("is there already", where=out.name, mend="name a new folder")
    try:
        aside = Path(tempfile.mkdtemp(dir=out.parent, prefix=".writing-"))
    except OSError as error:
        raise InputError(f"cannot be written there ({error.strerror})", where=out.name, mend="check it") from None
    try:
        count, head = _write_data(aside / "data", packed)
        digest = _write_tags(aside, packed, statement(count, head, packed.stamps))
        aside.replace(out)
    except OSError as error:
        raise StoreFullError(f"cannot be written ({error.strerror})", where=out.name, mend="free some space") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return digest


def package_faults(package: Path, *, each: Callable[[str], object] = len) -> list[Fault]:
    """What does not hold in a package, a folder or a ZIP of one; the first thousand where it is more.

    Raises :class:`~forewarn.errors.InputError` where it is no package, or a ZIP that is not safe to unpack.
    """
    with package_folder(package) as folder:
        told = islice(check_package.faults(str(folder), each), check_package.MOST_SHOWN)
        return [Fault(where.encode("utf-8", "backslashreplace").decode()[:300], what) for where, what in told]


def stamps_in(package: Path) -> list[Stamped]:
    """The timestamps of a package that holds."""
    with package_folder(package) as folder:
        told = [json.loads(line) for line in (folder / "data" / "timestamps.jsonl").read_text("utf-8").splitlines()]
        place = folder / "data" / "timestamps"
        return [Stamped(**one, token=(place / f"{n}.tsr").read_bytes()) for n, one in enumerate(told, start=1)]


def statement(count: int, head: str, stamps: tuple[Stamped, ...]) -> str:
    """What a package proves and what it does not, in plain language."""
    stamped = [f"{one.at} by {one.authority}, entries 1 to {one.position}" for one in stamps]
    times = "".join(f"\n  {one}" for one in stamped) or " it was not timestamped."
    return _STATEMENT.format(times=times, count=count, head=head or "none")


_STATEMENT = """EVIDENCE PACKAGE

To check it, on any machine, without a network: python3 -I verify.py
Or with any BagIt tool, and for each timestamp:
  openssl ts -verify -data data/timestamps/N.txt -in data/timestamps/N.tsr -CAfile ROOT.pem

The name and kind of each item stand in data/items.jsonl; what was done to it, in data/custody.jsonl.

WHAT IS PROVEN when the check says that everything holds:
- Each file in data/items is, bit for bit, the one its record in data/items.jsonl names by two digests.
- Each record is the one its intake in the custody log names.
- No entry of the custody log up to the last one here was altered, removed, added or moved: each carries the digest of
  the one before. Entries on items outside this package show digests alone.
- The log up to an entry existed before the time of each timestamp:{times}
  (Who signed a timestamp is proven only with the authority's root certificate, got from the authority itself.)

WHAT IS NOT PROVEN:
- That what an item shows is true, or where, when and by whom it was made. The records say what was stated at intake,
  by a pseudonym. Names and indexes beside the records are what the files said of themselves.
- That an item existed before the first timestamp after its intake.
- That nothing was left out. What was never taken in leaves no trace, and items may have been left out of this package.
- That entries after the last timestamp were not written anew by whoever holds the log.
- That this package is the one that was sent. Its sender must tell you, by another way, the SHA-256 of the file
  tagmanifest-sha256.txt; compare it.
- Anybody's guilt.

Custody log: {count} entries; the last is {head}
"""


def _write_data(data: Path, packed: Packed) -> tuple[int, str]:
    """The payload; how many entries the log has, and the digest of the last."""
    (data / "items").mkdir(parents=True)
    (data / "timestamps").mkdir()
    with (data / "items.jsonl").open("w", encoding="utf-8", newline="\n") as told:
        for record, described, blocks in packed.items:
            with (data / "items" / str(record["evidence_id"]).removeprefix("evd_")).open("wb") as file:
                file.writelines(blocks)
            told.write(_json({"record": dict(record), "described": dict(described)}))
    count, head = 0, ""
    with (data / "custody.jsonl").open("w", encoding="utf-8", newline="\n") as told:
        for link in packed.links:
            told.write(_json(link))
            count, head = count + 1, str(link["digest"])
    with (data / "timestamps.jsonl").open("w", encoding="utf-8", newline="\n") as told:
        for number, one in enumerate(packed.stamps, start=1):
            told.write(_json({name: getattr(one, name) for name in ("position", "head", "authority", "at")}))
            (data / "timestamps" / f"{number}.tsr").write_bytes(one.token)
            _write(data / "timestamps" / f"{number}.txt", one.head)
    return count, head


def _write_tags(folder: Path, packed: Packed, readme: str) -> str:
    payload = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in payload)
    _write(folder / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    facts = {"Payload-Oxum": f"{size}.{len(payload)}", **packed.facts}
    _write(folder / "bag-info.txt", "".join(f"{name}: {' '.join(value.split())}\n" for name, value in facts.items()))
    _write(folder / "README.txt", readme)
    shutil.copyfile(check_package.__file__, folder / "verify.py")
    _write_manifests(folder, "manifest", _FAMILIES, payload)
    _write_manifests(folder, "tagmanifest", _FAMILIES[:1], sorted(one for one in folder.iterdir() if one.is_file()))
    return hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).hexdigest()


def _write_manifests(folder: Path, kind: str, families: tuple[str, ...], files: list[Path]) -> None:
    paths = [path.relative_to(folder).as_posix() for path in files]
    found = {path: check_package.digests(str(folder), path) for path in paths}
    for family in families:
        _write(folder / f"{kind}-{family}.txt", "".join(f"{found[one][family]}  {one}\n" for one in paths))


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
