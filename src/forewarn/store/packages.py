"""Partners and packages: appended, and read back in the order added, by what they are about or in whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, literal, select

from forewarn.clock import instant_from_text, instant_text
from forewarn.errors import LifecycleError
from forewarn.ids import short
from forewarn.model.package import Card, PackageManifest
from forewarn.store.package_tables import packages, partner_entries

__all__ = [
    "Held", "PartnerEntry", "add_packages", "add_partner_entry", "held_among", "last_number", "package_of",
    "read_packages", "read_partner_entries", "require_new",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartnerEntry:
    """One thing said of a card: self, added, trusted or distrusted; by whom and when."""

    kind: str
    card: Card
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A package made (``out``) or received (``in``), with its content; ``source_id`` is what it was made from, or the
    package that a received notice is about."""

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


def require_new(connection: Connection, package_id: str) -> None:
    """Raise :class:`LifecycleError` where the package is here already: a replay changes nothing."""
    if held_among(connection, [package_id]):
        raise LifecycleError(
            "was opened before; nothing has changed",
            where=f"package {short(package_id)}",
            mend="see 'forewarn package list'",
        )


def add_packages(connection: Connection, held: Iterable[Held]) -> None:
    """Append packages that are new; the store refuses them where one is not."""
    rows = [_row(one) for one in held]
    if rows:
        connection.execute(packages.insert(), rows)


def _row(held: Held) -> dict[str, str]:
    row = {name: getattr(held, name) for name in ("package_id", "direction", "content", "source_id", "by")}
    row |= {"manifest": json.dumps(held.manifest.plain(), sort_keys=True), "at": instant_text(held.at)}
    return row


def held_among(connection: Connection, package_ids: Collection[str]) -> set[str]:
    """Which packages of those full ids, a thousand at most, are here, made or received."""
    query = select(packages.c.package_id).where(packages.c.package_id.in_(package_ids))
    return set(connection.execute(query).scalars())


def last_number(connection: Connection) -> int:
    """The number of the package made last; 0 before the first."""
    query = select(packages.c.manifest).where(packages.c.direction == "out").order_by(packages.c.sequence.desc())
    last = connection.execute(query.limit(1)).scalar()
    return 0 if last is None else int(json.loads(last)["number"])


def package_of(connection: Connection, package_id: str) -> Held | None:
    """The package of that full id."""
    query = select(*packages.columns).where(packages.c.package_id == package_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else _held(dict(row))


def read_packages(
    connection: Connection, *, direction: str = "", source_id: str = "", begins: str = "", with_content: bool = True
) -> list[Held]:
    """Every package, or those of a direction, made from or about another, or whose id begins so.

    The content is left empty where it is not wanted: it is most of what there is to read.
    """
    columns = [one for one in packages.columns if with_content or one.name != "content"]
    query = select(*columns, *([] if with_content else [literal("").label("content")])).order_by(packages.c.sequence)
    if direction:
        query = query.where(packages.c.direction == direction)
    if source_id:
        query = query.where(packages.c.source_id == source_id)
    if begins:
        query = query.where(packages.c.package_id.startswith(begins, autoescape=True))
    return [_held(dict(row)) for row in connection.execute(query).mappings()]


def _held(row: dict[str, str]) -> Held:
    return Held(
        package_id=row["package_id"],
        direction=row["direction"],
        manifest=PackageManifest.read(json.loads(row["manifest"])),
        content=row["content"],
        source_id=row["source_id"],
        by=row["by"],
        at=instant_from_text(row["at"]),
    )
