"""The queue of review for a viewer: an item is there for who may see every claim it is about, and for nobody else.

What waits is listed, shown, answered, corrected and taken back only within those bounds, and only as who is signed in.
Sensitive claims that are shown are kept as sights before they are handed on. Counts are of what this viewer may see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
from sqlalchemy import Connection

from forewarn.assess.queue import KINDS, kind_named
from forewarn.errors import SeparationError, UnknownNameError
from forewarn.ids import is_id
from forewarn.model.access import EVERYWHERE, SENSITIVE_FROM, Viewer
from forewarn.model.provenance import Sensitivity
from forewarn.model.review import Item, claims_concerned
from forewarn.operations import review
from forewarn.operations.review_history import Entry, entries_about, latest
from forewarn.operations.review_items import Asked, is_too_large, keep_up, page_seen, page_within
from forewarn.operations.review_queue import ItemShown, Listed, Waiting, concerned, listed_of, shown_of
from forewarn.operations.review_record import Decided
from forewarn.operations.viewing import keep_sights
from forewarn.operations.workspace import Workspace
from forewarn.store import reading, viewed
from forewarn.store.review_reading import record_of

__all__ = [
    "Decided", "Entry", "ItemShown", "Waiting", "answer_for", "confirm_for", "correct_for", "decided_about",
    "decided_for", "item_for", "kinds", "seen_claims", "take_back_for", "waiting_for",
]  # fmt: skip

ACT = "review"
_LOOKED_BACK = 400
"""How many of the latest decisions are gone through for those a viewer may see."""


def kinds() -> dict[str, str]:
    """What may wait, by name, in words."""
    return {kind.name: kind.title for kind in KINDS}


def waiting_for(
    workspace: Workspace, viewer: Viewer, *, kind: str = "", unit: str = "", start: int = 0, limit: int = 20
) -> Listed:
    """The items the viewer may see, what most hangs on first, from ``start`` on; see :func:`review.waiting`.

    Who may see which is asked of the store, with the page. Nobody waits for the queue to be worked out: where it is
    behind, what is kept is given, and how far behind it is.
    """
    _require(viewer)
    with workspace.database.reading() as connection:
        if kind and kind_named(kind).on_request and is_too_large(connection):
            return Listed([], {}, later=True)
    behind = keep_up(workspace)
    classes, sights = _classes_everywhere(viewer), viewer.sight_of("claim")
    if classes:
        items, counts = page_within(workspace, Asked(kind, unit), classes, start=start, limit=limit)
    else:
        items, counts = page_seen(workspace, Asked(kind, unit), sights, start=start, limit=limit)
    with workspace.database.reading() as connection:
        is_sure = _sees_every_claim(viewer) or (not classes and behind == 0)
        sure = items if is_sure else _inside(connection, viewer, items)
        listed = replace(listed_of(connection, sure, counts), behind=behind)
    shown = [(one.left, one.right) for one in listed.items if _is_sensitive(one.sensitivity)]
    keep_sights(workspace, viewer, [(_kind_of(name), name) for pair in shown for name in pair if name])
    return listed


def item_for(workspace: Workspace, viewer: Viewer, name: str, *, limit: int = 12) -> ItemShown:
    """One item in full. Raises :class:`UnknownNameError` where it does not wait, or a claim of it may not be seen.

    A claim that is to be graded is shown without who told it: credibility is entered blind of the source.
    """
    keep_up(workspace)
    with workspace.database.reading() as connection:
        found = _found(connection, workspace, viewer, name)
        shown = shown_of(workspace, connection, found, limit=limit)
    sensitive = [one["claim_id"] for one in shown.claims if _is_sensitive(one["sensitivity"])]
    keep_sights(workspace, viewer, [("claim", one) for one in sensitive])
    originals = shown.originals
    if shown.item is not None and shown.item.kind == "grade":
        originals = [replace(one, source="") for one in originals]
    with workspace.database.reading() as connection:
        history, _ = _open_to(connection, viewer, shown.history)
    return replace(shown, originals=originals, history=history)


def answer_for(workspace: Workspace, viewer: Viewer, name: str, verdict: str, *, why: str) -> Decided:
    """Answer an item that the viewer may see, under their name."""
    _require_seen(workspace, viewer, name)
    return review.decide_item(workspace, name, verdict, by=viewer.name, why=why)


def correct_for(workspace: Workspace, viewer: Viewer, name: str, values: Mapping[str, str], *, why: str) -> Decided:
    """Correct the claim that an item of misreading is about."""
    item = _require_seen(workspace, viewer, name)
    if item is None or item.kind != "extraction":
        raise UnknownNameError("no such reading waits", mend="see the queue")
    return review.correct(workspace, item.subject, values, by=viewer.name, why=why)


def decided_for(workspace: Workspace, viewer: Viewer, *, limit: int = 20) -> list[Entry]:
    """The latest decisions whose every claim the viewer may see, the latest first."""
    _require(viewer)
    with workspace.database.reading() as connection:
        for looked in dict.fromkeys((2 * limit, _LOOKED_BACK)):
            entries = latest(connection, looked)
            found, about = _open_to(connection, viewer, entries)
            if len(found) >= limit or len(entries) < looked:
                break
        shown = found[:limit]
        sensitive = _sensitive(connection, sorted({one for entry in shown for one in about[entry.decision]}))
    keep_sights(workspace, viewer, [("claim", one) for one in sensitive])
    return shown


def decided_about(workspace: Workspace, viewer: Viewer, name: str, *, limit: int = 40) -> list[Entry]:
    """What was decided of an incident or claim and may be seen, the latest first."""
    _require(viewer)
    entries = review.history(workspace, name, limit=limit)
    with workspace.database.reading() as connection:
        found, about = _open_to(connection, viewer, entries)
        sensitive = _sensitive(connection, sorted({one for entry in found for one in about[entry.decision]}))
    keep_sights(workspace, viewer, [("claim", one) for one in sensitive])
    return found


def take_back_for(workspace: Workspace, viewer: Viewer, name: str, *, why: str) -> Decided:
    """Take back a decision whose every claim the viewer may see. Raises :class:`UnknownNameError` for another."""
    _require_decided(workspace, viewer, name)
    return review.undo(workspace, name, by=viewer.name, why=why)


def confirm_for(workspace: Workspace, viewer: Viewer, name: str, *, why: str) -> Decided:
    """Confirm, as a second person, a decision that waits for one and whose every claim the viewer may see."""
    _require_decided(workspace, viewer, name)
    return review.confirm(workspace, name, by=viewer.name, why=why)


def _require_decided(workspace: Workspace, viewer: Viewer, name: str) -> None:
    _require(viewer)
    with workspace.database.reading() as connection:
        entries = [one for one in entries_about(connection, [name]) if one.decision == name]
        if not _open_to(connection, viewer, entries)[0]:
            raise UnknownNameError("no such decision", mend="see what was decided")


def _require(viewer: Viewer) -> None:
    if ACT not in viewer.acts:
        raise SeparationError("your roles do not allow this", where=ACT, mend="ask who may")


def _require_seen(workspace: Workspace, viewer: Viewer, name: str) -> Item | None:
    """The item, if the viewer may see all it is about; missing where it was answered."""
    keep_up(workspace)
    with workspace.database.reading() as connection:
        return _found(connection, workspace, viewer, name)[0]


def _found(
    connection: Connection, workspace: Workspace, viewer: Viewer, name: str
) -> tuple[Item | None, list[str], set[str]]:
    _require(viewer)
    found: tuple[Item | None, list[str], set[str]] = (None, [], set())
    if is_id(name, "itm"):
        found = concerned(connection, name, workspace.today, patient=False)
    if not found[1] or seen_claims(connection, viewer, found[1]) != set(found[1]):
        raise UnknownNameError("no such item waits", mend="see the queue")
    return found


def _sees_every_claim(viewer: Viewer) -> bool:
    """Whether no claim lies beyond what may be seen now, so that none needs to be looked at."""
    return any(EVERYWHERE in one.areas and one.most is Sensitivity.SEVERE for one in viewer.sight_of("claim"))


def _classes_everywhere(viewer: Viewer) -> list[str]:
    """The sensitivities of claims that may be seen in every area; empty where there is none, or where areas add up.

    Areas add up where some sight reaches further than those of every area: then items must be looked at one by one.
    """
    sights = viewer.sight_of("claim")
    most = max((one.most.rank for one in sights if EVERYWHERE in one.areas), default=-1)
    if any(one.most.rank > most for one in sights):
        return []
    return [one.value for one in Sensitivity if one.rank <= most]


def _inside(connection: Connection, viewer: Viewer, items: pl.DataFrame) -> pl.DataFrame:
    """Those of the items whose every claim may be seen."""
    named = sorted(items.select(pl.col("claims").explode().drop_nulls().unique())["claims"])
    seen = pl.DataFrame({"claims": sorted(seen_claims(connection, viewer, named))}, schema={"claims": pl.String})
    each = items.select("item_id", "claims").explode("claims")
    hidden = each.join(seen, on="claims", how="anti").select("item_id").unique()
    return items.join(hidden, on="item_id", how="anti", maintain_order="left")


def seen_claims(connection: Connection, viewer: Viewer, claims: Sequence[str]) -> set[str]:
    """Those of the claims that may be seen as received and, where they were corrected, as they read now."""
    found = viewed.seen_claims(connection, viewer, claims)
    rows = reading.claims_of(connection, sorted(found)).select("claim_id", "country", "admin1", "sensitivity")
    return {
        name
        for name, country, admin1, said in rows.iter_rows()
        if viewer.may_see("claim", country, admin1, Sensitivity.kept(said))
    }


def _open_to(
    connection: Connection, viewer: Viewer, entries: Sequence[Entry]
) -> tuple[list[Entry], dict[str, set[str]]]:
    """Those of the decisions whose every claim the viewer may see, and by decision its claims."""
    about = _claims_of(connection, entries)
    seen = seen_claims(connection, viewer, sorted({one for claims in about.values() for one in claims}))
    return [one for one in entries if about[one.decision] and about[one.decision] <= seen], about


def _claims_of(connection: Connection, entries: Sequence[Entry]) -> dict[str, set[str]]:
    """By decision, the claims it is about; of a judgement made outside the queue, the two it judges."""
    given = record_of(connection, [entry.decision for entry in entries]).by_id
    incidents = sorted({name for entry in entries for name in entry.subjects if name.startswith("inc_")})
    members = reading.incident_members(connection, incidents)
    found: dict[str, set[str]] = {}
    for entry in entries:
        made = given.get(entry.decision)
        claims = set(claims_concerned(made, given)) if made else set()
        claims |= {one for one in entry.subjects if one.startswith("clm_")}
        for one in (name for name in entry.subjects if name.startswith("inc_")):
            claims |= set(members.filter(pl.col("incident_id") == one)["claim_id"])
        found[entry.decision] = claims
    return found


def _sensitive(connection: Connection, claims: Sequence[str]) -> list[str]:
    rows = reading.claims_of(connection, claims).select("claim_id", "sensitivity")
    return [name for name, said in rows.iter_rows() if _is_sensitive(said)]


def _is_sensitive(said: str) -> bool:
    known = {one.value: one.rank for one in Sensitivity}
    return known.get(said, Sensitivity.SEVERE.rank) >= SENSITIVE_FROM.rank


def _kind_of(name: str) -> str:
    return {"clm": "claim", "inc": "incident", "dec": "decision"}.get(name.partition("_")[0], "situation")
