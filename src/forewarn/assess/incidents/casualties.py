"""From incidents and what people recorded of them to parts that may be added up, and totals that never mix.

A *part* is a number of people of one kind in one incident, with its status and every category, ``unknown`` where nobody
said. A record or overruling stands in for the claims in the kinds of count it speaks of; the rest stays as claims give
it. Totals keep kinds of count, direct and indirect deaths, statuses and standards of proof in separate rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from forewarn.errors import UsageError
from forewarn.model.aggregate import Tally
from forewarn.model.casualty import CasualtyRecord, CountOverruling, VictimGroup
from forewarn.model.claim import COUNTED, CountRange
from forewarn.taxonomy import codes

__all__ = [
    "DIMENSIONS",
    "PART_COLUMNS",
    "casualty_parts",
    "conflicting",
    "minimum_fields",
    "overruled",
    "side_by_side",
    "tallies",
]

DIMENSIONS = ("sex", "age", "person_status", "disability", "displacement", "cause")
"""What casualties are told apart by; each has its own ``unknown`` (``UN`` for the cause)."""

_UNSAID = dict.fromkeys(DIMENSIONS, "unknown") | {"cause": "UN"}
_NO_NUMBER = dict.fromkeys(("low", "best", "high"))
_KEYS = ("counted", "death_kind", "status", "standard")

PART_COLUMNS = {
    "incident_id": pl.String,
    "unit": pl.String,
    "month": pl.Int64,
    **dict.fromkeys(_KEYS, pl.String),
    "rests_on": pl.String,
    **dict.fromkeys(("low", "best", "high"), pl.Int64),
    **dict.fromkeys(DIMENSIONS, pl.String),
}
"""``rests_on`` is ``claims``, ``record`` or ``overruling``; unit and month are null where place or day are unknown."""


def casualty_parts(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    records: Sequence[CasualtyRecord] = (),
    overrulings: Sequence[CountOverruling] = (),
) -> pl.DataFrame:
    """The parts of :data:`PART_COLUMNS`, one incident after the other.

    Args:
        incidents: rows of ``INCIDENT_COLUMNS`` with ``unit``.
        members: ``incident_id`` and ``claim_id``.
        records: those that hold, in the order made; where several meet in one incident none is preferred and
            its claims stand, see :func:`conflicting`.
        overrulings: those that hold, in the order made; of record and overruling the later one stands.
    """
    derived = _from_claims(incidents)
    spoken = _spoken(members, records, overrulings)
    if not spoken:
        return derived.sort("incident_id", "counted")
    keys = ("incident_id", "unit", "month")
    placed = {row[0]: dict(zip(keys, row, strict=True)) for row in derived.select(keys).unique().iter_rows()}
    rows: list[dict[str, Any]] = []
    for (incident, counted), decision in spoken.items():
        if incident in placed:
            rows += [{**placed[incident], **part} for part in _parts_of(decision, counted)]
    gone = pl.DataFrame(list(spoken), schema={"incident_id": pl.String, "counted": pl.String}, orient="row")
    kept = derived.join(gone, on=["incident_id", "counted"], how="anti")
    return pl.concat([kept, pl.DataFrame(rows, schema=PART_COLUMNS)]).sort("incident_id", "counted")


def overruled(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    records: Sequence[CasualtyRecord] = (),
    overrulings: Sequence[CountOverruling] = (),
) -> pl.DataFrame:
    """The incidents with every count that a person recorded or overruled in place of the one derived from claims.

    The numbers of a record's groups are added; indirect deaths are no part of an incident's deaths and stay in its
    casualties alone. An end that one group lacks is missing. ``overruled`` names the counts, joined by commas.
    """
    sums: dict[str, dict[str, Any]] = defaultdict(dict)
    for (incident, counted), decision in _spoken(members, records, overrulings).items():
        direct = [part for part in _parts_of(decision, counted) if part["death_kind"] != "indirect"]
        said = [part for part in direct if part["low"] is not None or part["high"] is not None]
        for end in ("low", "best", "high"):
            ends = [part[end] for part in said]
            sums[incident][f"{counted}_{end}"] = sum(ends) if ends and None not in ends else None
        sums[incident].setdefault("overruled", []).append(counted)
    hit = incidents.filter(pl.col("incident_id").is_in(list(sums)))
    if hit.is_empty():
        return incidents
    fixed = [row | sums[row["incident_id"]] for row in hit.to_dicts()]
    rows = [row | {"overruled": ",".join(sorted(row["overruled"]))} for row in fixed]
    kept = incidents.join(hit, on="incident_id", how="anti")
    return pl.concat([kept, pl.DataFrame(rows, schema=incidents.schema)]).sort("incident_id")


def conflicting(members: pl.DataFrame, records: Iterable[CasualtyRecord]) -> list[str]:
    """The incidents in which several records meet, as when two incidents became one; a person has to write one."""
    met = _by_incident(members, records)
    return sorted(incident for incident, held in met.items() if len(held) > 1)


def tallies(parts: pl.DataFrame, by: Sequence[str] = ()) -> list[tuple[dict[str, str], Tally]]:
    """Totals, one row for each kind of count, kind of death, status, standard and value of ``by``, in that order.

    Low adds the lows; an incident that gives no number adds nothing and is counted apart. Best and high are missing
    where one incident with a number lacks that end: a sum over some of them would look like a bound and be none.
    """
    wrong = [name for name in by if name not in (*DIMENSIONS, "unit", "month", "rests_on")]
    if wrong:
        raise UsageError(f"casualties are not told apart by {wrong[0]}", mend=f"use {', '.join(DIMENSIONS)}, unit")
    has = pl.any_horizontal(pl.col(end).is_not_null() for end in ("low", "best", "high"))
    frame = parts.with_columns(_has=has, _low=pl.coalesce("low", "best").fill_null(0))
    known = pl.col("_has")
    totals = (
        frame.group_by(*_KEYS, *by)
        .agg(
            incidents=pl.col("incident_id").filter(known).n_unique(),
            silent=pl.col("incident_id").filter(~known).n_unique(),
            low=pl.col("_low").filter(known).sum(),
            **{end: _complete_sum(end) for end in ("best", "high")},
        )
        .sort(*_KEYS, *by, nulls_last=True)
    )
    made = []
    for row in totals.iter_rows(named=True):
        counted, death_kind, status, standard = (row[key] for key in _KEYS)
        numbers = (row["incidents"], row["silent"], row["low"], row["best"], row["high"])
        tally = Tally(counted, death_kind, status, standard, *numbers)
        made.append(({name: "not known" if row[name] is None else str(row[name]) for name in by}, tally))
    return made


def side_by_side(claims: pl.DataFrame, trace: pl.DataFrame, counted: str) -> list[dict[str, Any]]:
    """What each claim of one incident says of a count, and of the days, in order of becoming known; none is dropped.

    Args:
        claims: the incident's claims, rows of ``CLAIM_COLUMNS``.
        trace: their origins, ``claim_id`` and ``origin``.
        counted: one of ``COUNTED``.
    """
    names = trace.group_by("claim_id").agg(origins=pl.col("origin").unique().sort())
    numbers = [pl.col(f"{counted}_{end}").alias(end) for end in ("low", "best", "high")]
    columns = ["claim_id", "known_on", "started_on", "ended_on", "date_precision", "act", "alleged_by", *numbers]
    joined = claims.select(columns).join(names, on="claim_id", how="left").sort("known_on", "claim_id")
    return joined.with_columns(pl.col("origins").fill_null([])).to_dicts()


def minimum_fields(incident: Mapping[str, Any], parts: pl.DataFrame, record: CasualtyRecord | None) -> dict[str, str]:
    """The minimum fields of the casualty-recording standards, each filled or ``unknown``, for one incident.

    The names and their order are those of the coded list; ``sources_and_grades`` is left for the caller to fill.
    """
    known = parts.filter(pl.any_horizontal(pl.col("low", "best", "high").is_not_null()))
    said = {
        "date": incident["started_on"],
        "place": ", ".join(filter(None, (incident["place_name"], incident["admin1"], incident["country"]))),
        "kind_of_harm": _values(known, "counted"),
        "sex": _values(known, "sex"),
        "age_group": _values(known, "age"),
        "status": _values(known, "person_status"),
        "cause": _values(known, "cause"),
        "alleged_responsible_party_or_unknown": _alleged(incident, record),
        "circumstances": " ".join(act.circumstances for act in record.acts if act.circumstances) if record else "",
        "verification_level": _values(known, "status"),
        "recorder": record.author if record else "derived from claims by rule",
        "last_review": record.decided_at.date().isoformat() if record else "",
    }
    return {code.code: str(said.get(code.code) or "unknown") for code in codes("casualty_record_minimum")}


def _from_claims(incidents: pl.DataFrame) -> pl.DataFrame:
    year, month = (pl.col("started_on").str.slice(*part).cast(pl.Int64) for part in ((0, 4), (5, 2)))
    frames = []
    for name in COUNTED:
        low, best, high = (pl.col(f"{name}_{end}") for end in ("low", "best", "high"))
        given = {
            "incident_id": pl.col("incident_id"),
            "unit": pl.col("unit"),
            "month": (year - 1980) * 12 + month,
            "counted": pl.lit(name),
            "death_kind": pl.lit("unknown" if name.endswith("deaths") else ""),
            "status": pl.col("status"),
            "standard": pl.lit(""),
            "rests_on": pl.lit("claims"),
            "low": pl.coalesce(low, best),
            "best": best,
            "high": pl.coalesce(high, best),
            **{dimension: pl.lit(code) for dimension, code in _UNSAID.items()},
        }
        if name == "civilian_deaths":
            given["person_status"] = pl.lit("civilian")
        frames.append(incidents.select(**{key: given[key].cast(kind) for key, kind in PART_COLUMNS.items()}))
    return pl.concat(frames)


Decision = CasualtyRecord | CountOverruling


def _spoken(
    members: pl.DataFrame, records: Sequence[CasualtyRecord], overrulings: Sequence[CountOverruling]
) -> dict[tuple[str, str], Decision]:
    """Which decision stands for which count of which incident: the later; several records of one stand aside."""
    spoken: dict[tuple[str, str], Decision] = {}
    for incident, held in _by_incident(members, records).items():
        if len(held) == 1:
            spoken |= {(incident, counted): held[0] for counted in sorted(held[0].counts)}
    for incident, ruled in _by_incident(members, overrulings).items():
        for one in ruled:
            before = spoken.get((incident, one.counted))
            if before is None or one.decided_at >= before.decided_at:
                spoken[incident, one.counted] = one
    return spoken


def _by_incident(members: pl.DataFrame, decisions: Iterable[Any]) -> dict[str, list[Any]]:
    """The decisions of each incident that holds their claim; those whose claim is in none are left out."""
    made = list(decisions)
    anchors = members.filter(pl.col("claim_id").is_in({one.claim_id for one in made}))
    incident_of = dict(anchors.select("claim_id", "incident_id").iter_rows())
    found: dict[str, list[Any]] = defaultdict(list)
    for one in made:
        if one.claim_id in incident_of:
            found[incident_of[one.claim_id]].append(one)
    return found


def _parts_of(decision: Decision, counted: str) -> list[dict[str, Any]]:
    if isinstance(decision, CountOverruling):
        kind = {"person_status": "civilian"} if counted == "civilian_deaths" else {}
        part = {"counted": counted, "death_kind": decision.death_kind, "rests_on": "overruling"}
        return [part | _number(decision.number) | _UNSAID | kind]
    harm = "deaths" if counted == "civilian_deaths" else counted
    groups = [group for group in decision.victims if group.harm == harm]
    if counted != "civilian_deaths":
        return [_part_of(decision, group) | {"counted": counted} for group in groups]
    civilians = [_part_of(decision, one) for one in groups if one.status == "civilian"]
    unsaid = [_part_of(decision, one) | _NO_NUMBER for one in groups if one.status == "unknown"]
    return [part | {"counted": counted} for part in (*civilians, *unsaid)]


def _part_of(record: CasualtyRecord, group: VictimGroup) -> dict[str, Any]:
    causes = {act.cause for act in record.acts_of(group.group_id)}
    return {
        "death_kind": group.death_kind,
        "rests_on": "record",
        **_number(group.number),
        "sex": group.sex,
        "age": group.age,
        "person_status": group.status,
        "disability": group.disability,
        "displacement": group.displacement,
        "cause": causes.pop() if len(causes) == 1 else "UN",
    }


def _number(number: CountRange) -> dict[str, Any]:
    low = number.best if number.low is None else number.low
    high = number.best if number.high is None else number.high
    return {"status": number.status, "standard": number.standard, "low": low, "best": number.best, "high": high}


def _complete_sum(end: str) -> pl.Expr:
    given = pl.col(end).filter(pl.col("_has"))
    return pl.when((given.len() > 0) & given.is_not_null().all()).then(given.sum())


def _values(parts: pl.DataFrame, column: str) -> str:
    return ", ".join(sorted(set(parts[column].drop_nulls().to_list())))


def _alleged(incident: Mapping[str, Any], record: CasualtyRecord | None) -> str:
    names = sorted({body.name for body in record.alleged}) if record else [incident["alleged_by"]]
    return ", ".join(filter(None, names))
