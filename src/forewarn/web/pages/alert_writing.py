"""Writing an alert: what the policy proposes, a new draft, its fields as a form, and updates once it is issued.

Only fields that were changed make a new version. What comes from data, the likelihood and its evidence, is shown beside
the form; lines can be added or left out, never reworded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from starlette.responses import Response

from forewarn.errors import InputValueError, UnknownNameError
from forewarn.model.alert import CONFIDENCE_LEVELS, LEVELS, Alert, EvidenceLine
from forewarn.model.releasability import TLP_LABELS
from forewarn.operations import viewing
from forewarn.operations.viewing_alerts import DraftAsked, draft_for, edit_for, proposals_for
from forewarn.operations.viewing_updates import agree_for, drop_for, update_for
from forewarn.web.asked import Asked, Form, Page, rendered, require_act, require_kind, turn_to
from forewarn.web.languages import marked

__all__ = ["FORMS", "LABELS", "READ"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: its name, how it is entered, what it is called, and what helps to write it."""

    name: str
    kind: str
    label: str
    hint: str = ""
    choices: tuple[str, ...] = ()


PARTS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    (
        marked("What may happen"),
        (
            Field("level", "choice", marked("Level"), choices=LEVELS),
            Field("what_could_happen", "text", marked("What could happen")),
            Field("to_whom", "text", marked("To whom")),
            Field("where_and_when", "text", marked("Where and when")),
            Field("by_whom_possibly", "text", marked("By whom, possibly"), marked("forces and groups, never a person")),
            Field("severity_range", "line", marked("Severity")),
            Field("confidence", "choice", marked("Confidence"), choices=CONFIDENCE_LEVELS),
            Field("confidence_because", "text", marked("Why this confidence")),
        ),
    ),
    (
        marked("What it rests on"),
        (
            Field("no_evidence_against_because", "text", marked("Why nothing speaks against it, where nothing does")),
            Field("gaps_and_blind_spots", "list", marked("Not known"), marked("one a line")),
            Field("alternatives_considered", "list", marked("Other explanations"), marked("one a line")),
            Field("what_changed_since_last", "text", marked("What changed since the last")),
            Field("trigger_to_upgrade", "text", marked("What would raise it")),
            Field("trigger_to_downgrade", "text", marked("What would lower it")),
            Field("dissent", "text", marked("Dissent"), marked("who does not agree, and why")),
        ),
    ),
    (
        marked("What is asked"),
        (
            Field("addressee", "line", marked("Asked of")),
            Field("decision_asked", "text", marked("The decision asked")),
            Field("decision_needed_by", "instant", marked("Needed by (UTC)")),
            Field("valid_until", "day", marked("Valid until")),
            Field("primary_duty_holder", "line", marked("Who bears the primary duty to protect")),
            Field("options", "list", marked("Options, least coercive first"), marked("one a line")),
        ),
    ),
    (
        marked("Care"),
        (
            Field("releasability", "mark", marked("Mark"), marked("begins with TLP:…; else it counts as TLP:RED")),
            Field("source_protection", "text", marked("How sources are protected")),
            Field("harm_check", "text", marked("Whom this alert could harm, and what was done about it")),
        ),
    ),
)
"""The form, part by part."""

_FIELDS = {field.name: field for _, fields in PARTS for field in fields}
LABELS = {
    **{name: field.label for name, field in _FIELDS.items()},
    "likelihood": marked("Likelihood"),
    "evidence_for": marked("For"),
    "evidence_against": marked("Against"),
    "right_of_comment": marked("The State concerned"),
}
"""What the fields of an alert are called."""

_COMMENT = ("comment_asked", "comment_reason", "comment_said")
_SIDES = ("for", "against")
_LINES = tuple(f"{side}_{part}" for side in _SIDES for part in ("text", "claims", "out"))


def _new(asked: Asked) -> Response:
    """The form for a draft of an area."""
    _require(asked, "alert_draft")
    query = asked.request.query_params
    return rendered(asked, "alert_new.html", unit=query.get("unit", "")[:300], marks=TLP_LABELS, said=None)


def _proposed(asked: Asked) -> Response:
    """What the policy proposes, with both sides; nothing is drafted by looking."""
    _require(asked, "alert_draft")
    missing: tuple[str, ...] = ()
    try:
        found = proposals_for(asked.workspace, asked.person.viewer)
    except UnknownNameError as error:
        found, missing = [], (error.what, error.mend)
    return rendered(asked, "alert_proposed.html", found=found, missing=missing, marks=TLP_LABELS)


def _draft(asked: Asked) -> Response:
    """Have the draft made, and go on writing it."""
    _require(asked, "alert_draft")
    said = {name: asked.form.get(name, "").strip() for name in DraftAsked.__dataclass_fields__}
    made = draft_for(asked.workspace, asked.person.viewer, DraftAsked(**said))
    if made.alert_id:
        return turn_to(f"/alerts/{made.alert_id}/edit")
    return rendered(asked, "alert_new.html", status=409, unit=said["unit"], marks=TLP_LABELS, said=made.reason)


def _edit(asked: Asked) -> Response:
    """The fields as they stand, those that only a person can write told apart."""
    return _form(asked, "edit")


def _update(asked: Asked) -> Response:
    """The fields of an issued alert, to write its next version; what changed since the last is to be said anew."""
    return _form(asked, "update")


