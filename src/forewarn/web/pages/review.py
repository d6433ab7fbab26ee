"""The queue of review: what waits, one item in full, an answer with a reason, and the taking back of one.

Everything works without a script; with one, ``review.js`` moves and answers by keyboard. A reason is always asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from forewarn.model.access import require_area
from forewarn.model.correction import CORRECTABLE
from forewarn.operations import viewing_review as reviewed
from forewarn.web.asked import Asked, Entry, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["ENTRIES", "FORMS", "READ", "keys_of", "still_there"]

_PAGE = 20
_RESERVED = frozenset("jkuo")
"""Keys that move, take back and open."""

_TOLD = ("started_on", "ended_on", "place_name", "admin1", "country", "act", "parties", "alleged_by", "target")
_COUNTS = ("deaths", "civilian_deaths", "injured", "abducted", "detained", "displaced")


def keys_of(verdicts: Iterable[str]) -> dict[str, str]:
    """The key that gives each verdict: its first letter or digit that is free."""
    keys: dict[str, str] = {}
    for verdict in verdicts:
        free = [sign for sign in verdict if sign.isalnum() and sign not in _RESERVED and sign not in keys.values()]
        keys[verdict] = free[0] if free else ""
    return keys


def _review(asked: Asked) -> Response:
    """The head of the queue or a later page of it; of a kind or an area where one is asked for."""
    _require(asked)
    kind, unit, page = _where(asked.request.query_params)
    viewer, workspace = asked.person.viewer, asked.workspace
    kinds = reviewed.kinds()
    listed = reviewed.waiting_for(
        workspace, viewer, kind=kind if kind in kinds else "", unit=unit, start=_PAGE * (page - 1), limit=_PAGE
    )
    mine = [one for one in reviewed.decided_for(workspace, viewer, limit=40) if one.by == viewer.name]
    return rendered(
        asked, "review.html", listed=listed, kinds=kinds, kind=kind, unit=unit, page=page, first=_PAGE * (page - 1) + 1,
        keys={one.item: keys_of(one.verdicts) for one in listed.items}, latest=_last_standing(mine),
        reasons=list(dict.fromkeys(one.why for one in mine))[:8], back=_back(kind, unit, page),
        more=_back(kind, unit, page + 1) if listed.total > _PAGE * page else "",
        before=_back(kind, unit, page - 1) if page > 1 else "",
    )  # fmt: skip


def _decided(asked: Asked) -> Response:
    """What was decided, the latest first, with the way to take it back."""
    _require(asked)
    entries = reviewed.decided_for(asked.workspace, asked.person.viewer, limit=60)
    return rendered(asked, "review_decided.html", found=entries)


def _item(asked: Asked) -> Response:
    """One item in full: the claims beside one another, the words they rest on, what was decided before."""
    _require(asked)
    shown = reviewed.item_for(asked.workspace, asked.person.viewer, asked.path("item"))
    verdicts = shown.item.verdicts if shown.item else ()
    return rendered(
        asked, "review_item.html", shown=shown, item=shown.item, keys=keys_of(verdicts), rows=_rows(shown.claims),
        columns=CORRECTABLE, back=own_back(asked.request.query_params.get("back", "")),
    )  # fmt: skip


def _answer(asked: Asked) -> Response:
    """Answer an item; back to where it was answered."""
    form = asked.form
    reviewed.answer_for(
        asked.workspace, asked.person.viewer, asked.path("item"), form.get("verdict", ""), why=form.get("why", "")
    )
    return turn_to(own_back(form.get("back", "")))


def _correct(asked: Asked) -> Response:
    """Say what a claim should read in one column."""
    form = asked.form
    values = {form.get("column", ""): form.get("value", "")}
    reviewed.correct_for(asked.workspace, asked.person.viewer, asked.path("item"), values, why=form.get("why", ""))
    return turn_to("/review/decided")


def _undo(asked: Asked) -> Response:
    """Take a decision back."""
    name, why = asked.path("decision"), asked.form.get("why", "")
    made = reviewed.take_back_for(asked.workspace, asked.person.viewer, name, why=why)
    return turn_to(still_there(own_back(asked.form.get("back", "")), made))


def _confirm(asked: Asked) -> Response:
    """Agree, as a second person, with what waits for one."""
    name, why = asked.path("decision"), asked.form.get("why", "")
    made = reviewed.confirm_for(asked.workspace, asked.person.viewer, name, why=why)
    return turn_to(still_there(own_back(asked.form.get("back", "")), made))


def own_back(path: str) -> str:
    """The path if it is one of the queue, of an incident or of an area, else the queue."""
    ours = path in ("/review/decided", "/situations") or path.startswith(
        ("/review?", "/incidents/inc_", "/situations/")
    )
    return path if ours and path.isprintable() and len(path) < 400 else "/review"


def still_there(path: str, made: reviewed.Decided) -> str:
    """The path, of an incident that is no more the one that now holds its claims."""
    begin, _, rest = path.removeprefix("/incidents/").partition("/")
    if not path.startswith("/incidents/") or not made.touched or begin in made.touched:
        return path
    return f"/incidents/{made.touched[0]}/{rest}".rstrip("/")


def _require(asked: Asked) -> None:
    require_kind(asked, "claim")
    require_act(asked, "review")


def _where(query: Any) -> tuple[str, str, int]:
    unit = query.get("unit", "").strip(" *")
    page = query.get("page", "1")
    return (
        query.get("kind", ""),
        require_area(unit) if unit else "",
        int(page) if page.isdecimal() and len(page) < 6 else 1,
    )


def _back(kind: str, unit: str, page: int) -> str:
    said = {"kind": kind, "unit": unit, "page": str(page) if page > 1 else ""}
    return "/review?" + urlencode({name: value for name, value in said.items() if value})


def _last_standing(mine: list[reviewed.Entry]) -> reviewed.Entry | None:
    return next((one for one in mine if one.state in ("holds", "pending") and one.act != "undo"), None)


def _rows(claims: list[dict[str, Any]]) -> list[tuple[str, list[str], bool]]:
    """What the claims say, a row a field that any of them fills, and whether they differ in it."""
    told = [(name, [_plain(one[name]) for one in claims]) for name in _TOLD]
    told += [(name, [_range(one, name) for one in claims]) for name in _COUNTS]
    return [(name, cells, len(set(cells)) > 1) for name, cells in told if any(cells)]


def _plain(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "").replace("_", " ")


def _range(claim: dict[str, Any], name: str) -> str:
    ends = (claim[f"{name}_{end}"] for end in ("low", "best", "high"))
    known = sorted({end for end in ends if end is not None})
    return "–".join(f"{end:,}" for end in dict.fromkeys((*known[:1], *known[-1:])))


READ: dict[str, Page] = {"/review": _review, "/review/decided": _decided, "/review/{item}": _item}

FORMS: dict[str, Form] = {
    "/review/{item}/answer": (_answer, ("verdict", "why", "back")),
    "/review/{item}/correct": (_correct, ("column", "value", "why")),
    "/review/undo/{decision}": (_undo, ("why", "back")),
    "/review/confirm/{decision}": (_confirm, ("why", "back")),
}

ENTRIES = (Entry("/review", marked("Review"), kind="claim", act="review"),)
