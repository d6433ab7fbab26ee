"""Where tracked items stand: the state, evidence and links that entries lead to, and what is due or overdue.

A pure function of items, entries and the day. An entry that was taken back counts as never made. A mandate to which
nobody has linked a political strategy says so; that is a gap in what is recorded, not a finding about the mandate.
Nothing here ranks owners, adds up a score, or says who broke a truce.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forewarn.clock import day_from_text
from forewarn.errors import RuleError, shorten
from forewarn.model.tracked import CaseEntry, TrackedEntry, TrackedItem
from forewarn.taxonomy.tracker import case_words, tracker_kinds

__all__ = ["NONE_FOUND", "CaseView", "ItemView", "case_view", "due_items", "item_views", "refuse_state"]

NONE_FOUND = "none found"


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as it stands.

    Attributes:
        item_id, item: what it is.
        state: as last recorded, else the first of its kind.
        owner, due_on: as last recorded.
        is_settled: whether nothing is owed any more.
        lacks_evidence: whether it is in a state that needs evidence, and what it rested on was taken back.
        overdue_days: days since it was due and not settled; 0 otherwise, and where nothing is due.
        evidence: entries of evidence that stand, oldest first.
        links: ids of items it is linked to, either way.
        strategy: for a mandate, the strategies linked to it in words, or ``none found``; empty for other kinds.
        mandate: for a process, what its body is mandated to do and by which instrument, or ``none found``.
        last_report: for a process, the latest public report by its body; ``None`` where nobody recorded one.
        history: all entries, those taken back included, oldest first.
    """

    item_id: str
    item: TrackedItem
    state: str
    owner: str
    due_on: date | None
    is_settled: bool
    lacks_evidence: bool
    overdue_days: int
    evidence: tuple[TrackedEntry, ...]
    links: tuple[str, ...]
    strategy: str
    mandate: str
    last_report: TrackedEntry | None
    history: tuple[TrackedEntry, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """What is on record about one incident: the last status by each body, and the searches that found nothing.

    ``words`` is one sentence; without any record it says that none was found, and whether somebody looked.
    """

    status: str
    words: str
    standing: tuple[CaseEntry, ...]


def item_views(items: Sequence[TrackedItem], entries: Iterable[TrackedEntry], day: date) -> list[ItemView]:
    """Every item as it stands on a day, those due first first, those without a day last."""
    by_item: dict[str, list[TrackedEntry]] = defaultdict(list)
    for entry in entries:
        by_item[entry.item_id].append(entry)
    known = {item.item_id: item for item in items}
    links = _links(by_item)
    views = [_view(item, by_item[name], links, known, day) for name, item in known.items()]
    return sorted(views, key=lambda view: (view.due_on or date.max, view.item.at, view.item_id))


def due_items(views: Iterable[ItemView], day: date, within_days: int) -> tuple[list[ItemView], list[ItemView]]:
    """Items not settled that are overdue, longest first, and those due within so many days."""
    owed = [view for view in views if view.due_on is not None and not view.is_settled]
    overdue = sorted((v for v in owed if v.overdue_days), key=lambda v: (-v.overdue_days, v.item_id))
    return overdue, [v for v in owed if not v.overdue_days and v.due_on and (v.due_on - day).days <= within_days]


def refuse_state(view: ItemView, state: str) -> None:
    """Refuse a state that is none of the item's kind, or that needs evidence while there is none."""
    kind = tracker_kinds()[view.item.kind]
    if state not in kind.states:
        raise RuleError(
            f"'{shorten(state)}' is no state of a {kind.name}", where="state", mend=f"use {', '.join(kind.states)}"
        )
    if state in kind.proven and not view.evidence:
        raise RuleError(
            f"'{state}' rests on no evidence", where="state", mend="add it first with 'forewarn tracker evidence'"
        )


def case_view(entries: Iterable[CaseEntry]) -> CaseView:
    """What is on record about one incident, from all entries about its claims."""
    listed = sorted(entries, key=lambda one: one.at)
    gone = {one.undoes for one in listed if one.undoes}
    valid = [one for one in listed if not one.undoes and one.case_id not in gone]
    none_found = next(iter(case_words()))
    records = {one.body.casefold(): one for one in valid if one.status != none_found}
    searches = [one for one in valid if one.status == none_found]
    standing = (*records.values(), *searches)
    if records:
        said = "; ".join(f"{case_words()[one.status]} ({one.body or 'body not named'}, {one.source})"
                         for one in records.values())  # fmt: skip
        latest = max(records.values(), key=lambda one: (one.on or date.min, one.at))
        return CaseView(latest.status, f"On public record: {said}.", standing)
    looked = "; ".join(f"{one.source}{f' on {one.on}' if one.on else ''}" for one in searches)
    tail = f"Looked for in {looked}." if looked else "Nobody has recorded looking for one."
    return CaseView(none_found, f"No public record found. {tail}", standing)


def _view(
    item: TrackedItem,
    entries: list[TrackedEntry],
    links: Mapping[str, tuple[str, ...]],
    known: Mapping[str, TrackedItem],
    day: date,
) -> ItemView:
    valid = _standing(entries)
    last = {entry.kind: entry.value for entry in valid}
    kind = tracker_kinds()[item.kind]
    state = last.get("state", kind.states[0])
    due_on = day_from_text(last["due"]) if "due" in last else item.due_on
    evidence = tuple(entry for entry in valid if entry.kind == "evidence")
    reports = [entry for entry in valid if entry.kind == "report"]
    lacks_evidence = state in kind.proven and not evidence
    is_settled = state in kind.settled and not lacks_evidence
    late = (day - due_on).days if due_on and not is_settled and item.kind not in ("truce", "mandate") else 0
    linked = links.get(item.item_id, ())
    strategies = [known[one].what for one in linked if one in known and known[one].kind == "strategy"]
    return ItemView(
        item_id=item.item_id,
        item=item,
        state=state,
        owner=last.get("owner", item.owner),
        due_on=due_on,
        is_settled=is_settled,
        lacks_evidence=lacks_evidence,
        overdue_days=max(late, 0),
        evidence=evidence,
        links=linked,
        strategy=("; ".join(strategies) or NONE_FOUND) if item.kind == "mandate" else "",
        mandate=last.get("mandate", NONE_FOUND) if item.kind == "process" else "",
        last_report=max(reports, key=lambda entry: (entry.on or date.min, entry.at), default=None),
        history=tuple(entries),
    )


def _standing(entries: Iterable[TrackedEntry]) -> list[TrackedEntry]:
    """The entries that were not taken back, oldest first; nothing takes back an undo."""
    listed = sorted(entries, key=lambda entry: entry.at)
    gone = {entry.value for entry in listed if entry.kind == "undo"}
    return [entry for entry in listed if entry.kind != "undo" and entry.entry_id not in gone]


def _links(by_item: Mapping[str, list[TrackedEntry]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for item_id, entries in by_item.items():
        for entry in _standing(entries):
            if entry.kind == "link":
                found[item_id][entry.value] = None
                found[entry.value][item_id] = None
    return {item_id: tuple(linked) for item_id, linked in found.items()}
