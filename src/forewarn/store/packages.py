"""Partners and packages: appended, and read back in the order added."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError
from forewarn.ids import short
from forewarn.model.package import Card, PackageManifest
from forewarn.store.package_tables import packages, partner_entries

__all__ = ["Held", "PartnerEntry", "add_package", "add_partner_entry", "read_packages", "read_partner_entries"]


@dataclass(frozen=True, slots=True)
class PartnerEntry:
    """One thing said of a card: self, added, trusted or distrusted; by whom and when."""

    kind: str
    card: Card
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A package made (``out``) or received (``in``), with its content; ``source_id`` is what it was made from."""

    package_id: str
    direction: str
    manifest: PackageManifest
    content: str
    source_id: str
    by: str
    at: datetime


def add_partner_entry(connection: Connection, entry: PartnerEntry) -> None:
    """Append what is said of a card."""
    card = {"name": entry.card.name, "sign": entry.card.sign, "seal": entry.card.seal}
    connection.execute(
        partner_entries.insert(), {"kind": entry.kind, **card, "by": entry.by, "at": instant_text(entry.at)}
    )


def read_partner_entries(connection: Connection) -> list[PartnerEntry]:
    """All that was ever said."""
    rows = connection.execute(select(*partner_entries.columns).order_by(partner_entries.c.sequence)).mappings()
    return [
        PartnerEntry(row["kind"], Card(row["name"], row["sign"], row["seal"]), row["by"], instant_from_text(row["at"]))
        for row in rows
    ]


def add_package(connection: Connection, held: Held) -> None:
    """Append a package. Raises :class:`LifecycleError` where it is there already: a replay changes nothing."""
    if connection.execute(select(packages.c.sequence).where(packages.c.package_id == held.package_id)).first():
        raise LifecycleError(
            "was opened before; nothing has changed",
            where=f"package {short(held.package_id)}",
            mend="see 'forewarn package list'",
        )
    row = {name: getattr(held, name) for name in ("package_id", "direction", "content", "source_id", "by")}
    row |= {"manifest": json.dumps(held.manifest.plain(), sort_keys=True), "at": instant_text(held.at)}
    connection.execute(packages.insert(), row)


def read_packages(connection: Connection) -> list[Held]:
    """Every package."""
    rows = connection.execute(select(*packages.columns).order_by(packages.c.sequence)).mappings()
    return [
        Held(
            package_id=row["package_id"],
            direction=row["direction"],
            manifest=PackageManifest.read(json.loads(row["manifest"])),
            content=row["content"],
            source_id=row["source_id"],
            by=row["by"],
            at=instant_from_text(row["at"]),
        )
        for row in rows
    ]
