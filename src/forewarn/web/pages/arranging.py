"""Taking an incident apart, moving a claim, merging two: the forms of it, and what was decided of the incident.

Each asks for a reason and is taken back as one. Claims are chosen from those shown; another incident from those near,
or by its whole id. On sensitive claims nothing changes until a second person agrees.
"""

from __future__ import annotations

from starlette.responses import Response

from forewarn.errors import UnknownNameError
from forewarn.operations.viewing_arrange import Change, arrange_for, arranging_for
from forewarn.web.asked import Asked, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.pages.review import still_there

__all__ = ["FORMS", "READ"]

_TICKED = 30
"""So many claims can be chosen by a tick; of more, the others by id."""
_TICKS = tuple(f"claim{n}" for n in range(1, _TICKED + 1))


def _arranging(asked: Asked) -> Response:
    """The claims of an incident, the incidents near it, and what was decided of it."""
    _require(asked)
    shown = arranging_for(asked.workspace, asked.person.viewer, asked.path("incident"))
    return rendered(asked, "arrange.html", shown=shown, ticked=_TICKED, back=asked.request.url.path)


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


def _require(asked: Asked) -> None:
    require_kind(asked, "incident")
    require_act(asked, "review")


READ: dict[str, Page] = {"/incidents/{incident}/arrange": _arranging}

FORMS: dict[str, Form] = {
    "/incidents/{incident}/arrange/{act}": (_arrange, (*_TICKS, "claims", "other", "other_id", "why")),
}
