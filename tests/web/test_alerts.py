"""Alerts in the browser: the whole life by forms, who may write what, and what the list and the clock say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from forewarn.operations.alert_text import ShownAlert, show_alert
from forewarn.web.deadline import deadline_of


def later(house: Any, alert: str) -> ShownAlert:
    """The alert as it stands within the hour."""
    return show_alert(replace(house.workspace, now=house.workspace.now + timedelta(minutes=50)), alert)


def test_the_whole_life_is_lived_in_the_browser_each_step_by_who_may(house: Any) -> None:
    """Edited, reviewed by a second person, issued, read, decided, acted on, closed, looked back on, by name."""
    alert = house.name_of("alert", "XKA/North", "low")
    ana, rev, desk = (house.person(role, name=role[:4]) for role in ("analyst", "reviewer", "decision_maker"))
    edited = house.send(
        ana, f"/alerts/{alert}/edit", version="1", to_whom="the shore villages", note="said more plainly",
        for_text="one line more", for_claims=house.name_of("claim", "XKA/North", "low"),
    )  # fmt: skip
    assert edited.status_code == 303
    assert "Waits for your review" not in ana.get("/alerts").text
    assert "Waits for your review" in rev.get("/alerts").text
    steps = (
        (rev, "review", {}), (rev, "issue", {}), (desk, "read", {}),
        (desk, "decide", {"decision": "decline_with_reason"}), (desk, "decide", {"decision": "decline_with_reason",
        "note": "too few people"}), (desk, "decide", {"decision": "act"}), (ana, "comment", {"note": "too late"}),
        (desk, "act", {"note": "an envoy left"}), (desk, "close", {"note": "the period is over"}),
        (ana, "after_action", {"outcome": "hit", "note": "as feared"}),
    )  # fmt: skip
    answers = [house.send(who, f"/alerts/{alert}/{step}", page="/", **said).status_code for who, step, said in steps]
    assert answers == [303, 303, 303, 400, *[303] * 6]
    shown = later(house, alert)
    assert [event.by for event in shown.events] == [
        "writer", "anal", "revi", "revi", "deci", "deci", "deci", "anal", "deci", "deci", "anal",
    ]  # fmt: skip
    assert shown.alert.to_whom == "the shore villages"
    assert [line.text for line in shown.alert.evidence_for] == ["said", "one line more"]
    assert "Ended" in desk.get("/alerts").text


def test_who_wrote_a_line_of_it_cannot_review_and_is_told_so(house: Any) -> None:
    """Also with the role of a reviewer; the form is not offered, and refused when sent all the same."""
    alert = house.name_of("alert", "XKA/North", "low")
    ana = house.person("analyst", name="both")
    user = next(one for one in house.admin.get("/people").text.split("/people/") if "/grant" in one[:80])[:68]
    house.send(house.admin, f"/people/{user}/grant", page="/people", role="reviewer", areas="*", most="severe")
    house.send(ana, f"/alerts/{alert}/edit", version="1", to_whom="others")
    assert "somebody else has to review it" in ana.get(f"/alerts/{alert}").text
    assert house.send(ana, f"/alerts/{alert}/review", page="/").status_code == 403


def test_an_alert_is_read_also_on_a_training_day_before_its_last_step(house: Any) -> None:
    """Its clock stands at the last thing recorded; nothing is refused for it."""
    alert = house.name_of("alert", "XKA/North", "low")
    early = show_alert(replace(house.workspace, now=house.workspace.now - timedelta(days=30)), alert)
    assert early.clock.now == early.events[-1].at


def test_two_who_write_at_once_do_not_overwrite_each_other(house: Any) -> None:
    """The second is told; what the first wrote stays. Nothing changed makes no version."""
    alert = house.name_of("alert", "XKA/North", "low")
    ana = house.person("analyst", name="ana")
    same = later(house, alert).alert.to_whom
    assert house.send(ana, f"/alerts/{alert}/edit", version="1", to_whom=same).status_code == 303
    assert later(house, alert).alert.version == 1
    assert house.send(ana, f"/alerts/{alert}/edit", version="1", to_whom="the first").status_code == 303
    assert house.send(ana, f"/alerts/{alert}/edit", version="1", to_whom="the second").status_code == 409
    assert later(house, alert).alert.to_whom == "the first"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"releasability": "secret"}, 400),
        ({"releasability": "TLP:RED"}, 403),
        ({"for_text": "more", "for_claims": "{claim}"}, 404),
        ({"for_out": "7"}, 400),
        ({"confidence": "certain"}, 400),
        ({"decision_needed_by": "soon"}, 400),
        ({"unit": "XKB/North"}, 400),
    ],
)
def test_what_may_not_be_written_is_refused(house: Any, fields: dict[str, str], status: int) -> None:
    """No mark, a mark out of one's own sight, a claim out of sight, no such line, no such word, no such field."""
    alert = house.name_of("alert", "XKA/North", "low")
    near = house.person("analyst", areas="XKA/North")
    claim = house.name_of("claim", "XKB/North", "low")
    said = {name: value.format(claim=claim) for name, value in fields.items()}
    assert house.send(near, f"/alerts/{alert}/edit", page="/", version="1", **said).status_code == status
    assert later(house, alert).alert.version == 1


