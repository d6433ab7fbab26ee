"""Boundaries and P-codes that users add: kept as received, checked, recorded, and used from then on.

A file and the declaration of how to read it (level, country, properties) are both kept among the snapshots; the
boundary's id is the digest of the declaration, so the same file added twice is one. Where two files give the same
level of the same country, the one added last is used. None is shipped.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from forewarn.clock import instant_text
from forewarn.collect import Provenance, keep_snapshot, snapshot_path
from forewarn.collect.places import (
    LEVELS,
    Area,
    Atlas,
    PcodeTable,
    ShapeRule,
    read_pcodes,
    read_shapes,
)
from forewarn.errors import StoreError, UnknownNameError, UsageError, shorten
from forewarn.model.provenance import Snapshot
from forewarn.operations.workspace import Workspace
from forewarn.store import intake, reading
from forewarn.store.boundaries import BoundaryRow, add_boundary, boundary_rows
from forewarn.taxonomy import country as country_named

__all__ = [
    "PCODES",
    "Added",
    "BoundaryWish",
    "MatchedName",
    "MatchedNames",
    "add",
    "atlas_of",
    "boundary_list",
    "lookup",
    "match_names",
    "pcodes_of",
]

PCODES = "pcodes"
"""The level of a table of P-codes, which has no shapes."""

_CHANNEL = "boundaries"
_GEOGRAPHIC = (".geojson", ".json", ".topojson")


@dataclass(frozen=True, slots=True)
class BoundaryWish:
    """What is to be added, as its user declares it.

    Attributes:
        title, publisher, licence: whose it is and under which terms; none may be blank.
        level: of the shapes, or :data:`PCODES`; empty for a table of P-codes.
        country: code or name of the country of all features; empty where a property tells it.
        name_property, country_property: see :class:`forewarn.collect.places.ShapeRule`.
        valid_on: the day whose borders it shows, ISO 8601; empty when not known.
    """

    title: str
    publisher: str
    licence: str
    level: str = ""
    country: str = ""
    name_property: str = "name"
    country_property: str = ""
    valid_on: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "publisher", "licence"):
            if not getattr(self, name).strip():
                raise UsageError("is blank", where=f"--{name}", mend="say whose boundaries these are")
        if self.level and self.level not in (*LEVELS, PCODES):
            known = ", ".join((*LEVELS, PCODES))
            raise UsageError(f"'{shorten(self.level)}' is no level", where="--level", mend=f"use {known}")
        if self.country:
            object.__setattr__(self, "country", country_named(self.country).iso3)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file.

    Attributes:
        boundary: its id.
        snapshot: the bytes as received.
        level: what it gives.
        features: areas, or rows of a table.
        countries: the countries it has areas of, by code.
        notes: remarks, each with the number of features it concerns.
        seen_before: whether the same file had been added with the same declaration.
    """

    boundary: str
    snapshot: str
    title: str
    level: str
    features: int
    countries: tuple[str, ...]
    notes: dict[str, int]
    seen_before: bool = False


@dataclass(frozen=True, slots=True)
class MatchedName:
    """A first-level name that claims use, with the P-code and added area it means, and how each was found."""

    country: str
    name: str
    claims: int
    pcode: str
    pcode_how: str
    area: str
    area_how: str


@dataclass(frozen=True, slots=True)
class MatchedNames:
    """All first-level names of claims, most used first, and how many were found how."""

    names: tuple[MatchedName, ...]
    pcodes: dict[str, int]
    areas: dict[str, int]


def add(workspace: Workspace, path: Path, wish: BoundaryWish) -> Added:
    """Keep a file of boundaries or P-codes, check it, and record it. Nothing is recorded of a file that is refused."""
    is_shapes = path.suffix.lower() in _GEOGRAPHIC
    if is_shapes and wish.level in ("", PCODES):
        raise UsageError("does not say what its features are", where=path.name, mend="give --level country or admin1")
    if not is_shapes and wish.level not in ("", PCODES):
        raise UsageError("is no GeoJSON by its name", where=path.name, mend="give boundaries as .geojson or .json")
    wish = wish if wish.level else replace(wish, level=PCODES)
    kept = _keep(workspace, path, wish)
    file = snapshot_path(workspace.paths.snapshots, kept)
    declaration = {"snapshot": kept.snapshot_id, **asdict(wish)}
    features, countries, notes = _read(file, path.name, wish)
    declared = _keep_declaration(workspace, declaration, wish)
    row = BoundaryRow(
        boundary_id=f"bnd_{declared.sha256}",
        snapshot_id=kept.snapshot_id,
        title=wish.title,
        publisher=wish.publisher,
        licence=wish.licence,
        level=wish.level,
        valid_on=wish.valid_on,
        features=features,
        added_at=instant_text(workspace.now),
    )
    with workspace.database.writing() as connection:
        for snapshot in (kept, declared):
            intake.add_snapshot(connection, snapshot)
        is_new = add_boundary(connection, row)
    return Added(
        row.boundary_id, row.snapshot_id, wish.title, wish.level, features, countries, notes, seen_before=not is_new
    )


def boundary_list(workspace: Workspace) -> list[BoundaryRow]:
    """All that was added, in order."""
    with workspace.database.reading() as connection:
        return boundary_rows(connection)


