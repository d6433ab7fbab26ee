"""W3C PROV as PROV-JSON: an incident goes back to claims, a claim to its report, a report to bytes received.

Owns the form alone; only ``files`` opens it, with rows of lineage that disclosure released. It says what came from what
and when it was received; no source, person, place or word is in it. Where disclosure withholds a row, its line ends at
the report. Memory holds ids. Source: W3C, PROV-DM (2013); PROV-JSON Serialization (Member Submission, 2013).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import polars as pl

from forewarn.errors import UsageError

__all__ = ["LINEAGE_FIELDS", "ProvFile", "require_lineage"]

LINEAGE_FIELDS: tuple[str, ...] = (
    *("claim_id", "incident_id", "report_id", "snapshot_id", "row", "content_sha256", "channel"),
    *("known_on", "known_basis", "received_at", "supersedes", "sensitivity"),
)
"""The columns of a row of lineage."""

_PREFIX = {"fw": "urn:forewarn:"}
_AGENT = {"fw:forewarn": {"prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"}}}
_SECTIONS = ("entity", "activity", "wasDerivedFrom", "wasGeneratedBy", "used", "wasAssociatedWith")


class ProvFile:
    """A document in the making: each section grows in a file of its own, for PROV-JSON has each key once."""

    def __init__(self, path: Path, rows: pl.DataFrame, made_at: datetime) -> None:
        require_lineage(rows)
        self._path, self._seen, self._count = path, set[str](), 0
        self._parts = {name: _section() for name in _SECTIONS}

    def add(self, rows: pl.DataFrame) -> None:
        """What some rows came from."""
        for row in rows.iter_rows(named=True):
            self._claim(row)
            self._report(row)
            self._snapshot(row)

    def close(self) -> None:
        """The sections put together."""
        if not self._parts:
            return
        with self._path.open("w", encoding="utf-8") as file:
            file.write(f'{{"prefix":{json.dumps(_PREFIX)},\n"agent":{json.dumps(_AGENT)}')
            for name, part in self._parts.items():
                file.write(f',\n"{name}":{{')
                part.seek(0)
                file.writelines(iter(lambda part=part: part.read(1 << 20), ""))  # type: ignore[misc]
                file.write("}")
                part.close()
            file.write("}\n")
        self._parts = {}

    def _claim(self, row: Mapping[str, Any]) -> None:
        said = {"prov:type": "claim", **_said(row, "known_on", "known_basis", "sensitivity")}
        if self._entity(row["claim_id"], said):
            self._derived(row["claim_id"], row["report_id"])
        if row.get("incident_id"):
            self._entity(row["incident_id"], {"prov:type": "incident"})
            self._derived(row["incident_id"], row["claim_id"])

    def _report(self, row: Mapping[str, Any]) -> None:
        if not self._entity(
            row["report_id"], {"prov:type": "report", **_said(row, "channel", "content_sha256", "row")}
        ):
            return
        if row.get("supersedes"):
            self._entity(row["supersedes"], {"prov:type": "report"})
            self._derived(row["report_id"], row["supersedes"], {"prov:type": _named("prov:Revision")})
        if row.get("snapshot_id"):
            reading = f"fw:reading-{row['snapshot_id']}"
            self._derived(row["report_id"], row["snapshot_id"])
            self._add("wasGeneratedBy", {"prov:entity": f"fw:{row['report_id']}", "prov:activity": reading})

    def _snapshot(self, row: Mapping[str, Any]) -> None:
        snapshot = row.get("snapshot_id")
        if not snapshot or not self._entity(snapshot, {"prov:type": "snapshot"}):
            return
        reading = f"fw:reading-{snapshot}"
        ended = {"prov:endTime": row["received_at"]} if row.get("received_at") else {}
        self._write("activity", reading, ended)
        self._add("used", {"prov:activity": reading, "prov:entity": f"fw:{snapshot}"})
        self._add("wasAssociatedWith", {"prov:activity": reading, "prov:agent": "fw:forewarn"})

    def _entity(self, name: str, said: Mapping[str, Any]) -> bool:
        """Whether it was not there yet."""
        if name in self._seen:
            return False
        self._seen.add(name)
        self._write("entity", f"fw:{name}", said)
        return True

    def _derived(self, later: str, earlier: str, more: Mapping[str, Any] | None = None) -> None:
        ends = {"prov:generatedEntity": f"fw:{later}", "prov:usedEntity": f"fw:{earlier}"}
        self._add("wasDerivedFrom", {**ends, **(more or {})})

    def _add(self, section: str, said: Mapping[str, Any]) -> None:
        self._count += 1
        self._write(section, f"_:n{self._count}", said)

    def _write(self, section: str, name: str, said: Mapping[str, Any]) -> None:
        part = self._parts[section]
        between = ",\n" if part.tell() else "\n"
        part.write(f"{between}{json.dumps(name)}:{json.dumps(said, ensure_ascii=False, allow_nan=False)}")


def require_lineage(rows: pl.DataFrame) -> None:
    """Refuse rows that tell no lineage. Raises :class:`UsageError`."""
    if not {"claim_id", "report_id", "snapshot_id"} <= set(rows.columns):
        raise UsageError("PROV holds lineage, and these rows tell none", where="--out", mend="export lineage")


def _section() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


def _named(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _said(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {f"fw:{name}": row[name] for name in names if row.get(name) not in (None, "")}