def _form(asked: Asked, step: str) -> Response:
    _require(asked, f"alert_{step}")
    shown = viewing.alert_for(asked.workspace, asked.person.viewer, asked.path("alert"))
    alert = shown.alert if step == "edit" else replace(shown.alert, what_changed_since_last="")
    may = ("revise" if step == "edit" else "update") in shown.may
    return rendered(
        asked, "alert_edit.html", shown=shown, alert=alert, parts=PARTS, missing=alert.missing(), marks=TLP_LABELS,
        values={name: _value(alert, field) for name, field in _FIELDS.items()}, may=may, step=step,
    )  # fmt: skip


def _write(asked: Asked) -> Response:
    """Keep what was changed as the next version."""
    _require(asked, "alert_edit")
    changes, at = _said(asked)
    if changes:
        edit_for(asked.workspace, asked.person.viewer, asked.path("alert"), changes, **at)
    return turn_to(f"/alerts/{asked.path('alert')}")


def _write_update(asked: Asked) -> Response:
    """Have the next version of an issued alert wait for a second person."""
    _require(asked, "alert_update")
    changes, at = _said(asked)
    if not changes:
        raise InputValueError("changes nothing", where="form", mend="write what is different now")
    update_for(asked.workspace, asked.person.viewer, asked.path("alert"), changes, **at)
    return turn_to(f"/alerts/{asked.path('alert')}#waits")


def _agree(asked: Asked) -> Response:
    """Agree with the version that waits; from now on it holds."""
    require_kind(asked, "alert")
    name, update = asked.path("alert"), asked.form.get("update", "")
    agree_for(asked.workspace, asked.person.viewer, name, update_id=update)
    return turn_to(f"/alerts/{name}")


def _drop(asked: Asked) -> Response:
    """Take back the version that waits."""
    require_kind(asked, "alert")
    name, update = asked.path("alert"), asked.form.get("update", "")
    drop_for(asked.workspace, asked.person.viewer, name, update_id=update, why=asked.form.get("note", "").strip())
    return turn_to(f"/alerts/{name}")


def _said(asked: Asked) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a form changes of the alert, and the version it was written on with the reason."""
    alert = viewing.alert_for(asked.workspace, asked.person.viewer, asked.path("alert")).alert
    version = asked.form.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 6 else 0
    return dict(_changes(alert, asked.form)), {"version": number, "note": asked.form.get("note", "").strip()}


def _require(asked: Asked, act: str) -> None:
    require_kind(asked, "alert")
    require_act(asked, act)


def _value(alert: Alert, field: Field) -> str:
    value = getattr(alert, field.name)
    if field.kind == "list":
        return "\n".join(value)
    if field.kind == "instant":
        return str(value.strftime("%Y-%m-%dT%H:%M"))
    return value.isoformat() if field.kind == "day" else str(value)


def _changes(alert: Alert, form: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """The fields whose value in the form is another than the alert's."""
    for name, field in _FIELDS.items():
        said = form.get(name)
        if said is None or said.strip() == _value(alert, field).strip():
            continue
        yield name, _typed(field, said.strip())
    yield from _comment(alert, form)
    for side in _SIDES:
        lines = getattr(alert, f"evidence_{side}")
        kept = [asdict(one) for one in _without(lines, form.get(f"{side}_out", ""))]
        text = form.get(f"{side}_text", "").strip()
        if text:
            claims = form.get(f"{side}_claims", "").split()
            kept.append(asdict(EvidenceLine(text, tuple(claims), basis="claims" if claims else "stated by its author")))
        if kept != [asdict(one) for one in lines]:
            yield f"evidence_{side}", kept


def _typed(field: Field, said: str) -> Any:
    if field.kind == "list":
        return [line.strip() for line in said.splitlines() if line.strip()]
    if field.kind == "instant":
        return f"{said[:16]}:00Z"
    return said


def _comment(alert: Alert, form: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    held = alert.right_of_comment
    if "comment_reason" not in form:
        return
    said = {
        "asked": form.get("comment_asked", "") == "yes",
        "reason_not_asked": form.get("comment_reason", "").strip(),
        "comment": form.get("comment_said", "").strip(),
    }
    if said != asdict(held):
        yield "right_of_comment", said


def _without(lines: tuple[EvidenceLine, ...], out: str) -> list[EvidenceLine]:
    numbers = out.replace(",", " ").split()
    if not all(one.isdecimal() and 1 <= int(one) <= len(lines) for one in numbers):
        raise InputValueError("names a line that is not there", where="evidence", mend="give numbers of lines")
    return [line for number, line in enumerate(lines, 1) if str(number) not in numbers]


READ: dict[str, Page] = {
    "/alerts/new": _new,
    "/alerts/proposed": _proposed,
    "/alerts/{alert}/edit": _edit,
    "/alerts/{alert}/update": _update,
}

_WRITTEN = (*_FIELDS, *_COMMENT, *_LINES, "version", "note")

FORMS: dict[str, Form] = {
    "/alerts/new": (_draft, tuple(DraftAsked.__dataclass_fields__)),
    "/alerts/{alert}/edit": (_write, _WRITTEN),
    "/alerts/{alert}/update": (_write_update, _WRITTEN),
    "/alerts/{alert}/update/agree": (_agree, ("update",)),
    "/alerts/{alert}/update/withdraw": (_drop, ("update", "note")),
}
