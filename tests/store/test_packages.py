"""Releases, partners and packages in the store: as said, once each; on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from forewarn.errors import LifecycleError, StoreError
from forewarn.ids import content_id, sha256_hex
from forewarn.model.package import Card, PackageManifest
from forewarn.model.releasing import approved, proposed
from forewarn.model.terms import ReleaseTerms
from forewarn.store import Database
from forewarn.store import packages as p
from forewarn.store.disclosures import add_release_entry, read_release_entries

NOW = datetime(2026, 1, 2, tzinfo=UTC)
DAY = date(2026, 6, 1)


def test_facts_come_back_as_said(database: Database) -> None:
    """Proposals and approvals, cards and what is said of them, packages; a package twice is refused."""
    terms = ReleaseTerms("table", "green", "PAP:AMBER", "étude", DAY, benefit="b", risk="r")
    asked = proposed(terms, sha256_hex(b"{}"), (("too few", 3),), by="A", at=NOW)
    given = approved(asked, asked.digest, "{}", by="B", at=NOW)
    said = p.PartnerEntry("trusted", Card("South", "0" * 64, "1" * 64), "A", NOW)
    marks = ("a" * 64, ("b" * 64,))
    manifest = PackageManifest("release", *marks, 1, NOW, "étude", DAY, "TLP:GREEN", "PAP:AMBER")
    held = p.Held(content_id("pkg", "x"), "in", manifest, "{}", "", "A", NOW)
    with database.writing() as connection:
        add_release_entry(connection, asked)
        add_release_entry(connection, given)
        p.add_partner_entry(connection, said)
        p.add_packages(connection, [held])
        p.add_packages(connection, [])
    with database.reading() as connection:
        assert read_release_entries(connection) == [asked, given]
        assert p.read_partner_entries(connection) == [said]
        assert p.read_packages(connection) == [held]
    with pytest.raises(LifecycleError, match="opened before"), database.reading() as connection:
        p.require_new(connection, held.package_id)
    with pytest.raises(StoreError), database.writing() as connection:
        p.add_packages(connection, [held])
    with pytest.raises(LifecycleError), database.writing() as connection:
        add_release_entry(connection, given)