@pytest.mark.parametrize(
    ("grant", "unit", "mark", "status"),
    [
        ({"areas": "XKA/North"}, "XKB/North", "TLP:AMBER", 403),
        ({"areas": "XKA/North"}, "XKA", "TLP:AMBER", 403),
        ({"areas": "*", "most": "moderate"}, "XKA/North", "TLP:AMBER", 403),
        ({"areas": "*"}, "XKA/North", "TLP:RED", 403),
        ({"areas": "*"}, "XKA/North", "for friends", 400),
        ({"areas": "*"}, "XKA/North", "TLP:AMBER", 404),
    ],
)
def test_a_draft_is_made_only_where_all_that_is_known_may_be_seen(
    house: Any, grant: dict[str, str], unit: str, mark: str, status: int
) -> None:
    """Elsewhere it would tell what roles do not show; with the right, what is missing is the forecast."""
    client = house.person("analyst", **grant)
    assert house.send(client, "/alerts/new", unit=unit, mark=mark).status_code == status
    assert client.get("/alerts/proposed").status_code == 200


def test_the_clock_runs_to_its_deadline_and_beyond_until_somebody_decides(house: Any) -> None:
    """Time left, time over, and none once a decision stands; places on the line keep the order of time."""
    alert = house.name_of("alert", "XKA/North", "low")
    rev, desk = house.person("reviewer", name="rev"), house.person("decision_maker", name="desk")
    for step in ("review", "issue"):
        assert house.send(rev, f"/alerts/{alert}/{step}", page="/").status_code == 303
    shown = later(house, alert)
    line = deadline_of(shown)
    assert [one.kind for one in line.marks][-1] == "due"
    assert line.left is not None
    assert 0 < line.left < 3.5
    assert line.spent == line.late
    assert ">Decide<" not in desk.get(f"/alerts/{alert}").text
    house.send(desk, f"/alerts/{alert}/read", page="/")
    page = desk.get(f"/alerts/{alert}").text
    assert 'name="decision" value="decline_with_reason"' in page
    assert '<svg width="100%"' in page
    late = replace(shown, clock=replace(shown.clock, now=shown.clock.deadline + timedelta(days=2)))
    over = deadline_of(late)
    assert over.left == pytest.approx(-2)
    assert over.late > over.spent


def issued(house: Any, alert: str) -> None:
    """The alert, reviewed and issued by one who reviews."""
    rev = house.person("reviewer", name="rev-first")
    for step in ("review", "issue"):
        assert house.send(rev, f"/alerts/{alert}/{step}", page="/").status_code == 303