def atlas_of(workspace: Workspace, connection: Connection) -> Atlas:
    """The areas of all added boundaries; for each level and country those added last."""
    latest: dict[tuple[str, str], tuple[Area, ...]] = {}
    for row in boundary_rows(connection):
        if row.level != PCODES:
            areas = _areas_of(workspace.paths.snapshots, row.boundary_id, row.snapshot_id)
            countries = {area.country for area in areas}
            latest |= {(row.level, c): tuple(a for a in areas if a.country == c) for c in countries}
    return Atlas(tuple(area for key in sorted(latest) for area in latest[key]))


def pcodes_of(workspace: Workspace, connection: Connection) -> PcodeTable:
    """The P-codes of all added tables; for each country those of the table added last. Empty when none was added."""
    tables = [
        _pcode_table(_bytes_of(workspace.paths.snapshots, row.snapshot_id))
        for row in boundary_rows(connection)
        if row.level == PCODES
    ]
    last = {row.country: number for number, table in enumerate(tables) for row in table.rows}
    return PcodeTable(
        tuple(row for number, table in enumerate(tables) for row in table.rows if last[row.country] == number)
    )


def match_names(workspace: Workspace) -> MatchedNames:
    """Which P-code and which added area each first-level name of the claims means; unknown and ambiguous have none."""
    with workspace.database.reading() as connection:
        claims = reading.read_claims(connection)
        table, atlas = pcodes_of(workspace, connection), atlas_of(workspace, connection)
    used = claims.filter((pl.col("admin1") != "") & (pl.col("country") != "")).group_by("country", "admin1").len()
    made = []
    for iso3, name, count in used.sort(["len", "country", "admin1"], descending=[True, False, False]).iter_rows():
        code, area = table.match(name, iso3), atlas.match(name, iso3)
        made.append(MatchedName(iso3, name, int(count), code.key, code.how, area.key, area.how))
    return MatchedNames(
        tuple(made),
        dict(sorted(Counter(one.pcode_how for one in made).items())),
        dict(sorted(Counter(one.area_how for one in made).items())),
    )


def lookup(workspace: Workspace, wanted: str, *, country: str = "", level: int = 1) -> dict[str, object]:
    """The area of a P-code, or the P-code of a name in a country at a level.

    Raises:
        UnknownNameError: it is unknown, or ambiguous; then the mend names the codes it could be.
    """
    with workspace.database.reading() as connection:
        table = pcodes_of(workspace, connection)
    if not table.rows:
        raise UnknownNameError("no table of P-codes was added", mend="add one: forewarn boundaries add FILE.csv")
    if not country:
        found = table.area(wanted)
        if found is None:
            raise UnknownNameError(f"no P-code '{shorten(wanted)}'", mend="to look up a name, give --country")
        return {**asdict(found), "how": "exact"}
    match = table.match(wanted, country_named(country).iso3, level)
    found = table.area(match.key) if match.key else None
    if found is None:
        mend = f"it could be {', '.join(match.among[:10])}" if match.among else "list the names in the table"
        raise UnknownNameError(f"'{shorten(wanted)}' is {match.how} at level {level}", where=country, mend=mend)
    return {**asdict(found), "how": match.how}


def _keep(workspace: Workspace, path: Path, wish: BoundaryWish) -> Snapshot:
    return keep_snapshot(
        path,
        workspace.paths.snapshots,
        provenance=Provenance(_CHANNEL, wish.publisher, wish.licence, workspace.now),
        largest_bytes=workspace.settings.snapshot_limit_mb * 1_000_000,
    )


def _keep_declaration(workspace: Workspace, declaration: dict[str, str], wish: BoundaryWish) -> Snapshot:
    with tempfile.TemporaryDirectory(dir=workspace.paths.root, prefix=".declaring-") as folder:
        path = Path(folder) / "declaration.json"
        path.write_text(json.dumps(declaration, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
        return _keep(workspace, path, wish)


def _read(file: Path, name: str, wish: BoundaryWish) -> tuple[int, tuple[str, ...], dict[str, int]]:
    """Number of features, their countries, and the remarks."""
    if wish.level == PCODES:
        rows = read_pcodes(file, name).rows
        return len(rows), tuple(sorted({row.country for row in rows})), {}
    shapes = read_shapes(file, name, _rule(asdict(wish)))
    return len(shapes.areas), tuple(sorted({area.country for area in shapes.areas})), dict(shapes.notes)


def _rule(declared: dict[str, str]) -> ShapeRule:
    return ShapeRule(declared["level"], declared["country"], declared["name_property"], declared["country_property"])


def _bytes_of(folder: Path, snapshot_id: str) -> Path:
    digest = snapshot_id.partition("_")[2]
    path = folder / digest[:2] / digest
    if not path.is_file():
        raise StoreError("the bytes of added boundaries are gone", where="snapshots", mend="restore snapshots/")
    return path


@lru_cache(maxsize=64)
def _areas_of(folder: Path, boundary_id: str, snapshot_id: str) -> tuple[Area, ...]:
    declared = json.loads(_bytes_of(folder, boundary_id).read_text(encoding="utf-8"))
    return read_shapes(_bytes_of(folder, snapshot_id), "boundaries", _rule(declared)).areas


@lru_cache(maxsize=8)
def _pcode_table(path: Path) -> PcodeTable:
    return read_pcodes(path, "pcodes")
