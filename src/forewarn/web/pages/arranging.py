"""Taking an incident apart, moving a claim, merging two, and what of it counts: the forms, and what was decided.

Each asks for a reason and is taken back as one. Claims are chosen from those shown; another incident from those near,
or by its whole id. On sensitive claims nothing changes until a second person agrees.
"""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.operations.viewing_arrange import Change, arrange_for, arranging_for
from forewarn.operations.viewing_weigh import (
    ACTS,
    QUARANTINE_KINDS,
    VERDICTS,
    Weighing,
    count_again_for,
    kept_out_for,
    weigh_for,
    weighed_for,
)
from forewarn.web.asked import Asked, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.pages.review import still_there

__all__ = ["FORMS", "READ"]

_TICKED = 30
"""So many claims can be chosen by a tick; of more, the others by id."""
_TICKS = tuple(f"claim{n}" for n in range(1, _TICKED + 1))


def _arranging(asked: Asked) -> Response:
    """The claims of an incident, the incidents near it, and what was decided of it."""
    _require(asked)
    workspace, viewer, incident = asked.workspace, asked.person.viewer, asked.path("incident")
    shown, weighed = arranging_for(workspace, viewer, incident), weighed_for(workspace, viewer, incident)
    return rendered(
        asked, "arrange.html", shown=shown, weighed=weighed, ticked=_TICKED, back=asked.request.url.path,
        kinds=QUARANTINE_KINDS, verdicts=VERDICTS,
    )  # fmt: skip


def _arrange(asked: Asked) -> Response:
    """Do what was asked; then the incident as it is now, or with what waits."""
    _require(asked)
    incident, act, form = asked.path("incident"), asked.path("act"), asked.form
    if act not in ("split", "move", "merge"):
        raise UnknownNameError("There is no such page")
    ticked = [form[name].strip() for name in _TICKS if form.get(name, "").strip()]
    claims = dict.fromkeys([*ticked, *form.get("claims", "").split()])
    other = form.get("other_id", "").strip() or form.get("other", "").strip()
    change = Change(act, tuple(claims), other, form.get("why", "").strip())
    made = arrange_for(asked.workspace, asked.person.viewer, incident, change)
    return turn_to(still_there(f"/incidents/{incident}/arrange", made) + "#decided")


def _weigh(asked: Asked) -> Response:
    """Keep a claim out of the counts or count it again; rule on the origins of two, or take a ruling back."""
    _require(asked)
    incident, act, form = asked.path("incident"), asked.path("act"), asked.form
    if act not in ACTS:
        raise UnknownNameError("There is no such page")
    named = {name: form.get(name, "").strip() for name in ("first", "second", "kind", "ruling", "why")}
    claims = tuple(named[one] for one in ("first", "second") if named[one])
    said = Weighing(act, claims, named["kind"], named["ruling"], named["why"])
    weigh_for(asked.workspace, asked.person.viewer, incident, said)
    return turn_to("/review/kept-out" if act == "keep_out" else f"/incidents/{incident}/arrange#counts")


def _kept_out(asked: Asked) -> Response:
    """The claims that are kept out of the counts, also those whose incident has gone with them."""
    require_kind(asked, "claim")
    require_act(asked, "review")
    return rendered(asked, "kept_out.html", rows=kept_out_for(asked.workspace, asked.person.viewer))


def _count_again(asked: Asked) -> Response:
    """Count a claim again, or have that wait for a second person."""
    require_kind(asked, "claim")
    require_act(asked, "review")
    why = asked.form.get("why", "").strip()
    made = count_again_for(asked.workspace, asked.person.viewer, asked.path("claim"), why=why)
    return turn_to("/review/decided" if made.state == "pending" else "/review/kept-out")


def _require(asked: Asked) -> None:
    require_kind(asked, "incident")
    require_act(asked, "review")


READ: dict[str, Page] = {"/incidents/{incident}/arrange": _arranging, "/review/kept-out": _kept_out}

FORMS: dict[str, Form] = {
    "/incidents/{incident}/arrange/{act}": (_arrange, (*_TICKS, "claims", "other", "other_id", "why")),
    "/incidents/{incident}/weigh/{act}": (_weigh, ("first", "second", "kind", "ruling", "why")),
    "/review/count-again/{claim}": (_count_again, ("why",)),
}