def test_an_update_waits_until_somebody_who_wrote_none_of_it_agrees(house: Any) -> None:
    """What changes is shown before and after; the alert stays as issued until then; the writer cannot agree."""
    alert = house.name_of("alert", "XKA/North", "low")
    issued(house, alert)
    ana, rev = house.person("analyst", name="ana"), house.person("reviewer", name="rev")
    said = {"level": "W3", "what_changed_since_last": "two villages burnt", "note": "new reports"}
    page = f"/alerts/{alert}"
    assert f'href="{page}/update"' in ana.get(page).text
    assert f'href="{page}/update"' not in rev.get(page).text
    empty = house.send(ana, f"{page}/update", version="1", level="W3", what_changed_since_last="", note="x")
    assert empty.status_code == 409
    assert house.send(ana, f"{page}/update", version="1", **said).status_code == 303
    shown = rev.get(page).text
    assert later(house, alert).alert.version == 1
    assert "raised: <span" in shown
    assert "two villages burnt" in shown
    assert "Waits for your review" in rev.get("/alerts").text
    assert "Waits for your review" not in ana.get("/alerts").text
    update = next(part[:68] for part in shown.split('name="update" value="')[1:])
    assert house.send(ana, f"{page}/update/agree", page=page, update=update).status_code == 403
    assert house.send(rev, f"{page}/update/agree", page=page, update=update.replace("upd_", "upd_0")).status_code == 409
    assert house.send(rev, f"{page}/update/agree", page=page, update=update).status_code == 303
    after = later(house, alert)
    assert (after.alert.version, after.alert.level, after.state.status) == (2, "W3", "updated")
    assert (after.events[-1].by, after.events[-1].second) == ("ana", "rev")
    assert '<section id="versions">' in ana.get(page).text
    assert '<section id="waits">' not in ana.get(page).text


def test_an_update_is_taken_back_and_its_mark_counts(house: Any) -> None:
    """What waits under a mark out of sight is not shown, nor what a version said before it was opened to more."""
    alert = house.name_of("alert", "XKA/North", "low")
    page = f"/alerts/{alert}"
    issued(house, alert)
    ana, near = house.person("analyst", name="ana"), house.person("reviewer", most="low", name="near")
    house.send(ana, "/reason", page="/", reason="a check of the marks", back="/")
    said = {"releasability": "TLP:RED", "to_whom": "hiddenshelter", "what_changed_since_last": "closed"}
    assert house.send(ana, f"{page}/update", version="1", **said, note="closed").status_code == 303
    assert "hiddenshelter" in ana.get(page).text
    unseen = near.get(page).text
    assert "waits for a second person" in unseen
    assert "hiddenshelter" not in unseen
    update = next(part[:68] for part in ana.get(page).text.split('name="update" value="')[1:])
    assert house.send(near, f"{page}/update/agree", page=page, update=update).status_code == 404
    assert house.send(ana, f"{page}/update/withdraw", page=page, update=update, note="too early").status_code == 303
    assert '<section id="waits">' not in ana.get(page).text
    assert later(house, alert).alert.version == 1
    assert house.send(ana, f"{page}/update", version="1", **said, note="again").status_code == 303
    rev = house.person("reviewer", name="rev")
    house.send(rev, "/reason", page="/", reason="a check of the marks", back="/")
    update = next(part[:68] for part in rev.get(page).text.split('name="update" value="')[1:])
    assert house.send(rev, f"{page}/update/agree", page=page, update=update).status_code == 303
    opened = {"releasability": "TLP:GREEN", "to_whom": "a town", "what_changed_since_last": "opened", "note": "opened"}
    assert house.send(ana, f"{page}/update", version="2", **opened).status_code == 303
    update = next(part[:68] for part in rev.get(page).text.split('name="update" value="')[1:])
    assert house.send(rev, f"{page}/update/agree", page=page, update=update).status_code == 303
    assert "hiddenshelter" in rev.get(page).text
    assert "hiddenshelter" not in near.get(page).text
    assert "2 changes are not shown" in near.get(page).text
